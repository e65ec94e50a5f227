#include "colt5/Tools/Run/Inputs.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/MLIRContext.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::colt5::driver;

namespace {
class Inputs : public ::testing::Test {
protected:
  std::string getError(StringRef spec, Type type) {
    auto parsed = parseInputSpec(spec);
    if (!parsed)
      return llvm::toString(parsed.takeError());
    auto tensor = makeInput(*parsed, type, 0, std::nullopt);
    return tensor ? "" : llvm::toString(tensor.takeError());
  }
  HostTensor get(StringRef spec, Type type, unsigned number = 0) {
    return cantFail(makeInput(cantFail(parseInputSpec(spec)), type, number, std::nullopt));
  }

  MLIRContext context;
  Builder builder{&context};
  Type f32 = builder.getF32Type();
};
} // namespace

TEST_F(Inputs, GeneratesTheSameNumbersEverywhere) {
  Type type = RankedTensorType::get({1000}, f32);
  HostTensor tensor = get("random:seed=1", type);
  EXPECT_EQ(tensor.data, get("random:seed=1", type).data);
  EXPECT_NE(tensor.data, get("random:seed=2", type).data);
  EXPECT_NE(tensor.data, get("random:seed=1", type, 1).data);
  double mean = 0, square = 0;
  for (int64_t i = 0; i < 1000; ++i) {
    mean += tensor.getDouble(i) / 1000;
    square += tensor.getDouble(i) * tensor.getDouble(i) / 1000;
  }
  EXPECT_NEAR(mean, 0.0, 0.15);
  EXPECT_NEAR(square, 1.0, 0.15);
}

TEST_F(Inputs, FillsConstants) {
  EXPECT_EQ(get("ones", f32).getDouble(0), 1.0);
  EXPECT_EQ(get("value=-2.5", f32).getDouble(0), -2.5);
  HostTensor iota =
      get("iota:shape=2x2", RankedTensorType::get({ShapedType::kDynamic, 2}, builder.getI32Type()));
  EXPECT_EQ(iota.getInt(3), 3);
  HostTensor ints = get("random:low=3,high=5", RankedTensorType::get({100}, builder.getI32Type()));
  for (int64_t i = 0; i < 100; ++i)
    EXPECT_TRUE(ints.getInt(i) == 3 || ints.getInt(i) == 4);
}

TEST_F(Inputs, RefusesWhatItCannotRead) {
  Type dynamic = RankedTensorType::get({ShapedType::kDynamic, 4}, f32);
  EXPECT_NE(getError("zeros", dynamic).find("argument 0 has dynamic sizes (?x4xf32)"), std::string::npos);
  EXPECT_EQ(getError("zeros:shape=2x5", dynamic), "argument 0: expected shape ?x4xf32, found 2x5xf32");
  EXPECT_NE(getError("random:sead=1", f32).find("unknown key 'sead'"), std::string::npos);
  EXPECT_NE(getError("random:seed=x", f32).find("expected a number for 'seed'"), std::string::npos);
  EXPECT_NE(getError("x.txt", f32).find("expected FILE.npy"), std::string::npos);
  EXPECT_NE(getError("missing.npy", f32).find("cannot read"), std::string::npos);
  EXPECT_NE(getError("random:low=5,high=5", builder.getI32Type()).find("low < high"), std::string::npos);
  EXPECT_NE(getError("zeros", ComplexType::get(f32)).find("expected elements of type"), std::string::npos);
  EXPECT_NE(getError("zeros", UnrankedTensorType::get(f32)).find("expected a ranked tensor"),
            std::string::npos);
  EXPECT_NE(getError("zeros:shape=99999999999999999999", f32).find("expected a shape"), std::string::npos);
}

TEST_F(Inputs, ParsesShapes) {
  EXPECT_EQ(cantFail(parseShape("2x0x3")), (SmallVector<int64_t>{2, 0, 3}));
  EXPECT_EQ(cantFail(parseArgumentShape("1:4")).second, (SmallVector<int64_t>{4}));
  for (StringRef text : {"4", "x:4", "1:4x", "1:-4"}) {
    auto shape = parseArgumentShape(text);
    EXPECT_FALSE(static_cast<bool>(shape)) << text.str();
    llvm::consumeError(shape.takeError());
  }
}

#include "colt5/Tools/Common/Instrument.h"
#include "colt5/InitAll.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::colt5::driver;

static const char *const kProgram = R"mlir(
func.func @f(%s: tensor<2x1x8xf32>, %m: tensor<2x8xi1>, %i: tensor<2x1x4xi32>, %v: tensor<2x1x4xi1>,
             %f: tensor<2x1x4xf32>) -> (tensor<2x1x4xi1>, tensor<2x1x4xf32>) {
  %a:3 = colt5.topk ins(%s : tensor<2x1x8xf32>) mask(%m : tensor<2x8xi1>)
      outs(%i, %v, %f : tensor<2x1x4xi32>, tensor<2x1x4xi1>, tensor<2x1x4xf32>) {colt5.part = "select"}
      -> (tensor<2x1x4xi32>, tensor<2x1x4xi1>, tensor<2x1x4xf32>)
  %b:2 = colt5.topk ins(%s : tensor<2x1x8xf32>) outs(%i, %v : tensor<2x1x4xi32>, tensor<2x1x4xi1>)
      {block = 4, colt5.part = "select"} -> (tensor<2x1x4xi32>, tensor<2x1x4xi1>)
  return %b#1, %a#2 : tensor<2x1x4xi1>, tensor<2x1x4xf32>
}
)mlir";

namespace {
class InstrumentTest : public ::testing::Test {
protected:
  InstrumentTest() : context(getRegistry()) {
    module = parseSourceString<ModuleOp>(kProgram, ParserConfig(&context));
    function = *module->getOps<func::FuncOp>().begin();
  }

  static DialectRegistry &getRegistry() {
    static DialectRegistry registry = [] {
      DialectRegistry all;
      mlir::colt5::registerAllDialects(all);
      return all;
    }();
    return registry;
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  func::FuncOp function;
};
} // namespace

TEST_F(InstrumentTest, NamesPartsOnce) {
  FailureOr<Instrumentation> added =
      instrument(function, /*parts=*/true, /*routing=*/false, /*replay=*/false);
  ASSERT_TRUE(succeeded(added));
  EXPECT_EQ(added->numOwnResults, 2u);
  EXPECT_EQ(added->parts,
            (SmallVector<std::string>{"select", "select:1", "select:2", "select[1]", "select[1]:1"}));
  EXPECT_EQ(function.getNumResults(), 7u);
  EXPECT_TRUE(succeeded(verify(*module)));
}

TEST_F(InstrumentTest, RecordsSelectionsWithScores) {
  FailureOr<Instrumentation> added = instrument(function, false, /*routing=*/true, false);
  ASSERT_TRUE(succeeded(added));
  EXPECT_EQ(added->selectionBlocks, (SmallVector<int64_t>{0, 4}));
  EXPECT_EQ(function.getNumResults(), 2u + 2 * 2);
  EXPECT_EQ(function.getNumArguments(), 5u);
  EXPECT_TRUE(succeeded(verify(*module)));
}

TEST_F(InstrumentTest, ReplayLeavesOnlyTheRecordToTheTopK) {
  FailureOr<Instrumentation> added = instrument(function, false, true, /*replay=*/true);
  ASSERT_TRUE(succeeded(added));
  EXPECT_EQ(function.getNumArguments(), 5u + 2);
  ASSERT_TRUE(succeeded(verify(*module)));
  function.walk([](Operation *op) {
    if (op->getName().getStringRef() != "colt5.topk")
      return;
    // The own choice is recorded; nothing else reads it.
    for (OpResult result : op->getResults())
      for (Operation *user : result.getUsers())
        EXPECT_TRUE(isa<func::ReturnOp>(user));
    for (unsigned i = 1; i < op->getNumResults(); ++i)
      EXPECT_TRUE(op->getResult(i).use_empty());
  });
}

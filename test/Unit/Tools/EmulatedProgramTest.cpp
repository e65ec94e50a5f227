// Host code and kernels of an emulated program have memory of their own.
#include "colt5/Tools/Run/EmulatedProgram.h"
#include "colt5/InitAll.h"
#include "colt5/Stages/Table.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

static const char *const kProgram = R"mlir(
func.func @f(%x: tensor<4xf32> {colt5.name = "x"}, %t: tensor<f32> {colt5.name = "t"}, %s: f32 {colt5.name = "s"})
    -> (tensor<4xf32> {colt5.name = "y"}) {
  %e = tensor.empty() : tensor<4xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> ()>, affine_map<(i) -> (i)>],
      iterator_types = ["parallel"]} ins(%x, %t : tensor<4xf32>, tensor<f32>) outs(%e : tensor<4xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %r = arith.addf %m, %s : f32
    linalg.yield %r : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}
)mlir";

namespace {
class EmulatedProgramTest : public ::testing::Test {
protected:
  EmulatedProgramTest() : context(getRegistry()) {
    module = parseSourceString<ModuleOp>(kProgram, ParserConfig(&context));
    PassManager manager(&context);
    PipelineOptions options;
    options.target = *symbolizeTarget("sm_80");
    EXPECT_TRUE(succeeded(buildStages(manager, options, "", "nvvm")) && succeeded(manager.run(*module)));
  }

  static DialectRegistry &getRegistry() {
    static DialectRegistry registry = [] {
      DialectRegistry all;
      registerAllDialects(all);
      registerAllPasses();
      return all;
    }();
    return registry;
  }

  /// The first operation of the C function that runs @f.
  ImplicitLocOpBuilder atEntry() {
    auto run = module->lookupSymbol<LLVM::LLVMFuncOp>("f_run");
    return ImplicitLocOpBuilder::atBlockBegin(run.getLoc(), &run.getBody().front());
  }
  /// The data of argument number `index`.
  Value loadData(ImplicitLocOpBuilder &b, int32_t index) {
    Type pointer = LLVM::LLVMPointerType::get(&context);
    auto tensor = LLVM::LLVMStructType::getLiteral(&context, {pointer, pointer, pointer});
    Value tensors = b.getInsertionBlock()->getArgument(0);
    return LLVM::LoadOp::create(
        b, pointer, LLVM::GEPOp::create(b, pointer, tensor, tensors, ArrayRef<LLVM::GEPArg>{index, 0}));
  }

  /// The message of the run; empty when it was right.
  std::string run() {
    auto program = EmulatedProgram::compile(*module);
    if (failed(program))
      return "does not compile";
    alignas(16) float x[4] = {1, 2, 3, 4}, t = 2, s = 0.5f, y[4] = {};
    CpuTensor inputs[] = {{x, {4}}, {&t, {}}, {&s, {}}}, outputs[] = {{y, {4}}};
    auto result = (*program)->run("f", inputs, outputs);
    if (!result)
      return llvm::toString(result.takeError());
    bool isRight = y[0] == 2.5f && y[1] == 4.5f && y[2] == 6.5f && y[3] == 8.5f;
    return isRight ? "" : "wrong numbers";
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};
} // namespace

TEST_F(EmulatedProgramTest, TensorsOfRankZeroAreOnTheDevice) { EXPECT_EQ(run(), ""); }

TEST_F(EmulatedProgramTest, HostReadsDeviceMemory) {
  ImplicitLocOpBuilder b = atEntry();
  LLVM::LoadOp::create(b, b.getF32Type(), loadData(b, 1));
  EXPECT_NE(run().find("host code reads 4 bytes of 't', which is memory of the device, before the first "
                       "kernel: 'llvm.load' of 'f_run'"),
            std::string::npos);
}

TEST_F(EmulatedProgramTest, HostWritesDeviceMemory) {
  ImplicitLocOpBuilder b = atEntry();
  Value zero = LLVM::ConstantOp::create(b, b.getI8Type(), b.getI8IntegerAttr(0));
  LLVM::StoreOp::create(b, zero, loadData(b, 3));
  EXPECT_NE(run().find("host code writes 1 bytes of 'y', which is memory of the device"), std::string::npos);
}

TEST_F(EmulatedProgramTest, HostReadsScalars) {
  ImplicitLocOpBuilder b = atEntry();
  LLVM::LoadOp::create(b, b.getF32Type(), loadData(b, 2));
  EXPECT_EQ(run(), "");
}

TEST_F(EmulatedProgramTest, KernelGetsHostMemory) {
  // Instead of the tensor of rank 0 a kernel gets the scalar behind it.
  ImplicitLocOpBuilder b = atEntry();
  Type pointer = LLVM::LLVMPointerType::get(&context);
  auto tensor = LLVM::LLVMStructType::getLiteral(&context, {pointer, pointer, pointer});
  Value tensors = b.getInsertionBlock()->getArgument(0), scalar = loadData(b, 2);
  LLVM::StoreOp::create(b, scalar,
                        LLVM::GEPOp::create(b, pointer, tensor, tensors, ArrayRef<LLVM::GEPArg>{1, 0}));
  std::string message = run();
  bool isRefused =
      message.find("launch of 'f_kernel0': argument") != std::string::npos &&
      message.find("expected memory of the device, found 's' in the memory of the host") != std::string::npos;
  EXPECT_TRUE(isRefused) << message;
}

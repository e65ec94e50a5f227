#include "colt5/Reference/SemanticVerifier.h"
#include "TestUtils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::reference;
using namespace mlir::colt5::reference::test;

namespace {
/// Wrong on purpose: turns additions into subtractions.
struct BreakAdditions : PassWrapper<BreakAdditions, OperationPass<func::FuncOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(BreakAdditions)
  StringRef getArgument() const override { return "test-break-additions"; }
  void runOnOperation() override {
    SmallVector<arith::AddFOp> additions;
    getOperation().walk([&](arith::AddFOp op) { additions.push_back(op); });
    for (arith::AddFOp op : additions) {
      OpBuilder builder(op);
      op.replaceAllUsesWith(
          arith::SubFOp::create(builder, op.getLoc(), op.getLhs(), op.getRhs()).getResult());
      op.erase();
    }
  }
};
} // namespace

static const char *kProgram = R"(
  func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
    %unused = arith.mulf %x, %x : tensor<2xf32>
    %r = arith.addf %x, %x : tensor<2xf32>
    return %r : tensor<2xf32>
  })";

static std::shared_ptr<SemanticVerdict> runPasses(Program &program, bool broken) {
  PassManager pm(&program.context);
  SemanticVerifierOptions options;
  options.inputs = {f32({2}, {1, 2})};
  std::shared_ptr<SemanticVerdict> verdict = addSemanticVerifier(pm, options);
  pm.addPass(createCanonicalizerPass());
  if (broken)
    pm.addNestedPass<func::FuncOp>(std::make_unique<BreakAdditions>());
  pm.addPass(createCSEPass());
  EXPECT_TRUE(succeeded(pm.run(*program.module)));
  return verdict;
}

TEST(SemanticVerifier, AcceptsCorrectPasses) {
  Program program(kProgram);
  std::shared_ptr<SemanticVerdict> verdict = runPasses(program, false);
  EXPECT_FALSE(verdict->failed()) << program.messages;
  EXPECT_EQ(verdict->checkedPasses, 2u);
}

TEST(SemanticVerifier, NamesThePassThatChangedTheMeaning) {
  Program program(kProgram);
  std::shared_ptr<SemanticVerdict> verdict = runPasses(program, true);
  EXPECT_TRUE(verdict->failed());
  EXPECT_EQ(verdict->guiltyPass, "test-break-additions");
  EXPECT_NE(
      program.messages.find("pass 'test-break-additions' changed the meaning of the module: element 0 of "
                            "result 0 changed from 2"),
      std::string::npos)
      << program.messages;
}

TEST(SemanticVerifier, ReportsInputThatDoesNotRun) {
  Program program("func.func @main(%x: tensor<3xf32>) { return }");
  EXPECT_EQ(runPasses(program, false)->guiltyPass, "<input>");
}

// colt5-test-claim: what a family of whole kernels does, for kernels of every kind.
#include "colt5/Codegen/GPU/KernelFamily.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Tools/Plugins/PassPlugin.h"
#include "llvm/Config/llvm-config.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
struct ClaimAll : PassWrapper<ClaimAll, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ClaimAll)

  ClaimAll() = default;
  ClaimAll(const ClaimAll &other) : PassWrapper(other) {}

  StringRef getArgument() const override { return "colt5-test-claim"; }
  StringRef getDescription() const override { return "Turn every planned kernel into a colt5.kernel"; }

  void runOnOperation() override {
    WalkResult walk = getOperation().walk<WalkOrder::PreOrder>([&](FunctionOpInterface function) {
      return succeeded(claimIn(function)) ? WalkResult::skip() : WalkResult::interrupt();
    });
    if (walk.wasInterrupted())
      signalPassFailure();
  }

  LogicalResult claimIn(Operation *function) {
    FailureOr<SmallVector<Kernel>> kernels = collectKernels(function);
    if (failed(kernels))
      return failure();
    for (const Kernel &kernel : *kernels) {
      IRRewriter rewriter(kernel.root);
      SmallVector<Value> memory;
      if (scratch)
        memory.push_back(createEmptyLike(rewriter, kernel.root->getLoc(), kernel.root->getResult(0)));
      if (failed(claimKernel(rewriter, kernel, memory)))
        return failure();
    }
    return success();
  }

  Option<bool> scratch{*this, "scratch", llvm::cl::desc("With scratch memory like the first result"),
                       llvm::cl::init(false)};
};
} // namespace

extern "C" LLVM_ATTRIBUTE_WEAK PassPluginLibraryInfo mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "ClaimAll", LLVM_VERSION_STRING, [] { PassRegistration<ClaimAll>(); }};
}

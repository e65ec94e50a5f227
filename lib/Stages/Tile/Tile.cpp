#include "colt5/Stages/Common/Kernels.h"
#include "colt5/Stages/Tile/Passes.h"
#include "mlir/IR/Iterators.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5TILE
#include "colt5/Stages/Tile/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {
struct TilePass : colt5::impl::Colt5TileBase<TilePass> {
  using Base::Base;

  void runOnOperation() override {
    // Kernel numbers count within a function.
    WalkResult walk = getOperation()->walk<WalkOrder::PreOrder>([&](FunctionOpInterface function) {
      return succeeded(tileFunction(function)) ? WalkResult::skip() : WalkResult::interrupt();
    });
    if (walk.wasInterrupted())
      signalPassFailure();
  }

  LogicalResult tileFunction(Operation *function) {
    FailureOr<SmallVector<Kernel>> kernels = collectKernels(function);
    if (failed(kernels))
      return failure();
    IRRewriter rewriter(&getContext());
    for (const Kernel &kernel : *kernels) {
      if (failed(tileKernel(rewriter, kernel)))
        return failure();
      ++numLoops;
    }

    // Asking ops for their loop bounds leaves unused reads of sizes behind.
    function->walk<WalkOrder::PostOrder, ReverseIterator>([&](Operation *op) {
      if (isa<tensor::DimOp, arith::ConstantOp, tensor::EmptyOp>(op) && op->use_empty())
        rewriter.eraseOp(op);
    });
    return success();
  }
};
} // namespace

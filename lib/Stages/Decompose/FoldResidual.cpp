#include "colt5/Stages/Decompose/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5FOLDRESIDUAL
#include "colt5/Stages/Decompose/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

/// Whether `op` is one floating-point addition of two whole tensors of the result's type, and nothing else.
static bool isTensorAdd(Operation *op) {
  if (op->getNumResults() != 1 || !isa<RankedTensorType>(op->getResult(0).getType()))
    return false;
  Type type = op->getResult(0).getType();
  if (isa<arith::AddFOp>(op))
    return true;
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (!linalgOp || linalgOp.getNumDpsInputs() != 2 ||
      linalgOp.getNumLoops() != linalgOp.getNumParallelLoops() ||
      !llvm::all_of(linalgOp.getIndexingMapsArray(), [](AffineMap map) { return map.isIdentity(); }) ||
      !llvm::all_of(linalgOp.getDpsInputs(), [&](Value input) { return input.getType() == type; }))
    return false;
  Block *body = linalgOp.getBlock();
  if (body->getOperations().size() != 2)
    return false;
  auto add = dyn_cast<arith::AddFOp>(body->front());
  if (!add || body->getTerminator()->getOperand(0) != add.getResult())
    return false;
  Value first = body->getArgument(0), second = body->getArgument(1);
  return (add.getLhs() == first && add.getRhs() == second) ||
         (add.getLhs() == second && add.getRhs() == first);
}

namespace {
/// add(x, scatter_combine(base, y)) -> scatter_combine(add(x, base), y)
struct FoldResidualAdd final : OpRewritePattern<ScatterCombineOp> {
  FoldResidualAdd(MLIRContext *context, Pass::Statistic &numFolded)
      : OpRewritePattern(context), numFolded(numFolded) {}

  LogicalResult matchAndRewrite(ScatterCombineOp scatter, PatternRewriter &rewriter) const override {
    if (scatter->getNumResults() != 1)
      return rewriter.notifyMatchFailure(scatter, "works on memrefs");
    if (scatter.getCombine() != CombineKind::Add)
      return rewriter.notifyMatchFailure(scatter, "replaces rows instead of adding to them");
    Value result = scatter->getResult(0);
    if (!result.hasOneUse())
      return rewriter.notifyMatchFailure(scatter, "the scattered tensor has more than one use");
    OpOperand &use = *result.getUses().begin();
    Operation *add = use.getOwner();
    if (add->getBlock() != scatter->getBlock() || !isTensorAdd(add))
      return rewriter.notifyMatchFailure(scatter,
                                         "the user is not an addition of two tensors in the same block");
    if (auto dps = dyn_cast<DestinationStyleOpInterface>(add); dps && dps.isDpsInit(&use))
      return rewriter.notifyMatchFailure(scatter, "the scattered tensor is the destination of the addition");
    Value base = scatter.getOuts()[0];
    if (base.getType() != result.getType())
      return rewriter.notifyMatchFailure(scatter, "base and result differ in type");

    rewriter.setInsertionPoint(add);
    IRMapping mapping;
    mapping.map(result, base);
    Operation *newAdd = rewriter.clone(*add, mapping);
    auto moved = cast<ScatterCombineOp>(rewriter.clone(*scatter));
    rewriter.modifyOpInPlace(moved, [&] { moved.getOutsMutable()[0].set(newAdd->getResult(0)); });
    rewriter.replaceOp(add, moved->getResults());
    rewriter.eraseOp(scatter);
    ++numFolded;
    return success();
  }

private:
  Pass::Statistic &numFolded;
};

struct FoldResidual final : colt5::impl::Colt5FoldResidualBase<FoldResidual> {
  using Colt5FoldResidualBase::Colt5FoldResidualBase;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldResidualAdd>(&getContext(), numFolded);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns)))) {
      getOperation()->emitError("folding residual additions did not converge");
      signalPassFailure();
    }
  }
};
} // namespace

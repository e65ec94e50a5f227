#include "colt5/Dialect/Colt5/Interfaces/Aggregated.h"
#include "colt5/Stages/Decompose/Passes.h"

#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5DECOMPOSEATTENTION
#include "colt5/Stages/Decompose/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {
struct DecomposeAttention final : colt5::impl::Colt5DecomposeAttentionBase<DecomposeAttention> {
  using Colt5DecomposeAttentionBase::Colt5DecomposeAttentionBase;

  void runOnOperation() override {
    SmallVector<AttentionOp> worklist;
    getOperation()->walk([&](AttentionOp op) { worklist.push_back(op); });
    IRRewriter rewriter(&getContext());
    for (AttentionOp op : worklist) {
      rewriter.setInsertionPoint(op);
      FailureOr<SmallVector<Value>> results = decomposeToOnlineAttention(rewriter, op);
      if (failed(results)) {
        op.emitOpError("can only be decomposed on tensors; decompose before bufferization");
        return signalPassFailure();
      }
      if (Attribute part = op->getDiscardableAttr(kPartAttr))
        for (Value value : *results)
          value.getDefiningOp()->setDiscardableAttr(kPartAttr, part);
      rewriter.replaceOp(op, *results);
      ++numDecomposed;
    }
  }
};
} // namespace

#include "colt5/Codegen/CPU/Passes.h"
#include "colt5/Stages/Common/ModuleMachine.h"

#include "AttentionEmitter.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_LOWERATTENTION
#include "colt5/Codegen/CPU/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {
struct LowerAttention : colt5::impl::LowerAttentionBase<LowerAttention> {
  using LowerAttentionBase::LowerAttentionBase;

  template <typename OpTy> void lower(OpTy op) {
    AttentionSpec request = makeRequest(op);
    OpBuilder builder(op);
    LoopBuilder b(op.getLoc(), builder);
    b.setInsertionPoint(op);
    AttentionEmitter(b, request, vectorBytes).emit();
    op.erase();
    ++numLowered;
  }

  void runOnOperation() override {
    FailureOr<Machine> machine = getMachineOf(getOperation(), MachineKind::CPU, "colt5-lower-attention");
    if (failed(machine))
      return signalPassFailure();
    vectorBytes = machine->vectorBytes;
    SmallVector<Operation *> ops;
    getOperation()->walk([&](Operation *op) {
      if (isa<AttentionOp, OnlineAttentionOp>(op) &&
          cast<DestinationStyleOpInterface>(op).hasPureBufferSemantics())
        ops.push_back(op);
    });
    for (Operation *op : ops) {
      if (auto attention = dyn_cast<AttentionOp>(op))
        lower(attention);
      else
        lower(cast<OnlineAttentionOp>(op));
    }
  }

  /// Of the machine.
  int64_t vectorBytes = 0;
};
} // namespace

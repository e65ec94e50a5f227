// The pass: every linalg op on memrefs to loops.
#include "VectorPlan.h"
#include "colt5/Codegen/CPU/Passes.h"
#include "colt5/Stages/Common/ModuleMachine.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_VECTORIZELINALG
#include "colt5/Codegen/CPU/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {
struct VectorizeLinalg : colt5::impl::VectorizeLinalgBase<VectorizeLinalg> {
  using VectorizeLinalgBase::VectorizeLinalgBase;

  void runOnOperation() override {
    FailureOr<Machine> machine = getMachineOf(getOperation(), MachineKind::CPU, "colt5-vectorize-linalg");
    if (failed(machine))
      return signalPassFailure();
    vectorBytes = machine->vectorBytes;
    SmallVector<linalg::LinalgOp> ops;
    getOperation()->walk([&](linalg::LinalgOp op) {
      if (op.hasPureBufferSemantics())
        ops.push_back(op);
    });
    for (linalg::LinalgOp op : ops)
      if (failed(lower(op)))
        return signalPassFailure();
  }

  LogicalResult lower(linalg::LinalgOp op) {
    FailureOr<LoopPlan> plan = planLoops(op, vectorBytes);
    if (succeeded(plan)) {
      OpBuilder builder(op);
      emitLoops(builder, *plan);
      ++(plan->vectorLoop ? numVectorized : numScalar);
    } else {
      IRRewriter rewriter(op);
      if (failed(linalg::linalgOpToLoops(rewriter, op)))
        return op.emitOpError(
            "expected an op that upstream can lower to loops; rewrite it as linalg.generic");
      ++numScalar;
    }
    op->erase();
    return success();
  }

  /// Of the machine.
  int64_t vectorBytes = 0;
};
} // namespace

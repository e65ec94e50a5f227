// The pass: contractions on memrefs to packed kernels.
#include "EmitContraction.h"
#include "colt5/Codegen/CPU/Passes.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Stages/Common/ModuleMachine.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_LOWERCONTRACTION
#include "colt5/Codegen/CPU/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

#define DEBUG_TYPE "colt5-lower-contraction"

namespace {
struct LowerContraction : colt5::impl::LowerContractionBase<LowerContraction> {
  using LowerContractionBase::LowerContractionBase;

  void runOnOperation() override {
    FailureOr<Machine> machine = getMachineOf(getOperation(), MachineKind::CPU, "colt5-lower-contraction");
    if (failed(machine))
      return signalPassFailure();
    vectorBytes = machine->vectorBytes;
    SmallVector<linalg::LinalgOp> ops;
    getOperation()->walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    for (linalg::LinalgOp op : ops)
      lower(op);
  }

  void lower(linalg::LinalgOp op) {
    StringRef reason;
    FailureOr<ContractionSpec> info = matchContraction(op, reason);
    if (failed(info))
      return;
    SmallVector<linalg::FillOp> fills = findZeroFills(op, *info);
    // An outer k loop that runs zero times would leave the outputs unwritten.
    SmallVector<int64_t> ranges = op.getStaticLoopRanges();
    bool mayBeEmpty = llvm::any_of(info->outerK, [&](unsigned k) { return ranges[k] <= 0; });
    bool zeroInit = !fills.empty() && !mayBeEmpty;
    OpBuilder builder(op);
    emitContraction(builder, op, *info, zeroInit, vectorBytes);
    op->erase();
    ++numLowered;
    if (!zeroInit)
      return;
    for (linalg::FillOp fill : fills) {
      fill->erase();
      ++numFillsAbsorbed;
    }
  }

  /// Of the machine.
  int64_t vectorBytes = 0;
};
} // namespace

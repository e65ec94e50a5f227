// What the contraction lowerings need to know about a linalg op.
#ifndef COLT5_CODEGEN_COMMON_CONTRACTIONSPEC_H
#define COLT5_CODEGEN_COMMON_CONTRACTIONSPEC_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlir::colt5 {

/// One operand: the memref, or before bufferization the tensor, and per dimension the loop that indexes it.
struct ContractionOperand {
  Value memref;
  SmallVector<unsigned> loops;

  /// The memref dimension that `loop` indexes, or -1.
  int64_t dimOf(unsigned loop) const;
};

/// C[i] (+)= sum A * B[i] for one or two products that share A. Loops are classified by the operands they
/// index: batch (A, B, C), m (A, C), n (B, C), k (A, B). `m` and `n` are the loops of the register tile, `k`
/// the loop of the packed panels; the outer lists hold the other loops of each kind.
struct ContractionSpec {
  ContractionOperand a;
  SmallVector<ContractionOperand, 2> b, c;
  FloatType type;
  unsigned m, n, k;
  SmallVector<unsigned> batch, outerM, outerN, outerK;
};

/// Recognises a contraction on memrefs or on tensors; `reason` says why an op is none that the packed kernel
/// takes.
FailureOr<ContractionSpec> matchContraction(linalg::LinalgOp op, StringRef &reason);

/// The zero fills of all outputs of `op` with nothing between them and `op` that touches memory but other
/// zero fills; empty when an output has none. With them, what the outputs hold before need not be read.
SmallVector<linalg::FillOp> findZeroFills(linalg::LinalgOp op, const ContractionSpec &info);

} // namespace mlir::colt5

#endif // COLT5_CODEGEN_COMMON_CONTRACTIONSPEC_H

// The lowerings of `colt5-lower-simt`. Each writes, before an op on memrefs, code that the threads of the
// block run together, and does not erase the op. The code may read what earlier ops of the kernel wrote; the
// pass puts a barrier behind it.
#ifndef COLT5_LIB_CODEGEN_GPU_FAMILIES_SIMT_LOWERINGS_H
#define COLT5_LIB_CODEGEN_GPU_FAMILIES_SIMT_LOWERINGS_H

#include "colt5/Codegen/GPU/BlockBuilder.h"

namespace mlir::colt5 {

/// Success: the code stands before `op`. Failure: `op` is not of this kind; nothing was written.
using SimtLowering = LogicalResult (*)(BlockBuilder &b, Operation *op);

/// Erases the fills with zero before the contractions of `kernel`; `lowerSimtContraction` then writes without
/// reading. Must run before the fills are lowered.
void absorbZeroFills(Operation *kernel);

LogicalResult lowerSimtContraction(BlockBuilder &b, Operation *op);
LogicalResult lowerSimtAttention(BlockBuilder &b, Operation *op);
LogicalResult lowerSimtMovement(BlockBuilder &b, Operation *op);
LogicalResult lowerSimtRows(BlockBuilder &b, Operation *op);
LogicalResult lowerSimtRope(BlockBuilder &b, Operation *op);
LogicalResult lowerSimtBlockSummary(BlockBuilder &b, Operation *op);
/// What the family `select` does not take.
LogicalResult lowerSimtTopK(BlockBuilder &b, Operation *op);
LogicalResult lowerSimtSoftTopK(BlockBuilder &b, Operation *op);
/// Every linalg op and memref.copy.
LogicalResult lowerSimtLinalg(BlockBuilder &b, Operation *op);

} // namespace mlir::colt5

#endif // COLT5_LIB_CODEGEN_GPU_FAMILIES_SIMT_LOWERINGS_H

// Building blocks of packed matrix products on memrefs: C[i, j] (+)= sum_k A[i, k] * B[k, j].
//
// A and B are first packed into panels, then multiplied:
//   A panels  memref<PA x KC x MR x T>   element (i, k) at [i / MR, k, i % MR]
//   B panels  memref<PB x KC x NR x T>   element (k, j) at [j / NR, k, j % NR]
// Panels are static, contiguous, and padded with zeros up to MR or NR. T is f32 or f64. Everything emitted
// uses only the arith, memref, scf and vector dialects.
#ifndef COLT5_CODEGEN_CPU_MICROKERNEL_H
#define COLT5_CODEGEN_CPU_MICROKERNEL_H

#include "colt5/Dialect/Colt5/IR/ArithmeticBuilder.h"
#include "colt5/Dialect/Colt5/Interfaces/KnownDivisor.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace mlir::colt5 {

/// Size of the register tile: `mr` x `nr` accumulators of type `type` in vectors of `lanes` elements (`lanes`
/// divides `nr`).
struct MicroTile {
  FloatType type;
  int64_t mr;
  int64_t nr;
  int64_t lanes;
};

/// The register tile for accumulators of `type` (f32 or f64) and vector registers of `vectorBytes` bytes: 6 x
/// 16 f32 for 32 bytes, 12 x 32 f32 for 64 bytes. `m` and `n` are the static sizes of the product (or
/// ShapedType::kDynamic); small ones shrink the tile so that less padding is computed.
MicroTile getMicroTile(FloatType type, int64_t vectorBytes, int64_t m = ShapedType::kDynamic,
                       int64_t n = ShapedType::kDynamic);

/// A two-dimensional window into a memref of any rank: element (i, k) is
/// `memref[indices + i * e(laneDim) + k * e(kDim)]`. The element type may be any float no wider than the
/// panels.
struct MatrixView {
  Value memref;
  SmallVector<Value> indices;
  int64_t laneDim;
  int64_t kDim;
};

/// True if `dim` is the last dimension of `type` and has the static stride 1, as vector.load demands.
bool isContiguousDim(MemRefType type, int64_t dim);

/// Allocates panels memref<(ceil(lanes / width)) x kc x width x type> on the stack, 64-byte aligned, at the
/// builder's insertion point.
Value createPanels(ArithmeticBuilder &b, FloatType type, int64_t lanes, int64_t kc, int64_t width);

/// Packs lanes [0, laneCount) and k in [0, kCount) of `source` into `panels` at k offset `kOffset`; the last
/// panel is padded with zeros. Requires ceil(laneCount / width) <= number of panels and kOffset + kCount <=
/// KC.
void packPanels(ArithmeticBuilder &b, const MatrixView &source, Value laneCount, Value kCount, Value panels,
                Value kOffset);

/// Stores of a product: element (i, j) is `memref[indices + i * e(mDim) + j * e(nDim)]`, of the accumulator
/// type.
struct ProductView {
  Value memref;
  SmallVector<Value> indices;
  int64_t mDim;
  int64_t nDim;
};

/// Emits loops over all panels: C = sum_k A * B, or C += it where the i1 `accumulate` is true. `edge` is a
/// scratch memref<mr x nr x type> for incomplete tiles (see createEdgeBuffer); without it m and n must be
/// multiples of mr and nr and the rows of C contiguous. C is read only if `accumulate` holds. Sizes are index
/// values: m <= PA * mr, n <= PB * nr, 0 <= k <= KC.
void multiplyPanels(ArithmeticBuilder &b, const MicroTile &tile, Value aPanels, Value bPanels, Value m,
                    Value n, Value k, const ProductView &c, Value accumulate, Value edge);

/// The register tile for so few rows (`m` static, at most getMicroTile(type, vectorBytes).mr) that packing B
/// does not pay: as many columns as there are registers, for multiplyInPlace.
MicroTile getRowTile(FloatType type, int64_t vectorBytes, int64_t m);

/// Like multiplyPanels with a single A panel, but reads the rows of B in place: element (k, j) is that of
/// `bView` with lane j, and `bView.laneDim` must be contiguous. `n` must be a multiple of `tile.nr`.
void multiplyInPlace(ArithmeticBuilder &b, const MicroTile &tile, Value aPanels, const MatrixView &bView,
                     Value m, Value n, Value k, const ProductView &c, Value accumulate, Value edge);

/// Allocates the scratch that multiplyPanels needs, on the stack at the insertion point.
Value createEdgeBuffer(ArithmeticBuilder &b, const MicroTile &tile);

/// Sets the insertion point of `b` to where stack scratch of `op` belongs: the start of the outermost
/// enclosing scf.forall body (one thread's work), or of the function. Inside a loop an alloca would grow the
/// stack.
void setInsertionPointToScratch(OpBuilder &b, Operation *op);

} // namespace mlir::colt5

#endif // COLT5_CODEGEN_CPU_MICROKERNEL_H

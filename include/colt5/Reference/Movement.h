#ifndef COLT5_REFERENCE_MOVEMENT_H
#define COLT5_REFERENCE_MOVEMENT_H

#include "colt5/Reference/Tensor.h"

/// The executable definition of the ops that move or summarise rows. Pointer arguments may be null.
/// `indexError` is set (never cleared) when a caller's index is neither -1 nor in range, or a mask is not a
/// prefix of ones. Shapes are preconditions (the interpreter checks them).
namespace mlir::colt5::reference {

/// Whether results are rounded to their declared kind where the op's definition rounds.
enum class Rounding { None, Declared };

/// outs[batch, (r,) k, ...] = scale * source[batch, idx[batch, (r,) k], ...]; zeros at -1 and where valid is
/// 0.
Tensor gather(const Tensor &source, const Tensor &indices, const Tensor *valid, const Tensor *scale,
              int64_t batchDims, bool &indexError);

enum class Combine { Add, Set };

/// base with weight * y added to (or put into) the rows at idx, routes in route order, rounded once per
/// route. y is Bx(Rx)KxD, base BxNxD.
Tensor scatterCombine(const Tensor &y, const Tensor &indices, const Tensor *valid, const Tensor *weight,
                      Tensor base, Combine combine, Rounding rounding, bool &indexError);

struct BlockSummary {
  Tensor summary; ///< BxPxD
  Tensor valid;   ///< BxP
  Tensor block;   ///< BxN, -1 where a token belongs to no block
};

/// T-Global side tokens of x BxNxD with mask BxN; P is the number of summary slots, floor(N / size).
BlockSummary blockSummary(const Tensor &x, const Tensor *mask, int64_t size, int64_t slots, bool mean,
                          bool dropOrphans, bool &indexError);

/// 1 / sqrt(mean(x^2) + eps) of every row of x [batch..., D]; 0 where mask [batch...] is 0.
Tensor rmsScale(const Tensor &x, const Tensor *mask, double eps = 1e-6);

/// x * rmsScale(x) * g; masked rows are 0.
Tensor rmsNorm(const Tensor &x, const Tensor &g, const Tensor *mask, double eps = 1e-6);

/// Rotary embedding of x BxHxQxC at pos BxQ or BxGxQ; position -1 copies the row.
Tensor rope(const Tensor &x, const Tensor &pos, double theta = 10000.0, bool interleaved = false);

} // namespace mlir::colt5::reference

#endif // COLT5_REFERENCE_MOVEMENT_H

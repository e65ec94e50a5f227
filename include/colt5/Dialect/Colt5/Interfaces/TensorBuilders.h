#ifndef COLT5_DIALECT_COLT5_INTERFACES_TENSORBUILDERS_H
#define COLT5_DIALECT_COLT5_INTERFACES_TENSORBUILDERS_H

#include "colt5/Dialect/Colt5/IR/ArithmeticBuilder.h"
#include "colt5/Dialect/Colt5/Interfaces/Aggregated.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::colt5 {

/// A tensor and the loops that index its dimensions: `{w, {4, 1}}` is read at w[loop 4, loop 1].
struct Indexed {
  Value value;
  SmallVector<unsigned, 4> loops;
};

using Sizes = SmallVector<OpFoldResult>;

/// Emits the scalar computation of an op on one element of every input; returns the element of the result.
using ElementBuilder = function_ref<Value(ImplicitLocOpBuilder &, ValueRange)>;

/// Element type of a shaped value.
Type getElementType(Value value);
/// Size of dimension `dim`, static where the type says so.
OpFoldResult getSize(OpBuilder &builder, Value tensor, unsigned dim);

Value createEmpty(ImplicitLocOpBuilder &b, ArrayRef<OpFoldResult> sizes, Type elementType);
/// A tensor of `sizes` filled with `value` of floating-point type `elementType`.
Value createFilled(ImplicitLocOpBuilder &b, ArrayRef<OpFoldResult> sizes, double value, Type elementType);
/// `value` as a tensor of type `type`, which differs from its own in static sizes at most.
Value castTo(ImplicitLocOpBuilder &b, Value value, Type type);

/// One loop per element of `sizes`: result[loops] = body(inputs).
Value createElementwise(ImplicitLocOpBuilder &b, ArrayRef<OpFoldResult> sizes, ArrayRef<Indexed> inputs,
                        Type resultElementType, ElementBuilder body);

/// acc_i[out loops] = sum over the other loops of lhs * rhs_i, one result per `rhs`, in the score type of the
/// element type of `lhs` and started at 0. `outSizes` are the sizes of the loops `outLoops`.
SmallVector<Value> createContraction(ImplicitLocOpBuilder &b, unsigned numLoops, const Indexed &lhs,
                                     ArrayRef<Indexed> rhs, ArrayRef<unsigned> outLoops,
                                     ArrayRef<OpFoldResult> outSizes);

/// Names the part that the op behind `value` computes.
void setPart(Value value, const Twine &part);

} // namespace mlir::colt5

#endif // COLT5_DIALECT_COLT5_INTERFACES_TENSORBUILDERS_H

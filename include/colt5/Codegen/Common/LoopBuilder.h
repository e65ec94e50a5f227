// What the lowerings of colt5 primitives on memrefs share: loops, row views, index checks.
#ifndef COLT5_CODEGEN_COMMON_LOOPBUILDER_H
#define COLT5_CODEGEN_COMMON_LOOPBUILDER_H

#include "colt5/Dialect/Colt5/IR/ArithmeticBuilder.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace mlir::colt5 {

/// Builder of scalar and vector loop nests on memrefs. All sizes and subscripts are `index` values.
struct LoopBuilder : ArithmeticBuilder {
  using ArithmeticBuilder::ArithmeticBuilder;

  Value splat(int64_t width, Value scalar) {
    return width == 1
               ? scalar
               : vector::BroadcastOp::create(*this, VectorType::get({width}, scalar.getType()), scalar);
  }

  Value size(Value memref, int64_t dim) { return memref::DimOp::create(*this, memref, dim); }
  Value load(Value memref, ValueRange at) { return memref::LoadOp::create(*this, memref, at); }
  void store(Value value, Value memref, ValueRange at) { memref::StoreOp::create(*this, value, memref, at); }

  /// `value`, a scalar or a vector, times the scalar `factor`, in the wider of their score types.
  Value multiplyFloats(Value value, Value factor);

  /// `for iv in [lo, hi) step step` carrying `inits`; `body` returns the values of the next iteration.
  SmallVector<Value> loop(Value lo, Value hi, int64_t step, ValueRange inits,
                          function_ref<SmallVector<Value>(Value iv, ValueRange carried)> body);
  /// The same without carried values.
  void loop(Value lo, Value hi, function_ref<void(Value iv)> body);
  /// A loop nest over all of `sizes`.
  void nest(ArrayRef<Value> sizes, function_ref<void(ValueRange ivs)> body);
  /// `while (cond(values)) values = body(values)`.
  SmallVector<Value> whileLoop(ValueRange inits, function_ref<Value(ValueRange)> condition,
                               function_ref<SmallVector<Value>(ValueRange)> body);
  /// `if (condition) then() else otherwise()` without results.
  void ifThen(Value condition, function_ref<void()> then, function_ref<void()> otherwise = nullptr);
  /// `if` with results.
  SmallVector<Value> ifElse(Value condition, TypeRange types, function_ref<SmallVector<Value>()> then,
                            function_ref<SmallVector<Value>()> otherwise);

  /// Reduces [lo, hi) with a main loop of vectors of `width` and a scalar tail. `body(i, width, acc)` extends
  /// an accumulator of `width` lanes (a scalar when width is 1); lanes are combined with `kind`.
  Value reduce(Value lo, Value hi, int64_t width, Value init, vector::CombiningKind kind,
               function_ref<Value(Value i, int64_t width, Value acc)> body);
  /// Visits [lo, hi) in vectors of `width` and a scalar tail.
  void visit(Value lo, Value hi, int64_t width, function_ref<void(Value i, int64_t width)> body);

  /// The row of `memref` at `at` (one subscript per leading dimension), of the remaining rank.
  Value row(Value memref, ValueRange at);
};

/// True when the last dimension of `memref` is contiguous, so that vectors may be loaded along it.
bool isContiguousLast(Value memref);

/// `width` lanes along the last dimension of the i1 memref `mask` from `at`: i1, or a vector of it when width
/// > 1.
Value loadMask(LoopBuilder &b, Value mask, ValueRange at, int64_t width);

/// The slot mask of operands shaped BxN or BxRxN, read at (b, r, i); 1 when `mask` is null.
/// `width` lanes are read along the last dimension.
Value loadMask(LoopBuilder &b, Value mask, Value batch, Value route, Value i, int64_t width = 1);

/// Reads the i32 index at `at`, checks it against [0, limit) and returns it as `index`, together with
/// whether it names a row. -1 names none; so does any other index outside, which also sets the error word of
/// the enclosing function unless `trusted`. With `valid` (of the shape of `indices`), a slot that is not
/// valid names none, and its index is not judged.
std::pair<Value, Value> loadCheckedIndex(LoopBuilder &b, Operation *op, Value indices, ValueRange at,
                                         Value limit, bool trusted, Value valid = {});

/// Stores 1 into the error word of the function around `op` when `condition` holds.
void setErrorWord(LoopBuilder &b, Operation *op, Value condition);

/// Emits `outs[...] = body(ins...)` over whole memrefs of equal shape as a linalg.generic (vectorised later).
void elementwise(LoopBuilder &b, ValueRange ins, Value out,
                 function_ref<Value(LoopBuilder &, ValueRange elements, Value old)> body);

} // namespace mlir::colt5

#endif // COLT5_CODEGEN_COMMON_LOOPBUILDER_H

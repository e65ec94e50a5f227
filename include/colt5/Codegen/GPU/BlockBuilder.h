// What the lowerings to code of a thread block share. Every thread of the block runs the code of a builder;
// values that do not depend on the thread are equal in all of them.
#ifndef COLT5_CODEGEN_GPU_BLOCKBUILDER_H
#define COLT5_CODEGEN_GPU_BLOCKBUILDER_H

#include "colt5/Codegen/Common/LoopBuilder.h"
#include "colt5/Machine/Machine.h"

namespace mlir::colt5 {

/// Builder of code that the threads of a one-dimensional block run together.
struct BlockBuilder : LoopBuilder {
  /// Combines two values of one type; must be associative up to rounding, and commutative.
  using Combine = function_ref<Value(LoopBuilder &, Value, Value)>;

  /// `numThreads`: a multiple of the warp size.
  BlockBuilder(Location loc, OpBuilder &builder, int64_t numThreads)
      : LoopBuilder(loc, builder), numThreads(numThreads) {}

  int64_t getNumThreads() const { return numThreads; }
  int64_t getNumWarps() const { return numThreads / kWarpSize; }

  /// Number of this thread in its block.
  Value thread();
  /// Number of this thread in its warp, and of its warp in the block.
  Value lane();
  Value warp();
  /// Waits for all threads of the block; what they wrote before is visible behind it.
  void barrier();

  /// Visits [0, count), shared among the threads: neighbours take neighbouring numbers. No barrier.
  void distribute(Value count, function_ref<void(Value i)> body);
  /// Visits the points of a box, shared among the threads, the last dimension varying fastest. No barrier.
  void distribute(ArrayRef<Value> sizes, function_ref<void(ValueRange at)> body);
  /// The same, with `width` neighbours along the last dimension at a time; its size is a multiple of `width`.
  void distribute(ArrayRef<Value> sizes, int64_t width, function_ref<void(ValueRange at)> body);
  /// Visits [0, count), one warp each: the lanes of a warp see the same number. No barrier.
  void distributeToWarps(Value count, function_ref<void(Value i)> body);
  /// `width` neighbours along the contiguous last dimension, aligned to their size; a scalar when `width` is
  /// 1.
  Value loadAligned(Value memref, ValueRange at, int64_t width);
  void storeAligned(Value value, Value memref, ValueRange at);
  /// Runs `body` in the first thread.
  void once(function_ref<void()> body);

  /// The value of lane `lane ^ distance` (`distance` < 32) of the warp, of any 8 to 64 bit type.
  Value shuffleXor(Value value, int64_t distance);
  /// The value of lane `from` (index, uniform in the warp).
  Value broadcastLane(Value value, Value from);
  /// `value` of all lanes combined, in every lane, in an order that does not depend on the lane.
  Value reduceWarp(Value value, Combine combine);
  /// `value` of all threads combined, in every thread. `scratch`: shared memory of rank 1 with one element of
  /// the type of `value` per warp, which no thread uses at the time; free again behind the next barrier.
  Value reduceBlock(Value value, Value scratch, Combine combine);

  /// One bit per lane of the warp: whether `condition` holds there (i32). All lanes take part.
  Value ballot(Value condition);
  /// The sum of `value` (i32) over the lanes of the warp up to this one, which counts.
  Value scanWarp(Value value);
  /// The sum of `value` (i32) over the threads of the block before this one. `scratch`: shared memory as for
  /// `reduceBlock`.
  Value scanBlock(Value value, Value scratch);

  /// The box position of the row-major number `linear`.
  SmallVector<Value> delinearize(Value linear, ArrayRef<Value> sizes);
  /// The sizes of all dimensions of `memref`; static ones are constants.
  SmallVector<Value> sizesOf(Value memref);
  Value product(ArrayRef<Value> values);

  /// Shared memory of static shape that lives while the block runs, allocated at the start of the kernel
  /// around `op`.
  Value allocateShared(Operation *op, ArrayRef<int64_t> shape, Type element);

private:
  int64_t numThreads;
};

/// The kernel around `op`: the outermost mapped `scf.forall`, or the `gpu.func` of a builder. Null outside of
/// both.
Operation *getEnclosingKernel(Operation *op);

} // namespace mlir::colt5

#endif // COLT5_CODEGEN_GPU_BLOCKBUILDER_H

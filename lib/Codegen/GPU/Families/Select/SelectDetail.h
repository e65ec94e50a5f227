// What the kernels of the select family share: one block of threads per problem, the row at hand.
#ifndef COLT5_LIB_CODEGEN_GPU_FAMILIES_SELECT_SELECTDETAIL_H
#define COLT5_LIB_CODEGEN_GPU_FAMILIES_SELECT_SELECTDETAIL_H

#include "colt5/Codegen/GPU/KernelWriter.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"

namespace mlir::colt5::select {

/// Bits of a digit of the radix select, and the number of digits.
inline constexpr int64_t kDigitBits = 11, kBins = 1 << kDigitBits;
/// Shared memory for a row, in bytes: of known length, and of unknown.
inline constexpr int64_t kRowBytes = 96 << 10, kUnknownRowBytes = 32 << 10;
/// Selections up to this many slots are sorted in shared memory.
inline constexpr int64_t kSharedSlots = 4096;

/// Tokens of a problem; dynamic when unknown.
int64_t getStaticLength(ShapedType scores, std::optional<int64_t> block);
/// Threads of a block that solves `op`, unless the plan says otherwise: a power of two.
int64_t chooseThreads(Operation *op);
/// Those of the schedule of `op`, which holds `selection`.
int64_t getThreads(KernelOp op, Operation *selection);
/// On the host, before `op`: the number of problems, at least one per row.
Value countBlocks(KernelOp op, Value scores, std::optional<int64_t> block);

/// The problem of this block of threads: tokens [first, first + length) of a row.
struct Problem {
  Value batch, route;
  /// Number of the problem in its row, and how many the row has, which may be 0.
  Value number, count;
  Value first, length;

  Problem(BlockBuilder &b, Value scores, std::optional<int64_t> block);
  /// Whether the number names a problem; null when it always does.
  Value exists;
};

/// The first elements of a row in shared memory, all of them when it is short.
class RowCache {
public:
  RowCache(KernelWriter &writer, Type element, int64_t staticLength);

  void store(BlockBuilder &b, Value value, Value i);
  /// Element `i` from the cache, or as `otherwise` computes it.
  Value load(BlockBuilder &b, Value i, function_ref<Value()> otherwise) const;

private:
  Value shared;
  int64_t capacity;
  bool holdsAll;
};

/// Global memory that a selection in score order sorts in, where its slots do not fit in shared memory.
SmallVector<Value> createScratch(OpBuilder &builder, TopKOp op);

/// Write the kernel of `selection`, the op in the region of `op`, and launch it.
LogicalResult emitTopK(KernelOp op, TopKOp selection, gpu::GPUModuleOp kernels);
void emitSoftTopK(KernelOp op, SoftTopKOp selection, gpu::GPUModuleOp kernels);

/// i32 tokens in slots: `memref` at `row` and then base + slot.
struct TokenArray {
  Value memref;
  SmallVector<Value> row;
  Value base;

  SmallVector<Value> at(BlockBuilder &b, Value slot) const;
  Value load(BlockBuilder &b, Value slot) const { return b.load(memref, at(b, slot)); }
  void store(BlockBuilder &b, Value token, Value slot) const { b.store(token, memref, at(b, slot)); }
};

/// Sorts the first `count` tokens so that `isBefore(x, y)`, a strict total order, holds for neighbours.
/// `scratch` has as many slots. All threads see the result.
void sortTokens(BlockBuilder &b, const TokenArray &tokens, const TokenArray &scratch, Value count,
                function_ref<Value(Value x, Value y)> isBefore);

} // namespace mlir::colt5::select

#endif // COLT5_LIB_CODEGEN_GPU_FAMILIES_SELECT_SELECTDETAIL_H

// The code of a kernel on mma.sync.
#ifndef COLT5_LIB_CODEGEN_GPU_FAMILIES_MMASYNC_EMIT_H
#define COLT5_LIB_CODEGEN_GPU_FAMILIES_MMASYNC_EMIT_H

#include "Shape.h"
#include "colt5/Codegen/GPU/KernelWriter.h"

namespace mlir::colt5::mma_sync {

/// Writes the kernel of `op`, whose region `view` describes, and launches it.
LogicalResult emitContraction(KernelOp op, const ContractionView &view, const Shape &shape,
                              gpu::GPUModuleOp kernels);

/// Loops that are counted as one, the last varying fastest.
struct LoopGroup {
  SmallVector<unsigned> loops;
  SmallVector<Value> sizes;
  Value total;
  /// kDynamic where unknown.
  int64_t extent;
};

/// The values of loops; null for those that are not known here.
using Position = SmallVector<Value>;

/// Sets the loops of `group` in `position` to point `number`.
void setPosition(BlockBuilder &b, const LoopGroup &group, Value number, Position &position);

/// Steps of one operand on their way from global to shared memory and to registers. A step is a matrix of
/// lanes (rows of A, columns of B) and k, with the dimension that is contiguous in global memory along its
/// rows, which are cut into pieces of eight elements. The pieces of neighbouring rows are permuted so that
/// ldmatrix reads eight rows without a conflict of banks.
class OperandStages {
public:
  /// `memref`: in the kernel; `host`: the same before it, where more is known of its layout. `loops`: those
  /// of its dimensions. `memory`: bytes of shared memory, of which the stages take `bytes` from `offset` on.
  OperandStages(BlockBuilder &b, Value memref, Value host, ArrayRef<unsigned> loops, const LoopGroup &lanes,
                const LoopGroup &k, const Shape &shape, int64_t blockLanes, Value memory, int64_t offset);

  int64_t getBytes() const { return shape.stages * numRows * numColumns * 2; }
  /// Starts to bring the lanes from `lane0` on of step `step` to stage `stage`. What lies outside is zero.
  /// `position`: where the loops of the batch are.
  void load(Position position, Value lane0, Value step, Value stage);
  /// Finds, before the loop over the steps, where this thread reads matrices of the `warpLanes` lanes from
  /// `lane0` on, the part of its warp.
  void prepareReads(Value lane0, int64_t warpLanes, bool isA);
  /// Lanes [16 * tile, 16 * tile + 16) of the warp and k [16 * part, 16 * part + 16): the four registers of a
  /// 16x16 tile of A; of B two registers for the first eight columns, and two for the others.
  SmallVector<Value> read(Value stage, int64_t tile, int64_t part);

private:
  void loadPiece(Position position, Value lane0, Value k0, Value row, Value inRow, Value to);
  void copyPiece(const Position &position, Value count, Value to);
  void gatherPiece(Position position, Value first, Value isRowInside, Value to);
  SmallVector<Value> at(const Position &position) const;
  int64_t getStageSize() const { return numRows * numColumns; }
  /// Rows that lie in the same 128 bytes, and the number of different permutations.
  int64_t getTogether() const;
  int64_t getPhases() const;
  /// The place of piece `piece` of row `row` within a stage.
  Value place(Value row, Value piece);

  BlockBuilder &b;
  Value memref;
  SmallVector<unsigned> loops;
  const LoopGroup &lanes, &k;
  Shape shape;
  /// k is contiguous, else the lanes are.
  bool alongK;
  /// Pieces can be copied as a whole.
  bool isAligned;
  int64_t numRows, numColumns;
  /// All stages, as one row.
  Value shared;
  /// Of one matrix per part of k when k is contiguous, else of one per tile of lanes.
  SmallVector<Value> reads;
};

/// Computes what the kernel yields from the sums in shared memory.
class Epilogue {
public:
  /// `sums`: products x rows x columns of the block.
  Epilogue(BlockBuilder &b, KernelWriter &writer, KernelOp op, const ContractionView &view, Value sums);

  /// Neighbouring columns that `emit` handles at a time: 8, or 1.
  int64_t getWidth() const { return width; }
  /// Writes the outs for the sums at `row` and `column` of the block and its neighbours, which are all
  /// inside; `position` holds all loops of the first of them.
  void emit(const Position &position, Value row, Value column);

private:
  SmallVector<Value> evaluate(Value tensor);
  SmallVector<Value> computeSums(OpResult result);
  SmallVector<Value> computeElementwise(OpResult result);
  SmallVector<Value> loadParameter(Value argument);
  void store(Value value, unsigned out);
  void scatter(unsigned out);
  SmallVector<Value> at(Value tensor, int64_t lane);
  /// Neighbours lie side by side in `host`, along its last dimension.
  bool isVector(Value tensor, Value host) const;
  Value getHost(Value argument) const;

  BlockBuilder &b;
  KernelWriter &writer;
  KernelOp op;
  const ContractionView &view;
  Value sums;
  unsigned laneLoop;
  int64_t width;
  /// Of the neighbours at hand.
  Position position;
  Value row, column;
  DenseMap<Value, SmallVector<Value>> values;
};

} // namespace mlir::colt5::mma_sync

#endif // COLT5_LIB_CODEGEN_GPU_FAMILIES_MMASYNC_EMIT_H

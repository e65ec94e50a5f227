// Emits the code of a block for one contraction.
#ifndef COLT5_LIB_CODEGEN_GPU_FAMILIES_SIMT_CONTRACTIONEMITTER_H
#define COLT5_LIB_CODEGEN_GPU_FAMILIES_SIMT_CONTRACTIONEMITTER_H

#include "ContractionTiling.h"
#include "colt5/Codegen/GPU/BlockBuilder.h"

namespace mlir::colt5 {

/// Brings stages of one operand from memory to shared memory. In shared memory a stage is depth x lanes, the
/// lanes being rows of the left or columns of the right operand.
class StageLoader {
public:
  /// `laneLoop`: the loop of the lanes, of which a tile has `lanes`.
  StageLoader(BlockBuilder &b, linalg::LinalgOp op, const ContractionSpec &info,
              const ContractionOperand &operand, unsigned laneLoop, int64_t lanes, int64_t depth);

  /// Types of the values that a thread holds between `load` and `store`.
  SmallVector<Type> getTypes() const { return SmallVector<Type>(perThread, vectorType); }
  /// Reads the part of this thread of the stage at k `k0`. `at`: current values of the outer loops, by loop.
  /// What lies beyond the end of k reads as zero, what lies beyond the lanes as any lane.
  SmallVector<Value> load(ArrayRef<Value> at, Value lane0, Value k0, Value laneExtent, Value kExtent);
  /// Writes it to buffer number `buffer`.
  void store(ValueRange values, Value buffer);
  /// `count` neighbouring lanes of one k of buffer number `buffer`.
  Value read(Value buffer, Value k, Value lane, int64_t count);

private:
  /// Lane and k, within the stage, of the vector number `number` of this thread, and whether there is one.
  struct Place {
    Value lane, k, exists;
  };
  Place locate(int64_t number);

  BlockBuilder &b;
  const ContractionSpec &info;
  const ContractionOperand &operand;
  unsigned laneLoop;
  int64_t lanes, depth, kSize, laneSize;
  /// Vectors run along k, not along the lanes.
  bool alongK;
  int64_t width, perThread;
  VectorType vectorType;
  Value shared;
};

/// Emits the code before `op`. With `zeroInit` the outputs start from zero instead of being read.
class ContractionEmitter {
public:
  ContractionEmitter(BlockBuilder &b, linalg::LinalgOp op, const ContractionSpec &info, bool zeroInit,
                     const ContractionTiling &tiling);
  void emit();

private:
  Value extent(unsigned loop);
  void loops(ArrayRef<unsigned> which, function_ref<void()> body);
  void emitTile(Value m0, Value n0);
  SmallVector<Value> loadStage(Value stage, Value m0, Value n0);
  /// Adds the products of one stage to the accumulators.
  SmallVector<Value> multiply(Value buffer, ValueRange accumulators);
  void storeTile(ValueRange accumulators, Value m0, Value n0);
  void storeSlices(ValueRange accumulators, Value m0, Value n0);
  /// Writes, or adds, `value` (a vector along n) at the row and column `m`, `n` of output `output`, as far as
  /// they are inside.
  void storeOutput(unsigned output, Value value, Value m, Value n);
  /// Row, column within the tile of part `i`, `j` of this thread.
  Value rowOf(int64_t i);
  Value columnOf(int64_t j);
  int64_t groupsAcross() const { return tiling.threadColumns / tiling.group; }
  VectorType groupType() const { return VectorType::get({tiling.group}, info.type); }

  BlockBuilder &b;
  linalg::LinalgOp op;
  const ContractionSpec &info;
  bool zeroInit;
  ContractionTiling tiling;
  SmallVector<int64_t> ranges;
  SmallVector<Value> current;
  SmallVector<StageLoader, 0> loaders;
  Value kSteps, partials, threadColumn, threadRow, slice;
};

} // namespace mlir::colt5

#endif // COLT5_LIB_CODEGEN_GPU_FAMILIES_SIMT_CONTRACTIONEMITTER_H

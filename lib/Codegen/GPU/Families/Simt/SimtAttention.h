// Flash attention of one thread block. The threads stand in a grid of rows x 16: a thread computes a few rows
// of scores at every 16th key, and the same rows of the output at a few columns. The 16 threads of a row are
// neighbours in a warp, so the statistics of a row are combined by shuffles.
#ifndef COLT5_LIB_CODEGEN_GPU_FAMILIES_SIMT_SIMTATTENTION_H
#define COLT5_LIB_CODEGEN_GPU_FAMILIES_SIMT_SIMTATTENTION_H

#include "colt5/Codegen/Common/AttentionSpec.h"
#include "colt5/Codegen/GPU/BlockBuilder.h"

namespace mlir::colt5 {

/// Emits the code of one request before its op. Shared memory is bounded by the block sizes below.
class SimtAttention {
public:
  SimtAttention(BlockBuilder &builder, const AttentionSpec &request);
  void emit();

private:
  /// The subscripts that stay fixed while one block of queries is processed.
  struct Position : HeadPosition {
    Value q0, qCount;                     ///< queries [q0, q0 + qCount)
    Value c0, cCount;                     ///< columns of v and of the output
    SmallVector<Value> queryPos, queryOk; ///< of the thread's rows; rows past the end are not ok
  };
  /// What a thread carries from one block of keys to the next, by row of the thread. `sum` is the share of
  /// this thread's keys; the sums of the 16 threads of a row belong together.
  struct State {
    SmallVector<Value> max, sum;
    SmallVector<Value> output; ///< rows x columns of the thread

    SmallVector<Value> flatten() const;
    State with(ValueRange flat) const;
  };
  /// Keys [j0, j0 + count) of a set.
  struct Keys {
    Value j0, count;
  };
  using Table = SmallVector<SmallVector<Value>>;

  void allocateScratch();
  void readQueries(Position &at);
  void emitQueryBlock(const Position &at);
  State initialState(const Position &at);
  void finishBlock(const Position &at, const State &state);
  void storeOutput(const Position &at, const State &state, int64_t r);

  State processSet(const Position &at, const KeySet &set, State state);
  void expandBiasTable(const Position &at, const KeySet &set);
  SmallVector<Value> readReference(const Position &at, const KeySet &set);
  std::pair<Value, Value> keyRange(const Position &at, const KeySet &set);
  void readKeys(const Position &at, const KeySet &set, const Keys &keys);
  KeyInfo getKey(const KeySet &set, const Keys &keys, Value j);
  void stageKeys(const Position &at, const KeySet &set, const Keys &keys, Value source, Value target,
                 Value c0, Value cCount);
  void stageQueries(const Position &at, Value c0, Value cCount);
  void stage(Value target, int64_t rows, Value cCount,
             function_ref<std::pair<Value, SmallVector<Value>>(Value row)> locate, Value source, Value c0);

  Table computeScores(const Position &at, const KeySet &set, const Keys &keys);
  Table multiplyKeys(Value cCount, const Table &start);
  void finishScores(const Position &at, const KeySet &set, const Keys &keys, ValueRange reference,
                    Table &scores);
  Value loadBias(const Position &at, const KeySet &set, Value reference, Value keyPosition);
  State updateState(const Table &scores, const State &state);
  State addValues(const State &state);

  Value loadVector(Value memref, ValueRange at, int64_t width);
  /// `value` of the 16 threads of a row combined.
  Value reduceRow(Value value, BlockBuilder::Combine combine);
  Value rowOf(int64_t r) { return b.add(firstRow, b.index(r)); }
  Value keyOf(int64_t jj) { return b.add(column, b.index(jj * kThreadsPerRow)); }
  /// First column of group `g` of the thread's output columns.
  Value columnOf(int64_t g);
  Value isBelow(Value value, Value limit) { return b.compare(arith::CmpIPredicate::slt, value, limit); }
  Value isColumn(const Position &at, Value c);
  int64_t countColumns() const { return columnGroups * columnVector; }

  static constexpr int64_t kThreadsPerRow = 16;

  int64_t getKeysPerThread() const { return keyBlock / kThreadsPerRow; }

  BlockBuilder &b;
  const AttentionSpec request;
  FloatType type;                     ///< of scores, statistics, accumulators and shared tiles
  int64_t rowsPerThread;              ///< consecutive
  int64_t queryBlock;                 ///< rows of all threads
  int64_t keyBlock;                   ///< keys staged at once, a multiple of 16
  int64_t vector;                     ///< elements of 16 bytes
  int64_t chunk;                      ///< columns staged at once, a multiple of 16
  bool oneChunk;                      ///< the head size is static and fits one chunk
  int64_t columnVector, columnGroups; ///< a thread's output columns: groups of neighbours
  int64_t farthest = 0;               ///< distance from which on a tabulated bias is constant

  Value column, firstRow; ///< of the thread: 0..15, and its first row

  // Shared memory. Rows are padded so that vectors of neighbouring rows lie in different banks.
  Value queryTile, keyTile, valueTile; ///< rows x chunk (padded)
  Value weights;                       ///< queryBlock x keyBlock (padded)
  Value keyRow, keyPos;                ///< keyBlock; row -1: absent. Null when no set is staged
  Value biasTable;                     ///< by clamped distance + farthest; null when no bias is tabulated
};

} // namespace mlir::colt5

#endif // COLT5_LIB_CODEGEN_GPU_FAMILIES_SIMT_SIMTATTENTION_H

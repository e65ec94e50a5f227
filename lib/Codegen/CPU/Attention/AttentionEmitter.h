// Flash attention on memrefs in the transposed form: scores are kept as S^T[key][query], so that the softmax
// statistics of 8 or 16 queries are one vector and every reduction over keys is vertical.
#ifndef COLT5_LIB_CODEGEN_CPU_ATTENTION_ATTENTIONEMITTER_H
#define COLT5_LIB_CODEGEN_CPU_ATTENTION_ATTENTIONEMITTER_H

#include "colt5/Codegen/CPU/MicroKernel.h"
#include "colt5/Codegen/Common/AttentionSpec.h"

namespace mlir::colt5 {

/// Emits the loops of one request before its op. Stack use per thread is bounded by the block sizes below.
class AttentionEmitter {
public:
  AttentionEmitter(LoopBuilder &builder, const AttentionSpec &request, int64_t vectorBytes);
  void emit();

private:
  /// The subscripts that stay fixed while one block of queries is processed.
  struct Position : HeadPosition {
    Value q0, qCount; ///< queries [q0, q0 + qCount)
    Value c0, cCount; ///< columns of v and of the output
  };
  /// Keys [j0, j0 + count) of a set, of which one panel of queries looks at [from, to), counted from j0.
  /// `from` is a multiple of the rows of a score tile.
  struct Keys {
    Value j0, count;
    Value from, to;
  };

  void allocateScratch();
  void emitQueryBlock(const Position &at);
  void readQueries(const Position &at);
  void initialiseState(const Position &at);
  void processSet(const Position &at, const KeySet &set);
  void expandBiasTable(const Position &at, const KeySet &set);
  void readReference(const Position &at, const KeySet &set);
  void readKeys(const Position &at, const KeySet &set, const Keys &keys);
  void stageRows(const Position &at, Value source, Value target, const Keys &keys, Value c0, Value cCount);
  void packValues(const Position &at, const KeySet &set, const Keys &keys);
  void packKeys(const Position &at, const KeySet &set, const Keys &keys, Value c0, Value cCount);
  void computeScores(const Position &at, const KeySet &set, const Keys &keys, Value panel);
  void applyScoreRegion(const Position &at, const KeySet &set, const Keys &keys, Value panel);
  void updatePanel(const Position &at, const KeySet &set, const Keys &keys, Value panel);
  void finishBlock(const Position &at);

  std::pair<Value, Value> keyRange(const Position &at, const KeySet &set, Value lo, Value hi);
  std::pair<Value, Value> referenceRange(const KeySet &set, Value lo, Value hi);
  std::pair<Value, Value> referenceEnds(Value lo, Value hi);
  Value loadBias(const KeySet &set, Value panel, Value keyPosition, std::pair<Value, Value> nearest);
  Value loadVector(Value memref, ValueRange at, Type element);
  Value panelCount(const Position &at);
  Value rowOf(Value panel, Value lane) { return b.add(b.mul(panel, b.index(lanes)), lane); }

  LoopBuilder &b;
  const AttentionSpec &request;
  FloatType type; ///< of scores, statistics and accumulators
  Type element;   ///< of q, k and v
  MicroTile scoreTile, outputTile;
  int64_t lanes;      ///< queries per panel
  int64_t queryBlock; ///< queries per block, a multiple of `lanes`
  int64_t keyBlock;
  int64_t chunk; ///< columns packed at once
  bool oneChunk; ///< the head size is static and fits one chunk

  // Scratch on the stack.
  Value qPanels, kPanels, vPanels;
  Value scores;                       ///< keyBlock x lanes, rounded up to whole tiles
  Value output, maxima, sums;         ///< panels x chunk (rounded up) x lanes, panels x lanes
  Value queryPos, queryOk, reference; ///< queryBlock
  Value keyPos, keyOk, keyRow;        ///< keyBlock
  Value keyRows, valueRows;           ///< keyBlock x chunk of `element`; null when no set is staged
  Value biasTable;                    ///< by clamped distance, see expandBiasTable
};

} // namespace mlir::colt5

#endif // COLT5_LIB_CODEGEN_CPU_ATTENTION_ATTENTIONEMITTER_H

// What attention and online_attention ask for, independent of the machine: the sets of keys, and how one
// reads positions, validity and biases.
#ifndef COLT5_CODEGEN_COMMON_ATTENTIONSPEC_H
#define COLT5_CODEGEN_COMMON_ATTENTIONSPEC_H

#include "colt5/Codegen/Common/LoopBuilder.h"

namespace mlir::colt5 {

/// One set of keys that takes part in the softmax: the local keys or the side keys.
struct KeySet {
  Value k, v;           ///< BxGxSxC
  Value valid;          ///< BxS or BxGxS i1, or null
  Value positions;      ///< like `valid`, i32, or null: base + slot
  Value base;           ///< index, or null: 0
  Value rows;           ///< key lists BxGxWxJ i32, or null
  Value queryReference; ///< BxQ or BxGxQ i32: where pattern and bias measure from; null: query base + slot
  PatternAttrInterface pattern; ///< null: dense
  T5BucketsAttr buckets;        ///< null: no bias
  Value table;                  ///< HxBuckets
  Region *score = nullptr;      ///< null or empty: the score is used as it is
  SmallVector<Value> extra;

  bool hasScore() const { return score && !score->empty(); }
  /// Rows must be copied out one by one: listed, or possibly holding data that must not be read.
  bool isStaged() const { return valid || positions || rows; }
  /// Key positions are base + slot, so a range of positions is a range of slots.
  bool isConsecutive() const { return !positions && !rows; }
};

/// What an attention op asks for.
struct AttentionSpec {
  Operation *op;
  Value q, qValid, qPos, qBase;
  SmallVector<KeySet, 2> sets;
  double scale;
  bool trusted;
  Value out, lse;      ///< attention: result and optional log-sum-exp
  Value acc, max, sum; ///< online_attention: running state

  bool isOnline() const { return bool(acc); }
};

AttentionSpec makeRequest(AttentionOp op);
AttentionSpec makeRequest(OnlineAttentionOp op);

/// The subscripts that the keys of one head and one list share.
struct HeadPosition {
  Value batch, head, group;
  Value list; ///< of `KeySet::rows`
};

/// Element (batch, slot) or (batch, group, slot) of `memref`, which has rank 2 or 3.
Value loadPerGroup(LoopBuilder &b, Value memref, const HeadPosition &at, Value slot);

/// Position (i32) of query `slot`, and whether it takes part (i1).
std::pair<Value, Value> readQuery(LoopBuilder &b, const AttentionSpec &request, const HeadPosition &at,
                                  Value slot);

/// A key: its row in k and v (0 where it is absent), its position (i32), and whether it is there (i1).
struct KeyInfo {
  Value row, position, isPresent;
};

/// Reads key `slot` of `set`, or of its list; a bad index sets the error word.
KeyInfo readKey(LoopBuilder &b, const AttentionSpec &request, const KeySet &set, const HeadPosition &at,
                Value slot);

/// Number of slots of `set`, or of one of its lists.
Value countSlots(LoopBuilder &b, const KeySet &set);

/// The slots of `set` [first, last) that queries with references in [from, to) may see. May be empty with
/// first > last.
std::pair<Value, Value> getSlotRange(LoopBuilder &b, const KeySet &set, Value from, Value to);

/// The T5 bucket of `relative` = key - query, all `index`.
Value getBucket(LoopBuilder &b, T5BucketsAttr buckets, Value relative);

/// What the score region of `set` makes of `score` for query (batch, head, query) and the key `key`.
Value applyScoreRegion(LoopBuilder &b, const KeySet &set, const HeadPosition &at, Value query,
                       const KeyInfo &key, Value score, Value reference);

} // namespace mlir::colt5

#endif // COLT5_CODEGEN_COMMON_ATTENTIONSPEC_H

//===- Colt5AttentionOps.td - Attention --------------------*- tablegen -*-===//

#ifndef COLT5_DIALECT_COLT5_IR_COLT5ATTENTIONOPS_TD
#define COLT5_DIALECT_COLT5_IR_COLT5ATTENTIONOPS_TD

include "colt5/Dialect/Colt5/IR/Colt5Attrs.td"

def Colt5_AttentionOp : Colt5_StructuredOp<"attention", [
    Colt5_ScoreRegionTrait, IsolatedFromAbove]> {
  let summary = "one softmax over the allowed keys";
  let description = [{
    For every query row, with head h using key and value group `g = h / (H / G)`:

    ```
    score[j] = scale * <q, k[j]> + bias_table[h, bucket(kv_pos[j] - q_pos)]   then the score region
    o        = sum_j softmax(score)[j] * v[j]   over the allowed keys j
    lse      = log sum_j exp(score[j])
    ```

    A key is allowed when `kv_valid` is 1, its position and index are not -1, the pattern allows
    `(q_pos, kv_pos)` and the score region does not return -inf. A row with `q_valid = 0`, position -1 or
    no allowed key is 0 (lse = -inf). Masked data (`kv_valid`, `side_valid`, a position or an index of -1)
    never influences a result, even if it is NaN. A value row that is not finite and that only the pattern or the
    score region hides may give NaN in the columns where it is not finite, and changes nothing else. A score of
    +inf, which products that overflow also give, may give NaN in its row and lse; a score of -inf hides its key.

    The position of a slot is `q_pos[slot]` if given, else `q_base + slot` (base 0 if absent); likewise for
    keys. Positions are original token positions, so patterns and biases stay right for gathered tokens and
    for slices.

    With `kv_idx` (BxGxWxJ), the Q queries fall into W equal consecutive blocks and block w sees only the
    listed key rows; -1 is skipped, repeated entries count as often as listed. Any other entry outside of
    [0, S) counts as -1 and sets the error word, also in a list with no query that `q_valid` allows.

    Side keys take part in the same softmax: `score = scale * <q, side_k[p]> +
    side_bias_table[h, bucket(p - q_block)]`, seen by every valid query of their row where `side_valid` is 1.
    Pattern and score region do not apply to them.

    The score region has the arguments (score f32, q_pos i32, kv_pos i32, one scalar per `extra`) and yields
    f32 (f64 for f64); it may not use values from outside. `extra` tensors have rank 4, each dimension 1 or the
    full B, H, Q, S.

    | operand | shape | type |
    |---|---|---|
    | `q` | BxHxQxC | T |
    | `k`, `v` | BxGxSxC | T |
    | `q_valid` / `kv_valid` | BxQ / BxS or BxGxS | i1 |
    | `q_pos` / `kv_pos` | BxQ or BxGxQ / BxS or BxGxS | i32 |
    | `q_base`, `kv_base` | scalar | index |
    | `kv_idx` | BxGxWxJ | i32 |
    | `bias_table` | HxBuckets | f32 |
    | `side(k, v, valid)` | BxGxPxC, BxGxPxC, BxP | T, T, i1 |
    | `q_block` | BxQ | i32 |
    | `side_bias_table` | HxBuckets | f32 |
    | `extra` | rank 4, each dimension 1 or full | any scalar type |
    | `outs[0]` o | BxHxQxC | T or f32 |
    | `outs[1]` lse (optional) | BxHxQ | f32 |

    f64 inputs have f64 tables, statistics and results.

    - `attention_c0`: tensors and memrefs are not mixed; results are the tensors of `outs`.
    - `attention_c1`: `q`, `k`, `v` are rank 4 of one floating-point type.
    - `attention_c2`: B, S, G and C agree between `q`, `k` and `v`.
    - `attention_c3`: `outs` are BxHxQxC and BxHxQ; the first is T or the statistics type, the second the statistics type.
    - `attention_c4`: H is a multiple of G.
    - `attention_c5`: `q_valid` is BxQ i1, `kv_valid` BxS or BxGxS i1.
    - `attention_c6`: `q_pos` is BxQ or BxGxQ i32, `kv_pos` BxS or BxGxS i32; not together with its base.
      The last position that a base gives is at most 2147483647.
    - `attention_c7`: `kv_idx` is BxGxWxJ i32 and Q is a multiple of W; constant entries are -1 or in [0, S).
    - `attention_c8`: `bias_table` is HxBuckets of the statistics type and comes together with `bias`.
    - `attention_c9`: `side` is BxGxPxC, BxGxPxC of type T and BxP i1.
    - `attention_c10`: `q_block` is BxQ i32 and comes together with `side_bias_table`, HxBuckets; both need `side` and `bias`.
    - `attention_c11`: each `extra` is rank 4 with dimensions 1 or full.
    - `attention_c12`: the score region has one block with arguments (statistics type, i32, i32, one per `extra`), yields
      one value of the statistics type and uses no value from outside; `extra` needs it.
    - `attention_c13`: `scale` is finite.
    - `attention_c15`: Q and S are at most 2^31 - 1, which an i32 can name; checked when the function runs where they are dynamic.

    Example:
    ```mlir
    %o = colt5.attention ins(%q, %k, %v : tensor<1x4x4096x64xf32>, tensor<1x4x4096x64xf32>, tensor<1x4x4096x64xf32>)
        kv_valid(%m : tensor<1x4096xi1>) bias_table(%t : tensor<4x32xf32>) outs(%init : tensor<1x4x4096x64xf32>)
        {pattern = #colt5.window<127, 127>, bias = #colt5.t5_buckets<32, 128, bidirectional>}
        -> tensor<1x4x4096x64xf32>
    ```
  }];
  let arguments = (ins Colt5_Shaped:$q, Colt5_Shaped:$k, Colt5_Shaped:$v,
                       Optional<Colt5_Shaped>:$q_valid, Optional<Colt5_Shaped>:$kv_valid,
                       Optional<Colt5_Shaped>:$q_pos, Optional<Colt5_Shaped>:$kv_pos,
                       Optional<Index>:$q_base, Optional<Index>:$kv_base,
                       Optional<Colt5_Shaped>:$kv_idx, Optional<Colt5_Shaped>:$bias_table,
                       Optional<Colt5_Shaped>:$side_k, Optional<Colt5_Shaped>:$side_v,
                       Optional<Colt5_Shaped>:$side_valid, Optional<Colt5_Shaped>:$q_block,
                       Optional<Colt5_Shaped>:$side_bias_table,
                       Variadic<Colt5_Shaped>:$extra, Variadic<Colt5_Shaped>:$outs,
                       DefaultValuedAttr<F64Attr, "1.0">:$scale,
                       OptionalAttr<Colt5_PatternAttrInterface>:$pattern,
                       OptionalAttr<Colt5_T5Buckets>:$bias,
                       UnitAttr:$trusted);
  let regions = (region AnyRegion:$score);
  let extraClassDeclaration = structuredDecls # [{
    bool hasScoreRegion() { return !getScore().empty(); }
  }];
}

def Colt5_OnlineAttentionOp : Colt5_StructuredOp<"online_attention", [
    Colt5_ScoreRegionTrait, IsolatedFromAbove]> {
  let summary = "attention over one key set that updates running statistics";
  let description = [{
    The form of `colt5.attention` that tiles along S (Milakov and Gimelshein 2018, arXiv 1805.02867; Dao et
    al. 2022, arXiv 2205.14135). `outs` are acc BxHxQxC, max BxHxQ and sum BxHxQ of the statistics type,
    started at 0, -inf and 0. For every new key set

    ```
    m'   = max(max, max_j score[j])
    sum' = exp(max - m') * sum + sum_j exp(score[j] - m')
    acc' = exp(max - m') * acc + sum_j exp(score[j] - m') * v[j]
    ```

    and while m' is -inf both exponentials are 0. It accepts every operand of `attention` but side keys.
    Finish with `o = sum > 0 ? acc / sum : 0` and `lse = max + log(sum)`.

    - `online_attention_c0`: tensors and memrefs are not mixed; results are the tensors of `outs`.
    - `online_attention_c1` to `online_attention_c13`: as for `attention`; c3, c9 and c10 have no counterpart.
    - `online_attention_c14`: `outs` are acc BxHxQxC, max BxHxQ, sum BxHxQ of the statistics type.
    - `online_attention_c15`: as `attention_c15`.

    Example:
    ```mlir
    %a, %m, %s = colt5.online_attention ins(%q, %k, %v : tensor<1x4x64x64xf32>, tensor<1x4x128x64xf32>, tensor<1x4x128x64xf32>)
        kv_base(%off : index) outs(%acc, %max, %sum : tensor<1x4x64x64xf32>, tensor<1x4x64xf32>, tensor<1x4x64xf32>)
        {pattern = #colt5.causal} -> (tensor<1x4x64x64xf32>, tensor<1x4x64xf32>, tensor<1x4x64xf32>)
    ```
  }];
  let arguments = (ins Colt5_Shaped:$q, Colt5_Shaped:$k, Colt5_Shaped:$v,
                       Optional<Colt5_Shaped>:$q_valid, Optional<Colt5_Shaped>:$kv_valid,
                       Optional<Colt5_Shaped>:$q_pos, Optional<Colt5_Shaped>:$kv_pos,
                       Optional<Index>:$q_base, Optional<Index>:$kv_base,
                       Optional<Colt5_Shaped>:$kv_idx, Optional<Colt5_Shaped>:$bias_table,
                       Variadic<Colt5_Shaped>:$extra, Variadic<Colt5_Shaped>:$outs,
                       DefaultValuedAttr<F64Attr, "1.0">:$scale,
                       OptionalAttr<Colt5_PatternAttrInterface>:$pattern,
                       OptionalAttr<Colt5_T5Buckets>:$bias,
                       UnitAttr:$trusted);
  let regions = (region AnyRegion:$score);
  let extraClassDeclaration = structuredDecls # [{
    bool hasScoreRegion() { return !getScore().empty(); }
  }];
}

#endif // COLT5_DIALECT_COLT5_IR_COLT5ATTENTIONOPS_TD

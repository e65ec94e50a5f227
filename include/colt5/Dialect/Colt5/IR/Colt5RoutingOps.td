//===- Colt5RoutingOps.td - Scores, weights, selection -----*- tablegen -*-===//

#ifndef COLT5_DIALECT_COLT5_IR_COLT5ROUTINGOPS_TD
#define COLT5_DIALECT_COLT5_IR_COLT5ROUTINGOPS_TD

include "colt5/Dialect/Colt5/IR/Colt5Attrs.td"

def Colt5_RouterScoresOp : Colt5_StructuredOp<"router_scores"> {
  let summary = "one score per token and route: scale * <x, u>";
  let description = [{
    `s[b, r, n] = scale * <x[b, n, :], u[r, :]>` (CoLT5 section 3.1). With `similarity = cosine` both
    vectors are first divided by `max(norm, 1e-12)`. Masked tokens score -inf. The sum runs in f32
    (f64 for f64).

    | operand | shape | type |
    |---|---|---|
    | `x` | BxNxD | T |
    | `u` | RxD or BxRxD | T |
    | `mask` | BxN or BxRxN | i1 |
    | `outs` | BxRxN | f32 (f64 when T is f64) |

    - `router_scores_c0`: tensors and memrefs are not mixed; results are the tensors of `outs`, exactly one.
    - `router_scores_c1`: `x` is rank 3, `u` rank 2 or 3, `outs` rank 3.
    - `router_scores_c2`: T is f16, bf16, f32 or f64; `u` has the element type of `x`; `outs` has the score type.
    - `router_scores_c3`: `mask` has element type i1 and shape BxN or BxRxN.
    - `router_scores_c4`: B, N, R and D agree among all operands.
    - `router_scores_c5`: `scale` is finite.

    Example:
    ```mlir
    %s = colt5.router_scores ins(%x, %u : tensor<2x?x768xf32>, tensor<1x768xf32>)
           mask(%mask : tensor<2x?xi1>) outs(%init : tensor<2x1x?xf32>) -> tensor<2x1x?xf32>
    ```
  }];
  let arguments = (ins Colt5_Shaped:$x, Colt5_Shaped:$u, Optional<Colt5_Shaped>:$mask,
                       Variadic<Colt5_Shaped>:$outs,
                       DefaultValuedAttr<Colt5_SimilarityAttr, "::mlir::colt5::Similarity::Dot">:$similarity,
                       DefaultValuedAttr<F64Attr, "1.0">:$scale);
}

def Colt5_SoftTopKOp : Colt5_StructuredOp<"soft_topk"> {
  let summary = "soft top-k weights by coordinate descent";
  let description = [{
    Weights in [0, 1] that sum to about `k_norm` (Qian et al. 2022, arXiv 2211.01267, eq. 4 and 5; CoLT5
    appendix C uses eps = 1, 50 iterations). The descent is iterated literally, in its scalar form: with
    `LSE` over the valid tokens,

    ```
    a_1     = eps_0 * (ln k_norm - LSE(s / eps_0))            init = zero
    a_1     = eps_0 * (ln k_norm - ln n_valid)                init = neg
    a_{t+1} = eps_t * (ln k_norm - LSE(min(s, -a_t) / eps_t))
    w       = exp(min(s + a_T, 0) / eps_T)
    ```

    where `eps_t = max(eps_init * eps_decay^t, eps)`: `a_1` to `a_T` use eps_0 to eps_{T-1}, the weights use the
    value after the last decay. The number of iterations is part of the meaning.
    `overflow = ones` gives weight 1 to every valid token when `k_norm >= n_valid`; `iterate` keeps
    iterating. `solver = exact` returns the optimum instead. With `block = L` every full run of L tokens
    is its own problem with `k_norm` divided evenly; the tail gets 0. Masked tokens and tokens with
    a score of NaN or -inf get 0 and do not count as valid; +inf is clamped to the largest finite s for
    which s / eps is finite. A `k_norm` of 0, or below, or NaN selects nothing: every weight is 0.

    | operand | shape | type |
    |---|---|---|
    | `scores` | BxRxN | f32 or f64 |
    | `k_norm` | scalar or BxR | the score type |
    | `mask` | BxN or BxRxN | i1 |
    | `outs` | BxRxN | the score type |

    - `soft_topk_c0`: tensors and memrefs are not mixed; results are the tensors of `outs`, exactly one.
    - `soft_topk_c1`: `scores` and `outs` are rank 3 with one shape and score type.
    - `soft_topk_c2`: `k_norm` is a scalar or BxR, of the score type.
    - `soft_topk_c3`: `mask` has element type i1 and shape BxN or BxRxN.
    - `soft_topk_c4`: `eps > 0`, `eps_init > 0` when given, `0 < eps_decay <= 1`.
    - `soft_topk_c5`: `iterations >= 1`.
    - `soft_topk_c6`: `block >= 1` and N has at least one full block, when `block` is given.
    - `soft_topk_c7`: with `solver = exact` no option of the descent differs from its default: `eps_init`, `eps_decay`,
      `iterations`, `init`, `overflow`.

    Example:
    ```mlir
    %w = colt5.soft_topk ins(%s, %k : tensor<2x1x4096xf32>, f32) mask(%mask : tensor<2x4096xi1>)
           outs(%init : tensor<2x1x4096xf32>) {eps = 1.0, iterations = 50} -> tensor<2x1x4096xf32>
    ```
  }];
  let arguments = (ins Colt5_Shaped:$scores, AnyType:$k_norm, Optional<Colt5_Shaped>:$mask,
                       Variadic<Colt5_Shaped>:$outs,
                       DefaultValuedAttr<F64Attr, "1.0">:$eps,
                       DefaultValuedAttr<I64Attr, "50">:$iterations,
                       DefaultValuedAttr<Colt5_DescentInitAttr, "::mlir::colt5::DescentInit::Zero">:$init,
                       OptionalAttr<F64Attr>:$eps_init,
                       DefaultValuedAttr<F64Attr, "1.0">:$eps_decay,
                       DefaultValuedAttr<Colt5_OverflowAttr, "::mlir::colt5::Overflow::Ones">:$overflow,
                       DefaultValuedAttr<Colt5_SolverAttr, "::mlir::colt5::Solver::Iterate">:$solver,
                       OptionalAttr<I64Attr>:$block);
}

def Colt5_TopKOp : Colt5_StructuredOp<"topk"> {
  let summary = "exact selection of K tokens";
  let description = [{
    Selects the first K tokens in this order: unmasked before masked, then score descending (NaN counts
    as -inf, -0.0 equals +0.0), then index ascending (descending with `tie = highest_index`).
    A mask hides the score: masked tokens are ordered by index alone. `valid = mask[idx]`. When K > N the surplus slots hold idx = -1, valid = 0 and come last. With
    `order = index` the slots are ascending in index, with `order = score` in selection order.
    `values`, when asked for, are the scores of the slots, -inf at masked and -1 slots.

    With `block = L` every full run of L tokens is its own problem with `K / floor(N / L)` slots; slots
    are block-major and the tail is never selected.

    `topk` proves `unique`, `in range` and, with `order = index`, `sorted` for the ops that use `idx`.

    | operand | shape | type |
    |---|---|---|
    | `scores` | BxRxN | f32 or f64 |
    | `mask` | BxN or BxRxN | i1 |
    | `outs[0]` idx | BxRxK | i32 |
    | `outs[1]` valid | BxRxK | i1 |
    | `outs[2]` values (optional) | BxRxK | the score type |

    - `topk_c0`: tensors and memrefs are not mixed; results are the tensors of `outs`.
    - `topk_c1`: `scores` is rank 3 of f32 or f64.
    - `topk_c2`: `idx` and `valid` (and `values`) have the same rank 3 shape and share B and R with `scores`.
    - `topk_c3`: `idx` is i32, `valid` i1, `values` the score type.
    - `topk_c4`: `mask` has element type i1 and shape BxN or BxRxN.
    - `topk_c5`: there are two or three `outs`.
    - `topk_c6`: `block >= 1`, N has at least one full block and K is a multiple of their number, when `block` is given.
    - `topk_c7`: N is at most 2^31 - 1, which an i32 can name; checked when the function runs where it is dynamic.

    Example:
    ```mlir
    %idx, %valid = colt5.topk ins(%s : tensor<2x1x4096xf32>) mask(%mask : tensor<2x4096xi1>)
        outs(%i, %v : tensor<2x1x256xi32>, tensor<2x1x256xi1>) {tie = lowest_index}
        -> (tensor<2x1x256xi32>, tensor<2x1x256xi1>)
    ```
  }];
  let arguments = (ins Colt5_Shaped:$scores, Optional<Colt5_Shaped>:$mask, Variadic<Colt5_Shaped>:$outs,
                       DefaultValuedAttr<Colt5_TieBreakAttr, "::mlir::colt5::TieBreak::LowestIndex">:$tie,
                       DefaultValuedAttr<Colt5_SlotOrderAttr, "::mlir::colt5::SlotOrder::Index">:$order,
                       OptionalAttr<I64Attr>:$block);
  let extraClassDeclaration = structuredDecls # [{
    ::mlir::Value getIndicesInit() { return getOuts()[0]; }
    ::mlir::Value getValidInit() { return getOuts()[1]; }
    /// Null when the op does not return scores.
    ::mlir::Value getValuesInit() { return getOuts().size() > 2 ? getOuts()[2] : ::mlir::Value(); }
  }];
}

#endif // COLT5_DIALECT_COLT5_IR_COLT5ROUTINGOPS_TD

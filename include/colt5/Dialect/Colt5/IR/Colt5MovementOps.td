//===- Colt5MovementOps.td - Rows in and out ---------------*- tablegen -*-===//

#ifndef COLT5_DIALECT_COLT5_IR_COLT5MOVEMENTOPS_TD
#define COLT5_DIALECT_COLT5_IR_COLT5MOVEMENTOPS_TD

include "colt5/Dialect/Colt5/IR/Colt5Attrs.td"

def Colt5_GatherOp : Colt5_StructuredOp<"gather"> {
  let summary = "rows of `source` at `idx`";
  let description = [{
    `outs[batch, (r,) k, ...] = scale[batch, (r,) k] * source[batch, idx[batch, (r,) k], ...]`. The first
    `batch_dims` dimensions of `source`, `idx` and `outs` are common; the next dimension of `source` is
    indexed; the rest is copied. Slots with idx = -1, or with `valid = 0`, give zeros (false for i1). The
    product with `scale` is computed in the wider of both types and rounded once. `batch_dims = 2` picks
    `w[b, r, idx]`. Works on any element type: rows, masks, positions, keys and values.

    | operand | shape | type |
    |---|---|---|
    | `source` | [batch..., N, rest...] | any |
    | `idx` | [batch..., (R,) K] | i32 |
    | `valid` | like `idx` | i1 |
    | `scale` | like `idx` | floating point |
    | `outs` | [batch..., (R,) K, rest...] | element type of `source` |

    - `gather_c0`: tensors and memrefs are not mixed; results are the tensors of `outs`, exactly one.
    - `gather_c1`: `0 <= batch_dims < rank(source)` and `idx` has at least `batch_dims` dimensions.
    - `gather_c2`: `source`, `idx` and `outs` agree in the batch dimensions, `outs` ends with the rest dimensions.
    - `gather_c3`: the dimensions of `outs` after the batch are those of `idx` after the batch, then the rest.
    - `gather_c4`: `idx` is i32, `valid` i1, both of one shape; `scale` is floating point of that shape.
    - `gather_c5`: `outs` has the element type of `source`; `scale` needs a floating-point `source`.
    - `gather_c6`: constant indices are -1 or in [0, N).
    - `gather_c7`: N is at most 2^31 - 1, which an i32 can name; checked when the function runs where it is dynamic.

    Example:
    ```mlir
    %rows = colt5.gather ins(%x, %idx : tensor<2x?x768xf32>, tensor<2x256xi32>)
        scale(%w : tensor<2x256xf32>) outs(%init : tensor<2x256x768xf32>) {unique, sorted}
        -> tensor<2x256x768xf32>
    ```
  }];
  let arguments = (ins Colt5_Shaped:$source, Colt5_Shaped:$indices, Optional<Colt5_Shaped>:$valid,
                       Optional<Colt5_Shaped>:$scale, Variadic<Colt5_Shaped>:$outs,
                       DefaultValuedAttr<I64Attr, "1">:$batch_dims,
                       UnitAttr:$unique, UnitAttr:$sorted, UnitAttr:$trusted);
}

def Colt5_ScatterCombineOp : Colt5_StructuredOp<"scatter_combine"> {
  let summary = "base with weighted rows added (or set) at `idx`";
  let description = [{
    `combine = add`: `outs[b, idx[b, (r,) k], :] += weight[b, (r,) k] * y[b, (r,) k, :]`, routes in route
    order, computed in f32 (f64 for f64) and rounded once per route. `combine = set`: the row is replaced
    by `weight * y`; among repeated indices of one route the last slot wins. Slots with idx = -1 or
    `valid = 0` are skipped. A base filled with a learned vector gives "null query rows".

    | operand | shape | type |
    |---|---|---|
    | `y` | BxKxD or BxRxKxD | T |
    | `idx` | BxK or BxRxK | i32 |
    | `valid` | like `idx` | i1 |
    | `weight` | like `idx` | f32 (f64 when T is f64) |
    | `outs` base | BxNxD | floating point |

    - `scatter_combine_c0`: tensors and memrefs are not mixed; results are the tensors of `outs`, exactly one.
    - `scatter_combine_c1`: `y` is rank 3 or 4, `idx` has the leading dimensions of `y` without D.
    - `scatter_combine_c2`: `idx` is i32, `valid` i1 and `weight` the score type, all of one shape.
    - `scatter_combine_c3`: the base is rank 3 and shares B and D with `y`.
    - `scatter_combine_c4`: base and `y` are floating point.
    - `scatter_combine_c5`: constant indices are -1 or in [0, N).
    - `scatter_combine_c6`: N is at most 2^31 - 1, which an i32 can name; checked when the function runs where it is dynamic.

    Example:
    ```mlir
    %out = colt5.scatter_combine ins(%y, %idx : tensor<2x256x768xf32>, tensor<2x256xi32>)
        weight(%w : tensor<2x256xf32>) outs(%light : tensor<2x?x768xf32>) {combine = add, unique}
        -> tensor<2x?x768xf32>
    ```
  }];
  let arguments = (ins Colt5_Shaped:$updates, Colt5_Shaped:$indices, Optional<Colt5_Shaped>:$valid,
                       Optional<Colt5_Shaped>:$weight, Variadic<Colt5_Shaped>:$outs,
                       DefaultValuedAttr<Colt5_CombineKindAttr, "::mlir::colt5::CombineKind::Add">:$combine,
                       UnitAttr:$unique, UnitAttr:$sorted, UnitAttr:$trusted);
}

def Colt5_BlockSummaryOp : Colt5_StructuredOp<"block_summary"> {
  let summary = "T-Global side tokens and the block id of every token";
  let description = [{
    LongT5's transient global tokens (Guo et al. 2022, section 3.2.2): with L valid tokens in a row and
    `nf = floor(L / size)` full blocks, token i < L belongs to block `min(floor(i / size), nf - 1)`, or to
    none (-1) when nf = 0; with `orphans = drop`, tokens after the last full block belong to none.
    `summary[b, p, :]` is the sum or mean of the tokens of block p (a mean divides by the number of tokens
    in the block, orphans included), 0 for dead blocks. `valid[b, p] = p < nf`. The mask must be a prefix
    of ones; at run time a row that is not sets the error word and is read as its longest prefix.

    | operand | shape | type |
    |---|---|---|
    | `x` | BxNxD | T |
    | `mask` | BxN | i1 |
    | `outs[0]` summary | BxPxD with P = floor(N / size) | T |
    | `outs[1]` valid | BxP | i1 |
    | `outs[2]` block | BxN | i32 |

    - `block_summary_c0`: tensors and memrefs are not mixed; results are the tensors of `outs`.
    - `block_summary_c1`: `x` is rank 3; there are three `outs` of rank 3, 2 and 2.
    - `block_summary_c2`: types are T, i1, i32; the mask is i1.
    - `block_summary_c3`: B, N and D agree; P = floor(N / size) when static.
    - `block_summary_c4`: `size >= 1`.
    - `block_summary_c5`: N is at most 2^31 - 1, which an i32 can name; checked when the function runs where it is dynamic.

    Example:
    ```mlir
    %s, %valid, %block = colt5.block_summary ins(%x : tensor<2x4096x768xf32>) mask(%m : tensor<2x4096xi1>)
        outs(%i0, %i1, %i2 : tensor<2x256x768xf32>, tensor<2x256xi1>, tensor<2x4096xi32>) {size = 16}
        -> (tensor<2x256x768xf32>, tensor<2x256xi1>, tensor<2x4096xi32>)
    ```
  }];
  let arguments = (ins Colt5_Shaped:$x, Optional<Colt5_Shaped>:$mask, Variadic<Colt5_Shaped>:$outs,
                       DefaultValuedAttr<I64Attr, "16">:$size,
                       DefaultValuedAttr<Colt5_BlockReduceAttr, "::mlir::colt5::BlockReduce::Sum">:$reduce,
                       DefaultValuedAttr<Colt5_OrphansAttr, "::mlir::colt5::Orphans::Adopt">:$orphans);
}

def Colt5_RmsScaleOp : Colt5_StructuredOp<"rms_scale"> {
  let summary = "1 / sqrt(mean(x^2) + eps) of every row";
  let description = [{
    The row factor of T5's RMSNorm, with statistics in f32 (f64 for f64); masked rows give 0. A contraction
    may read `x` unnormalised and apply the factor to its rows. Where `mean(x^2) + eps` is 0 the factor is 0, so
    that a zero row stays a zero row with `eps = 0`. Squares that underflow in f32 are 0: with `eps = 0` a row
    of elements that are all below 2^-75 counts as a zero row.

    | operand | shape | type |
    |---|---|---|
    | `x` | [batch..., D] | T |
    | `mask` | [batch...] | i1 |
    | `outs` | [batch...] | f32 (f64 when T is f64) |

    - `rms_scale_c0`: tensors and memrefs are not mixed; results are the tensors of `outs`, exactly one.
    - `rms_scale_c1`: `outs` and `mask` have the shape of `x` without its last dimension.
    - `rms_scale_c2`: `x` is floating point, `outs` the score type, `mask` i1.
    - `rms_scale_c3`: `eps >= 0`.

    Example:
    ```mlir
    %r = colt5.rms_scale ins(%x : tensor<2x?x768xf32>) mask(%m : tensor<2x?xi1>) outs(%init : tensor<2x?xf32>)
        {eps = 1.0e-6} -> tensor<2x?xf32>
    ```
  }];
  let arguments = (ins Colt5_Shaped:$x, Optional<Colt5_Shaped>:$mask, Variadic<Colt5_Shaped>:$outs,
                       DefaultValuedAttr<F64Attr, "1.0e-6">:$eps);
}

def Colt5_RopeOp : Colt5_StructuredOp<"rope", [], /*hasOptionalClauses=*/0> {
  let summary = "rotary embedding at the given positions";
  let description = [{
    Rotates pairs of components by the angle `pos * theta^(-2 i / C)` (Su et al. 2021, arXiv 2104.09864):
    `(x1 cos - x2 sin, x2 cos + x1 sin)`. `layout = half` pairs component i with i + C/2, `interleaved`
    pairs 2i with 2i + 1. The angle is accurate to 1e-6 up to position 2^20; position -1 copies the row.

    | operand | shape | type |
    |---|---|---|
    | `x` | BxHxQxC | T |
    | `pos` | BxQ or BxGxQ, H a multiple of G | i32 |
    | `outs` | BxHxQxC | T |

    - `rope_c0`: tensors and memrefs are not mixed; results are the tensors of `outs`, exactly one.
    - `rope_c1`: `x` and `outs` are rank 4 with one shape and element type T.
    - `rope_c2`: `pos` is i32 of shape BxQ or BxGxQ, H a multiple of G.
    - `rope_c3`: C is even.
    - `rope_c4`: `theta > 0`.

    Example:
    ```mlir
    %r = colt5.rope ins(%q, %pos : tensor<2x8x256x64xf32>, tensor<2x256xi32>)
        outs(%init : tensor<2x8x256x64xf32>) {layout = half} -> tensor<2x8x256x64xf32>
    ```
  }];
  let arguments = (ins Colt5_Shaped:$x, Colt5_Shaped:$pos, Variadic<Colt5_Shaped>:$outs,
                       DefaultValuedAttr<F64Attr, "10000.0">:$theta,
                       DefaultValuedAttr<Colt5_RopeLayoutAttr, "::mlir::colt5::RopeLayout::Half">:$layout);
}

#endif // COLT5_DIALECT_COLT5_IR_COLT5MOVEMENTOPS_TD

#ifndef COLT5_DIALECT_COLT5_INTERFACES_TILING_H
#define COLT5_DIALECT_COLT5_INTERFACES_TILING_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace mlir::colt5 {

/// Makes every primitive implement `TilingInterface`.
///
/// | op | loops | not tiled |
/// |---|---|---|
/// | `router_scores` | B, R, N | D |
/// | `soft_topk`, `topk` | B, R | N, K |
/// | `gather` | every dimension of the result | N |
/// | `scatter_combine` | B, (R,) K, D; R and K are reductions | N |
/// | `block_summary` | B, D; D is a reduction, since `valid` and `block` do not depend on it | N, P |
/// | `rms_scale` | the batch dimensions | D |
/// | `rope` | B, H, Q | C |
/// | `attention` | B, H, Q | C, S |
/// | `online_attention` | B, H, Q, S; S is a reduction | C |
///
/// Tiling fails where a tile cannot be expressed: a tile of heads must lie inside one group or consist of
/// whole groups, and a tile of queries must do the same with the blocks of `kv_idx` (size 1 and "not tiled"
/// always work); S is not tiled together with `kv_idx`; K of a `scatter_combine` without `unique` is not
/// tiled when the base is narrower than f32, because a row that occurs twice would be rounded twice.
void registerTilingInterfaceExternalModels(DialectRegistry &registry);

} // namespace mlir::colt5

#endif // COLT5_DIALECT_COLT5_INTERFACES_TILING_H

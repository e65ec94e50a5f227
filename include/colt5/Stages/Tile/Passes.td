//===- Passes.td - Passes on the colt5 dialect -------------*- tablegen -*-===//

#ifndef COLT5_STAGES_TILE_PASSES_TD
#define COLT5_STAGES_TILE_PASSES_TD

include "mlir/Pass/PassBase.td"

def Colt5Tile : Pass<"colt5-tile"> {
  let summary = "Apply the plan: one mapped scf.forall per kernel";
  let description = [{
    **Precondition.** `colt5-plan`; `colt5-claim-kernels` has taken the kernels of families that write whole
    kernels. **Effect.** Replaces each kernel by an `scf.forall` over the
    tiles of its root, mapped with `#colt5.tile<0>`, ... and carrying the plan. Inside it the root and its fused
    producers work on tiles; a producer tile that several ops need is computed once. A kernel with one tile is a
    loop with one iteration. The slots of a `unique` scatter are spread over tiles that write through
    `colt5.parallel_scatter`; any other scatter keeps its slots together. **Postcondition.** Every compute op is
    inside a mapped `scf.forall` or a `colt5.kernel`; no two tiles write the same element. Numbers do not change.
  }];
  let dependentDialects = ["::mlir::colt5::Colt5Dialect", "::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect", "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
  let statistics = [
    Statistic<"numLoops", "loops", "Kernels turned into loops">,
  ];
}

#endif // COLT5_STAGES_TILE_PASSES_TD

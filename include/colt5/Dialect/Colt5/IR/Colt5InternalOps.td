//===- Colt5InternalOps.td - Ops between stages ------------*- tablegen -*-===//

#ifndef COLT5_DIALECT_COLT5_IR_COLT5INTERNALOPS_TD
#define COLT5_DIALECT_COLT5_IR_COLT5INTERNALOPS_TD

include "colt5/Dialect/Colt5/IR/Colt5Attrs.td"
include "mlir/Interfaces/ParallelCombiningOpInterface.td"

def Colt5_ParallelScatterOp : Colt5_Op<"parallel_scatter", [
    AttrSizedOperandSegments,
    DeclareOpInterfaceMethods<ParallelCombiningOpInterface, ["getUpdatedDestinations", "getIteratingParent"]>]> {
  let summary = "one tile's part of a scatter into a shared result";
  let description = [{
    Internal: written by `colt5-tile`. Stands in the `in_parallel` region of a mapped `scf.forall` and means, for
    the result that `dest` belongs to, `colt5.scatter_combine` of `updates` (Bt x (R x) Kt x Dt) at `idx` into
    rows of `dest` (BxNxD), in the box that starts at batch `batch` and column `column`:

    ```
    dest[batch + b, idx[b, (r,) k], column + d] += weight[b, (r,) k] * updates[b, (r,) k, d]
    ```

    Slots with idx = -1 or `valid = 0` are skipped. Different tiles must not touch the same element: when slots
    are spread over tiles, `unique` is required. Bufferizes in place to a `colt5.scatter_combine` before the
    terminator.

    - `parallel_scatter_c1`: it stands in the `in_parallel` region of an `scf.forall` with a mapping.
    - `parallel_scatter_c2`: `dest`, a shared output of that loop, is of rank 3 and floating point.
    - `parallel_scatter_c3`: `updates` is rank 3 or 4, floating point; `idx` is i32 and has the leading dimensions
      of `updates` without D.
    - `parallel_scatter_c4`: `valid` is i1 and `weight` the score type, of the shape of `idx`.

    Example:
    ```mlir
    scf.forall.in_parallel {
      colt5.parallel_scatter %y at %idx weight(%w : tensor<1x64xf32>) into %out[%b, %d] {unique}
          : tensor<1x64x256xf32>, tensor<1x64xi32>, tensor<2x4096x768xf32>
    }
    ```
  }];
  let arguments = (ins AnyRankedTensor:$updates, AnyRankedTensor:$indices, Optional<AnyRankedTensor>:$valid,
                       Optional<AnyRankedTensor>:$weight, AnyRankedTensor:$dest, Index:$batch, Index:$column,
                       DefaultValuedAttr<Colt5_CombineKindAttr, "::mlir::colt5::CombineKind::Add">:$combine,
                       UnitAttr:$unique, UnitAttr:$sorted, UnitAttr:$trusted);
  let assemblyFormat = [{
    $updates `at` $indices (`valid` `(` $valid^ `:` type($valid) `)`)? (`weight` `(` $weight^ `:` type($weight) `)`)?
    `into` $dest `[` $batch `,` $column `]` attr-dict `:` type($updates) `,` type($indices) `,` type($dest)
  }];
  let hasVerifier = 1;
}

#endif // COLT5_DIALECT_COLT5_IR_COLT5INTERNALOPS_TD

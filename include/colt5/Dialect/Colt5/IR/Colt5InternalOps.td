//===- Colt5InternalOps.td - Ops between stages ------------*- tablegen -*-===//

#ifndef COLT5_DIALECT_COLT5_IR_COLT5INTERNALOPS_TD
#define COLT5_DIALECT_COLT5_IR_COLT5INTERNALOPS_TD

include "colt5/Dialect/Colt5/IR/Colt5Attrs.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/ParallelCombiningOpInterface.td"

def Colt5_ParallelScatterOp : Colt5_Op<"parallel_scatter", [
    AttrSizedOperandSegments,
    DeclareOpInterfaceMethods<ParallelCombiningOpInterface, ["getUpdatedDestinations", "getIteratingParent"]>]> {
  let summary = "one tile's part of a scatter into a shared result";
  let description = [{
    Internal: written by `colt5-tile`. It is in the `in_parallel` region of a mapped `scf.forall` and means, for
    the result that `dest` belongs to, `colt5.scatter_combine` of `updates` (Bt x (R x) Kt x Dt) at `idx` into
    rows of `dest` (BxNxD), in the box that starts at batch `batch` and column `column`:

    ```
    dest[batch + b, idx[b, (r,) k], column + d] += weight[b, (r,) k] * updates[b, (r,) k, d]
    ```

    Slots with idx = -1 or `valid = 0` are skipped. Different tiles must not touch the same element: when slots
    are spread over tiles, `unique` is required. Bufferizes in place to a `colt5.scatter_combine` before the
    terminator.

    - `parallel_scatter_c1`: it is in the `in_parallel` region of an `scf.forall` with a mapping.
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

def Colt5_LaunchOp : Colt5_Op<"launch", [
    AttrSizedOperandSegments, DestinationStyleOpInterface,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "runs a finished GPU kernel on tensors or memrefs";
  let description = [{
    Internal: written by the builder families (`colt5-build-kernels`) in place of a tiled loop. Runs `kernel`, a
    `gpu.func` in a `gpu.module`, on a grid of `grid` blocks (1 to 3 sizes, x first) of the size that its
    `known_block_size` says. The kernel has one parameter per operand of `inputs` and `outs`, in this order: a
    memref for a shaped operand, and scalars as they are. It must write every element of `outs` that a result
    needs. A grid with a size of 0 runs nothing. On tensors there is one result per operand of `outs`; bufferizes
    like a linalg op, in place where it can.

    - `launch_c1`: `kernel` names a `gpu.func` with the attribute `gpu.kernel` and a `known_block_size`.
    - `launch_c2`: the kernel has one parameter per operand; rank and element type of a shaped operand are those
      of its parameter, other types are equal.
    - `launch_c3`: the shaped operands are all tensors or all memrefs, and the results are the tensors of `outs`.
    - `launch_c4`: `grid` has 1 to 3 sizes.

    Example:
    ```mlir
    builtin.module attributes {gpu.container_module} {
      gpu.module @colt5_kernels {
        gpu.func @select(%s: memref<?x?x?xf32>, %i: memref<?x?x?xi32>) kernel
            attributes {known_block_size = array<i32: 256, 1, 1>} {
          gpu.return
        }
      }
      func.func @f(%s: tensor<1x2x4096xf32>, %i: tensor<1x2x256xi32>) -> tensor<1x2x256xi32> {
        %rows = arith.constant 2 : index
        %r = colt5.launch @colt5_kernels::@select grid(%rows) ins(%s : tensor<1x2x4096xf32>)
            outs(%i : tensor<1x2x256xi32>) -> (tensor<1x2x256xi32>)
        return %r : tensor<1x2x256xi32>
      }
    }
    ```
  }];
  let arguments = (ins SymbolRefAttr:$kernel, Variadic<Index>:$grid, Variadic<AnyType>:$inputs,
                       Variadic<Colt5_Shaped>:$outs);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    $kernel `grid` `(` $grid `)` (`ins` `(` $inputs^ `:` type($inputs) `)`)?
    (`outs` `(` $outs^ `:` type($outs) `)`)? attr-dict (`->` `(` type($results)^ `)`)?
  }];
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getOutsMutable(); }
  }];
  let hasVerifier = 1;
}

#endif // COLT5_DIALECT_COLT5_IR_COLT5INTERNALOPS_TD

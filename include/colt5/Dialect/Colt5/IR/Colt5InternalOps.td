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

def Colt5_KernelOp : Colt5_Op<"kernel", [
    AttrSizedOperandSegments, DestinationStyleOpInterface, IsolatedFromAbove, SingleBlock,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
    DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface, ["reifyResultShapes"]>]> {
  let summary = "a kernel that one family writes as a whole: its operands, and what it computes";
  let description = [{
    Internal: written by `colt5-claim-kernels` at the start of stage tile in place of the ops of one planned kernel,
    and replaced by `colt5-emit-kernels` in stage gpu, where the family that `plan` names writes the code.

    The region says what the kernel computes, in ops on whole tensors. It has one argument per operand, first those of
    `inputs`, then those of `outs`, and yields the values of the first outs. An out without a yielded value is
    *scratch*: global memory of the kernel, undefined before and after it. A kernel can read what it has written to
    its outs, scratch or not. It reads what an out held before only if the region reads the argument of the out.

    On tensors there is one result per out. Bufferization replaces the operands by memrefs of any layout and leaves
    the region, which stays on tensors, as it is. In place of a tensor or memref an argument has its element type and
    rank; a size can be static in one of the two and dynamic in the other.

    - `kernel_c1`: the region has one argument per operand. That of a tensor or memref is a ranked tensor with its
      element type and a compatible shape; that of any other operand has its type.
    - `kernel_c2`: the shaped operands are all tensors or all memrefs, and the results are the tensors of `outs`.
    - `kernel_c3`: the region ends in `colt5.yield` of at least one value and at most one per out, each with the type
      of the argument of its out.
    - `kernel_c4`: nothing uses scratch: neither the region its argument, nor any op its result.
    - `kernel_c5`: the region contains no memref.

    Example:
    ```mlir
    // A selection in score order, with scratch memory for the sort.
    %idx, %valid, %none = colt5.kernel #colt5.plan<kernel = 0, role = root, schedule = #colt5.select<tile = [1, 1]>>
        ins(%s : tensor<1x2x?xf32>) outs(%i, %v, %scratch : tensor<1x2x?xi32>, tensor<1x2x?xi1>, tensor<1x2x?xi32>) {
    ^bb0(%scores: tensor<1x2x?xf32>, %i_out: tensor<1x2x?xi32>, %v_out: tensor<1x2x?xi1>, %unused: tensor<1x2x?xi32>):
      %0:2 = colt5.topk ins(%scores : tensor<1x2x?xf32>) outs(%i_out, %v_out : tensor<1x2x?xi32>, tensor<1x2x?xi1>)
          {order = score} -> (tensor<1x2x?xi32>, tensor<1x2x?xi1>)
      colt5.yield %0#0, %0#1 : tensor<1x2x?xi32>, tensor<1x2x?xi1>
    } -> (tensor<1x2x?xi32>, tensor<1x2x?xi1>, tensor<1x2x?xi32>)
    ```
  }];
  let arguments = (ins Colt5_Plan:$plan, Variadic<AnyType>:$inputs, Variadic<Colt5_Shaped>:$outs);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    qualified($plan) (`ins` `(` $inputs^ `:` type($inputs) `)`)? (`outs` `(` $outs^ `:` type($outs) `)`)?
    attr-dict-with-keyword $body (`->` `(` type($results)^ `)`)?
  }];
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getOutsMutable(); }
    /// What the region yields, one value for each of the first outs.
    ::mlir::OperandRange getYielded();
    /// The arguments of the region that stand for inputs and for outs.
    ::mlir::Block::BlockArgListType getInputArguments();
    ::mlir::Block::BlockArgListType getOutArguments();
    /// Whether out `number` is memory of the kernel's own.
    bool isScratch(unsigned number) { return number >= getYielded().size(); }
    /// Whether the kernel reads what the memory of `operand` held before.
    bool readsOperand(::mlir::OpOperand &operand);
  }];
  let hasFolder = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}

def Colt5_LaunchOp : Colt5_Op<"launch", [
    AttrSizedOperandSegments, DestinationStyleOpInterface,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "runs a finished GPU kernel on tensors or memrefs";
  let description = [{
    Internal: written by `colt5-emit-kernels` in place of a `colt5.kernel`. Runs `kernel`, a
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

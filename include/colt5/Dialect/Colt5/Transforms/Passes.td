//===- Passes.td - Passes on the colt5 dialect -------------*- tablegen -*-===//

#ifndef COLT5_DIALECT_COLT5_TRANSFORMS_PASSES_TD
#define COLT5_DIALECT_COLT5_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def Colt5DeriveIndexFacts : Pass<"colt5-derive-index-facts"> {
  let summary = "Derive unique, sorted and trusted for indices that come from a selection";
  let description = [{
    **Precondition.** Any IR. **Effect.** Follows the index operand of every `colt5.gather`, `colt5.scatter_combine`
    and `colt5.conditional` (and `kv_idx` of the attention ops) back through slices, reshapes and casts to its
    source. Indices of `colt5.topk` are unique and in range of the tokens they were selected from, and sorted with
    `order = index`; constant indices are what they are. Facts that hold are set on the op. `trusted`, which removes
    the run-time range check, is set only when the selected tokens and the indexed rows provably have the same
    extent, or with the option `trust`, which says that the caller vouches for every index. **Postcondition.** No
    fact is removed; every other added fact holds for every input. Numbers do not change.
  }];
  let options = [
    Option<"trust", "trust", "bool", "false", "Every index is -1 or in range, without proof">,
  ];
  let statistics = [
    Statistic<"numUnique", "unique", "Ops that became unique">,
    Statistic<"numSorted", "sorted", "Ops that became sorted">,
    Statistic<"numTrusted", "trusted", "Ops that lost their range check">,
  ];
}

def Colt5InferSizes : Pass<"colt5-infer-sizes", "::mlir::ModuleOp"> {
  let summary = "Find out which sizes of a public function have to be equal, and name them";
  let description = [{
    **Precondition.** Tensors. **Effect.** Gives every tensor argument and result of a public function with a dynamic
    size the attribute `colt5.sizes`: for each dimension the size, or a name that every other size has that must
    be equal to it. A scalar that is such a size, or a number of tokens, gets `colt5.size`. Names that the user
    wrote stay and hold for all equal sizes; the others are called after the scalar, or after the first argument
    and its dimension (`x_1`). What has to be equal follows from the ops that always run: the constraints of colt5
    ops, the indexing maps of linalg ops, and computations that are the same. Calls are followed; regions of
    `scf.if` and `scf.while` demand nothing. The C interface compares the sizes of each call. Sizes that the
    function computes from others (`ceildivui n, 16`), and rules such as "H is a multiple of G", have no name: the
    companion `@f.size_checks` returns pairs that have to be equal, for the same comparison. In the
    body a scalar that can only be one number is this number, and an argument with such a size is cast to it.
    **Postcondition.** Nothing else changes. Fails where two static sizes can never fit, where two names must be one, and where a name
    stands for a size that can only be a number.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::tensor::TensorDialect"];
}

def Colt5SpecializeSizes : Pass<"colt5-specialize-sizes", "::mlir::ModuleOp"> {
  let summary = "Make sizes static that have a name";
  let description = [{
    **Precondition.** Tensors, after `colt5-infer-sizes`. **Effect.** `sizes` says what named sizes are, for example
    `n=16384,batch=1`. Arguments and results of public functions get the static types, scalars that are such a size
    become constants, and casts carry the sizes into the ops (canonicalization moves them on). The list of arguments
    does not change. **Postcondition.** No size of that name is dynamic. Fails for a name that no function has.
    Numbers do not change.
  }];
  let options = [
    ListOption<"sizes", "sizes", "std::string", "NAME=SIZE for each size to make static">,
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::tensor::TensorDialect"];
}

def Colt5RaiseGather : Pass<"colt5-raise-gather"> {
  let summary = "Turn row gathers written with upstream ops into colt5.gather";
  let description = [{
    **Precondition.** Tensors. **Effect.** Raises `tensor.gather`, and the `linalg.generic` + `tensor.extract`
    spelling of a row gather, to `colt5.gather` (with `batch_dims`). A `tensor.gather` along several dimensions,
    such as a batch coordinate next to the index, becomes a gather of linearized row numbers when their count is
    static and fits 32 bits. What does not match stays as it is. Indices out of range, undefined in the source
    spelling, follow the contract of `colt5.gather` after raising; linearized ones are judged as row numbers.
    **Postcondition.** No raisable gather is left. Numbers do not change where the source was defined.
  }];
  let dependentDialects = ["::mlir::colt5::Colt5Dialect", "::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
  let statistics = [
    Statistic<"numTensorGather", "tensor-gather", "tensor.gather ops raised">,
    Statistic<"numGeneric", "generic", "linalg.generic ops raised">,
  ];
}

def Colt5Decompose : Pass<"colt5-decompose"> {
  let summary = "Replace composite ops by primitives and linalg";
  let description = [{
    **Precondition.** Tensors. **Effect.** Replaces every op that implements `AggregatedOpInterface`, until none is
    left; the pass knows no op by name, so composites of plugins take part. Contractions become `linalg.generic`
    with an f32 accumulator (f64 for f64 data) that starts at 0; 16-bit results are rounded by an elementwise
    generic after it. The gated feed-forward branch is one contraction with two results. Projections write the
    layout of attention. Ops that compute a named part of a composite carry `colt5.part`. **Postcondition.** No op
    implements `AggregatedOpInterface` (of those that `ops` names). Numbers do not change: the result of a composite
    is defined as that of its decomposition.
  }];
  let options = [
    ListOption<"ops", "ops", "std::string", "Decompose only these ops, for example colt5.ffn (default: all)">,
  ];
  let dependentDialects = ["::mlir::colt5::Colt5Dialect", "::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
                           "::mlir::tensor::TensorDialect"];
  let statistics = [Statistic<"numDecomposed", "decomposed", "Ops decomposed">];
}

def Colt5DecomposeAttention : Pass<"colt5-decompose-attention"> {
  let summary = "Write attention as online attention over local keys, then side keys";
  let description = [{
    **Precondition.** Tensors. **Effect.** Replaces every `colt5.attention` by `colt5.online_attention` over the
    local keys, another one over the side keys if there are any, and the final division (and logarithm). This is the
    form that tiles along the keys; no stage needs it. **Postcondition.** No `colt5.attention` is left. Numbers may
    change within the rounding of the statistics.
  }];
  let dependentDialects = ["::mlir::colt5::Colt5Dialect", "::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
                           "::mlir::tensor::TensorDialect"];
  let statistics = [Statistic<"numDecomposed", "decomposed", "Ops decomposed">];
}

def Colt5FoldResidual : Pass<"colt5-fold-residual"> {
  let summary = "Move an addition after a scatter into the base of the scatter";
  let description = [{
    **Precondition.** Tensors. **Effect.** Where a scattered tensor is used only by an addition of two tensors of
    one type (`linalg.add`, `linalg.generic` or `arith.addf`), the addition moves into the base of the scatter, so
    that it can become the epilogue of the op that computes the base. **Postcondition.** No such addition is left.
    Numbers may change by the order of the two additions on the routed rows.
  }];
  let dependentDialects = ["::mlir::colt5::Colt5Dialect", "::mlir::linalg::LinalgDialect"];
  let statistics = [Statistic<"numFolded", "folded", "Additions moved into the base of a scatter">];
}

def Colt5WidenAccumulators : Pass<"colt5-widen-accumulators"> {
  let summary = "Accumulate what is stored in 16 bits in f32, and round it once";
  let description = [{
    **Precondition.** Tensors; best after `colt5-derive-index-facts`. **Effect.** A linalg op that accumulates over a
    loop in f16 or bf16 gets an f32 output and an f32 body, and an elementwise op after it rounds the result. Minima
    and maxima round nothing and stay. `colt5.scatter_combine` that adds to a base narrower than its sums, and that is
    not `unique`, adds to a copy of the base in f32 (f64 for f64 rows), which is rounded after every route; the copy
    takes B x N x D elements of the workspace. **Postcondition.** No partial result of f16 or bf16 is rounded. Numbers
    change: a sum has one rounding in place of one per term.
  }];
  let dependentDialects = ["::mlir::colt5::Colt5Dialect", "::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect", "::mlir::scf::SCFDialect",
                           "::mlir::tensor::TensorDialect"];
  let statistics = [
    Statistic<"numReductions", "reductions", "linalg ops that accumulate in f32 now">,
    Statistic<"numScatters", "scatters", "Scatters that add to a wide copy of their base">,
  ];
}

def Colt5VerifyStage : Pass<"colt5-verify-stage"> {
  let summary = "Check the contract of a stage";
  let description = [{
    **Precondition.** Any IR. **Effect.** None. Reports, with its location, every op that breaks what must hold
    after `stage`: see the table of stages. **Postcondition.** The contract holds, or the pass has failed.
  }];
  let options = [
    Option<"stage", "stage", "std::string", "", "The stage that has the contract, for example decompose">,
  ];
}

def Colt5DetachDestinations : Pass<"colt5-detach-destinations"> {
  let summary = "Give ops a destination of their own where they would overwrite a shared value";
  let description = [{
    **Precondition.** No composite op. **Effect.** Every `outs` operand of a compute op that the op does not read,
    and that is anything but a value with no other use, becomes a `tensor.empty` of the same sizes. In

    ```mlir
    %r = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    %s = linalg.abs ins(%r : tensor<4xf32>) outs(%r : tensor<4xf32>) -> tensor<4xf32>
    ```

    `%s` no longer overwrites `%r`. The kernels that `colt5-plan` forms can then compute both without a copy, in any
    order. A destination that is read (the base of a scatter, an accumulator) stays; `colt5-plan` does not fuse what
    computes it if it is needed elsewhere too, and `colt5-bufferize` copies it. Arguments with
    `bufferization.writable = true` stay as well. **Postcondition.** A destination that is not read has one use.
    Numbers do not change.
  }];
  let dependentDialects = ["::mlir::colt5::Colt5Dialect", "::mlir::tensor::TensorDialect"];
  let statistics = [Statistic<"numDetached", "detached", "Destinations replaced by a new one">];
}

def Colt5CheckInterface : Pass<"colt5-check-interface"> {
  let summary = "Refuse functions that C code cannot call";
  let description = [{
    **Precondition.** Any IR on tensors. **Effect.** None. Reports every argument and result of a public function that
    is neither a ranked tensor nor a scalar of i1, i8, i16, i32, i64, index, f16, bf16, f32 or f64; every tensor or
    memref with elements of another type, for which no memory is planned; and every tensor type with an encoding,
    which would be dropped. Scalars inside a function may have other types. **Postcondition.** No such type
    is left, or the pass has failed.
  }];
}

def Colt5Plan : Pass<"colt5-plan"> {
  let summary = "Decide kernels, tile sizes and families";
  let description = [{
    **Precondition.** No composite op. **Effect.** Writes a `#colt5.plan` into the attribute `colt5.plan` of every
    compute op (linalg ops and colt5 primitives on tensors). A kernel grows from its last op, the root, towards its
    producers: fills, gathers and elementwise ops join the kernel of their users, row statistics that of the
    elementwise op they scale, contractions and attention that of their elementwise or scatter epilogue.
    Contractions and attention never join one another. A producer with a result that is needed outside too joins only if
    its tiles are disjoint. Tile sizes come from the plan on the op if there is one, else from `tile-sizes`, else
    from the target description; `reason` says why. The family comes from the plan on the op, else from `family`, else
    it is the first of the target's that takes the kernel with its tile sizes. What a plan or an option asks for and
    nothing can honour is an error. The only other changes: a `linalg.fill` with several users is
    copied, so that each copy belongs to one kernel, and an op that static sizes of 0 leave nothing to do is
    replaced by its inits. **Postcondition.** Every compute op belongs to exactly one kernel and every kernel has
    one root. Numbers do not change.

    Remarks: one per kernel, category `colt5-plan` (`--remarks-filter=colt5-plan`).
  }];
  let dependentDialects = ["::mlir::colt5::Colt5Dialect"];
  let options = [
    Option<"target", "target", "std::string", "\"cpu\"", "Target description: cpu, cpu-generic, cpu-avx512, ...">,
    ListOption<"tileSizes", "tile-sizes", "int64_t",
               "Tile sizes of every kernel that has as many loops in its root, one at least; 0 leaves a loop whole">,
    Option<"family", "family", "std::string", "",
           "Code generation family of all kernels, loops on a CPU, simt or select on a GPU; empty: chosen for each">,
  ];
  let statistics = [
    Statistic<"numKernels", "kernels", "Kernels">,
    Statistic<"numFused", "fused", "Ops fused into the kernel of another op">,
    Statistic<"numUserPlans", "user-plans", "Ops that came with a plan">,
  ];
}

def Colt5Tile : Pass<"colt5-tile"> {
  let summary = "Apply the plan: one mapped scf.forall per kernel";
  let description = [{
    **Precondition.** `colt5-plan`, and no pass since. **Effect.** Replaces each kernel by an `scf.forall` over the
    tiles of its root, mapped with `#colt5.tile<0>`, ... and carrying the plan. Inside it the root and its fused
    producers work on tiles; a producer tile that several ops need is computed once. A kernel with one tile is a
    loop with one iteration. The slots of a `unique` scatter are spread over tiles that write through
    `colt5.parallel_scatter`; any other scatter keeps its slots together. **Postcondition.** Every compute op is
    inside a mapped `scf.forall`; no two tiles write the same element. Numbers do not change.
  }];
  let dependentDialects = ["::mlir::colt5::Colt5Dialect", "::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect", "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
  let statistics = [
    Statistic<"numLoops", "loops", "Kernels turned into loops">,
  ];
}

#endif // COLT5_DIALECT_COLT5_TRANSFORMS_PASSES_TD

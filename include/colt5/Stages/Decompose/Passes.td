//===- Passes.td - Passes on the colt5 dialect -------------*- tablegen -*-===//

#ifndef COLT5_STAGES_DECOMPOSE_PASSES_TD
#define COLT5_STAGES_DECOMPOSE_PASSES_TD

include "mlir/Pass/PassBase.td"

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

#endif // COLT5_STAGES_DECOMPOSE_PASSES_TD

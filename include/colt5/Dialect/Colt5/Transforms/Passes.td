//===- Passes.td - Passes on the colt5 dialect -------------*- tablegen -*-===//

#ifndef COLT5_DIALECT_COLT5_TRANSFORMS_PASSES_TD
#define COLT5_DIALECT_COLT5_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def Colt5DeriveIndexFacts : Pass<"colt5-derive-index-facts"> {
  let summary = "derive unique, sorted and trusted for indices that come from a selection";
  let description = [{
    **Precondition.** Any IR. **Effect.** Follows the index operand of every `colt5.gather`,
    `colt5.scatter_combine` and `colt5.conditional` (and `kv_idx` of the attention ops) back through slices,
    reshapes and casts to its source. Indices of `colt5.topk` are unique and in range of the tokens they were
    selected from, and sorted with `order = index`; constant indices are what they are. Facts that hold are set
    on the op. `trusted`, which removes the run-time range check, is set only when the selected tokens and the
    indexed rows provably have the same extent. **Postcondition.** No fact is removed; every added fact holds
    for every input. Numbers do not change.
  }];
  let statistics = [
    Statistic<"numUnique", "unique", "Ops that became unique">,
    Statistic<"numSorted", "sorted", "Ops that became sorted">,
    Statistic<"numTrusted", "trusted", "Ops whose range check was removed">,
  ];
}

def Colt5RaiseGather : Pass<"colt5-raise-gather"> {
  let summary = "turn row gathers written with upstream ops into colt5.gather";
  let description = [{
    **Precondition.** Tensors. **Effect.** Raises `tensor.gather`, and the `linalg.generic` + `tensor.extract`
    spelling of a row gather, to `colt5.gather` (with `batch_dims`). A `tensor.gather` along several dimensions,
    such as a batch coordinate beside the index, becomes a gather of linearized row numbers when their count is
    static and fits 32 bits. What does not match stays as it is. An index of -1 or out of range, undefined in the
    source spelling, gives zeros after raising. **Postcondition.** No raisable gather is left. Numbers do not
    change where the source was defined.
  }];
  let dependentDialects = ["::mlir::colt5::Colt5Dialect", "::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
  let statistics = [
    Statistic<"numTensorGather", "tensor-gather", "tensor.gather ops raised">,
    Statistic<"numGeneric", "generic", "linalg.generic ops raised">,
  ];
}

#endif // COLT5_DIALECT_COLT5_TRANSFORMS_PASSES_TD

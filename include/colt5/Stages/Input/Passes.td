//===- Passes.td - Passes on the colt5 dialect -------------*- tablegen -*-===//

#ifndef COLT5_STAGES_INPUT_PASSES_TD
#define COLT5_STAGES_INPUT_PASSES_TD

include "mlir/Pass/PassBase.td"

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

#endif // COLT5_STAGES_INPUT_PASSES_TD

//===- Passes.td - From buffers to vectorised loops --------*- tablegen -*-===//

#ifndef COLT5_CODEGEN_CPU_PASSES_TD
#define COLT5_CODEGEN_CPU_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertColt5ToLoops : Pass<"convert-colt5-to-loops"> {
  let summary = "Lower colt5 primitives on memrefs to loops, vectors and row-sized linalg";
  let description = [{
    **Precondition.** Bufferized code: colt5 primitives have memref operands. **Effect.** Every primitive but the
    attention ops becomes `scf` loops over `memref`, `vector` and `arith`, with whole rows as `linalg` ops that
    `colt5-vectorize-linalg` turns into vector loops. Index errors set the error word of the function.
    **Postcondition.** No colt5 primitive but attention is left. Numbers may change by the order of summation along
    a row, which follows the vector width.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"
  ];
}

def LowerAttention : Pass<"colt5-lower-attention"> {
  let summary = "Lower attention on memrefs to packed flash attention loops";
  let description = [{
    **Precondition.** Bufferized code: `colt5.attention` and `colt5.online_attention` have memref operands.
    **Effect.** Each becomes loops over batches, heads and blocks of queries with an online softmax over blocks of
    64 keys (Milakov and Gimelshein 2018; Dao et al. 2022) in the transposed form. Blocks outside the pattern's key
    range are not visited. Stack use per thread is bounded by the block sizes: 230 KiB for f32 heads of 64, at most
    400 KiB for f32 and 700 KiB for f64. **Postcondition.** No attention op is left. Numbers may change by the order
    of summation, which follows the key blocks; scores and sums are f32 (f64 for f64).
  }];
  let statistics = [Statistic<"numLowered", "lowered", "Attention ops lowered">];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"
  ];
}

def LowerContraction : Pass<"colt5-lower-contraction"> {
  let summary = "Lower contractions on memrefs to packed register-blocked loops";
  let description = [{
    **Precondition.** Bufferized code. **Effect.** Recognises every linalg op on memrefs with the body `out + a * b`
    (inputs possibly extended by `arith.extf`), with any number of batch, m, n and k dimensions, and the gated form
    with two outputs, one shared input and two weights. It must have at least one m, n and k dimension and a 32 or
    64 bit float output. The operands are packed into zero-padded panels on the stack and multiplied by a
    register-blocked kernel of `vector.fma`. A `linalg.fill` with zero directly before is absorbed. Stack use per
    thread is at most 512 KiB for the left and 64 KiB for the right panels plus 4 KiB, per float type, allocated
    once at the top of the outermost `scf.forall` (or the function). **Postcondition.** No recognised contraction is
    left; everything else is untouched. Numbers may change by the order of summation.
  }];
  let statistics = [
    Statistic<"numLowered", "lowered", "Contractions lowered to packed kernels">,
    Statistic<"numFillsAbsorbed", "fills-absorbed", "Zero fills absorbed into a contraction">];
  let dependentDialects = ["::mlir::colt5::Colt5Dialect", "affine::AffineDialect", "arith::ArithDialect",
                           "memref::MemRefDialect", "scf::SCFDialect",
                           "vector::VectorDialect"];
}

def VectorizeLinalg : Pass<"colt5-vectorize-linalg"> {
  let summary = "Lower every remaining linalg op on memrefs to vectorised loops";
  let description = [{
    **Precondition.** Bufferized code. **Effect.** Every linalg op on memrefs becomes an `scf.for` nest. One
    iteration dimension, the one along which most operands are contiguous, is vectorised: a main loop without masks
    and a scalar remainder. Reductions along the vector dimension keep vector accumulators; other reductions run
    vertically with accumulators in registers. What cannot be vectorised gets scalar loops. **Postcondition.** No
    linalg op with buffer semantics is left. Numbers may change by the order of summation along the vector
    dimension.
  }];
  let statistics = [
    Statistic<"numVectorized", "vectorized", "Linalg ops vectorised">,
    Statistic<"numScalar", "scalar", "Linalg ops lowered to scalar loops">];
  let dependentDialects = ["affine::AffineDialect", "arith::ArithDialect", "memref::MemRefDialect", "scf::SCFDialect",
                           "vector::VectorDialect"];
}

#endif // COLT5_CODEGEN_CPU_PASSES_TD

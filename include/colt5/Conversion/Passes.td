//===- Passes.td - Conversion passes -----------------------*- tablegen -*-===//

#ifndef COLT5_CONVERSION_PASSES_TD
#define COLT5_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertColt5ToLoops : Pass<"convert-colt5-to-loops"> {
  let summary = "Lower colt5 primitives on memrefs to loops, vectors and row-sized linalg";
  let description = [{
    Precondition: colt5 primitives have memref operands (stage `bufferize`).
    Effect: every primitive becomes `scf` loops over `memref`, `vector` and `arith`, with whole rows as `linalg`
    ops that `colt5-vectorize-linalg` turns into vector loops. Index errors set the error word of the function.
    Postcondition: no colt5 primitive is left.
    Numbers: the order of summation along a row follows the vector width.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"
  ];
}

def LowerAttention : Pass<"colt5-lower-attention"> {
  let summary = "Lower attention on memrefs to packed flash attention loops";
  let description = [{
    Precondition: `colt5.attention` and `colt5.online_attention` have memref operands (stage `bufferize`).
    Effect: each becomes loops over batches, heads and blocks of queries with an online softmax over blocks of 64
    keys (Milakov and Gimelshein 2018; Dao et al. 2022) in the transposed form. Blocks outside the pattern's key range
    are not visited. Stack use per thread is bounded by the block sizes: about 220 KiB for f32 heads of 64.
    Postcondition: no attention op is left.
    Numbers: scores and sums are f32 (f64 for f64); the order of summation follows the key blocks.
  }];
  let options = [
    Option<"vectorBytes", "vector-bytes", "int64_t", "32", "Width of a vector register in bytes (16, 32 or 64)">];
  let statistics = [Statistic<"numLowered", "num-lowered", "Attention ops lowered">];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"
  ];
}

#endif // COLT5_CONVERSION_PASSES_TD

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

#endif // COLT5_CONVERSION_PASSES_TD

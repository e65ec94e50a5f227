//===- Passes.td - Passes for every target -----------------*- tablegen -*-===//

#ifndef COLT5_CODEGEN_COMMON_PASSES_TD
#define COLT5_CODEGEN_COMMON_PASSES_TD

include "mlir/Pass/PassBase.td"

def ExpandMath : Pass<"colt5-expand-math"> {
  let summary = "Expand transcendental math ops into polynomials";
  let description = [{
    **Precondition.** Any IR. **Effect.** Replaces exp, exp2, log, log2, log1p, tanh, erf, sin, cos, rsqrt and powf
    on f32 and f64 (scalars and vectors) by arithmetic; 16-bit types are computed in f32. On a CPU, f64 becomes
    f16 and bf16, and these f64, by way of f32, with the same result as in one step. **Postcondition.** Nothing of libm is needed for
    them. Numbers may change within the errors of `docs/numerics.md`, which names the special
    values too.
  }];
  let options = [Option<"device", "device", "bool", "false",
                        "Use the approximate f32 instructions of NVIDIA GPUs for exp, exp2, tanh and erf">];
  let dependentDialects = ["arith::ArithDialect", "LLVM::LLVMDialect", "math::MathDialect", "vector::VectorDialect"];
}

#endif // COLT5_CODEGEN_COMMON_PASSES_TD

#ifndef COLT5_CONVERSION_TOLLVM_PASSES_H
#define COLT5_CONVERSION_TOLLVM_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace mlir {
class OpPassManager;
}

namespace mlir::colt5 {

/// On the C entry `f_run`: a dictionary with `name` (string), `inputs` and `outputs` (arrays of tensor types)
/// and `input_names`, `output_names` (arrays of strings).
inline constexpr llvm::StringLiteral kSignatureAttr = "colt5.signature";
/// On functions that the object file exports.
inline constexpr llvm::StringLiteral kExportAttr = "colt5.export";

#define GEN_PASS_DECL
#include "colt5/Conversion/ToLLVM/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "colt5/Conversion/ToLLVM/Passes.h.inc"

/// Stage `llvm` of the CPU: loops on memrefs in mapped `scf.forall` become LLVM dialect with the C entries of
/// colt5-abi/cpu.h.
void buildToLLVMPipeline(OpPassManager &pm);

/// Passes after which no arithmetic in bf16 or f16 is left: it is done in f32 and rounded, on every target
/// alike.
void addFloatEmulationPasses(OpPassManager &pm);

/// The last part of it, which host code of every target shares: functions with C entries become LLVM dialect.
/// Leaves what stands in a `gpu.module` alone.
void buildHostToLLVMPipeline(OpPassManager &pm);

/// Registers `buildToLLVMPipeline` as `colt5-to-llvm-pipeline`.
void registerColt5ToLLVMPipelines();

} // namespace mlir::colt5

#endif // COLT5_CONVERSION_TOLLVM_PASSES_H

#ifndef COLT5_CODEGEN_HOST_PASSES_H
#define COLT5_CODEGEN_HOST_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace mlir {
class OpPassManager;
}

namespace mlir::colt5 {

#define GEN_PASS_DECL
#include "colt5/Codegen/Host/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "colt5/Codegen/Host/Passes.h.inc"

/// Stage `llvm` of the CPU: loops on memrefs in mapped `scf.forall` become LLVM dialect with the C entries of
/// colt5-abi/cpu.h.
void buildLLVMStage(OpPassManager &pm);

/// Passes after which no arithmetic in bf16 or f16 is left: it is done in f32 and rounded, on every target
/// alike.
void addFloatEmulationPasses(OpPassManager &pm);

/// The last part of it, which host code of every target shares: functions with C entries become LLVM dialect.
/// Leaves what stands in a `gpu.module` alone.
void addHostToLLVMPasses(OpPassManager &pm);

/// Registers `buildLLVMStage` as `colt5-llvm-stage`.
void registerLLVMStage();

} // namespace mlir::colt5

#endif // COLT5_CODEGEN_HOST_PASSES_H

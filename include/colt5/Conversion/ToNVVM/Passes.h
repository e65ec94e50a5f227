#ifndef COLT5_CONVERSION_TONVVM_PASSES_H
#define COLT5_CONVERSION_TONVVM_PASSES_H

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace mlir::colt5 {

#define GEN_PASS_DECL
#include "colt5/Conversion/ToNVVM/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "colt5/Conversion/ToNVVM/Passes.h.inc"

/// Stage `nvvm`: kernels become llvm and nvvm ops, host functions the LLVM dialect with C entries.
void buildToNVVMPipeline(OpPassManager &pm);

/// Registers `buildToNVVMPipeline` as `colt5-to-nvvm-pipeline`.
void registerColt5ToNVVMPipelines();

} // namespace mlir::colt5

#endif // COLT5_CONVERSION_TONVVM_PASSES_H

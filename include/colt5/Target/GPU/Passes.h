#ifndef COLT5_TARGET_GPU_PASSES_H
#define COLT5_TARGET_GPU_PASSES_H

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace mlir::colt5 {

#define GEN_PASS_DECL
#include "colt5/Target/GPU/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "colt5/Target/GPU/Passes.h.inc"

} // namespace mlir::colt5

#endif // COLT5_TARGET_GPU_PASSES_H

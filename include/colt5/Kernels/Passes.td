//===- Passes.td - Builder families ------------------------*- tablegen -*-===//

#ifndef COLT5_KERNELS_PASSES_TD
#define COLT5_KERNELS_PASSES_TD

include "mlir/Pass/PassBase.td"

def Colt5BuildKernels : Pass<"colt5-build-kernels", "::mlir::ModuleOp"> {
  let summary = "Let the builder families write their kernels";
  let description = [{
    **Precondition.** `colt5-tile`. **Effect.** Every mapped `scf.forall` with a builder family in its plan
    (`select`) becomes a `colt5.launch` of a `gpu.func` that the family writes into `gpu.module @colt5_kernels`. The
    builder reads the loop while it is still on tensors. A loop that its family does not take is an error, which says
    why: `colt5-plan` names a family only where it takes the kernel. **Postcondition.** No loop of a builder family is
    left. Numbers do not change.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::colt5::Colt5Dialect", "::mlir::gpu::GPUDialect",
    "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect", "::mlir::NVVM::NVVMDialect", "::mlir::scf::SCFDialect",
    "::mlir::tensor::TensorDialect"
  ];
  let statistics = [Statistic<"numBuilt", "built", "Kernels written by a builder family">];
}

#endif // COLT5_KERNELS_PASSES_TD

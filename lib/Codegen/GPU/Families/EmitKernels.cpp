#include "colt5/Codegen/GPU/KernelFamily.h"
#include "colt5/Codegen/GPU/Passes.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5EMITKERNELS
#include "colt5/Codegen/GPU/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {
struct EmitKernels : colt5::impl::Colt5EmitKernelsBase<EmitKernels> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<KernelOp> kernels;
    getOperation().walk([&](KernelOp kernel) { kernels.push_back(kernel); });
    for (KernelOp kernel : kernels) {
      if (failed(emit(kernel)))
        return signalPassFailure();
      ++numEmitted;
    }
  }

  LogicalResult emit(KernelOp kernel) {
    const WholeKernelFamily *family = findWholeKernelFamily(kernel.getPlan());
    if (!family) {
      InFlightDiagnostic diag = kernel.emitOpError("expected a plan of a family that writes whole kernels (");
      llvm::interleaveComma(
          llvm::make_filter_range(getFamilies(&getContext(), nullptr),
                                  [](const KernelFamily *known) { return known->writesWholeKernels(); }),
          diag, [&](const KernelFamily *known) { diag << known->getName(); });
      return diag << "), found " << kernel.getPlan();
    }
    if (kernel->getNumResults())
      return kernel.emitOpError("expected a kernel on memrefs, found tensors; run colt5-bufferize first");
    return family->emit(kernel, getOrCreateKernelModule(getOperation()));
  }
};
} // namespace

// colt5-gpu-binary: kernels become PTX and cubin.
#include "colt5/Stages/Common/ModuleMachine.h"
#include "colt5/Target/GPU/GpuCode.h"
#include "colt5/Target/GPU/Passes.h"

#include "llvm/ADT/StringSwitch.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5GPUBINARY
#include "colt5/Target/GPU/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;

namespace {
struct GpuBinary : colt5::impl::Colt5GpuBinaryBase<GpuBinary> {
  using Base::Base;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    FailureOr<colt5::Machine> chip = colt5::getMachineOf(module, colt5::MachineKind::GPU, "colt5-gpu-binary");
    if (failed(chip))
      return signalPassFailure();
    auto kind = llvm::StringSwitch<std::optional<colt5::GpuFormat>>(format)
                    .Case("ptx", colt5::GpuFormat::Ptx)
                    .Case("auto", colt5::GpuFormat::Auto)
                    .Case("cubin", colt5::GpuFormat::Cubin)
                    .Default(std::nullopt);
    if (!kind) {
      module.emitError("colt5-gpu-binary: format=") << format << ": expected one of: ptx, auto, cubin";
      return signalPassFailure();
    }
    if (ptxVersion)
      chip->ptx = ptxVersion;
    if (failed(colt5::compileKernels(module, *chip, *kind, toolkit)))
      signalPassFailure();
  }
};
} // namespace

#include "colt5/Target/GPU/Contract.h"

#include "colt5/Codegen/Host/Contract.h"
#include "colt5/Stages/Common/ModuleMachine.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using namespace mlir::colt5;

/// The code is for the machine of the module.
static LogicalResult checkChip(gpu::BinaryOp binary, const Machine &machine) {
  for (gpu::ObjectAttr object : binary.getObjects().getAsRange<gpu::ObjectAttr>())
    if (auto target = dyn_cast<NVVM::NVVMTargetAttr>(object.getTarget());
        target && target.getChip() != machine.name)
      return binary.emitOpError("holds code for ") << target.getChip() << ", expected " << machine.name;
  return success();
}

static LogicalResult checkBinary(Operation *root) {
  std::optional<Machine> machine = findMachineOf(root);
  bool failedAny = false;
  root->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa<gpu::GPUModuleOp>(op)) {
      failedAny |= failed(op->emitOpError("is left after stage binary, expected gpu.binary"));
      return WalkResult::skip();
    }
    auto binary = dyn_cast<gpu::BinaryOp>(op);
    bool holdsPtx =
        binary && llvm::any_of(binary.getObjects().getAsRange<gpu::ObjectAttr>(), [](gpu::ObjectAttr object) {
          return object.getFormat() == gpu::CompilationTarget::Assembly;
        });
    if (binary && !holdsPtx)
      failedAny |= failed(op->emitOpError("holds no PTX, expected an assembly object"));
    if (binary && machine)
      failedAny |= failed(checkChip(binary, *machine));
    failedAny |= !binary && failed(checkLLVMOp(op));
    return WalkResult::advance();
  });
  return failure(failedAny);
}

const StageContract colt5::kBinaryContract = {
    "no gpu.module; its place takes a gpu.binary with the PTX of the chip; host code as after nvvm",
    checkBinary};

#ifndef COLT5_EMULATOR_PASSES
#define COLT5_EMULATOR_PASSES

include "mlir/Pass/PassBase.td"

def Colt5EmulateNVVMPass : Pass<"colt5-emulate-nvvm", "::mlir::ModuleOp"> {
  let summary = "rewrite kernels in nvvm form to host code that calls the emulator's runtime";
  let description = [{
    Moves the content of every `gpu.module` to the module, drops everything else, replaces each operation of the nvvm
    dialect by a call of the runtime in lib/Emulator, announces loads, stores and atomics to it, and removes address
    spaces. The attribute `colt5.emulated` tells kernels, parameters, shared variables and sites (operation and
    location of every call). An operation that the emulator does not know is an error.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // COLT5_EMULATOR_PASSES

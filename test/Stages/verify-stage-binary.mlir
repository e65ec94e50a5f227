// What must not be left when the kernels are compiled.
// RUN: colt5-opt %s --pass-pipeline='builtin.module(colt5-verify-stage{stage=binary})' --split-input-file --verify-diagnostics -o /dev/null

gpu.binary @colt5_kernels [#gpu.object<#nvvm.target<chip = "sm_80">, assembly = "text">]
llvm.func @f_run() {
  llvm.return
}

// -----

// expected-error @+1 {{'gpu.module' op is left after stage binary, expected gpu.binary}}
gpu.module @colt5_kernels {
}

// -----

// expected-error @+1 {{'gpu.binary' op holds no PTX, expected an assembly object}}
gpu.binary @colt5_kernels [#gpu.object<#nvvm.target<chip = "sm_80">, bin = "bytes">]

// The named pipelines follow the table of stages; each ends with the check of its contract.
// RUN: colt5-opt %s --colt5-to-decompose --dump-pass-pipeline 2>&1 | FileCheck %s --check-prefix=DECOMPOSE
// RUN: colt5-opt %s --colt5-to-decompose="verify-stages=false" --dump-pass-pipeline 2>&1 | FileCheck %s --check-prefix=UNCHECKED
// RUN: colt5-opt --help | FileCheck %s --check-prefix=HELP
// RUN: not colt5-opt %s --colt5-to-decompose="no-such-option=1" 2>&1 | FileCheck %s --check-prefix=OPTION
// RUN: not colt5-opt %s --colt5-to-plan="target=abacus" 2>&1 | FileCheck %s --check-prefix=TARGET
// RUN: not colt5-opt %s --colt5-to-llvm="target=sm_80" 2>&1 | FileCheck %s --check-prefix=STAGE
// RUN: colt5-opt %s --colt5-to-lower="target=cpu-avx512" --dump-pass-pipeline 2>&1 | FileCheck %s --check-prefix=WIDE
// RUN: colt5-opt %s --colt5-to-plan | FileCheck %s --check-prefix=MODULE

// TARGET: unknown target 'abacus', expected one of: cpu, cpu-generic, cpu-avx512, cpu-aarch64, sm_80, sm_89, sm_90a, sm_120
// STAGE: unknown stage 'llvm' of target 'sm_80', expected one of: input, decompose, plan, tile, bufferize, lower, gpu, nvvm, binary
// No stage that the targets share has a machine; every later one begins with it.
// WIDE-NOT: colt5-set-machine
// WIDE: colt5-verify-stage{stage=decompose}
// WIDE-NEXT: colt5-set-machine{{{.*}}name=cpu-avx512
// WIDE: colt5-verify-stage{stage=plan}
// WIDE: colt5-set-machine{{{.*}}name=cpu-avx512
// WIDE: colt5-verify-stage{stage=bufferize}
// WIDE: colt5-set-machine{{{.*}}name=cpu-avx512
// WIDE: colt5-lower-attention
// MODULE: module attributes {colt5.machine = #colt5.machine<"{{cpu-generic|cpu-aarch64}}">}

// DECOMPOSE: colt5-verify-stage{stage=input}
// DECOMPOSE: colt5-raise-gather
// DECOMPOSE: colt5-decompose
// DECOMPOSE: colt5-derive-index-facts
// DECOMPOSE: colt5-fold-residual
// DECOMPOSE: colt5-verify-stage{stage=decompose}
// UNCHECKED: colt5-decompose
// UNCHECKED-NOT: colt5-verify-stage

// HELP: --colt5-pipeline
// HELP-SAME: All stages of a target
// HELP: --colt5-to-bufferize
// HELP: --colt5-to-decompose
// HELP: --colt5-to-llvm
// HELP: --colt5-to-lower
// HELP: --colt5-to-plan
// HELP: --colt5-to-tile

// OPTION: no-such-option

func.func @empty() {
  return
}

// The named pipelines follow the table of stages; each ends with the check of its contract.
// RUN: colt5-opt %s --colt5-to-decompose --dump-pass-pipeline 2>&1 | FileCheck %s --check-prefix=DECOMPOSE
// RUN: colt5-opt %s --colt5-to-decompose="verify-stages=false" --dump-pass-pipeline 2>&1 | FileCheck %s --check-prefix=UNCHECKED
// RUN: colt5-opt --help | FileCheck %s --check-prefix=HELP
// RUN: not colt5-opt %s --colt5-to-decompose="no-such-option=1" 2>&1 | FileCheck %s --check-prefix=OPTION
// RUN: not colt5-opt %s --colt5-to-plan="machine=abacus" 2>&1 | FileCheck %s --check-prefix=MACHINE
// RUN: not colt5-opt %s --colt5-to-plan="machine=sm_80" 2>&1 | FileCheck %s --check-prefix=CHIP
// RUN: not colt5-opt %s --colt5-sm_80-to-plan="machine=cpu-avx512" 2>&1 | FileCheck %s --check-prefix=UNREAD
// RUN: colt5-opt %s --colt5-to-lower="machine=cpu-avx512" --dump-pass-pipeline 2>&1 | FileCheck %s --check-prefix=WIDE
// RUN: colt5-opt %s --colt5-to-lower --dump-pass-pipeline 2>&1 | FileCheck %s --check-prefix=NARROW

// MACHINE: unknown machine 'abacus', expected one of: cpu, cpu-generic, cpu-avx512, cpu-baseline
// CHIP: unknown machine 'sm_80', expected one of: cpu, cpu-generic, cpu-avx512, cpu-baseline{{$}}
// UNREAD: option machine is for the CPU only, expected none for target 'sm_80', found 'cpu-avx512'
// WIDE: colt5-plan{{.*}}target=cpu-avx512
// WIDE: colt5-lower-attention{vector-bytes=64}
// WIDE: colt5-lower-contraction{vector-bytes=64}
// WIDE: colt5-vectorize-linalg{vector-bytes=64}
// NARROW: colt5-lower-attention{vector-bytes=32}
// NARROW: colt5-lower-contraction{vector-bytes=32}
// NARROW: colt5-vectorize-linalg{vector-bytes=32}

// DECOMPOSE: colt5-verify-stage{stage=input}
// DECOMPOSE: colt5-raise-gather
// DECOMPOSE: colt5-decompose
// DECOMPOSE: colt5-derive-index-facts
// DECOMPOSE: colt5-fold-residual
// DECOMPOSE: colt5-verify-stage{stage=decompose}
// UNCHECKED: colt5-decompose
// UNCHECKED-NOT: colt5-verify-stage

// HELP: --colt5-cpu-pipeline
// HELP-SAME: All stages of target 'cpu'
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

// Several targets in one call: what is written, what it is called, what does not fit.
// RUN: rm -rf %t && mkdir %t
// RUN: colt5-compile %s --target=cpu,sm_80,sm_90a --emit=obj,header,ptx -o %t/layer --dump-stages=%t/dump --report --json=%t/report.json 2>&1 | FileCheck %s --check-prefix=REPORT
// REPORT: cpu decompose
// REPORT-NOT: sm_80 decompose
// REPORT: sm_80 binary
// REPORT: sm_90a binary
// REPORT: chip    registers
// REPORT: sm_80 {{.*}} norm_
// REPORT: wrote {{.*}}dump/cpu/compile-gpu.input.mlir
// REPORT: wrote {{.*}}dump/sm_80/compile-gpu.plan.mlir
// REPORT: wrote {{.*}}/layer.o
// REPORT-NEXT: wrote {{.*}}/layer.h
// REPORT-NEXT: wrote {{.*}}/layer.sm_80.ptx
// REPORT-NEXT: wrote {{.*}}/layer.sm_90a.ptx
// RUN: FileCheck %s --check-prefix=SM80 < %t/layer.sm_80.ptx
// SM80: .target sm_80
// RUN: FileCheck %s --check-prefix=SM90A < %t/layer.sm_90a.ptx
// SM90A: .target sm_90a
// RUN: FileCheck %s --check-prefix=BINARY < %t/dump/sm_90a/compile-gpu.binary.mlir
// BINARY-NOT: gpu.module
// BINARY: gpu.binary @colt5_kernels
// RUN: FileCheck %s --check-prefix=JSON < %t/report.json
// JSON-DAG: "target": "cpu,sm_80,sm_90a"
// JSON-DAG: "static_shared_bytes":

// One target gives the same text as several.
// RUN: colt5-compile %s --target=sm_90a --emit=ptx | diff - %t/layer.sm_90a.ptx
// RUN: colt5-compile %s --target=cpu,sm_80 --stop-stage=decompose -o %t/early
// RUN: diff %t/early.cpu.mlir %t/early.sm_80.mlir

// RUN: colt5-compile --list-stages --target=sm_90a | FileCheck %s --check-prefix=LIST
// LIST: 0  input
// LIST: 7  nvvm
// LIST: 8  binary

// Without a toolkit the PTX is written. What is missing is an error where it was asked for by name.
// RUN: colt5-compile %s --target=sm_80 --toolkit=%t/none --emit=gpu -o %t/default 2>&1 | FileCheck %s --check-prefix=DEFAULT
// DEFAULT: warning: no cubin for sm_80, PTX only: no 'ptxas'; looked at {{.*}}none/bin/ptxas
// RUN: FileCheck %s --check-prefix=SM80 < %t/default.sm_80.ptx
// RUN: not ls %t/default.fatbin
// RUN: not colt5-compile %s --target=sm_80 --toolkit=%t/none --emit=cubin,ptx -o %t/named 2>&1 | FileCheck %s --check-prefix=NAMED
// NAMED: warning: no cubin for sm_80
// NAMED: error: --emit=cubin: no cubin was made, see the warning above; the PTX is written
// RUN: FileCheck %s --check-prefix=SM80 < %t/named.sm_80.ptx
// RUN: not colt5-compile %s --target=sm_80 --toolkit=%t/none --emit=fatbin -o %t/x.fatbin 2>&1 | FileCheck %s --check-prefix=FATBIN
// FATBIN: error: cannot make a cubin for sm_80: no 'ptxas'

// RUN: not colt5-compile %s --target=cpu --emit=ptx -o %t/x 2>&1 | FileCheck %s --check-prefix=NOGPU
// NOGPU: error: --emit=ptx: expected a GPU among the targets, such as sm_80, found --target=cpu
// RUN: not colt5-compile %s --target=sm_80,sm_90a --emit=cpu-obj -o %t/x 2>&1 | FileCheck %s --check-prefix=NOCPU
// NOCPU: error: --emit=cpu-obj: expected the target cpu, found --target=sm_80,sm_90a
// RUN: not colt5-compile %s --target=sm_80,sm_80 -o %t/x 2>&1 | FileCheck %s --check-prefix=TWICE
// TWICE: error: --target: 'sm_80' is named twice
// RUN: not colt5-compile %s --target=cpu,sm_80 --start-stage=tile -o %t/x 2>&1 | FileCheck %s --check-prefix=START
// START: error: --start-stage=tile: with several targets, expected a stage they share: input, decompose
// RUN: not colt5-compile %s --target=cpu,sm_80 --override-stage=plan=x -o %t/x 2>&1 | FileCheck %s --check-prefix=OVERRIDE
// OVERRIDE: error: --override-stage=plan: with several targets, expected a stage they share: input, decompose
// RUN: not colt5-compile %s --target=cpu,sm_80 --stop-stage=llvm -o %t/x 2>&1 | FileCheck %s --check-prefix=STOP
// STOP: error: --stop-stage=llvm: unknown stage; expected one of: input, decompose, plan, tile, bufferize
// RUN: not colt5-compile %s --target=sm_80 --emit=cubin 2>&1 | FileCheck %s --check-prefix=STDOUT
// STDOUT: error: --emit=cubin: expected -o FILE, found stdout, which takes text only

func.func @norm(%x: tensor<64x32xf32>, %g: tensor<32xf32>) -> tensor<64x32xf32> {
  %e = tensor.empty() : tensor<64x32xf32>
  %r = colt5.rms_norm ins(%x, %g : tensor<64x32xf32>, tensor<32xf32>) outs(%e : tensor<64x32xf32>) -> tensor<64x32xf32>
  return %r : tensor<64x32xf32>
}

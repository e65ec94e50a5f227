// Stages can be listed, dumped, resumed and overridden.
// RUN: rm -rf %t && mkdir %t
// RUN: colt5-compile --list-stages | FileCheck %s --check-prefix=LIST
// LIST: 0  input
// LIST: contract: parses and verifies
// LIST: 1  decompose
// LIST: 6  llvm

// RUN: colt5-compile %s --stop-stage=decompose --dump-stages=%t/dump --report --json=%t/report.json -o %t/out.mlir 2>&1 | FileCheck %s --check-prefix=REPORT
// REPORT: stage {{ *}}seconds {{ *}}kernels
// REPORT: input
// REPORT: decompose
// REPORT: wrote {{.*}}compile-stages.input.mlir
// REPORT: wrote {{.*}}compile-stages.decompose.mlir
// REPORT: wrote {{.*}}out.mlir
// RUN: FileCheck %s --check-prefix=JSON < %t/report.json
// JSON-DAG: "name": "decompose"
// JSON-DAG: "target": "cpu"
// RUN: FileCheck %s --check-prefix=COMPOSITE < %t/dump/cpu/compile-stages.input.mlir
// COMPOSITE: colt5.rms_norm
// RUN: FileCheck %s --check-prefix=PRIMITIVE < %t/dump/cpu/compile-stages.decompose.mlir
// PRIMITIVE-NOT: colt5.rms_norm
// PRIMITIVE: colt5.rms_scale

// A dumped stage resumes where it stopped.
// RUN: colt5-compile %t/dump/cpu/compile-stages.input.mlir --start-stage=input --stop-stage=decompose | FileCheck %s --check-prefix=PRIMITIVE

// A file can stand in for what a stage made.
// RUN: echo 'func.func private @other()' > %t/other.mlir
// RUN: colt5-compile %s --stop-stage=decompose --override-stage=decompose=%t/other.mlir | FileCheck %s --check-prefix=OTHER
// OTHER-NOT: @norm
// OTHER: func.func private @other()

// The flags of every MLIR tool work.
// RUN: colt5-compile %s --stop-stage=decompose --mlir-print-ir-after-all -o %t/x.mlir 2>&1 | FileCheck %s --check-prefix=AFTER
// AFTER: IR Dump After

func.func @norm(%x: tensor<2x3xf32>, %g: tensor<3xf32>) -> tensor<2x3xf32> {
  %e = tensor.empty() : tensor<2x3xf32>
  %r = colt5.rms_norm ins(%x, %g : tensor<2x3xf32>, tensor<3xf32>) outs(%e : tensor<2x3xf32>) -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}

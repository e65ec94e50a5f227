// RUN: colt5-opt %s --split-input-file --colt5-plan --verify-diagnostics
// RUN: not colt5-opt %s --split-input-file --colt5-plan=family=magic 2>&1 | FileCheck %s --check-prefix=FAMILY
// RUN: not colt5-opt %s --split-input-file --colt5-plan=tile-sizes=-1 2>&1 | FileCheck %s --check-prefix=SIZES

// FAMILY: error: expected family for colt5-plan to be loops for cpu-generic, or empty to choose one for each kernel, found 'magic'
// SIZES: error: expected tile-sizes >= 0 for colt5-plan (0 keeps a loop whole), found -1

func.func @fused_without_root(%x: tensor<17xf32>) -> tensor<17xf32> {
  // expected-error @below {{expected a root of kernel 3 after this op, which its plan fuses into that kernel, found none in its block}}
  %a = linalg.exp {colt5.plan = #colt5.plan<kernel = 3, role = fused>} ins(%x : tensor<17xf32>) outs(%x : tensor<17xf32>) -> tensor<17xf32>
  return %a : tensor<17xf32>
}

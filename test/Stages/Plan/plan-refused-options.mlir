// Options of colt5-plan that nothing can honour, and families that the machine does not have.
// RUN: not colt5-opt %s --colt5-plan="tile-sizes=4" 2>&1 | FileCheck %s --check-prefix=LENGTH
// RUN: not colt5-compile %s --tile-sizes=4,4,4,4 -o %t --quiet 2>&1 | FileCheck %s --check-prefix=COMPILE
// RUN: not colt5-opt %s --colt5-plan="tile-sizes=4,8,8" 2>&1 | FileCheck %s --check-prefix=REDUCTION
// RUN: not colt5-opt %s --colt5-plan="family=simt" 2>&1 | FileCheck %s --check-prefix=CPU
// RUN: not colt5-opt %s --colt5-set-machine=name=sm_80 --colt5-plan="family=wgmma" 2>&1 | FileCheck %s --check-prefix=GPU
// RUN: not colt5-opt %s --colt5-set-machine=name=sm_80 --colt5-plan="family=select" 2>&1 | FileCheck %s --check-prefix=SELECT
// RUN: sed 's/linalg.exp/linalg.exp {colt5.plan = #colt5.plan<kernel = 7, role = root, schedule = #colt5.select>}/' %s \
// RUN:   | not colt5-opt --colt5-plan 2>&1 | FileCheck %s --check-prefix=OTHER
// RUN: colt5-opt %s --colt5-plan="tile-sizes=4,0" | FileCheck %s --check-prefix=TAKEN
// RUN: colt5-opt %s --colt5-plan="tile-sizes=4,8,0" | FileCheck %s --check-prefix=GIVEN
// RUN: colt5-opt %s --colt5-plan="tile-sizes=4,8,64" | FileCheck %s --check-prefix=WHOLE

// LENGTH: error: expected tile-sizes for colt5-plan with one size per loop of some kernel's root, 2 or 3, found 1; for one kernel alone write them into a #colt5.plan on its root
// COMPILE: error: expected tile-sizes for colt5-plan with one size per loop of some kernel's root, 2 or 3, found 4
// REDUCTION: error: 'linalg.matmul' op expected tile-sizes with 0 for loop 2, which the tiles of this kernel cannot share, found 8
// CPU: error: expected family for colt5-plan to be loops for cpu-generic, or empty to choose one for each kernel, found 'simt'
// GPU: error: expected family for colt5-plan to be mma_sync or select or simt for sm_80, or empty to choose one for each kernel, found 'wgmma'
// SELECT: error: 'linalg.exp' op is planned for family select, which does not take its kernel
// OTHER: error: 'linalg.exp' op expected a plan with a schedule #colt5.loops for cpu-generic, found #colt5.select, which does not belong to this machine; give tile sizes alone as #colt5.tiles<[...]>, or leave the schedule out

// One root takes the sizes, the other one is as before.
// TAKEN: linalg.exp {{.*}}schedule = #colt5.loops<tile = [4, 0]>, reason = "elementwise: tile given by tile-sizes
// TAKEN: linalg.matmul {{.*}}reason = "contraction: {{[0-9]+}} x
// GIVEN: linalg.exp {{.*}}reason = "elementwise: tiles of about
// GIVEN: linalg.matmul {{.*}}schedule = #colt5.loops<tile = [4, 8, 0], block_rows = 264, block_columns = 64, block_k = 256>, reason = "contraction: tile given by tile-sizes
// A size that covers the loop leaves it whole.
// WHOLE: linalg.matmul {{.*}}tile = [4, 8, 64], {{.*}}reason = "contraction: tile given by tile-sizes
func.func @two(%a: tensor<64x64xf32>, %c: tensor<64x64xf32>) -> (tensor<64x64xf32>, tensor<64x64xf32>) {
  %0 = linalg.exp ins(%a : tensor<64x64xf32>) outs(%c : tensor<64x64xf32>) -> tensor<64x64xf32>
  %1 = linalg.matmul ins(%a, %a : tensor<64x64xf32>, tensor<64x64xf32>) outs(%c : tensor<64x64xf32>) -> tensor<64x64xf32>
  return %0, %1 : tensor<64x64xf32>, tensor<64x64xf32>
}

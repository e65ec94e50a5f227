// The select family: one block of threads per row, or per block of a row.
// RUN: colt5-compile %s --target=sm_90a --stop-stage=lower -o - | colt5-opt --colt5-emit-kernels --canonicalize --cse | FileCheck %s

// CHECK: gpu.module @colt5_kernels
// Parameters are as static as the buffers. A row of known length: its keys, the histogram and the sums of warps are shared memory.
// CHECK-LABEL: gpu.func @topk(
// CHECK-SAME: memref<2x3x4096xf32>, %{{.*}}: memref<2x4096xi1>, %{{.*}}: memref<2x3x64xi32>, %{{.*}}: memref<2x3x64xi1>)
// CHECK-SAME: kernel attributes {{{.*}}colt5.family = "select"{{.*}}known_block_size = array<i32: 1024, 1, 1>}
// CHECK-DAG: memref.alloca() {alignment = 16 : i64} : memref<4096xi32, #gpu.address_space<workgroup>>
// CHECK-DAG: %[[HISTOGRAM:.*]] = memref.alloca() {alignment = 16 : i64} : memref<2048xi32, #gpu.address_space<workgroup>>
// CHECK: memref.atomic_rmw addi %{{.*}}, %[[HISTOGRAM]]
// CHECK: nvvm.vote.sync ballot
// CHECK: gpu.return

// Blocks of 16 tokens: a small block of threads; a long selection in score order is sorted in scratch memory.
// CHECK-LABEL: gpu.func @topk_0(
// CHECK-SAME: known_block_size = array<i32: 128, 1, 1>
// CHECK-DAG: memref.alloca() {alignment = 16 : i64} : memref<16xi32, #gpu.address_space<workgroup>>

// CHECK-LABEL: gpu.func @topk_1(
// CHECK-SAME: memref<1x1x?xf64>
// CHECK-SAME: known_block_size = array<i32: 1024, 1, 1>
// CHECK-DAG: memref.alloca() {alignment = 16 : i64} : memref<4096xi64, #gpu.address_space<workgroup>>
// CHECK: gpu.return

// Four tokens in the registers of each thread; one sum over the block per iteration.
// CHECK-LABEL: gpu.func @soft_topk(
// CHECK-SAME: known_block_size = array<i32: 1024, 1, 1>
// CHECK-NOT: memref<4096xf32
// CHECK: scf.while
// CHECK: scf.condition
// CHECK-NOT: memref.load %{{.*}} : memref<2x3x4096xf32>
// CHECK: math.exp
// CHECK: gpu.return

// CHECK-LABEL: func.func @rows
// CHECK: %[[ROWS:.*]] = arith.constant 6 : index
// CHECK: colt5.launch @colt5_kernels::@topk grid(%[[ROWS]]) ins(%{{.*}}, %{{.*}} : memref<2x3x4096xf32>, memref<2x4096xi1>)
// CHECK-NOT: scf.forall
func.func @rows(%s: tensor<2x3x4096xf32>, %mask: tensor<2x4096xi1>, %i: tensor<2x3x64xi32>, %v: tensor<2x3x64xi1>)
    -> (tensor<2x3x64xi32>, tensor<2x3x64xi1>) {
  %idx, %valid = colt5.topk ins(%s : tensor<2x3x4096xf32>) mask(%mask : tensor<2x4096xi1>)
      outs(%i, %v : tensor<2x3x64xi32>, tensor<2x3x64xi1>) -> (tensor<2x3x64xi32>, tensor<2x3x64xi1>)
  return %idx, %valid : tensor<2x3x64xi32>, tensor<2x3x64xi1>
}

// CHECK-LABEL: func.func @blocks
// CHECK: %[[BLOCKS:.*]] = arith.constant 4 : index
// CHECK: colt5.launch @colt5_kernels::@topk_0 grid(%[[BLOCKS]])
func.func @blocks(%s: tensor<1x1x70xf32>, %i: tensor<1x1x8xi32>, %v: tensor<1x1x8xi1>)
    -> (tensor<1x1x8xi32>, tensor<1x1x8xi1>) {
  %idx, %valid = colt5.topk ins(%s : tensor<1x1x70xf32>)
      outs(%i, %v : tensor<1x1x8xi32>, tensor<1x1x8xi1>) {block = 16} -> (tensor<1x1x8xi32>, tensor<1x1x8xi1>)
  return %idx, %valid : tensor<1x1x8xi32>, tensor<1x1x8xi1>
}

// CHECK-LABEL: func.func @sorted
// CHECK: %[[SCRATCH:.*]] = memref.view %{{.*}} : memref<?xi8> to memref<1x1x?xi32>
// CHECK: colt5.launch @colt5_kernels::@topk_1 {{.*}} outs(%{{.*}}, %{{.*}}, %[[SCRATCH]] :
func.func @sorted(%s: tensor<1x1x?xf64>, %i: tensor<1x1x?xi32>, %v: tensor<1x1x?xi1>)
    -> (tensor<1x1x?xi32>, tensor<1x1x?xi1>) {
  %idx, %valid = colt5.topk ins(%s : tensor<1x1x?xf64>)
      outs(%i, %v : tensor<1x1x?xi32>, tensor<1x1x?xi1>) {order = score} -> (tensor<1x1x?xi32>, tensor<1x1x?xi1>)
  return %idx, %valid : tensor<1x1x?xi32>, tensor<1x1x?xi1>
}

// CHECK-LABEL: func.func @soft
// CHECK: colt5.launch @colt5_kernels::@soft_topk
func.func @soft(%s: tensor<2x3x4096xf32>, %k: tensor<2x3xf32>, %w: tensor<2x3x4096xf32>) -> tensor<2x3x4096xf32> {
  %r = colt5.soft_topk ins(%s, %k : tensor<2x3x4096xf32>, tensor<2x3xf32>) outs(%w : tensor<2x3x4096xf32>)
      -> tensor<2x3x4096xf32>
  return %r : tensor<2x3x4096xf32>
}

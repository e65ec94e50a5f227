// RUN: colt5-opt %s --colt5-set-machine=name=sm_80 --colt5-plan="family=simt" | FileCheck %s

// Many tiles: the largest that leave the outputs of a gated product room in shared memory.
// CHECK-LABEL: func.func @large
// CHECK: linalg.matmul {{.*}}tile = [128, 64, 0]{{.*}}128 x 64 accumulators fit shared memory
func.func @large(%a: tensor<4096x1024xf32>, %b: tensor<1024x768xf32>, %c: tensor<4096x768xf32>) -> tensor<4096x768xf32> {
  %r = linalg.matmul ins(%a, %b : tensor<4096x1024xf32>, tensor<1024x768xf32>) outs(%c : tensor<4096x768xf32>) -> tensor<4096x768xf32>
  return %r : tensor<4096x768xf32>
}

// Few tokens: at 32 x 32 there are 192 tiles for 108 multiprocessors.
// CHECK-LABEL: func.func @down
// CHECK: linalg.matmul {{.*}}tile = [32, 32, 0]{{.*}}shrunk for 108 cores
func.func @down(%a: tensor<256x8192xf32>, %b: tensor<8192x768xf32>, %c: tensor<256x768xf32>) -> tensor<256x768xf32> {
  %r = linalg.matmul ins(%a, %b : tensor<256x8192xf32>, tensor<8192x768xf32>) outs(%c : tensor<256x768xf32>) -> tensor<256x768xf32>
  return %r : tensor<256x768xf32>
}

// Device code next to host code that does not launch it, and a kernel that nobody lowered.
module attributes {gpu.container_module} {
  gpu.module @kernels {
    gpu.func @select(%s: memref<?x?x?xf32>, %i: memref<?x?x?xi32>) kernel attributes {known_block_size = array<i32: 256, 1, 1>} {
      %c = arith.constant 0 : index
      %t = gpu.thread_id x
      %v = memref.load %s[%c, %c, %t] : memref<?x?x?xf32>
      %e = math.exp %v : f32
      memref.store %e, %s[%c, %c, %t] : memref<?x?x?xf32>
      gpu.return
    }
    gpu.func @helper(%x: f32) -> f32 {
      gpu.return %x : f32
    }
  }
  gpu.module @none {
  }
  func.func @f(%s: tensor<1x2x4096xf32>, %i: tensor<1x2x256xi32>) -> tensor<1x2x256xi32> {
    %rows = arith.constant 2 : index
    %r = colt5.launch @kernels::@select grid(%rows) ins(%s : tensor<1x2x4096xf32>) outs(%i : tensor<1x2x256xi32>) -> (tensor<1x2x256xi32>)
    return %r : tensor<1x2x256xi32>
  }
  func.func @g(%s: memref<?x?x?xf32>, %i: memref<?x?x?xi32>, %n: index) {
    gpu.launch_func @kernels::@select blocks in (%n, %n, %n) threads in (%n, %n, %n) args(%s : memref<?x?x?xf32>, %i : memref<?x?x?xi32>)
    return
  }
}

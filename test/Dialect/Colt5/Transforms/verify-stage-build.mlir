// RUN: colt5-opt %s --colt5-verify-stage="stage=build" --split-input-file --verify-diagnostics

module attributes {gpu.container_module} {
  gpu.module @colt5_kernels {
    gpu.func @k(%x: memref<?xf32>) kernel attributes {known_block_size = array<i32: 32, 1, 1>} {
      gpu.return
    }
  }
  func.func @nested(%x: memref<4xf32>, %n: index) {
    scf.forall (%i) in (4) {
      // expected-error@+1 {{'colt5.launch' op stands inside of a kernel, expected kernels not to nest}}
      colt5.launch @colt5_kernels::@k grid(%n) outs(%x : memref<4xf32>)
    } {mapping = [#colt5.tile<0>]}
    return
  }
}

// -----

func.func @outside(%a: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{'linalg.add' op stands outside of every kernel}}
  %0 = linalg.add ins(%a, %a : tensor<4xf32>, tensor<4xf32>) outs(%a : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// RUN: colt5-opt %s --colt5-verify-stage="stage=build" --split-input-file --verify-diagnostics

module attributes {gpu.container_module} {
  gpu.module @colt5_kernels {
    gpu.func @k(%x: memref<?xf32>) kernel attributes {known_block_size = array<i32: 32, 1, 1>} {
      gpu.return
    }
  }
  func.func @nested(%x: memref<4xf32>, %n: index) {
    scf.forall (%i) in (4) {
      // expected-error@+1 {{'colt5.launch' op is inside a kernel, expected kernels not to nest}}
      colt5.launch @colt5_kernels::@k grid(%n) outs(%x : memref<4xf32>)
    } {mapping = [#colt5.tile<0>]}
    return
  }
}

// -----

func.func @outside(%a: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{'linalg.add' op is outside of every kernel}}
  %0 = linalg.add ins(%a, %a : tensor<4xf32>, tensor<4xf32>) outs(%a : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// A kernel of a builder family that nobody built.
func.func @loop(%s: tensor<2x1x8xf32>, %k: f32, %w: tensor<2x1x8xf32>) -> tensor<2x1x8xf32> {
  // expected-error@+1 {{'scf.forall' op is a loop of the builder family select, expected a colt5.launch of its kernel; run colt5-build-kernels}}
  %r = scf.forall (%b) in (2) shared_outs(%out = %w) -> (tensor<2x1x8xf32>) {
    %row = tensor.extract_slice %s[%b, 0, 0] [1, 1, 8] [1, 1, 1] : tensor<2x1x8xf32> to tensor<1x1x8xf32>
    %to = tensor.extract_slice %out[%b, 0, 0] [1, 1, 8] [1, 1, 1] : tensor<2x1x8xf32> to tensor<1x1x8xf32>
    %first = colt5.soft_topk ins(%row, %k : tensor<1x1x8xf32>, f32) outs(%to : tensor<1x1x8xf32>) -> tensor<1x1x8xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %first into %out[%b, 0, 0] [1, 1, 8] [1, 1, 1] : tensor<1x1x8xf32> into tensor<2x1x8xf32>
    }
  } {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select<tile = [1, 1]>>, mapping = [#colt5.tile<0>]}
  return %r : tensor<2x1x8xf32>
}

// -----

// The same for the threads of a block is lowered later.
func.func @simt(%s: tensor<2x1x8xf32>, %k: f32, %w: tensor<2x1x8xf32>) -> tensor<2x1x8xf32> {
  %r = scf.forall (%b) in (2) shared_outs(%out = %w) -> (tensor<2x1x8xf32>) {
    %row = tensor.extract_slice %s[%b, 0, 0] [1, 1, 8] [1, 1, 1] : tensor<2x1x8xf32> to tensor<1x1x8xf32>
    %to = tensor.extract_slice %out[%b, 0, 0] [1, 1, 8] [1, 1, 1] : tensor<2x1x8xf32> to tensor<1x1x8xf32>
    %first = colt5.soft_topk ins(%row, %k : tensor<1x1x8xf32>, f32) outs(%to : tensor<1x1x8xf32>) -> tensor<1x1x8xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %first into %out[%b, 0, 0] [1, 1, 8] [1, 1, 1] : tensor<1x1x8xf32> into tensor<2x1x8xf32>
    }
  } {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.simt<tile = [1, 1]>>, mapping = [#colt5.tile<0>]}
  return %r : tensor<2x1x8xf32>
}

// -----

module attributes {gpu.container_module} {
  gpu.module @colt5_kernels {
    gpu.func @k(%x: memref<4xf32>) kernel attributes {known_block_size = array<i32: 32, 1, 1>} {
      // expected-error@+1 {{'linalg.exp' op is outside of every kernel}}
      linalg.exp ins(%x : memref<4xf32>) outs(%x : memref<4xf32>)
      gpu.return
    }
    gpu.func @loop(%x: memref<4xf32>) kernel attributes {known_block_size = array<i32: 32, 1, 1>} {
      // expected-error@+1 {{'scf.forall' op is inside the kernel 'loop', expected a finished gpu.func}}
      scf.forall (%i) in (4) {
      } {mapping = [#colt5.tile<0>]}
      gpu.return
    }
  }
}

// RUN: colt5-opt %s --split-input-file --verify-diagnostics

func.func @launch_c1(%x: memref<4xf32>, %n: index) {
  // expected-error @below {{launch_c1: expected '@colt5_kernels::@none' to be a gpu.func kernel with a known_block_size, found none}}
  colt5.launch @colt5_kernels::@none grid(%n) outs(%x : memref<4xf32>)
  return
}

// -----

module attributes {gpu.container_module} {
  gpu.module @colt5_kernels {
    gpu.func @k(%x: memref<?xf32>) kernel {
      gpu.return
    }
  }
  func.func @launch_c1(%x: memref<4xf32>, %n: index) {
    // expected-error @below {{launch_c1: expected '@colt5_kernels::@k' to be a gpu.func kernel with a known_block_size, found one without}}
    colt5.launch @colt5_kernels::@k grid(%n) outs(%x : memref<4xf32>)
    return
  }
}

// -----

module attributes {gpu.container_module} {
  gpu.module @colt5_kernels {
    gpu.func @k(%x: memref<?xf32>) kernel attributes {known_block_size = array<i32: 32, 1, 1>} {
      gpu.return
    }
  }
  func.func @launch_c2(%x: memref<4xf32>, %n: index) {
    // expected-error @below {{launch_c2: expected 1 operands as kernel '@colt5_kernels::@k' has parameters, found 2}}
    colt5.launch @colt5_kernels::@k grid(%n) ins(%n : index) outs(%x : memref<4xf32>)
    return
  }
}

// -----

module attributes {gpu.container_module} {
  gpu.module @colt5_kernels {
    gpu.func @k(%n: i64, %x: memref<?xf32>) kernel attributes {known_block_size = array<i32: 32, 1, 1>} {
      gpu.return
    }
  }
  func.func @launch_c2(%x: memref<4xf32>, %n: index) {
    // expected-error @below {{launch_c2: expected operand #0 to fit parameter type 'i64', found 'index'}}
    colt5.launch @colt5_kernels::@k grid(%n) ins(%n : index) outs(%x : memref<4xf32>)
    return
  }
}

// -----

module attributes {gpu.container_module} {
  gpu.module @colt5_kernels {
    gpu.func @k(%x: memref<?xf32>) kernel attributes {known_block_size = array<i32: 32, 1, 1>} {
      gpu.return
    }
  }
  func.func @launch_c2(%x: memref<4x4xf32>, %n: index) {
    // expected-error @below {{launch_c2: expected operand #0 to fit parameter type 'memref<?xf32>', found 'memref<4x4xf32>'}}
    colt5.launch @colt5_kernels::@k grid(%n) outs(%x : memref<4x4xf32>)
    return
  }
}

// -----

func.func @launch_c3(%x: memref<4xf32>, %t: tensor<4xf32>, %n: index) {
  // expected-error @below {{launch_c3: expected all shaped operands to be tensors or all to be memrefs, found both}}
  colt5.launch @colt5_kernels::@k grid(%n) ins(%t : tensor<4xf32>) outs(%x : memref<4xf32>)
  return
}

// -----

func.func @launch_c3(%t: tensor<4xf32>, %n: index) {
  // expected-error @below {{launch_c3: expected the results to be the tensors of outs ('tensor<4xf32>'), found ()}}
  colt5.launch @colt5_kernels::@k grid(%n) outs(%t : tensor<4xf32>)
  return
}

// -----

func.func @launch_c4(%x: memref<4xf32>, %n: index) {
  // expected-error @below {{launch_c4: expected 1 to 3 grid sizes, found 4}}
  colt5.launch @colt5_kernels::@k grid(%n, %n, %n, %n) outs(%x : memref<4xf32>)
  return
}

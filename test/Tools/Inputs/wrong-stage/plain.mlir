// Functions that no stage leaves: nothing to do, declarations, several blocks, buffers that nobody planned.
func.func private @declared(tensor<4xf32>) -> tensor<4xf32>

func.func @empty() {
  return
}
func.func @blocks(%c: i1, %x: tensor<4xf32>) -> tensor<4xf32> {
  cf.cond_br %c, ^a, ^b
^a:
  return %x : tensor<4xf32>
^b:
  %r = func.call @declared(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @recursive(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = func.call @recursive(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

// -----

func.func @buffers(%a: memref<?x4xf32>, %n: index) -> memref<?xf32> {
  %c5 = arith.constant 5 : index
  %d = memref.dim %a, %c5 : memref<?x4xf32>
  %m = memref.alloc(%d) : memref<?xf32>
  scf.forall (%i) in (%n) {
    %v = memref.load %m[%i] : memref<?xf32>
    memref.store %v, %m[%i] : memref<?xf32>
    %s = memref.alloca(%n) : memref<?xf32>
    memref.store %v, %s[%i] : memref<?xf32>
  }
  return %m : memref<?xf32>
}

// -----

func.func @mixed(%a: memref<4xf32>, %v: vector<4xf32>, %z: complex<f32>, %t: tuple<i32>, %u: tensor<*xf32>,
                 %f: (i32) -> i32, %x: f80) -> (vector<4xf32>, tensor<*xf32>) {
  %t0 = bufferization.to_tensor %a restrict : memref<4xf32> to tensor<4xf32>
  %r = linalg.exp ins(%t0 : tensor<4xf32>) outs(%t0 : tensor<4xf32>) -> tensor<4xf32>
  %b = bufferization.to_buffer %r : tensor<4xf32> to memref<4xf32>
  memref.copy %b, %a : memref<4xf32> to memref<4xf32>
  return %v, %u : vector<4xf32>, tensor<*xf32>
}

// -----

module @inner {
  func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
    return %x : tensor<4xf32>
  }
}

// RUN: colt5-opt %s --colt5-verify-stage="stage=bufferize" --split-input-file --verify-diagnostics

// expected-error@+1 {{'func.func' op has a tensor in its type '(tensor<4xf32>) -> ()', expected buffers only}}
func.func @signature(%x: tensor<4xf32>) {
  return
}

// -----

func.func @result() {
  // expected-error@+1 {{'tensor.empty' op yields a tensor of type 'tensor<4xf32>', expected buffers only; run colt5-bufferize}}
  %0 = tensor.empty() : tensor<4xf32>
  return
}

// -----

func.func @heap() {
  // expected-error@+1 {{'memref.alloc' op allocates on the heap, expected a slice of the workspace; run colt5-plan-workspace}}
  %0 = memref.alloc() : memref<4xf32>
  return
}

// -----

func.func @stack(%n: index) {
  // expected-error@+1 {{'memref.alloca' op puts a buffer of dynamic shape 'memref<?xf32>' on the stack, expected a static shape or a slice of the workspace}}
  %0 = memref.alloca(%n) : memref<?xf32>
  return
}

// -----

func.func @good(%x: memref<4xf32>) {
  %0 = memref.alloca() : memref<4xf32>
  memref.copy %x, %0 : memref<4xf32> to memref<4xf32>
  return
}

// -----

// What a kernel computes is said on tensors.
func.func @kernel(%x: memref<4xf32>) {
  colt5.kernel #colt5.plan<kernel = 0, role = root, schedule = #colt5.select> outs(%x : memref<4xf32>) {
  ^bb0(%a: tensor<4xf32>):
    %e = tensor.empty() : tensor<4xf32>
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  }
  return
}

// -----

func.func @kernel_on_tensors() {
  // expected-error@+1 {{'tensor.empty' op yields a tensor of type 'tensor<4xf32>', expected buffers only; run colt5-bufferize}}
  %x = tensor.empty() : tensor<4xf32>
  // expected-error@+1 {{'colt5.kernel' op yields a tensor of type 'tensor<4xf32>', expected buffers only; run colt5-bufferize}}
  %r = colt5.kernel #colt5.plan<kernel = 0, role = root, schedule = #colt5.select> outs(%x : tensor<4xf32>) {
  ^bb0(%a: tensor<4xf32>):
    colt5.yield %a : tensor<4xf32>
  } -> (tensor<4xf32>)
  return
}

// Kernels that colt5-emit-kernels cannot write: each is refused with the reason.
// RUN: colt5-opt %s --split-input-file --colt5-emit-kernels --verify-diagnostics

func.func @no_family(%x: memref<4xf32>) {
  // expected-error @below {{'colt5.kernel' op expected a plan of a family that writes whole kernels (mma_sync, select), found #colt5.plan<kernel = 0, role = root, schedule = #colt5.simt>}}
  colt5.kernel #colt5.plan<kernel = 0, role = root, schedule = #colt5.simt> outs(%x : memref<4xf32>) {
  ^bb0(%a: tensor<4xf32>):
    colt5.yield %a : tensor<4xf32>
  }
  return
}

// -----

func.func @on_tensors(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{'colt5.kernel' op expected a kernel on memrefs, found tensors; run colt5-bufferize first}}
  %r = colt5.kernel #colt5.plan<kernel = 0, role = root, schedule = #colt5.select> outs(%x : tensor<4xf32>) {
  ^bb0(%a: tensor<4xf32>):
    colt5.yield %a : tensor<4xf32>
  } -> (tensor<4xf32>)
  return %r : tensor<4xf32>
}

// -----

func.func @other_op(%x: memref<4xf32>) {
  // expected-error @below {{'colt5.kernel' op expected one colt5.topk or colt5.soft_topk in a kernel of family select}}
  colt5.kernel #colt5.plan<kernel = 0, role = root, schedule = #colt5.select> outs(%x : memref<4xf32>) {
  ^bb0(%a: tensor<4xf32>):
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%a : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  }
  return
}

// -----

func.func @other_order(%s: memref<1x1x8xf32>, %k: f32, %w: memref<1x1x8xf32>, %u: memref<1x1x8xf32>) {
  // expected-error @below {{'colt5.kernel' op expected a kernel of family select to pass its arguments to the selection and to yield its results, in this order}}
  colt5.kernel #colt5.plan<kernel = 0, role = root, schedule = #colt5.select> ins(%s, %k : memref<1x1x8xf32>, f32) outs(%w, %u : memref<1x1x8xf32>, memref<1x1x8xf32>) {
  ^bb0(%a: tensor<1x1x8xf32>, %b: f32, %c: tensor<1x1x8xf32>, %d: tensor<1x1x8xf32>):
    %0 = colt5.soft_topk ins(%a, %b : tensor<1x1x8xf32>, f32) outs(%d : tensor<1x1x8xf32>) -> tensor<1x1x8xf32>
    colt5.yield %d, %0 : tensor<1x1x8xf32>, tensor<1x1x8xf32>
  }
  return
}

// -----

func.func @no_scratch(%s: memref<1x1x?xf32>, %i: memref<1x1x?xi32>, %v: memref<1x1x?xi1>) {
  // expected-error @below {{'colt5.kernel' op expected as scratch one out like out #0, which only a selection in score order of more than 4096 or an unknown number of slots needs, found (); colt5-claim-kernels adds it}}
  colt5.kernel #colt5.plan<kernel = 0, role = root, schedule = #colt5.select> ins(%s : memref<1x1x?xf32>) outs(%i, %v : memref<1x1x?xi32>, memref<1x1x?xi1>) {
  ^bb0(%a: tensor<1x1x?xf32>, %b: tensor<1x1x?xi32>, %c: tensor<1x1x?xi1>):
    %0:2 = colt5.topk ins(%a : tensor<1x1x?xf32>) outs(%b, %c : tensor<1x1x?xi32>, tensor<1x1x?xi1>) {order = score} -> (tensor<1x1x?xi32>, tensor<1x1x?xi1>)
    colt5.yield %0#0, %0#1 : tensor<1x1x?xi32>, tensor<1x1x?xi1>
  }
  return
}

// -----

func.func @other_scratch(%s: memref<1x1x?xf32>, %i: memref<1x1x8xi32>, %v: memref<1x1x8xi1>, %t: memref<1x1x8xf32>) {
  // expected-error @below {{found ('memref<1x1x8xf32>'); colt5-claim-kernels adds it}}
  colt5.kernel #colt5.plan<kernel = 0, role = root, schedule = #colt5.select> ins(%s : memref<1x1x?xf32>)
      outs(%i, %v, %t : memref<1x1x8xi32>, memref<1x1x8xi1>, memref<1x1x8xf32>) {
  ^bb0(%a: tensor<1x1x?xf32>, %b: tensor<1x1x8xi32>, %c: tensor<1x1x8xi1>, %d: tensor<1x1x8xf32>):
    %0:2 = colt5.topk ins(%a : tensor<1x1x?xf32>) outs(%b, %c : tensor<1x1x8xi32>, tensor<1x1x8xi1>) {order = score} -> (tensor<1x1x8xi32>, tensor<1x1x8xi1>)
    colt5.yield %0#0, %0#1 : tensor<1x1x8xi32>, tensor<1x1x8xi1>
  }
  return
}

// An option that an op does not have is no attribute of somebody else: it is a mistake.
// RUN: colt5-opt %s --split-input-file --verify-diagnostics

func.func @structured(%s: tensor<2x1x5xf32>, %k: f32) {
  // expected-error @below {{options_c1: expected an option out of block, eps, eps_decay, eps_init, init, iterations, overflow, solver, found 'itrations'}}
  %r = colt5.soft_topk ins(%s, %k : tensor<2x1x5xf32>, f32) outs(%s : tensor<2x1x5xf32>) {itrations = 3} -> tensor<2x1x5xf32>
  return
}

// -----

func.func @flag(%s: tensor<2x1x5xf32>, %i: tensor<2x1x2xi32>, %v: tensor<2x1x2xi1>) {
  // expected-error @below {{options_c1: expected an option out of block, order, tie, found 'sorted'}}
  %r:2 = colt5.topk ins(%s : tensor<2x1x5xf32>) outs(%i, %v : tensor<2x1x2xi32>, tensor<2x1x2xi1>) {sorted}
      -> (tensor<2x1x2xi32>, tensor<2x1x2xi1>)
  return
}

// -----

func.func @buffers(%x: memref<2x6x4xf32>, %i: memref<2x3xi32>, %o: memref<2x3x4xf32>) {
  // expected-error @below {{options_c1: expected an option out of batch_dims, sorted, trusted, unique, found 'batch'}}
  colt5.gather ins(%x, %i : memref<2x6x4xf32>, memref<2x3xi32>) outs(%o : memref<2x3x4xf32>) {batch = 1}
  return
}

// -----

func.func @generic_form(%x: tensor<2x3xf32>, %g: tensor<3xf32>) {
  // expected-error @below {{options_c1: expected an option out of eps, found 'epsilon'}}
  %r = "colt5.rms_norm"(%x, %g, %x) <{operandSegmentSizes = array<i32: 1, 1, 0, 1>}> {epsilon = 1.0 : f64}
      : (tensor<2x3xf32>, tensor<3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @composite(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %d: tensor<4x6xf32>, %g: tensor<6x4xf32>) {
  // expected-error @below {{options_c1: expected an option out of activation, routing, tokens, found 'token'}}
  %r = colt5.conditional_ffn %x router(%u) heavy(in = %d, out = %g) {tokens = 3, token = 3}
      : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional(%x: tensor<2x8x4xf32>, %i: tensor<2x3xi32>) {
  // expected-error @below {{options_c1: expected an option out of sorted, trusted, unique, found 'uniqe'}}
  %r = colt5.conditional %x routed(%i) {uniqe} : tensor<2x8x4xf32>, tensor<2x3xi32> -> tensor<2x8x4xf32> {
  ^bb0(%t: tensor<2x3x4xf32>):
    colt5.yield %t : tensor<2x3x4xf32>
  }
  return
}

// -----

func.func @none() {
  // expected-error @below {{options_c1: expected no option, found 'first'}}
  %t = colt5.thread_id {first} : index
  return
}

// -----

// What others say about an op stays.
func.func @others(%s: tensor<2x1x5xf32>, %k: f32) {
  %r = colt5.soft_topk ins(%s, %k : tensor<2x1x5xf32>, f32) outs(%s : tensor<2x1x5xf32>) {my.mark, __mark} -> tensor<2x1x5xf32>
  return
}

// RUN: colt5-opt %s --split-input-file --verify-diagnostics

func.func @attention_c0(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c0: expected result 0 to have the type of its outs operand, 'tensor<2x4x8x6xf32>', found 'tensor<2x4x8x7xf32>'}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x7xf32>
  return
}

// -----

func.func @attention_c0(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %o: memref<2x4x8x6xf32>) {
  // expected-error @below {{attention_c0: expected operands that are all tensors or all memrefs, found both}}
  colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) outs(%o : memref<2x4x8x6xf32>)
  return
}

// -----

func.func @attention_c1(%q: tensor<2x4x8xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %o0: tensor<2x4x8xf32>) {
  // expected-error @below {{attention_c1: expected q to have rank 4, found 3}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) outs(%o0 : tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  return
}

// -----

func.func @attention_c1(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf16>, %v: tensor<2x2x9x6xf16>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c1: expected k to have element type f32, found 'f16'}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf16>, tensor<2x2x9x6xf16>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c1(%q: tensor<2x4x8x6xi32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %o0: tensor<2x4x8x6xi32>) {
  // expected-error @below {{attention_c1: expected q to have element type f16, bf16, f32 or f64, found 'i32'}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xi32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) outs(%o0 : tensor<2x4x8x6xi32>) -> tensor<2x4x8x6xi32>
  return
}

// -----

func.func @attention_c1(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c1: expected v to have rank 4, found 3}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9xf32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c2(%q: tensor<2x4x8x6xf32>, %k: tensor<3x2x9x6xf32>, %v: tensor<3x2x9x6xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c2: expected k to have shape BxGxSxC = 2x?x?x6, found 3x2x9x6}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<3x2x9x6xf32>, tensor<3x2x9x6xf32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c2(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x7xf32>, %v: tensor<2x2x9x7xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c2: expected k to have shape BxGxSxC = 2x?x?x6, found 2x2x9x7}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x7xf32>, tensor<2x2x9x7xf32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c2(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x10x6xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c2: expected v to have shape BxGxSxC = 2x2x9x6, found 2x2x10x6}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x10x6xf32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c2(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x1x9x6xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c2: expected v to have shape BxGxSxC = 2x2x9x6, found 2x1x9x6}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x1x9x6xf32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c4(%q: tensor<2x4x8x6xf32>, %k: tensor<2x3x9x6xf32>, %v: tensor<2x3x9x6xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c4: expected H to be a multiple of 3, G, found 4}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x3x9x6xf32>, tensor<2x3x9x6xf32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c4(%q: tensor<2x4x8x6xf32>, %k: tensor<2x0x9x6xf32>, %v: tensor<2x0x9x6xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c4: expected H to be a multiple of 0, G, found 4}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x0x9x6xf32>, tensor<2x0x9x6xf32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c5(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %m: tensor<2x9xi1>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c5: expected q_valid to have shape BxQ = 2x8, found 2x9}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) q_valid(%m : tensor<2x9xi1>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c5(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %m: tensor<2x8xi8>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c5: expected q_valid to have element type i1, found 'i8'}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) q_valid(%m : tensor<2x8xi8>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c5(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %m: tensor<2x8xi1>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c5: expected kv_valid to have shape BxS or BxGxS = 2x9 or 2x2x9, found 2x8}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) kv_valid(%m : tensor<2x8xi1>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c5(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %m: tensor<2x4x9xi1>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c5: expected kv_valid to have shape BxS or BxGxS = 2x9 or 2x2x9, found 2x4x9}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) kv_valid(%m : tensor<2x4x9xi1>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c5(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %m: tensor<2x9xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c5: expected kv_valid to have element type i1, found 'f32'}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) kv_valid(%m : tensor<2x9xf32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c6(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %p: tensor<2x9xi32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c6: expected q_pos to have shape BxQ or BxGxQ = 2x8 or 2x2x8, found 2x9}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) q_pos(%p : tensor<2x9xi32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c6(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %p: tensor<2x8xi64>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c6: expected q_pos to have element type i32, found 'i64'}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) q_pos(%p : tensor<2x8xi64>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c6(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %p: tensor<2x4x9xi32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c6: expected kv_pos to have shape BxS or BxGxS = 2x9 or 2x2x9, found 2x4x9}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) kv_pos(%p : tensor<2x4x9xi32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c6(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %p: tensor<2x9xindex>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c6: expected kv_pos to have element type i32, found 'index'}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) kv_pos(%p : tensor<2x9xindex>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c6(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %p: tensor<2x8xi32>, %b: index, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c6: expected q_pos or q_base, found both}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) q_pos(%p : tensor<2x8xi32>) q_base(%b : index) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c6(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %o0: tensor<2x4x8x6xf32>) {
  %b = arith.constant 2147483641 : index
  // expected-error @below {{attention_c6: expected the last position to be at most 2147483647, the largest i32, found 2147483641 + 7}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) q_base(%b : index) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c6(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %p: tensor<2x9xi32>, %b: index, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c6: expected kv_pos or kv_base, found both}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) kv_pos(%p : tensor<2x9xi32>) kv_base(%b : index) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c7(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %i: tensor<2x2x3x5xi32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c7: expected Q to be a multiple of 3, W, found 8}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) kv_idx(%i : tensor<2x2x3x5xi32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c7(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %i: tensor<2x2x4x5xi64>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c7: expected kv_idx to have element type i32, found 'i64'}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) kv_idx(%i : tensor<2x2x4x5xi64>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c7(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %i: tensor<2x4x4x5xi32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c7: expected kv_idx to have shape BxGxWxJ = 2x2x?x?, found 2x4x4x5}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) kv_idx(%i : tensor<2x4x4x5xi32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c7(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %i: tensor<2x2x4xi32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c7: expected kv_idx to have shape BxGxWxJ = 2x2x?x?, found 2x2x4}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) kv_idx(%i : tensor<2x2x4xi32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c7(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %o0: tensor<2x4x8x6xf32>) {
  %i = arith.constant dense<9> : tensor<2x2x4x1xi32>
  // expected-error @below {{attention_c7: expected constant kv_idx to be -1 or in [0, 9), found 9}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) kv_idx(%i : tensor<2x2x4x1xi32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c8(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %t: tensor<4x32xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c8: expected bias_table and bias together, found only bias_table}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) bias_table(%t : tensor<4x32xf32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c8(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c8: expected bias_table and bias together, found only bias}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) outs(%o0 : tensor<2x4x8x6xf32>) {bias = #colt5.t5_buckets<32, 128, bidirectional>} -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c8(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %t: tensor<4x16xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c8: expected bias_table to have shape HxBuckets = 4x32, found 4x16}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) bias_table(%t : tensor<4x16xf32>) outs(%o0 : tensor<2x4x8x6xf32>) {bias = #colt5.t5_buckets<32, 128, bidirectional>} -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c8(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %t: tensor<4x32xf16>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c8: expected bias_table to have element type f32, found 'f16'}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) bias_table(%t : tensor<4x32xf16>) outs(%o0 : tensor<2x4x8x6xf32>) {bias = #colt5.t5_buckets<32, 128, bidirectional>} -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c8(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %t: tensor<2x32xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c8: expected bias_table to have shape HxBuckets = 4x32, found 2x32}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) bias_table(%t : tensor<2x32xf32>) outs(%o0 : tensor<2x4x8x6xf32>) {bias = #colt5.t5_buckets<32, 128, bidirectional>} -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c11(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %e0: tensor<1x1x8xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c11: expected extra 0 to have rank 4, found 3}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) extra(%e0 : tensor<1x1x8xf32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32> {
  ^bb0(%s: f32, %a: i32, %b: i32, %e: f32):
    colt5.yield %s : f32
  }
  return
}

// -----

func.func @attention_c11(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %e0: tensor<1x1x8x8xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c11: expected dimension 3 of extra 0 to be 1 or 9, found 8}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) extra(%e0 : tensor<1x1x8x8xf32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32> {
  ^bb0(%s: f32, %a: i32, %b: i32, %e: f32):
    colt5.yield %s : f32
  }
  return
}

// -----

func.func @attention_c11(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %e0: tensor<1x2x1x1xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c11: expected dimension 1 of extra 0 to be 1 or 4, found 2}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) extra(%e0 : tensor<1x2x1x1xf32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32> {
  ^bb0(%s: f32, %a: i32, %b: i32, %e: f32):
    colt5.yield %s : f32
  }
  return
}

// -----

func.func @attention_c11(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %e0: tensor<1x1x1x1xcomplex<f32>>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c11: expected extra 0 to hold scalars, found 'complex<f32>'}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) extra(%e0 : tensor<1x1x1x1xcomplex<f32>>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32> {
  ^bb0(%s: f32, %a: i32, %b: i32, %e: f32):
    colt5.yield %s : f32
  }
  return
}

// -----

func.func @attention_c12(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %e0: tensor<1x1x1x9xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c12: expected a score region with extra, found none}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) extra(%e0 : tensor<1x1x1x9xf32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c12(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c12: expected score region arguments ('f32', 'i32', 'i32'), found ('f32', 'i32')}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32> {
  ^bb0(%s: f32, %a: i32):
    colt5.yield %s : f32
  }
  return
}

// -----

func.func @attention_c12(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c12: expected score region arguments ('f32', 'i32', 'i32'), found ('f64', 'i32', 'i32')}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32> {
  ^bb0(%s: f64, %a: i32, %b: i32):
    colt5.yield %s : f64
  }
  return
}

// -----

func.func @attention_c12(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c12: expected the score region to yield one 'f32', found ('i32')}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32> {
  ^bb0(%s: f32, %a: i32, %b: i32):
    colt5.yield %a : i32
  }
  return
}

// -----

func.func @attention_c12(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c12: expected the score region to yield one 'f32', found ()}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32> {
  ^bb0(%s: f32, %a: i32, %b: i32):
    colt5.yield
  }
  return
}

// -----

func.func @attention_c12(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-note @below {{the first value is defined here}}
  %c = arith.constant 1.0 : f32
  // expected-error @below {{attention_c12: expected a score region that uses only its arguments, found 1 value(s) from outside; pass tensors with extra(...)}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32> {
  ^bb0(%s: f32, %a: i32, %b: i32):
    colt5.yield %c : f32
  }
  return
}

// -----

func.func @attention_c12(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c12: expected a score region of one block, found 2}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32> {
  ^bb0(%s: f32, %a: i32, %b: i32):
    cf.br ^bb1
  ^bb1:
    colt5.yield %s : f32
  }
  return
}

// -----

func.func @attention_c12(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c12: expected the score region to yield one 'f32', found no colt5.yield}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32> {
  ^bb0(%s: f32, %a: i32, %b: i32):
    ub.unreachable
  }
  return
}

// -----

func.func @attention_c13(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c13: expected a finite scale, found INF}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) outs(%o0 : tensor<2x4x8x6xf32>) {scale = 0x7FF0000000000000 : f64} -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c3(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %o0: tensor<2x4x9x6xf32>) {
  // expected-error @below {{attention_c3: expected o to have shape BxHxQxC = 2x4x8x6, found 2x4x9x6}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) outs(%o0 : tensor<2x4x9x6xf32>) -> tensor<2x4x9x6xf32>
  return
}

// -----

func.func @attention_c3(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %o0: tensor<2x4x8x6xf16>) {
  // expected-error @below {{attention_c3: expected o to have element type f32, found 'f16'}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) outs(%o0 : tensor<2x4x8x6xf16>) -> tensor<2x4x8x6xf16>
  return
}

// -----

func.func @attention_c3(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %o0: tensor<2x4x8x6xf32>, %o1: tensor<2x4x9xf32>) {
  // expected-error @below {{attention_c3: expected lse to have shape BxHxQ = 2x4x8, found 2x4x9}}
  %r0, %r1 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) outs(%o0, %o1 : tensor<2x4x8x6xf32>, tensor<2x4x9xf32>) -> (tensor<2x4x8x6xf32>, tensor<2x4x9xf32>)
  return
}

// -----

func.func @attention_c3(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %o0: tensor<2x4x8x6xf32>, %o1: tensor<2x4x8xf64>) {
  // expected-error @below {{attention_c3: expected lse to have element type f32, found 'f64'}}
  %r0, %r1 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) outs(%o0, %o1 : tensor<2x4x8x6xf32>, tensor<2x4x8xf64>) -> (tensor<2x4x8x6xf32>, tensor<2x4x8xf64>)
  return
}

// -----

func.func @attention_c3(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %o0: tensor<2x4x8x6xf32>, %o1: tensor<2x4x8xf32>, %o2: tensor<2x4x8xf32>) {
  // expected-error @below {{attention_c3: expected 1 or 2 outs operands, found 3}}
  %r0, %r1, %r2 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) outs(%o0, %o1, %o2 : tensor<2x4x8x6xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> (tensor<2x4x8x6xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>)
  return
}

// -----

func.func @attention_c3(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>) {
  // expected-error @below {{attention_c3: expected 1 or 2 outs operands, found 0}}
  "colt5.attention"(%q, %k, %v) <{operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>}> ({}) : (tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) -> ()
  return
}

// -----

func.func @attention_c9(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %sk: tensor<2x2x5x6xf32>, %sv: tensor<2x2x5x6xf32>, %sm: tensor<2x4xi1>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c9: expected side_valid to have shape BxP = 2x5, found 2x4}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) side(%sk, %sv, %sm : tensor<2x2x5x6xf32>, tensor<2x2x5x6xf32>, tensor<2x4xi1>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c9(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %sk: tensor<2x2x5x6xf32>, %sv: tensor<2x2x5x6xf32>, %sm: tensor<2x5xi8>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c9: expected side_valid to have element type i1, found 'i8'}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) side(%sk, %sv, %sm : tensor<2x2x5x6xf32>, tensor<2x2x5x6xf32>, tensor<2x5xi8>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c9(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %sk: tensor<2x2x5x7xf32>, %sv: tensor<2x2x5x6xf32>, %sm: tensor<2x5xi1>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c9: expected side_k to have shape BxGxPxC = 2x2x?x6, found 2x2x5x7}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) side(%sk, %sv, %sm : tensor<2x2x5x7xf32>, tensor<2x2x5x6xf32>, tensor<2x5xi1>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c9(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %sk: tensor<2x2x5x6xf32>, %sv: tensor<2x2x5x6xf16>, %sm: tensor<2x5xi1>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c9: expected side_v to have element type f32, found 'f16'}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) side(%sk, %sv, %sm : tensor<2x2x5x6xf32>, tensor<2x2x5x6xf16>, tensor<2x5xi1>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c9(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %sk: tensor<2x2x5x6xf32>, %o: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c9: expected side_k, side_v and side_valid together, found only some of them}}
  %r = "colt5.attention"(%q, %k, %v, %sk, %o) <{operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1>}> ({}) : (tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x5x6xf32>, tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c10(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %sk: tensor<2x2x5x6xf32>, %sv: tensor<2x2x5x6xf32>, %sm: tensor<2x5xi1>, %qb: tensor<2x8xi32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c10: expected q_block and side_bias_table together, found only q_block}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) side(%sk, %sv, %sm : tensor<2x2x5x6xf32>, tensor<2x2x5x6xf32>, tensor<2x5xi1>) q_block(%qb : tensor<2x8xi32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c10(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %sk: tensor<2x2x5x6xf32>, %sv: tensor<2x2x5x6xf32>, %sm: tensor<2x5xi1>, %st: tensor<4x32xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c10: expected q_block and side_bias_table together, found only side_bias_table}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) side(%sk, %sv, %sm : tensor<2x2x5x6xf32>, tensor<2x2x5x6xf32>, tensor<2x5xi1>) side_bias_table(%st : tensor<4x32xf32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c10(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %sk: tensor<2x2x5x6xf32>, %sv: tensor<2x2x5x6xf32>, %sm: tensor<2x5xi1>, %qb: tensor<2x8xi32>, %st: tensor<4x32xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c10: expected bias with side_bias_table, found none}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) side(%sk, %sv, %sm : tensor<2x2x5x6xf32>, tensor<2x2x5x6xf32>, tensor<2x5xi1>) q_block(%qb : tensor<2x8xi32>) side_bias_table(%st : tensor<4x32xf32>) outs(%o0 : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c10(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %t: tensor<4x32xf32>, %qb: tensor<2x8xi32>, %st: tensor<4x32xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c10: expected side with side_bias_table, found none}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) bias_table(%t : tensor<4x32xf32>) q_block(%qb : tensor<2x8xi32>) side_bias_table(%st : tensor<4x32xf32>) outs(%o0 : tensor<2x4x8x6xf32>) {bias = #colt5.t5_buckets<32, 128, bidirectional>} -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c10(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %sk: tensor<2x2x5x6xf32>, %sv: tensor<2x2x5x6xf32>, %sm: tensor<2x5xi1>, %qb: tensor<2x9xi32>, %st: tensor<4x32xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c10: expected q_block to have shape BxQ = 2x8, found 2x9}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) side(%sk, %sv, %sm : tensor<2x2x5x6xf32>, tensor<2x2x5x6xf32>, tensor<2x5xi1>) q_block(%qb : tensor<2x9xi32>) side_bias_table(%st : tensor<4x32xf32>) outs(%o0 : tensor<2x4x8x6xf32>) {bias = #colt5.t5_buckets<32, 128, bidirectional>} -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c10(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %sk: tensor<2x2x5x6xf32>, %sv: tensor<2x2x5x6xf32>, %sm: tensor<2x5xi1>, %qb: tensor<2x8xi32>, %st: tensor<4x31xf32>, %o0: tensor<2x4x8x6xf32>) {
  // expected-error @below {{attention_c10: expected side_bias_table to have shape HxBuckets = 4x32, found 4x31}}
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) side(%sk, %sv, %sm : tensor<2x2x5x6xf32>, tensor<2x2x5x6xf32>, tensor<2x5xi1>) q_block(%qb : tensor<2x8xi32>) side_bias_table(%st : tensor<4x31xf32>) outs(%o0 : tensor<2x4x8x6xf32>) {bias = #colt5.t5_buckets<32, 128, bidirectional>} -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @attention_c15(%q: tensor<1x2x4x8xf32>, %k: tensor<1x2x2147483648x8xf32>, %o: tensor<1x2x4x8xf32>) {
  // expected-error @below {{attention_c15: expected the number of rows to be at most 2147483647, which an index of type i32 can name, found 2147483648}}
  %r = colt5.attention ins(%q, %k, %k : tensor<1x2x4x8xf32>, tensor<1x2x2147483648x8xf32>, tensor<1x2x2147483648x8xf32>) outs(%o : tensor<1x2x4x8xf32>) -> tensor<1x2x4x8xf32>
  return
}

// RUN: colt5-opt %s --split-input-file --verify-diagnostics

func.func @conditional_ffn_c8(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %d: tensor<4x6xf32>, %g: tensor<6x4xf32>) {
  // expected-error @below {{conditional_ffn_c8: expected tokens to be a multiple of 4, the number of full blocks, found 3}}
  %r = colt5.conditional_ffn %x router(%u) heavy(in = %d, out = %g) {tokens = 3, routing = #colt5.routing<soft_topk, block = 2>} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_ffn_c8(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %d: tensor<4x6xf32>, %g: tensor<6x4xf32>) {
  // expected-error @below {{conditional_ffn_c8: expected N to be at least 9, one full block, found 8}}
  %r = colt5.conditional_ffn %x router(%u) heavy(in = %d, out = %g) {tokens = 3, routing = #colt5.routing<soft_topk, block = 9>} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c11(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %q: tensor<4x2x3xf32>, %k: tensor<4x1x3xf32>, %o: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c11: expected N to be at least 9, one full block, found 8}}
  %r = colt5.conditional_attention %x routers(%u, %u) heavy(%q, %k, %k, %o) {queries = 2, keys = 2, routing = #colt5.routing<raw, block = 9>}
      : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c11(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %q: tensor<4x2x3xf32>, %k: tensor<4x1x3xf32>, %o: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c11: expected queries to be a multiple of 2, the number of full blocks, found 3}}
  %r = colt5.conditional_attention %x routers(%u, %u) heavy(%q, %k, %k, %o) {queries = 3, keys = 2, routing = #colt5.routing<soft_topk, block = 3>}
      : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c11(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %q: tensor<4x2x3xf32>, %k: tensor<4x1x3xf32>, %o: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c11: expected keys to be a multiple of 2, the number of full blocks, found 5}}
  %r = colt5.conditional_attention %x routers(%u, %u) heavy(%q, %k, %k, %o) {queries = 2, keys = 5, routing = #colt5.routing<soft_topk, block = 3>}
      : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_c3(%x: tensor<2x8x?xf32>, %i: tensor<2x3xi32>, %b: tensor<2x8x5xf32>) {
  // expected-error @below {{conditional_c3: expected the region to yield rows of 2x3x5x'f32', found 'tensor<2x3x4xf32>'}}
  %r = colt5.conditional %x base(%b) routed(%i) : tensor<2x8x?xf32>, tensor<2x8x5xf32>, tensor<2x3xi32> -> tensor<2x8x5xf32> {
  ^bb0(%t: tensor<2x3x4xf32>):
    colt5.yield %t : tensor<2x3x4xf32>
  }
  return
}

// -----

func.func @rms_norm_c0(%x: tensor<2x8x4xf32>, %g: tensor<4xf32>, %o: tensor<2x8x4xf32>) {
  // expected-error @below {{rms_norm_c0: expected result 0 to have the type of its outs operand, 'tensor<2x8x4xf32>', found 'tensor<2x8x5xf32>'}}
  %r = colt5.rms_norm ins(%x, %g : tensor<2x8x4xf32>, tensor<4xf32>) outs(%o : tensor<2x8x4xf32>) -> tensor<2x8x5xf32>
  return
}

// -----

func.func @rms_norm_c1(%x: tensor<2x8x4xf32>, %g: tensor<4xf32>, %o: tensor<2x8x5xf32>) {
  // expected-error @below {{rms_norm_c1: expected outs to have shape 2x8x4 like x, found 2x8x5}}
  %r = colt5.rms_norm ins(%x, %g : tensor<2x8x4xf32>, tensor<4xf32>) outs(%o : tensor<2x8x5xf32>) -> tensor<2x8x5xf32>
  return
}

// -----

func.func @rms_norm_c1(%x: tensor<2x8x4xf16>, %g: tensor<4xf32>, %o: tensor<2x8x4xf32>) {
  // expected-error @below {{rms_norm_c1: expected outs to have element type f16, found 'f32'}}
  %r = colt5.rms_norm ins(%x, %g : tensor<2x8x4xf16>, tensor<4xf32>) outs(%o : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  return
}

// -----

func.func @rms_norm_c1(%x: tensor<2x8x4xi32>, %g: tensor<4xf32>, %o: tensor<2x8x4xi32>) {
  // expected-error @below {{rms_norm_c1: expected x to have element type f16, bf16, f32 or f64, found 'i32'}}
  %r = colt5.rms_norm ins(%x, %g : tensor<2x8x4xi32>, tensor<4xf32>) outs(%o : tensor<2x8x4xi32>) -> tensor<2x8x4xi32>
  return
}

// -----

func.func @rms_norm_c1(%x: tensor<f32>, %g: tensor<4xf32>, %o: tensor<f32>) {
  // expected-error @below {{rms_norm_c1: expected x to have a last dimension D, found no dimensions}}
  %r = colt5.rms_norm ins(%x, %g : tensor<f32>, tensor<4xf32>) outs(%o : tensor<f32>) -> tensor<f32>
  return
}

// -----

func.func @rms_norm_c2(%x: tensor<2x8x4xf32>, %g: tensor<5xf32>, %o: tensor<2x8x4xf32>) {
  // expected-error @below {{rms_norm_c2: expected g to have shape 4 (the width of x), found 5}}
  %r = colt5.rms_norm ins(%x, %g : tensor<2x8x4xf32>, tensor<5xf32>) outs(%o : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  return
}

// -----

func.func @rms_norm_c2(%x: tensor<2x8x4xf32>, %g: tensor<4xf16>, %o: tensor<2x8x4xf32>) {
  // expected-error @below {{rms_norm_c2: expected g to have element type f32, found 'f16'}}
  %r = colt5.rms_norm ins(%x, %g : tensor<2x8x4xf32>, tensor<4xf16>) outs(%o : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  return
}

// -----

func.func @rms_norm_c2(%x: tensor<2x8x4xf32>, %g: tensor<1x4xf32>, %o: tensor<2x8x4xf32>) {
  // expected-error @below {{rms_norm_c2: expected g to have shape 4 (the width of x), found 1x4}}
  %r = colt5.rms_norm ins(%x, %g : tensor<2x8x4xf32>, tensor<1x4xf32>) outs(%o : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  return
}

// -----

func.func @rms_norm_c3(%x: tensor<2x8x4xf32>, %g: tensor<4xf32>, %m: tensor<2x9xi1>, %o: tensor<2x8x4xf32>) {
  // expected-error @below {{rms_norm_c3: expected mask to have shape 2x8 (x without D), found 2x9}}
  %r = colt5.rms_norm ins(%x, %g : tensor<2x8x4xf32>, tensor<4xf32>) mask(%m : tensor<2x9xi1>) outs(%o : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  return
}

// -----

func.func @rms_norm_c3(%x: tensor<2x8x4xf32>, %g: tensor<4xf32>, %m: tensor<2x8xi32>, %o: tensor<2x8x4xf32>) {
  // expected-error @below {{rms_norm_c3: expected mask to have element type i1, found 'i32'}}
  %r = colt5.rms_norm ins(%x, %g : tensor<2x8x4xf32>, tensor<4xf32>) mask(%m : tensor<2x8xi32>) outs(%o : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  return
}

// -----

func.func @rms_norm_c4(%x: tensor<2x8x4xf32>, %g: tensor<4xf32>, %o: tensor<2x8x4xf32>) {
  // expected-error @below {{rms_norm_c4: expected a finite eps >= 0, found -5.000000e-01}}
  %r = colt5.rms_norm ins(%x, %g : tensor<2x8x4xf32>, tensor<4xf32>) outs(%o : tensor<2x8x4xf32>) {eps = -0.5} -> tensor<2x8x4xf32>
  return
}

// -----

func.func @ffn_c1(%x: tensor<4xf32>, %a: tensor<4x6xf32>, %c: tensor<6x4xf32>) {
  // expected-error @below {{ffn_c1: expected x to have rank 2 or more, found 1}}
  %r = colt5.ffn %x in(%a) out(%c) : tensor<4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @ffn_c1(%x: tensor<2x8x4xi32>, %a: tensor<4x6xf32>, %c: tensor<6x4xf32>) {
  // expected-error @below {{ffn_c1: expected x to have element type f16, bf16, f32 or f64, found 'i32'}}
  %r = colt5.ffn %x in(%a) out(%c) : tensor<2x8x4xi32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @ffn_c1(%x: tensor<2x8x4xf32>, %a: tensor<1x4x6xf32>, %c: tensor<6x4xf32>) {
  // expected-error @below {{ffn_c1: expected in to have rank 2, found 3}}
  %r = colt5.ffn %x in(%a) out(%c) : tensor<2x8x4xf32>, tensor<1x4x6xf32>, tensor<6x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @ffn_c1(%x: tensor<2x8x4xf32>, %a: tensor<4x6xf32>, %b: tensor<4x6xf16>, %c: tensor<6x4xf32>) {
  // expected-error @below {{ffn_c1: expected gate to have element type f32, found 'f16'}}
  %r = colt5.ffn %x in(%a) gate(%b) out(%c) : tensor<2x8x4xf32>, tensor<4x6xf32>, tensor<4x6xf16>, tensor<6x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @ffn_c1(%x: tensor<2x8x4xf32>, %a: tensor<4x6xf32>, %c: tensor<6x4xf64>) {
  // expected-error @below {{ffn_c1: expected out to have element type f32, found 'f64'}}
  %r = colt5.ffn %x in(%a) out(%c) : tensor<2x8x4xf32>, tensor<4x6xf32>, tensor<6x4xf64> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @ffn_c1(%x: tensor<2x8x4xf32>, %a: tensor<4x6xf32>, %c: tensor<6x4xf32>) {
  // expected-error @below {{ffn_c1: expected result to have element type f32, found 'f16'}}
  %r = colt5.ffn %x in(%a) out(%c) : tensor<2x8x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x8x4xf16>
  return
}

// -----

func.func @ffn_c2(%x: tensor<2x8x4xf32>, %a: tensor<5x6xf32>, %c: tensor<6x4xf32>) {
  // expected-error @below {{ffn_c2: expected in to have shape DxE = 4x?, found 5x6}}
  %r = colt5.ffn %x in(%a) out(%c) : tensor<2x8x4xf32>, tensor<5x6xf32>, tensor<6x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @ffn_c2(%x: tensor<2x8x4xf32>, %a: tensor<4x6xf32>, %b: tensor<4x7xf32>, %c: tensor<6x4xf32>) {
  // expected-error @below {{ffn_c2: expected gate to have shape DxE = 4x6, found 4x7}}
  %r = colt5.ffn %x in(%a) gate(%b) out(%c) : tensor<2x8x4xf32>, tensor<4x6xf32>, tensor<4x7xf32>, tensor<6x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @ffn_c2(%x: tensor<2x8x4xf32>, %a: tensor<4x6xf32>, %c: tensor<7x4xf32>) {
  // expected-error @below {{ffn_c2: expected out to have shape ExD2 = 6x?, found 7x4}}
  %r = colt5.ffn %x in(%a) out(%c) : tensor<2x8x4xf32>, tensor<4x6xf32>, tensor<7x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @ffn_c2(%x: tensor<2x8x4xf32>, %a: tensor<4x6xf32>, %c: tensor<6x4xf32>) {
  // expected-error @below {{ffn_c2: expected result to have shape 2x8x4 (x with the width of out), found 2x8x5}}
  %r = colt5.ffn %x in(%a) out(%c) : tensor<2x8x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x8x5xf32>
  return
}

// -----

func.func @ffn_c2(%x: tensor<2x8x4xf32>, %a: tensor<4x6xf32>, %c: tensor<6x4xf32>) {
  // expected-error @below {{ffn_c2: expected result to have shape 2x8x4 (x with the width of out), found 2x9x4}}
  %r = colt5.ffn %x in(%a) out(%c) : tensor<2x8x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x9x4xf32>
  return
}

// -----

func.func @ffn_c2(%x: tensor<2x8x4xf32>, %a: tensor<4x6xf32>, %c: tensor<6x4xf32>) {
  // expected-error @below {{ffn_c2: expected result to have shape 2x8x4 (x with the width of out), found 2x4}}
  %r = colt5.ffn %x in(%a) out(%c) : tensor<2x8x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x4xf32>
  return
}

// -----

func.func @ffn_c2(%x: tensor<2x8x4xf32>, %a: tensor<4x6xf32>, %c: tensor<6x4xf32>, %ib: tensor<7xf32>) {
  // expected-error @below {{ffn_c2: expected in_bias to have shape E = 6, found 7}}
  %r = colt5.ffn %x in(%a) out(%c) in_bias(%ib) : tensor<2x8x4xf32>, tensor<4x6xf32>, tensor<6x4xf32>, tensor<7xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @ffn_c2(%x: tensor<2x8x4xf32>, %a: tensor<4x6xf32>, %b: tensor<4x6xf32>, %c: tensor<6x4xf32>, %gb: tensor<4xf32>) {
  // expected-error @below {{ffn_c2: expected gate_bias to have shape E = 6, found 4}}
  %r = colt5.ffn %x in(%a) gate(%b) out(%c) gate_bias(%gb) : tensor<2x8x4xf32>, tensor<4x6xf32>, tensor<4x6xf32>, tensor<6x4xf32>, tensor<4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @ffn_c2(%x: tensor<2x8x4xf32>, %a: tensor<4x6xf32>, %c: tensor<6x4xf32>, %ob: tensor<6xf32>) {
  // expected-error @below {{ffn_c2: expected out_bias to have shape D2 = 4, found 6}}
  %r = colt5.ffn %x in(%a) out(%c) out_bias(%ob) : tensor<2x8x4xf32>, tensor<4x6xf32>, tensor<6x4xf32>, tensor<6xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @ffn_c3(%x: tensor<2x8x4xf32>, %a: tensor<4x6xf32>, %c: tensor<6x4xf32>, %ib: tensor<1x6xf32>) {
  // expected-error @below {{ffn_c3: expected in_bias to have rank 1, found 2}}
  %r = colt5.ffn %x in(%a) out(%c) in_bias(%ib) : tensor<2x8x4xf32>, tensor<4x6xf32>, tensor<6x4xf32>, tensor<1x6xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @ffn_c3(%x: tensor<2x8x4xf32>, %a: tensor<4x6xf32>, %c: tensor<6x4xf32>, %ob: tensor<4xf16>) {
  // expected-error @below {{ffn_c3: expected out_bias to have element type f32, found 'f16'}}
  %r = colt5.ffn %x in(%a) out(%c) out_bias(%ob) : tensor<2x8x4xf32>, tensor<4x6xf32>, tensor<6x4xf32>, tensor<4xf16> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @ffn_c3(%x: tensor<2x8x4xf32>, %a: tensor<4x6xf32>, %b: tensor<4x6xf32>, %c: tensor<6x4xf32>, %gb: tensor<6xi32>) {
  // expected-error @below {{ffn_c3: expected gate_bias to have element type f32, found 'i32'}}
  %r = colt5.ffn %x in(%a) gate(%b) out(%c) gate_bias(%gb) : tensor<2x8x4xf32>, tensor<4x6xf32>, tensor<4x6xf32>, tensor<6x4xf32>, tensor<6xi32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @ffn_c4(%x: tensor<2x8x4xf32>, %a: tensor<4x6xf32>, %c: tensor<6x4xf32>, %gb: tensor<6xf32>) {
  // expected-error @below {{ffn_c4: expected gate with gate_bias, found none}}
  %r = colt5.ffn %x in(%a) out(%c) gate_bias(%gb) : tensor<2x8x4xf32>, tensor<4x6xf32>, tensor<6x4xf32>, tensor<6xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_ffn_c1(%x: tensor<8x4xf32>, %u: tensor<1x4xf32>, %h0: tensor<4x6xf32>, %h2: tensor<6x4xf32>) {
  // expected-error @below {{conditional_ffn_c1: expected x to have rank 3, found 2}}
  %r = colt5.conditional_ffn %x router(%u) heavy(in = %h0, out = %h2) {tokens = 3} : tensor<8x4xf32>, tensor<1x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<8x4xf32>
  return
}

// -----

func.func @conditional_ffn_c1(%x: tensor<2x8x4xi32>, %u: tensor<1x4xf32>, %h0: tensor<4x6xf32>, %h2: tensor<6x4xf32>) {
  // expected-error @below {{conditional_ffn_c1: expected x to have element type f16, bf16, f32 or f64, found 'i32'}}
  %r = colt5.conditional_ffn %x router(%u) heavy(in = %h0, out = %h2) {tokens = 3} : tensor<2x8x4xi32>, tensor<1x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x8x4xi32>
  return
}

// -----

func.func @conditional_ffn_c1(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %h0: tensor<4x6xf32>, %h2: tensor<6x4xf32>) {
  // expected-error @below {{conditional_ffn_c1: expected the result to have the type of x, 'tensor<2x8x4xf32>', found 'tensor<2x8x5xf32>'}}
  %r = colt5.conditional_ffn %x router(%u) heavy(in = %h0, out = %h2) {tokens = 3} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x8x5xf32>
  return
}

// -----

func.func @conditional_ffn_c2(%x: tensor<2x8x4xf32>, %u: tensor<2x4xf32>, %h0: tensor<4x6xf32>, %h2: tensor<6x4xf32>) {
  // expected-error @below {{conditional_ffn_c2: expected router to have shape 1xD = 1x4, found 2x4}}
  %r = colt5.conditional_ffn %x router(%u) heavy(in = %h0, out = %h2) {tokens = 3} : tensor<2x8x4xf32>, tensor<2x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_ffn_c2(%x: tensor<2x8x4xf32>, %u: tensor<1x5xf32>, %h0: tensor<4x6xf32>, %h2: tensor<6x4xf32>) {
  // expected-error @below {{conditional_ffn_c2: expected router to have shape 1xD = 1x4, found 1x5}}
  %r = colt5.conditional_ffn %x router(%u) heavy(in = %h0, out = %h2) {tokens = 3} : tensor<2x8x4xf32>, tensor<1x5xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_ffn_c2(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf16>, %h0: tensor<4x6xf32>, %h2: tensor<6x4xf32>) {
  // expected-error @below {{conditional_ffn_c2: expected router to have element type f32, found 'f16'}}
  %r = colt5.conditional_ffn %x router(%u) heavy(in = %h0, out = %h2) {tokens = 3} : tensor<2x8x4xf32>, tensor<1x4xf16>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_ffn_c3(%x: tensor<2x8x4xf32>, %m: tensor<2x9xi1>, %u: tensor<1x4xf32>, %h0: tensor<4x6xf32>, %h2: tensor<6x4xf32>) {
  // expected-error @below {{conditional_ffn_c3: expected mask to have shape BxN = 2x8, found 2x9}}
  %r = colt5.conditional_ffn %x mask(%m) router(%u) heavy(in = %h0, out = %h2) {tokens = 3} : tensor<2x8x4xf32>, tensor<2x9xi1>, tensor<1x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_ffn_c3(%x: tensor<2x8x4xf32>, %m: tensor<2x8xi8>, %u: tensor<1x4xf32>, %h0: tensor<4x6xf32>, %h2: tensor<6x4xf32>) {
  // expected-error @below {{conditional_ffn_c3: expected mask to have element type i1, found 'i8'}}
  %r = colt5.conditional_ffn %x mask(%m) router(%u) heavy(in = %h0, out = %h2) {tokens = 3} : tensor<2x8x4xf32>, tensor<2x8xi8>, tensor<1x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_ffn_c4(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %h0: tensor<5x6xf32>, %h2: tensor<6x4xf32>) {
  // expected-error @below {{conditional_ffn_c4: expected heavy in to have shape DxF = 4x?, found 5x6}}
  %r = colt5.conditional_ffn %x router(%u) heavy(in = %h0, out = %h2) {tokens = 3} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<5x6xf32>, tensor<6x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_ffn_c4(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %h0: tensor<4x6xf32>, %h1: tensor<4x7xf32>, %h2: tensor<6x4xf32>) {
  // expected-error @below {{conditional_ffn_c4: expected heavy gate to have shape DxF = 4x6, found 4x7}}
  %r = colt5.conditional_ffn %x router(%u) heavy(in = %h0, gate = %h1, out = %h2) {tokens = 3} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<4x6xf32>, tensor<4x7xf32>, tensor<6x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_ffn_c4(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %h0: tensor<4x6xf32>, %h2: tensor<6x4xf16>) {
  // expected-error @below {{conditional_ffn_c4: expected heavy out to have element type f32, found 'f16'}}
  %r = colt5.conditional_ffn %x router(%u) heavy(in = %h0, out = %h2) {tokens = 3} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<4x6xf32>, tensor<6x4xf16> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_ffn_c4(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %l0: tensor<4x6xf32>, %l2: tensor<7x4xf32>, %h0: tensor<4x6xf32>, %h2: tensor<6x4xf32>) {
  // expected-error @below {{conditional_ffn_c4: expected light out to have shape ExD = 6x4, found 7x4}}
  %r = colt5.conditional_ffn %x router(%u) light(in = %l0, out = %l2) heavy(in = %h0, out = %h2) {tokens = 3} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<4x6xf32>, tensor<7x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_ffn_c4(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %l0: tensor<4x6xf32>, %h0: tensor<4x6xf32>, %h2: tensor<6x4xf32>) {
  // expected-error @below {{conditional_ffn_c4: expected light to have in and out, found no out}}
  %r = "colt5.conditional_ffn"(%x, %u, %l0, %h0, %h2) <{tokens = 3 : i64, operandSegmentSizes = array<i32: 1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0>}> : (tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<4x6xf32>, tensor<4x6xf32>, tensor<6x4xf32>) -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_ffn_c5(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %h0: tensor<4x6xf32>, %h2: tensor<6x4xf32>) {
  // expected-error @below {{conditional_ffn_c5: expected 'tokens' once, as attribute or as operand, found neither}}
  %r = colt5.conditional_ffn %x router(%u) heavy(in = %h0, out = %h2) : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_ffn_c5(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %h0: tensor<4x6xf32>, %h2: tensor<6x4xf32>) {
  // expected-error @below {{conditional_ffn_c5: expected tokens >= 1, found 0}}
  %r = colt5.conditional_ffn %x router(%u) heavy(in = %h0, out = %h2) {tokens = 0} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_ffn_c5(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %h0: tensor<4x6xf32>, %h2: tensor<6x4xf32>, %n: index) {
  // expected-error @below {{conditional_ffn_c5: expected 'tokens' once, as attribute or as operand, found both}}
  %r = colt5.conditional_ffn %x router(%u) heavy(in = %h0, out = %h2) tokens(%n) {tokens = 3} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<4x6xf32>, tensor<6x4xf32>, index -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_ffn_c6(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %base: tensor<2x9x4xf32>, %h0: tensor<4x6xf32>, %h2: tensor<6x4xf32>) {
  // expected-error @below {{conditional_ffn_c6: expected base to have the type of x, 'tensor<2x8x4xf32>', found 'tensor<2x9x4xf32>'}}
  %r = colt5.conditional_ffn %x router(%u) base(%base) heavy(in = %h0, out = %h2) {tokens = 3} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<2x9x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_ffn_c6(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %base: tensor<2x8x4xf32>, %l0: tensor<4x6xf32>, %l2: tensor<6x4xf32>, %h0: tensor<4x6xf32>, %h2: tensor<6x4xf32>) {
  // expected-error @below {{conditional_ffn_c6: expected base or light, found both}}
  %r = colt5.conditional_ffn %x router(%u) base(%base) light(in = %l0, out = %l2) heavy(in = %h0, out = %h2) {tokens = 3} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<2x8x4xf32>, tensor<4x6xf32>, tensor<6x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c1(%x: tensor<8x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c1: expected x to have rank 3, found 2}}
  %r = colt5.conditional_attention %x routers(%uq, %uk) heavy(%h0, %h1, %h2, %h3) {queries = 3, keys = 4} : tensor<8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<8x4xf32>
  return
}

// -----

func.func @conditional_attention_c1(%x: tensor<2x8x4xi8>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c1: expected x to have element type f16, bf16, f32 or f64, found 'i8'}}
  %r = colt5.conditional_attention %x routers(%uq, %uk) heavy(%h0, %h1, %h2, %h3) {queries = 3, keys = 4} : tensor<2x8x4xi8>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<2x8x4xi8>
  return
}

// -----

func.func @conditional_attention_c1(%x: tensor<2x8x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c1: expected the result to have the type of x, 'tensor<2x8x4xf32>', found 'tensor<2x8x5xf32>'}}
  %r = colt5.conditional_attention %x routers(%uq, %uk) heavy(%h0, %h1, %h2, %h3) {queries = 3, keys = 4} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<2x8x5xf32>
  return
}

// -----

func.func @conditional_attention_c2(%x: tensor<2x8x4xf32>, %uq: tensor<2x4xf32>, %uk: tensor<1x4xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c2: expected query router to have shape 1xD = 1x4, found 2x4}}
  %r = colt5.conditional_attention %x routers(%uq, %uk) heavy(%h0, %h1, %h2, %h3) {queries = 3, keys = 4} : tensor<2x8x4xf32>, tensor<2x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c2(%x: tensor<2x8x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x5xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c2: expected key-value router to have shape 1xD = 1x4, found 1x5}}
  %r = colt5.conditional_attention %x routers(%uq, %uk) heavy(%h0, %h1, %h2, %h3) {queries = 3, keys = 4} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x5xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c2(%x: tensor<2x8x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf16>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c2: expected key-value router to have element type f32, found 'f16'}}
  %r = colt5.conditional_attention %x routers(%uq, %uk) heavy(%h0, %h1, %h2, %h3) {queries = 3, keys = 4} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf16>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c3(%x: tensor<2x8x4xf32>, %m: tensor<2x9xi1>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c3: expected mask to have shape BxN = 2x8, found 2x9}}
  %r = colt5.conditional_attention %x mask(%m) routers(%uq, %uk) heavy(%h0, %h1, %h2, %h3) {queries = 3, keys = 4} : tensor<2x8x4xf32>, tensor<2x9xi1>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c3(%x: tensor<2x8x4xf32>, %m: tensor<2x8xi8>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c3: expected mask to have element type i1, found 'i8'}}
  %r = colt5.conditional_attention %x mask(%m) routers(%uq, %uk) heavy(%h0, %h1, %h2, %h3) {queries = 3, keys = 4} : tensor<2x8x4xf32>, tensor<2x8xi8>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c4(%x: tensor<2x8x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %h0: tensor<5x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c4: expected heavy wq to have shape DxHxC = 4x?x?, found 5x2x3}}
  %r = colt5.conditional_attention %x routers(%uq, %uk) heavy(%h0, %h1, %h2, %h3) {queries = 3, keys = 4} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<5x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c4(%x: tensor<2x8x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x3x3xf32>, %h2: tensor<4x3x3xf32>, %h3: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c4: expected H to be a multiple of 3, G, found 2}}
  %r = colt5.conditional_attention %x routers(%uq, %uk) heavy(%h0, %h1, %h2, %h3) {queries = 3, keys = 4} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x3x3xf32>, tensor<4x3x3xf32>, tensor<2x3x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c4(%x: tensor<2x8x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x4x4xf32>) {
  // expected-error @below {{conditional_attention_c4: expected heavy wo to have shape HxCxD = 2x3x4, found 2x4x4}}
  %r = colt5.conditional_attention %x routers(%uq, %uk) heavy(%h0, %h1, %h2, %h3) {queries = 3, keys = 4} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x4x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c4(%x: tensor<2x8x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %l0: tensor<4x2x3xf16>, %l1: tensor<4x1x3xf32>, %l2: tensor<4x1x3xf32>, %l3: tensor<2x3x4xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c4: expected light wq to have element type f32, found 'f16'}}
  %r = colt5.conditional_attention %x routers(%uq, %uk) light(%l0, %l1, %l2, %l3) heavy(%h0, %h1, %h2, %h3) {queries = 3, keys = 4} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf16>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c4(%x: tensor<2x8x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %l0: tensor<4x2x3xf32>, %l1: tensor<4x1x3xf32>, %l2: tensor<4x2x3xf32>, %l3: tensor<2x3x4xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c4: expected light wv to have shape DxGxC = 4x1x3, found 4x2x3}}
  %r = colt5.conditional_attention %x routers(%uq, %uk) light(%l0, %l1, %l2, %l3) heavy(%h0, %h1, %h2, %h3) {queries = 3, keys = 4} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x2x3xf32>, tensor<2x3x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c5(%x: tensor<2x8x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %l0: tensor<4x2x3xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c5: expected light to have all four projections or none, found 1}}
  %r = "colt5.conditional_attention"(%x, %uq, %uk, %l0, %h0, %h1, %h2, %h3) <{queries = 3 : i64, keys = 4 : i64, operandSegmentSizes = array<i32: 1, 0, 1, 1, 0, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0>}> : (tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32>) -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c6(%x: tensor<2x8x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>, %hb: tensor<2x31xf32>) {
  // expected-error @below {{conditional_attention_c6: expected heavy bias to have shape HxBuckets = 2x32, found 2x31}}
  %r = colt5.conditional_attention %x routers(%uq, %uk) heavy(%h0, %h1, %h2, %h3 bias %hb) {queries = 3, keys = 4} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32>, tensor<2x31xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c6(%x: tensor<2x8x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>, %hb: tensor<3x32xf32>) {
  // expected-error @below {{conditional_attention_c6: expected heavy bias to have shape HxBuckets = 2x32, found 3x32}}
  %r = colt5.conditional_attention %x routers(%uq, %uk) heavy(%h0, %h1, %h2, %h3 bias %hb) {queries = 3, keys = 4} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32>, tensor<3x32xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c6(%x: tensor<2x8x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %l0: tensor<4x2x3xf32>, %l1: tensor<4x1x3xf32>, %l2: tensor<4x1x3xf32>, %l3: tensor<2x3x4xf32>, %lb: tensor<2x32xf16>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c6: expected light bias to have element type f32, found 'f16'}}
  %r = colt5.conditional_attention %x routers(%uq, %uk) light(%l0, %l1, %l2, %l3 bias %lb) heavy(%h0, %h1, %h2, %h3) {queries = 3, keys = 4} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32>, tensor<2x32xf16>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c6(%x: tensor<2x8x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>, %hb: tensor<2x32xf32>) {
  // expected-error @below {{conditional_attention_c6: expected heavy bias to have shape HxBuckets = 2x16, found 2x32}}
  %r = colt5.conditional_attention %x routers(%uq, %uk) heavy(%h0, %h1, %h2, %h3 bias %hb) {queries = 3, keys = 4, bias = #colt5.t5_buckets<16, 64, bidirectional>} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32>, tensor<2x32xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c7(%x: tensor<2x8x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c7: expected 'keys' once, as attribute or as operand, found neither}}
  %r = colt5.conditional_attention %x routers(%uq, %uk) heavy(%h0, %h1, %h2, %h3) {queries = 3} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c7(%x: tensor<2x8x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c7: expected 'queries' once, as attribute or as operand, found neither}}
  %r = colt5.conditional_attention %x routers(%uq, %uk) heavy(%h0, %h1, %h2, %h3) {keys = 4} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c7(%x: tensor<2x8x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c7: expected keys >= 1, found 0}}
  %r = colt5.conditional_attention %x routers(%uq, %uk) heavy(%h0, %h1, %h2, %h3) {queries = 3, keys = 0} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c7(%x: tensor<2x8x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>, %nq: index) {
  // expected-error @below {{conditional_attention_c7: expected 'queries' once, as attribute or as operand, found both}}
  %r = colt5.conditional_attention %x routers(%uq, %uk) heavy(%h0, %h1, %h2, %h3) queries(%nq) {queries = 3, keys = 4} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32>, index -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c7(%x: tensor<2x8x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>, %nk: index) {
  // expected-error @below {{conditional_attention_c7: expected 'keys' once, as attribute or as operand, found both}}
  %r = colt5.conditional_attention %x routers(%uq, %uk) heavy(%h0, %h1, %h2, %h3) keys(%nk) {queries = 3, keys = 4} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32>, index -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c8(%x: tensor<2x8x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %base: tensor<2x8x4xf16>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c8: expected base to have the type of x, 'tensor<2x8x4xf32>', found 'tensor<2x8x4xf16>'}}
  %r = colt5.conditional_attention %x routers(%uq, %uk) base(%base) heavy(%h0, %h1, %h2, %h3) {queries = 3, keys = 4} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<2x8x4xf16>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c8(%x: tensor<2x8x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %base: tensor<2x8x4xf32>, %l0: tensor<4x2x3xf32>, %l1: tensor<4x1x3xf32>, %l2: tensor<4x1x3xf32>, %l3: tensor<2x3x4xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c8: expected base or light, found both}}
  %r = colt5.conditional_attention %x routers(%uq, %uk) base(%base) light(%l0, %l1, %l2, %l3) heavy(%h0, %h1, %h2, %h3) {queries = 3, keys = 4} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<2x8x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c9(%x: tensor<2x8x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c9: expected a finite scale, found nan}}
  %r = colt5.conditional_attention %x routers(%uq, %uk) heavy(%h0, %h1, %h2, %h3) {queries = 3, keys = 4, scale = 0x7FF8000000000000 : f64} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_c1(%x: tensor<8x4xf32>, %i: tensor<2x3xi32>) {
  // expected-error @below {{conditional_c1: expected x to have rank 3, found 2}}
  %r = colt5.conditional %x routed(%i) : tensor<8x4xf32>, tensor<2x3xi32> -> tensor<2x8x4xf32> {
  ^bb0(%rows: tensor<2x3x4xf32>):
    colt5.yield %rows : tensor<2x3x4xf32>
  }
  return
}

// -----

func.func @conditional_c1(%x: tensor<2x8x4xi32>, %i: tensor<2x3xi32>) {
  // expected-error @below {{conditional_c1: expected x to have element type f16, bf16, f32 or f64, found 'i32'}}
  %r = colt5.conditional %x routed(%i) : tensor<2x8x4xi32>, tensor<2x3xi32> -> tensor<2x8x4xi32> {
  ^bb0(%rows: tensor<2x3x4xf32>):
    colt5.yield %rows : tensor<2x3x4xf32>
  }
  return
}

// -----

func.func @conditional_c1(%x: tensor<2x8x4xf32>, %i: tensor<2x3xi32>) {
  // expected-error @below {{conditional_c1: expected the result to have shape BxNxD2 = 2x8x?, found 2x9x4}}
  %r = colt5.conditional %x routed(%i) : tensor<2x8x4xf32>, tensor<2x3xi32> -> tensor<2x9x4xf32> {
  ^bb0(%rows: tensor<2x3x4xf32>):
    colt5.yield %rows : tensor<2x3x4xf32>
  }
  return
}

// -----

func.func @conditional_c1(%x: tensor<2x8x4xf32>, %base: tensor<2x8x5xf32>, %i: tensor<2x3xi32>) {
  // expected-error @below {{conditional_c1: expected base to have the type of the result, 'tensor<2x8x4xf32>', found 'tensor<2x8x5xf32>'}}
  %r = colt5.conditional %x base(%base) routed(%i) : tensor<2x8x4xf32>, tensor<2x8x5xf32>, tensor<2x3xi32> -> tensor<2x8x4xf32> {
  ^bb0(%rows: tensor<2x3x4xf32>):
    colt5.yield %rows : tensor<2x3x4xf32>
  }
  return
}

// -----

func.func @conditional_c1(%x: tensor<2x8x4xf32>, %i: tensor<2x3xi32>) {
  // expected-error @below {{conditional_c1: expected the result to have element type f16, bf16, f32 or f64, found 'i32'}}
  %r = colt5.conditional %x routed(%i) : tensor<2x8x4xf32>, tensor<2x3xi32> -> tensor<2x8x4xi32> {
  ^bb0(%rows: tensor<2x3x4xf32>):
    colt5.yield %rows : tensor<2x3x4xf32>
  }
  return
}

// -----

func.func @conditional_c2(%x: tensor<2x8x4xf32>, %i: tensor<2x3xi64>) {
  // expected-error @below {{conditional_c2: expected idx to have element type i32, found 'i64'}}
  %r = colt5.conditional %x routed(%i) : tensor<2x8x4xf32>, tensor<2x3xi64> -> tensor<2x8x4xf32> {
  ^bb0(%rows: tensor<2x3x4xf32>):
    colt5.yield %rows : tensor<2x3x4xf32>
  }
  return
}

// -----

func.func @conditional_c2(%x: tensor<2x8x4xf32>, %i: tensor<3x3xi32>) {
  // expected-error @below {{conditional_c2: expected idx to have shape BxK or BxRxK = 2x? or 2x?x?, found 3x3}}
  %r = colt5.conditional %x routed(%i) : tensor<2x8x4xf32>, tensor<3x3xi32> -> tensor<2x8x4xf32> {
  ^bb0(%rows: tensor<2x3x4xf32>):
    colt5.yield %rows : tensor<2x3x4xf32>
  }
  return
}

// -----

func.func @conditional_c2(%x: tensor<2x8x4xf32>, %i: tensor<3xi32>) {
  // expected-error @below {{conditional_c2: expected idx to have shape BxK or BxRxK = 2x? or 2x?x?, found 3}}
  %r = colt5.conditional %x routed(%i) : tensor<2x8x4xf32>, tensor<3xi32> -> tensor<2x8x4xf32> {
  ^bb0(%rows: tensor<2x3x4xf32>):
    colt5.yield %rows : tensor<2x3x4xf32>
  }
  return
}

// -----

func.func @conditional_c2(%x: tensor<2x8x4xf32>, %i: tensor<2x3xi32>, %w: tensor<2x4xf32>) {
  // expected-error @below {{conditional_c2: expected weight to have shape 2x3 like idx, found 2x4}}
  %r = colt5.conditional %x routed(%i, %w) : tensor<2x8x4xf32>, tensor<2x3xi32>, tensor<2x4xf32> -> tensor<2x8x4xf32> {
  ^bb0(%rows: tensor<2x3x4xf32>):
    colt5.yield %rows : tensor<2x3x4xf32>
  }
  return
}

// -----

func.func @conditional_c2(%x: tensor<2x8x4xf32>, %i: tensor<2x3xi32>, %w: tensor<2x3xf16>) {
  // expected-error @below {{conditional_c2: expected weight to have element type f32, found 'f16'}}
  %r = colt5.conditional %x routed(%i, %w) : tensor<2x8x4xf32>, tensor<2x3xi32>, tensor<2x3xf16> -> tensor<2x8x4xf32> {
  ^bb0(%rows: tensor<2x3x4xf32>):
    colt5.yield %rows : tensor<2x3x4xf32>
  }
  return
}

// -----

func.func @conditional_c2(%x: tensor<2x8x4xf32>, %i: tensor<2x3xi32>, %v: tensor<2x2xi1>) {
  // expected-error @below {{conditional_c2: expected valid to have shape 2x3 like idx, found 2x2}}
  %r = colt5.conditional %x routed(%i, %v) : tensor<2x8x4xf32>, tensor<2x3xi32>, tensor<2x2xi1> -> tensor<2x8x4xf32> {
  ^bb0(%rows: tensor<2x3x4xf32>):
    colt5.yield %rows : tensor<2x3x4xf32>
  }
  return
}

// -----

func.func @conditional_c3(%x: tensor<2x8x4xf32>, %i: tensor<2x3xi32>) {
  // expected-error @below {{conditional_c3: expected the region to take rows of 2x3x4x'f32', found 'tensor<2x4x4xf32>'}}
  %r = colt5.conditional %x routed(%i) : tensor<2x8x4xf32>, tensor<2x3xi32> -> tensor<2x8x4xf32> {
  ^bb0(%rows: tensor<2x4x4xf32>):
    colt5.yield %rows : tensor<2x4x4xf32>
  }
  return
}

// -----

func.func @conditional_c3(%x: tensor<2x8x4xf32>, %i: tensor<2x3xi32>) {
  // expected-error @below {{conditional_c3: expected the region to take rows of 2x3x4x'f32', found 'tensor<2x3x4xf16>'}}
  %r = colt5.conditional %x routed(%i) : tensor<2x8x4xf32>, tensor<2x3xi32> -> tensor<2x8x4xf32> {
  ^bb0(%rows: tensor<2x3x4xf16>):
    colt5.yield %rows : tensor<2x3x4xf16>
  }
  return
}

// -----

func.func @conditional_c3(%x: tensor<2x8x4xf32>, %i: tensor<2x2x3xi32>) {
  // expected-error @below {{conditional_c3: expected the region to take rows of 2x2x3x4x'f32', found 'tensor<2x3x4xf32>'}}
  %r = colt5.conditional %x routed(%i) : tensor<2x8x4xf32>, tensor<2x2x3xi32> -> tensor<2x8x4xf32> {
  ^bb0(%rows: tensor<2x3x4xf32>):
    colt5.yield %rows : tensor<2x3x4xf32>
  }
  return
}

// -----

func.func @conditional_c3(%x: tensor<2x8x4xf32>, %i: tensor<2x3xi32>) {
  // expected-error @below {{conditional_c3: expected the region to yield rows of 2x3x5x'f32', found 'tensor<2x3x4xf32>'}}
  %r = colt5.conditional %x routed(%i) : tensor<2x8x4xf32>, tensor<2x3xi32> -> tensor<2x8x5xf32> {
  ^bb0(%rows: tensor<2x3x4xf32>):
    colt5.yield %rows : tensor<2x3x4xf32>
  }
  return
}

// -----

func.func @conditional_c3(%x: tensor<2x8x4xf32>, %i: tensor<2x3xi32>) {
  // expected-error @below {{conditional_c3: expected the region to have one argument, the routed rows, found 2}}
  %r = colt5.conditional %x routed(%i) : tensor<2x8x4xf32>, tensor<2x3xi32> -> tensor<2x8x4xf32> {
  ^bb0(%rows: tensor<2x3x4xf32>, %more: f32):
    colt5.yield %rows : tensor<2x3x4xf32>
  }
  return
}

// -----

func.func @conditional_c3(%x: tensor<2x8x4xf32>, %i: tensor<2x3xi32>) {
  // expected-error @below {{conditional_c3: expected the region to yield one value, found 0}}
  %r = colt5.conditional %x routed(%i) : tensor<2x8x4xf32>, tensor<2x3xi32> -> tensor<2x8x4xf32> {
  ^bb0(%rows: tensor<2x3x4xf32>):
    colt5.yield
  }
  return
}

// -----

func.func @conditional_c4(%x: tensor<2x8x4xf32>) {
  %i = arith.constant dense<[[0, 1, 8], [2, -1, 3]]> : tensor<2x3xi32>
  // expected-error @below {{conditional_c4: expected constant idx to be -1 or in [0, 8), found 8}}
  %r = colt5.conditional %x routed(%i) : tensor<2x8x4xf32>, tensor<2x3xi32> -> tensor<2x8x4xf32> {
  ^bb0(%rows: tensor<2x3x4xf32>):
    colt5.yield %rows : tensor<2x3x4xf32>
  }
  return
}

// -----

func.func @conditional_ffn_c7(%x: tensor<1x2147483648x4xf32>, %u: tensor<1x4xf32>, %h0: tensor<4x6xf32>, %h2: tensor<6x4xf32>) {
  // expected-error @below {{conditional_ffn_c7: expected the number of rows to be at most 2147483647, which an index of type i32 can name, found 2147483648}}
  %r = colt5.conditional_ffn %x router(%u) heavy(in = %h0, out = %h2) {tokens = 3} : tensor<1x2147483648x4xf32>, tensor<1x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<1x2147483648x4xf32>
  return
}

// -----

func.func @conditional_attention_c10(%x: tensor<1x2147483648x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c10: expected the number of rows to be at most 2147483647, which an index of type i32 can name, found 2147483648}}
  %r = colt5.conditional_attention %x routers(%uq, %uk) heavy(%h0, %h1, %h2, %h3) {queries = 3, keys = 4} : tensor<1x2147483648x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<1x2147483648x4xf32>
  return
}

// -----

func.func @conditional_c5(%x: tensor<1x2147483648x4xf32>, %i: tensor<1x3xi32>) {
  // expected-error @below {{conditional_c5: expected the number of rows to be at most 2147483647, which an index of type i32 can name, found 2147483648}}
  %r = colt5.conditional %x routed(%i) : tensor<1x2147483648x4xf32>, tensor<1x3xi32> -> tensor<1x2147483648x4xf32> {
  ^bb0(%rows: tensor<1x3x4xf32>):
    colt5.yield %rows : tensor<1x3x4xf32>
  }
  return
}

// -----

func.func @conditional_attention_c12(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %q: tensor<4x2x3xf32>, %k: tensor<4x1x3xf32>, %o: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c12: expected light projections with light_pattern, found none; leave light_pattern out}}
  %r = colt5.conditional_attention %x routers(%u, %u) heavy(%q, %k, %k, %o) {queries = 2, keys = 2, light_pattern = #colt5.causal}
      : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<2x8x4xf32>
  return
}

// -----

func.func @conditional_attention_c13(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %q: tensor<4x2x3xf32>, %k: tensor<4x1x3xf32>, %o: tensor<2x3x4xf32>) {
  // expected-error @below {{conditional_attention_c13: expected a bias table of light or heavy with bias, found none; leave bias out}}
  %r = colt5.conditional_attention %x routers(%u, %u) heavy(%q, %k, %k, %o)
      {queries = 2, keys = 2, bias = #colt5.t5_buckets<32, 128, bidirectional>}
      : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<2x8x4xf32>
  return
}

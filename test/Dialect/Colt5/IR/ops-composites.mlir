// RUN: colt5-opt %s | colt5-opt | FileCheck %s
// RUN: colt5-opt %s --mlir-print-op-generic | colt5-opt | FileCheck %s
// RUN: colt5-opt %s --emit-bytecode | colt5-opt | FileCheck %s

// CHECK-LABEL: @rms_norm_minimal(
// CHECK: colt5.rms_norm ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<2x8x4xf32>, tensor<4xf32>) outs(%{{[a-z0-9]+}} : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>{{$}}
func.func @rms_norm_minimal(%x: tensor<2x8x4xf32>, %g: tensor<4xf32>, %o: tensor<2x8x4xf32>) {
  %r = colt5.rms_norm ins(%x, %g
      : tensor<2x8x4xf32>, tensor<4xf32>)
      outs(%o
      : tensor<2x8x4xf32>)
      -> tensor<2x8x4xf32>
  return
}

// CHECK-LABEL: @rms_norm_full(
// CHECK: colt5.rms_norm ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<?x?x?xbf16>, tensor<?xf32>) mask(%{{[a-z0-9]+}} : tensor<?x?xi1>) outs(%{{[a-z0-9]+}} : tensor<?x?x?xbf16>) {eps = 2.500000e-01} -> tensor<?x?x?xbf16>{{$}}
func.func @rms_norm_full(%x: tensor<?x?x?xbf16>, %g: tensor<?xf32>, %m: tensor<?x?xi1>, %o: tensor<?x?x?xbf16>) {
  %r = colt5.rms_norm ins(%x, %g
      : tensor<?x?x?xbf16>, tensor<?xf32>) mask(%m : tensor<?x?xi1>)
      outs(%o
      : tensor<?x?x?xbf16>)
      {eps = 0.25}
      -> tensor<?x?x?xbf16>
  return
}

// CHECK-LABEL: @rms_norm_memref(
// CHECK: colt5.rms_norm ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : memref<2x8x4xf32>, memref<4xf32>) outs(%{{[a-z0-9]+}} : memref<2x8x4xf32>){{$}}
func.func @rms_norm_memref(%x: memref<2x8x4xf32>, %g: memref<4xf32>, %o: memref<2x8x4xf32>) {
  colt5.rms_norm ins(%x, %g : memref<2x8x4xf32>, memref<4xf32>) outs(%o : memref<2x8x4xf32>)
  return
}

// CHECK-LABEL: @ffn_minimal(
// CHECK: colt5.ffn %{{[a-z0-9]+}} in(%{{[a-z0-9]+}}) out(%{{[a-z0-9]+}}) : tensor<2x8x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x8x4xf32>{{$}}
func.func @ffn_minimal(%x: tensor<2x8x4xf32>, %a: tensor<4x6xf32>, %c: tensor<6x4xf32>) {
  %r = colt5.ffn %x in(%a) out(%c)
      {activation = gelu_tanh}
      : tensor<2x8x4xf32>, tensor<4x6xf32>, tensor<6x4xf32>
      -> tensor<2x8x4xf32>
  return
}

// CHECK-LABEL: @ffn_full(
// CHECK: colt5.ffn %{{[a-z0-9]+}} in(%{{[a-z0-9]+}}) gate(%{{[a-z0-9]+}}) out(%{{[a-z0-9]+}}) in_bias(%{{[a-z0-9]+}}) gate_bias(%{{[a-z0-9]+}}) out_bias(%{{[a-z0-9]+}}) {activation = silu} : tensor<?x?x?xbf16>, tensor<?x?xbf16>, tensor<?x?xbf16>, tensor<?x?xbf16>, tensor<?xf32>, tensor<?xbf16>, tensor<?xf32> -> tensor<?x?x?xbf16>{{$}}
func.func @ffn_full(%x: tensor<?x?x?xbf16>, %a: tensor<?x?xbf16>, %b: tensor<?x?xbf16>, %c: tensor<?x?xbf16>, %ib: tensor<?xf32>, %gb: tensor<?xbf16>, %ob: tensor<?xf32>) {
  %r = colt5.ffn %x in(%a) gate(%b) out(%c) in_bias(%ib) gate_bias(%gb) out_bias(%ob)
      {activation = silu}
      : tensor<?x?x?xbf16>, tensor<?x?xbf16>, tensor<?x?xbf16>, tensor<?x?xbf16>, tensor<?xf32>, tensor<?xbf16>, tensor<?xf32>
      -> tensor<?x?x?xbf16>
  return
}

// CHECK-LABEL: @conditional_ffn_minimal(
// CHECK: colt5.conditional_ffn %{{[a-z0-9]+}} router(%{{[a-z0-9]+}}) heavy(in = %{{[a-z0-9]+}}, out = %{{[a-z0-9]+}}) {tokens = 3} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x8x4xf32>{{$}}
func.func @conditional_ffn_minimal(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %d: tensor<4x6xf32>, %f: tensor<6x4xf32>) {
  %r = colt5.conditional_ffn %x router(%u)
      heavy(in = %d, out = %f)
      {tokens = 3, activation = gelu_tanh}
      : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<4x6xf32>, tensor<6x4xf32>
      -> tensor<2x8x4xf32>
  return
}

// CHECK-LABEL: @conditional_ffn_base(
// CHECK: colt5.conditional_ffn %{{[a-z0-9]+}} router(%{{[a-z0-9]+}}) base(%{{[a-z0-9]+}}) heavy(in = %{{[a-z0-9]+}}, gate = %{{[a-z0-9]+}}, out = %{{[a-z0-9]+}}) {tokens = 3} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<2x8x4xf32>, tensor<4x6xf32>, tensor<4x6xf32>, tensor<6x4xf32> -> tensor<2x8x4xf32>{{$}}
func.func @conditional_ffn_base(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %b: tensor<2x8x4xf32>, %d: tensor<4x6xf32>, %g: tensor<4x6xf32>, %f: tensor<6x4xf32>) {
  %r = colt5.conditional_ffn %x router(%u) base(%b)
      heavy(in = %d, gate = %g, out = %f)
      {tokens = 3}
      : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<2x8x4xf32>, tensor<4x6xf32>, tensor<4x6xf32>, tensor<6x4xf32>
      -> tensor<2x8x4xf32>
  return
}

// CHECK-LABEL: @conditional_ffn_full(
// CHECK: colt5.conditional_ffn %{{[a-z0-9]+}} mask(%{{[a-z0-9]+}}) router(%{{[a-z0-9]+}}) light(in = %{{[a-z0-9]+}}, gate = %{{[a-z0-9]+}}, out = %{{[a-z0-9]+}}) heavy(in = %{{[a-z0-9]+}}, gate = %{{[a-z0-9]+}}, out = %{{[a-z0-9]+}}) tokens(%{{[a-z0-9]+}}) {activation = relu, routing = #colt5.routing<soft_topk, eps = 5.000000e-01, iterations = 20, init = neg, eps_init = 4.000000e+00, eps_decay = 7.500000e-01, overflow = iterate, k_ratio = 1.125000e+00, similarity = cosine, scale = 2.000000e+00, block = 4, bypass = ones>} : tensor<?x?x4xf32>, tensor<?x?xi1>, tensor<1x4xf32>, tensor<4x6xf32>, tensor<4x6xf32>, tensor<6x4xf32>, tensor<4x9xf32>, tensor<4x9xf32>, tensor<9x4xf32>, index -> tensor<?x?x4xf32>{{$}}
func.func @conditional_ffn_full(%x: tensor<?x?x4xf32>, %m: tensor<?x?xi1>, %u: tensor<1x4xf32>, %a: tensor<4x6xf32>, %b: tensor<4x6xf32>, %c: tensor<6x4xf32>, %d: tensor<4x9xf32>, %e: tensor<4x9xf32>, %f: tensor<9x4xf32>, %n: index) {
  %r = colt5.conditional_ffn %x mask(%m) router(%u) light(in = %a, gate = %b, out = %c)
      heavy(in = %d, gate = %e, out = %f) tokens(%n)
      {routing = #colt5.routing<soft_topk, eps = 0.5, iterations = 20, init = neg, eps_init = 4.0, eps_decay = 0.75, overflow = iterate, k_ratio = 1.125, similarity = cosine, scale = 2.0, block = 4, bypass = ones>, activation = relu}
      : tensor<?x?x4xf32>, tensor<?x?xi1>, tensor<1x4xf32>, tensor<4x6xf32>, tensor<4x6xf32>, tensor<6x4xf32>, tensor<4x9xf32>, tensor<4x9xf32>, tensor<9x4xf32>, index
      -> tensor<?x?x4xf32>
  return
}

// CHECK-LABEL: @conditional_attention_minimal(
// CHECK: colt5.conditional_attention %{{[a-z0-9]+}} routers(%{{[a-z0-9]+}}, %{{[a-z0-9]+}}) heavy(%{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}}) {keys = 5, queries = 3} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32> -> tensor<2x8x4xf32>{{$}}
func.func @conditional_attention_minimal(%x: tensor<2x8x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>) {
  %r = colt5.conditional_attention %x routers(%uq, %uk)
      heavy(%h0, %h1, %h2, %h3)
      {queries = 3, keys = 5, kv_scale = input, q_scale = output, scale = 1.0}
      : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32>
      -> tensor<2x8x4xf32>
  return
}

// CHECK-LABEL: @conditional_attention_full(
// CHECK: colt5.conditional_attention %{{[a-z0-9]+}} mask(%{{[a-z0-9]+}}) routers(%{{[a-z0-9]+}}, %{{[a-z0-9]+}}) light(%{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} bias %{{[a-z0-9]+}}) heavy(%{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} bias %{{[a-z0-9]+}}) queries(%{{[a-z0-9]+}}) keys(%{{[a-z0-9]+}}) {bias = #colt5.t5_buckets<16, 64, causal>, kv_scale = key_value, light_pattern = #colt5.window<2, 2>, q_scale = output_and_query, routing = #colt5.routing<softmax_topk>, scale = 5.000000e-01} : tensor<?x?x4xf32>, tensor<?x?xi1>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32>, tensor<2x16xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32>, tensor<2x16xf32>, index, index -> tensor<?x?x4xf32>{{$}}
func.func @conditional_attention_full(%x: tensor<?x?x4xf32>, %m: tensor<?x?xi1>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %l0: tensor<4x2x3xf32>, %l1: tensor<4x1x3xf32>, %l2: tensor<4x1x3xf32>, %l3: tensor<2x3x4xf32>, %lb: tensor<2x16xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>, %hb: tensor<2x16xf32>, %n: index) {
  %r = colt5.conditional_attention %x mask(%m) routers(%uq, %uk) light(%l0, %l1, %l2, %l3 bias %lb)
      heavy(%h0, %h1, %h2, %h3 bias %hb) queries(%n) keys(%n)
      {light_pattern = #colt5.window<2, 2>, routing = #colt5.routing<softmax_topk>, kv_scale = key_value, q_scale = output_and_query, scale = 0.5, bias = #colt5.t5_buckets<16, 64, causal>}
      : tensor<?x?x4xf32>, tensor<?x?xi1>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32>, tensor<2x16xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32>, tensor<2x16xf32>, index, index
      -> tensor<?x?x4xf32>
  return
}

// CHECK-LABEL: @conditional_attention_base(
// CHECK: colt5.conditional_attention %{{[a-z0-9]+}} routers(%{{[a-z0-9]+}}, %{{[a-z0-9]+}}) base(%{{[a-z0-9]+}}) heavy(%{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} bias %{{[a-z0-9]+}}) {keys = 5, kv_scale = none, q_scale = query, queries = 3} : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<2x8x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32>, tensor<2x32xf32> -> tensor<2x8x4xf32>{{$}}
func.func @conditional_attention_base(%x: tensor<2x8x4xf32>, %uq: tensor<1x4xf32>, %uk: tensor<1x4xf32>, %b: tensor<2x8x4xf32>, %h0: tensor<4x2x3xf32>, %h1: tensor<4x1x3xf32>, %h2: tensor<4x1x3xf32>, %h3: tensor<2x3x4xf32>, %hb: tensor<2x32xf32>) {
  %r = colt5.conditional_attention %x routers(%uq, %uk) base(%b)
      heavy(%h0, %h1, %h2, %h3 bias %hb)
      {queries = 3, keys = 5, kv_scale = none, q_scale = query}
      : tensor<2x8x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<2x8x4xf32>, tensor<4x2x3xf32>, tensor<4x1x3xf32>, tensor<4x1x3xf32>, tensor<2x3x4xf32>, tensor<2x32xf32>
      -> tensor<2x8x4xf32>
  return
}

// CHECK-LABEL: @conditional_minimal(
// CHECK: colt5.conditional %{{[a-z0-9]+}} routed(%{{[a-z0-9]+}}) : tensor<2x8x4xf32>, tensor<2x3xi32> -> tensor<2x8x4xf32> {
func.func @conditional_minimal(%x: tensor<2x8x4xf32>, %i: tensor<2x3xi32>) {
  %r = colt5.conditional %x routed(%i) : tensor<2x8x4xf32>, tensor<2x3xi32> -> tensor<2x8x4xf32> {
  ^bb0(%t: tensor<2x3x4xf32>):
    colt5.yield %t : tensor<2x3x4xf32>
  }
  return
}

// CHECK-LABEL: @conditional_full(
// CHECK: colt5.conditional %{{[a-z0-9]+}} base(%{{[a-z0-9]+}}) routed(%{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}}) {sorted, trusted, unique} : tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x2x?xi32>, tensor<?x2x?xf32>, tensor<?x2x?xi1> -> tensor<?x?x4xf32> {
func.func @conditional_full(%x: tensor<?x?x4xf32>, %b: tensor<?x?x4xf32>, %i: tensor<?x2x?xi32>, %w: tensor<?x2x?xf32>, %v: tensor<?x2x?xi1>) {
  %r = colt5.conditional %x base(%b) routed(%i, %w, %v)
      {unique, sorted, trusted}
      : tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x2x?xi32>, tensor<?x2x?xf32>, tensor<?x2x?xi1>
      -> tensor<?x?x4xf32> {
  ^bb0(%t: tensor<?x2x?x4xf32>):
    colt5.yield %t : tensor<?x2x?x4xf32>
  }
  return
}

// CHECK-LABEL: @conditional_valid_only(
// CHECK: colt5.conditional %{{[a-z0-9]+}} routed(%{{[a-z0-9]+}}, %{{[a-z0-9]+}}) : tensor<2x8x4xf32>, tensor<2x3xi32>, tensor<2x3xi1> -> tensor<2x8x4xf32> {
func.func @conditional_valid_only(%x: tensor<2x8x4xf32>, %i: tensor<2x3xi32>, %v: tensor<2x3xi1>) {
  %r = colt5.conditional %x routed(%i, %v)
      : tensor<2x8x4xf32>, tensor<2x3xi32>, tensor<2x3xi1>
      -> tensor<2x8x4xf32> {
  ^bb0(%t: tensor<2x3x4xf32>):
    colt5.yield %t : tensor<2x3x4xf32>
  }
  return
}

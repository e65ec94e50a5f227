// RUN: colt5-opt %s | colt5-opt | FileCheck %s
// RUN: colt5-opt %s --mlir-print-op-generic | colt5-opt | FileCheck %s
// RUN: colt5-opt %s --emit-bytecode | colt5-opt | FileCheck %s

// CHECK-LABEL: @attention_minimal(
// CHECK: colt5.attention ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>) outs(%{{[a-z0-9]+}} : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>{{$}}
func.func @attention_minimal(%q: tensor<2x4x8x6xf32>, %k: tensor<2x2x9x6xf32>, %v: tensor<2x2x9x6xf32>, %o0: tensor<2x4x8x6xf32>) {
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x2x9x6xf32>, tensor<2x2x9x6xf32>)
      outs(%o0 : tensor<2x4x8x6xf32>)
      {scale = 1.0}
      -> tensor<2x4x8x6xf32>
  return
}

// CHECK-LABEL: @attention_full(
// CHECK: colt5.attention ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<?x?x?x?xbf16>, tensor<?x?x?x?xbf16>, tensor<?x?x?x?xbf16>) q_valid(%{{[a-z0-9]+}} : tensor<?x?xi1>) kv_valid(%{{[a-z0-9]+}} : tensor<?x?x?xi1>) q_pos(%{{[a-z0-9]+}} : tensor<?x?x?xi32>) kv_pos(%{{[a-z0-9]+}} : tensor<?x?xi32>) kv_idx(%{{[a-z0-9]+}} : tensor<?x?x?x?xi32>) bias_table(%{{[a-z0-9]+}} : tensor<?x32xf32>) side(%{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<?x?x?x?xbf16>, tensor<?x?x?x?xbf16>, tensor<?x?xi1>) q_block(%{{[a-z0-9]+}} : tensor<?x?xi32>) side_bias_table(%{{[a-z0-9]+}} : tensor<?x32xf32>) extra(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<1x?x1x?xf32>, tensor<1x1x?x1xi1>) outs(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<?x?x?x?xbf16>, tensor<?x?x?xf32>) {bias = #colt5.t5_buckets<32, 128, causal>, pattern = #colt5.all<[#colt5.causal, #colt5.window<3, 5>, #colt5.block_local<8, 1, 0>, #colt5.causal_window<4>, #colt5.earlier_windows<16>]>, scale = 1.250000e-01, trusted} -> (tensor<?x?x?x?xbf16>, tensor<?x?x?xf32>) {
func.func @attention_full(%q: tensor<?x?x?x?xbf16>, %k: tensor<?x?x?x?xbf16>, %v: tensor<?x?x?x?xbf16>, %qm: tensor<?x?xi1>, %km: tensor<?x?x?xi1>, %qp: tensor<?x?x?xi32>, %kp: tensor<?x?xi32>, %ki: tensor<?x?x?x?xi32>, %bt: tensor<?x32xf32>, %sk: tensor<?x?x?x?xbf16>, %sv: tensor<?x?x?x?xbf16>, %sm: tensor<?x?xi1>, %qb: tensor<?x?xi32>, %st: tensor<?x32xf32>, %e0: tensor<1x?x1x?xf32>, %e1: tensor<1x1x?x1xi1>, %o0: tensor<?x?x?x?xbf16>, %o1: tensor<?x?x?xf32>) {
  %r0, %r1 = colt5.attention ins(%q, %k, %v
      : tensor<?x?x?x?xbf16>, tensor<?x?x?x?xbf16>, tensor<?x?x?x?xbf16>) q_valid(%qm : tensor<?x?xi1>) kv_valid(%km
      : tensor<?x?x?xi1>) q_pos(%qp
      : tensor<?x?x?xi32>)
      kv_pos(%kp : tensor<?x?xi32>) kv_idx(%ki
      : tensor<?x?x?x?xi32>) bias_table(%bt : tensor<?x32xf32>)
      side(%sk, %sv, %sm
      : tensor<?x?x?x?xbf16>, tensor<?x?x?x?xbf16>, tensor<?x?xi1>)
      q_block(%qb : tensor<?x?xi32>) side_bias_table(%st : tensor<?x32xf32>)
      extra(%e0, %e1 : tensor<1x?x1x?xf32>, tensor<1x1x?x1xi1>)
      outs(%o0, %o1
      : tensor<?x?x?x?xbf16>, tensor<?x?x?xf32>)
      {scale = 0.125, pattern = #colt5.all<[#colt5.causal, #colt5.window<3, 5>, #colt5.block_local<8, 1, 0>, #colt5.causal_window<4>, #colt5.earlier_windows<16>]>, bias = #colt5.t5_buckets<32, 128, causal>, trusted}
      -> (tensor<?x?x?x?xbf16>, tensor<?x?x?xf32>) {
  ^bb0(%s: f32, %a: i32, %b: i32, %e: f32, %f: i1):
    %c = arith.constant 2.0 : f32
    %t = arith.mulf %s, %c : f32
    colt5.yield %t : f32
  }
  return
}

// CHECK-LABEL: @attention_bases(
// CHECK: colt5.attention ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<2x4x8x6xf32>, tensor<2x4x9x6xf32>, tensor<2x4x9x6xf32>) q_base(%{{[a-z0-9]+}} : index) kv_base(%{{[a-z0-9]+}} : index) outs(%{{[a-z0-9]+}} : tensor<2x4x8x6xf32>) {pattern = #colt5.dense} -> tensor<2x4x8x6xf32>{{$}}
func.func @attention_bases(%q: tensor<2x4x8x6xf32>, %k: tensor<2x4x9x6xf32>, %v: tensor<2x4x9x6xf32>, %b0: index, %b1: index, %o0: tensor<2x4x8x6xf32>) {
  %r0 = colt5.attention ins(%q, %k, %v : tensor<2x4x8x6xf32>, tensor<2x4x9x6xf32>, tensor<2x4x9x6xf32>) q_base(%b0 : index) kv_base(%b1 : index)
      outs(%o0 : tensor<2x4x8x6xf32>) {pattern = #colt5.dense}
      -> tensor<2x4x8x6xf32>
  return
}

// CHECK-LABEL: @attention_memref(
// CHECK: colt5.attention ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} : memref<2x4x8x6xf32>, memref<2x2x9x6xf32>, memref<2x2x9x6xf32>) kv_valid(%{{[a-z0-9]+}} : memref<2x9xi1>) q_base(%{{[a-z0-9]+}} : index) outs(%{{[a-z0-9]+}} : memref<2x4x8x6xf32>) {pattern = #colt5.causal}{{$}}
func.func @attention_memref(%q: memref<2x4x8x6xf32>, %k: memref<2x2x9x6xf32>, %v: memref<2x2x9x6xf32>, %km: memref<2x9xi1>, %b0: index, %o0: memref<2x4x8x6xf32>) {
  colt5.attention ins(%q, %k, %v : memref<2x4x8x6xf32>, memref<2x2x9x6xf32>, memref<2x2x9x6xf32>) kv_valid(%km : memref<2x9xi1>) q_base(%b0 : index)
      outs(%o0 : memref<2x4x8x6xf32>) {pattern = #colt5.causal}
  return
}

// CHECK-LABEL: @attention_f64(
// CHECK: colt5.attention ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<1x1x8x6xf64>, tensor<1x1x9x6xf64>, tensor<1x1x9x6xf64>) side(%{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<1x1x2x6xf64>, tensor<1x1x2x6xf64>, tensor<1x2xi1>) q_block(%{{[a-z0-9]+}} : tensor<1x8xi32>) side_bias_table(%{{[a-z0-9]+}} : tensor<1x16xf64>) outs(%{{[a-z0-9]+}} : tensor<1x1x8x6xf64>) {bias = #colt5.t5_buckets<16, 64, bidirectional>} -> tensor<1x1x8x6xf64>{{$}}
func.func @attention_f64(%q: tensor<1x1x8x6xf64>, %k: tensor<1x1x9x6xf64>, %v: tensor<1x1x9x6xf64>, %sk: tensor<1x1x2x6xf64>, %sv: tensor<1x1x2x6xf64>, %sm: tensor<1x2xi1>, %qb: tensor<1x8xi32>, %st: tensor<1x16xf64>, %o: tensor<1x1x8x6xf64>) {
  %r = colt5.attention ins(%q, %k, %v : tensor<1x1x8x6xf64>, tensor<1x1x9x6xf64>, tensor<1x1x9x6xf64>)
      side(%sk, %sv, %sm : tensor<1x1x2x6xf64>, tensor<1x1x2x6xf64>, tensor<1x2xi1>)
      q_block(%qb : tensor<1x8xi32>) side_bias_table(%st : tensor<1x16xf64>)
      outs(%o : tensor<1x1x8x6xf64>) {bias = #colt5.t5_buckets<16, 64, bidirectional>}
      -> tensor<1x1x8x6xf64>
  return
}

// A whole CoLT5 layer on the mock driver: every kernel family in one function, bit for bit as the emulator alone.

// RUN: %colt5_build/bin/colt5-test-cuda %s sm_80 1 | FileCheck %s
// RUN: %colt5_build/bin/colt5-test-cuda %s sm_90a 1 | FileCheck %s
// CHECK: {{[1-9][0-9]+}} launches, 1 results equal
// CHECK: 0 objects left, misuse: none

#routing = #colt5.routing<soft_topk, eps = 1.0, iterations = 10, init = zero>

func.func @f(%x: tensor<1x64x32xf32>, %g1: tensor<32xf32>, %u_q: tensor<1x32xf32>, %u_kv: tensor<1x32xf32>,
    %wq: tensor<32x2x8xf32>, %wk: tensor<32x2x8xf32>, %wv: tensor<32x2x8xf32>, %wo: tensor<2x8x32xf32>,
    %tab_l: tensor<2x32xf32>, %hq: tensor<32x4x8xf32>, %hk: tensor<32x4x8xf32>, %hv: tensor<32x4x8xf32>,
    %ho: tensor<4x8x32xf32>, %tab_h: tensor<4x32xf32>, %u_f: tensor<1x32xf32>, %a: tensor<32x16xf32>,
    %b: tensor<32x16xf32>, %c: tensor<16x32xf32>, %d: tensor<32x128xf32>, %e: tensor<32x128xf32>,
    %f: tensor<128x32xf32>) -> tensor<1x64x32xf32> {
  %init = tensor.empty() : tensor<1x64x32xf32>
  %h = colt5.rms_norm ins(%x, %g1 : tensor<1x64x32xf32>, tensor<32xf32>) outs(%init : tensor<1x64x32xf32>)
      -> tensor<1x64x32xf32>
  %a_out = colt5.conditional_attention %h routers(%u_q, %u_kv)
      light(%wq, %wk, %wv, %wo bias %tab_l)
      heavy(%hq, %hk, %hv, %ho bias %tab_h)
      {queries = 8, keys = 16, light_pattern = #colt5.window<7, 7>, routing = #routing} :
      tensor<1x64x32xf32>, tensor<1x32xf32>, tensor<1x32xf32>, tensor<32x2x8xf32>,
      tensor<32x2x8xf32>, tensor<32x2x8xf32>, tensor<2x8x32xf32>, tensor<2x32xf32>, tensor<32x4x8xf32>,
      tensor<32x4x8xf32>, tensor<32x4x8xf32>, tensor<4x8x32xf32>, tensor<4x32xf32>
      -> tensor<1x64x32xf32>
  %y_out = linalg.add ins(%x, %a_out : tensor<1x64x32xf32>, tensor<1x64x32xf32>) outs(%init
      : tensor<1x64x32xf32>) -> tensor<1x64x32xf32>
  %f_out = colt5.conditional_ffn %y_out router(%u_f)
      light(in = %a, gate = %b, out = %c) heavy(in = %d, gate = %e, out = %f)
      {tokens = 8, routing = #routing} :
      tensor<1x64x32xf32>, tensor<1x32xf32>, tensor<32x16xf32>, tensor<32x16xf32>,
      tensor<16x32xf32>, tensor<32x128xf32>, tensor<32x128xf32>, tensor<128x32xf32>
      -> tensor<1x64x32xf32>
  %z_out = linalg.add ins(%y_out, %f_out : tensor<1x64x32xf32>, tensor<1x64x32xf32>) outs(%init
      : tensor<1x64x32xf32>) -> tensor<1x64x32xf32>
  return %z_out : tensor<1x64x32xf32>
}

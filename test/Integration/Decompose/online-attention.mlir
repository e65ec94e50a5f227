// Attention as online attention over local and side keys against the op itself, both in the reference: masks, positions
// without a token, tokens without a block, grouped heads, a score region, bfloat16.
//
// RUN: colt5-opt %s --colt5-decompose-attention -o %t.mlir
// RUN: colt5-run %s --entry=side --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,low=-1,high=20 --input=random:seed=4 --input=random:seed=5 --input=random:seed=6,low=-1,high=3 --input=random:seed=7 --output-dir=%t.side --quiet
// RUN: colt5-run %t.mlir --entry=side --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,low=-1,high=20 --input=random:seed=4 --input=random:seed=5 --input=random:seed=6,low=-1,high=3 --input=random:seed=7 --compare=%t.side --rtol=1e-6 --quiet
// RUN: colt5-run %s --entry=region --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3 --output-dir=%t.region --quiet
// RUN: colt5-run %t.mlir --entry=region --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3 --compare=%t.region --quiet

func.func @side(%q: tensor<2x4x17x8xf32>, %k: tensor<2x2x17x8xf32>, %pos: tensor<2x17xi32>, %sk: tensor<2x2x3x8xf32>,
                %sok: tensor<2x3xi1>, %block: tensor<2x17xi32>, %t: tensor<4x32xf32>) -> tensor<2x4x17x8xf32> {
  %o = tensor.empty() : tensor<2x4x17x8xf32>
  %0 = colt5.attention ins(%q, %k, %k : tensor<2x4x17x8xf32>, tensor<2x2x17x8xf32>, tensor<2x2x17x8xf32>)
      q_pos(%pos : tensor<2x17xi32>) bias_table(%t : tensor<4x32xf32>)
      side(%sk, %sk, %sok : tensor<2x2x3x8xf32>, tensor<2x2x3x8xf32>, tensor<2x3xi1>) q_block(%block : tensor<2x17xi32>)
      side_bias_table(%t : tensor<4x32xf32>) outs(%o : tensor<2x4x17x8xf32>)
      {scale = 0.5, pattern = #colt5.window<1, 2>, bias = #colt5.t5_buckets<32, 128, bidirectional>}
      -> tensor<2x4x17x8xf32>
  return %0 : tensor<2x4x17x8xf32>
}

func.func @region(%q: tensor<2x4x17x8xbf16>, %m: tensor<2x17xi1>, %e: tensor<1x4x17x17xf32>) -> tensor<2x4x17x8xbf16> {
  %o = tensor.empty() : tensor<2x4x17x8xbf16>
  %0 = colt5.attention ins(%q, %q, %q : tensor<2x4x17x8xbf16>, tensor<2x4x17x8xbf16>, tensor<2x4x17x8xbf16>)
      q_valid(%m : tensor<2x17xi1>) kv_valid(%m : tensor<2x17xi1>) extra(%e : tensor<1x4x17x17xf32>)
      outs(%o : tensor<2x4x17x8xbf16>) {pattern = #colt5.causal} -> tensor<2x4x17x8xbf16> {
  ^bb0(%s: f32, %qp: i32, %kp: i32, %x: f32):
    %1 = arith.addf %s, %x : f32
    colt5.yield %1 : f32
  }
  return %0 : tensor<2x4x17x8xbf16>
}

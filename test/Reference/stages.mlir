// The composites' own definition, the decomposed and the tiled program mean the same (up to f32 constants in the IR).
// DEFINE: %{inputs} = --input=random:seed=1,shape=2x19x12 --input=ones:shape=2x19 \
// DEFINE:   --input=random:seed=3 --input=random:seed=4 --input=random:seed=5 --input=random:seed=6 \
// DEFINE:   --input=random:seed=7 --input=random:seed=8 --input=random:seed=9 --input=random:seed=10 \
// DEFINE:   --input=random:seed=11 --input=random:seed=12 --input=random:seed=13 --input=random:seed=14 \
// DEFINE:   --input=random:seed=15 --input=random:seed=16
// DEFINE: %{decompose} = --colt5-decompose --canonicalize --cse --colt5-derive-index-facts --colt5-fold-residual
// DEFINE: %{check} = colt5-run - --backend=reference %{inputs} --compare=%t --rtol=1e-7
// RUN: rm -rf %t
// RUN: colt5-run %s --backend=reference %{inputs} --output-dir=%t
// RUN: colt5-opt %s %{decompose} | %{check} | FileCheck %s
// RUN: colt5-opt %s %{decompose} --colt5-decompose-attention | %{check} | FileCheck %s
// RUN: colt5-opt %s %{decompose} --colt5-plan --colt5-tile | %{check} | FileCheck %s
// CHECK: result 0 {{.*}} ok

func.func @main(%h: tensor<2x?x12xf32>, %m: tensor<2x?xi1>, %uq: tensor<1x12xf32>, %ukv: tensor<1x12xf32>, %wq: tensor<12x2x4xf32>, %wk: tensor<12x1x4xf32>, %wv: tensor<12x1x4xf32>, %wo: tensor<2x4x12xf32>, %t: tensor<2x32xf32>,
  %a: tensor<12x8xf32>, %b: tensor<12x8xf32>, %c: tensor<8x12xf32>, %d: tensor<12x20xf32>, %e: tensor<12x20xf32>, %f: tensor<20x12xf32>, %g: tensor<12xf32>) -> tensor<2x?x12xf32> {
  %x = colt5.conditional_attention %h mask(%m) routers(%uq, %ukv) light(%wq, %wk, %wv, %wo bias %t) heavy(%wq, %wk, %wv, %wo bias %t)
   {queries = 5, keys = 7, light_pattern = #colt5.window<3, 3>} : tensor<2x?x12xf32>, tensor<2x?xi1>, tensor<1x12xf32>, tensor<1x12xf32>, tensor<12x2x4xf32>, tensor<12x1x4xf32>, tensor<12x1x4xf32>, tensor<2x4x12xf32>, tensor<2x32xf32>, tensor<12x2x4xf32>, tensor<12x1x4xf32>, tensor<12x1x4xf32>, tensor<2x4x12xf32>, tensor<2x32xf32> -> tensor<2x?x12xf32>
  %n = colt5.rms_norm ins(%x, %g : tensor<2x?x12xf32>, tensor<12xf32>) mask(%m : tensor<2x?xi1>) outs(%x : tensor<2x?x12xf32>) -> tensor<2x?x12xf32>
  %y = colt5.conditional_ffn %n mask(%m) router(%uq) light(in = %a, gate = %b, out = %c) heavy(in = %d, gate = %e, out = %f) {tokens = 4, routing = #colt5.routing<softmax_topk>}
   : tensor<2x?x12xf32>, tensor<2x?xi1>, tensor<1x12xf32>, tensor<12x8xf32>, tensor<12x8xf32>, tensor<8x12xf32>, tensor<12x20xf32>, tensor<12x20xf32>, tensor<20x12xf32> -> tensor<2x?x12xf32>
  return %y : tensor<2x?x12xf32>
}

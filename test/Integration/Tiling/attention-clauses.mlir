// Every clause whose slices shift with the tile: positions, side keys, dense bias, dynamic sizes, 16-bit rows.
// RUN: colt5-run %s --entry=side --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,low=-1,high=60 --input=random:seed=4 --input=random:seed=5 --input=random:seed=6,low=-1,high=3 --input=random:seed=7 --output-dir=%t.side --quiet
// RUN: colt5-run %s --entry=extra --backend=reference --input=random:seed=1,shape=2x4x36x8 --input=random:seed=2,shape=2x4x65x8 --input=random:seed=3,shape=2x36 --input=random:seed=4,shape=1x4x36x65 --output-dir=%t.extra --quiet
// RUN: colt5-opt %s --colt5-plan="tile-sizes=1,1,7" --colt5-tile -o %t.mlir
// RUN: FileCheck %s --input-file=%t.mlir
// RUN: colt5-run %t.mlir --entry=side --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,low=-1,high=60 --input=random:seed=4 --input=random:seed=5 --input=random:seed=6,low=-1,high=3 --input=random:seed=7 --compare=%t.side --rtol=1e-13 --quiet
// RUN: colt5-run %t.mlir --entry=extra --backend=reference --input=random:seed=1,shape=2x4x36x8 --input=random:seed=2,shape=2x4x65x8 --input=random:seed=3,shape=2x36 --input=random:seed=4,shape=1x4x36x65 --compare=%t.extra --rtol=1e-13 --quiet

// CHECK-LABEL: func.func @side
// CHECK: scf.forall
// CHECK: colt5.attention
// CHECK-LABEL: func.func @extra
// CHECK: scf.forall
// CHECK: colt5.attention {{.*}} q_base(
func.func @side(%q: tensor<2x4x17x8xf32>, %k: tensor<2x2x17x8xf32>, %pos: tensor<2x17xi32>, %sk: tensor<2x2x3x8xf32>,
                %sok: tensor<2x3xi1>, %block: tensor<2x17xi32>, %t: tensor<4x32xf32>) -> tensor<2x4x17x8xf32> {
  %o = tensor.empty() : tensor<2x4x17x8xf32>
  %0 = colt5.attention ins(%q, %k, %k : tensor<2x4x17x8xf32>, tensor<2x2x17x8xf32>, tensor<2x2x17x8xf32>)
      q_pos(%pos : tensor<2x17xi32>) bias_table(%t : tensor<4x32xf32>)
      side(%sk, %sk, %sok : tensor<2x2x3x8xf32>, tensor<2x2x3x8xf32>, tensor<2x3xi1>) q_block(%block : tensor<2x17xi32>)
      side_bias_table(%t : tensor<4x32xf32>) outs(%o : tensor<2x4x17x8xf32>)
      {scale = 0.5, pattern = #colt5.window<20, 30>, bias = #colt5.t5_buckets<32, 128, bidirectional>}
      -> tensor<2x4x17x8xf32>
  return %0 : tensor<2x4x17x8xf32>
}

func.func @extra(%q: tensor<?x?x?x?xbf16>, %k: tensor<?x?x?x?xbf16>, %m: tensor<?x?xi1>, %e: tensor<1x?x?x?xf32>)
    -> tensor<?x?x?x?xbf16> {
  %0 = colt5.attention ins(%q, %k, %k : tensor<?x?x?x?xbf16>, tensor<?x?x?x?xbf16>, tensor<?x?x?x?xbf16>)
      q_valid(%m : tensor<?x?xi1>) extra(%e : tensor<1x?x?x?xf32>) outs(%q : tensor<?x?x?x?xbf16>)
      {pattern = #colt5.block_local<16, 1, 1>} -> tensor<?x?x?x?xbf16> {
  ^bb0(%s: f32, %qp: i32, %kp: i32, %x: f32):
    %1 = arith.addf %s, %x : f32
    colt5.yield %1 : f32
  }
  return %0 : tensor<?x?x?x?xbf16>
}

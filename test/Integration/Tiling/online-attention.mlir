// Along the keys too, at an odd tile size: the running state passes from tile to tile.
// RUN: colt5-run %s --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3 --input=random:seed=4 --output-dir=%t.ref --quiet
// RUN: colt5-opt %s --transform-interpreter -o %t.mlir
// RUN: FileCheck %s --input-file=%t.mlir
// RUN: colt5-run %t.mlir --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3 --input=random:seed=4 --compare=%t.ref --rtol=1e-13 --quiet
// RUN: not colt5-run %t.mlir --entry=f --backend=reference --input=random:seed=5 --input=random:seed=2 --input=random:seed=3 --input=random:seed=4 --compare=%t.ref --rtol=1e-13 --quiet

// CHECK: scf.for
// CHECK: scf.for
// CHECK: scf.for
// CHECK: colt5.online_attention {{.*}} kv_base(
module attributes {transform.with_named_sequence} {
  func.func @f(%q: tensor<1x4x65x16xf32>, %k: tensor<1x2x100x16xf32>, %m: tensor<1x100xi1>, %t: tensor<4x32xf32>)
      -> (tensor<1x4x65x16xf32>, tensor<1x4x65xf32>, tensor<1x4x65xf32>) {
    %zero = arith.constant 0.0 : f32
    %low = arith.constant 0xFF800000 : f32
    %e = tensor.empty() : tensor<1x4x65x16xf32>
    %r = tensor.empty() : tensor<1x4x65xf32>
    %acc = linalg.fill ins(%zero : f32) outs(%e : tensor<1x4x65x16xf32>) -> tensor<1x4x65x16xf32>
    %max = linalg.fill ins(%low : f32) outs(%r : tensor<1x4x65xf32>) -> tensor<1x4x65xf32>
    %sum = linalg.fill ins(%zero : f32) outs(%r : tensor<1x4x65xf32>) -> tensor<1x4x65xf32>
    %o:3 = colt5.online_attention ins(%q, %k, %k : tensor<1x4x65x16xf32>, tensor<1x2x100x16xf32>, tensor<1x2x100x16xf32>)
        kv_valid(%m : tensor<1x100xi1>) bias_table(%t : tensor<4x32xf32>)
        outs(%acc, %max, %sum : tensor<1x4x65x16xf32>, tensor<1x4x65xf32>, tensor<1x4x65xf32>)
        {pattern = #colt5.window<40, 7>, bias = #colt5.t5_buckets<32, 128, bidirectional>}
        -> (tensor<1x4x65x16xf32>, tensor<1x4x65xf32>, tensor<1x4x65xf32>)
    return %o#0, %o#1, %o#2 : tensor<1x4x65x16xf32>, tensor<1x4x65xf32>, tensor<1x4x65xf32>
  }
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["colt5.online_attention"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loops:3 = transform.structured.tile_using_for %op tile_sizes [0, 1, 17, 31]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

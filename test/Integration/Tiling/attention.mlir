// Grouped heads, a window and its bias at odd query offsets.
// RUN: colt5-run %s --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3 --input=random:seed=4 --input=random:seed=5 --output-dir=%t.ref --quiet
// RUN: colt5-opt %s --colt5-plan="tile-sizes=1,1,17" --colt5-tile -o %t.mlir
// RUN: colt5-run %t.mlir --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3 --input=random:seed=4 --input=random:seed=5 --compare=%t.ref --rtol=1e-14 --quiet
// RUN: colt5-opt %s --colt5-plan="tile-sizes=1,2,36" --colt5-tile -o %t.mlir
// RUN: colt5-run %t.mlir --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3 --input=random:seed=4 --input=random:seed=5 --compare=%t.ref --rtol=1e-14 --quiet
// RUN: colt5-opt %s --colt5-plan="tile-sizes=0,8,7" --colt5-tile -o %t.mlir
// RUN: colt5-run %t.mlir --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3 --input=random:seed=4 --input=random:seed=5 --compare=%t.ref --rtol=1e-14 --quiet

func.func @f(%q: tensor<2x8x65x16xf32>, %k: tensor<2x2x70x16xf32>, %v: tensor<2x2x70x16xf32>, %m: tensor<2x70xi1>, %t: tensor<8x32xf32>) -> (tensor<2x8x65x16xf32>, tensor<2x8x65xf32>) {
  %c5 = arith.constant 5 : index
  %e = tensor.empty() : tensor<2x8x65x16xf32>
  %el = tensor.empty() : tensor<2x8x65xf32>
  %o, %l = colt5.attention ins(%q, %k, %v : tensor<2x8x65x16xf32>, tensor<2x2x70x16xf32>, tensor<2x2x70x16xf32>) kv_valid(%m : tensor<2x70xi1>) q_base(%c5 : index) bias_table(%t : tensor<8x32xf32>)
      outs(%e, %el : tensor<2x8x65x16xf32>, tensor<2x8x65xf32>) {pattern = #colt5.window<12, 3>, bias = #colt5.t5_buckets<32, 128, bidirectional>} -> (tensor<2x8x65x16xf32>, tensor<2x8x65xf32>)
  return %o, %l : tensor<2x8x65x16xf32>, tensor<2x8x65xf32>
}

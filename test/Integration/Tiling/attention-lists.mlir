// Query tiles of whole blocks and of parts of one.
// RUN: colt5-run %s --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,low=-1,high=98 --output-dir=%t.ref --quiet
// RUN: colt5-opt %s --colt5-plan="tile-sizes=1,1,34" --colt5-tile -o %t.mlir
// RUN: colt5-run %t.mlir --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,low=-1,high=98 --compare=%t.ref --rtol=1e-14 --quiet
// RUN: colt5-opt %s --colt5-plan="tile-sizes=1,1,17" --colt5-tile -o %t.mlir
// RUN: colt5-run %t.mlir --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,low=-1,high=98 --compare=%t.ref --rtol=1e-14 --quiet
// RUN: colt5-opt %s --colt5-plan="tile-sizes=1,1,1" --colt5-tile -o %t.mlir
// RUN: colt5-run %t.mlir --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,low=-1,high=98 --compare=%t.ref --rtol=1e-14 --quiet

func.func @f(%q: tensor<1x2x68x16xf32>, %k: tensor<1x2x99x16xf32>, %i: tensor<1x2x4x7xi32>) -> tensor<1x2x68x16xf32> {
  %e = tensor.empty() : tensor<1x2x68x16xf32>
  %o = colt5.attention ins(%q, %k, %k : tensor<1x2x68x16xf32>, tensor<1x2x99x16xf32>, tensor<1x2x99x16xf32>) kv_idx(%i : tensor<1x2x4x7xi32>)
      outs(%e : tensor<1x2x68x16xf32>) {pattern = #colt5.causal} -> tensor<1x2x68x16xf32>
  return %o : tensor<1x2x68x16xf32>
}

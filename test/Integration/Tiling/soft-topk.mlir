// One tile per row or two.
// RUN: colt5-run %s --entry=f --backend=reference --input=random:seed=1 --input=value=5 --input=random:seed=3 --output-dir=%t.ref --quiet
// RUN: colt5-opt %s --colt5-plan="tile-sizes=1,1" --colt5-tile -o %t.mlir
// RUN: colt5-run %t.mlir --entry=f --backend=reference --input=random:seed=1 --input=value=5 --input=random:seed=3 --compare=%t.ref --rtol=1e-14 --quiet
// RUN: colt5-opt %s --colt5-plan="tile-sizes=2,0" --colt5-tile -o %t.mlir
// RUN: colt5-run %t.mlir --entry=f --backend=reference --input=random:seed=1 --input=value=5 --input=random:seed=3 --compare=%t.ref --rtol=1e-14 --quiet

func.func @f(%s: tensor<3x2x129xf32>, %k: tensor<3x2xf32>, %m: tensor<3x129xi1>) -> tensor<3x2x129xf32> {
  %e = tensor.empty() : tensor<3x2x129xf32>
  %w = colt5.soft_topk ins(%s, %k : tensor<3x2x129xf32>, tensor<3x2xf32>) mask(%m : tensor<3x129xi1>) outs(%e : tensor<3x2x129xf32>) -> tensor<3x2x129xf32>
  return %w : tensor<3x2x129xf32>
}

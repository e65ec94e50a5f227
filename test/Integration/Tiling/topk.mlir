// One tile per row or two.
// RUN: colt5-run %s --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2 --output-dir=%t.ref --quiet
// RUN: colt5-opt %s --colt5-plan="tile-sizes=1,1" --colt5-tile -o %t.mlir
// RUN: colt5-run %t.mlir --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2 --compare=%t.ref --rtol=1e-14 --quiet
// RUN: colt5-opt %s --colt5-plan="tile-sizes=2,0" --colt5-tile -o %t.mlir
// RUN: colt5-run %t.mlir --entry=f --backend=reference --input=random:seed=1 --input=random:seed=2 --compare=%t.ref --rtol=1e-14 --quiet

func.func @f(%s: tensor<3x2x129xf32>, %m: tensor<3x129xi1>) -> (tensor<3x2x17xi32>, tensor<3x2x17xi1>) {
  %i = tensor.empty() : tensor<3x2x17xi32>
  %v = tensor.empty() : tensor<3x2x17xi1>
  %idx, %valid = colt5.topk ins(%s : tensor<3x2x129xf32>) mask(%m : tensor<3x129xi1>) outs(%i, %v : tensor<3x2x17xi32>, tensor<3x2x17xi1>) -> (tensor<3x2x17xi32>, tensor<3x2x17xi1>)
  return %idx, %valid : tensor<3x2x17xi32>, tensor<3x2x17xi1>
}

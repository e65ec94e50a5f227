// RUN: colt5-opt %s --split-input-file --pass-pipeline='builtin.module(colt5-infer-sizes,colt5-specialize-sizes{sizes=n=8,k=2},canonicalize)' | FileCheck %s
// RUN: colt5-opt %s --colt5-to-decompose="static-sizes=n=8,k=2" | FileCheck %s --check-prefix=STAGE

// Types of arguments, results and everything between become static; the list of arguments stays.
// CHECK: func.func @select(%{{.*}}: tensor<1x8x4xf32> {colt5.sizes = [1, 8, 4]}, %{{.*}}: tensor<1x1x8xf32> {colt5.sizes = [1, 1, 8]},
// CHECK-SAME: %{{.*}}: index {colt5.name = "k", colt5.size = 2 : i64}) -> (tensor<1x2x4xf32> {colt5.sizes = [1, 2, 4]})
// CHECK-NOT: ?
// STAGE: func.func @select(
// STAGE-NOT: tensor<{{[^>]*}}?
// STAGE: func.func @rest(
func.func @select(%x: tensor<1x?x4xf32> {colt5.sizes = [1, "n", 4]}, %s: tensor<1x1x?xf32> {colt5.sizes = [1, 1, "n"]},
    %k: index {colt5.name = "k"}) -> tensor<1x?x4xf32> {
  %i = tensor.empty(%k) : tensor<1x1x?xi32>
  %v = tensor.empty(%k) : tensor<1x1x?xi1>
  %idx, %valid = colt5.topk ins(%s : tensor<1x1x?xf32>) outs(%i, %v : tensor<1x1x?xi32>, tensor<1x1x?xi1>)
      -> (tensor<1x1x?xi32>, tensor<1x1x?xi1>)
  %flat = tensor.collapse_shape %idx [[0, 1], [2]] : tensor<1x1x?xi32> into tensor<1x?xi32>
  %e = tensor.empty(%k) : tensor<1x?x4xf32>
  %r = colt5.gather ins(%x, %flat : tensor<1x?x4xf32>, tensor<1x?xi32>) outs(%e : tensor<1x?x4xf32>) -> tensor<1x?x4xf32>
  return %r : tensor<1x?x4xf32>
}

// -----

// Other sizes stay dynamic, and numbers that a size has to be become types too.
// CHECK: func.func @rest(%{{.*}}: tensor<8x?xf32> {colt5.sizes = [8, "d"]}, %{{.*}}: tensor<6xf32> {colt5.sizes = [6]}, %{{.*}}: tensor<6xf32>)
// CHECK: return %{{.*}}, %{{.*}} : tensor<8x?xf32>, tensor<6xf32>
// CHECK: func.func @scalar(%{{.*}}: i64 {colt5.name = "k", colt5.size = 2 : i64}, %{{.*}}: tensor<2xf32> {colt5.sizes = [2]})
func.func @rest(%x: tensor<?x?xf32> {colt5.sizes = ["n", "d"]}, %a: tensor<?xf32>, %b: tensor<6xf32>)
    -> (tensor<?x?xf32>, tensor<6xf32>) {
  %r = linalg.add ins(%x, %x : tensor<?x?xf32>, tensor<?x?xf32>) outs(%x : tensor<?x?xf32>) -> tensor<?x?xf32>
  %c = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%a : tensor<?xf32>) outs(%b : tensor<6xf32>) {
  ^bb0(%p: f32, %o: f32):
    linalg.yield %p : f32
  } -> tensor<6xf32>
  return %r, %c : tensor<?x?xf32>, tensor<6xf32>
}
func.func @scalar(%k: i64 {colt5.name = "k"}, %a: tensor<?xf32>) -> tensor<?xf32> {
  %n = arith.index_cast %k : i64 to index
  %e = tensor.empty(%n) : tensor<?xf32>
  %r = linalg.add ins(%a, %a : tensor<?xf32>, tensor<?xf32>) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %r : tensor<?xf32>
}

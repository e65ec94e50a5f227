// RUN: colt5-opt %s | colt5-opt | FileCheck %s
// RUN: colt5-opt %s --mlir-print-op-generic | colt5-opt | FileCheck %s
// RUN: colt5-opt %s --emit-bytecode | colt5-opt | FileCheck %s

// CHECK-LABEL: @router_scores_minimal(
// CHECK: colt5.router_scores ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<2x8x4xf32>, tensor<1x4xf32>) outs(%{{[a-z0-9]+}} : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>{{$}}
func.func @router_scores_minimal(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %o: tensor<2x1x8xf32>) {
  %s = colt5.router_scores ins(%x, %u
      : tensor<2x8x4xf32>, tensor<1x4xf32>)
      outs(%o : tensor<2x1x8xf32>) {similarity = dot, scale = 1.0}
      -> tensor<2x1x8xf32>
  return
}

// CHECK-LABEL: @router_scores_full(
// CHECK: colt5.router_scores ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<?x?x?xbf16>, tensor<?x?x?xbf16>) mask(%{{[a-z0-9]+}} : tensor<?x?x?xi1>) outs(%{{[a-z0-9]+}} : tensor<?x?x?xf32>) {scale = 1.250000e-01, similarity = cosine} -> tensor<?x?x?xf32>{{$}}
func.func @router_scores_full(%x: tensor<?x?x?xbf16>, %u: tensor<?x?x?xbf16>, %m: tensor<?x?x?xi1>, %o: tensor<?x?x?xf32>) {
  %s = colt5.router_scores ins(%x, %u
      : tensor<?x?x?xbf16>, tensor<?x?x?xbf16>) mask(%m
      : tensor<?x?x?xi1>)
      outs(%o
      : tensor<?x?x?xf32>) {similarity = cosine, scale = 0.125}
      -> tensor<?x?x?xf32>
  return
}

// CHECK-LABEL: @router_scores_f64(
// CHECK: colt5.router_scores ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<2x8x4xf64>, tensor<3x4xf64>) mask(%{{[a-z0-9]+}} : tensor<2x8xi1>) outs(%{{[a-z0-9]+}} : tensor<2x3x8xf64>) -> tensor<2x3x8xf64>{{$}}
func.func @router_scores_f64(%x: tensor<2x8x4xf64>, %u: tensor<3x4xf64>, %m: tensor<2x8xi1>, %o: tensor<2x3x8xf64>) {
  %s = colt5.router_scores ins(%x, %u
      : tensor<2x8x4xf64>, tensor<3x4xf64>) mask(%m : tensor<2x8xi1>)
      outs(%o : tensor<2x3x8xf64>)
      -> tensor<2x3x8xf64>
  return
}

// CHECK-LABEL: @router_scores_memref(
// CHECK: colt5.router_scores ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : memref<2x8x4xf16, strided<[64, 4, 1], offset: ?>>, memref<1x4xf16>) mask(%{{[a-z0-9]+}} : memref<2x8xi1>) outs(%{{[a-z0-9]+}} : memref<2x1x8xf32>) {similarity = cosine}{{$}}
func.func @router_scores_memref(%x: memref<2x8x4xf16, strided<[64, 4, 1], offset: ?>>, %u: memref<1x4xf16>, %m: memref<2x8xi1>, %o: memref<2x1x8xf32>) {
  colt5.router_scores ins(%x, %u : memref<2x8x4xf16, strided<[64, 4, 1], offset: ?>>, memref<1x4xf16>) mask(%m : memref<2x8xi1>)
      outs(%o : memref<2x1x8xf32>) {similarity = cosine}
  return
}

// CHECK-LABEL: @soft_topk_minimal(
// CHECK: colt5.soft_topk ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<2x1x8xf32>, f32) outs(%{{[a-z0-9]+}} : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>{{$}}
func.func @soft_topk_minimal(%s: tensor<2x1x8xf32>, %k: f32, %o: tensor<2x1x8xf32>) {
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xf32>, f32)
      outs(%o : tensor<2x1x8xf32>)
      {eps = 1.0, iterations = 50, init = zero, eps_decay = 1.0, overflow = ones, solver = iterate}
      -> tensor<2x1x8xf32>
  return
}

// CHECK-LABEL: @soft_topk_full(
// CHECK: colt5.soft_topk ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<?x?x?xf64>, tensor<?x?xf64>) mask(%{{[a-z0-9]+}} : tensor<?x?x?xi1>) outs(%{{[a-z0-9]+}} : tensor<?x?x?xf64>) {block = 16, eps = 5.000000e-01, eps_decay = 7.500000e-01, eps_init = 4.000000e+00, init = neg, iterations = 20, overflow = iterate} -> tensor<?x?x?xf64>{{$}}
func.func @soft_topk_full(%s: tensor<?x?x?xf64>, %k: tensor<?x?xf64>, %m: tensor<?x?x?xi1>, %o: tensor<?x?x?xf64>) {
  %w = colt5.soft_topk ins(%s, %k
      : tensor<?x?x?xf64>, tensor<?x?xf64>) mask(%m
      : tensor<?x?x?xi1>)
      outs(%o
      : tensor<?x?x?xf64>)
      {eps = 0.5, iterations = 20, init = neg, eps_init = 4.0, eps_decay = 0.75, overflow = iterate, block = 16}
      -> tensor<?x?x?xf64>
  return
}

// CHECK-LABEL: @soft_topk_memref(
// CHECK: colt5.soft_topk ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : memref<2x1x8xf32>, f32) mask(%{{[a-z0-9]+}} : memref<2x8xi1>) outs(%{{[a-z0-9]+}} : memref<2x1x8xf32>){{$}}
func.func @soft_topk_memref(%s: memref<2x1x8xf32>, %k: f32, %m: memref<2x8xi1>, %o: memref<2x1x8xf32>) {
  colt5.soft_topk ins(%s, %k : memref<2x1x8xf32>, f32) mask(%m : memref<2x8xi1>) outs(%o : memref<2x1x8xf32>)
  return
}

// CHECK-LABEL: @topk_minimal(
// CHECK: colt5.topk ins(%{{[a-z0-9]+}} : tensor<2x1x8xf32>) outs(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<2x1x4xi32>, tensor<2x1x4xi1>) -> (tensor<2x1x4xi32>, tensor<2x1x4xi1>){{$}}
func.func @topk_minimal(%s: tensor<2x1x8xf32>, %oi: tensor<2x1x4xi32>, %ov: tensor<2x1x4xi1>) {
  %i, %v = colt5.topk ins(%s : tensor<2x1x8xf32>)
      outs(%oi, %ov : tensor<2x1x4xi32>, tensor<2x1x4xi1>)
      {tie = lowest_index, order = index}
      -> (tensor<2x1x4xi32>, tensor<2x1x4xi1>)
  return
}

// CHECK-LABEL: @topk_full(
// CHECK: colt5.topk ins(%{{[a-z0-9]+}} : tensor<?x?x?xf64>) mask(%{{[a-z0-9]+}} : tensor<?x?xi1>) outs(%{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<?x?x?xi32>, tensor<?x?x?xi1>, tensor<?x?x?xf64>) {block = 4, order = score, tie = highest_index} -> (tensor<?x?x?xi32>, tensor<?x?x?xi1>, tensor<?x?x?xf64>){{$}}
func.func @topk_full(%s: tensor<?x?x?xf64>, %m: tensor<?x?xi1>, %oi: tensor<?x?x?xi32>, %ov: tensor<?x?x?xi1>, %ow: tensor<?x?x?xf64>) {
  %i, %v, %w = colt5.topk ins(%s
      : tensor<?x?x?xf64>) mask(%m : tensor<?x?xi1>)
      outs(%oi, %ov, %ow
      : tensor<?x?x?xi32>, tensor<?x?x?xi1>, tensor<?x?x?xf64>)
      {tie = highest_index, order = score, block = 4}
      -> (tensor<?x?x?xi32>, tensor<?x?x?xi1>, tensor<?x?x?xf64>)
  return
}

// CHECK-LABEL: @topk_memref(
// CHECK: colt5.topk ins(%{{[a-z0-9]+}} : memref<2x1x8xf32>) mask(%{{[a-z0-9]+}} : memref<2x1x8xi1>) outs(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : memref<2x1x4xi32>, memref<2x1x4xi1>){{$}}
func.func @topk_memref(%s: memref<2x1x8xf32>, %m: memref<2x1x8xi1>, %oi: memref<2x1x4xi32>, %ov: memref<2x1x4xi1>) {
  colt5.topk ins(%s : memref<2x1x8xf32>) mask(%m : memref<2x1x8xi1>)
      outs(%oi, %ov : memref<2x1x4xi32>, memref<2x1x4xi1>)
  return
}

// CHECK-LABEL: @topk_more_slots_than_tokens(
// CHECK: colt5.topk ins(%{{[a-z0-9]+}} : tensor<2x1x3xf32>) outs(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<2x1x9xi32>, tensor<2x1x9xi1>) -> (tensor<2x1x9xi32>, tensor<2x1x9xi1>){{$}}
func.func @topk_more_slots_than_tokens(%s: tensor<2x1x3xf32>, %oi: tensor<2x1x9xi32>, %ov: tensor<2x1x9xi1>) {
  %i, %v = colt5.topk ins(%s : tensor<2x1x3xf32>)
      outs(%oi, %ov : tensor<2x1x9xi32>, tensor<2x1x9xi1>)
      -> (tensor<2x1x9xi32>, tensor<2x1x9xi1>)
  return
}

// RUN: colt5-opt %s --split-input-file --transform-interpreter --canonicalize --cse | FileCheck %s

func.func @router_scores(%x: tensor<2x1000x36xbf16>, %u: tensor<3x36xbf16>, %m: tensor<2x1000xi1>, %out: tensor<2x3x1000xf32>) -> tensor<2x3x1000xf32> {
  %s = colt5.router_scores ins(%x, %u : tensor<2x1000x36xbf16>, tensor<3x36xbf16>) mask(%m : tensor<2x1000xi1>)
      outs(%out : tensor<2x3x1000xf32>) {similarity = cosine} -> tensor<2x3x1000xf32>
  return %s : tensor<2x3x1000xf32>
}
// CHECK-LABEL: func.func @router_scores
// CHECK: scf.for %[[B:.*]] = %{{.*}} to %{{.*}} step
// CHECK: scf.for %[[R:.*]] = %{{.*}} to %{{.*}} step
// CHECK: scf.for %[[N:.*]] = %{{.*}} to %{{.*}} step
// CHECK: %[[RT:.*]] = affine.min #{{.*}}(%[[R]])
// CHECK: %[[NT:.*]] = affine.min #{{.*}}(%[[N]])
// CHECK: tensor.extract_slice %{{.*}}[%[[B]], %[[N]], 0] [1, %[[NT]], 36]
// CHECK: tensor.extract_slice %{{.*}}[%[[R]], 0] [%[[RT]], 36]
// CHECK: tensor.extract_slice %{{.*}}[%[[B]], %[[N]]] [1, %[[NT]]]
// CHECK: colt5.router_scores {{.*}}tensor<1x?x36xbf16>, tensor<?x36xbf16>{{.*}}mask({{.*}}tensor<1x?xi1>){{.*}}{similarity = cosine} -> tensor<1x?x?xf32>
// CHECK: tensor.insert_slice %{{.*}} into %{{.*}}[%[[B]], %[[R]], %[[N]]] [1, %[[RT]], %[[NT]]]

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["colt5.router_scores"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loops:3 = transform.structured.tile_using_for %op tile_sizes [1, 2, 127] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @router_scores_dynamic(%x: tensor<?x?x?xf32>, %u: tensor<?x?x?xf32>, %m: tensor<?x?x?xi1>, %out: tensor<?x?x?xf32>) -> tensor<?x?x?xf32> {
  %s = colt5.router_scores ins(%x, %u : tensor<?x?x?xf32>, tensor<?x?x?xf32>) mask(%m : tensor<?x?x?xi1>)
      outs(%out : tensor<?x?x?xf32>) -> tensor<?x?x?xf32>
  return %s : tensor<?x?x?xf32>
}
// CHECK-LABEL: func.func @router_scores_dynamic
// CHECK: scf.for %[[B:[a-z0-9]*]] =
// CHECK: scf.for %[[R:[a-z0-9]*]] =
// CHECK: scf.for %[[N:[a-z0-9]*]] =
// CHECK: %[[U:.*]] = tensor.extract_slice %arg1[%{{.*}}, %{{.*}}, 0]
// CHECK: %[[M:.*]] = tensor.extract_slice %arg2[%{{.*}}, %{{.*}}, %{{.*}}]
// CHECK: colt5.router_scores ins(%{{.*}}, %[[U]]{{.*}}mask(%[[M]]

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["colt5.router_scores"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loops:3 = transform.structured.tile_using_for %op tile_sizes [1, 1, 3] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @soft_topk(%s: tensor<3x2x?xf32>, %k: tensor<3x2xf32>, %m: tensor<3x?xi1>, %out: tensor<3x2x?xf32>) -> tensor<3x2x?xf32> {
  %w = colt5.soft_topk ins(%s, %k : tensor<3x2x?xf32>, tensor<3x2xf32>) mask(%m : tensor<3x?xi1>)
      outs(%out : tensor<3x2x?xf32>) {iterations = 20} -> tensor<3x2x?xf32>
  return %w : tensor<3x2x?xf32>
}
// CHECK-LABEL: func.func @soft_topk
// CHECK: scf.for %[[B:[a-z0-9]*]] =
// CHECK: %[[BT:.*]] = affine.min #{{.*}}(%[[B]])
// CHECK-DAG: tensor.extract_slice %arg1[%[[B]], %[[R:.*]]] [%[[BT]], 1]
// CHECK-DAG: tensor.extract_slice %arg2[%[[B]], 0] [%[[BT]], %
// CHECK: colt5.soft_topk {{.*}}tensor<?x1x?xf32>, tensor<?x1xf32>{{.*}}{iterations = 20} -> tensor<?x1x?xf32>

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["colt5.soft_topk"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loops:2 = transform.structured.tile_using_for %op tile_sizes [2, 1] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @soft_topk_scalar(%s: tensor<3x2x65xf32>, %k: f32, %out: tensor<3x2x65xf32>) -> tensor<3x2x65xf32> {
  %w = colt5.soft_topk ins(%s, %k : tensor<3x2x65xf32>, f32) outs(%out : tensor<3x2x65xf32>) -> tensor<3x2x65xf32>
  return %w : tensor<3x2x65xf32>
}
// CHECK-LABEL: func.func @soft_topk_scalar
// CHECK: scf.forall
// CHECK: colt5.soft_topk ins(%{{.*}}, %arg1 : tensor<1x1x65xf32>, f32)

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["colt5.soft_topk"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_forall %op tile_sizes [1, 1] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @topk(%s: tensor<3x2x1000xf32>, %m: tensor<3x2x1000xi1>, %i: tensor<3x2x?xi32>, %v: tensor<3x2x?xi1>, %o: tensor<3x2x?xf32>) -> (tensor<3x2x?xi32>, tensor<3x2x?xi1>, tensor<3x2x?xf32>) {
  %idx, %valid, %values = colt5.topk ins(%s : tensor<3x2x1000xf32>) mask(%m : tensor<3x2x1000xi1>)
      outs(%i, %v, %o : tensor<3x2x?xi32>, tensor<3x2x?xi1>, tensor<3x2x?xf32>) {order = score}
      -> (tensor<3x2x?xi32>, tensor<3x2x?xi1>, tensor<3x2x?xf32>)
  return %idx, %valid, %values : tensor<3x2x?xi32>, tensor<3x2x?xi1>, tensor<3x2x?xf32>
}
// CHECK-LABEL: func.func @topk
// CHECK: scf.forall (%[[I:.*]]) in (2)
// CHECK-DAG: %[[BT:.*]] = affine.min #{{.*}}(%[[I]])
// CHECK-DAG: %[[B:.*]] = affine.apply #{{.*}}(%[[I]])
// CHECK: tensor.extract_slice %arg0[%[[B]], 0, 0] [%[[BT]], 2, 1000]
// CHECK: %[[T:.*]]:3 = colt5.topk {{.*}}{order = score}
// CHECK: scf.forall.in_parallel
// CHECK: tensor.parallel_insert_slice %[[T]]#0 into %{{.*}}[%[[B]], 0, 0] [%[[BT]], 2, %
// CHECK: tensor.parallel_insert_slice %[[T]]#1 into %{{.*}}[%[[B]], 0, 0]
// CHECK: tensor.parallel_insert_slice %[[T]]#2 into %{{.*}}[%[[B]], 0, 0]

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["colt5.topk"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loop = transform.structured.tile_using_forall %op tile_sizes [2, 0] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

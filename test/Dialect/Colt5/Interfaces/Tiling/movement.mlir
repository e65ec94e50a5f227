// RUN: colt5-opt %s --split-input-file --transform-interpreter --canonicalize --cse | FileCheck %s

func.func @gather(%x: tensor<2x1000x3x36xf32>, %i: tensor<2x5x65xi32>, %v: tensor<2x5x65xi1>, %s: tensor<2x5x65xf32>, %out: tensor<2x5x65x3x36xf32>) -> tensor<2x5x65x3x36xf32> {
  %r = colt5.gather ins(%x, %i : tensor<2x1000x3x36xf32>, tensor<2x5x65xi32>) valid(%v : tensor<2x5x65xi1>)
      scale(%s : tensor<2x5x65xf32>) outs(%out : tensor<2x5x65x3x36xf32>) {unique} -> tensor<2x5x65x3x36xf32>
  return %r : tensor<2x5x65x3x36xf32>
}
// CHECK-LABEL: func.func @gather
// CHECK: scf.for %[[B:[a-z0-9]*]] =
// CHECK: scf.for %[[K:[a-z0-9]*]] =
// CHECK: scf.for %[[D:[a-z0-9]*]] =
// CHECK: %[[KT:.*]] = affine.min #{{.*}}(%[[K]])
// CHECK: %[[DT:.*]] = affine.min #{{.*}}(%[[D]])
// CHECK: tensor.extract_slice %arg0[%[[B]], 0, 0, %[[D]]] [1, 1000, 3, %[[DT]]]
// CHECK: tensor.extract_slice %arg1[%[[B]], 0, %[[K]]] [1, 5, %[[KT]]]
// CHECK: tensor.extract_slice %arg2[%[[B]], 0, %[[K]]] [1, 5, %[[KT]]]
// CHECK: tensor.extract_slice %arg3[%[[B]], 0, %[[K]]] [1, 5, %[[KT]]]
// CHECK: colt5.gather {{.*}}{unique} -> tensor<1x5x?x3x?xf32>
// CHECK: tensor.insert_slice %{{.*}} into %{{.*}}[%[[B]], 0, %[[K]], 0, %[[D]]] [1, 5, %[[KT]], 3, %[[DT]]]

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["colt5.gather"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loops:3 = transform.structured.tile_using_for %op tile_sizes [1, 0, 17, 0, 7] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @gather_batch_dims(%w: tensor<?x?x?xf32>, %i: tensor<?x?x?xi32>, %out: tensor<?x?x?xf32>) -> tensor<?x?x?xf32> {
  %r = colt5.gather ins(%w, %i : tensor<?x?x?xf32>, tensor<?x?x?xi32>) outs(%out : tensor<?x?x?xf32>) {batch_dims = 2} -> tensor<?x?x?xf32>
  return %r : tensor<?x?x?xf32>
}
// CHECK-LABEL: func.func @gather_batch_dims
// CHECK: scf.for %[[R:[a-z0-9]*]] =
// CHECK: scf.for %[[K:[a-z0-9]*]] =
// CHECK: tensor.extract_slice %arg0[0, %[[R]], 0] [%{{.*}}, 1, %{{.*}}]
// CHECK: tensor.extract_slice %arg1[0, %[[R]], %[[K]]]
// CHECK: colt5.gather {{.*}}{batch_dims = 2}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["colt5.gather"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loops:2 = transform.structured.tile_using_for %op tile_sizes [0, 1, 3] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @rms_scale(%x: tensor<2x?x36xbf16>, %m: tensor<2x?xi1>, %out: tensor<2x?xf32>) -> tensor<2x?xf32> {
  %r = colt5.rms_scale ins(%x : tensor<2x?x36xbf16>) mask(%m : tensor<2x?xi1>) outs(%out : tensor<2x?xf32>) -> tensor<2x?xf32>
  return %r : tensor<2x?xf32>
}
// CHECK-LABEL: func.func @rms_scale
// CHECK: scf.for %[[B:[a-z0-9]*]] =
// CHECK: scf.for %[[N:[a-z0-9]*]] =
// CHECK: %[[NT:.*]] = affine.min #{{.*}}(%[[N]])
// CHECK: tensor.extract_slice %arg0[%[[B]], %[[N]], 0] [1, %[[NT]], 36]
// CHECK: colt5.rms_scale {{.*}} -> tensor<1x?xf32>

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["colt5.rms_scale"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loops:2 = transform.structured.tile_using_for %op tile_sizes [1, 17] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @rope(%x: tensor<2x8x65x16xf32>, %p: tensor<2x2x65xi32>, %out: tensor<2x8x65x16xf32>) -> tensor<2x8x65x16xf32> {
  %r = colt5.rope ins(%x, %p : tensor<2x8x65x16xf32>, tensor<2x2x65xi32>) outs(%out : tensor<2x8x65x16xf32>) -> tensor<2x8x65x16xf32>
  return %r : tensor<2x8x65x16xf32>
}
// Two heads lie in one group of four.
// CHECK: #[[$DIV:.*]] = affine_map<(d0) -> (d0 floordiv 4)>
// CHECK-LABEL: func.func @rope
// CHECK: scf.for %[[H:[a-z0-9]*]] =
// CHECK: scf.for %[[Q:[a-z0-9]*]] =
// CHECK: %[[G:.*]] = affine.apply #[[$DIV]](%[[H]])
// CHECK: tensor.extract_slice %arg1[0, %[[G]], %[[Q]]] [2, 1, %
// CHECK: colt5.rope {{.*}} -> tensor<2x2x?x16xf32>

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["colt5.rope"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loops:2 = transform.structured.tile_using_for %op tile_sizes [0, 2, 17] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @block_summary(%x: tensor<2x1000x36xf32>, %m: tensor<2x1000xi1>, %s: tensor<2x62x36xf32>, %v: tensor<2x62xi1>, %b: tensor<2x1000xi32>) -> (tensor<2x62x36xf32>, tensor<2x62xi1>, tensor<2x1000xi32>) {
  %r:3 = colt5.block_summary ins(%x : tensor<2x1000x36xf32>) mask(%m : tensor<2x1000xi1>)
      outs(%s, %v, %b : tensor<2x62x36xf32>, tensor<2x62xi1>, tensor<2x1000xi32>)
      -> (tensor<2x62x36xf32>, tensor<2x62xi1>, tensor<2x1000xi32>)
  return %r#0, %r#1, %r#2 : tensor<2x62x36xf32>, tensor<2x62xi1>, tensor<2x1000xi32>
}
// CHECK-LABEL: func.func @block_summary
// CHECK: scf.for %[[B:[a-z0-9]*]] =
// CHECK: scf.for %[[D:[a-z0-9]*]] =
// CHECK: %[[DT:.*]] = affine.min #{{.*}}(%[[D]])
// CHECK: tensor.extract_slice %arg0[%[[B]], 0, %[[D]]] [1, 1000, %[[DT]]]
// CHECK: %[[T:.*]]:3 = colt5.block_summary
// CHECK: tensor.insert_slice %[[T]]#0 into %{{.*}}[%[[B]], 0, %[[D]]] [1, 62, %[[DT]]]
// CHECK: tensor.insert_slice %[[T]]#1 into %{{.*}}[%[[B]], 0] [1, 62]

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["colt5.block_summary"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loops:2 = transform.structured.tile_using_for %op tile_sizes [1, 7] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @scatter_combine(%y: tensor<2x3x65x36xf32>, %i: tensor<2x3x65xi32>, %w: tensor<2x3x65xf32>, %base: tensor<2x?x36xf32>) -> tensor<2x?x36xf32> {
  %r = colt5.scatter_combine ins(%y, %i : tensor<2x3x65x36xf32>, tensor<2x3x65xi32>) weight(%w : tensor<2x3x65xf32>)
      outs(%base : tensor<2x?x36xf32>) -> tensor<2x?x36xf32>
  return %r : tensor<2x?x36xf32>
}
// Slots one tile after the other: a row may occur in several.
// CHECK-LABEL: func.func @scatter_combine
// CHECK: scf.for %[[K:[a-z0-9]*]] =
// CHECK: scf.for %[[D:[a-z0-9]*]] ={{.*}}iter_args(%[[ACC:.*]] =
// CHECK-DAG: tensor.extract_slice %arg0[0, 0, %[[K]], %[[D]]]
// CHECK-DAG: tensor.extract_slice %arg1[0, 0, %[[K]]]
// CHECK-DAG: tensor.extract_slice %[[ACC]][0, 0, %[[D]]] [2, %{{.*}}, %
// CHECK: colt5.scatter_combine

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["colt5.scatter_combine"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loops:2 = transform.structured.tile_using_for %op tile_sizes [0, 0, 17, 7] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

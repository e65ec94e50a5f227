// RUN: colt5-opt %s --split-input-file --transform-interpreter --canonicalize --cse | FileCheck %s

func.func @local(%q: tensor<2x8x130x16xf32>, %k: tensor<2x2x200x16xf32>, %kvv: tensor<2x2x200xi1>, %t: tensor<8x32xf32>, %base: index, %o: tensor<2x8x130x16xf32>, %l: tensor<2x8x130xf32>) -> (tensor<2x8x130x16xf32>, tensor<2x8x130xf32>) {
  %r:2 = colt5.attention ins(%q, %k, %k : tensor<2x8x130x16xf32>, tensor<2x2x200x16xf32>, tensor<2x2x200x16xf32>)
      kv_valid(%kvv : tensor<2x2x200xi1>) q_base(%base : index) bias_table(%t : tensor<8x32xf32>)
      outs(%o, %l : tensor<2x8x130x16xf32>, tensor<2x8x130xf32>)
      {pattern = #colt5.window<12, 3>, bias = #colt5.t5_buckets<32, 128, bidirectional>} -> (tensor<2x8x130x16xf32>, tensor<2x8x130xf32>)
  return %r#0, %r#1 : tensor<2x8x130x16xf32>, tensor<2x8x130xf32>
}
// CHECK-DAG: #[[$DIV:.*]] = affine_map<(d0) -> (d0 floordiv 4)>
// CHECK-DAG: #[[$ADD:.*]] = affine_map<(d0)[s0] -> (d0 + s0)>
// CHECK-LABEL: func.func @local
// CHECK: scf.for %[[B:[a-z0-9]*]] =
// CHECK: scf.for %[[H:[a-z0-9]*]] =
// CHECK: scf.for %[[Q:[a-z0-9]*]] =
// CHECK-DAG: %[[QT:.*]] = affine.min #{{.*}}(%[[Q]])
// CHECK-DAG: %[[G:.*]] = affine.apply #[[$DIV]](%[[H]])
// CHECK-DAG: tensor.extract_slice %arg1[%[[B]], %[[G]], 0, 0] [1, 1, 200, 16]
// CHECK-DAG: tensor.extract_slice %arg2[%[[B]], %[[G]], 0] [1, 1, 200]
// CHECK-DAG: tensor.extract_slice %arg3[%[[H]], 0] [1, 32]
// CHECK-DAG: %[[BASE:.*]] = affine.apply #[[$ADD]](%[[Q]])[%arg4]
// CHECK: colt5.attention {{.*}}q_base(%[[BASE]] : index)
// CHECK: insert_slice %{{.*}}#1 into %{{.*}}[%[[B]], %[[H]], %[[Q]]] [1, 1, %[[QT]]]

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["colt5.attention"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loops:3 = transform.structured.tile_using_for %op tile_sizes [1, 1, 17] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @positions(%q: tensor<1x4x65x16xf32>, %k: tensor<1x4x33x16xf32>, %qp: tensor<1x65xi32>, %qv: tensor<1x65xi1>, %sk: tensor<1x4x9x16xf32>, %sv: tensor<1x9xi1>, %qb: tensor<1x65xi32>, %st: tensor<4x32xf32>, %o: tensor<1x4x65x16xf32>) -> tensor<1x4x65x16xf32> {
  %r = colt5.attention ins(%q, %k, %k : tensor<1x4x65x16xf32>, tensor<1x4x33x16xf32>, tensor<1x4x33x16xf32>)
      q_valid(%qv : tensor<1x65xi1>) q_pos(%qp : tensor<1x65xi32>)
      side(%sk, %sk, %sv : tensor<1x4x9x16xf32>, tensor<1x4x9x16xf32>, tensor<1x9xi1>) q_block(%qb : tensor<1x65xi32>)
      side_bias_table(%st : tensor<4x32xf32>) outs(%o : tensor<1x4x65x16xf32>)
      {pattern = #colt5.causal, bias = #colt5.t5_buckets<32, 128, bidirectional>} -> tensor<1x4x65x16xf32>
  return %r : tensor<1x4x65x16xf32>
}
// Explicit positions are sliced; as many groups as heads tile together.
// CHECK-LABEL: func.func @positions
// CHECK: scf.for %[[H:[a-z0-9]*]] =
// CHECK: scf.for %[[Q:[a-z0-9]*]] =
// CHECK-DAG: tensor.extract_slice %arg1[0, %[[H]], 0, 0]
// CHECK-DAG: tensor.extract_slice %arg2[0, %[[Q]]]
// CHECK-DAG: tensor.extract_slice %arg3[0, %[[Q]]]
// CHECK-DAG: tensor.extract_slice %arg4[0, %[[H]], 0, 0]
// CHECK-DAG: tensor.extract_slice %arg6[0, %[[Q]]]
// CHECK-DAG: tensor.extract_slice %arg7[%[[H]], 0]
// CHECK: colt5.attention
// CHECK-NOT: q_base

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["colt5.attention"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loops:2 = transform.structured.tile_using_for %op tile_sizes [0, 3, 36] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @lists(%q: tensor<1x2x68x16xf32>, %k: tensor<1x2x99x16xf32>, %i: tensor<1x2x4x7xi32>, %o: tensor<1x2x68x16xf32>) -> tensor<1x2x68x16xf32> {
  %r = colt5.attention ins(%q, %k, %k : tensor<1x2x68x16xf32>, tensor<1x2x99x16xf32>, tensor<1x2x99x16xf32>)
      kv_idx(%i : tensor<1x2x4x7xi32>) outs(%o : tensor<1x2x68x16xf32>) -> tensor<1x2x68x16xf32>
  return %r : tensor<1x2x68x16xf32>
}
// Two blocks of 17 queries per tile.
// CHECK-LABEL: func.func @lists
// CHECK: scf.for %[[Q:[a-z0-9]*]] =
// CHECK: %[[W:.*]] = affine.apply #{{.*}}(%[[Q]])
// CHECK: tensor.extract_slice %arg2[0, 0, %[[W]], 0] [1, 2, 2, 7]

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["colt5.attention"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loops:1 = transform.structured.tile_using_for %op tile_sizes [0, 0, 34] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @extra(%q: tensor<?x?x?x16xf32>, %k: tensor<?x?x?x16xf32>, %e: tensor<1x?x?x?xf32>, %o: tensor<?x?x?x16xf32>) -> tensor<?x?x?x16xf32> {
  %r = colt5.attention ins(%q, %k, %k : tensor<?x?x?x16xf32>, tensor<?x?x?x16xf32>, tensor<?x?x?x16xf32>)
      extra(%e : tensor<1x?x?x?xf32>) outs(%o : tensor<?x?x?x16xf32>) -> tensor<?x?x?x16xf32> {
  ^bb0(%score: f32, %qp: i32, %kp: i32, %x: f32):
    %y = arith.addf %score, %x : f32
    colt5.yield %y : f32
  }
  return %r : tensor<?x?x?x16xf32>
}
// A dynamic dimension of `extra` may turn out to be 1.
// CHECK-LABEL: func.func @extra
// CHECK: scf.for %[[B:[a-z0-9]*]] =
// CHECK: scf.for %[[H:[a-z0-9]*]] =
// CHECK: scf.for %[[Q:[a-z0-9]*]] =
// CHECK-DAG: %[[PER:.*]] = arith.divui
// CHECK-DAG: %[[G:.*]] = arith.divui %{{.*}}, %[[PER]]
// CHECK-DAG: tensor.extract_slice %arg1[%{{.*}}, %[[G]], 0, 0] [1, 1, %
// CHECK-DAG: %[[ISONE:.*]] = arith.cmpi eq
// CHECK-DAG: %[[OFF:.*]] = arith.select %[[ISONE]], %c0, %[[H]]
// CHECK-DAG: tensor.extract_slice %arg2[0, %[[OFF]], %
// CHECK: colt5.attention
// CHECK: arith.addf

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["colt5.attention"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loops:3 = transform.structured.tile_using_for %op tile_sizes [1, 1, 17] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

func.func @online(%q: tensor<1x4x65x16xf32>, %k: tensor<1x1x1000x16xf32>, %kv: tensor<1x1000xi1>, %acc: tensor<1x4x65x16xf32>, %max: tensor<1x4x65xf32>, %sum: tensor<1x4x65xf32>) -> (tensor<1x4x65x16xf32>, tensor<1x4x65xf32>, tensor<1x4x65xf32>) {
  %r:3 = colt5.online_attention ins(%q, %k, %k : tensor<1x4x65x16xf32>, tensor<1x1x1000x16xf32>, tensor<1x1x1000x16xf32>)
      kv_valid(%kv : tensor<1x1000xi1>) outs(%acc, %max, %sum : tensor<1x4x65x16xf32>, tensor<1x4x65xf32>, tensor<1x4x65xf32>)
      {pattern = #colt5.causal} -> (tensor<1x4x65x16xf32>, tensor<1x4x65xf32>, tensor<1x4x65xf32>)
  return %r#0, %r#1, %r#2 : tensor<1x4x65x16xf32>, tensor<1x4x65xf32>, tensor<1x4x65xf32>
}
// CHECK-LABEL: func.func @online
// CHECK: scf.for %[[H:[a-z0-9]*]] =
// CHECK: scf.for %[[Q:[a-z0-9]*]] =
// CHECK: scf.for %[[S:[a-z0-9]*]] ={{.*}}iter_args(%[[ACC:[a-z0-9]*]] = %{{.*}}, %[[MAX:[a-z0-9]*]] =
// CHECK-DAG: %[[ST:.*]] = affine.min #{{.*}}(%[[S]])
// CHECK-DAG: tensor.extract_slice %arg1[0, 0, %[[S]], 0] [1, 1, %[[ST]], 16]
// CHECK-DAG: tensor.extract_slice %arg2[0, %[[S]]] [1, %[[ST]]]
// CHECK-DAG: tensor.extract_slice %[[ACC]][0, %[[H]], %[[Q]], 0]
// CHECK: colt5.online_attention {{.*}}q_base(%[[Q]] : index) kv_base(%[[S]] : index)

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["colt5.online_attention"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loops:3 = transform.structured.tile_using_for %op tile_sizes [0, 3, 17, 127] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}

// RUN: colt5-opt %s --split-input-file --transform-interpreter --verify-diagnostics

// Heads 3, 4 and 5 belong to two groups.
func.func @groups(%q: tensor<1x8x65x16xf32>, %k: tensor<1x2x65x16xf32>, %o: tensor<1x8x65x16xf32>) -> tensor<1x8x65x16xf32> {
  // expected-error @below {{to tile operation}}
  // expected-error @below {{failed to generate tiling loops}}
  // expected-note @below {{when applied to this op}}
  %r = colt5.attention ins(%q, %k, %k : tensor<1x8x65x16xf32>, tensor<1x2x65x16xf32>, tensor<1x2x65x16xf32>)
      outs(%o : tensor<1x8x65x16xf32>) -> tensor<1x8x65x16xf32>
  return %r : tensor<1x8x65x16xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["colt5.attention"]} in %module : (!transform.any_op) -> !transform.any_op
    // expected-error @below {{failed to apply}}
    %tiled, %loop = transform.structured.tile_using_forall %op tile_sizes [0, 3, 0] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// Ten queries reach into a second block of 17.
func.func @blocks(%q: tensor<1x2x68x16xf32>, %k: tensor<1x2x99x16xf32>, %i: tensor<1x2x4x7xi32>, %o: tensor<1x2x68x16xf32>) -> tensor<1x2x68x16xf32> {
  // expected-error @below {{to tile operation}}
  // expected-error @below {{failed to generate tiling loops}}
  // expected-note @below {{when applied to this op}}
  %r = colt5.attention ins(%q, %k, %k : tensor<1x2x68x16xf32>, tensor<1x2x99x16xf32>, tensor<1x2x99x16xf32>)
      kv_idx(%i : tensor<1x2x4x7xi32>) outs(%o : tensor<1x2x68x16xf32>) -> tensor<1x2x68x16xf32>
  return %r : tensor<1x2x68x16xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["colt5.attention"]} in %module : (!transform.any_op) -> !transform.any_op
    // expected-error @below {{failed to apply}}
    %tiled, %loop = transform.structured.tile_using_forall %op tile_sizes [0, 0, 10] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// `kv_idx` counts rows of the whole k.
func.func @key_lists(%q: tensor<1x2x68x16xf32>, %k: tensor<1x2x99x16xf32>, %i: tensor<1x2x4x7xi32>, %a: tensor<1x2x68x16xf32>, %m: tensor<1x2x68xf32>) -> tensor<1x2x68x16xf32> {
  // expected-error @below {{to tile operation}}
  // expected-error @below {{failed to generate tiling loops}}
  %r:3 = colt5.online_attention ins(%q, %k, %k : tensor<1x2x68x16xf32>, tensor<1x2x99x16xf32>, tensor<1x2x99x16xf32>)
      kv_idx(%i : tensor<1x2x4x7xi32>) outs(%a, %m, %m : tensor<1x2x68x16xf32>, tensor<1x2x68xf32>, tensor<1x2x68xf32>)
      -> (tensor<1x2x68x16xf32>, tensor<1x2x68xf32>, tensor<1x2x68xf32>)
  return %r#0 : tensor<1x2x68x16xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["colt5.online_attention"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loops:1 = transform.structured.tile_using_for %op tile_sizes [0, 0, 0, 33] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

// -----

// A row that occurs in two tiles of slots would be rounded to bf16 twice.
func.func @rounding(%y: tensor<1x65x36xbf16>, %i: tensor<1x65xi32>, %base: tensor<1x100x36xbf16>) -> tensor<1x100x36xbf16> {
  // expected-error @below {{to tile operation}}
  // expected-error @below {{failed to generate tiling loops}}
  %r = colt5.scatter_combine ins(%y, %i : tensor<1x65x36xbf16>, tensor<1x65xi32>) outs(%base : tensor<1x100x36xbf16>) -> tensor<1x100x36xbf16>
  return %r : tensor<1x100x36xbf16>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%module: !transform.any_op {transform.readonly}) {
    %op = transform.structured.match ops{["colt5.scatter_combine"]} in %module : (!transform.any_op) -> !transform.any_op
    %tiled, %loops:1 = transform.structured.tile_using_for %op tile_sizes [0, 17, 0] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}

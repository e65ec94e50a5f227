// RUN: colt5-opt %s | colt5-opt | FileCheck %s
// RUN: colt5-opt %s --mlir-print-op-generic | colt5-opt | FileCheck %s
// RUN: colt5-opt %s --emit-bytecode | colt5-opt | FileCheck %s

// CHECK-LABEL: @gather_minimal(
// CHECK: colt5.gather ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<2x8x4xf32>, tensor<2x3xi32>) outs(%{{[a-z0-9]+}} : tensor<2x3x4xf32>) -> tensor<2x3x4xf32>{{$}}
func.func @gather_minimal(%x: tensor<2x8x4xf32>, %i: tensor<2x3xi32>, %o: tensor<2x3x4xf32>) {
  %r = colt5.gather ins(%x, %i
      : tensor<2x8x4xf32>, tensor<2x3xi32>)
      outs(%o : tensor<2x3x4xf32>) {batch_dims = 1}
      -> tensor<2x3x4xf32>
  return
}

// CHECK-LABEL: @gather_full(
// CHECK: colt5.gather ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<?x?x?xbf16>, tensor<?x?x?xi32>) valid(%{{[a-z0-9]+}} : tensor<?x?x?xi1>) scale(%{{[a-z0-9]+}} : tensor<?x?x?xf32>) outs(%{{[a-z0-9]+}} : tensor<?x?x?x?xbf16>) {sorted, trusted, unique} -> tensor<?x?x?x?xbf16>{{$}}
func.func @gather_full(%x: tensor<?x?x?xbf16>, %i: tensor<?x?x?xi32>, %v: tensor<?x?x?xi1>, %w: tensor<?x?x?xf32>, %o: tensor<?x?x?x?xbf16>) {
  %r = colt5.gather ins(%x, %i
      : tensor<?x?x?xbf16>, tensor<?x?x?xi32>) valid(%v
      : tensor<?x?x?xi1>) scale(%w
      : tensor<?x?x?xf32>)
      outs(%o
      : tensor<?x?x?x?xbf16>)
      {unique, sorted, trusted}
      -> tensor<?x?x?x?xbf16>
  return
}

// CHECK-LABEL: @gather_weights(
// CHECK: colt5.gather ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<2x1x8xf32>, tensor<2x1x3xi32>) outs(%{{[a-z0-9]+}} : tensor<2x1x3xf32>) {batch_dims = 2} -> tensor<2x1x3xf32>{{$}}
func.func @gather_weights(%w: tensor<2x1x8xf32>, %i: tensor<2x1x3xi32>, %o: tensor<2x1x3xf32>) {
  %r = colt5.gather ins(%w, %i : tensor<2x1x8xf32>, tensor<2x1x3xi32>)
      outs(%o : tensor<2x1x3xf32>) {batch_dims = 2}
      -> tensor<2x1x3xf32>
  return
}

// CHECK-LABEL: @gather_unbatched_mask(
// CHECK: colt5.gather ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<8xi1>, tensor<5xi32>) outs(%{{[a-z0-9]+}} : tensor<5xi1>) {batch_dims = 0} -> tensor<5xi1>{{$}}
func.func @gather_unbatched_mask(%x: tensor<8xi1>, %i: tensor<5xi32>, %o: tensor<5xi1>) {
  %r = colt5.gather ins(%x, %i : tensor<8xi1>, tensor<5xi32>)
      outs(%o : tensor<5xi1>) {batch_dims = 0}
      -> tensor<5xi1>
  return
}

// CHECK-LABEL: @gather_memref(
// CHECK: colt5.gather ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : memref<2x8x4xf32>, memref<2x3xi32>) scale(%{{[a-z0-9]+}} : memref<2x3xf32>) outs(%{{[a-z0-9]+}} : memref<2x3x4xf32, strided<[?, ?, 1], offset: ?>>) {sorted}{{$}}
func.func @gather_memref(%x: memref<2x8x4xf32>, %i: memref<2x3xi32>, %w: memref<2x3xf32>, %o: memref<2x3x4xf32, strided<[?, ?, 1], offset: ?>>) {
  colt5.gather ins(%x, %i : memref<2x8x4xf32>, memref<2x3xi32>) scale(%w : memref<2x3xf32>)
      outs(%o : memref<2x3x4xf32, strided<[?, ?, 1], offset: ?>>) {sorted}
  return
}

// CHECK-LABEL: @scatter_minimal(
// CHECK: colt5.scatter_combine ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<2x3x4xf32>, tensor<2x3xi32>) outs(%{{[a-z0-9]+}} : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>{{$}}
func.func @scatter_minimal(%y: tensor<2x3x4xf32>, %i: tensor<2x3xi32>, %o: tensor<2x8x4xf32>) {
  %r = colt5.scatter_combine ins(%y, %i : tensor<2x3x4xf32>, tensor<2x3xi32>)
      outs(%o
      : tensor<2x8x4xf32>) {combine = add}
      -> tensor<2x8x4xf32>
  return
}

// CHECK-LABEL: @scatter_full(
// CHECK: colt5.scatter_combine ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<?x?x?x?xf16>, tensor<?x?x?xi32>) valid(%{{[a-z0-9]+}} : tensor<?x?x?xi1>) weight(%{{[a-z0-9]+}} : tensor<?x?x?xf32>) outs(%{{[a-z0-9]+}} : tensor<?x?x?xf32>) {combine = set, sorted, trusted, unique} -> tensor<?x?x?xf32>{{$}}
func.func @scatter_full(%y: tensor<?x?x?x?xf16>, %i: tensor<?x?x?xi32>, %v: tensor<?x?x?xi1>, %w: tensor<?x?x?xf32>, %o: tensor<?x?x?xf32>) {
  %r = colt5.scatter_combine ins(%y, %i
      : tensor<?x?x?x?xf16>, tensor<?x?x?xi32>) valid(%v
      : tensor<?x?x?xi1>) weight(%w
      : tensor<?x?x?xf32>)
      outs(%o
      : tensor<?x?x?xf32>) {combine = set, unique, sorted, trusted}
      -> tensor<?x?x?xf32>
  return
}

// CHECK-LABEL: @scatter_memref(
// CHECK: colt5.scatter_combine ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : memref<2x3x4xf32>, memref<2x3xi32>) weight(%{{[a-z0-9]+}} : memref<2x3xf32>) outs(%{{[a-z0-9]+}} : memref<2x8x4xf32>){{$}}
func.func @scatter_memref(%y: memref<2x3x4xf32>, %i: memref<2x3xi32>, %w: memref<2x3xf32>, %o: memref<2x8x4xf32>) {
  colt5.scatter_combine ins(%y, %i : memref<2x3x4xf32>, memref<2x3xi32>) weight(%w : memref<2x3xf32>)
      outs(%o : memref<2x8x4xf32>)
  return
}

// CHECK-LABEL: @block_summary_minimal(
// CHECK: colt5.block_summary ins(%{{[a-z0-9]+}} : tensor<2x40x4xf32>) outs(%{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x40xi32>) -> (tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x40xi32>){{$}}
func.func @block_summary_minimal(%x: tensor<2x40x4xf32>, %o0: tensor<2x2x4xf32>, %o1: tensor<2x2xi1>, %o2: tensor<2x40xi32>) {
  %s, %v, %b = colt5.block_summary ins(%x : tensor<2x40x4xf32>)
      outs(%o0, %o1, %o2 : tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x40xi32>)
      {size = 16, reduce = sum, orphans = adopt}
      -> (tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x40xi32>)
  return
}

// CHECK-LABEL: @block_summary_full(
// CHECK: colt5.block_summary ins(%{{[a-z0-9]+}} : tensor<?x?x?xbf16>) mask(%{{[a-z0-9]+}} : tensor<?x?xi1>) outs(%{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<?x?x?xbf16>, tensor<?x?xi1>, tensor<?x?xi32>) {orphans = drop, reduce = mean, size = 4} -> (tensor<?x?x?xbf16>, tensor<?x?xi1>, tensor<?x?xi32>){{$}}
func.func @block_summary_full(%x: tensor<?x?x?xbf16>, %m: tensor<?x?xi1>, %o0: tensor<?x?x?xbf16>, %o1: tensor<?x?xi1>, %o2: tensor<?x?xi32>) {
  %s, %v, %b = colt5.block_summary ins(%x
      : tensor<?x?x?xbf16>) mask(%m : tensor<?x?xi1>)
      outs(%o0, %o1, %o2
      : tensor<?x?x?xbf16>, tensor<?x?xi1>, tensor<?x?xi32>)
      {size = 4, reduce = mean, orphans = drop}
      -> (tensor<?x?x?xbf16>, tensor<?x?xi1>, tensor<?x?xi32>)
  return
}

// CHECK-LABEL: @block_summary_memref(
// CHECK: colt5.block_summary ins(%{{[a-z0-9]+}} : memref<2x8x4xf32>) mask(%{{[a-z0-9]+}} : memref<2x8xi1>) outs(%{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} : memref<2x2x4xf32>, memref<2x2xi1>, memref<2x8xi32>) {size = 4}{{$}}
func.func @block_summary_memref(%x: memref<2x8x4xf32>, %m: memref<2x8xi1>, %o0: memref<2x2x4xf32>, %o1: memref<2x2xi1>, %o2: memref<2x8xi32>) {
  colt5.block_summary ins(%x : memref<2x8x4xf32>) mask(%m : memref<2x8xi1>)
      outs(%o0, %o1, %o2 : memref<2x2x4xf32>, memref<2x2xi1>, memref<2x8xi32>)
      {size = 4}
  return
}

// CHECK-LABEL: @rms_scale_minimal(
// CHECK: colt5.rms_scale ins(%{{[a-z0-9]+}} : tensor<4xf32>) outs(%{{[a-z0-9]+}} : tensor<f32>) -> tensor<f32>{{$}}
func.func @rms_scale_minimal(%x: tensor<4xf32>, %o: tensor<f32>) {
  %r = colt5.rms_scale ins(%x : tensor<4xf32>) outs(%o : tensor<f32>) {eps = 1.0e-6} -> tensor<f32>
  return
}

// CHECK-LABEL: @rms_scale_full(
// CHECK: colt5.rms_scale ins(%{{[a-z0-9]+}} : tensor<?x?x?xf16>) mask(%{{[a-z0-9]+}} : tensor<?x?xi1>) outs(%{{[a-z0-9]+}} : tensor<?x?xf32>) {eps = 5.000000e-01} -> tensor<?x?xf32>{{$}}
func.func @rms_scale_full(%x: tensor<?x?x?xf16>, %m: tensor<?x?xi1>, %o: tensor<?x?xf32>) {
  %r = colt5.rms_scale ins(%x
      : tensor<?x?x?xf16>) mask(%m : tensor<?x?xi1>)
      outs(%o : tensor<?x?xf32>)
      {eps = 0.5}
      -> tensor<?x?xf32>
  return
}

// CHECK-LABEL: @rms_scale_memref(
// CHECK: colt5.rms_scale ins(%{{[a-z0-9]+}} : memref<2x8x4xf64>) outs(%{{[a-z0-9]+}} : memref<2x8xf64>){{$}}
func.func @rms_scale_memref(%x: memref<2x8x4xf64>, %o: memref<2x8xf64>) {
  colt5.rms_scale ins(%x : memref<2x8x4xf64>) outs(%o : memref<2x8xf64>)
  return
}

// CHECK-LABEL: @rope_minimal(
// CHECK: colt5.rope ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<2x4x8x6xf32>, tensor<2x8xi32>) outs(%{{[a-z0-9]+}} : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>{{$}}
func.func @rope_minimal(%x: tensor<2x4x8x6xf32>, %p: tensor<2x8xi32>, %o: tensor<2x4x8x6xf32>) {
  %r = colt5.rope ins(%x, %p : tensor<2x4x8x6xf32>, tensor<2x8xi32>)
      outs(%o : tensor<2x4x8x6xf32>)
      {theta = 10000.0, layout = half}
      -> tensor<2x4x8x6xf32>
  return
}

// CHECK-LABEL: @rope_full(
// CHECK: colt5.rope ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : tensor<?x?x?x?xbf16>, tensor<?x?x?xi32>) outs(%{{[a-z0-9]+}} : tensor<?x?x?x?xbf16>) {layout = interleaved, theta = 5.000000e+02} -> tensor<?x?x?x?xbf16>{{$}}
func.func @rope_full(%x: tensor<?x?x?x?xbf16>, %p: tensor<?x?x?xi32>, %o: tensor<?x?x?x?xbf16>) {
  %r = colt5.rope ins(%x, %p
      : tensor<?x?x?x?xbf16>, tensor<?x?x?xi32>)
      outs(%o
      : tensor<?x?x?x?xbf16>)
      {theta = 500.0, layout = interleaved}
      -> tensor<?x?x?x?xbf16>
  return
}

// CHECK-LABEL: @rope_memref(
// CHECK: colt5.rope ins(%{{[a-z0-9]+}}, %{{[a-z0-9]+}} : memref<2x4x8x6xf32>, memref<2x8xi32>) outs(%{{[a-z0-9]+}} : memref<2x4x8x6xf32>){{$}}
func.func @rope_memref(%x: memref<2x4x8x6xf32>, %p: memref<2x8xi32>, %o: memref<2x4x8x6xf32>) {
  colt5.rope ins(%x, %p : memref<2x4x8x6xf32>, memref<2x8xi32>) outs(%o : memref<2x4x8x6xf32>)
  return
}

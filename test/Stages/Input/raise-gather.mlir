// RUN: colt5-opt %s --colt5-raise-gather --split-input-file | FileCheck %s

// CHECK-LABEL: @rows
// CHECK-SAME: (%[[X:.*]]: tensor<64x4xf32>, %[[I:.*]]: tensor<7x1xindex>)
func.func @rows(%x: tensor<64x4xf32>, %i: tensor<7x1xindex>) -> tensor<7x4xf32> {
  // CHECK-NOT: tensor.gather
  // CHECK: %[[FLAT:.*]] = tensor.collapse_shape %[[I]] {{\[\[}}0, 1]] : tensor<7x1xindex> into tensor<7xindex>
  // CHECK: %[[IDX:.*]] = linalg.generic {{.*}} ins(%[[FLAT]] : tensor<7xindex>) outs(%{{.*}} : tensor<7xi32>)
  // CHECK: arith.index_cast
  // CHECK: %[[R:.*]] = colt5.gather ins(%[[X]], %[[IDX]] : tensor<64x4xf32>, tensor<7xi32>) outs(%{{.*}} : tensor<7x4xf32>) {batch_dims = 0}
  // CHECK: return %[[R]]
  %r = tensor.gather %x[%i] gather_dims([0]) : (tensor<64x4xf32>, tensor<7x1xindex>) -> tensor<7x4xf32>
  return %r : tensor<7x4xf32>
}

// -----

// CHECK-LABEL: @rows_keep_dimension
func.func @rows_keep_dimension(%x: tensor<?x4xbf16>, %i: tensor<2x?x1xi32>) -> tensor<2x?x1x4xbf16> {
  // CHECK: colt5.gather {{.*}} tensor<2x?xi32>) outs(%{{.*}} : tensor<2x?x4xbf16>) {batch_dims = 0}
  // CHECK: tensor.expand_shape %{{.*}} {{\[\[}}0], [1], [2, 3]] {{.*}} into tensor<2x?x1x4xbf16>
  %r = tensor.gather %x[%i] gather_dims([0]) : (tensor<?x4xbf16>, tensor<2x?x1xi32>) -> tensor<2x?x1x4xbf16>
  return %r : tensor<2x?x1x4xbf16>
}

// -----

// Columns: the gathered dimension is brought to the front.
// CHECK-LABEL: @columns
func.func @columns(%x: tensor<5x64xf32>, %i: tensor<3x1xi64>) -> tensor<3x5x1xf32> {
  // CHECK: linalg.transpose {{.*}} permutation = [1, 0]
  // CHECK: arith.trunci
  // CHECK: colt5.gather {{.*}} : tensor<64x5xf32>, tensor<3xi32>) outs(%{{.*}} : tensor<3x5xf32>) {batch_dims = 0}
  // CHECK: tensor.expand_shape {{.*}} into tensor<3x5x1xf32>
  %r = tensor.gather %x[%i] gather_dims([1]) : (tensor<5x64xf32>, tensor<3x1xi64>) -> tensor<3x5x1xf32>
  return %r : tensor<3x5x1xf32>
}

// -----

// CHECK-LABEL: @elements
func.func @elements(%x: tensor<64xi1>, %i: tensor<1xindex>) -> tensor<1xi1> {
  // CHECK: colt5.gather {{.*}} : tensor<64xi1>, tensor<i32>) outs(%{{.*}} : tensor<i1>) {batch_dims = 0}
  // CHECK: tensor.expand_shape {{.*}} into tensor<1xi1>
  %r = tensor.gather %x[%i] gather_dims([0]) : (tensor<64xi1>, tensor<1xindex>) -> tensor<1xi1>
  return %r : tensor<1xi1>
}

// -----

// A batch coordinate beside the index: row numbers are linearized.
// CHECK-LABEL: @two_dimensions
func.func @two_dimensions(%x: tensor<5x64x4xf32>, %i: tensor<5x3x2xi32>) -> tensor<5x3x1x1x4xf32> {
  // CHECK-NOT: tensor.gather
  // CHECK: %[[WIDTH:.*]] = arith.constant 64 : i64
  // CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<5x3xi64>)
  // CHECK: %[[BATCH:.*]] = arith.muli %{{.*}}, %[[WIDTH]] : i64
  // CHECK: arith.addi %[[BATCH]], %{{.*}} : i64
  // CHECK: %[[X:.*]] = tensor.collapse_shape %{{.*}} {{\[\[}}0, 1], [2]] : tensor<5x64x4xf32> into tensor<320x4xf32>
  // CHECK: colt5.gather ins(%[[X]], %{{.*}} : tensor<320x4xf32>, tensor<5x3xi32>) outs(%{{.*}} : tensor<5x3x4xf32>) {batch_dims = 0}
  // CHECK: tensor.expand_shape %{{.*}} {{\[\[}}0], [1], [2, 3, 4]] {{.*}} into tensor<5x3x1x1x4xf32>
  %r = tensor.gather %x[%i] gather_dims([0, 1]) : (tensor<5x64x4xf32>, tensor<5x3x2xi32>) -> tensor<5x3x1x1x4xf32>
  return %r : tensor<5x3x1x1x4xf32>
}

// -----

// CHECK-LABEL: @dynamic_rows_stay
func.func @dynamic_rows_stay(%x: tensor<?x64x4xf32>, %i: tensor<3x2xi64>) -> tensor<3x4xf32> {
  // CHECK: tensor.gather
  // CHECK-NOT: colt5.gather
  %r = tensor.gather %x[%i] gather_dims([0, 1]) : (tensor<?x64x4xf32>, tensor<3x2xi64>) -> tensor<3x4xf32>
  return %r : tensor<3x4xf32>
}

// -----

#idx = affine_map<(b, k, d) -> (b, k)>
#out = affine_map<(b, k, d) -> (b, k, d)>
// CHECK-LABEL: @generic_batched
// CHECK-SAME: (%[[X:.*]]: tensor<2x64x4xf32>, %[[I:.*]]: tensor<2x8xi32>, %[[O:.*]]: tensor<2x8x4xf32>)
func.func @generic_batched(%x: tensor<2x64x4xf32>, %i: tensor<2x8xi32>, %o: tensor<2x8x4xf32>) -> tensor<2x8x4xf32> {
  // CHECK-NOT: linalg.generic
  // CHECK: %[[R:.*]] = colt5.gather ins(%[[X]], %[[I]] : tensor<2x64x4xf32>, tensor<2x8xi32>) outs(%[[O]] : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  // CHECK: return %[[R]]
  %r = linalg.generic {indexing_maps = [#idx, #out], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%i : tensor<2x8xi32>) outs(%o : tensor<2x8x4xf32>) {
  ^bb0(%index: i32, %old: f32):
    %b = linalg.index 0 : index
    %n = arith.index_cast %index : i32 to index
    %d = linalg.index 2 : index
    %e = tensor.extract %x[%b, %n, %d] : tensor<2x64x4xf32>
    linalg.yield %e : f32
  } -> tensor<2x8x4xf32>
  return %r : tensor<2x8x4xf32>
}

// -----

#out = affine_map<(b, r, k) -> (b, r, k)>
// The index is itself extracted, dynamic sizes come from the same ops.
// CHECK-LABEL: @generic_extract
func.func @generic_extract(%w: tensor<2x3x64xf32>, %i: tensor<2x3x?xi64>) -> tensor<2x3x?xf32> {
  %c2 = arith.constant 2 : index
  %k = tensor.dim %i, %c2 : tensor<2x3x?xi64>
  %o = tensor.empty(%k) : tensor<2x3x?xf32>
  // CHECK: arith.trunci
  // CHECK: colt5.gather ins(%{{.*}}, %{{.*}} : tensor<2x3x64xf32>, tensor<2x3x?xi32>) {{.*}} {batch_dims = 2}
  %r = linalg.generic {indexing_maps = [#out], iterator_types = ["parallel", "parallel", "parallel"]}
      outs(%o : tensor<2x3x?xf32>) {
  ^bb0(%old: f32):
    %b = linalg.index 0 : index
    %route = linalg.index 1 : index
    %slot = linalg.index 2 : index
    %index = tensor.extract %i[%b, %route, %slot] : tensor<2x3x?xi64>
    %n = arith.index_cast %index : i64 to index
    %e = tensor.extract %w[%b, %route, %n] : tensor<2x3x64xf32>
    linalg.yield %e : f32
  } -> tensor<2x3x?xf32>
  return %r : tensor<2x3x?xf32>
}

// -----

#idx = affine_map<(b, k, d) -> (b, k)>
#out = affine_map<(b, k, d) -> (b, k, d)>
// CHECK-LABEL: @generic_part_of_a_row
func.func @generic_part_of_a_row(%x: tensor<2x64x5xf32>, %i: tensor<2x8xi32>, %o: tensor<2x8x4xf32>) -> tensor<2x8x4xf32> {
  // CHECK: linalg.generic
  // CHECK-NOT: colt5.gather
  %r = linalg.generic {indexing_maps = [#idx, #out], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%i : tensor<2x8xi32>) outs(%o : tensor<2x8x4xf32>) {
  ^bb0(%index: i32, %old: f32):
    %b = linalg.index 0 : index
    %n = arith.index_cast %index : i32 to index
    %d = linalg.index 2 : index
    %e = tensor.extract %x[%b, %n, %d] : tensor<2x64x5xf32>
    linalg.yield %e : f32
  } -> tensor<2x8x4xf32>
  return %r : tensor<2x8x4xf32>
}

// -----

#idx = affine_map<(b, k, d) -> (b, k)>
#out = affine_map<(b, k, d) -> (b, k, d)>
// CHECK-LABEL: @generic_more_than_a_copy
func.func @generic_more_than_a_copy(%x: tensor<2x64x4xf32>, %i: tensor<2x8xi32>, %o: tensor<2x8x4xf32>) -> tensor<2x8x4xf32> {
  // CHECK: linalg.generic
  // CHECK-NOT: colt5.gather
  %r = linalg.generic {indexing_maps = [#idx, #out], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%i : tensor<2x8xi32>) outs(%o : tensor<2x8x4xf32>) {
  ^bb0(%index: i32, %old: f32):
    %b = linalg.index 0 : index
    %n = arith.index_cast %index : i32 to index
    %d = linalg.index 2 : index
    %e = tensor.extract %x[%b, %n, %d] : tensor<2x64x4xf32>
    %f = arith.addf %e, %old : f32
    linalg.yield %f : f32
  } -> tensor<2x8x4xf32>
  return %r : tensor<2x8x4xf32>
}

// -----

#idx = affine_map<(k, b, d) -> (b, k)>
#out = affine_map<(k, b, d) -> (k, b, d)>
// Transposed index reads do not match.
// CHECK-LABEL: @generic_transposed
func.func @generic_transposed(%x: tensor<64x4xf32>, %i: tensor<2x8xi32>, %o: tensor<8x2x4xf32>) -> tensor<8x2x4xf32> {
  // CHECK: linalg.generic
  // CHECK-NOT: colt5.gather
  %r = linalg.generic {indexing_maps = [#idx, #out], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%i : tensor<2x8xi32>) outs(%o : tensor<8x2x4xf32>) {
  ^bb0(%index: i32, %old: f32):
    %n = arith.index_cast %index : i32 to index
    %d = linalg.index 2 : index
    %e = tensor.extract %x[%n, %d] : tensor<64x4xf32>
    linalg.yield %e : f32
  } -> tensor<8x2x4xf32>
  return %r : tensor<8x2x4xf32>
}

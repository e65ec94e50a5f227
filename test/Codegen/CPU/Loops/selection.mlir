// RUN: colt5-opt %s --convert-colt5-to-loops | FileCheck %s

// Bisection over integer keys: a while loop whose body counts, then one compaction.
// CHECK-LABEL: @topk
// CHECK-SAME: %[[S:[a-z0-9]+]]: memref<2x1x?xf32>
// CHECK-NOT: colt5.topk
// CHECK: scf.while
// CHECK: vector.load {{.*}} : memref<?xf32, strided<[1], offset: ?>>, vector<16xf32>
// CHECK: arith.cmpf uno
// CHECK: vector.reduction <add>
// CHECK: memref.store {{.*}} : memref<2x1x8xi32>
// CHECK: memref.store {{.*}} : memref<2x1x8xi1>
func.func @topk(%s: memref<2x1x?xf32>, %idx: memref<2x1x8xi32>, %valid: memref<2x1x8xi1>) {
  colt5.topk ins(%s : memref<2x1x?xf32>) outs(%idx, %valid : memref<2x1x8xi32>, memref<2x1x8xi1>)
  return
}

// Vectors of a mask are read as bytes: vector<16xi1> would be two bytes in memory.
// CHECK-LABEL: @masked
// CHECK: unrealized_conversion_cast {{.*}} : memref<2x?xi1> to memref<2x?xi8>
// CHECK: vector.load {{.*}} : memref<2x?xi8>, vector<16xi8>
// CHECK: arith.cmpi ne, {{.*}} : vector<16xi8>
func.func @masked(%s: memref<2x1x?xf32>, %m: memref<2x?xi1>, %idx: memref<2x1x8xi32>, %valid: memref<2x1x8xi1>) {
  colt5.topk ins(%s : memref<2x1x?xf32>) mask(%m : memref<2x?xi1>)
      outs(%idx, %valid : memref<2x1x8xi32>, memref<2x1x8xi1>)
  return
}

// Slots in score order are sorted in place; slots in index order are not.
// CHECK-LABEL: @ordered
// CHECK-COUNT-3: scf.while
// CHECK-NOT: scf.while
func.func @ordered(%s: memref<2x1x?xf32>, %idx: memref<2x1x8xi32>, %valid: memref<2x1x8xi1>) {
  colt5.topk ins(%s : memref<2x1x?xf32>) outs(%idx, %valid : memref<2x1x8xi32>, memref<2x1x8xi1>) {order = score}
  return
}

// One sum of exponentials per iteration, the state in f64; no loop for one iteration.
// CHECK-LABEL: @descent
// CHECK: %[[LAST:.+]] = arith.constant 50 : index
// CHECK: scf.for {{.*}} to %[[LAST]] {{.*}} -> (f64, f64)
// CHECK: math.exp {{.*}} : vector<16xf32>
// CHECK: math.log {{.*}} : f64
func.func @descent(%s: memref<2x1x?xf32>, %k: f32, %w: memref<2x1x?xf32>) {
  colt5.soft_topk ins(%s, %k : memref<2x1x?xf32>, f32) outs(%w : memref<2x1x?xf32>) {iterations = 50}
  return
}

// Tensors belong to earlier stages.
// CHECK-LABEL: @tensors
// CHECK: colt5.topk
func.func @tensors(%s: tensor<2x1x16xf32>, %i: tensor<2x1x8xi32>, %v: tensor<2x1x8xi1>) -> (tensor<2x1x8xi32>, tensor<2x1x8xi1>) {
  %idx, %valid = colt5.topk ins(%s : tensor<2x1x16xf32>) outs(%i, %v : tensor<2x1x8xi32>, tensor<2x1x8xi1>)
      -> (tensor<2x1x8xi32>, tensor<2x1x8xi1>)
  return %idx, %valid : tensor<2x1x8xi32>, tensor<2x1x8xi1>
}

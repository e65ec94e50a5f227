// RUN: colt5-opt %s -split-input-file --colt5-vectorize-linalg --canonicalize | FileCheck %s

// A main loop without masks and, for a dynamic extent, a scalar remainder. The row scale stays scalar until it meets x.
// CHECK-LABEL: func.func @elementwise
// CHECK: scf.for
// CHECK: scf.for {{.*}} step %c16
// CHECK: vector.load {{.*}} vector<16xf32>
// CHECK: memref.load %arg1
// CHECK: math.sqrt %{{.*}} : f32
// CHECK: vector.broadcast
// CHECK: arith.mulf {{.*}} : vector<16xf32>
// CHECK: vector.store
// CHECK: scf.for {{.*}} step %c1
// CHECK: arith.mulf {{.*}} : f32
// CHECK-NOT: linalg
func.func @elementwise(%x: memref<?x?xf32>, %s: memref<?xf32>, %y: memref<?x?xf32>) {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>],
                  iterator_types = ["parallel", "parallel"]}
      ins(%x, %s : memref<?x?xf32>, memref<?xf32>) outs(%y : memref<?x?xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %r = math.sqrt %b : f32
    %m = arith.mulf %a, %r : f32
    linalg.yield %m : f32
  }
  return
}

// -----

// 36 = 2 * 16 + 4: the remainder is a shorter vector, no scalars.
// CHECK-LABEL: func.func @static_remainder
// CHECK: vector.store {{.*}} vector<16xf32>
// CHECK: vector.store {{.*}} vector<4xf32>
// CHECK-NOT: memref.store
func.func @static_remainder(%y: memref<36xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%y : memref<36xf32>)
  return
}

// -----

// Along the vector: vector accumulators, then one horizontal reduction.
// CHECK-LABEL: func.func @reduce_rows
// CHECK: %[[LOOP:.*]] = scf.for {{.*}} iter_args({{.*}}) -> (vector<32xf32>)
// CHECK: arith.maximumf {{.*}} : vector<32xf32>
// CHECK: vector.reduction <maximumf>, %{{.*}}, %{{.*}} : vector<32xf32> into f32
func.func @reduce_rows(%x: memref<5x64xf32>, %y: memref<5xf32>) {
  linalg.reduce { arith.maximumf } ins(%x : memref<5x64xf32>) outs(%y : memref<5xf32>) dimensions = [1]
  return
}

// -----

// Across: the accumulators stay in registers, nothing is horizontal.
// CHECK-LABEL: func.func @reduce_columns
// CHECK: scf.for {{.*}} iter_args({{.*}}) -> (vector<64xf32>)
// CHECK: arith.addf {{.*}} : vector<64xf32>
// CHECK-NOT: vector.reduction
// CHECK: return
func.func @reduce_columns(%x: memref<5x64xf32>, %y: memref<64xf32>) {
  linalg.reduce { arith.addf } ins(%x : memref<5x64xf32>) outs(%y : memref<64xf32>) dimensions = [0]
  return
}

// -----

// Vectors of i1 are packed in memory, single ones are bytes: element by element.
// CHECK-LABEL: func.func @booleans
// CHECK: vector.load {{.*}} vector<16xf32>
// CHECK-NOT: vector.store
// CHECK: memref.store {{.*}} : memref<16xi1>
func.func @booleans(%x: memref<16xf32>, %y: memref<16xi1>) {
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%x : memref<16xf32>) outs(%y : memref<16xi1>) {
  ^bb0(%a: f32, %o: i1):
    %zero = arith.constant 0.0 : f32
    %c = arith.cmpf ogt, %a, %zero : f32
    linalg.yield %c : i1
  }
  return
}

// -----

// Sums of indices are beyond the planner: scalar loops, never unsupported.
// CHECK-LABEL: func.func @window
// CHECK: scf.for
// CHECK: arith.addf {{.*}} : f32
// CHECK-NOT: linalg
func.func @window(%x: memref<20xf32>, %k: memref<4xf32>, %y: memref<17xf32>) {
  linalg.conv_1d ins(%x, %k : memref<20xf32>, memref<4xf32>) outs(%y : memref<17xf32>)
  return
}

// -----

// Tensors are not for this pass.
// CHECK-LABEL: func.func @tensors
// CHECK: linalg.fill
func.func @tensors(%t: tensor<4xf32>) -> tensor<4xf32> {
  %zero = arith.constant 0.0 : f32
  %r = linalg.fill ins(%zero : f32) outs(%t : tensor<4xf32>) -> tensor<4xf32>
  return %r : tensor<4xf32>
}

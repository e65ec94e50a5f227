// RUN: colt5-opt %s --split-input-file --colt5-infer-sizes | FileCheck %s

// Sizes that an op needs equal have one name. A scalar that is a size gives its own.
// CHECK: func.func @names(%{{.*}}: tensor<?x?xf32> {colt5.name = "x", colt5.sizes = ["x_0", "x_1"]},
// CHECK-SAME: %{{.*}}: tensor<?xf32> {colt5.name = "g", colt5.sizes = ["x_1"]},
// CHECK-SAME: %{{.*}}: tensor<?xi1> {colt5.sizes = ["x_0"]},
// CHECK-SAME: %{{.*}}: index {colt5.name = "k", colt5.size = "k"}, %{{.*}}: f32)
// CHECK-SAME: -> (tensor<?x?xf32> {colt5.sizes = ["x_0", "x_1"]}, tensor<?xf32> {colt5.sizes = ["k"]})
// CHECK-NOT: size_checks
func.func @names(%x: tensor<?x?xf32> {colt5.name = "x"}, %g: tensor<?xf32> {colt5.name = "g"}, %m: tensor<?xi1>,
    %k: index {colt5.name = "k"}, %s: f32) -> (tensor<?x?xf32>, tensor<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %x, %c0 : tensor<?x?xf32>
  %d = tensor.dim %x, %c1 : tensor<?x?xf32>
  %e = tensor.empty(%n, %d) : tensor<?x?xf32>
  %r = colt5.rms_norm ins(%x, %g : tensor<?x?xf32>, tensor<?xf32>) mask(%m : tensor<?xi1>) outs(%e : tensor<?x?xf32>)
      -> tensor<?x?xf32>
  %z = tensor.empty(%k) : tensor<?xf32>
  %f = linalg.fill ins(%s : f32) outs(%z : tensor<?xf32>) -> tensor<?xf32>
  return %r, %f : tensor<?x?xf32>, tensor<?xf32>
}

// -----

// A name that the user wrote holds for all equal sizes, and may make sizes equal that the function does not need so.
// CHECK: func.func @users(%{{.*}}: tensor<?x3xf32> {colt5.sizes = ["rows", 3]}, %{{.*}}: tensor<?x3xf32> {colt5.sizes = ["rows", 3]},
// CHECK-SAME: %{{.*}}: tensor<?xf32> {colt5.sizes = ["rows"]}, %{{.*}}: tensor<?xf32> {colt5.name = "rows", colt5.sizes = ["rows_0"]})
func.func @users(%a: tensor<?x3xf32>, %b: tensor<?x3xf32> {colt5.sizes = ["rows", 3]},
    %c: tensor<?xf32> {colt5.sizes = ["rows"]}, %rows_0: tensor<?xf32> {colt5.name = "rows"}) -> tensor<?x3xf32> {
  %r = linalg.add ins(%a, %a : tensor<?x3xf32>, tensor<?x3xf32>) outs(%b : tensor<?x3xf32>) -> tensor<?x3xf32>
  return %r : tensor<?x3xf32>
}

// -----

// A size that has to be a number is one. Static functions carry nothing.
// CHECK: func.func @exact(%{{.*}}: tensor<?xf32> {colt5.sizes = [6]}, %{{.*}}: tensor<6xf32>) -> tensor<6xf32>
func.func @exact(%a: tensor<?xf32>, %b: tensor<6xf32>) -> tensor<6xf32> {
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%a : tensor<?xf32>) outs(%b : tensor<6xf32>) {
  ^bb0(%x: f32, %o: f32):
    linalg.yield %x : f32
  } -> tensor<6xf32>
  return %r : tensor<6xf32>
}

// -----

// Calls are followed, each for itself.
// CHECK: func.func @calls(%{{.*}}: tensor<?xf32> {colt5.sizes = ["input0_0"]}, %{{.*}}: tensor<?xf32> {colt5.sizes = ["input0_0"]},
// CHECK-SAME: %{{.*}}: tensor<?xf32> {colt5.sizes = ["input2_0"]}) -> (tensor<?xf32> {colt5.sizes = ["input0_0"]}, tensor<?xf32> {colt5.sizes = ["input2_0"]})
func.func @calls(%a: tensor<?xf32>, %b: tensor<?xf32>, %c: tensor<?xf32>) -> (tensor<?xf32>, tensor<?xf32>) {
  %r = call @add(%a, %b) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  %s = call @add(%c, %c) : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
  return %r, %s : tensor<?xf32>, tensor<?xf32>
}
// CHECK: func.func private @add(%{{.*}}: tensor<?xf32>, %{{.*}}: tensor<?xf32>) -> tensor<?xf32> {
func.func private @add(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> {
  %r = arith.addf %a, %b : tensor<?xf32>
  return %r : tensor<?xf32>
}

// -----

// A branch that may not run demands nothing; a loop keeps the shape of what it carries.
// CHECK: func.func @control(%{{.*}}: i1, %{{.*}}: tensor<?xf32> {colt5.sizes = ["input1_0"]}, %{{.*}}: tensor<?xf32> {colt5.sizes = ["input2_0"]},
// CHECK-SAME: %{{.*}}: tensor<?xf32> {colt5.sizes = ["input1_0"]}) -> (tensor<?xf32> {colt5.sizes = ["input1_0"]})
func.func @control(%if: i1, %a: tensor<?xf32>, %b: tensor<?xf32>, %c: tensor<?xf32>) -> tensor<?xf32> {
  %s = scf.if %if -> tensor<?xf32> {
    %r = linalg.add ins(%a, %b : tensor<?xf32>, tensor<?xf32>) outs(%a : tensor<?xf32>) -> tensor<?xf32>
    scf.yield %r : tensor<?xf32>
  } else {
    scf.yield %b : tensor<?xf32>
  }
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %s, %c0 : tensor<?xf32>
  %l = scf.for %i = %c0 to %n step %c1 iter_args(%t = %a) -> tensor<?xf32> {
    %r = linalg.add ins(%t, %c : tensor<?xf32>, tensor<?xf32>) outs(%t : tensor<?xf32>) -> tensor<?xf32>
    scf.yield %r : tensor<?xf32>
  }
  return %l : tensor<?xf32>
}

// -----

// What is computed in the same way is equal: products of reshapes, arithmetic. What is computed has to fit.
// CHECK: func.func @computed(%{{.*}}: tensor<?x?x4xf32> {colt5.sizes = ["input0_0", "input0_1", 4]}, %{{.*}}: tensor<?x?x4xf32> {colt5.sizes = ["input0_0", "input0_1", 4]},
// CHECK-SAME: %{{.*}}: tensor<?xf32> {colt5.sizes = ["input2_0"]}, %{{.*}}: tensor<?xf32> {colt5.sizes = ["input2_0"]})
// CHECK-SAME: -> (tensor<?x4xf32> {colt5.sizes = ["output0_0", 4]}, tensor<?xf32> {colt5.sizes = ["input2_0"]}) attributes {colt5.size_checks = @computed.size_checks}
// CHECK: func.func private @computed.size_checks(
// CHECK-SAME: -> ({{.*}}) attributes {colt5.companion = "size_checks"} {
// CHECK-DAG: %[[N:.*]] = tensor.dim %arg0, %c1
// CHECK-DAG: %[[BLOCKS:.*]] = arith.ceildivui %[[N]], %c16
// CHECK-DAG: %[[GIVEN:.*]] = tensor.dim %arg2, %c0
// CHECK-DAG: %[[IN_RANGE:.*]] = arith.minui %[[BLOCKS]], %c1099511627776
// CHECK: return %[[IN_RANGE]], %[[BLOCKS]], %[[BLOCKS]], %[[GIVEN]], %{{.*}}
func.func @computed(%a: tensor<?x?x4xf32>, %b: tensor<?x?x4xf32>, %p: tensor<?xf32>, %q: tensor<?xf32>)
    -> (tensor<?x4xf32>, tensor<?xf32>) {
  %fa = tensor.collapse_shape %a [[0, 1], [2]] : tensor<?x?x4xf32> into tensor<?x4xf32>
  %fb = tensor.collapse_shape %b [[0, 1], [2]] : tensor<?x?x4xf32> into tensor<?x4xf32>
  %r = linalg.add ins(%fa, %fa : tensor<?x4xf32>, tensor<?x4xf32>) outs(%fb : tensor<?x4xf32>) -> tensor<?x4xf32>
  %t = linalg.add ins(%a, %a : tensor<?x?x4xf32>, tensor<?x?x4xf32>) outs(%b : tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %n = tensor.dim %t, %c1 : tensor<?x?x4xf32>
  %m = arith.ceildivui %n, %c16 : index
  %k = arith.ceildivui %n, %c16 : index
  %f = arith.constant 1.0 : f32
  %em = tensor.empty(%m) : tensor<?xf32>
  %fm = linalg.fill ins(%f : f32) outs(%em : tensor<?xf32>) -> tensor<?xf32>
  %ek = tensor.empty(%k) : tensor<?xf32>
  %fk = linalg.fill ins(%f : f32) outs(%ek : tensor<?xf32>) -> tensor<?xf32>
  %s = linalg.add ins(%fm, %p : tensor<?xf32>, tensor<?xf32>) outs(%p : tensor<?xf32>) -> tensor<?xf32>
  %u = linalg.add ins(%fk, %s : tensor<?xf32>, tensor<?xf32>) outs(%q : tensor<?xf32>) -> tensor<?xf32>
  return %r, %u : tensor<?x4xf32>, tensor<?xf32>
}

// -----

// A size that depends on data is left to the op that meets it: only memory of the host may be read.
// CHECK: func.func @data(
// CHECK-NOT: size_checks
func.func @data(%n: tensor<1xindex>, %a: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %m = tensor.extract %n[%c0] : tensor<1xindex>
  %e = tensor.empty(%m) : tensor<?xf32>
  %f = arith.constant 1.0 : f32
  %g = linalg.fill ins(%f : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  %r = linalg.add ins(%g, %g : tensor<?xf32>, tensor<?xf32>) outs(%a : tensor<?xf32>) -> tensor<?xf32>
  return %r : tensor<?xf32>
}

// -----

// Recursion is left to a later pass, and ends.
// CHECK: func.func @recursive(
func.func @recursive(%n: index) -> index {
  %a = func.call @recursive(%n) : (index) -> index
  %b = func.call @recursive(%a) : (index) -> index
  return %b : index
}

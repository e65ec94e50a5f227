// RUN: colt5-opt %s --colt5-bufferize --canonicalize --split-input-file | FileCheck %s
// RUN: colt5-opt %s --colt5-bufferize --split-input-file --remarks-filter=colt5-bufferize 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// The producer of a tile starts from the output argument; the temporary stays in the kernel; the plan stays on it.
// CHECK-LABEL: func.func @kernel(
// CHECK-SAME:    %[[X:[^ :,]*]]: memref<?x4xf32>, %[[OUT:[^ :,]*]]: memref<?x4xf32> {colt5.name = "y", colt5.output})
// CHECK-NOT:     memref.alloc
// CHECK:         scf.forall
// CHECK:           %[[TMP:[^ :,]*]] = memref.alloc
// CHECK:           linalg.abs {{.*}} outs(%[[TMP]] :
// CHECK:           %[[O:[^ :,]*]] = memref.subview %[[OUT]]
// CHECK:           linalg.negf ins(%[[TMP]] : {{.*}}) outs(%[[O]] :
// CHECK-NOT:       copy
// CHECK:         colt5.plan = #colt5.plan<kernel = 7
func.func @kernel(%x: tensor<?x4xf32>) -> (tensor<?x4xf32> {colt5.name = "y"}) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x4xf32>
  %e = tensor.empty(%n) : tensor<?x4xf32>
  %r = scf.forall (%i) = (0) to (%n) step (8) shared_outs(%o = %e) -> (tensor<?x4xf32>) {
    %sz = affine.min affine_map<(d0)[s0] -> (8, s0 - d0)>(%i)[%n]
    %xs = tensor.extract_slice %x[%i, 0] [%sz, 4] [1, 1] : tensor<?x4xf32> to tensor<?x4xf32>
    %t = tensor.empty(%sz) : tensor<?x4xf32>
    %a = linalg.abs ins(%xs : tensor<?x4xf32>) outs(%t : tensor<?x4xf32>) -> tensor<?x4xf32>
    %os = tensor.extract_slice %o[%i, 0] [%sz, 4] [1, 1] : tensor<?x4xf32> to tensor<?x4xf32>
    %f = linalg.negf ins(%a : tensor<?x4xf32>) outs(%os : tensor<?x4xf32>) -> tensor<?x4xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %f into %o[%i, 0] [%sz, 4] [1, 1] : tensor<?x4xf32> into tensor<?x4xf32>
    }
  } {mapping = [#colt5.tile<0>], colt5.plan = #colt5.plan<kernel = 7, role = root, schedule = #colt5.tiles<[8, 0]>>}
  return %r : tensor<?x4xf32>
}

// -----

// An input returned unchanged is copied; a value returned twice fills two buffers; a scalar becomes a memref.
// CHECK-LABEL: func.func @copies(
// CHECK-SAME:    %[[X:[^ :,]*]]: memref<4xf32>, %[[S:[^ :,]*]]: f32, %[[A:[^ :,]*]]: memref<4xf32> {colt5.output}, %[[B:[^ :,]*]]: memref<4xf32> {colt5.output}, %[[C:[^ :,]*]]: memref<4xf32> {colt5.output}, %[[D:[^ :,]*]]: memref<f32> {colt5.output})
// CHECK-NOT:     memref.alloc
// CHECK-DAG:     memref.copy %[[X]], %[[A]]
// CHECK-DAG:     linalg.abs ins(%[[X]] : memref<4xf32>) outs(%[[B]] : memref<4xf32>)
// CHECK-DAG:     memref.copy %[[B]], %[[C]]
// CHECK-DAG:     memref.store %[[S]], %[[D]][]
func.func @copies(%x: tensor<4xf32>, %s: f32) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, f32) {
  %e = tensor.empty() : tensor<4xf32>
  %r = linalg.abs ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %x, %r, %r, %s : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, f32
}

// -----

// Inputs are read-only unless they are declared writable. Where the old contents matter they are copied.
// CHECK-LABEL: func.func @read_only(
// CHECK-SAME:    %[[X:[^ :,]*]]: memref<4xf32>, %[[Y:[^ :,]*]]: memref<4xf32>, %{{.*}}: memref<4x4xf32>, %[[A:[^ :,]*]]: memref<4xf32> {colt5.output}, %[[B:[^ :,]*]]: memref<4xf32> {colt5.output}, %[[C:[^ :,]*]]: memref<4xf32> {colt5.output})
// CHECK-NOT:     memref.alloc
// CHECK-NEXT:    linalg.add ins(%[[Y]], %[[X]] : {{.*}}) outs(%[[A]] :
// CHECK-NEXT:    memref.copy %[[X]], %[[C]]
// CHECK-NEXT:    linalg.matvec {{.*}} outs(%[[C]] :
// CHECK-NEXT:    linalg.abs ins(%[[Y]] : {{.*}}) outs(%[[Y]] :
// CHECK-NEXT:    memref.copy %[[Y]], %[[B]]
// CHECK-NEXT:    return
func.func @read_only(%x: tensor<4xf32>, %y: tensor<4xf32> {bufferization.writable = true}, %m: tensor<4x4xf32>)
    -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %r = linalg.add ins(%y, %x : tensor<4xf32>, tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  %v = linalg.matvec ins(%m, %y : tensor<4x4xf32>, tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  %q = linalg.abs ins(%y : tensor<4xf32>) outs(%y : tensor<4xf32>) -> tensor<4xf32>
  return %r, %q, %v : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// -----

// The output is viewed with the shape in which it is computed.
// CHECK-LABEL: func.func @reshaped(
// CHECK-SAME:    %[[X:[^ :,]*]]: memref<2x6xf32>, %[[OUT:[^ :,]*]]: memref<12xf32> {colt5.output})
// CHECK-NEXT:    %[[V:[^ :,]*]] = memref.expand_shape %[[OUT]] {{.*}} into memref<2x6xf32>
// CHECK-NEXT:    linalg.abs ins(%[[X]] : {{.*}}) outs(%[[V]] :
// CHECK-NEXT:    return
func.func @reshaped(%x: tensor<2x6xf32>) -> tensor<12xf32> {
  %e = tensor.empty() : tensor<2x6xf32>
  %r = linalg.abs ins(%x : tensor<2x6xf32>) outs(%e : tensor<2x6xf32>) -> tensor<2x6xf32>
  %c = tensor.collapse_shape %r [[0, 1]] : tensor<2x6xf32> into tensor<12xf32>
  return %c : tensor<12xf32>
}

// -----

// A strided copy is linalg, never memref.copy, which would call a runtime library.
// CHECK-LABEL: func.func @concat(
// CHECK-SAME:    %[[X:[^ :,]*]]: memref<2x3xf32>, %[[OUT:[^ :,]*]]: memref<2x6xf32> {colt5.output})
// CHECK-NOT:     memref.copy
// CHECK-COUNT-2: linalg.copy ins(%[[X]] :
// CHECK-NOT:     memref.copy
func.func @concat(%x: tensor<2x3xf32>) -> tensor<2x6xf32> {
  %r = tensor.concat dim(1) %x, %x : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x6xf32>
  return %r : tensor<2x6xf32>
}

// -----

// Two accumulators that share a fill after CSE each get a fill of their own, not a copy.
// CHECK-LABEL: func.func @accumulators(
// CHECK-SAME:    %[[A:[^ :,]*]]: memref<4x4xf32> {colt5.output}, %[[B:[^ :,]*]]: memref<4x4xf32> {colt5.output})
// CHECK-NOT:     copy
// CHECK-DAG:     linalg.fill ins(%{{.*}}) outs(%[[A]] :
// CHECK-DAG:     linalg.fill ins(%{{.*}}) outs(%[[B]] :
// CHECK-NOT:     copy
// CHECK:         return
func.func @accumulators(%x: tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<4x4xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x4xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
  %a = linalg.matmul ins(%x, %x : tensor<4x4xf32>, tensor<4x4xf32>) outs(%f : tensor<4x4xf32>) -> tensor<4x4xf32>
  %b = linalg.matmul ins(%x, %a : tensor<4x4xf32>, tensor<4x4xf32>) outs(%f : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %a, %b : tensor<4x4xf32>, tensor<4x4xf32>
}

// -----

// Both branches write the result, each in its own way, and nothing reads it before.
// CHECK-LABEL: func.func @branches(
// CHECK-SAME:    %[[C:[^ :,]*]]: i1, %[[X:[^ :,]*]]: memref<4xf32>, %[[OUT:[^ :,]*]]: memref<4xf32> {colt5.output})
// CHECK-NEXT:    scf.if %[[C]]
// CHECK-NEXT:      memref.copy %[[X]], %[[OUT]]
// CHECK-NEXT:    } else {
// CHECK-NEXT:      linalg.abs ins(%[[X]] : {{.*}}) outs(%[[OUT]] :
// CHECK-NEXT:    }
// CHECK-NEXT:    return
func.func @branches(%c: i1, %x: tensor<4xf32>) -> tensor<4xf32> {
  %r = scf.if %c -> tensor<4xf32> {
    scf.yield %x : tensor<4xf32>
  } else {
    %e = tensor.empty() : tensor<4xf32>
    %a = linalg.abs ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %a : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}

// -----

// The loop writes its new value apart, because it needs the old one, and copies it to its place.
// REMARK:        copies a value of type tensor<4x4xf32>: the op overwrites it, and it is read-only or needed later
// REMARK:        copies a value of type tensor<4x4xf32>: the next iteration needs it where the old value is needed until the end
// CHECK-LABEL: func.func @loop(
// CHECK-SAME:    %[[N:[^ :,]*]]: index, %[[X:[^ :,]*]]: memref<4x4xf32>, %[[OUT:[^ :,]*]]: memref<4x4xf32> {colt5.output})
// CHECK:         memref.copy %[[X]], %[[OUT]]
// CHECK-NEXT:    scf.for
// CHECK-NEXT:      %[[T:.*]] = memref.alloc
// CHECK-NEXT:      linalg.transpose ins(%[[OUT]] : {{.*}}) outs(%[[T]] :
// CHECK-NEXT:      memref.copy %[[T]], %[[OUT]]
// CHECK-NEXT:    }
// CHECK-NEXT:    return
func.func @loop(%n: index, %x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%p = %x) -> (tensor<4x4xf32>) {
    %e = tensor.empty() : tensor<4x4xf32>
    %t = linalg.transpose ins(%p : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) permutation = [1, 0]
    scf.yield %t : tensor<4x4xf32>
  }
  return %r : tensor<4x4xf32>
}

// -----

// What is defined outside of a parallel loop is never overwritten in it, also where the loop has one iteration.
// CHECK-LABEL: func.func @one_iteration(
// CHECK-SAME:    %[[X:[^ :,]*]]: memref<?xf32>, %[[OUT:[^ :,]*]]: memref<4xf32>
// CHECK:         %[[CAST:.*]] = memref.cast %[[X]]
// CHECK:         %[[OWN:[^ :,]*]] = memref.alloc
// CHECK:         memref.copy %[[CAST]], %[[OWN]]
// CHECK:         linalg.generic {{.*}} ins(%[[X]] : {{.*}}) outs(%[[OWN]] :
// CHECK:         linalg.add ins(%[[OWN]], %[[X]] : {{.*}}) outs(%[[OUT]] :
func.func @one_iteration(%x: tensor<?xf32>) -> tensor<4xf32> {
  %c = tensor.cast %x : tensor<?xf32> to tensor<4xf32>
  %e = tensor.empty() : tensor<4xf32>
  %r = scf.forall (%i) in (1) shared_outs(%o = %e) -> (tensor<4xf32>) {
    %s = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]}
        ins(%c : tensor<4xf32>) outs(%c : tensor<4xf32>) {
    ^bb0(%a: f32, %b: f32):
      %sum = arith.addf %a, %b : f32
      linalg.yield %sum : f32
    } -> tensor<4xf32>
    %t = linalg.add ins(%s, %c : tensor<4xf32>, tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %t into %o[0] [4] [1] : tensor<4xf32> into tensor<4xf32>
    }
  }
  return %r : tensor<4xf32>
}

// -----

// Equal constants are merged, but not with those of an isolated region.
// CHECK-LABEL: func.func @score(
// CHECK: colt5.attention
// CHECK: %[[TWO:.*]] = arith.constant 2.0
// CHECK: arith.mulf %{{.*}}, %[[TWO]]
func.func @score(%q: tensor<1x1x8x4xf32>, %n: f32) -> (tensor<1x1x8x4xf32>, f32) {
  %two = arith.constant 2.0 : f32
  %m = arith.addf %n, %two : f32
  %e = tensor.empty() : tensor<1x1x8x4xf32>
  %0 = colt5.attention ins(%q, %q, %q : tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>) outs(%e : tensor<1x1x8x4xf32>) -> tensor<1x1x8x4xf32> {
  ^bb0(%x: f32, %a: i32, %b: i32):
    %c = arith.constant 2.0 : f32
    %t = arith.mulf %x, %c : f32
    colt5.yield %t : f32
  }
  return %0, %m : tensor<1x1x8x4xf32>, f32
}

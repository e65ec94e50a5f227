// RUN: colt5-opt %s --colt5-emit-size-functions --canonicalize | FileCheck %s

// The companion keeps what the sizes depend on and nothing else.
// CHECK-LABEL: func.func @dynamic(
// CHECK-LABEL: func.func private @dynamic.result_sizes(
// CHECK-SAME:    %[[X:[^ :,]*]]: tensor<?x4xf32>, %[[K:[^ :,]*]]: index) -> (index, index, index)
// CHECK-SAME:    colt5.companion = "result_sizes"
// CHECK-NOT:     linalg
// CHECK-NOT:     scf
// CHECK-DAG:     %[[C4:[^ :,]*]] = arith.constant 4 : index
// CHECK-DAG:     %[[N:[^ :,]*]] = tensor.dim %[[X]], %{{.*}}
// CHECK:         return %[[N]], %[[C4]], %[[K]] : index, index, index
func.func @dynamic(%x: tensor<?x4xf32>, %k: index) -> (tensor<?x4xf32>, f32, tensor<?xf32>) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %n = tensor.dim %x, %c0 : tensor<?x4xf32>
  %e = tensor.empty(%n) : tensor<?x4xf32>
  %r = scf.forall (%i) = (0) to (%n) step (8) shared_outs(%o = %e) -> (tensor<?x4xf32>) {
    %sz = affine.min affine_map<(d0)[s0] -> (8, s0 - d0)>(%i)[%n]
    %os = tensor.extract_slice %o[%i, 0] [%sz, 4] [1, 1] : tensor<?x4xf32> to tensor<?x4xf32>
    %f = linalg.fill ins(%zero : f32) outs(%os : tensor<?x4xf32>) -> tensor<?x4xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %f into %o[%i, 0] [%sz, 4] [1, 1] : tensor<?x4xf32> into tensor<?x4xf32>
    }
  } {mapping = [#colt5.tile<0>]}
  %e2 = tensor.empty(%k) : tensor<?xf32>
  %f2 = linalg.fill ins(%zero : f32) outs(%e2 : tensor<?xf32>) -> tensor<?xf32>
  return %r, %zero, %f2 : tensor<?x4xf32>, f32, tensor<?xf32>
}

// CHECK-LABEL: func.func private @static.result_sizes(
// CHECK-NOT:     linalg
// CHECK-DAG:     %[[C2:[^ :,]*]] = arith.constant 2 : index
// CHECK-DAG:     %[[C3:[^ :,]*]] = arith.constant 3 : index
// CHECK:         return %[[C2]], %[[C3]] : index, index
func.func @static(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %r = linalg.abs ins(%x : tensor<2x3xf32>) outs(%x : tensor<2x3xf32>) -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}

// CHECK-NOT: @private.result_sizes
func.func private @private(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}

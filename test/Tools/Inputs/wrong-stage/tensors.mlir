// Ops of colt5 on tensors and memrefs, composites, kernels and tasks, none of them planned.
func.func @ops(%x: tensor<?x?x?xf32>, %i: tensor<?x?xi32>, %s: tensor<?x?x?xf32>) -> tensor<?x?x?xf32> {
  %r = colt5.conditional %x routed(%i) : tensor<?x?x?xf32>, tensor<?x?xi32> -> tensor<?x?x?xf32> {
  ^bb0(%t: tensor<?x?x?xf32>):
    colt5.yield %t : tensor<?x?x?xf32>
  }
  %c = colt5.scatter_combine ins(%s, %i : tensor<?x?x?xf32>, tensor<?x?xi32>) outs(%r : tensor<?x?x?xf32>) -> tensor<?x?x?xf32>
  return %c : tensor<?x?x?xf32>
}

// -----

func.func @buffers(%x: memref<2x6x4xf32>, %i: memref<2x3xi32>, %o: memref<2x3x4xf32>) {
  colt5.gather ins(%x, %i : memref<2x6x4xf32>, memref<2x3xi32>) outs(%o : memref<2x3x4xf32>)
  %t = colt5.thread_id : index
  return
}

// -----

func.func @kernel(%y: tensor<2x4x8xf32>, %i: tensor<2x4xi32>, %base: tensor<2x16x8xf32>) -> tensor<2x16x8xf32> {
  %zero = arith.constant 0 : index
  %r = scf.forall (%b) in (1) shared_outs(%o = %base) -> tensor<2x16x8xf32> {
    %t = colt5.thread_id : index
    scf.forall.in_parallel {
      colt5.parallel_scatter %y at %i into %o[%zero, %zero] : tensor<2x4x8xf32>, tensor<2x4xi32>, tensor<2x16x8xf32>
    }
  } {mapping = [#colt5.tile<0>]}
  return %r : tensor<2x16x8xf32>
}

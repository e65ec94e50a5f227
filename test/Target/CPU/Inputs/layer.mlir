// Dynamic sizes, a scalar argument, several results, two kernels, scratch memory and a workspace buffer.
// sum[i] = sum_j s * x[i, j];  y[i, j] = |s * x[i, j]| + sum[i];  third result: s
#rows = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>
func.func @layer(%x: tensor<?x6xf32>, %s: f32) -> (tensor<?x6xf32>, tensor<?xf32>, f32) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %n = tensor.dim %x, %c0 : tensor<?x6xf32>
  %e0 = tensor.empty(%n) : tensor<?x6xf32>
  %scaled = scf.forall (%i) = (0) to (%n) step (4) shared_outs(%o = %e0) -> (tensor<?x6xf32>) {
    %sz = affine.min affine_map<(d0)[s0] -> (4, s0 - d0)>(%i)[%n]
    %xs = tensor.extract_slice %x[%i, 0] [%sz, 6] [1, 1] : tensor<?x6xf32> to tensor<?x6xf32>
    %os = tensor.extract_slice %o[%i, 0] [%sz, 6] [1, 1] : tensor<?x6xf32> to tensor<?x6xf32>
    %m = linalg.generic {indexing_maps = [#rows, #rows], iterator_types = ["parallel", "parallel"]}
        ins(%xs : tensor<?x6xf32>) outs(%os : tensor<?x6xf32>) {
    ^bb0(%a: f32, %b: f32):
      %p = arith.mulf %a, %s : f32
      linalg.yield %p : f32
    } -> tensor<?x6xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %m into %o[%i, 0] [%sz, 6] [1, 1] : tensor<?x6xf32> into tensor<?x6xf32>
    }
  } {mapping = [#colt5.tile<0>]}
  %e1 = tensor.empty(%n) : tensor<?x6xf32>
  %e2 = tensor.empty(%n) : tensor<?xf32>
  %r:2 = scf.forall (%i) = (0) to (%n) step (2) shared_outs(%o = %e1, %q = %e2) -> (tensor<?x6xf32>, tensor<?xf32>) {
    %sz = affine.min affine_map<(d0)[s0] -> (2, s0 - d0)>(%i)[%n]
    %xs = tensor.extract_slice %scaled[%i, 0] [%sz, 6] [1, 1] : tensor<?x6xf32> to tensor<?x6xf32>
    %qs = tensor.extract_slice %q[%i] [%sz] [1] : tensor<?xf32> to tensor<?xf32>
    %f = linalg.fill ins(%zero : f32) outs(%qs : tensor<?xf32>) -> tensor<?xf32>
    %sum = linalg.generic {indexing_maps = [#rows, #row], iterator_types = ["parallel", "reduction"]}
        ins(%xs : tensor<?x6xf32>) outs(%f : tensor<?xf32>) {
    ^bb0(%a: f32, %b: f32):
      %p = arith.addf %a, %b : f32
      linalg.yield %p : f32
    } -> tensor<?xf32>
    %t = tensor.empty(%sz) : tensor<?x6xf32>
    %abs = linalg.abs ins(%xs : tensor<?x6xf32>) outs(%t : tensor<?x6xf32>) -> tensor<?x6xf32>
    %os = tensor.extract_slice %o[%i, 0] [%sz, 6] [1, 1] : tensor<?x6xf32> to tensor<?x6xf32>
    %m = linalg.generic {indexing_maps = [#rows, #row, #rows], iterator_types = ["parallel", "parallel"]}
        ins(%abs, %sum : tensor<?x6xf32>, tensor<?xf32>) outs(%os : tensor<?x6xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %p = arith.addf %a, %b : f32
      linalg.yield %p : f32
    } -> tensor<?x6xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %m into %o[%i, 0] [%sz, 6] [1, 1] : tensor<?x6xf32> into tensor<?x6xf32>
      tensor.parallel_insert_slice %sum into %q[%i] [%sz] [1] : tensor<?xf32> into tensor<?xf32>
    }
  } {mapping = [#colt5.tile<0>]}
  return %r#0, %r#1, %s : tensor<?x6xf32>, tensor<?xf32>, f32
}

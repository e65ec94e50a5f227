// RUN: colt5-opt %s --colt5-verify-stage="stage=tile" --split-input-file --verify-diagnostics

func.func @outside(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{'linalg.exp' op is outside of every kernel, expected it inside a mapped scf.forall; run colt5-tile}}
  %0 = linalg.exp ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @unmapped(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{'scf.forall' op is not mapped, expected a mapping [#colt5.tile<0>, ...]}}
  %0 = scf.forall (%i) in (4) shared_outs(%o = %x) -> tensor<4xf32> {
    %s = tensor.extract_slice %x[%i] [1] [1] : tensor<4xf32> to tensor<1xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %s into %o[%i] [1] [1] : tensor<1xf32> into tensor<4xf32>
    }
  }
  return %0 : tensor<4xf32>
}

// -----

// Every iteration of the second loop inserts the whole base.
func.func @overlap(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = scf.forall (%i, %j) in (2, 3) shared_outs(%o = %x) -> tensor<8x4xf32> {
    %r = affine.apply affine_map<(d) -> (d * 4)>(%i)
    %s = tensor.extract_slice %x[%r, 0] [4, 4] [1, 1] : tensor<8x4xf32> to tensor<4x4xf32>
    scf.forall.in_parallel {
      // expected-error@+1 {{inserts at offsets that do not depend on loop 1 of its scf.forall, so that its iterations overlap; expected disjoint slices or colt5.parallel_scatter}}
      tensor.parallel_insert_slice %s into %o[%r, 0] [4, 4] [1, 1] : tensor<4x4xf32> into tensor<8x4xf32>
    }
  } {mapping = [#colt5.tile<0>, #colt5.tile<1>]}
  return %0 : tensor<8x4xf32>
}

// -----

// Offsets may depend on a loop through other ops; a loop with one iteration cannot overlap with itself.
func.func @good(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = scf.forall (%i, %j) = (0, 0) to (8, 4) step (4, 4) shared_outs(%o = %x) -> tensor<8x4xf32> {
    %c0 = arith.constant 0 : index
    %r = affine.max affine_map<(d)[s] -> (d, s)>(%i)[%c0]
    %s = tensor.extract_slice %x[%r, 0] [4, 4] [1, 1] : tensor<8x4xf32> to tensor<4x4xf32>
    %e = linalg.exp ins(%s : tensor<4x4xf32>) outs(%s : tensor<4x4xf32>) -> tensor<4x4xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %e into %o[%r, 0] [4, 4] [1, 1] : tensor<4x4xf32> into tensor<8x4xf32>
    }
  } {mapping = [#colt5.tile<0>, #colt5.tile<1>]}
  return %0 : tensor<8x4xf32>
}

// -----

// Blocks are numbered along the loops as they stand.
func.func @order(%x: memref<4x4xf32>) {
  // expected-error@+1 {{'scf.forall' op expected loop 0 to be mapped to #colt5.tile<0>, found #colt5.tile<1>; put the loops into the order of their mapping}}
  scf.forall (%i, %j) in (4, 4) {
  } {mapping = [#colt5.tile<1>, #colt5.tile<0>]}
  return
}

// -----

// A plan that nothing honours is found here too, where a module may begin.
module attributes {colt5.machine = #colt5.machine<"sm_80">} {
  func.func @schedule(%x: memref<4x4xf32>) {
    // expected-error@+1 {{'scf.forall' op expected a plan with a schedule #colt5.select or #colt5.simt for sm_80, found #colt5.loops<tile = [1]>, which does not belong to this machine}}
    scf.forall (%i) in (4) {
    } {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.loops<tile = [1]>>, mapping = [#colt5.tile<0>]}
    return
  }
}

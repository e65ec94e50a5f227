// RUN: colt5-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @round_trip
// CHECK: colt5.parallel_scatter %{{.*}} at %{{.*}} valid(%{{.*}} : tensor<1x17xi1>) weight(%{{.*}} : tensor<1x17xf32>) into %{{.*}}[%{{.*}}, %{{.*}}] {unique} : tensor<1x17x36xbf16>, tensor<1x17xi32>, tensor<2x100x36xf32>
func.func @round_trip(%y: tensor<1x17x36xbf16>, %i: tensor<1x17xi32>, %v: tensor<1x17xi1>, %w: tensor<1x17xf32>, %base: tensor<2x100x36xf32>) -> tensor<2x100x36xf32> {
  %c0 = arith.constant 0 : index
  %r = scf.forall (%b) in (2) shared_outs(%out = %base) -> tensor<2x100x36xf32> {
    scf.forall.in_parallel {
      colt5.parallel_scatter %y at %i valid(%v : tensor<1x17xi1>) weight(%w : tensor<1x17xf32>) into %out[%b, %c0] {unique} : tensor<1x17x36xbf16>, tensor<1x17xi32>, tensor<2x100x36xf32>
    }
  } {mapping = [#colt5.tile<0>]}
  return %r : tensor<2x100x36xf32>
}

// -----

func.func @parallel_scatter_c1(%y: tensor<1x17x36xf32>, %i: tensor<1x17xi32>, %base: tensor<2x100x36xf32>, %c0: index) -> tensor<2x100x36xf32> {
  %r = scf.forall (%b) in (2) shared_outs(%out = %base) -> tensor<2x100x36xf32> {
    scf.forall.in_parallel {
      // expected-error @below {{parallel_scatter_c1: expected to be in the in_parallel region of an scf.forall with a mapping, found it in 'scf.forall.in_parallel' without a mapping}}
      colt5.parallel_scatter %y at %i into %out[%b, %c0] : tensor<1x17x36xf32>, tensor<1x17xi32>, tensor<2x100x36xf32>
    }
  }
  return %r : tensor<2x100x36xf32>
}

// -----

func.func @parallel_scatter_c1_outside(%y: tensor<1x17x36xf32>, %i: tensor<1x17xi32>, %base: tensor<2x100x36xf32>, %c0: index) {
  // expected-error @below {{parallel_scatter_c1: expected to be in the in_parallel region of an scf.forall with a mapping, found it in 'func.func'}}
  colt5.parallel_scatter %y at %i into %base[%c0, %c0] : tensor<1x17x36xf32>, tensor<1x17xi32>, tensor<2x100x36xf32>
  return
}

// -----

func.func @parallel_scatter_c2(%y: tensor<1x17x36xf32>, %i: tensor<1x17xi32>, %base: tensor<100x36xf32>, %c0: index) -> tensor<100x36xf32> {
  %r = scf.forall (%b) in (2) shared_outs(%out = %base) -> tensor<100x36xf32> {
    scf.forall.in_parallel {
      // expected-error @below {{parallel_scatter_c2: expected a destination of rank 3 and floating-point type, found 'tensor<100x36xf32>'}}
      colt5.parallel_scatter %y at %i into %out[%b, %c0] : tensor<1x17x36xf32>, tensor<1x17xi32>, tensor<100x36xf32>
    }
  } {mapping = [#colt5.tile<0>]}
  return %r : tensor<100x36xf32>
}

// -----

func.func @parallel_scatter_c3_rank(%y: tensor<17x36xf32>, %i: tensor<17xi32>, %base: tensor<2x100x36xf32>, %c0: index) -> tensor<2x100x36xf32> {
  %r = scf.forall (%b) in (2) shared_outs(%out = %base) -> tensor<2x100x36xf32> {
    scf.forall.in_parallel {
      // expected-error @below {{parallel_scatter_c3: expected updates of rank 3 or 4 and floating-point type, found 'tensor<17x36xf32>'}}
      colt5.parallel_scatter %y at %i into %out[%b, %c0] : tensor<17x36xf32>, tensor<17xi32>, tensor<2x100x36xf32>
    }
  } {mapping = [#colt5.tile<0>]}
  return %r : tensor<2x100x36xf32>
}

// -----

func.func @parallel_scatter_c3(%y: tensor<1x17x36xf32>, %i: tensor<1x18xi32>, %base: tensor<2x100x36xf32>, %c0: index) -> tensor<2x100x36xf32> {
  %r = scf.forall (%b) in (2) shared_outs(%out = %base) -> tensor<2x100x36xf32> {
    scf.forall.in_parallel {
      // expected-error @below {{parallel_scatter_c3: expected idx to have element type 'i32' and the leading dimensions of 'tensor<1x17x36xf32>', found 'tensor<1x18xi32>'}}
      colt5.parallel_scatter %y at %i into %out[%b, %c0] : tensor<1x17x36xf32>, tensor<1x18xi32>, tensor<2x100x36xf32>
    }
  } {mapping = [#colt5.tile<0>]}
  return %r : tensor<2x100x36xf32>
}

// -----

func.func @parallel_scatter_c4(%y: tensor<1x17x36xf32>, %i: tensor<1x17xi32>, %w: tensor<1x17xf64>, %base: tensor<2x100x36xf32>, %c0: index) -> tensor<2x100x36xf32> {
  %r = scf.forall (%b) in (2) shared_outs(%out = %base) -> tensor<2x100x36xf32> {
    scf.forall.in_parallel {
      // expected-error @below {{parallel_scatter_c4: expected weight to have element type 'f32' and the leading dimensions of 'tensor<1x17x36xf32>', found 'tensor<1x17xf64>'}}
      colt5.parallel_scatter %y at %i weight(%w : tensor<1x17xf64>) into %out[%b, %c0] : tensor<1x17x36xf32>, tensor<1x17xi32>, tensor<2x100x36xf32>
    }
  } {mapping = [#colt5.tile<0>]}
  return %r : tensor<2x100x36xf32>
}

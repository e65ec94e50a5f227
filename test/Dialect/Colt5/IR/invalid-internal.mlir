// RUN: colt5-opt %s --split-input-file --verify-diagnostics

func.func @parallel_scatter_c1(%y: tensor<1x64x256xf32>, %idx: tensor<1x64xi32>, %v: tensor<1x9xi1>, %w: tensor<1x64xf64>, %init: tensor<2x512x256xf32>, %c: index) {
  %0 = scf.forall (%b) in (2) shared_outs(%out = %init) -> (tensor<2x512x256xf32>) {
    scf.forall.in_parallel {
      // expected-error @below {{parallel_scatter_c1: expected to be in the in_parallel region of an scf.forall with a mapping, found it in}}
      colt5.parallel_scatter %y at %idx into %out[%b, %c] {unique} : tensor<1x64x256xf32>, tensor<1x64xi32>, tensor<2x512x256xf32>
    }
  }
  return
}

// -----

func.func @parallel_scatter_c1(%y: tensor<1x64x256xf32>, %idx: tensor<1x64xi32>, %init: tensor<2x512x256xf32>, %c: index) {
  // expected-error @below {{parallel_scatter_c1: expected to be in the in_parallel region of an scf.forall with a mapping, found it in 'func.func'}}
  colt5.parallel_scatter %y at %idx into %init[%c, %c] : tensor<1x64x256xf32>, tensor<1x64xi32>, tensor<2x512x256xf32>
  return
}

// -----

func.func @parallel_scatter_c2(%y: tensor<1x64x256xf32>, %idx: tensor<1x64xi32>, %v: tensor<1x9xi1>, %w: tensor<1x64xf64>, %init: tensor<512x256xf32>, %c: index) {
  %0 = scf.forall (%b) in (2) shared_outs(%out = %init) -> (tensor<512x256xf32>) {
    scf.forall.in_parallel {
      // expected-error @below {{parallel_scatter_c2: expected a destination of rank 3 and floating-point type, found 'tensor<512x256xf32>'}}
      colt5.parallel_scatter %y at %idx into %out[%b, %c] {unique} : tensor<1x64x256xf32>, tensor<1x64xi32>, tensor<512x256xf32>
    }
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

func.func @parallel_scatter_c3(%y: tensor<64x256xf32>, %idx: tensor<1x64xi32>, %v: tensor<1x9xi1>, %w: tensor<1x64xf64>, %init: tensor<2x512x256xf32>, %c: index) {
  %0 = scf.forall (%b) in (2) shared_outs(%out = %init) -> (tensor<2x512x256xf32>) {
    scf.forall.in_parallel {
      // expected-error @below {{parallel_scatter_c3: expected updates of rank 3 or 4 and floating-point type, found 'tensor<64x256xf32>'}}
      colt5.parallel_scatter %y at %idx into %out[%b, %c] {unique} : tensor<64x256xf32>, tensor<1x64xi32>, tensor<2x512x256xf32>
    }
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

func.func @parallel_scatter_c3(%y: tensor<1x64x256xf32>, %idx: tensor<1x63xi32>, %v: tensor<1x9xi1>, %w: tensor<1x64xf64>, %init: tensor<2x512x256xf32>, %c: index) {
  %0 = scf.forall (%b) in (2) shared_outs(%out = %init) -> (tensor<2x512x256xf32>) {
    scf.forall.in_parallel {
      // expected-error @below {{parallel_scatter_c3: expected idx to have element type 'i32' and the leading dimensions of 'tensor<1x64x256xf32>', found 'tensor<1x63xi32>'}}
      colt5.parallel_scatter %y at %idx into %out[%b, %c] {unique} : tensor<1x64x256xf32>, tensor<1x63xi32>, tensor<2x512x256xf32>
    }
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

func.func @parallel_scatter_c3(%y: tensor<1x64x256xf32>, %idx: tensor<1x64xi64>, %v: tensor<1x9xi1>, %w: tensor<1x64xf64>, %init: tensor<2x512x256xf32>, %c: index) {
  %0 = scf.forall (%b) in (2) shared_outs(%out = %init) -> (tensor<2x512x256xf32>) {
    scf.forall.in_parallel {
      // expected-error @below {{parallel_scatter_c3: expected idx to have element type 'i32' and the leading dimensions of 'tensor<1x64x256xf32>', found 'tensor<1x64xi64>'}}
      colt5.parallel_scatter %y at %idx into %out[%b, %c] {unique} : tensor<1x64x256xf32>, tensor<1x64xi64>, tensor<2x512x256xf32>
    }
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

func.func @parallel_scatter_c4(%y: tensor<1x64x256xf32>, %idx: tensor<1x64xi32>, %v: tensor<1x9xi1>, %w: tensor<1x64xf64>, %init: tensor<2x512x256xf32>, %c: index) {
  %0 = scf.forall (%b) in (2) shared_outs(%out = %init) -> (tensor<2x512x256xf32>) {
    scf.forall.in_parallel {
      // expected-error @below {{parallel_scatter_c4: expected valid to have element type 'i1' and the leading dimensions of 'tensor<1x64x256xf32>', found 'tensor<1x9xi1>'}}
      colt5.parallel_scatter %y at %idx valid(%v : tensor<1x9xi1>) into %out[%b, %c] {unique} : tensor<1x64x256xf32>, tensor<1x64xi32>, tensor<2x512x256xf32>
    }
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

func.func @parallel_scatter_c4(%y: tensor<1x64x256xf32>, %idx: tensor<1x64xi32>, %v: tensor<1x9xi1>, %w: tensor<1x64xf64>, %init: tensor<2x512x256xf32>, %c: index) {
  %0 = scf.forall (%b) in (2) shared_outs(%out = %init) -> (tensor<2x512x256xf32>) {
    scf.forall.in_parallel {
      // expected-error @below {{parallel_scatter_c4: expected weight to have element type 'f32' and the leading dimensions of 'tensor<1x64x256xf32>', found 'tensor<1x64xf64>'}}
      colt5.parallel_scatter %y at %idx weight(%w : tensor<1x64xf64>) into %out[%b, %c] {unique} : tensor<1x64x256xf32>, tensor<1x64xi32>, tensor<2x512x256xf32>
    }
  } {mapping = [#colt5.tile<0>]}
  return
}

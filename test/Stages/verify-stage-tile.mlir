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
    // expected-error@+1 {{'scf.forall' op expected a plan with a schedule #colt5.mma_sync or #colt5.select or #colt5.simt for sm_80, found #colt5.loops<tile = [1]>, which does not belong to this machine}}
    scf.forall (%i) in (4) {
    } {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.loops<tile = [1]>>, mapping = [#colt5.tile<0>]}
    return
  }
}

// -----

// The region of a kernel says what it computes; its family belongs to a machine.
#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
func.func @kernel(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = colt5.kernel #plan outs(%x : tensor<4xf32>) {
  ^bb0(%a: tensor<4xf32>):
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%a : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  } -> (tensor<4xf32>)
  return %r : tensor<4xf32>
}

// -----

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
module attributes {colt5.machine = #colt5.machine<"cpu-avx512">} {
  func.func @other_machine(%x: tensor<4xf32>) -> tensor<4xf32> {
    // expected-error@+1 {{'colt5.kernel' op expected a plan with a schedule #colt5.loops for cpu-avx512, found #colt5.select, which does not belong to this machine}}
    %r = colt5.kernel #plan outs(%x : tensor<4xf32>) {
    ^bb0(%a: tensor<4xf32>):
      colt5.yield %a : tensor<4xf32>
    } -> (tensor<4xf32>)
    return %r : tensor<4xf32>
  }
}

// -----

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
func.func @kernel_in_kernel(%x: tensor<4xf32>) -> tensor<4xf32> {
  %r = scf.forall (%i) in (1) shared_outs(%o = %x) -> tensor<4xf32> {
    // expected-error@+1 {{'colt5.kernel' op is inside a kernel, expected kernels not to nest}}
    %k = colt5.kernel #plan outs(%o : tensor<4xf32>) {
    ^bb0(%a: tensor<4xf32>):
      colt5.yield %a : tensor<4xf32>
    } -> (tensor<4xf32>)
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %k into %o[0] [4] [1] : tensor<4xf32> into tensor<4xf32>
    }
  } {mapping = [#colt5.tile<0>]}
  return %r : tensor<4xf32>
}

// -----

module attributes {gpu.container_module} {
  gpu.module @colt5_kernels {
    gpu.func @k(%x: memref<?xf32>) kernel attributes {known_block_size = array<i32: 32, 1, 1>} {
      gpu.return
    }
  }
  func.func @nested(%x: memref<4xf32>, %n: index) {
    scf.forall (%i) in (4) {
      // expected-error@+1 {{'colt5.launch' op is inside a kernel, expected kernels not to nest}}
      colt5.launch @colt5_kernels::@k grid(%n) outs(%x : memref<4xf32>)
    } {mapping = [#colt5.tile<0>]}
    return
  }
}

// -----

// A kernel that its family has not claimed.
func.func @loop(%s: tensor<2x1x8xf32>, %k: f32, %w: tensor<2x1x8xf32>) -> tensor<2x1x8xf32> {
  // expected-error@+1 {{'scf.forall' op is a loop of the family select, which writes whole kernels, expected a colt5.kernel; run colt5-claim-kernels before colt5-tile, or plan the loop for another family}}
  %r = scf.forall (%b) in (2) shared_outs(%out = %w) -> (tensor<2x1x8xf32>) {
    %row = tensor.extract_slice %s[%b, 0, 0] [1, 1, 8] [1, 1, 1] : tensor<2x1x8xf32> to tensor<1x1x8xf32>
    %to = tensor.extract_slice %out[%b, 0, 0] [1, 1, 8] [1, 1, 1] : tensor<2x1x8xf32> to tensor<1x1x8xf32>
    %first = colt5.soft_topk ins(%row, %k : tensor<1x1x8xf32>, f32) outs(%to : tensor<1x1x8xf32>) -> tensor<1x1x8xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %first into %out[%b, 0, 0] [1, 1, 8] [1, 1, 1] : tensor<1x1x8xf32> into tensor<2x1x8xf32>
    }
  } {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select<tile = [1, 1]>>, mapping = [#colt5.tile<0>]}
  return %r : tensor<2x1x8xf32>
}

// -----

// The same for the threads of a block is lowered later.
func.func @simt(%s: tensor<2x1x8xf32>, %k: f32, %w: tensor<2x1x8xf32>) -> tensor<2x1x8xf32> {
  %r = scf.forall (%b) in (2) shared_outs(%out = %w) -> (tensor<2x1x8xf32>) {
    %row = tensor.extract_slice %s[%b, 0, 0] [1, 1, 8] [1, 1, 1] : tensor<2x1x8xf32> to tensor<1x1x8xf32>
    %to = tensor.extract_slice %out[%b, 0, 0] [1, 1, 8] [1, 1, 1] : tensor<2x1x8xf32> to tensor<1x1x8xf32>
    %first = colt5.soft_topk ins(%row, %k : tensor<1x1x8xf32>, f32) outs(%to : tensor<1x1x8xf32>) -> tensor<1x1x8xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %first into %out[%b, 0, 0] [1, 1, 8] [1, 1, 1] : tensor<1x1x8xf32> into tensor<2x1x8xf32>
    }
  } {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.simt<tile = [1, 1]>>, mapping = [#colt5.tile<0>]}
  return %r : tensor<2x1x8xf32>
}

// -----

module attributes {gpu.container_module} {
  gpu.module @colt5_kernels {
    gpu.func @k(%x: memref<4xf32>) kernel attributes {known_block_size = array<i32: 32, 1, 1>} {
      // expected-error@+1 {{'linalg.exp' op is outside of every kernel}}
      linalg.exp ins(%x : memref<4xf32>) outs(%x : memref<4xf32>)
      gpu.return
    }
    gpu.func @loop(%x: memref<4xf32>) kernel attributes {known_block_size = array<i32: 32, 1, 1>} {
      // expected-error@+1 {{'scf.forall' op is inside the kernel 'loop', expected a finished gpu.func}}
      scf.forall (%i) in (4) {
      } {mapping = [#colt5.tile<0>]}
      gpu.return
    }
  }
}

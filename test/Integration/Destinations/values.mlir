// Values of SSA: what an op overwrites through `outs` keeps its content for every other user, in every form in which it
// can be needed again. Each function is compared with the reference on the CPU, with one thread and with three, and in
// the emulator for both kinds of chip.
// RUN: %python %S/../Inputs/compare_functions.py %s | FileCheck %s
// CHECK: {{^}}[[RUNS:[0-9]+]] of [[RUNS]] runs agree

// The kernel that overwrites %r is the one that computes it.
func.func @returned_too(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<4xf32>
  %r = linalg.add ins(%x, %x : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %s = linalg.mul ins(%r, %r : tensor<4xf32>, tensor<4xf32>) outs(%r : tensor<4xf32>) -> tensor<4xf32>
  return %s, %r : tensor<4xf32>, tensor<4xf32>
}

func.func @returned_before(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<4xf32>
  %r = linalg.abs ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %s = linalg.exp ins(%r : tensor<4xf32>) outs(%r : tensor<4xf32>) -> tensor<4xf32>
  return %r, %s : tensor<4xf32>, tensor<4xf32>
}

// Another kernel needs it.
func.func @contracted(%x: tensor<4x4xf32>, %w: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x4xf32>
  %a = linalg.abs ins(%x : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) -> tensor<4x4xf32>
  %b = linalg.exp ins(%a : tensor<4x4xf32>) outs(%a : tensor<4x4xf32>) -> tensor<4x4xf32>
  %e2 = tensor.empty() : tensor<4x4xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e2 : tensor<4x4xf32>) -> tensor<4x4xf32>
  %m = linalg.matmul ins(%a, %w : tensor<4x4xf32>, tensor<4x4xf32>) outs(%z : tensor<4x4xf32>) -> tensor<4x4xf32>
  %t = linalg.transpose ins(%m : tensor<4x4xf32>) outs(%e2 : tensor<4x4xf32>) permutation = [1, 0]
  %s = linalg.matmul ins(%b, %t : tensor<4x4xf32>, tensor<4x4xf32>) outs(%z : tensor<4x4xf32>) -> tensor<4x4xf32>
  return %s : tensor<4x4xf32>
}

// Other elements of it are needed than the ones that are overwritten at the same time.
func.func @transposed(%x: tensor<33x33xf32>) -> (tensor<33x33xf32>, tensor<33x33xf32>) {
  %e = tensor.empty() : tensor<33x33xf32>
  %a = linalg.exp ins(%x : tensor<33x33xf32>) outs(%e : tensor<33x33xf32>) -> tensor<33x33xf32>
  %t = linalg.transpose ins(%a : tensor<33x33xf32>) outs(%a : tensor<33x33xf32>) permutation = [1, 0]
  return %t, %a : tensor<33x33xf32>, tensor<33x33xf32>
}

#id = affine_map<(i, j) -> (i, j)>
#swapped = affine_map<(i, j) -> (j, i)>
func.func @added_to_its_transpose(%x: tensor<130x130xf32>) -> tensor<130x130xf32> {
  %e = tensor.empty() : tensor<130x130xf32>
  %a = linalg.exp ins(%x : tensor<130x130xf32>) outs(%e : tensor<130x130xf32>) -> tensor<130x130xf32>
  %s = linalg.generic {indexing_maps = [#swapped, #id], iterator_types = ["parallel", "parallel"]}
      ins(%a : tensor<130x130xf32>) outs(%a : tensor<130x130xf32>) {
  ^bb0(%in: f32, %out: f32):
    %sum = arith.addf %in, %out : f32
    linalg.yield %sum : f32
  } -> tensor<130x130xf32>
  return %s : tensor<130x130xf32>
}

// The destination is read, and needed afterwards.
func.func @accumulated(%x: tensor<5x7xf32>, %y: tensor<5x7xf32>) -> (tensor<5x7xf32>, tensor<5x7xf32>, tensor<5x7xf32>) {
  %e = tensor.empty() : tensor<5x7xf32>
  %a = linalg.exp ins(%x : tensor<5x7xf32>) outs(%e : tensor<5x7xf32>) -> tensor<5x7xf32>
  %s = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%y : tensor<5x7xf32>) outs(%a : tensor<5x7xf32>) {
  ^bb0(%in: f32, %out: f32):
    %sum = arith.addf %in, %out : f32
    linalg.yield %sum : f32
  } -> tensor<5x7xf32>
  %u = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%a : tensor<5x7xf32>) outs(%a : tensor<5x7xf32>) {
  ^bb0(%in: f32, %out: f32):
    %sum = arith.mulf %in, %out : f32
    linalg.yield %sum : f32
  } -> tensor<5x7xf32>
  return %s, %u, %a : tensor<5x7xf32>, tensor<5x7xf32>, tensor<5x7xf32>
}

// The base of a scatter is returned as well.
// given random:seed=1
// given random:seed=2,low=0,high=5
// given random:seed=3
func.func @scattered(%x: tensor<1x3x4xf32>, %i: tensor<1x3xi32>, %b: tensor<1x5x4xf32>)
    -> (tensor<1x5x4xf32>, tensor<1x5x4xf32>) {
  %e = tensor.empty() : tensor<1x5x4xf32>
  %a = linalg.add ins(%b, %b : tensor<1x5x4xf32>, tensor<1x5x4xf32>) outs(%e : tensor<1x5x4xf32>) -> tensor<1x5x4xf32>
  %r = colt5.scatter_combine ins(%x, %i : tensor<1x3x4xf32>, tensor<1x3xi32>) outs(%a : tensor<1x5x4xf32>) -> tensor<1x5x4xf32>
  return %r, %a : tensor<1x5x4xf32>, tensor<1x5x4xf32>
}

// Two scatters start from one base.
// given random:seed=1
// given random:seed=2,low=0,high=5
// given random:seed=3
func.func @scattered_twice(%x: tensor<1x3x4xf32>, %i: tensor<1x3xi32>, %b: tensor<1x5x4xf32>)
    -> (tensor<1x5x4xf32>, tensor<1x5x4xf32>) {
  %e = tensor.empty() : tensor<1x5x4xf32>
  %a = linalg.exp ins(%b : tensor<1x5x4xf32>) outs(%e : tensor<1x5x4xf32>) -> tensor<1x5x4xf32>
  %r = colt5.scatter_combine ins(%x, %i : tensor<1x3x4xf32>, tensor<1x3xi32>) outs(%a : tensor<1x5x4xf32>) -> tensor<1x5x4xf32>
  %s = colt5.scatter_combine ins(%x, %i : tensor<1x3x4xf32>, tensor<1x3xi32>) outs(%a : tensor<1x5x4xf32>) {combine = set} -> tensor<1x5x4xf32>
  return %r, %s : tensor<1x5x4xf32>, tensor<1x5x4xf32>
}

// The destination is seen through a cast, which a canonicalisation adds.
// shape 1:8x4
func.func @mixed_sizes(%y: tensor<8x4xf32>, %b: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %r = linalg.add ins(%y, %b : tensor<8x4xf32>, tensor<?x4xf32>) outs(%b : tensor<?x4xf32>) -> tensor<?x4xf32>
  return %r : tensor<?x4xf32>
}

// shape 1:8x4
func.func @mixed_sizes_read(%y: tensor<8x4xf32>, %b: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %b, %c0 : tensor<?x4xf32>
  %e = tensor.empty(%n) : tensor<?x4xf32>
  %a = linalg.exp ins(%b : tensor<?x4xf32>) outs(%e : tensor<?x4xf32>) -> tensor<?x4xf32>
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%y : tensor<8x4xf32>) outs(%a : tensor<?x4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %sum = arith.subf %in, %out : f32
    linalg.yield %sum : f32
  } -> tensor<?x4xf32>
  return %r, %a : tensor<?x4xf32>, tensor<?x4xf32>
}

// Constants and arguments are destinations that nothing may write to.
func.func @read_only(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) {
  %c = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<2x3xf32>) outs(%c : tensor<2x3xf32>) {
  ^bb0(%in: f32, %out: f32):
    %sum = arith.addf %in, %out : f32
    linalg.yield %sum : f32
  } -> tensor<2x3xf32>
  %s = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<2x3xf32>) outs(%y : tensor<2x3xf32>) {
  ^bb0(%in: f32, %out: f32):
    %sum = arith.addf %in, %out : f32
    linalg.yield %sum : f32
  } -> tensor<2x3xf32>
  return %r, %s, %y : tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>
}

// A slice is overwritten, then the whole is read.
func.func @slice_of_a_value(%x: tensor<6x4xf32>, %y: tensor<2x4xf32>) -> (tensor<6x4xf32>, tensor<2x4xf32>, tensor<6x4xf32>) {
  %e = tensor.empty() : tensor<6x4xf32>
  %a = linalg.exp ins(%x : tensor<6x4xf32>) outs(%e : tensor<6x4xf32>) -> tensor<6x4xf32>
  %s = tensor.extract_slice %a[2, 0] [2, 4] [1, 1] : tensor<6x4xf32> to tensor<2x4xf32>
  %t = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%y : tensor<2x4xf32>) outs(%s : tensor<2x4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %sum = arith.addf %in, %out : f32
    linalg.yield %sum : f32
  } -> tensor<2x4xf32>
  %i = tensor.insert_slice %t into %a[0, 0] [2, 4] [1, 1] : tensor<2x4xf32> into tensor<6x4xf32>
  return %i, %t, %a : tensor<6x4xf32>, tensor<2x4xf32>, tensor<6x4xf32>
}

// The same value is returned twice, and once more reshaped.
func.func @returned_twice(%x: tensor<4x6xf32>) -> (tensor<4x6xf32>, tensor<4x6xf32>, tensor<24xf32>) {
  %e = tensor.empty() : tensor<4x6xf32>
  %a = linalg.exp ins(%x : tensor<4x6xf32>) outs(%e : tensor<4x6xf32>) -> tensor<4x6xf32>
  %c = tensor.collapse_shape %a [[0, 1]] : tensor<4x6xf32> into tensor<24xf32>
  return %a, %a, %c : tensor<4x6xf32>, tensor<4x6xf32>, tensor<24xf32>
}

// RUN: colt5-opt %s --split-input-file --colt5-plan --colt5-tile

func.func @matmul_epilogue(%x: tensor<4096x768xf32>, %w: tensor<768x1024xf32>) -> tensor<4096x1024xbf16> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4096x1024xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<4096x1024xf32>) -> tensor<4096x1024xf32>
  %c = linalg.matmul ins(%x, %w : tensor<4096x768xf32>, tensor<768x1024xf32>) outs(%f : tensor<4096x1024xf32>) -> tensor<4096x1024xf32>
  %eb = tensor.empty() : tensor<4096x1024xbf16>
  %t = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%c : tensor<4096x1024xf32>) outs(%eb : tensor<4096x1024xbf16>) {
  ^bb0(%in: f32, %out: bf16):
    %r = arith.truncf %in : f32 to bf16
    linalg.yield %r : bf16
  } -> tensor<4096x1024xbf16>
  return %t : tensor<4096x1024xbf16>
}

// -----

#id = affine_map<(b, n, e, d) -> (b, n, d)>
#w = affine_map<(b, n, e, d) -> (d, e)>
#o = affine_map<(b, n, e, d) -> (b, n, e)>
#p = affine_map<(b, n, e) -> (b, n, e)>
func.func @gated_dynamic(%x: tensor<?x?x64xf32>, %a: tensor<64x1000xf32>, %g: tensor<64x1000xf32>) -> tensor<?x?x1000xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %b = tensor.dim %x, %c0 : tensor<?x?x64xf32>
  %n = tensor.dim %x, %c1 : tensor<?x?x64xf32>
  %e = tensor.empty(%b, %n) : tensor<?x?x1000xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<?x?x1000xf32>) -> tensor<?x?x1000xf32>
  %u:2 = linalg.generic {indexing_maps = [#id, #w, #w, #o, #o], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %a, %g : tensor<?x?x64xf32>, tensor<64x1000xf32>, tensor<64x1000xf32>) outs(%f, %f : tensor<?x?x1000xf32>, tensor<?x?x1000xf32>) {
  ^bb0(%in: f32, %wa: f32, %wg: f32, %o0: f32, %o1: f32):
    %m0 = arith.mulf %in, %wa : f32
    %s0 = arith.addf %o0, %m0 : f32
    %m1 = arith.mulf %in, %wg : f32
    %s1 = arith.addf %o1, %m1 : f32
    linalg.yield %s0, %s1 : f32, f32
  } -> (tensor<?x?x1000xf32>, tensor<?x?x1000xf32>)
  %y = linalg.generic {indexing_maps = [#p, #p, #p], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%u#0, %u#1 : tensor<?x?x1000xf32>, tensor<?x?x1000xf32>) outs(%e : tensor<?x?x1000xf32>) {
  ^bb0(%l: f32, %r: f32, %o: f32):
    %t = math.tanh %l : f32
    %m = arith.mulf %t, %r : f32
    linalg.yield %m : f32
  } -> tensor<?x?x1000xf32>
  return %y : tensor<?x?x1000xf32>
}

// -----

#rows = affine_map<(b, n, d) -> (b, n)>
#row = affine_map<(b, n, d) -> (d)>
#all = affine_map<(b, n, d) -> (b, n, d)>
func.func @norm(%x: tensor<2x4096x768xf32>, %y: tensor<2x4096x768xf32>, %g: tensor<768xf32>) -> (tensor<2x4096x768xf32>, tensor<2x4096x768xf32>) {
  %e = tensor.empty() : tensor<2x4096x768xf32>
  %er = tensor.empty() : tensor<2x4096xf32>
  %s = linalg.add ins(%x, %y : tensor<2x4096x768xf32>, tensor<2x4096x768xf32>) outs(%e : tensor<2x4096x768xf32>) -> tensor<2x4096x768xf32>
  %r = colt5.rms_scale ins(%s : tensor<2x4096x768xf32>) outs(%er : tensor<2x4096xf32>) -> tensor<2x4096xf32>
  %h = linalg.generic {indexing_maps = [#all, #rows, #row, #all], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%s, %r, %g : tensor<2x4096x768xf32>, tensor<2x4096xf32>, tensor<768xf32>) outs(%e : tensor<2x4096x768xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %t = arith.mulf %m, %c : f32
    linalg.yield %t : f32
  } -> tensor<2x4096x768xf32>
  return %h, %s : tensor<2x4096x768xf32>, tensor<2x4096x768xf32>
}

// -----

func.func @heavy(%h: tensor<1x4096x768xf32>, %idx: tensor<1x256xi32>, %wt: tensor<1x256xf32>, %w: tensor<768x768xf32>, %base: tensor<1x4096x768xf32>) -> tensor<1x4096x768xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1x256x768xf32>
  %x = colt5.gather ins(%h, %idx : tensor<1x4096x768xf32>, tensor<1x256xi32>) outs(%e : tensor<1x256x768xf32>) {unique} -> tensor<1x256x768xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x256x768xf32>) -> tensor<1x256x768xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(b, n, e, d) -> (b, n, d)>, affine_map<(b, n, e, d) -> (d, e)>, affine_map<(b, n, e, d) -> (b, n, e)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %w : tensor<1x256x768xf32>, tensor<768x768xf32>) outs(%f : tensor<1x256x768xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %o, %m : f32
    linalg.yield %s : f32
  } -> tensor<1x256x768xf32>
  %out = colt5.scatter_combine ins(%y, %idx : tensor<1x256x768xf32>, tensor<1x256xi32>) weight(%wt : tensor<1x256xf32>) outs(%base : tensor<1x4096x768xf32>) {unique} -> tensor<1x4096x768xf32>
  return %out : tensor<1x4096x768xf32>
}

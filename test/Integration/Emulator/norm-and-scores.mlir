// A kernel with two results, the norm and the scores of two routers, against the reference. The last tile of each row
// is partial.
// RUN: colt5-run %s --input=random --input=random --input=random --input=random --input=random --backend=emulator --chip=sm_80 --compare=reference 2>&1 | FileCheck %s
// CHECK: result 0 {{.*}} ok
// CHECK: result 1 {{.*}} ok
func.func @norm_and_scores(%x: tensor<2x43x48xf32>, %g: tensor<48xf32>, %u0: tensor<1x48xf32>, %u1: tensor<1x48xf32>,
                           %w: tensor<48x16xf32>) -> (tensor<2x43x16xf32>, tensor<2x2x43xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x43x48xf32>
  %n = colt5.rms_norm ins(%x, %g : tensor<2x43x48xf32>, tensor<48xf32>) outs(%e : tensor<2x43x48xf32>)
      -> tensor<2x43x48xf32>
  %h0 = tensor.empty() : tensor<2x43x16xf32>
  %h1 = linalg.fill ins(%zero : f32) outs(%h0 : tensor<2x43x16xf32>) -> tensor<2x43x16xf32>
  %h = linalg.contract
      indexing_maps = [affine_map<(b, t, f, d) -> (b, t, d)>, affine_map<(b, t, f, d) -> (d, f)>,
                       affine_map<(b, t, f, d) -> (b, t, f)>]
      ins(%n, %w : tensor<2x43x48xf32>, tensor<48x16xf32>) outs(%h1 : tensor<2x43x16xf32>) -> tensor<2x43x16xf32>
  %u2 = tensor.empty() : tensor<2x48xf32>
  %u3 = tensor.insert_slice %u0 into %u2[0, 0] [1, 48] [1, 1] : tensor<1x48xf32> into tensor<2x48xf32>
  %u = tensor.insert_slice %u1 into %u3[1, 0] [1, 48] [1, 1] : tensor<1x48xf32> into tensor<2x48xf32>
  %s0 = tensor.empty() : tensor<2x2x43xf32>
  %s = colt5.router_scores ins(%n, %u : tensor<2x43x48xf32>, tensor<2x48xf32>) outs(%s0 : tensor<2x2x43xf32>)
      -> tensor<2x2x43xf32>
  return %h, %s : tensor<2x43x16xf32>, tensor<2x2x43xf32>
}

// NaN and infinities in rows that a mask, an index list, a validity or a -1 hides reach no result.
// RUN: rm -rf %t && mkdir %t
// RUN: %python %S/Inputs/masked.py inputs %t
// DEFINE: %{inputs} = --input=%t/0.npy --input=%t/1.npy --input=%t/2.npy --input=%t/3.npy --input=%t/4.npy --input=%t/5.npy --input=%t/6.npy --input=%t/7.npy --input=%t/8.npy
// DEFINE: %{run} = colt5-run %s %{inputs} --output-dir=%t/out --quiet
// RUN: %{run} && %python %S/Inputs/masked.py check %t
// RUN: %{run} --backend=cpu && %python %S/Inputs/masked.py check %t
// RUN: %{run} --backend=emulator --chip=sm_80 && %python %S/Inputs/masked.py check %t
// RUN: %{run} --backend=emulator --chip=sm_90a && %python %S/Inputs/masked.py check %t
// Nothing is left open here: no NaN would be accepted.
// RUN: colt5-run %s %{inputs} --backend=cpu --compare=reference --json=%t/run.json && FileCheck %s < %t/run.json
// CHECK-COUNT-5: "unspecified": 0

func.func @f(%q: tensor<1x2x8x16xf16>, %k: tensor<1x1x24x16xf16>, %v: tensor<1x1x24x16xf16>, %m: tensor<1x24xi1>, %p: tensor<1x24xi32>, %l: tensor<1x1x2x5xi32>, %x: tensor<1x24x16xf16>, %w: tensor<1x16xf16>, %g: tensor<16xf16>)
    -> (tensor<1x2x8x16xf16>, tensor<1x2x8x16xf16>, tensor<1x1x24xf32>, tensor<1x24x16xf16>, tensor<1x24x16xf16>) {
  %e = tensor.empty() : tensor<1x2x8x16xf16>
  %a = colt5.attention ins(%q, %k, %v : tensor<1x2x8x16xf16>, tensor<1x1x24x16xf16>, tensor<1x1x24x16xf16>) kv_valid(%m : tensor<1x24xi1>) kv_pos(%p : tensor<1x24xi32>) outs(%e : tensor<1x2x8x16xf16>) {scale = 1.0, pattern = #colt5.window<30, 30>} -> tensor<1x2x8x16xf16>
  %b = colt5.attention ins(%q, %k, %v : tensor<1x2x8x16xf16>, tensor<1x1x24x16xf16>, tensor<1x1x24x16xf16>) kv_idx(%l : tensor<1x1x2x5xi32>) outs(%e : tensor<1x2x8x16xf16>) {scale = 1.0} -> tensor<1x2x8x16xf16>
  %s0 = tensor.empty() : tensor<1x1x24xf32>
  %s = colt5.router_scores ins(%x, %w : tensor<1x24x16xf16>, tensor<1x16xf16>) mask(%m : tensor<1x24xi1>) outs(%s0 : tensor<1x1x24xf32>) -> tensor<1x1x24xf32>
  %n0 = tensor.empty() : tensor<1x24x16xf16>
  %n = colt5.rms_norm ins(%x, %g : tensor<1x24x16xf16>, tensor<16xf16>) mask(%m : tensor<1x24xi1>) outs(%n0 : tensor<1x24x16xf16>) -> tensor<1x24x16xf16>
  %z = arith.constant 0.0 : f16
  %b0 = linalg.fill ins(%z : f16) outs(%n0 : tensor<1x24x16xf16>) -> tensor<1x24x16xf16>
  %i0 = tensor.empty() : tensor<1x1x24xi32>
  %o0 = tensor.empty() : tensor<1x1x24xi1>
  %i, %o = colt5.topk ins(%s : tensor<1x1x24xf32>) mask(%m : tensor<1x24xi1>) outs(%i0, %o0 : tensor<1x1x24xi32>, tensor<1x1x24xi1>) -> (tensor<1x1x24xi32>, tensor<1x1x24xi1>)
  %t0 = tensor.empty() : tensor<1x1x24x16xf16>
  %t = colt5.gather ins(%x, %i : tensor<1x24x16xf16>, tensor<1x1x24xi32>) valid(%o : tensor<1x1x24xi1>) outs(%t0 : tensor<1x1x24x16xf16>) -> tensor<1x1x24x16xf16>
  %c = colt5.scatter_combine ins(%t, %i : tensor<1x1x24x16xf16>, tensor<1x1x24xi32>) valid(%o : tensor<1x1x24xi1>) outs(%b0 : tensor<1x24x16xf16>) {combine = add} -> tensor<1x24x16xf16>
  return %a, %b, %s, %n, %c : tensor<1x2x8x16xf16>, tensor<1x2x8x16xf16>, tensor<1x1x24xf32>, tensor<1x24x16xf16>, tensor<1x24x16xf16>
}

// Repeated rows are summed up in f32 and rounded once per route, wherever the program runs: 990 slots add 1 to a bf16 row,
// which a sum in bf16 would leave at 256; of two routes in f16, which add 2500 and -2500 to 0.25, each is rounded.
// RUN: rm -rf %t && mkdir %t
// RUN: %python %S/Inputs/repeated.py %t
// DEFINE: %{inputs} = --input=bf16:%t/y.npy --input=%t/i.npy --input=zeros --input=ones --input=value=4 --input=%t/w.npy --input=value=0.25
// RUN: colt5-run %s %{inputs} --print --precision=declared | FileCheck %s
// RUN: colt5-run %s %{inputs} --print --backend=cpu --threads=3 | FileCheck %s
// RUN: colt5-run %s %{inputs} --print --backend=emulator --chip=sm_80 | FileCheck %s
// RUN: colt5-run %s %{inputs} --print --backend=emulator --chip=sm_90a --emulator-seed=3 | FileCheck %s
// RUN: colt5-run %s %{inputs} --print | FileCheck %s --check-prefix=WIDE

// CHECK: 0: 1x5x1xbf16 = [0, 0, 0, 992, 0]
// CHECK: 1: 1x5x2xf16 = [0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0, 0]
// WIDE: 0: 1x5x1xf64 = [0, 0, 0, 990, 0]
// WIDE: 1: 1x5x2xf64 = [0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25]
func.func @f(%y: tensor<1x1000x1xbf16>, %i: tensor<1x1000xi32>, %base: tensor<1x5x1xbf16>, %y2: tensor<1x2x500x2xf16>,
             %i2: tensor<1x2x500xi32>, %w: tensor<1x2x500xf32>, %b2: tensor<1x5x2xf16>)
    -> (tensor<1x5x1xbf16>, tensor<1x5x2xf16>) {
  %r = colt5.scatter_combine ins(%y, %i : tensor<1x1000x1xbf16>, tensor<1x1000xi32>)
      outs(%base : tensor<1x5x1xbf16>) {combine = add} -> tensor<1x5x1xbf16>
  %s = colt5.scatter_combine ins(%y2, %i2 : tensor<1x2x500x2xf16>, tensor<1x2x500xi32>)
      weight(%w : tensor<1x2x500xf32>) outs(%b2 : tensor<1x5x2xf16>) {combine = add} -> tensor<1x5x2xf16>
  return %r, %s : tensor<1x5x1xbf16>, tensor<1x5x2xf16>
}

// With eps = 0 a row whose mean square is 0 has the factor 0, also where the squares underflow in f32; NaN stays NaN.
// RUN: colt5-run %s --input=zeros --input=ones --print | FileCheck %s --check-prefix=ZERO
// RUN: colt5-run %s --input=zeros --input=ones --print --backend=cpu | FileCheck %s --check-prefix=ZERO
// RUN: colt5-run %s --input=zeros --input=ones --print --backend=emulator --chip=sm_80 | FileCheck %s --check-prefix=ZERO
// RUN: colt5-run %s --input=zeros --input=ones --print --backend=emulator --chip=sm_90a | FileCheck %s --check-prefix=ZERO
// RUN: colt5-run %s --input=value=1e-25 --input=ones --print --backend=cpu | FileCheck %s --check-prefix=ZERO
// RUN: colt5-run %s --input=value=1e-25 --input=ones --print --backend=emulator | FileCheck %s --check-prefix=ZERO
// RUN: colt5-run %s --input=value=nan --input=ones --print --backend=cpu | FileCheck %s --check-prefix=NAN
// RUN: colt5-run %s --input=value=nan --input=ones --print --backend=emulator | FileCheck %s --check-prefix=NAN
// The reference computes in f64, where nothing underflows.
// RUN: colt5-run %s --input=value=1e-25 --input=ones --print | FileCheck %s --check-prefix=WIDE

// ZERO: 0: 1x2x4xf{{32|64}} = [0, 0, 0, 0, 0, 0, 0, 0]
// ZERO: 1: 1x2xf{{32|64}} = [0, 0]
// NAN: 0: {{.*}}nan{{.*}}nan
// NAN: 1: {{.*}}nan{{.*}}nan
// WIDE: 0: 1x2x4xf64 = [1, 1, 1, 1, 1, 1, 1, 1]
func.func @f(%x: tensor<1x2x4xf32>, %g: tensor<4xf32>) -> (tensor<1x2x4xf32>, tensor<1x2xf32>) {
  %e = tensor.empty() : tensor<1x2x4xf32>
  %y = colt5.rms_norm ins(%x, %g : tensor<1x2x4xf32>, tensor<4xf32>) outs(%e : tensor<1x2x4xf32>) {eps = 0.0}
      -> tensor<1x2x4xf32>
  %i = tensor.empty() : tensor<1x2xf32>
  %r = colt5.rms_scale ins(%x : tensor<1x2x4xf32>) outs(%i : tensor<1x2xf32>) {eps = 0.0} -> tensor<1x2xf32>
  return %y, %r : tensor<1x2x4xf32>, tensor<1x2xf32>
}

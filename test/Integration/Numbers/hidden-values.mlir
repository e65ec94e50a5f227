// Row 7 of V has an infinity in column 2, which only a pattern (or the score region) hides from rows 0 to 6: NaN is allowed
// there in that column, never a wrong finite number, never anything in another column. A comparison with the reference accepts
// NaN exactly there, also in what is computed from it.
// RUN: rm -rf %t && mkdir %t
// RUN: %python %S/Inputs/hidden.py %t
// DEFINE: %{backend} =
// DEFINE: %{entry} = pattern
// DEFINE: %{run} = colt5-run %s --entry=%{entry} --input=%t/q.npy --input=%t/q.npy --input=%t/v.npy %{backend}
// DEFINE: %{check} = %{run} --output-dir=%t/out --quiet && %python %S/Inputs/check_hidden.py %t
// RUN: %{check}
// REDEFINE: %{backend} = --backend=cpu
// RUN: %{check}
// RUN: %{run} --compare=reference --nan-equal | FileCheck %s
// REDEFINE: %{backend} = --backend=emulator --chip=sm_80
// RUN: %{check}
// RUN: %{run} --compare=reference --nan-equal | FileCheck %s
// REDEFINE: %{backend} = --backend=emulator --chip=sm_90a
// RUN: %{check}
// RUN: %{run} --compare=reference --nan-equal | FileCheck %s
// REDEFINE: %{entry} = region
// RUN: %{check}
// RUN: %{run} --compare=reference --nan-equal | FileCheck %s
// REDEFINE: %{backend} = --backend=cpu
// RUN: %{check}
// RUN: %{run} --compare=reference --nan-equal | FileCheck %s
// CHECK: result 0 {{.*}} ok
// CHECK: result 1 {{.*}} ok

// NaN anywhere else is refused, and so is a finite number that is wrong: here against the results of other inputs.
// RUN: %{run} --output-dir=%t/out --quiet && %python %S/Inputs/spoil.py %t/out nan
// RUN: not colt5-run %s --entry=region --input=%t/q.npy --input=%t/q.npy --input=%t/v.npy --compare=%t/out 2>&1 | FileCheck %s --check-prefix=NAN
// NAN: error: {{.*}}elements are NaN in only one of the two
// RUN: %{run} --output-dir=%t/out --quiet && %python %S/Inputs/spoil.py %t/out number
// RUN: not colt5-run %s --entry=region --input=%t/q.npy --input=%t/q.npy --input=%t/v.npy --compare=%t/out --nan-equal 2>&1 | FileCheck %s --check-prefix=NUMBER
// NUMBER: error: {{.*}}normalised error

func.func @pattern(%q: tensor<1x1x8x4xf32>, %k: tensor<1x1x8x4xf32>, %v: tensor<1x1x8x4xf32>)
    -> (tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>) {
  %e = tensor.empty() : tensor<1x1x8x4xf32>
  %o = colt5.attention ins(%q, %k, %v : tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>)
      outs(%e : tensor<1x1x8x4xf32>) {pattern = #colt5.causal} -> tensor<1x1x8x4xf32>
  %s = linalg.add ins(%o, %q : tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>) outs(%e : tensor<1x1x8x4xf32>)
      -> tensor<1x1x8x4xf32>
  return %o, %s : tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>
}

func.func @region(%q: tensor<1x1x8x4xf32>, %k: tensor<1x1x8x4xf32>, %v: tensor<1x1x8x4xf32>)
    -> (tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>) {
  %e = tensor.empty() : tensor<1x1x8x4xf32>
  %o = colt5.attention ins(%q, %k, %v : tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>)
      outs(%e : tensor<1x1x8x4xf32>) -> tensor<1x1x8x4xf32> {
  ^bb0(%score: f32, %i: i32, %j: i32):
    %hidden = arith.constant 0xFF800000 : f32
    %isPast = arith.cmpi sge, %i, %j : i32
    %r = arith.select %isPast, %score, %hidden : f32
    colt5.yield %r : f32
  }
  %s = linalg.add ins(%o, %q : tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>) outs(%e : tensor<1x1x8x4xf32>)
      -> tensor<1x1x8x4xf32>
  return %o, %s : tensor<1x1x8x4xf32>, tensor<1x1x8x4xf32>
}

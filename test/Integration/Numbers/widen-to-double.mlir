// bf16 and f16 become f64 without a loss, in vectors and at their ends.
// DEFINE: %{backend} =
// DEFINE: %{run} = colt5-run %s --print %{backend} --input=value=1.00781 --input=value=1.00098 | FileCheck %s
// REDEFINE: %{backend} = --precision=declared
// RUN: %{run}
// REDEFINE: %{backend} = --backend=cpu
// RUN: %{run}
// REDEFINE: %{backend} = --backend=emulator --chip=sm_80
// RUN: %{run}
// RUN: colt5-compile %s --entry=f --emit=c --prefix=widen -o %t.c --quiet && %cc -O1 -c %t.c -o %t.o

// CHECK: 0: 3x7xf64 = [1.00781, 1.00781
// CHECK: 1: 3x7xf64 = [1.00098, 1.00098
func.func @f(%a: tensor<3x7xbf16>, %b: tensor<3x7xf16>) -> (tensor<3x7xf64>, tensor<3x7xf64>) {
  %e = tensor.empty() : tensor<3x7xf64>
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]} ins(%a : tensor<3x7xbf16>) outs(%e : tensor<3x7xf64>) {
  ^bb0(%in: bf16, %out: f64):
    %t = arith.extf %in : bf16 to f64
    linalg.yield %t : f64
  } -> tensor<3x7xf64>
  %s = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]} ins(%b : tensor<3x7xf16>) outs(%e : tensor<3x7xf64>) {
  ^bb0(%in: f16, %out: f64):
    %t = arith.extf %in : f16 to f64
    linalg.yield %t : f64
  } -> tensor<3x7xf64>
  return %r, %s : tensor<3x7xf64>, tensor<3x7xf64>
}

// f64 is rounded to f16 and bf16 once: a number a little above the middle of two neighbours goes up, although f32 cannot
// tell it from the middle.
// DEFINE: %{backend} =
// DEFINE: %{run} = colt5-run %s --print %{backend} --input=value=1.0039062500009095 --input=value=1.0004882812509095 --input=value=-1e300 | FileCheck %s
// REDEFINE: %{backend} = --precision=declared
// RUN: %{run}
// REDEFINE: %{backend} = --backend=cpu
// RUN: %{run}
// REDEFINE: %{backend} = --backend=emulator --chip=sm_80
// RUN: %{run}
// RUN: colt5-compile %s --entry=f --emit=c --prefix=narrow -o %t.c --quiet && %cc -O1 -c %t.c -o %t.o

// CHECK: 0: 9xbf16 = [1.00781, 1.00781
// CHECK: 1: 9xf16 = [1.00098, 1.00098
// CHECK: 2: 9xbf16 = [-inf, -inf
func.func @f(%a: tensor<9xf64>, %b: tensor<9xf64>, %c: tensor<9xf64>) -> (tensor<9xbf16>, tensor<9xf16>, tensor<9xbf16>) {
  %e = tensor.empty() : tensor<9xbf16>
  %h = tensor.empty() : tensor<9xf16>
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%a : tensor<9xf64>) outs(%e : tensor<9xbf16>) {
  ^bb0(%in: f64, %out: bf16):
    %t = arith.truncf %in : f64 to bf16
    linalg.yield %t : bf16
  } -> tensor<9xbf16>
  %s = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%b : tensor<9xf64>) outs(%h : tensor<9xf16>) {
  ^bb0(%in: f64, %out: f16):
    %t = arith.truncf %in : f64 to f16
    linalg.yield %t : f16
  } -> tensor<9xf16>
  %u = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%c : tensor<9xf64>) outs(%e : tensor<9xbf16>) {
  ^bb0(%in: f64, %out: bf16):
    %t = arith.truncf %in : f64 to bf16
    linalg.yield %t : bf16
  } -> tensor<9xbf16>
  return %r, %s, %u : tensor<9xbf16>, tensor<9xf16>, tensor<9xbf16>
}

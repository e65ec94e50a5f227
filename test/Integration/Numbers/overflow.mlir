// Products of finite q and k that overflow f32 may give NaN; a comparison with the reference, whose f64 holds them, accepts NaN
// there and nothing else. A score region that yields +inf gives NaN on every backend.
// DEFINE: %{backend} =
// DEFINE: %{large} = colt5-run %s --entry=large --input=value=1e30 --input=value=1e30 --input=ones --input=ones %{backend}
// DEFINE: %{inf} = colt5-run %s --entry=inf --input=ones --input=ones --input=ones --input=value=inf %{backend}
// RUN: %{inf} --print | FileCheck %s --check-prefix=INF
// REDEFINE: %{backend} = --backend=cpu
// RUN: %{inf} --print | FileCheck %s --check-prefix=INF
// RUN: %{large} --compare=reference | FileCheck %s
// REDEFINE: %{backend} = --backend=emulator --chip=sm_80
// RUN: %{inf} --print | FileCheck %s --check-prefix=INF
// RUN: %{large} --compare=reference | FileCheck %s
// REDEFINE: %{backend} = --backend=emulator --chip=sm_90a
// RUN: %{inf} --print | FileCheck %s --check-prefix=INF
// RUN: %{large} --compare=reference | FileCheck %s

// INF: 0: 1x1x1x1xf{{32|64}} = [{{-?}}nan]
// CHECK: result 0 {{.*}} ok (1 NaN in only one of the two, where it may be)
// CHECK: result 1 {{.*}} ok{{$}}
func.func @large(%q: tensor<1x1x1x1xf32>, %k: tensor<1x1x2x1xf32>, %v: tensor<1x1x2x1xf32>, %p: tensor<1x1x1x1xf32>)
    -> (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) {
  %e = tensor.empty() : tensor<1x1x1x1xf32>
  %o = colt5.attention ins(%q, %k, %v : tensor<1x1x1x1xf32>, tensor<1x1x2x1xf32>, tensor<1x1x2x1xf32>)
      outs(%e : tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  %s = colt5.attention ins(%p, %v, %v : tensor<1x1x1x1xf32>, tensor<1x1x2x1xf32>, tensor<1x1x2x1xf32>)
      outs(%e : tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  return %o, %s : tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>
}

func.func @inf(%q: tensor<1x1x1x1xf32>, %k: tensor<1x1x2x1xf32>, %v: tensor<1x1x2x1xf32>, %x: tensor<1x1x1x2xf32>)
    -> tensor<1x1x1x1xf32> {
  %e = tensor.empty() : tensor<1x1x1x1xf32>
  %o = colt5.attention ins(%q, %k, %v : tensor<1x1x1x1xf32>, tensor<1x1x2x1xf32>, tensor<1x1x2x1xf32>)
      extra(%x : tensor<1x1x1x2xf32>) outs(%e : tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> {
  ^bb0(%a: f32, %i: i32, %j: i32, %b: f32):
    %c = arith.addf %a, %b : f32
    colt5.yield %c : f32
  }
  return %o : tensor<1x1x1x1xf32>
}

// A count of 0 selects nothing: a constant, one that becomes a constant, and one that is known at run time only.
// DEFINE: %{backend} =
// DEFINE: %{run} = colt5-run %s --entry=weights --input=random:seed=1 --input=zeros --input=zeros --print %{backend} | FileCheck %s && \
// DEFINE:   colt5-run %s --entry=constant --input=random:seed=1 --input=random:seed=2 --input=random:seed=3 --compare=reference %{backend} | FileCheck %s --check-prefix=SAME && \
// DEFINE:   colt5-run %s --entry=runtime --input=random:seed=1 --input=random:seed=2 --input=random:seed=3 --input=value=0 --compare=reference %{backend} | FileCheck %s --check-prefix=SAME
// RUN: %{run}
// REDEFINE: %{backend} = --backend=cpu
// RUN: %{run}
// REDEFINE: %{backend} = --backend=emulator --chip=sm_80
// RUN: %{run}
// REDEFINE: %{backend} = --backend=emulator --chip=sm_90a
// RUN: %{run}

// CHECK: 0: 1x1x4xf{{32|64}} = [0, 0, 0, 0]
// CHECK: 1: 1x1x4xf{{32|64}} = [0, 0, 0, 0]
// CHECK: 2: 1x1x4xf{{32|64}} = [0, 0, 0, 0]
// SAME: result 0 {{.*}} ok
func.func @weights(%s: tensor<1x1x4xf32>, %n: f32, %row: tensor<1x1xf32>)
    -> (tensor<1x1x4xf32>, tensor<1x1x4xf32>, tensor<1x1x4xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1x1x4xf32>
  %a = colt5.soft_topk ins(%s, %zero : tensor<1x1x4xf32>, f32) outs(%e : tensor<1x1x4xf32>) {overflow = iterate}
      -> tensor<1x1x4xf32>
  %b = colt5.soft_topk ins(%s, %row : tensor<1x1x4xf32>, tensor<1x1xf32>) outs(%e : tensor<1x1x4xf32>)
      {solver = exact} -> tensor<1x1x4xf32>
  %c = colt5.soft_topk ins(%s, %n : tensor<1x1x4xf32>, f32) outs(%e : tensor<1x1x4xf32>) -> tensor<1x1x4xf32>
  return %a, %b, %c : tensor<1x1x4xf32>, tensor<1x1x4xf32>, tensor<1x1x4xf32>
}

func.func @constant(%x: tensor<1x4x2xf32>, %u: tensor<1x2xf32>, %d: tensor<2x2xf32>) -> tensor<1x4x2xf32> {
  %k = arith.constant 0 : index
  %r = colt5.conditional_ffn %x router(%u) heavy(in = %d, out = %d) tokens(%k)
      : tensor<1x4x2xf32>, tensor<1x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, index -> tensor<1x4x2xf32>
  return %r : tensor<1x4x2xf32>
}

func.func @runtime(%x: tensor<1x4x2xf32>, %u: tensor<1x2xf32>, %d: tensor<2x2xf32>, %k: index) -> tensor<1x4x2xf32> {
  %r = colt5.conditional_ffn %x router(%u) heavy(in = %d, out = %d) tokens(%k)
      : tensor<1x4x2xf32>, tensor<1x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, index -> tensor<1x4x2xf32>
  return %r : tensor<1x4x2xf32>
}

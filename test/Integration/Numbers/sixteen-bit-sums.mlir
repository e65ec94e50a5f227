// Sums into 16-bit tensors are accumulated in f32 and rounded once: 1000 ones in bf16 do not end at 256.
// DEFINE: %{backend} =
// DEFINE: %{run} = colt5-run %s --input=ones --input=ones --input=value=0.5 --print %{backend} | FileCheck %s
// REDEFINE: %{backend} = --precision=declared
// RUN: %{run}
// REDEFINE: %{backend} = --backend=cpu
// RUN: %{run}
// REDEFINE: %{backend} = --backend=emulator --chip=sm_80
// RUN: %{run}
// REDEFINE: %{backend} = --backend=emulator --chip=sm_90a
// RUN: %{run}
// RUN: colt5-run %s --input=random:seed=1 --input=random:seed=2 --input=random:seed=3 --backend=cpu --compare=reference --rtol=8e-3 | FileCheck %s --check-prefix=SAME

// CHECK: 0: 1x2xbf16 = [1000, 1000]
// CHECK: 1: 2xbf16 = [1000, 1000]
// CHECK: 2: bf16 = [2000]
// CHECK: 3: 2xbf16 = [1, 1]
// CHECK: 4: 2xbf16 = [1000, 1000]
// SAME-COUNT-5: result {{.*}} ok
func.func @f(%a: tensor<1x1000xbf16>, %b: tensor<1000x2xbf16>, %c: tensor<1x2xbf16>)
    -> (tensor<1x2xbf16>, tensor<2xbf16>, tensor<bf16>, tensor<2xbf16>, tensor<2xbf16>) {
  %zero = arith.constant 0.0 : bf16
  %matmul = linalg.matmul ins(%a, %b : tensor<1x1000xbf16>, tensor<1000x2xbf16>) outs(%c : tensor<1x2xbf16>)
      -> tensor<1x2xbf16>
  %e = tensor.empty() : tensor<2xbf16>
  %z = linalg.fill ins(%zero : bf16) outs(%e : tensor<2xbf16>) -> tensor<2xbf16>
  %columns = linalg.reduce { arith.addf } ins(%b : tensor<1000x2xbf16>) outs(%z : tensor<2xbf16>) dimensions = [0]
  %e0 = tensor.empty() : tensor<bf16>
  %z0 = linalg.fill ins(%zero : bf16) outs(%e0 : tensor<bf16>) -> tensor<bf16>
  %all = linalg.reduce { arith.addf } ins(%b : tensor<1000x2xbf16>) outs(%z0 : tensor<bf16>) dimensions = [0, 1]
  // A maximum stays as it is.
  %largest = linalg.reduce { arith.maximumf } ins(%b : tensor<1000x2xbf16>) outs(%z : tensor<2xbf16>) dimensions = [0]
  // The rounding inside of the body goes too.
  %inner = linalg.reduce ins(%b : tensor<1000x2xbf16>) outs(%z : tensor<2xbf16>) dimensions = [0]
    (%x: bf16, %sum: bf16) {
      %0 = arith.extf %x : bf16 to f32
      %1 = arith.extf %sum : bf16 to f32
      %2 = arith.addf %0, %1 : f32
      %3 = arith.truncf %2 : f32 to bf16
      linalg.yield %3 : bf16
    }
  return %matmul, %columns, %all, %largest, %inner
      : tensor<1x2xbf16>, tensor<2xbf16>, tensor<bf16>, tensor<2xbf16>, tensor<2xbf16>
}

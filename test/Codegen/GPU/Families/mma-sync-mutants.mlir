// What orders the copies, the barriers and the multiplications of a kernel on mma.sync is needed: without one of them the emulator
// sees a race, memory that was not awaited or written, or wrong numbers.
// RUN: colt5-compile %s --target=sm_80 --stop-stage=nvvm -o - | sed '/^  llvm.func/,/^  }/d' > %t.mlir
// RUN: colt5-test-emulator %t.mlir --kernel=mma_sync --grid=4 --block=128 --arg=f32:0 --arg=buffer:bf16:8840:random --arg=buffer:bf16:9792:random --arg=buffer:f32:4680:uninit --expect=matmul:1,2,3,65,72,136 | FileCheck %s --check-prefix=CLEAN
// RUN: colt5-test-emulator %t.mlir --kernel=mma_sync --grid=4 --block=128 --arg=f32:0 --arg=buffer:bf16:8840:random --arg=buffer:bf16:9792:random --arg=buffer:f32:4680:uninit --expect=matmul:1,2,3,65,72,136 --mutate | FileCheck %s --check-prefix=MUTANTS

// CLEAN: clean
// MUTANTS: caught [[N:[0-9]+]] of [[N]]{{$}}
func.func @f(%a: tensor<65x136xbf16>, %b: tensor<136x72xbf16>) -> tensor<65x72xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<65x72xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%e : tensor<65x72xf32>) -> tensor<65x72xf32>
  %0 = linalg.matmul {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.mma_sync<block_rows = 64, block_columns = 64, block_k = 32, warp_rows = 32, warp_columns = 32, stages = 3>>}
      ins(%a, %b : tensor<65x136xbf16>, tensor<136x72xbf16>) outs(%fill : tensor<65x72xf32>) -> tensor<65x72xf32>
  return %0 : tensor<65x72xf32>
}

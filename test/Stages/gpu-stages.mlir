// The stages of a GPU target, and a function through all of them: kernels in llvm and nvvm, host code with C entries.
// RUN: colt5-compile --list-stages --target=sm_90a | FileCheck %s --check-prefix=STAGES
// RUN: colt5-opt %s --colt5-to-nvvm=target=sm_80 | FileCheck %s
// RUN: colt5-opt %s --colt5-to-lower=target=sm_80 --dump-pass-pipeline 2>&1 | FileCheck %s --check-prefix=LOWER
// RUN: colt5-run %s --backend=emulator --chip=sm_80 --compare=reference --input=random:seed=1,shape=17x65 --input=random:seed=2
// RUN: colt5-run %s --backend=emulator --chip=sm_90a --emulator-seed=7 --compare=reference --input=random:seed=3,shape=1x65 --input=random:seed=4
// RUN: not colt5-run %s --backend=emulator --chip=gfx90a --input=zeros --input=zeros 2>&1 | FileCheck %s --check-prefix=CHIP

// STAGES: 0  input
// STAGES: 3  tile
// STAGES: 4  bufferize
// STAGES: 5  lower
// STAGES: 6  gpu
// STAGES: 7  nvvm
// LOWER: colt5-set-machine{{{.*}}name=sm_80
// LOWER: colt5-plan
// LOWER: colt5-claim-kernels
// LOWER: colt5-tile
// LOWER: colt5-plan-workspace
// LOWER: colt5-lower-simt
// CHIP: error: --chip=gfx90a: unknown chip; expected one of: sm_80, sm_89, sm_90a, sm_120

// CHECK-LABEL: gpu.module @colt5_kernels
// CHECK: llvm.func @f_kernel0
// CHECK: nvvm.barrier
// CHECK-LABEL: llvm.func @f_run(%{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr) -> i32
// CHECK-LABEL: llvm.func @f_result_sizes
// CHECK-LABEL: llvm.func @f_workspace_size(%{{.*}}: !llvm.ptr) -> i64
func.func @f(%x: tensor<?x65xf32>, %g: tensor<65xf32>) -> tensor<?x65xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x65xf32>
  %e = tensor.empty(%n) : tensor<?x65xf32>
  %h = colt5.rms_norm ins(%x, %g : tensor<?x65xf32>, tensor<65xf32>) outs(%e : tensor<?x65xf32>) -> tensor<?x65xf32>
  return %h : tensor<?x65xf32>
}

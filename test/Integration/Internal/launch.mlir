// A kernel that colt5.launch runs, with a scalar, over a grid whose last block is cut: the result is that of the same
// arithmetic in linalg.
// RUN: rm -rf %t && mkdir %t
// RUN: colt5-run %s --entry=plain --backend=reference --output-dir=%t/plain --input=random:seed=1 --input=value=0.75
// RUN: colt5-run %s --entry=f --backend=emulator --chip=sm_80 --compare=%t/plain --input=random:seed=1 \
// RUN:   --input=value=0.75 | FileCheck %s
// RUN: colt5-run %s --entry=f --backend=emulator --chip=sm_90a --emulator-seed=5 --compare=%t/plain \
// RUN:   --input=random:seed=1 --input=value=0.75 | FileCheck %s
// RUN: not colt5-run %s --entry=f --backend=emulator --compare=%t/plain --input=random:seed=1 \
// RUN:   --input=value=0.5 2>&1 | FileCheck %s --check-prefix=OTHER

// CHECK: result 0 {{.*}} ok
// OTHER: result 0: normalised error

module attributes {gpu.container_module} {
  gpu.module @colt5_kernels {
    gpu.func @scale(%x: memref<?xf32, strided<[?], offset: ?>>, %a: f32, %y: memref<?xf32, strided<[?], offset: ?>>)
        kernel attributes {known_block_size = array<i32: 32, 1, 1>} {
      %c0 = arith.constant 0 : index
      %c32 = arith.constant 32 : index
      %n = memref.dim %x, %c0 : memref<?xf32, strided<[?], offset: ?>>
      %block = gpu.block_id x
      %thread = gpu.thread_id x
      %first = arith.muli %block, %c32 : index
      %i = arith.addi %first, %thread : index
      %inside = arith.cmpi ult, %i, %n : index
      scf.if %inside {
        %v = memref.load %x[%i] : memref<?xf32, strided<[?], offset: ?>>
        %w = arith.mulf %v, %a : f32
        memref.store %w, %y[%i] : memref<?xf32, strided<[?], offset: ?>>
      }
      gpu.return
    }
  }

  func.func @f(%x: tensor<70xf32>, %a: f32) -> tensor<70xf32> {
    %blocks = arith.constant 3 : index
    %e = tensor.empty() : tensor<70xf32>
    %r = colt5.launch @colt5_kernels::@scale grid(%blocks) ins(%x, %a : tensor<70xf32>, f32)
        outs(%e : tensor<70xf32>) -> (tensor<70xf32>)
    return %r : tensor<70xf32>
  }

  func.func @plain(%x: tensor<70xf32>, %a: f32) -> tensor<70xf32> {
    %e = tensor.empty() : tensor<70xf32>
    %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> ()>, affine_map<(i) -> (i)>],
                         iterator_types = ["parallel"]}
        ins(%x, %a : tensor<70xf32>, f32) outs(%e : tensor<70xf32>) {
    ^bb0(%v: f32, %s: f32, %old: f32):
      %w = arith.mulf %v, %s : f32
      linalg.yield %w : f32
    } -> tensor<70xf32>
    return %r : tensor<70xf32>
  }
}

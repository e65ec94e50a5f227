// Contractions of 16-bit floats are planned for tensor cores; what the family cannot take is declined or refused with the reason.
// RUN: colt5-opt %s --split-input-file --colt5-set-machine=name=sm_80 --colt5-plan --verify-diagnostics | FileCheck %s

// The largest block that makes three quarters of a wave; the residual joins.
// CHECK-LABEL: func.func @large(
// CHECK: linalg.fill {colt5.plan = #colt5.plan<kernel = 0, role = fused>}
// CHECK: linalg.matmul {colt5.plan = #colt5.plan<kernel = 0, role = fused>}
// CHECK: linalg.add {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.mma_sync<block_rows = 128, block_columns = 128, block_k = 32, warp_rows = 64, warp_columns = 64, stages = 4>, reason = "elementwise: blocks of 128 x 128 on tensor cores, 192 of them for 108 cores; with fill, contraction">}
func.func @large(%a: tensor<4096x1024xbf16>, %b: tensor<1024x768xbf16>, %r: tensor<4096x768xf32>, %o: tensor<4096x768xf32>) -> tensor<4096x768xf32> {
  %z = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4096x768xf32>
  %f = linalg.fill ins(%z : f32) outs(%e : tensor<4096x768xf32>) -> tensor<4096x768xf32>
  %c = linalg.matmul ins(%a, %b : tensor<4096x1024xbf16>, tensor<1024x768xbf16>) outs(%f : tensor<4096x768xf32>) -> tensor<4096x768xf32>
  %d = linalg.add ins(%c, %r : tensor<4096x768xf32>, tensor<4096x768xf32>) outs(%o : tensor<4096x768xf32>) -> tensor<4096x768xf32>
  return %d : tensor<4096x768xf32>
}

// -----

// A row statistic of what the sums are added to cannot join: it has a kernel of its own.
// CHECK-LABEL: func.func @statistic(
// CHECK: linalg.reduce {{.*}}schedule = #colt5.simt<
// CHECK: linalg.generic {{.*}}schedule = #colt5.mma_sync<
func.func @statistic(%a: tensor<64x64xf16>, %b: tensor<64x64xf16>, %r: tensor<64x64xf32>, %o: tensor<64x64xf32>, %s: tensor<64xf32>) -> tensor<64x64xf32> {
  %m = linalg.reduce {arith.addf} ins(%r : tensor<64x64xf32>) outs(%s : tensor<64xf32>) dimensions = [1]
  %c = linalg.matmul ins(%a, %b : tensor<64x64xf16>, tensor<64x64xf16>) outs(%o : tensor<64x64xf32>) -> tensor<64x64xf32>
  %d = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%c, %m : tensor<64x64xf32>, tensor<64xf32>) outs(%o : tensor<64x64xf32>) {
  ^bb0(%x: f32, %y: f32, %old: f32):
    %p = arith.mulf %x, %y : f32
    linalg.yield %p : f32
  } -> tensor<64x64xf32>
  return %d : tensor<64x64xf32>
}

// -----

// f32 keeps its exact sums.
// CHECK-LABEL: func.func @single(
// CHECK: linalg.matmul {{.*}}schedule = #colt5.simt<
func.func @single(%a: tensor<64x64xf32>, %b: tensor<64x64xf32>, %o: tensor<64x64xf32>) -> tensor<64x64xf32> {
  %c = linalg.matmul ins(%a, %b : tensor<64x64xf32>, tensor<64x64xf32>) outs(%o : tensor<64x64xf32>) -> tensor<64x64xf32>
  return %c : tensor<64x64xf32>
}

// -----

func.func @asked_single(%a: tensor<64x64xf32>, %b: tensor<64x64xf32>, %o: tensor<64x64xf32>) -> tensor<64x64xf32> {
  // expected-error @below {{is planned for family mma_sync, which does not take its kernel: expected operands of type bf16 or f16 with sums in f32; leave the schedule out and colt5-plan chooses one}}
  %c = linalg.matmul {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.mma_sync>} ins(%a, %b : tensor<64x64xf32>, tensor<64x64xf32>) outs(%o : tensor<64x64xf32>) -> tensor<64x64xf32>
  return %c : tensor<64x64xf32>
}

// -----

func.func @asked_elementwise(%a: tensor<64xf32>) -> tensor<64xf32> {
  // expected-error @below {{which does not take its kernel: expected a contraction;}}
  %c = linalg.exp {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.mma_sync>} ins(%a : tensor<64xf32>) outs(%a : tensor<64xf32>) -> tensor<64xf32>
  return %c : tensor<64xf32>
}

// -----

func.func @asked_tile(%a: tensor<64x64xf16>, %b: tensor<64x64xf16>, %o: tensor<64x64xf32>) -> tensor<64x64xf32> {
  // expected-error @below {{expected no tile sizes: block_rows and block_columns say how large the part of a block is}}
  %c = linalg.matmul {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.mma_sync<tile = [64, 64, 0]>>} ins(%a, %b : tensor<64x64xf16>, tensor<64x64xf16>) outs(%o : tensor<64x64xf32>) -> tensor<64x64xf32>
  return %c : tensor<64x64xf32>
}

// -----

func.func @asked_warps(%a: tensor<64x64xf16>, %b: tensor<64x64xf16>, %o: tensor<64x64xf32>) -> tensor<64x64xf32> {
  // expected-error @below {{expected blocks of whole warps, found 32 x 64 in parts of 64 x 32}}
  %c = linalg.matmul {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.mma_sync<block_rows = 32, warp_rows = 64>>} ins(%a, %b : tensor<64x64xf16>, tensor<64x64xf16>) outs(%o : tensor<64x64xf32>) -> tensor<64x64xf32>
  return %c : tensor<64x64xf32>
}

// -----

func.func @asked_threads(%a: tensor<64x64xf16>, %b: tensor<64x64xf16>, %o: tensor<64x64xf32>) -> tensor<64x64xf32> {
  // expected-error @below {{expected at most 32 warps in a block, found 64}}
  %c = linalg.matmul {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.mma_sync<block_rows = 128, block_columns = 128, warp_rows = 16, warp_columns = 16>>} ins(%a, %b : tensor<64x64xf16>, tensor<64x64xf16>) outs(%o : tensor<64x64xf32>) -> tensor<64x64xf32>
  return %c : tensor<64x64xf32>
}

// -----

func.func @asked_sums(%a: tensor<64x64xf16>, %b: tensor<64x64xf16>, %o: tensor<64x64xf32>) -> tensor<64x64xf32> {
  // expected-error @below {{expected at most 160 sums in a thread, found 256; use smaller warp_rows or warp_columns}}
  %c = linalg.matmul {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.mma_sync<block_rows = 128, block_columns = 64, warp_rows = 128, warp_columns = 64>>} ins(%a, %b : tensor<64x64xf16>, tensor<64x64xf16>) outs(%o : tensor<64x64xf32>) -> tensor<64x64xf32>
  return %c : tensor<64x64xf32>
}

// -----

func.func @asked_memory(%a: tensor<64x64xf16>, %b: tensor<64x64xf16>, %o: tensor<64x64xf32>) -> tensor<64x64xf32> {
  // expected-error @below {{expected at most 166912 bytes of shared memory, found 262144; use a smaller block or fewer stages}}
  %c = linalg.matmul {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.mma_sync<block_rows = 128, block_columns = 128, block_k = 64, stages = 8>>} ins(%a, %b : tensor<64x64xf16>, tensor<64x64xf16>) outs(%o : tensor<64x64xf32>) -> tensor<64x64xf32>
  return %c : tensor<64x64xf32>
}

// -----

func.func @asked_statistic(%a: tensor<64x64xf16>, %b: tensor<64x64xf16>, %o: tensor<64x64xf32>, %s: tensor<64xf32>) -> tensor<64xf32> {
  %c = linalg.matmul {colt5.plan = #colt5.plan<kernel = 0, role = fused>} ins(%a, %b : tensor<64x64xf16>, tensor<64x64xf16>) outs(%o : tensor<64x64xf32>) -> tensor<64x64xf32>
  // expected-error @below {{expected one contraction with elementwise ops that do not read their position, found linalg.reduce}}
  %m = linalg.reduce {arith.addf} ins(%c : tensor<64x64xf32>) outs(%s : tensor<64xf32>) dimensions = [1] {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.mma_sync>}
  return %m : tensor<64xf32>
}

// -----

func.func @asked_producer(%a: tensor<64x64xf16>, %b: tensor<64x64xf16>, %o: tensor<64x64xf32>, %e: tensor<64x64xf16>) -> tensor<64x64xf32> {
  %x = linalg.exp {colt5.plan = #colt5.plan<kernel = 0, role = fused>} ins(%a : tensor<64x64xf16>) outs(%e : tensor<64x64xf16>) -> tensor<64x64xf16>
  // expected-error @below {{expected operands that the kernel does not compute itself}}
  %c = linalg.matmul {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.mma_sync>} ins(%x, %b : tensor<64x64xf16>, tensor<64x64xf16>) outs(%o : tensor<64x64xf32>) -> tensor<64x64xf32>
  return %c : tensor<64x64xf32>
}

// -----

// expected-error @below {{schedule_c1: expected warp_rows to be a power of two from 16 to 128, found 8}}
#small = #colt5.mma_sync<warp_rows = 8>

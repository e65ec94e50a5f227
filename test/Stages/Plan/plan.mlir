// RUN: colt5-opt %s --split-input-file --colt5-plan | FileCheck %s
// RUN: colt5-opt %s --split-input-file --colt5-plan --colt5-plan | FileCheck %s
// RUN: colt5-opt %s --split-input-file --colt5-plan --remarks-filter=colt5-plan 2>&1 | FileCheck %s --check-prefix=REMARK

// A contraction never joins another one: the second product reads a finished first one.
func.func @ffn(%x: tensor<1024x768xf32>, %a: tensor<768x2048xf32>, %c: tensor<2048x768xf32>) -> tensor<1024x768xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1024x2048xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1024x2048xf32>) -> tensor<1024x2048xf32>
  %u = linalg.matmul ins(%x, %a : tensor<1024x768xf32>, tensor<768x2048xf32>) outs(%f : tensor<1024x2048xf32>) -> tensor<1024x2048xf32>
  %t = linalg.tanh ins(%u : tensor<1024x2048xf32>) outs(%e : tensor<1024x2048xf32>) -> tensor<1024x2048xf32>
  %e1 = tensor.empty() : tensor<1024x768xf32>
  %f1 = linalg.fill ins(%zero : f32) outs(%e1 : tensor<1024x768xf32>) -> tensor<1024x768xf32>
  %y = linalg.matmul ins(%t, %c : tensor<1024x2048xf32>, tensor<2048x768xf32>) outs(%f1 : tensor<1024x768xf32>) -> tensor<1024x768xf32>
  return %y : tensor<1024x768xf32>
}
// CHECK-LABEL: func.func @ffn
// CHECK: linalg.fill {colt5.plan = #colt5.plan<kernel = 0, role = fused>}
// CHECK: linalg.matmul {colt5.plan = #colt5.plan<kernel = 0, role = fused>}
// CHECK: linalg.tanh {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.loops<tile = [256, 512], block_rows = 264, block_columns = 64, block_k = 256>, reason = "elementwise: 256 x 512 accumulators fit half of L2; with fill, contraction">}
// CHECK: linalg.fill {colt5.plan = #colt5.plan<kernel = 1, role = fused>}
// CHECK: linalg.matmul {colt5.plan = #colt5.plan<kernel = 1, role = root, schedule = #colt5.loops<tile = [256, 384, 0]
// REMARK: remark: {{.*}}kernel 0 (linalg.tanh), tile [256, 512], elementwise
// REMARK: remark: {{.*}}kernel 1 (linalg.matmul), tile [256, 384, 0], contraction

// -----

// A cheap producer joins the contraction that reads it; an expensive one would be repeated for every column tile.
func.func @prologue(%x: tensor<1024x768xf32>, %w: tensor<768x768xf32>, %i: tensor<1024x768xf32>) -> (tensor<1024x768xf32>, tensor<1024x768xf32>) {
  %e = tensor.empty() : tensor<1024x768xf32>
  %a = linalg.add ins(%x, %x : tensor<1024x768xf32>, tensor<1024x768xf32>) outs(%e : tensor<1024x768xf32>) -> tensor<1024x768xf32>
  %y = linalg.matmul ins(%a, %w : tensor<1024x768xf32>, tensor<768x768xf32>) outs(%i : tensor<1024x768xf32>) -> tensor<1024x768xf32>
  %b = linalg.exp ins(%x : tensor<1024x768xf32>) outs(%e : tensor<1024x768xf32>) -> tensor<1024x768xf32>
  %z = linalg.matmul ins(%b, %w : tensor<1024x768xf32>, tensor<768x768xf32>) outs(%i : tensor<1024x768xf32>) -> tensor<1024x768xf32>
  return %y, %z : tensor<1024x768xf32>, tensor<1024x768xf32>
}
// CHECK-LABEL: func.func @prologue
// CHECK: linalg.add {colt5.plan = #colt5.plan<kernel = 0, role = fused>}
// CHECK: linalg.matmul {{.*}}kernel = 0, role = root
// CHECK: linalg.exp {{.*}}kernel = 1, role = root
// CHECK: linalg.matmul {{.*}}kernel = 2, role = root

// -----

// A value that is needed before the root of its user's kernel stays out of that kernel.
func.func @order(%x: tensor<17x65xf32>) -> (tensor<17x65xf32>, tensor<17x65xf32>) {
  %e = tensor.empty() : tensor<17x65xf32>
  %a = linalg.exp ins(%x : tensor<17x65xf32>) outs(%e : tensor<17x65xf32>) -> tensor<17x65xf32>
  %s = tensor.extract_slice %a[0, 0] [17, 65] [1, 1] : tensor<17x65xf32> to tensor<17x65xf32>
  %b = linalg.abs ins(%a : tensor<17x65xf32>) outs(%e : tensor<17x65xf32>) -> tensor<17x65xf32>
  return %b, %s : tensor<17x65xf32>, tensor<17x65xf32>
}
// CHECK-LABEL: func.func @order
// CHECK: linalg.exp {{.*}}kernel = 0, role = root
// CHECK: linalg.abs {{.*}}kernel = 1, role = root

// -----

// A fill with two users is copied, so that each belongs to one kernel.
func.func @shared_fill(%x: tensor<64x64xf32>) -> (tensor<64x64xf32>, tensor<64x64xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<64x64xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<64x64xf32>) -> tensor<64x64xf32>
  %a = linalg.matmul ins(%x, %x : tensor<64x64xf32>, tensor<64x64xf32>) outs(%f : tensor<64x64xf32>) -> tensor<64x64xf32>
  %b = linalg.matmul ins(%a, %x : tensor<64x64xf32>, tensor<64x64xf32>) outs(%f : tensor<64x64xf32>) -> tensor<64x64xf32>
  return %a, %b : tensor<64x64xf32>, tensor<64x64xf32>
}
// CHECK-LABEL: func.func @shared_fill
// CHECK-DAG: linalg.fill {colt5.plan = #colt5.plan<kernel = 0, role = fused>}
// CHECK-DAG: linalg.fill {colt5.plan = #colt5.plan<kernel = 1, role = fused>}
// CHECK: linalg.matmul {{.*}}kernel = 0, role = root
// CHECK: linalg.matmul {{.*}}kernel = 1, role = root

// -----

// The user's plan wins, and other kernels take other numbers.
func.func @user(%x: tensor<64x64xf32>) -> (tensor<64x64xf32>, tensor<64x64xf32>) {
  %e = tensor.empty() : tensor<64x64xf32>
  %a = linalg.exp ins(%x : tensor<64x64xf32>) outs(%e : tensor<64x64xf32>) -> tensor<64x64xf32>
  %b = linalg.abs {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.tiles<[3, 0]>, reason = "mine">}
      ins(%x : tensor<64x64xf32>) outs(%e : tensor<64x64xf32>) -> tensor<64x64xf32>
  return %a, %b : tensor<64x64xf32>, tensor<64x64xf32>
}
// CHECK-LABEL: func.func @user
// CHECK: linalg.exp {{.*}}kernel = 1, role = root
// CHECK: linalg.abs {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.loops<tile = [3, 0]>, reason = "mine">}

// -----

// A query tile is made of whole blocks of `kv_idx` (17 queries each).
func.func @lists(%q: tensor<1x2x68x16xf32>, %k: tensor<1x2x99x16xf32>, %i: tensor<1x2x4x7xi32>) -> tensor<1x2x68x16xf32> {
  %e = tensor.empty() : tensor<1x2x68x16xf32>
  %r = colt5.attention ins(%q, %k, %k : tensor<1x2x68x16xf32>, tensor<1x2x99x16xf32>, tensor<1x2x99x16xf32>)
      kv_idx(%i : tensor<1x2x4x7xi32>) outs(%e : tensor<1x2x68x16xf32>) -> tensor<1x2x68x16xf32>
  return %r : tensor<1x2x68x16xf32>
}
// CHECK-LABEL: func.func @lists
// CHECK: colt5.attention {{.*}}tile = [1, 1, 51]

// -----

// What a later op reads and overwrites is a kernel of its own if it is needed elsewhere, too.
// CHECK-LABEL: func.func @overwritten(
// CHECK:         linalg.exp {colt5.plan = #colt5.plan<kernel = 0, role = root
// CHECK:         linalg.generic {{.*}}colt5.plan = #colt5.plan<kernel = 1, role = root
func.func @overwritten(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<4xf32>
  %a = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %b = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%x : tensor<4xf32>) outs(%a : tensor<4xf32>) {
  ^bb0(%in: f32, %out: f32):
    %s = arith.addf %in, %out : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  return %a, %b : tensor<4xf32>, tensor<4xf32>
}

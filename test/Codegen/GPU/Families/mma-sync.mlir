// One kernel of family mma_sync from the claim to PTX.
// RUN: colt5-compile %s --target=sm_80 --stop-stage=tile -o - | FileCheck %s --check-prefix=CLAIM
// RUN: colt5-compile %s --target=sm_80 --emit=ptx -o - | FileCheck %s --check-prefix=PTX
// RUN: colt5-compile %s --target=sm_80 --emit=ptx -o - | FileCheck %s --check-prefix=COUNT

// CLAIM: colt5.kernel {{.*}}#colt5.mma_sync<{{.*}}blocks of 128 x 64 on tensor cores, 4 of them for 108 cores{{.*}} ins({{.*}}tensor<256x96xbf16>, tensor<96x128xbf16>, tensor<256x128xbf16>
// CLAIM-SAME: colt5.bytes = 278528 : i64, colt5.family = "mma_sync", colt5.flops = 6291456 : i64, colt5.min_bytes = 204800 : i64
// CLAIM: linalg.fill
// CLAIM: linalg.matmul
// CLAIM: linalg.generic
// CLAIM: colt5.yield

// The loop over k is not unrolled: its step fills the instruction cache well enough.
// PTX: cp.async.cg.shared.global
// PTX: cp.async.commit_group
// PTX: .pragma "nounroll";
// PTX: cp.async.wait_group 2
// PTX: bar.sync
// PTX: ldmatrix.sync.aligned.m8n8.x4.shared.b16
// PTX: ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16
// PTX: mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32
// Residuals are read, and results written, 16 bytes at a time.
// PTX: ld.global{{.*}}.v4.b32
// PTX: st.global.v4.b32

// Two parts of k, of 4 x 4 tiles each.
// COUNT-COUNT-32: mma.sync
// COUNT-NOT: mma.sync
func.func @f(%a: tensor<256x96xbf16>, %b: tensor<96x128xbf16>, %r: tensor<256x128xbf16>) -> tensor<256x128xbf16> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<256x128xf32>
  %fill = linalg.fill ins(%zero : f32) outs(%e : tensor<256x128xf32>) -> tensor<256x128xf32>
  %0 = linalg.matmul ins(%a, %b : tensor<256x96xbf16>, tensor<96x128xbf16>) outs(%fill : tensor<256x128xf32>) -> tensor<256x128xf32>
  %o = tensor.empty() : tensor<256x128xbf16>
  %1 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%0, %r : tensor<256x128xf32>, tensor<256x128xbf16>) outs(%o : tensor<256x128xbf16>)
      attrs = {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.mma_sync<block_rows = 128, block_columns = 64, block_k = 32, warp_rows = 64, warp_columns = 32, stages = 4>>} {
  ^bb0(%x: f32, %y: bf16, %old: bf16):
    %y1 = arith.extf %y : bf16 to f32
    %s = arith.addf %x, %y1 : f32
    %t = arith.truncf %s : f32 to bf16
    linalg.yield %t : bf16
  } -> tensor<256x128xbf16>
  return %1 : tensor<256x128xbf16>
}

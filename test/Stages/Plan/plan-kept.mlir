// What the user plans is still there when an op has become another one in front of stage plan.
// RUN: colt5-opt %s --split-input-file --colt5-to-plan --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @widened
// CHECK: linalg.generic {{.*}}"reduction"]{{.*}}kernel = 5, role = root, schedule = #colt5.loops<tile = [4, 8, 0]
func.func @widened(%a: tensor<64x64xbf16>, %c: tensor<64x64xbf16>) -> tensor<64x64xbf16> {
  %0 = linalg.matmul {colt5.plan = #colt5.plan<kernel = 5, role = root, schedule = #colt5.tiles<[4, 8, 0]>>}
      ins(%a, %a : tensor<64x64xbf16>, tensor<64x64xbf16>) outs(%c : tensor<64x64xbf16>) -> tensor<64x64xbf16>
  return %0 : tensor<64x64xbf16>
}

// -----

#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>
// CHECK-LABEL: func.func @raised
// CHECK: colt5.gather {{.*}}colt5.part = "rows", colt5.plan = #colt5.plan<kernel = 5, role = root, schedule = #colt5.loops<tile = [2, 0]
func.func @raised(%x: tensor<16x8xf32>, %i: tensor<4xi32>) -> tensor<4x8xf32> {
  %e = tensor.empty() : tensor<4x8xf32>
  %0 = linalg.generic {indexing_maps = [#row, #id], iterator_types = ["parallel", "parallel"]} ins(%i : tensor<4xi32>) outs(%e : tensor<4x8xf32>)
      attrs = {colt5.part = "rows", colt5.plan = #colt5.plan<kernel = 5, role = root, schedule = #colt5.tiles<[2, 0]>>} {
  ^bb0(%k: i32, %o: f32):
    %r = arith.index_cast %k : i32 to index
    %d = linalg.index 1 : index
    %v = tensor.extract %x[%r, %d] : tensor<16x8xf32>
    linalg.yield %v : f32
  } -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// -----

func.func @routes(%y: tensor<1x2x4x8xbf16>, %i: tensor<1x2x4xi32>, %b: tensor<1x16x8xbf16>) -> tensor<1x16x8xbf16> {
  // expected-error @below {{'colt5.scatter_combine' op expected no plan, because its routes are added one by one in f32; remove it, or scatter one route each}}
  %0 = colt5.scatter_combine ins(%y, %i : tensor<1x2x4x8xbf16>, tensor<1x2x4xi32>) outs(%b : tensor<1x16x8xbf16>)
      {colt5.plan = #colt5.plan<kernel = 5, role = root, schedule = #colt5.tiles<[1, 0, 0, 4]>>} -> tensor<1x16x8xbf16>
  return %0 : tensor<1x16x8xbf16>
}

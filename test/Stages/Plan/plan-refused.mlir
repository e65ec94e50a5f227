// What a plan or an option asks for and nothing can honour is an error, not a kernel of another kind.
// RUN: colt5-opt %s --split-input-file --colt5-set-machine=name=sm_90a --colt5-plan --verify-diagnostics

func.func @loops(%a: tensor<64x64xf32>, %c: tensor<64x64xf32>) -> tensor<64x64xf32> {
  // expected-error @below {{'linalg.matmul' op expected a plan with a schedule #colt5.mma_sync or #colt5.select or #colt5.simt for sm_90a, found #colt5.loops<block_k = 64>, which does not belong to this machine; give tile sizes alone as #colt5.tiles<[...]>, or leave the schedule out}}
  %0 = linalg.matmul {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.loops<block_k = 64>>}
      ins(%a, %a : tensor<64x64xf32>, tensor<64x64xf32>) outs(%c : tensor<64x64xf32>) -> tensor<64x64xf32>
  return %0 : tensor<64x64xf32>
}

// -----

func.func @too_few_sizes(%x: tensor<17x8xf32>) -> tensor<17x8xf32> {
  // expected-error @below {{'linalg.exp' op expected 2 tile sizes in its plan, one per loop (0 leaves it whole), found 1: [4]}}
  %0 = linalg.exp {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.tiles<[4]>>} ins(%x : tensor<17x8xf32>) outs(%x : tensor<17x8xf32>) -> tensor<17x8xf32>
  return %0 : tensor<17x8xf32>
}

// -----

func.func @too_many_sizes(%x: tensor<17x8xf32>) -> tensor<17x8xf32> {
  // expected-error @below {{expected 2 tile sizes in its plan, one per loop (0 leaves it whole), found 3: [4, 4, 0]}}
  %0 = linalg.exp {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.tiles<[4, 4, 0]>>} ins(%x : tensor<17x8xf32>) outs(%x : tensor<17x8xf32>) -> tensor<17x8xf32>
  return %0 : tensor<17x8xf32>
}

// -----

func.func @select_of_a_sum(%x: tensor<17xf32>) -> tensor<17xf32> {
  // expected-error @below {{'linalg.exp' op is planned for family select, which does not take its kernel: expected colt5.topk or colt5.soft_topk; leave the schedule out and colt5-plan chooses one}}
  %0 = linalg.exp {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>} ins(%x : tensor<17xf32>) outs(%x : tensor<17xf32>) -> tensor<17xf32>
  return %0 : tensor<17xf32>
}

// -----

func.func @select_of_two_rows(%s: tensor<4x1x8xf32>, %k: f32, %w: tensor<4x1x8xf32>) -> tensor<4x1x8xf32> {
  // expected-error @below {{'colt5.soft_topk' op is planned for family select, which does not take its kernel: expected a tile size of 0 or 1 for loop 0, found 2}}
  %0 = colt5.soft_topk ins(%s, %k : tensor<4x1x8xf32>, f32) outs(%w : tensor<4x1x8xf32>)
      {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select<tile = [2, 1]>>} -> tensor<4x1x8xf32>
  return %0 : tensor<4x1x8xf32>
}

// -----

func.func @select_with_more(%s: tensor<4x1x8xf32>, %k: f32, %w: tensor<4x1x8xf32>) -> tensor<4x1x8xf32> {
  %0 = linalg.exp {colt5.plan = #colt5.plan<kernel = 0, role = fused>} ins(%s : tensor<4x1x8xf32>) outs(%w : tensor<4x1x8xf32>) -> tensor<4x1x8xf32>
  // expected-error @below {{which does not take its kernel: expected no op fused into the kernel}}
  %1 = colt5.soft_topk ins(%0, %k : tensor<4x1x8xf32>, f32) outs(%w : tensor<4x1x8xf32>)
      {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select<tile = [1, 1]>>} -> tensor<4x1x8xf32>
  return %1 : tensor<4x1x8xf32>
}

// -----

func.func @plan_of_a_composite(%x: tensor<3x8xf32>, %a: tensor<8x8xf32>) -> tensor<3x8xf32> {
  // expected-error @below {{'colt5.ffn' op is a composite op, which stage decompose replaces by several ops, so that nothing reads its plan}}
  %0 = colt5.ffn %x in(%a) out(%a) {colt5.plan = #colt5.plan<kernel = 0, role = root>} : tensor<3x8xf32>, tensor<8x8xf32>, tensor<8x8xf32> -> tensor<3x8xf32>
  return %0 : tensor<3x8xf32>
}

// What the user says of a schedule stays, what is left out is chosen: the numbers that the anchor of the kernel reads.
// RUN: colt5-opt %s --colt5-set-machine=name=sm_80 --colt5-plan | FileCheck %s
// RUN: sed 's/#colt5.select<threads = 512>/#colt5.tiles<[1, 1]>/; s/#colt5.simt<[^>]*>/#colt5.loops<block_k = 64>/' %s \
// RUN:   | colt5-opt --colt5-plan | FileCheck %s --check-prefix=CPU
// RUN: sed 's/#colt5.select<threads = 512>/#colt5.tiles<[1, 1]>/; s/#colt5.simt<[^>]*>/#colt5.loops<block_k = 512>/' %s \
// RUN:   | not colt5-opt --colt5-plan 2>&1 | FileCheck %s --check-prefix=STACK
// RUN: sed 's/#colt5.select<threads = 512>/#colt5.tiles<[1, 1]>/; s/#colt5.simt<[^>]*>/#colt5.loops<block_columns = 128>/' %s \
// RUN:   | not colt5-opt --colt5-plan 2>&1 | FileCheck %s --check-prefix=COLUMNS
// What no code of the kernel would read is refused.
// RUN: sed 's/block_rows = 32/query_block = 32/' %s | not colt5-opt --colt5-set-machine=name=sm_80 --colt5-plan 2>&1 \
// RUN:   | FileCheck %s --check-prefix=UNREAD
// RUN: sed 's/#colt5.select<threads = 512>/#colt5.tiles<[1, 1]>/; s/#colt5.simt<[^>]*>/#colt5.loops<key_block = 32>/' %s \
// RUN:   | not colt5-opt --colt5-plan 2>&1 | FileCheck %s --check-prefix=UNREAD-CPU

// CHECK-LABEL: func.func @numbers
// CHECK: colt5.soft_topk {{.*}}schedule = #colt5.select<tile = [1, 1], threads = 512>
// CHECK: linalg.matmul {{.*}}schedule = #colt5.simt<tile = [32, 32, 0], threads = 128, block_rows = 32, block_columns = 128, block_k = 16>
// CHECK: linalg.exp {{.*}}schedule = #colt5.simt<tile = [{{[0-9, ]+}}], threads = 256>
// CHECK: colt5.attention {{.*}}schedule = #colt5.simt<tile = [1, 1, 64], threads = 256, query_block = 64, key_block = 32, head_chunk = 64>

// CPU-LABEL: func.func @numbers
// CPU: colt5.soft_topk {{.*}}schedule = #colt5.loops<tile = [1, 1]>
// CPU: linalg.matmul {{.*}}schedule = #colt5.loops<tile = [{{[0-9, ]+}}], block_rows = 264, block_columns = 64, block_k = 64>
// CPU: linalg.exp {{.*}}schedule = #colt5.loops<tile = [{{[0-9, ]+}}]>
// CPU: colt5.attention {{.*}}schedule = #colt5.loops<tile = [1, 1, 64], query_block = 256, key_block = 64, head_chunk = 128>

// STACK: error: 'linalg.matmul' op is planned for family loops, which does not take its kernel: block_rows x block_k is 135168, more than the 67584 elements that fit the stack of a task; leave the schedule out and colt5-plan chooses one
// UNREAD: error: 'linalg.matmul' op is planned for family simt, which does not take its kernel: expected no query_block in the schedule of a kernel that does not read it, found 32
// UNREAD-CPU: error: 'linalg.matmul' op is planned for family loops, which does not take its kernel: expected no key_block in the schedule of a kernel that does not read it, found 32
// COLUMNS: error: {{.*}}block_columns x block_k is 32768, more than the 16384 elements that fit the stack of a task
func.func @numbers(%s: tensor<4x3x8xf32>, %k: f32, %w: tensor<4x3x8xf32>, %a: tensor<64x64xf32>, %c: tensor<64x64xf32>,
                   %q: tensor<1x2x128x64xf32>) -> (tensor<4x3x8xf32>, tensor<64x64xf32>, tensor<64x64xf32>, tensor<1x2x128x64xf32>) {
  %0 = colt5.soft_topk ins(%s, %k : tensor<4x3x8xf32>, f32) outs(%w : tensor<4x3x8xf32>)
      {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select<threads = 512>>} -> tensor<4x3x8xf32>
  %1 = linalg.matmul {colt5.plan = #colt5.plan<kernel = 1, role = root, schedule = #colt5.simt<tile = [32, 32, 0], threads = 128, block_rows = 32>>}
      ins(%a, %a : tensor<64x64xf32>, tensor<64x64xf32>) outs(%c : tensor<64x64xf32>) -> tensor<64x64xf32>
  %2 = linalg.exp ins(%a : tensor<64x64xf32>) outs(%c : tensor<64x64xf32>) -> tensor<64x64xf32>
  %3 = colt5.attention ins(%q, %q, %q : tensor<1x2x128x64xf32>, tensor<1x2x128x64xf32>, tensor<1x2x128x64xf32>)
      outs(%q : tensor<1x2x128x64xf32>) -> tensor<1x2x128x64xf32>
  return %0, %1, %2, %3 : tensor<4x3x8xf32>, tensor<64x64xf32>, tensor<64x64xf32>, tensor<1x2x128x64xf32>
}

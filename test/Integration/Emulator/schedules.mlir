// Schedules with other numbers than the chosen ones compute the same: contractions, attention, selection.
// DEFINE: %{product} = 
// DEFINE: %{attention} = 
// DEFINE: %{chip} = sm_80
// DEFINE: %{run} = sed 's/#colt5.tiles<.16, 16, 0.>/#colt5.simt<%{product}>/; s/#colt5.tiles<.1, 1, 24.>/#colt5.simt<%{attention}>/' %s \
// DEFINE:   | colt5-run - --backend=emulator --chip=%{chip} --compare=reference --quiet
// DEFINE: %{all} = %{run} --entry=product --input=random:seed=1 --input=random:seed=2 && \
// DEFINE:   %{run} --entry=attention --input=random:seed=3,shape=1x2x37x40 --input=random:seed=4,shape=1x2x53x40
// REDEFINE: %{product} = threads = 64, block_rows = 8, block_columns = 16, block_k = 32
// REDEFINE: %{attention} = threads = 64, query_block = 8, key_block = 16, head_chunk = 16
// RUN: %{all}
// REDEFINE: %{product} = threads = 512, block_rows = 64, block_columns = 4, block_k = 8
// REDEFINE: %{attention} = threads = 512, query_block = 128, key_block = 64, head_chunk = 48
// RUN: %{all}
// REDEFINE: %{chip} = sm_90a
// REDEFINE: %{product} = threads = 32, block_columns = 8
// REDEFINE: %{attention} = threads = 32
// RUN: %{all}

// A block has as many threads as its schedule says.
// RUN: sed 's/#colt5.tiles<.16, 16, 0.>/#colt5.simt<threads = 64>/' %s | colt5-compile - --target=sm_80 --stop-stage=gpu -o - \
// RUN:   | FileCheck %s --implicit-check-not=known_block_size
// CHECK: gpu.func {{.*}}known_block_size = array<i32: 64, 1, 1>
// CHECK: gpu.func {{.*}}known_block_size = array<i32: 256, 1, 1>
// CHECK: gpu.func {{.*}}known_block_size = array<i32: 128, 1, 1>
// RUN: colt5-run %s --backend=emulator --entry=selection --input=random:seed=5 --compare=reference --quiet
func.func @product(%a: tensor<37x65xf32>, %b: tensor<65x50xf32>) -> tensor<37x50xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<37x50xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<37x50xf32>) -> tensor<37x50xf32>
  %0 = linalg.matmul {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.tiles<[16, 16, 0]>>}
      ins(%a, %b : tensor<37x65xf32>, tensor<65x50xf32>) outs(%f : tensor<37x50xf32>) -> tensor<37x50xf32>
  return %0 : tensor<37x50xf32>
}

func.func @attention(%q: tensor<1x2x?x?xf32>, %k: tensor<1x2x?x?xf32>) -> tensor<1x2x?x?xf32> {
  %0 = colt5.attention ins(%q, %k, %k : tensor<1x2x?x?xf32>, tensor<1x2x?x?xf32>, tensor<1x2x?x?xf32>)
      outs(%q : tensor<1x2x?x?xf32>)
      {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.tiles<[1, 1, 24]>>} -> tensor<1x2x?x?xf32>
  return %0 : tensor<1x2x?x?xf32>
}

func.func @selection(%s: tensor<2x1x700xf32>) -> (tensor<2x1x9xi32>, tensor<2x1x9xi1>) {
  %i = tensor.empty() : tensor<2x1x9xi32>
  %v = tensor.empty() : tensor<2x1x9xi1>
  %0:2 = colt5.topk ins(%s : tensor<2x1x700xf32>) outs(%i, %v : tensor<2x1x9xi32>, tensor<2x1x9xi1>)
      {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select<threads = 128>>} -> (tensor<2x1x9xi32>, tensor<2x1x9xi1>)
  return %0#0, %0#1 : tensor<2x1x9xi32>, tensor<2x1x9xi1>
}

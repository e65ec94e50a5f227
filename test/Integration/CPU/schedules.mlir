// Schedules with other numbers than the chosen ones compute the same.
// REQUIRES: x86
// DEFINE: %{product} = 
// DEFINE: %{attention} = 
// DEFINE: %{run} = sed 's/#colt5.tiles<.16, 16, 0.>/#colt5.loops<%{product}>/; s/#colt5.tiles<.1, 1, 24.>/#colt5.loops<%{attention}>/' %s \
// DEFINE:   | colt5-run - --backend=cpu --compare=reference --quiet
// DEFINE: %{all} = %{run} --entry=product --input=random:seed=1 --input=random:seed=2 && \
// DEFINE:   %{run} --entry=attention --input=random:seed=3,shape=1x2x37x40 --input=random:seed=4,shape=1x2x53x40
// REDEFINE: %{product} = block_rows = 1, block_columns = 1, block_k = 4
// REDEFINE: %{attention} = query_block = 1, key_block = 1, head_chunk = 1
// RUN: %{all}
// REDEFINE: %{product} = block_rows = 20, block_columns = 500, block_k = 32
// REDEFINE: %{attention} = query_block = 40, key_block = 17, head_chunk = 23
// RUN: %{all}
// REDEFINE: %{product} = block_k = 64
// REDEFINE: %{attention} = key_block = 256, head_chunk = 256, query_block = 4096
// RUN: %{all}
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

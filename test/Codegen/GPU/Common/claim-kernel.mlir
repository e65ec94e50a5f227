// How the ops of a kernel become the region of a colt5.kernel, whatever the family: operands, outs, what is copied. The
// programs mean the same in the reference, and their buffers are verified.
// DEFINE: %{claim} = colt5-opt %s --load-pass-plugin=%colt5_build/lib/colt5-test-claim.so --pass-pipeline
// RUN: %{claim}='builtin.module(colt5-claim-kernels,colt5-test-claim)' -o %t.mlir
// RUN: FileCheck %s < %t.mlir
// RUN: %{claim}='builtin.module(colt5-test-claim{scratch=true},colt5-bufferize)' | FileCheck %s --check-prefix=BUFFER
// RUN: rm -rf %t && mkdir %t
// RUN: colt5-run %s --entry=epilogue --backend=reference --output-dir=%t/e --input=random:seed=1 --input=random:seed=2 --input=random:seed=3
// RUN: colt5-run %t.mlir --entry=epilogue --backend=reference --compare=%t/e --input=random:seed=1 --input=random:seed=2 --input=random:seed=3
// RUN: colt5-run %s --entry=dynamic --backend=reference --output-dir=%t/d --input=random:seed=4,shape=5x7
// RUN: colt5-run %t.mlir --entry=dynamic --backend=reference --compare=%t/d --input=random:seed=4,shape=5x7

#root = #colt5.plan<kernel = 0, role = root, schedule = #colt5.simt<tile = [0, 0]>>
#fused = #colt5.plan<kernel = 0, role = fused>
#product = #colt5.plan<kernel = 0, role = fused>

// The product stays inside with the memory that it starts from; its fill is an operand of nothing outside. The bias is read
// where the root writes. The constant that the body uses is copied, that of the fill is an input.
// CHECK-LABEL: func.func @epilogue(
// CHECK-SAME: %[[A:[^ :,]*]]: tensor<8x16xf32>, %[[B:[^ :,]*]]: tensor<16x4xf32>, %[[BIAS:[^ :,]*]]: tensor<8x4xf32>
// CHECK: %[[ZERO:.*]] = arith.constant 0.0
// CHECK: %[[R:.*]] = colt5.kernel #colt5.plan<kernel = 0, role = root, schedule = #colt5.simt<tile = [0, 0]>> ins(%[[ZERO]], %[[A]], %[[B]] : f32, tensor<8x16xf32>, tensor<16x4xf32>) outs(%[[BIAS]] : tensor<8x4xf32>) {
// CHECK-NEXT: ^bb0(%[[Z:.*]]: f32, %[[X:.*]]: tensor<8x16xf32>, %[[Y:.*]]: tensor<16x4xf32>, %[[OUT:.*]]: tensor<8x4xf32>):
// CHECK-DAG: %[[EMPTY:.*]] = tensor.empty() : tensor<8x4xf32>
// CHECK-DAG: %[[TWO:.*]] = arith.constant 2.0
// CHECK: %[[FILL:.*]] = linalg.fill ins(%[[Z]] : f32) outs(%[[EMPTY]] :
// CHECK: %[[PRODUCT:.*]] = linalg.matmul ins(%[[X]], %[[Y]] : {{.*}}) outs(%[[FILL]] :
// CHECK: %[[SUM:.*]] = linalg.generic {{.*}} ins(%[[PRODUCT]] : tensor<8x4xf32>) outs(%[[OUT]] :
// CHECK: arith.mulf %{{.*}}, %[[TWO]]
// CHECK: colt5.yield %[[SUM]] : tensor<8x4xf32>
// CHECK: return %[[R]]
// BUFFER-LABEL: func.func @epilogue(
// BUFFER: colt5.kernel {{.*}} outs(%{{.*}}, %{{.*}} : memref<8x4xf32>, memref<8x4xf32>)
func.func @epilogue(%a: tensor<8x16xf32>, %b: tensor<16x4xf32>, %bias: tensor<8x4xf32> {bufferization.writable = true}) -> tensor<8x4xf32> {
  %zero = arith.constant 0.0 : f32
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<8x4xf32>
  %f = linalg.fill {colt5.plan = #fused} ins(%zero : f32) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
  %p = linalg.matmul {colt5.plan = #product} ins(%a, %b : tensor<8x16xf32>, tensor<16x4xf32>) outs(%f : tensor<8x4xf32>) -> tensor<8x4xf32>
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%p : tensor<8x4xf32>) outs(%bias : tensor<8x4xf32>) attrs = {colt5.plan = #root} {
  ^bb0(%x: f32, %y: f32):
    %0 = arith.mulf %x, %two : f32
    %1 = arith.addf %0, %y : f32
    linalg.yield %1 : f32
  } -> tensor<8x4xf32>
  return %r : tensor<8x4xf32>
}

// Two results: that of the root, and the other one that is used after it. Both start from one undefined tensor, of which
// each gets a copy; the size of a result is that of its destination.
// CHECK-LABEL: func.func @dynamic(
// CHECK: %[[N:.*]] = tensor.dim
// CHECK: %[[E:.*]] = tensor.empty(%[[N]]) : tensor<?x7xf32>
// CHECK: %[[M:.*]] = tensor.dim %[[E]]
// CHECK: %[[E0:.*]] = tensor.empty(%[[N]]) : tensor<?x7xf32>
// CHECK: %[[E1:.*]] = tensor.empty(%[[N]]) : tensor<?x7xf32>
// CHECK: %[[R:.*]]:2 = colt5.kernel {{.*}} ins(%{{.*}} : tensor<?x7xf32>) outs(%[[E0]], %[[E1]] : tensor<?x7xf32>, tensor<?x7xf32>)
// CHECK: colt5.yield
// CHECK: } -> (tensor<?x7xf32>, tensor<?x7xf32>)
// CHECK: return %[[R]]#0, %[[R]]#1, %[[M]]
// BUFFER-LABEL: func.func @dynamic(
// BUFFER: colt5.kernel
func.func @dynamic(%x: tensor<?x7xf32>) -> (tensor<?x7xf32>, tensor<?x7xf32>, index) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x7xf32>
  %e = tensor.empty(%n) : tensor<?x7xf32>
  %0 = linalg.exp {colt5.plan = #fused} ins(%x : tensor<?x7xf32>) outs(%e : tensor<?x7xf32>) -> tensor<?x7xf32>
  %m = tensor.dim %0, %c0 : tensor<?x7xf32>
  %1 = linalg.abs {colt5.plan = #root} ins(%0 : tensor<?x7xf32>) outs(%e : tensor<?x7xf32>) -> tensor<?x7xf32>
  return %1, %0, %m : tensor<?x7xf32>, tensor<?x7xf32>, index
}

// The size of a temporary is an input; ops in branches and loops are claimed where they are.
// CHECK-LABEL: func.func @branch(
// CHECK: scf.if
// CHECK: colt5.kernel {{.*}} ins(%{{.*}}, %[[N:.*]] : tensor<?xf32>, index) outs(
// CHECK: tensor.empty(%{{.*}}) : tensor<?xf32>
// CHECK: colt5.yield
// CHECK: scf.yield
// BUFFER-LABEL: func.func @branch(
func.func @branch(%x: tensor<?xf32>, %c: i1) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?xf32>
  %e = tensor.empty(%n) : tensor<?xf32>
  %r = scf.if %c -> tensor<?xf32> {
    %t = tensor.empty(%n) : tensor<?xf32>
    %0 = linalg.exp {colt5.plan = #fused} ins(%x : tensor<?xf32>) outs(%t : tensor<?xf32>) -> tensor<?xf32>
    %1 = linalg.abs {colt5.plan = #root} ins(%0 : tensor<?xf32>) outs(%e : tensor<?xf32>) -> tensor<?xf32>
    scf.yield %1 : tensor<?xf32>
  } else {
    %f = arith.constant 1.0 : f32
    %0 = linalg.fill {colt5.plan = #colt5.plan<kernel = 1, role = root>} ins(%f : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
    scf.yield %0 : tensor<?xf32>
  }
  return %r : tensor<?xf32>
}

// Selections that the family select does not take, or that stand where no plan reaches them.
// DEFINE: %{chip} = sm_80
// DEFINE: %{run} = colt5-run %s --backend=emulator --chip=%{chip} --compare=reference --quiet
// DEFINE: %{all} = %{run} --entry=tiles --input=random:seed=1,shape=3x2x41 --input=random:seed=2,shape=3x41 && \
// DEFINE:   %{run} --entry=tiles --input=random:seed=1,shape=1x1x3 --input=zeros:shape=1x3 && \
// DEFINE:   %{run} --entry=fused --input=random:seed=3 --input=value=4 && \
// DEFINE:   %{run} --entry=in_loop --input=random:seed=4 --input=value=3 && \
// DEFINE:   %{run} --entry=in_branch --input=random:seed=5 --input=value=3.5 --input=value=1 && \
// DEFINE:   %{run} --entry=in_branch --input=random:seed=5 --input=value=3.5 --input=value=0 && \
// DEFINE:   %{run} --entry=in_kernel --input=random:seed=6,shape=2x1x37 --input=random:seed=7,shape=2x37 --input=value=5
// RUN: %{all}
// REDEFINE: %{chip} = sm_90a
// RUN: %{all}

// RUN: colt5-compile %s --target=sm_80 --stop-stage=tile | FileCheck %s
// CHECK-LABEL: func.func @tiles
// CHECK: scf.forall
// CHECK: colt5.topk
// CHECK-LABEL: func.func @fused
// CHECK: linalg.exp
// CHECK: colt5.soft_topk
// CHECK-LABEL: func.func @in_loop
// CHECK: scf.for
// CHECK: colt5.kernel
// CHECK-LABEL: func.func @in_branch
// CHECK-LABEL: func.func @in_kernel
// CHECK: scf.forall
// CHECK: colt5.topk
// CHECK: colt5.soft_topk

// Two rows in a block, with dynamic sizes.
func.func @tiles(%s: tensor<?x?x?xf32>, %m: tensor<?x?xi1>) -> (tensor<?x?x7xi32>, tensor<?x?x7xi1>, tensor<?x?x7xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %b = tensor.dim %s, %c0 : tensor<?x?x?xf32>
  %r = tensor.dim %s, %c1 : tensor<?x?x?xf32>
  %i = tensor.empty(%b, %r) : tensor<?x?x7xi32>
  %v = tensor.empty(%b, %r) : tensor<?x?x7xi1>
  %w = tensor.empty(%b, %r) : tensor<?x?x7xf32>
  %t:3 = colt5.topk ins(%s : tensor<?x?x?xf32>) mask(%m : tensor<?x?xi1>) outs(%i, %v, %w : tensor<?x?x7xi32>, tensor<?x?x7xi1>, tensor<?x?x7xf32>)
      {order = score, colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.tiles<[2, 0]>>} -> (tensor<?x?x7xi32>, tensor<?x?x7xi1>, tensor<?x?x7xf32>)
  return %t#0, %t#1, %t#2 : tensor<?x?x7xi32>, tensor<?x?x7xi1>, tensor<?x?x7xf32>
}

// What the selection reads is made in its own kernel.
func.func @fused(%s: tensor<3x2x29xf32>, %k: f32) -> tensor<3x2x29xf32> {
  %e = tensor.empty() : tensor<3x2x29xf32>
  %0 = linalg.exp {colt5.plan = #colt5.plan<kernel = 0, role = fused>} ins(%s : tensor<3x2x29xf32>) outs(%e : tensor<3x2x29xf32>) -> tensor<3x2x29xf32>
  %1 = colt5.soft_topk ins(%0, %k : tensor<3x2x29xf32>, f32) outs(%e : tensor<3x2x29xf32>)
      {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.tiles<[1, 1]>>, iterations = 7} -> tensor<3x2x29xf32>
  return %1 : tensor<3x2x29xf32>
}

func.func @in_loop(%s: tensor<1x2x33xf32>, %n: index) -> tensor<1x2x33xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %k = arith.constant 4.0 : f32
  %r = scf.for %j = %c0 to %n step %c1 iter_args(%x = %s) -> tensor<1x2x33xf32> {
    %e = tensor.empty() : tensor<1x2x33xf32>
    %w = colt5.soft_topk ins(%x, %k : tensor<1x2x33xf32>, f32) outs(%e : tensor<1x2x33xf32>) {iterations = 5} -> tensor<1x2x33xf32>
    %y = linalg.add ins(%x, %w : tensor<1x2x33xf32>, tensor<1x2x33xf32>) outs(%e : tensor<1x2x33xf32>) -> tensor<1x2x33xf32>
    scf.yield %y : tensor<1x2x33xf32>
  }
  return %r : tensor<1x2x33xf32>
}

func.func @in_branch(%s: tensor<2x1x33xf32>, %k: f32, %p: i1) -> (tensor<2x1x9xi32>, tensor<2x1x33xf32>) {
  %i = tensor.empty() : tensor<2x1x9xi32>
  %v = tensor.empty() : tensor<2x1x9xi1>
  %e = tensor.empty() : tensor<2x1x33xf32>
  %r:2 = scf.if %p -> (tensor<2x1x9xi32>, tensor<2x1x33xf32>) {
    %t:2 = colt5.topk ins(%s : tensor<2x1x33xf32>) outs(%i, %v : tensor<2x1x9xi32>, tensor<2x1x9xi1>) -> (tensor<2x1x9xi32>, tensor<2x1x9xi1>)
    scf.yield %t#0, %s : tensor<2x1x9xi32>, tensor<2x1x33xf32>
  } else {
    %c7 = arith.constant 7 : i32
    %f = linalg.fill ins(%c7 : i32) outs(%i : tensor<2x1x9xi32>) -> tensor<2x1x9xi32>
    %w = colt5.soft_topk ins(%s, %k : tensor<2x1x33xf32>, f32) outs(%e : tensor<2x1x33xf32>) {solver = exact} -> tensor<2x1x33xf32>
    scf.yield %f, %w : tensor<2x1x9xi32>, tensor<2x1x33xf32>
  }
  return %r#0, %r#1 : tensor<2x1x9xi32>, tensor<2x1x33xf32>
}

// A kernel that the user wrote as a loop: both selections, and one after the other from the same row.
func.func @in_kernel(%s: tensor<2x1x37xf32>, %m: tensor<2x37xi1>, %k: f32) -> (tensor<2x1x40xi32>, tensor<2x1x37xf32>) {
  %i = tensor.empty() : tensor<2x1x40xi32>
  %w = tensor.empty() : tensor<2x1x37xf32>
  %r:2 = scf.forall (%b) in (2) shared_outs(%oi = %i, %ow = %w) -> (tensor<2x1x40xi32>, tensor<2x1x37xf32>) {
    %row = tensor.extract_slice %s[%b, 0, 0] [1, 1, 37] [1, 1, 1] : tensor<2x1x37xf32> to tensor<1x1x37xf32>
    %mask = tensor.extract_slice %m[%b, 0] [1, 37] [1, 1] : tensor<2x37xi1> to tensor<1x37xi1>
    %toi = tensor.extract_slice %oi[%b, 0, 0] [1, 1, 40] [1, 1, 1] : tensor<2x1x40xi32> to tensor<1x1x40xi32>
    %tow = tensor.extract_slice %ow[%b, 0, 0] [1, 1, 37] [1, 1, 1] : tensor<2x1x37xf32> to tensor<1x1x37xf32>
    %valid = tensor.empty() : tensor<1x1x40xi1>
    %t:2 = colt5.topk ins(%row : tensor<1x1x37xf32>) mask(%mask : tensor<1x37xi1>) outs(%toi, %valid : tensor<1x1x40xi32>, tensor<1x1x40xi1>)
        {tie = highest_index} -> (tensor<1x1x40xi32>, tensor<1x1x40xi1>)
    %f = colt5.soft_topk ins(%row, %k : tensor<1x1x37xf32>, f32) mask(%mask : tensor<1x37xi1>) outs(%tow : tensor<1x1x37xf32>) {iterations = 6} -> tensor<1x1x37xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %t#0 into %oi[%b, 0, 0] [1, 1, 40] [1, 1, 1] : tensor<1x1x40xi32> into tensor<2x1x40xi32>
      tensor.parallel_insert_slice %f into %ow[%b, 0, 0] [1, 1, 37] [1, 1, 1] : tensor<1x1x37xf32> into tensor<2x1x37xf32>
    }
  } {mapping = [#colt5.tile<0>]}
  return %r#0, %r#1 : tensor<2x1x40xi32>, tensor<2x1x37xf32>
}

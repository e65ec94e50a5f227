// RUN: colt5-opt %s --split-input-file --verify-diagnostics

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
func.func @kernel_c1_number(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{kernel_c1: expected one region argument per operand, 2, found 1}}
  %r = colt5.kernel #plan ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) {
  ^bb0(%a: tensor<4xf32>):
    colt5.yield %a : tensor<4xf32>
  } -> (tensor<4xf32>)
  return %r : tensor<4xf32>
}

// -----

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
func.func @kernel_c1_element(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{kernel_c1: expected region argument #0 to stand for an operand of type 'tensor<4xf32>', found type 'tensor<4xf16>'}}
  %r = colt5.kernel #plan ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) {
  ^bb0(%a: tensor<4xf16>, %b: tensor<4xf32>):
    colt5.yield %b : tensor<4xf32>
  } -> (tensor<4xf32>)
  return %r : tensor<4xf32>
}

// -----

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
func.func @kernel_c1_size(%x: memref<4xf32>) {
  // expected-error @below {{kernel_c1: expected region argument #0 to stand for an operand of type 'memref<4xf32>', found type 'tensor<5xf32>'}}
  colt5.kernel #plan outs(%x : memref<4xf32>) {
  ^bb0(%a: tensor<5xf32>):
    colt5.yield %a : tensor<5xf32>
  }
  return
}

// -----

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
func.func @kernel_c1_scalar(%x: memref<4xf32>, %n: index) {
  // expected-error @below {{kernel_c1: expected region argument #0 to stand for an operand of type 'index', found type 'i32'}}
  colt5.kernel #plan ins(%n : index) outs(%x : memref<4xf32>) {
  ^bb0(%m: i32, %a: tensor<4xf32>):
    colt5.yield %a : tensor<4xf32>
  }
  return
}

// -----

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
func.func @kernel_c2_both(%x: memref<4xf32>, %y: tensor<4xf32>) {
  // expected-error @below {{kernel_c2: expected all shaped operands to be tensors or all to be memrefs, found both}}
  colt5.kernel #plan ins(%y : tensor<4xf32>) outs(%x : memref<4xf32>) {
  ^bb0(%b: tensor<4xf32>, %a: tensor<4xf32>):
    colt5.yield %b : tensor<4xf32>
  }
  return
}

// -----

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
func.func @kernel_c2_results(%x: tensor<4xf32>) {
  // expected-error @below {{kernel_c2: expected the results to be the tensors of outs ('tensor<4xf32>'), found ()}}
  colt5.kernel #plan outs(%x : tensor<4xf32>) {
  ^bb0(%a: tensor<4xf32>):
    colt5.yield %a : tensor<4xf32>
  }
  return
}

// -----

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
func.func @kernel_c3_none(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{kernel_c3: expected the region to yield 1 to 1 values, at most one per out, found 0}}
  %r = colt5.kernel #plan outs(%x : tensor<4xf32>) {
  ^bb0(%a: tensor<4xf32>):
    colt5.yield
  } -> (tensor<4xf32>)
  return %r : tensor<4xf32>
}

// -----

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
func.func @kernel_c3_type(%x: tensor<?xf32>, %y: tensor<4xf32>) -> tensor<?xf32> {
  // expected-error @below {{kernel_c3: expected yielded value #0 to have the type of the argument of its out, 'tensor<?xf32>', found 'tensor<4xf32>'}}
  %r = colt5.kernel #plan ins(%y : tensor<4xf32>) outs(%x : tensor<?xf32>) {
  ^bb0(%b: tensor<4xf32>, %a: tensor<?xf32>):
    colt5.yield %b : tensor<4xf32>
  } -> (tensor<?xf32>)
  return %r : tensor<?xf32>
}

// -----

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
func.func @kernel_c3_end(%x: memref<4xf32>) {
  // expected-error @below {{kernel_c3: expected the region to end in colt5.yield, found llvm.unreachable}}
  colt5.kernel #plan outs(%x : memref<4xf32>) {
  ^bb0(%a: tensor<4xf32>):
    "llvm.unreachable"() : () -> ()
  }
  return
}

// -----

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
func.func @kernel_c4_argument(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{kernel_c4: expected no use in the region of out #1: it is scratch because the region yields no value for it, found one}}
  %r:2 = colt5.kernel #plan outs(%x, %y : tensor<4xf32>, tensor<4xf32>) {
  ^bb0(%a: tensor<4xf32>, %b: tensor<4xf32>):
    %0 = linalg.add ins(%a, %b : tensor<4xf32>, tensor<4xf32>) outs(%a : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  } -> (tensor<4xf32>, tensor<4xf32>)
  return %r#0 : tensor<4xf32>
}

// -----

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
func.func @kernel_c4_result(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{kernel_c4: expected no use of result #1: its out is scratch because the region yields no value for it, found one}}
  %r:2 = colt5.kernel #plan outs(%x, %y : tensor<4xf32>, tensor<4xf32>) {
  ^bb0(%a: tensor<4xf32>, %b: tensor<4xf32>):
    colt5.yield %a : tensor<4xf32>
  } -> (tensor<4xf32>, tensor<4xf32>)
  return %r#1 : tensor<4xf32>
}

// -----

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
func.func @kernel_c5(%x: memref<4xf32>) {
  // expected-error @below {{kernel_c5: expected ops on tensors and scalars in the region, found one with a memref}}
  colt5.kernel #plan outs(%x : memref<4xf32>) {
  ^bb0(%a: tensor<4xf32>):
    // expected-note @below {{this 'memref.alloc'}}
    %m = memref.alloc() : memref<4xf32>
    colt5.yield %a : tensor<4xf32>
  }
  return
}

// -----

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
func.func @isolated(%x: memref<4xf32>, %t: tensor<4xf32>) {
  // expected-note @below {{required by region isolation constraints}}
  colt5.kernel #plan outs(%x : memref<4xf32>) {
  ^bb0(%a: tensor<4xf32>):
    // expected-error @below {{op using value defined outside the region}}
    colt5.yield %t : tensor<4xf32>
  }
  return
}

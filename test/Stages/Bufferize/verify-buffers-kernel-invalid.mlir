// RUN: colt5-opt %s --split-input-file --verify-diagnostics --colt5-verify-buffers

// Faults around a colt5.kernel, one in each pair of functions.

// A kernel reads another buffer than its input.
#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
// expected-note @below {{the value is defined here}}
func.func private @kernel_input.values(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %r = colt5.kernel #plan ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) attributes {colt5.value_id = 1} {
  ^bb0(%a: tensor<4xf32>, %o: tensor<4xf32>):
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  } -> (tensor<4xf32>)
  return %r : tensor<4xf32>
}
// expected-note @below {{the buffer is this input or constant}}
func.func @kernel_input(%x: memref<4xf32>, %y: memref<4xf32>, %p: memref<4xf32>) {
  // expected-error @below {{operand #0 does not hold its value}}
  colt5.kernel #plan ins(%y : memref<4xf32>) outs(%p : memref<4xf32>) attributes {colt5.value_id = 1} {
  ^bb0(%a: tensor<4xf32>, %o: tensor<4xf32>):
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  }
  return
}

// -----

// A kernel computes something else.
#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
func.func private @kernel_work.values(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  // expected-note @below {{the value is defined here}}
  %r = colt5.kernel #plan ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) attributes {colt5.value_id = 1} {
  ^bb0(%a: tensor<4xf32>, %o: tensor<4xf32>):
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  } -> (tensor<4xf32>)
  return %r : tensor<4xf32>
}
func.func @kernel_work(%x: memref<4xf32>, %p: memref<4xf32>) {
  // expected-note @below {{the buffer was written last by this 'colt5.kernel'}}
  colt5.kernel #plan ins(%x : memref<4xf32>) outs(%p : memref<4xf32>) attributes {colt5.value_id = 1} {
  ^bb0(%a: tensor<4xf32>, %o: tensor<4xf32>):
    %0 = linalg.abs ins(%a : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  }
  // expected-error @below {{result #0 does not hold its value}}
  return
}

// -----

// A kernel is gone.
#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
func.func private @kernel_gone.values(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  // expected-note @below {{the value is defined here}}
  %r = colt5.kernel #plan ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) attributes {colt5.value_id = 1} {
  ^bb0(%a: tensor<4xf32>, %o: tensor<4xf32>):
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  } -> (tensor<4xf32>)
  return %r : tensor<4xf32>
}
// expected-note @below {{nothing has written to the buffer}}
func.func @kernel_gone(%x: memref<4xf32>, %p: memref<4xf32>) {
  // expected-error @below {{result #0 does not hold its value}}
  return
}

// -----

// A kernel writes to the buffer that it reads.
#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
func.func private @kernel_overlap.values(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %e0 = tensor.empty() : tensor<4xf32>
  %t = colt5.kernel #plan ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) attributes {colt5.value_id = 1} {
  ^bb0(%a: tensor<4xf32>, %o: tensor<4xf32>):
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  } -> (tensor<4xf32>)
  %r = colt5.kernel #plan ins(%t : tensor<4xf32>) outs(%e0 : tensor<4xf32>) attributes {colt5.value_id = 2} {
  ^bb0(%a: tensor<4xf32>, %o: tensor<4xf32>):
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  } -> (tensor<4xf32>)
  return %r : tensor<4xf32>
}
func.func @kernel_overlap(%x: memref<4xf32>, %p: memref<4xf32>) {
  colt5.kernel #plan ins(%x : memref<4xf32>) outs(%p : memref<4xf32>) attributes {colt5.value_id = 1} {
  ^bb0(%a: tensor<4xf32>, %o: tensor<4xf32>):
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  }
  // expected-error @below {{operand #1, which it writes, overlaps operand #0}}
  colt5.kernel #plan ins(%p : memref<4xf32>) outs(%p : memref<4xf32>) attributes {colt5.value_id = 2} {
  ^bb0(%a: tensor<4xf32>, %o: tensor<4xf32>):
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  }
  return
}

// -----

// Scratch memory is the memory of an out.
#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
func.func private @kernel_scratch.values(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %e0 = tensor.empty() : tensor<4xf32>
  // expected-note @below {{the value is defined here}}
  %r:2 = colt5.kernel #plan ins(%x : tensor<4xf32>) outs(%e, %e0 : tensor<4xf32>, tensor<4xf32>) attributes {colt5.value_id = 1} {
  ^bb0(%a: tensor<4xf32>, %o: tensor<4xf32>, %s0: tensor<4xf32>):
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  } -> (tensor<4xf32>, tensor<4xf32>)
  return %r#0 : tensor<4xf32>
}
func.func @kernel_scratch(%x: memref<4xf32>, %p: memref<4xf32>) {
  // expected-note @below {{the buffer was written last by this 'colt5.kernel'}}
  // expected-error @below {{operand #1, which it writes, overlaps operand #2}}
  colt5.kernel #plan ins(%x : memref<4xf32>) outs(%p, %p : memref<4xf32>, memref<4xf32>) attributes {colt5.value_id = 1} {
  ^bb0(%a: tensor<4xf32>, %o: tensor<4xf32>, %s0: tensor<4xf32>):
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  }
  // expected-error @below {{result #0 does not hold its value}}
  return
}

// -----

// Scratch memory is that of a value that is needed later.
#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
func.func private @kernel_clobber.values(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<4xf32>
  %e0 = tensor.empty() : tensor<4xf32>
  %e1 = tensor.empty() : tensor<4xf32>
  // expected-note @below {{the value is defined here}}
  %t = linalg.abs {colt5.value_id = 1} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %r:2 = colt5.kernel #plan ins(%x : tensor<4xf32>) outs(%e0, %e1 : tensor<4xf32>, tensor<4xf32>) attributes {colt5.value_id = 2} {
  ^bb0(%a: tensor<4xf32>, %o: tensor<4xf32>, %s0: tensor<4xf32>):
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  } -> (tensor<4xf32>, tensor<4xf32>)
  return %t, %r#0 : tensor<4xf32>, tensor<4xf32>
}
func.func @kernel_clobber(%x: memref<4xf32>, %p: memref<4xf32>, %q: memref<4xf32>) {
  linalg.abs {colt5.value_id = 1} ins(%x : memref<4xf32>) outs(%p : memref<4xf32>)
  // expected-note @below {{the buffer was written last by this 'colt5.kernel'}}
  colt5.kernel #plan ins(%x : memref<4xf32>) outs(%q, %p : memref<4xf32>, memref<4xf32>) attributes {colt5.value_id = 2} {
  ^bb0(%a: tensor<4xf32>, %o: tensor<4xf32>, %s0: tensor<4xf32>):
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  }
  // expected-error @below {{result #0 does not hold its value}}
  return
}

// -----

// A kernel reads an out that has not been written.
#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
func.func private @kernel_reads_out.values(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  // expected-note @below {{the value is defined here}}
  %t = linalg.abs {colt5.value_id = 1} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %r = colt5.kernel #plan ins(%x : tensor<4xf32>) outs(%t : tensor<4xf32>) attributes {colt5.value_id = 2} {
  ^bb0(%a: tensor<4xf32>, %o: tensor<4xf32>):
    %0 = linalg.add ins(%a, %o : tensor<4xf32>, tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  } -> (tensor<4xf32>)
  return %r : tensor<4xf32>
}
// expected-note @below {{nothing has written to the buffer}}
func.func @kernel_reads_out(%x: memref<4xf32>, %p: memref<4xf32>) {
  %t = memref.alloc() : memref<4xf32>
  linalg.abs {colt5.value_id = 1} ins(%x : memref<4xf32>) outs(%t : memref<4xf32>)
  // expected-error @below {{operand #1 does not hold its value}}
  colt5.kernel #plan ins(%x : memref<4xf32>) outs(%p : memref<4xf32>) attributes {colt5.value_id = 2} {
  ^bb0(%a: tensor<4xf32>, %o: tensor<4xf32>):
    %0 = linalg.add ins(%a, %o : tensor<4xf32>, tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  }
  return
}

// -----

// A kernel writes to an input of the function.
#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
func.func private @kernel_writes_input.values(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %e0 = tensor.empty() : tensor<4xf32>
  // expected-note @below {{the value is defined here}}
  %r:2 = colt5.kernel #plan ins(%x : tensor<4xf32>) outs(%e, %e0 : tensor<4xf32>, tensor<4xf32>) attributes {colt5.value_id = 1} {
  ^bb0(%a: tensor<4xf32>, %o: tensor<4xf32>, %s0: tensor<4xf32>):
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  } -> (tensor<4xf32>, tensor<4xf32>)
  return %r#0 : tensor<4xf32>
}
// expected-note @below {{nothing has written to the buffer}}
func.func @kernel_writes_input(%x: memref<4xf32>, %y: memref<4xf32>, %p: memref<4xf32>) {
  %s = memref.alloc() : memref<4xf32>
  // expected-error @below {{it writes to an input or a constant, which must not change}}
  colt5.kernel #plan ins(%x : memref<4xf32>) outs(%y, %s : memref<4xf32>, memref<4xf32>) attributes {colt5.value_id = 1} {
  ^bb0(%a: tensor<4xf32>, %o: tensor<4xf32>, %s0: tensor<4xf32>):
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  }
  // expected-error @below {{result #0 does not hold its value}}
  return
}

// -----

// A kernel of another plan.
#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>
#other = #colt5.plan<kernel = 0, role = root, schedule = #colt5.simt>
func.func private @kernel_plan.values(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  // expected-note @below {{the value is defined here}}
  %r = colt5.kernel #plan ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) attributes {colt5.value_id = 1} {
  ^bb0(%a: tensor<4xf32>, %o: tensor<4xf32>):
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  } -> (tensor<4xf32>)
  return %r : tensor<4xf32>
}
func.func @kernel_plan(%x: memref<4xf32>, %p: memref<4xf32>) {
  // expected-note @below {{the buffer was written last by this 'colt5.kernel'}}
  colt5.kernel #other ins(%x : memref<4xf32>) outs(%p : memref<4xf32>) attributes {colt5.value_id = 1} {
  ^bb0(%a: tensor<4xf32>, %o: tensor<4xf32>):
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  }
  // expected-error @below {{result #0 does not hold its value}}
  return
}

// -----

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>

// No fault: the region may have ops in another order, and some that nothing uses.
func.func private @order.values(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %r = colt5.kernel #plan ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) attributes {colt5.value_id = 1} {
  ^bb0(%a: tensor<4xf32>, %o: tensor<4xf32>):
    %t = tensor.empty() : tensor<4xf32>
    %dead = linalg.abs ins(%a : tensor<4xf32>) outs(%t : tensor<4xf32>) -> tensor<4xf32>
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%t : tensor<4xf32>) -> tensor<4xf32>
    %1 = linalg.log ins(%a : tensor<4xf32>) outs(%t : tensor<4xf32>) -> tensor<4xf32>
    %2 = linalg.add ins(%0, %1 : tensor<4xf32>, tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %2 : tensor<4xf32>
  } -> (tensor<4xf32>)
  return %r : tensor<4xf32>
}
func.func @order(%x: memref<4xf32>, %p: memref<4xf32>) {
  colt5.kernel #plan ins(%x : memref<4xf32>) outs(%p : memref<4xf32>) attributes {colt5.value_id = 1} {
  ^bb0(%a: tensor<4xf32>, %o: tensor<4xf32>):
    %t = tensor.empty() : tensor<4xf32>
    %1 = linalg.log ins(%a : tensor<4xf32>) outs(%t : tensor<4xf32>) -> tensor<4xf32>
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%t : tensor<4xf32>) -> tensor<4xf32>
    %2 = linalg.add ins(%0, %1 : tensor<4xf32>, tensor<4xf32>) outs(%o : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %2 : tensor<4xf32>
  }
  return
}

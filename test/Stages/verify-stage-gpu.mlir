// RUN: colt5-opt %s --colt5-verify-stage="stage=gpu" --split-input-file --verify-diagnostics

func.func @loop(%x: memref<4xf32>) {
  // expected-error@+1 {{'scf.forall' op is left after stage gpu, expected gpu.launch_func; run colt5-outline-gpu}}
  scf.forall (%i) in (4) {
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

func.func @load(%x: memref<4xf32>, %i: index) {
  // expected-error@+1 {{'memref.load' op computes on device memory in host code, expected it in a kernel}}
  %0 = memref.load %x[%i] : memref<4xf32>
  return
}

// -----

func.func @thread() {
  // expected-error@+1 {{'gpu.thread_id' op is in host code, expected it in a kernel}}
  %0 = gpu.thread_id x
  return
}

// -----

func.func @plan() {
  // expected-error@+1 {{still carries a plan, expected none after stage gpu}}
  %0 = arith.constant {colt5.plan = 1 : i64} 0 : index
  return
}

// -----

module attributes {gpu.container_module} {
  gpu.module @colt5_kernels {
    gpu.func @k() kernel {
      // expected-error@+1 {{'memref.alloc' op allocates on the heap of the device, expected shared memory or the workspace}}
      %0 = memref.alloc() : memref<4xf32>
      gpu.return
    }
  }
}

// -----

// A view of a tensor argument and the workspace are device memory; a constant of the host is none.
module attributes {gpu.container_module} {
  memref.global "private" constant @table : memref<4xf32> = dense<1.0>
  gpu.module @colt5_kernels {
    gpu.func @k(%x: !llvm.ptr) kernel {
      gpu.return
    }
  }
  func.func @constant(%x: memref<4xf32>, %choice: i1) {
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %view = memref.subview %x[2] [2] [1] : memref<4xf32> to memref<2xf32, strided<[1], offset: 2>>
    %good = memref.extract_aligned_pointer_as_index %view : memref<2xf32, strided<[1], offset: 2>> -> index
    %moved = arith.addi %c4, %good : index
    %goodInt = arith.index_cast %moved : index to i64
    %goodPtr = llvm.inttoptr %goodInt : i64 to !llvm.ptr
    gpu.launch_func @colt5_kernels::@k blocks in (%c1, %c1, %c1) threads in (%c1, %c1, %c1) args(%goodPtr : !llvm.ptr)
    %table = memref.get_global @table : memref<4xf32>
    %chosen = arith.select %choice, %x, %table : memref<4xf32>
    %bad = memref.extract_aligned_pointer_as_index %chosen : memref<4xf32> -> index
    %badInt = arith.index_cast %bad : index to i64
    %badPtr = llvm.inttoptr %badInt : i64 to !llvm.ptr
    // expected-error@+1 {{hands host memory to kernel @colt5_kernels::@k as argument #0: the constant @table; expected device memory, which is that of tensor arguments and of the workspace}}
    gpu.launch_func @colt5_kernels::@k blocks in (%c1, %c1, %c1) threads in (%c1, %c1, %c1) args(%badPtr : !llvm.ptr)
    return
  }
  func.func @stack(%x: memref<4xf32>, %n: index) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %local = memref.alloca() : memref<4xf32>
    %last = scf.for %i = %c0 to %n step %c1 iter_args(%b = %x) -> (memref<4xf32>) {
      scf.yield %local : memref<4xf32>
    }
    %bad = memref.extract_aligned_pointer_as_index %last : memref<4xf32> -> index
    %badInt = arith.index_cast %bad : index to i64
    %badPtr = llvm.inttoptr %badInt : i64 to !llvm.ptr
    // expected-error@+1 {{hands host memory to kernel @colt5_kernels::@k as argument #0: what 'memref.alloca' yields}}
    gpu.launch_func @colt5_kernels::@k blocks in (%c1, %c1, %c1) threads in (%c1, %c1, %c1) args(%badPtr : !llvm.ptr)
    return
  }
  func.func @number(%p: !llvm.ptr) {
    %c1 = arith.constant 1 : index
    // expected-error@+1 {{as argument #0: an argument of type '!llvm.ptr'}}
    gpu.launch_func @colt5_kernels::@k blocks in (%c1, %c1, %c1) threads in (%c1, %c1, %c1) args(%p : !llvm.ptr)
    return
  }
}

// -----

func.func @kernel(%x: memref<4xf32>) {
  // expected-error@+1 {{'colt5.kernel' op is left after stage gpu, expected a launch of its code; run colt5-emit-kernels}}
  colt5.kernel #colt5.plan<kernel = 0, role = root, schedule = #colt5.select> outs(%x : memref<4xf32>) {
  ^bb0(%a: tensor<4xf32>):
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%a : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  }
  return
}

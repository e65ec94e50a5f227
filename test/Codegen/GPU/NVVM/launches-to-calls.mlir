// A launch becomes a call of the launcher with the number of the kernel and the addresses of its parameters.
// RUN: colt5-opt %s --colt5-launches-to-calls --split-input-file --verify-diagnostics | FileCheck %s

module attributes {gpu.container_module} {
  gpu.module @colt5_kernels {
    gpu.func @first() kernel {
      gpu.return
    }
    gpu.func @second(%x: !llvm.ptr, %n: i64) kernel {
      gpu.return
    }
  }
  // CHECK-LABEL: func.func @f(
  // CHECK-SAME: %[[X:.*]]: !llvm.ptr, %[[N:.*]]: i64, %[[LAUNCHER:.*]]: !llvm.ptr
  // CHECK-DAG: %[[ADDRESSES:.*]] = llvm.alloca %{{.*}} x !llvm.ptr {alignment = 8 : i64}
  // CHECK-DAG: llvm.store %[[X]], %[[SLOT0:.*]] : !llvm.ptr, !llvm.ptr
  // CHECK-DAG: llvm.store %[[N]], %[[SLOT1:.*]] : i64, !llvm.ptr
  // CHECK: %[[KERNEL:.*]] = arith.constant 1 : i32
  // CHECK: call @colt5.launch_kernel(%[[LAUNCHER]], %[[KERNEL]], %{{.*}}, %{{.*}}, %{{.*}}, %[[ADDRESSES]])
  // CHECK: func.func private @colt5.launch_kernel
  func.func @f(%x: !llvm.ptr, %n: i64, %run: !llvm.ptr {colt5.pool}) {
    %c1 = arith.constant 1 : index
    %c7 = arith.constant 7 : index
    gpu.launch_func @colt5_kernels::@second blocks in (%c7, %c1, %c1) threads in (%c1, %c1, %c1)
        args(%x : !llvm.ptr, %n : i64)
    return
  }
}

// -----

module attributes {gpu.container_module} {
  gpu.module @colt5_kernels {
    gpu.func @first() kernel {
      gpu.return
    }
  }
  func.func @f() {
    %c1 = arith.constant 1 : index
    // expected-error@+1 {{expected a kernel of this module and a function with a launcher; run colt5-outline-gpu first}}
    gpu.launch_func @colt5_kernels::@first blocks in (%c1, %c1, %c1) threads in (%c1, %c1, %c1)
    return
  }
}

// Shared buffers become attributions, or dynamic shared memory when they need more than 48 KiB.
// RUN: colt5-opt %s --split-input-file --verify-diagnostics --pass-pipeline="builtin.module(gpu.module(colt5-assign-shared-memory))" | FileCheck %s

gpu.module @colt5_kernels {
  // CHECK-LABEL: gpu.func @small
  // CHECK-SAME: workgroup(%[[A:.*]] : memref<16x4xf32, #gpu.address_space<workgroup>> {llvm.align = 128 : i64}, %[[B:.*]] : memref<3xi8, #gpu.address_space<workgroup>> {llvm.align = 128 : i64})
  // CHECK-NOT: memref.alloca
  gpu.func @small(%v: f32) kernel {
    %a = memref.alloca() : memref<16x4xf32, #gpu.address_space<workgroup>>
    %b = memref.alloca() : memref<3xi8, #gpu.address_space<workgroup>>
    %c = arith.constant 0 : index
    memref.store %v, %a[%c, %c] : memref<16x4xf32, #gpu.address_space<workgroup>>
    gpu.return
  }
  // CHECK-LABEL: gpu.func @large
  // CHECK-SAME: colt5.dynamic_shared_bytes = 65664 : i64
  // CHECK-DAG: %[[ALL:.*]] = gpu.dynamic_shared_memory
  // CHECK-DAG: %[[ZERO:.*]] = arith.constant 0 : index
  // CHECK-DAG: %[[NEXT:.*]] = arith.constant 128 : index
  // CHECK-DAG: memref.view %[[ALL]][%[[ZERO]]][] {{.*}} to memref<3xi8
  // CHECK-DAG: memref.view %[[ALL]][%[[NEXT]]][] {{.*}} to memref<128x128xf32
  gpu.func @large() kernel {
    %b = memref.alloca() : memref<3xi8, #gpu.address_space<workgroup>>
    %a = memref.alloca() : memref<128x128xf32, #gpu.address_space<workgroup>>
    gpu.return
  }
}

// -----

gpu.module @colt5_kernels {
  gpu.func @late(%i: i1) kernel {
    scf.if %i {
      // expected-error@+1 {{expected shared memory of static shape, allocated by memref.alloca at the top of the kernel, found one that would be allocated while the kernel runs}}
      %a = memref.alloca() : memref<16xf32, #gpu.address_space<workgroup>>
    }
    gpu.return
  }
}

// -----

gpu.module @colt5_kernels {
  gpu.func @heap() kernel {
    // expected-error@+1 {{expected shared memory of static shape}}
    %a = memref.alloc() : memref<16xf32, 3>
    gpu.return
  }
}

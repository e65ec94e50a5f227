// RUN: colt5-opt %s --colt5-plan-workspace --split-input-file --verify-diagnostics

func.func @data_dependent(%x: memref<4xindex>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    // expected-note @below {{this is the size}}
    %m = memref.load %x[%i] : memref<4xindex>
    // expected-error @below {{dimension 0 of this buffer has no upper bound that is known when the function starts}}
    %a = memref.alloc(%m) : memref<?xf32>
    linalg.abs ins(%a : memref<?xf32>) outs(%a : memref<?xf32>)
  }
  return
}

// -----

func.func @escapes(%init: memref<4xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%b = %init) -> (memref<4xf32>) {
    // expected-error @below {{this buffer, allocated in a loop, is still used after its iteration}}
    %a = memref.alloc() : memref<4xf32>
    linalg.abs ins(%b : memref<4xf32>) outs(%a : memref<4xf32>)
    scf.yield %a : memref<4xf32>
  }
  linalg.abs ins(%r : memref<4xf32>) outs(%r : memref<4xf32>)
  return
}

// -----

func.func @layout() {
  // expected-error @below {{expected a buffer with identity layout in the default memory space}}
  %a = memref.alloc() : memref<4xf32, strided<[2]>>
  return
}

// -----

func.func private @recursive() {
  // expected-error @below {{expected no allocation in a private function: recursive functions cannot use the workspace}}
  %a = memref.alloc() : memref<4xf32>
  call @recursive() : () -> ()
  return
}

// -----

// expected-error @below {{the workspace depends on the size of an output; run colt5-emit-size-functions first}}
func.func @no_sizes(%out: memref<?xf32> {colt5.output}) {
  %c0 = arith.constant 0 : index
  %n = memref.dim %out, %c0 : memref<?xf32>
  %a = memref.alloc(%n) : memref<?xf32>
  return
}

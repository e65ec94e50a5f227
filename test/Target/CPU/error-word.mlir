// A kernel that sets the error word makes the run report a bad index; the outputs are still there.
// RUN: colt5-opt %s --colt5-llvm-stage | colt5-test-cpu --run=check --num-threads=2 | FileCheck %s
// CHECK:      bad index
// CHECK-NEXT: output0 [4]: -2 -1 0 1
// RUN: colt5-opt %s --colt5-llvm-stage | colt5-test-cpu --run=fine | FileCheck %s --check-prefix=FINE
// FINE-NOT:   bad index
// FINE:       workspace: 0

func.func @check(%x: memref<4xi32>, %y: memref<4xi32> {colt5.output}, %w: memref<?xi8> {colt5.workspace},
                 %e: memref<1xi32> {colt5.error_word}) {
  %c0 = arith.constant 0 : index
  %one = arith.constant 1 : i32
  scf.forall (%i) in (4) {
    %v = memref.load %x[%i] : memref<4xi32>
    memref.store %v, %y[%i] : memref<4xi32>
    %zero = arith.constant 0 : i32
    %bad = arith.cmpi slt, %v, %zero : i32
    scf.if %bad {
      memref.store %one, %e[%c0] : memref<1xi32>
    }
  } {mapping = [#colt5.tile<0>]}
  return
}
func.func private @check.result_sizes(%x: memref<4xi32>) -> index {
  %c4 = arith.constant 4 : index
  return %c4 : index
}
func.func private @check.workspace_size(%x: memref<4xi32>, %n: index) -> index {
  %c0 = arith.constant 0 : index
  return %c0 : index
}

func.func @fine(%w: memref<?xi8> {colt5.workspace}, %e: memref<1xi32> {colt5.error_word}) {
  return
}
func.func private @fine.result_sizes() {
  return
}
func.func private @fine.workspace_size(%n: index) -> index {
  %c0 = arith.constant 0 : index
  return %c0 : index
}

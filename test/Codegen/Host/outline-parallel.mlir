// RUN: colt5-opt %s --colt5-outline-parallel --canonicalize --split-input-file | FileCheck %s

// The grid is counted in row-major order; a nested forall is a loop; the thread number comes from the hook.
// CHECK-LABEL: func.func @grid(
// CHECK-SAME:    %[[X:[^ :,]*]]: memref<?x?xindex>, %[[N:[^ :,]*]]: index, %[[M:[^ :,]*]]: index, %[[POOL:[^ :,]*]]: !llvm.ptr {colt5.pool})
// CHECK-DAG:     %[[ROWS:.*]] = arith.ceildivui %{{.*}}, %c8
// CHECK-DAG:     %[[COLS:.*]] = arith.ceildivui %{{.*}}, %c4
// CHECK-DAG:     %[[ALL:.*]] = arith.muli %[[ROWS]], %[[COLS]]
// CHECK-DAG:     %[[COUNT:.*]] = arith.index_cast %[[ALL]] : index to i64
// CHECK-DAG:     %[[FN:.*]] = constant @grid.kernel5 : (!llvm.ptr, i64, i64) -> ()
// CHECK-DAG:     %[[ADDRESS:.*]] = builtin.unrealized_conversion_cast %[[FN]]
// CHECK-NOT:     scf.forall
// CHECK:         call @colt5.parallel_for(%[[POOL]], %[[COUNT]], %[[ADDRESS]], %{{.*}})
// CHECK-LABEL: func.func private @grid.kernel5(
// CHECK-SAME:    %[[ARG:[^ :,]*]]: !llvm.ptr, %[[INDEX:[^ :,]*]]: i64, %[[THREAD:[^ :,]*]]: i64)
// CHECK-DAG:     %[[I:.*]] = arith.index_cast %[[INDEX]]
// CHECK-DAG:     %[[COL:.*]] = arith.remui %[[I]], %[[COUNTS:.*]] : index
// CHECK-DAG:     %[[ROW:.*]] = arith.divui %[[I]], %[[COUNTS]] : index
// CHECK-DAG:     %[[C:.*]] = arith.muli %[[COL]], %c4
// CHECK-DAG:     %[[R:.*]] = arith.muli %[[ROW]], %c8
// CHECK-DAG:     %[[T:.*]] = arith.index_cast %[[THREAD]]
// CHECK:         scf.for
// CHECK:           memref.store %[[T]], %{{.*}}[%[[R]], %[[C]]]
// CHECK-LABEL: func.func private @colt5.parallel_for(
func.func @grid(%x: memref<?x?xindex>, %n: index, %m: index) {
  scf.forall (%i, %j) = (0, 0) to (%n, %m) step (8, 4) {
    %t = colt5.thread_id : index
    scf.forall (%k) in (3) {
      memref.store %t, %x[%i, %j] : memref<?x?xindex>
    }
  } {mapping = [#colt5.tile<0>, #colt5.tile<1>], colt5.plan = #colt5.plan<kernel = 5, role = root, schedule = #colt5.tiles<[8, 4]>>}
  return
}

// -----

// Outside of kernels there is one thread; an unmapped forall is a loop.
// CHECK-LABEL: func.func @serial(
// CHECK:         %[[ZERO:.*]] = arith.constant 0 : index
// CHECK:         scf.for
// CHECK:           memref.store %[[ZERO]],
// CHECK-NOT:     @colt5.parallel_for
func.func @serial(%x: memref<?xindex>, %n: index) {
  scf.forall (%i) in (%n) {
    %t = colt5.thread_id : index
    memref.store %t, %x[%i] : memref<?xindex>
  }
  return
}

// -----

// Two kernels without a plan get names of their own; constants are not handed over.
// CHECK-LABEL: func.func @two(
// CHECK-COUNT-2: call @colt5.parallel_for
// CHECK:       func.func private @two.kernel{{.*}}(
// CHECK-NOT:     f32, f32
// CHECK:         arith.constant 1.0
// CHECK:       func.func private @two.kernel{{.*}}(
func.func @two(%x: memref<8xf32>) {
  %one = arith.constant 1.0 : f32
  scf.forall (%i) in (8) {
    memref.store %one, %x[%i] : memref<8xf32>
  } {mapping = [#colt5.tile<0>]}
  scf.forall (%i) in (8) {
    memref.store %one, %x[%i] : memref<8xf32>
  } {mapping = [#colt5.tile<0>]}
  return
}

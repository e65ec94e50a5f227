// RUN: colt5-opt %s --colt5-plan-workspace --canonicalize --cse --split-input-file | FileCheck %s
// RUN: colt5-opt %s --colt5-plan-workspace --split-input-file --remarks-filter-analyse=workspace 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// A and C are not alive together and share memory; B lies behind them.
// CHECK-LABEL: func.func @liveness(
// CHECK-SAME:    %[[X:[^ :,]*]]: memref<64xf32>, %[[OUT:[^ :,]*]]: memref<64xf32> {colt5.output}, %[[W:[^ :,]*]]: memref<?xi8> {colt5.workspace}, %[[E:[^ :,]*]]: memref<1xi32> {colt5.error_word})
// CHECK-DAG:     %[[C0:[^ :,]*]] = arith.constant 0 : index
// CHECK-DAG:     %[[C256:[^ :,]*]] = arith.constant 256 : index
// CHECK-DAG:     %[[A:[^ :,]*]] = memref.view %[[W]][%[[C0]]][] : memref<?xi8> to memref<64xf32>
// CHECK-DAG:     %[[B:[^ :,]*]] = memref.view %[[W]][%[[C256]]][] : memref<?xi8> to memref<64xf32>
// CHECK:         linalg.abs ins(%[[X]] : {{.*}}) outs(%[[A]] :
// CHECK:         linalg.abs ins(%[[A]] : {{.*}}) outs(%[[B]] :
// CHECK:         linalg.abs ins(%[[B]] : {{.*}}) outs(%[[A]] :
// CHECK:         linalg.abs ins(%[[A]] : {{.*}}) outs(%[[OUT]] :
// CHECK-LABEL: func.func private @liveness.workspace_size(
// CHECK-SAME:    %{{.*}}: memref<64xf32>, %{{.*}}: index) -> index
// CHECK:         %[[SIZE:[^ :,]*]] = arith.constant 512 : index
// CHECK-NEXT:    return %[[SIZE]]
// REMARK:      liveness: workspace holds 3 buffers in 512 static bytes: {{.*}} at 0 {{.*}} at 256 {{.*}} at 0
func.func @liveness(%x: memref<64xf32>, %out: memref<64xf32> {colt5.output}) {
  %a = memref.alloc() : memref<64xf32>
  %b = memref.alloc() : memref<64xf32>
  %c = memref.alloc() : memref<64xf32>
  linalg.abs ins(%x : memref<64xf32>) outs(%a : memref<64xf32>)
  linalg.abs ins(%a : memref<64xf32>) outs(%b : memref<64xf32>)
  linalg.abs ins(%b : memref<64xf32>) outs(%c : memref<64xf32>)
  linalg.abs ins(%c : memref<64xf32>) outs(%out : memref<64xf32>)
  return
}

// -----

// A buffer used in a loop lives as long as the loop: B may not take the place of A. Sizes are rounded to 64 bytes.
// CHECK-LABEL: func.func @loop(
// CHECK-SAME:    %[[W:[^ :,]*]]: memref<?xi8> {colt5.workspace}
// CHECK-DAG:     %[[C0:[^ :,]*]] = arith.constant 0 : index
// CHECK-DAG:     %[[C64:[^ :,]*]] = arith.constant 64 : index
// CHECK-DAG:     memref.view %[[W]][%[[C0]]][]
// CHECK:         scf.for
// CHECK:           memref.view %[[W]][%[[C64]]][]
func.func @loop(%x: memref<3xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %a = memref.alloc() : memref<3xf32>
  linalg.abs ins(%x : memref<3xf32>) outs(%a : memref<3xf32>)
  scf.for %i = %c0 to %n step %c1 {
    linalg.abs ins(%a : memref<3xf32>) outs(%a : memref<3xf32>)
    %b = memref.alloc() : memref<3xf32>
    linalg.abs ins(%a : memref<3xf32>) outs(%b : memref<3xf32>)
  }
  return
}

// -----

// Uses through views count; dynamic sizes are computed at the entry, here from the size of an output.
// CHECK-LABEL: func.func @dynamic(
// CHECK-SAME:    %[[X:[^ :,]*]]: memref<?x16xf32>, %[[OUT:[^ :,]*]]: memref<?x16xf32> {colt5.output}, %[[W:[^ :,]*]]: memref<?xi8>
// CHECK-DAG:     %[[N:[^ :,]*]] = memref.dim %[[OUT]], %{{.*}}
// CHECK-DAG:     %[[OFF:[^ :,]*]] = arith.muli %[[N]], %c64
// CHECK-DAG:     memref.view %[[W]][%c0][%[[N]]] : memref<?xi8> to memref<?x16xf32>
// CHECK-DAG:     memref.view %[[W]][%[[OFF]]][%[[N]]] : memref<?xi8> to memref<?x8xf64>
// CHECK-LABEL: func.func private @dynamic.workspace_size(
// CHECK-SAME:    %[[X:[^ :,]*]]: memref<?x16xf32>, %{{.*}}: index) -> index
// CHECK:         %[[S:[^ :,]*]]:2 = call @dynamic.result_sizes(%[[X]])
// CHECK:         %[[T:[^ :,]*]] = arith.muli %[[S]]#0, %c128
// CHECK:         return %[[T]]
// REMARK: dynamic: workspace holds 2 buffers in 0 static bytes + 128 bytes per unit of 1 dynamic sizes
func.func @dynamic(%x: memref<?x16xf32>, %out: memref<?x16xf32> {colt5.output}) {
  %c0 = arith.constant 0 : index
  %n = memref.dim %out, %c0 : memref<?x16xf32>
  %a = memref.alloc(%n) : memref<?x16xf32>
  %v = memref.subview %a[0, 0] [%n, 4] [1, 1] : memref<?x16xf32> to memref<?x4xf32, strided<[16, 1]>>
  %b = memref.alloc(%n) : memref<?x8xf64>
  linalg.abs ins(%b : memref<?x8xf64>) outs(%b : memref<?x8xf64>)
  linalg.abs ins(%v : memref<?x4xf32, strided<[16, 1]>>) outs(%v : memref<?x4xf32, strided<[16, 1]>>)
  return
}
func.func private @dynamic.result_sizes(%x: memref<?x16xf32>) -> (index, index) {
  %c0 = arith.constant 0 : index
  %c8 = arith.constant 16 : index
  %n = memref.dim %x, %c0 : memref<?x16xf32>
  return %n, %c8 : index, index
}

// -----

// Sizes that are not multiples of the alignment are kept; the second buffer is aligned at run time.
// CHECK-LABEL: func.func @unaligned(
// CHECK-SAME:    %[[N:[^ :,]*]]: index, %[[W:[^ :,]*]]: memref<?xi8>
// CHECK-DAG:     %[[UNITS:.*]] = arith.muli %[[N]], %c4
// CHECK-DAG:     %[[UP:.*]] = arith.addi %[[UNITS]], %c127
// CHECK-DAG:     %[[OFF:.*]] = arith.andi %[[UP]], %c-64
// CHECK-DAG:     memref.view %[[W]][%c0][%[[N]]] : memref<?xi8> to memref<?xf32>
// CHECK-DAG:     memref.view %[[W]][%[[OFF]]][%[[N]]] : memref<?xi8> to memref<?xi8>
// CHECK-LABEL: func.func private @unaligned.workspace_size(
// CHECK:         %[[UNITS:.*]] = arith.muli %{{.*}}, %c5
// CHECK:         %[[UP:.*]] = arith.addi %[[UNITS]], %c191
// CHECK:         %[[SIZE:.*]] = arith.andi %[[UP]], %c-64
// CHECK:         return %[[SIZE]]
func.func @unaligned(%n: index) {
  %a = memref.alloc(%n) : memref<?xf32>
  %b = memref.alloc(%n) : memref<?xi8>
  %c0 = arith.constant 0 : index
  %v = memref.load %a[%c0] : memref<?xf32>
  %i = arith.fptosi %v : f32 to i8
  memref.store %i, %b[%c0] : memref<?xi8>
  memref.store %v, %a[%c0] : memref<?xf32>
  return
}

// -----

// Small scratch memory is on the stack, sized by the upper bound of the tile. Large scratch memory belongs to the
// thread that runs the task and is counted once per thread.
// CHECK-LABEL: func.func @kernels(
// CHECK-SAME:    %[[W:[^ :,]*]]: memref<?xi8> {colt5.workspace}
// CHECK:         scf.forall (%[[I:[^ :,]*]]) =
// CHECK:           %[[STACK:[^ :,]*]] = memref.alloca() {alignment = 64 : i64} : memref<128xi8>
// CHECK:           memref.view %[[STACK]][%c0][%{{.*}}] : memref<128xi8> to memref<?xf32>
// CHECK:         scf.forall
// CHECK:           %[[T:[^ :,]*]] = colt5.thread_id : index
// CHECK:           %[[OFF:[^ :,]*]] = arith.muli %[[T]], %c8192
// CHECK:           memref.view %[[W]][%[[OFF]]][] : memref<?xi8> to memref<2048xf32>
// CHECK-LABEL: func.func private @kernels.workspace_size(
// CHECK-SAME:    %[[THREADS:[^ :,]*]]: index) -> index
// CHECK:         %[[SIZE:[^ :,]*]] = arith.muli %[[THREADS]], %c8192
// CHECK:         return %[[SIZE]]
func.func @kernels(%n: index) {
  scf.forall (%i) = (0) to (%n) step (32) {
    %sz = affine.min affine_map<(d0)[s0] -> (32, s0 - d0)>(%i)[%n]
    %a = memref.alloc(%sz) : memref<?xf32>
    linalg.abs ins(%a : memref<?xf32>) outs(%a : memref<?xf32>)
  } {mapping = [#colt5.tile<0>]}
  scf.forall (%i) = (0) to (%n) step (32) {
    %a = memref.alloc() : memref<2048xf32>
    %b = memref.alloc() : memref<16xf32>
    linalg.abs ins(%a : memref<2048xf32>) outs(%a : memref<2048xf32>)
    linalg.abs ins(%b : memref<16xf32>) outs(%b : memref<16xf32>)
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

// The size depends on a loop; its upper bound does not.
// CHECK-LABEL: func.func @bound(
// CHECK-LABEL: func.func private @bound.workspace_size(
// CHECK-SAME:    %[[N:[^ :,]*]]: index, %{{.*}}: index) -> index
// CHECK:         arith.muli %[[N]], %c64
func.func @bound(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %m = affine.apply affine_map<(d0) -> (d0 + 1)>(%i)
    %a = memref.alloc(%m) : memref<?x16xf32>
    linalg.abs ins(%a : memref<?x16xf32>) outs(%a : memref<?x16xf32>)
  }
  return
}

// -----

// What a kernel reads, writes and uses as scratch memory is alive together; after it the memory is free again.
// CHECK-LABEL: func.func @kernel(
// CHECK-SAME:    %[[W:[^ :,]*]]: memref<?xi8> {colt5.workspace}
// CHECK-DAG:     %[[C0:[^ :,]*]] = arith.constant 0 : index
// CHECK-DAG:     %[[C256:[^ :,]*]] = arith.constant 256 : index
// CHECK-DAG:     %[[C512:[^ :,]*]] = arith.constant 512 : index
// CHECK-DAG:     %[[A:[^ :,]*]] = memref.view %[[W]][%[[C0]]][]
// CHECK-DAG:     %[[B:[^ :,]*]] = memref.view %[[W]][%[[C256]]][]
// CHECK-DAG:     %[[S:[^ :,]*]] = memref.view %[[W]][%[[C512]]][]
// CHECK:         colt5.kernel {{.*}} ins(%[[A]] : {{.*}}) outs(%[[B]], %[[S]] :
// CHECK:         linalg.abs ins(%[[B]] : {{.*}}) outs(%[[A]] :
func.func @kernel(%x: memref<64xf32>, %out: memref<64xf32> {colt5.output}) {
  %a = memref.alloc() : memref<64xf32>
  %b = memref.alloc() : memref<64xf32>
  %s = memref.alloc() : memref<64xf32>
  %c = memref.alloc() : memref<64xf32>
  linalg.abs ins(%x : memref<64xf32>) outs(%a : memref<64xf32>)
  colt5.kernel #colt5.plan<kernel = 0, role = root, schedule = #colt5.select> ins(%a : memref<64xf32>) outs(%b, %s : memref<64xf32>, memref<64xf32>) {
  ^bb0(%in: tensor<64xf32>, %o: tensor<64xf32>, %unused: tensor<64xf32>):
    %0 = linalg.exp ins(%in : tensor<64xf32>) outs(%o : tensor<64xf32>) -> tensor<64xf32>
    colt5.yield %0 : tensor<64xf32>
  }
  linalg.abs ins(%b : memref<64xf32>) outs(%c : memref<64xf32>)
  linalg.abs ins(%c : memref<64xf32>) outs(%out : memref<64xf32>)
  return
}

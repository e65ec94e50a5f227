// The number of the thread that runs a tile is an index, in the custom form and in the generic one.
// RUN: colt5-opt %s --verify-roundtrip | FileCheck %s
// RUN: colt5-opt %s --mlir-print-op-generic | colt5-opt | FileCheck %s

// CHECK-LABEL: func.func @scratch
// CHECK: %[[ID:.*]] = colt5.thread_id
// CHECK: arith.muli %[[ID]], %{{.*}} : index
func.func @scratch(%bytes: index) -> index {
  %id = colt5.thread_id : index
  %offset = arith.muli %id, %bytes : index
  return %offset : index
}

// RUN: colt5-opt %s --colt5-verify-stage="stage=lower" --split-input-file --verify-diagnostics

func.func @linalg_op(%x: memref<4xf32>) {
  // expected-error@+1 {{'linalg.exp' op has not been lowered, expected loops; no lowering of stage 'lower' matched it}}
  linalg.exp ins(%x : memref<4xf32>) outs(%x : memref<4xf32>)
  return
}

// -----

func.func @colt5_op(%x: memref<1x8x4xf32>, %o: memref<1x8xf32>) {
  // expected-error@+1 {{'colt5.rms_scale' op has not been lowered}}
  colt5.rms_scale ins(%x : memref<1x8x4xf32>) outs(%o : memref<1x8xf32>)
  return
}

// -----

func.func @good(%x: memref<4xf32>) {
  scf.forall (%i) in (4) {
    %v = memref.load %x[%i] : memref<4xf32>
    memref.store %v, %x[%i] : memref<4xf32>
  } {mapping = [#colt5.tile<0>]}
  return
}

// -----

// The region of a kernel says what it computes, for the family that writes it.
func.func @kernel(%x: memref<4xf32>) {
  colt5.kernel #colt5.plan<kernel = 0, role = root, schedule = #colt5.select> outs(%x : memref<4xf32>) {
  ^bb0(%a: tensor<4xf32>):
    %0 = linalg.exp ins(%a : tensor<4xf32>) outs(%a : tensor<4xf32>) -> tensor<4xf32>
    colt5.yield %0 : tensor<4xf32>
  }
  return
}

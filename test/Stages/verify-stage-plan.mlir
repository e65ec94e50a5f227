// RUN: colt5-opt %s --colt5-verify-stage="stage=plan" --split-input-file --verify-diagnostics

func.func @unplanned(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{'linalg.exp' op has no plan, expected a #colt5.plan attribute 'colt5.plan'; run colt5-plan}}
  %0 = linalg.exp ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @two_roots(%x: tensor<1x8x4xf32>, %o: tensor<1x8xf32>) -> (tensor<1x8xf32>, tensor<1x8xf32>) {
  %0 = colt5.rms_scale ins(%x : tensor<1x8x4xf32>) outs(%o : tensor<1x8xf32>)
      {colt5.plan = #colt5.plan<kernel = 3, role = root>} -> tensor<1x8xf32>
  // expected-error@+1 {{'colt5.rms_scale' op is a second root of kernel 3, expected exactly one}}
  %1 = colt5.rms_scale ins(%x : tensor<1x8x4xf32>) outs(%o : tensor<1x8xf32>)
      {colt5.plan = #colt5.plan<kernel = 3, role = root>} -> tensor<1x8xf32>
  return %0, %1 : tensor<1x8xf32>, tensor<1x8xf32>
}

// -----

func.func @no_root(%x: tensor<1x8x4xf32>, %o: tensor<1x8xf32>) -> tensor<1x8xf32> {
  // expected-error@+1 {{'colt5.rms_scale' op belongs to kernel 0, which has no root, expected exactly one}}
  %0 = colt5.rms_scale ins(%x : tensor<1x8x4xf32>) outs(%o : tensor<1x8xf32>)
      {colt5.plan = #colt5.plan<kernel = 0, role = fused>} -> tensor<1x8xf32>
  return %0 : tensor<1x8xf32>
}

// -----

// Kernels are counted per function.
func.func @good(%x: tensor<1x8x4xf32>, %o: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %0 = colt5.rms_scale ins(%x : tensor<1x8x4xf32>) outs(%o : tensor<1x8xf32>)
      {colt5.plan = #colt5.plan<kernel = 0, role = root>} -> tensor<1x8xf32>
  return %0 : tensor<1x8xf32>
}
func.func @good_too(%x: tensor<1x8x4xf32>, %o: tensor<1x8xf32>) -> tensor<1x8xf32> {
  %0 = colt5.rms_scale ins(%x : tensor<1x8x4xf32>) outs(%o : tensor<1x8xf32>)
      {colt5.plan = #colt5.plan<kernel = 0, role = root>} -> tensor<1x8xf32>
  return %0 : tensor<1x8xf32>
}

// -----

func.func @schedule(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{'linalg.exp' op expected 1 tile sizes in its plan, one per loop (0 leaves it whole), found 2: [4, 4]}}
  %0 = linalg.exp {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.simt<tile = [4, 4]>>} ins(%x : tensor<4xf32>) outs(%x : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// A loop that the user wrote is a kernel already.
func.func @loop(%s: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %r = scf.forall (%i) = (0) to (8) step (4) shared_outs(%out = %s) -> (tensor<8x4xf32>) {
    %x = tensor.extract_slice %out[%i, 0] [4, 4] [1, 1] : tensor<8x4xf32> to tensor<4x4xf32>
    %0 = linalg.exp ins(%x : tensor<4x4xf32>) outs(%x : tensor<4x4xf32>) -> tensor<4x4xf32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %0 into %out[%i, 0] [4, 4] [1, 1] : tensor<4x4xf32> into tensor<8x4xf32>
    }
  } {mapping = [#colt5.tile<0>]}
  return %r : tensor<8x4xf32>
}

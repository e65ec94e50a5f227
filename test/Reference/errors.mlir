// RUN: not colt5-run %s --entry=unsupported --backend=reference 2>&1 | FileCheck %s --check-prefix=ALLOC
// RUN: not colt5-run %s --entry=slice --backend=reference --input=ones --input=value=3 2>&1 | FileCheck %s --check-prefix=SLICE
// RUN: not colt5-run %s --entry=forever --backend=reference --input=ones 2>&1 | FileCheck %s --check-prefix=FOREVER

// ALLOC: error: 'memref.alloc' op is not supported by the reference
func.func @unsupported() {
  %0 = memref.alloc() : memref<4xf32>
  return
}

// SLICE: error: 'tensor.extract_slice' op leaves its tensor: dimension 0 has offset 3, size 2 and stride 1 in an extent of 4
func.func @slice(%x: tensor<4xf32>, %o: index) -> tensor<2xf32> {
  %0 = tensor.extract_slice %x[%o] [2] [1] : tensor<4xf32> to tensor<2xf32>
  return %0 : tensor<2xf32>
}

// FOREVER: error: 'func.func' op nests calls and regions deeper than 256, the limit of the reference
func.func @forever(%x: f32) -> f32 {
  %0 = func.call @forever(%x) : (f32) -> f32
  return %0 : f32
}

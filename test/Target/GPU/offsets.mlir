// Offsets of slices have 64 bits. Immediate offsets of PTX have 32: what does not fit is added to the address.
// RUN: colt5-compile %s --target=sm_80 --emit=ptx -o - --quiet | FileCheck %s
// RUN: colt5-compile %s --target=sm_90a --emit=ptx -o - --quiet | FileCheck %s

// CHECK-LABEL: entry below_28_kernel0(
// CHECK: +268434944]
func.func @below_28(%x: tensor<17179869184xi8>) -> tensor<1024xi8> {
  %e = tensor.empty() : tensor<1024xi8>
  %s = tensor.extract_slice %x[268434944] [1024] [1] : tensor<17179869184xi8> to tensor<1024xi8>
  %y = linalg.add ins(%s, %s : tensor<1024xi8>, tensor<1024xi8>) outs(%e : tensor<1024xi8>) -> tensor<1024xi8>
  return %y : tensor<1024xi8>
}

// CHECK-LABEL: entry at_28_kernel0(
// CHECK: +268435456]
func.func @at_28(%x: tensor<17179869184xi8>) -> tensor<1024xi8> {
  %e = tensor.empty() : tensor<1024xi8>
  %s = tensor.extract_slice %x[268435456] [1024] [1] : tensor<17179869184xi8> to tensor<1024xi8>
  %y = linalg.add ins(%s, %s : tensor<1024xi8>, tensor<1024xi8>) outs(%e : tensor<1024xi8>) -> tensor<1024xi8>
  return %y : tensor<1024xi8>
}

// CHECK-LABEL: entry below_31_kernel0(
// CHECK: +2147482624]
func.func @below_31(%x: tensor<17179869184xi8>) -> tensor<1024xi8> {
  %e = tensor.empty() : tensor<1024xi8>
  %s = tensor.extract_slice %x[2147482624] [1024] [1] : tensor<17179869184xi8> to tensor<1024xi8>
  %y = linalg.add ins(%s, %s : tensor<1024xi8>, tensor<1024xi8>) outs(%e : tensor<1024xi8>) -> tensor<1024xi8>
  return %y : tensor<1024xi8>
}

// CHECK-LABEL: entry at_31_kernel0(
// CHECK: add.s64 {{.*}}, 2147483648;
func.func @at_31(%x: tensor<17179869184xi8>) -> tensor<1024xi8> {
  %e = tensor.empty() : tensor<1024xi8>
  %s = tensor.extract_slice %x[2147483648] [1024] [1] : tensor<17179869184xi8> to tensor<1024xi8>
  %y = linalg.add ins(%s, %s : tensor<1024xi8>, tensor<1024xi8>) outs(%e : tensor<1024xi8>) -> tensor<1024xi8>
  return %y : tensor<1024xi8>
}

// CHECK-LABEL: entry at_32_kernel0(
// CHECK: add.s64 {{.*}}, 4294967296;
func.func @at_32(%x: tensor<17179869184xi8>) -> tensor<1024xi8> {
  %e = tensor.empty() : tensor<1024xi8>
  %s = tensor.extract_slice %x[4294967296] [1024] [1] : tensor<17179869184xi8> to tensor<1024xi8>
  %y = linalg.add ins(%s, %s : tensor<1024xi8>, tensor<1024xi8>) outs(%e : tensor<1024xi8>) -> tensor<1024xi8>
  return %y : tensor<1024xi8>
}

// Bytes, not elements: 2^30 + 16 elements of 8 bytes.
// CHECK-LABEL: entry wide_kernel0(
// CHECK: add.s64 {{.*}}, 8589934720;
func.func @wide(%x: tensor<4294967296xf64>) -> tensor<1024xf64> {
  %e = tensor.empty() : tensor<1024xf64>
  %s = tensor.extract_slice %x[1073741840] [1024] [1] : tensor<4294967296xf64> to tensor<1024xf64>
  %y = linalg.add ins(%s, %s : tensor<1024xf64>, tensor<1024xf64>) outs(%e : tensor<1024xf64>) -> tensor<1024xf64>
  return %y : tensor<1024xf64>
}

// CHECK-LABEL: entry store_kernel0(
// CHECK: add.s64 {{.*}}, 5368709120;
func.func @store(%x: tensor<1024xi8>, %big: tensor<17179869184xi8> {bufferization.writable = true}) -> tensor<17179869184xi8> {
  %r = tensor.insert_slice %x into %big[5368709120] [1024] [1] : tensor<1024xi8> into tensor<17179869184xi8>
  return %r : tensor<17179869184xi8>
}

// RUN: colt5-opt %s --colt5-lower-simt --verify-diagnostics

func.func @repeated(%y: memref<1x4x8xbf16>, %i: memref<1x4xi32>, %base: memref<1x9x8xbf16>, %error: memref<1xi32> {colt5.error_word}) {
  scf.forall (%t) in (1) {
    // expected-error @below {{may add several slots to one row of 'bf16', expected `unique` or a base that holds their sum}}
    colt5.scatter_combine ins(%y, %i : memref<1x4x8xbf16>, memref<1x4xi32>) outs(%base : memref<1x9x8xbf16>)
  } {mapping = [#colt5.tile<0>]}
  return
}

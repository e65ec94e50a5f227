// RUN: colt5-opt %s --colt5-verify-stage="stage=llvm" --split-input-file --verify-diagnostics

llvm.func @other_dialect() {
  // expected-error@+1 {{'arith.constant' op is not an op of the LLVM dialect}}
  %0 = arith.constant 1 : i32
  llvm.return
}

// -----

// expected-error@+1 {{'llvm.func' op needs the external symbol 'malloc', expected none but memcpy, memset and memmove}}
llvm.func @malloc(i64) -> !llvm.ptr

// -----

// expected-error@+1 {{'llvm.mlir.global' op needs the external variable 'environ', expected none}}
llvm.mlir.global external @environ() : !llvm.ptr

// -----

llvm.mlir.global internal constant @table(dense<1.0> : tensor<4xf32>) : !llvm.array<4 x f32>
llvm.func @memcpy(!llvm.ptr, !llvm.ptr, i64) -> !llvm.ptr
llvm.func @good(%p: !llvm.ptr, %n: i64) {
  %0 = llvm.call @memcpy(%p, %p, %n) : (!llvm.ptr, !llvm.ptr, i64) -> !llvm.ptr
  llvm.return
}

// The LLVM dialect, with and without bodies.
llvm.func @extern(!llvm.ptr) -> i32
llvm.mlir.global internal constant @text("x\00") {addr_space = 0 : i32}
llvm.func @f(%p: !llvm.ptr, %n: i64) -> f32 attributes {colt5.companion = "workspace_size"} {
  %v = llvm.load %p : !llvm.ptr -> f32
  %c = llvm.call @extern(%p) : (!llvm.ptr) -> i32
  llvm.return %v : f32
}

// -----

func.func @g(%p: !llvm.ptr, %b: i8) {
  %c = arith.constant 8 : i64
  "llvm.intr.memset"(%p, %b, %c) <{isVolatile = false}> : (!llvm.ptr, i8, i64) -> ()
  return
}

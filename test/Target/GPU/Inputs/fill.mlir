// One kernel at stage nvvm, with nothing to launch it.
gpu.module @colt5_kernels {
  llvm.mlir.global internal @tile() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<512 x f32>

  llvm.func @fill(%out: !llvm.ptr {llvm.noalias}, %value: f32, %n: i64) attributes {
      gpu.kernel, nvvm.kernel, nvvm.reqntid = array<i32: 256>, colt5.bytes = 6144 : i64,
      colt5.min_bytes = 4096 : i64, colt5.flops = 2048 : i64} {
    %tid = nvvm.read.ptx.sreg.tid.x : i32
    %tile = llvm.mlir.addressof @tile : !llvm.ptr<3>
    %slot = llvm.getelementptr %tile[%tid] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, f32
    %from = llvm.getelementptr %out[%tid] : (!llvm.ptr, i32) -> !llvm.ptr, f32
    %x = llvm.load %from : !llvm.ptr -> f32
    %product = llvm.fmul %x, %value : f32
    %sum = llvm.fadd %product, %value : f32
    llvm.store %sum, %slot : f32, !llvm.ptr<3>
    nvvm.barrier0
    %last = llvm.mlir.constant(255 : i32) : i32
    %mirror = llvm.sub %last, %tid : i32
    %other = llvm.getelementptr %tile[%mirror] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, f32
    %y = llvm.load %other : !llvm.ptr<3> -> f32
    llvm.store %y, %from : f32, !llvm.ptr
    llvm.return
  }
}

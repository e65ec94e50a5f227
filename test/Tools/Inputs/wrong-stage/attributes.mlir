// Attributes of stages where they do not belong.
func.func @output(%out: memref<?xf32> {colt5.output}) {
  return
}

// -----

func.func @dangling(%x: memref<?xf32> {colt5.output}, %w: memref<?xi8> {colt5.workspace}, %e: memref<1xi32> {colt5.error_word})
    attributes {colt5.size_checks = @nowhere, colt5.workspace_size = @nowhere, colt5.result_sizes = @nowhere} {
  return
}

// -----

func.func @twice(%w: memref<?xi8> {colt5.workspace}, %v: memref<?xi8> {colt5.workspace}, %p: !llvm.ptr {colt5.pool}) {
  return
}
func.func private @twice.workspace_size(%x: f32) -> (f32, index) attributes {colt5.companion = "workspace_size"} {
  %c = arith.constant 0 : index
  return %x, %c : f32, index
}
func.func private @twice.result_sizes() attributes {colt5.companion = "result_sizes"} {
  return
}
func.func private @other(%n: index) -> index attributes {colt5.companion = "something"} {
  return %n : index
}

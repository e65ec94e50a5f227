// Input of examples.test: C is odd, and an op without example.
def Colt5_RopeOp : Colt5_StructuredOp<"rope"> {
  let description = [{
    Example:
    ```mlir
    %r = colt5.rope ins(%q, %pos : tensor<2x8x256x3xf32>, tensor<2x256xi32>) outs(%init : tensor<2x8x256x3xf32>)
        -> tensor<2x8x256x3xf32>
    ```
  }];
}
def Colt5_NothingOp : Colt5_Op<"nothing"> {
}

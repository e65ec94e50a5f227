// A scalar, bf16 and bool.
func.func @scale(%x: tensor<?x4xbf16> {colt5.name = "x"}, %s: f32 {colt5.name = "s"})
    -> (tensor<?x4xbf16> {colt5.name = "y"}) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x4xbf16>
  %e = tensor.empty(%n) : tensor<?x4xbf16>
  %y = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]} ins(%x : tensor<?x4xbf16>) outs(%e : tensor<?x4xbf16>) {
  ^bb0(%a: bf16, %o: bf16):
    %w = arith.extf %a : bf16 to f32
    %p = arith.mulf %w, %s : f32
    %r = arith.truncf %p : f32 to bf16
    linalg.yield %r : bf16
  } -> tensor<?x4xbf16>
  return %y : tensor<?x4xbf16>
}

func.func @best(%scores: tensor<1x1x?xf32> {colt5.name = "scores"})
    -> (tensor<1x1x2xi32> {colt5.name = "indices"}, tensor<1x1x2xi1> {colt5.name = "valid"}) {
  %i = tensor.empty() : tensor<1x1x2xi32>
  %v = tensor.empty() : tensor<1x1x2xi1>
  %idx, %valid = colt5.topk ins(%scores : tensor<1x1x?xf32>) outs(%i, %v : tensor<1x1x2xi32>, tensor<1x1x2xi1>)
      -> (tensor<1x1x2xi32>, tensor<1x1x2xi1>)
  return %idx, %valid : tensor<1x1x2xi32>, tensor<1x1x2xi1>
}

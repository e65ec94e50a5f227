// Three buffers of n numbers in the workspace, and an output of n * m numbers.
func.func @chain(%s: tensor<1x1x?xf32>, %k: f32) -> (tensor<1x1x?xf32> {colt5.name = "w"}) {
  %c2 = arith.constant 2 : index
  %n = tensor.dim %s, %c2 : tensor<1x1x?xf32>
  %e = tensor.empty(%n) : tensor<1x1x?xf32>
  %a = colt5.soft_topk ins(%s, %k : tensor<1x1x?xf32>, f32) outs(%e : tensor<1x1x?xf32>) -> tensor<1x1x?xf32>
  %b = colt5.soft_topk ins(%a, %k : tensor<1x1x?xf32>, f32) outs(%e : tensor<1x1x?xf32>) -> tensor<1x1x?xf32>
  %c = colt5.soft_topk ins(%b, %k : tensor<1x1x?xf32>, f32) outs(%e : tensor<1x1x?xf32>) -> tensor<1x1x?xf32>
  return %c : tensor<1x1x?xf32>
}

func.func @outer(%x: tensor<?xi8>, %y: tensor<?xi8>) -> (tensor<?x?xi8> {colt5.name = "z"}, tensor<?xi8> {colt5.name = "flat"}) {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?xi8>
  %m = tensor.dim %y, %c0 : tensor<?xi8>
  %e = tensor.empty(%n, %m) : tensor<?x?xi8>
  %z = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]} ins(%x, %y : tensor<?xi8>, tensor<?xi8>) outs(%e : tensor<?x?xi8>) {
  ^bb0(%a: i8, %b: i8, %o: i8):
    %p = arith.muli %a, %b : i8
    linalg.yield %p : i8
  } -> tensor<?x?xi8>
  %flat = tensor.collapse_shape %z [[0, 1]] : tensor<?x?xi8> into tensor<?xi8>
  return %z, %flat : tensor<?x?xi8>, tensor<?xi8>
}

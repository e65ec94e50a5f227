// x scaled row by row, k ones, and one number for every 16 rows, which `init` has room for.
func.func @sizes(%x: tensor<?x4xf32> {colt5.name = "x", colt5.sizes = ["n", 4]}, %rows: tensor<?xf32> {colt5.name = "rows"},
    %init: tensor<?xf32> {colt5.name = "init"}, %k: index {colt5.name = "k"})
    -> (tensor<?x4xf32> {colt5.name = "y"}, tensor<?xf32> {colt5.name = "head"}, tensor<?xf32> {colt5.name = "blocks"}) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %one = arith.constant 1.0 : f32
  %n = tensor.dim %x, %c0 : tensor<?x4xf32>
  %e = tensor.empty(%n) : tensor<?x4xf32>
  %y = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]} ins(%x, %rows : tensor<?x4xf32>, tensor<?xf32>) outs(%e : tensor<?x4xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %p = arith.mulf %a, %b : f32
    linalg.yield %p : f32
  } -> tensor<?x4xf32>
  %he = tensor.empty(%k) : tensor<?xf32>
  %head = linalg.fill ins(%one : f32) outs(%he : tensor<?xf32>) -> tensor<?xf32>
  %m = arith.ceildivui %n, %c16 : index
  %be = tensor.empty(%m) : tensor<?xf32>
  %ones = linalg.fill ins(%one : f32) outs(%be : tensor<?xf32>) -> tensor<?xf32>
  %blocks = linalg.add ins(%ones, %ones : tensor<?xf32>, tensor<?xf32>) outs(%init : tensor<?xf32>) -> tensor<?xf32>
  return %y, %head, %blocks : tensor<?x4xf32>, tensor<?xf32>, tensor<?xf32>
}

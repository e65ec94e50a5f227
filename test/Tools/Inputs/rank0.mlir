// A tensor without dimensions, a scalar, and a constant that is the base of a scatter.
func.func @f(%temperature: tensor<f32>, %x: tensor<4xf32>, %shift: f32, %i: tensor<1x2xi32>)
    -> (tensor<4xf32> {colt5.name = "y"}, tensor<f32> {colt5.name = "sum"}, tensor<1x3x4xf32> {colt5.name = "rows"}) {
  %e = tensor.empty() : tensor<4xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i) -> ()>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
      iterator_types = ["parallel"]} ins(%temperature, %x : tensor<f32>, tensor<4xf32>) outs(%e : tensor<4xf32>) {
  ^bb0(%t: f32, %a: f32, %o: f32):
    %m = arith.mulf %t, %a : f32
    %s = arith.addf %m, %shift : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  %zero = arith.constant dense<0.0> : tensor<f32>
  %sum = linalg.reduce ins(%y : tensor<4xf32>) outs(%zero : tensor<f32>) dimensions = [0]
      (%p: f32, %q: f32) { %t = arith.addf %p, %q : f32 linalg.yield %t : f32 }
  %base = arith.constant dense<0.5> : tensor<1x3x4xf32>
  %updates = arith.constant dense<[[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]]> : tensor<1x2x4xf32>
  %rows = colt5.scatter_combine ins(%updates, %i : tensor<1x2x4xf32>, tensor<1x2xi32>) outs(%base : tensor<1x3x4xf32>)
      {combine = add} -> tensor<1x3x4xf32>
  return %y, %sum, %rows : tensor<4xf32>, tensor<f32>, tensor<1x3x4xf32>
}

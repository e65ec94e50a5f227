// One size, static in one operand and dynamic in another, whose argument is written over.
// INPUT: random:seed=1
// INPUT: random:seed=2,shape=5x3
// INPUT: random:seed=3
// INPUT: random:seed=4,shape=1
func.func @f(%x: tensor<5x3xf32>, %y: tensor<?x3xf32>, %one: tensor<1xbf16>, %z: tensor<?xbf16>) -> (tensor<?x3xf32>, tensor<?xbf16>) {
  %r = linalg.add ins(%x, %y : tensor<5x3xf32>, tensor<?x3xf32>) outs(%y : tensor<?x3xf32>) -> tensor<?x3xf32>
  %s = linalg.add ins(%one, %z : tensor<1xbf16>, tensor<?xbf16>) outs(%z : tensor<?xbf16>) -> tensor<?xbf16>
  return %r, %s : tensor<?x3xf32>, tensor<?xbf16>
}

// A slice that is all of a tensor has its sizes, whatever they are called.
// INPUT: random:seed=1,shape=3x1
// INPUT: random:seed=2,shape=3x1
func.func @f(%x: tensor<?x1xf32>, %y: tensor<?x1xf32>) -> tensor<?x1xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x1xf32>
  %r = tensor.insert_slice %y into %x[0, %c0] [%n, 1] [1, 1] : tensor<?x1xf32> into tensor<?x1xf32>
  return %r : tensor<?x1xf32>
}

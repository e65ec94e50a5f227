// Slices at every 32-bit border, dynamic offsets and rows beyond 2^31 elements.
func.func @slices(%x: tensor<8589934592xi8>)
    -> (tensor<64xi8> {colt5.name = "a"}, tensor<64xi8> {colt5.name = "b"}, tensor<64xi8> {colt5.name = "c"},
        tensor<64xi8> {colt5.name = "d"}) {
  %e = tensor.empty() : tensor<64xi8>
  %s0 = tensor.extract_slice %x[268435456] [64] [1] : tensor<8589934592xi8> to tensor<64xi8>
  %s1 = tensor.extract_slice %x[2147483616] [64] [1] : tensor<8589934592xi8> to tensor<64xi8>
  %s2 = tensor.extract_slice %x[4294967264] [64] [1] : tensor<8589934592xi8> to tensor<64xi8>
  %s3 = tensor.extract_slice %x[8589934528] [64] [1] : tensor<8589934592xi8> to tensor<64xi8>
  %a = linalg.add ins(%s0, %s0 : tensor<64xi8>, tensor<64xi8>) outs(%e : tensor<64xi8>) -> tensor<64xi8>
  %b = linalg.add ins(%s1, %s1 : tensor<64xi8>, tensor<64xi8>) outs(%e : tensor<64xi8>) -> tensor<64xi8>
  %c = linalg.add ins(%s2, %s2 : tensor<64xi8>, tensor<64xi8>) outs(%e : tensor<64xi8>) -> tensor<64xi8>
  %d = linalg.add ins(%s3, %s3 : tensor<64xi8>, tensor<64xi8>) outs(%e : tensor<64xi8>) -> tensor<64xi8>
  return %a, %b, %c, %d : tensor<64xi8>, tensor<64xi8>, tensor<64xi8>, tensor<64xi8>
}

func.func @at(%x: tensor<?xi8>, %offset: index) -> (tensor<64xi8> {colt5.name = "y"}) {
  %e = tensor.empty() : tensor<64xi8>
  %s = tensor.extract_slice %x[%offset] [64] [1] : tensor<?xi8> to tensor<64xi8>
  %y = linalg.add ins(%s, %s : tensor<64xi8>, tensor<64xi8>) outs(%e : tensor<64xi8>) -> tensor<64xi8>
  return %y : tensor<64xi8>
}

func.func @rows(%x: tensor<1x?x64xi8>, %i: tensor<1x?xi32>)
    -> (tensor<1x?x64xi8> {colt5.name = "y"}, tensor<1x?x8xi8> {colt5.name = "tails"}) {
  %c1 = arith.constant 1 : index
  %k = tensor.dim %i, %c1 : tensor<1x?xi32>
  %n = tensor.dim %x, %c1 : tensor<1x?x64xi8>
  %e = tensor.empty(%k) : tensor<1x?x64xi8>
  %r = colt5.gather ins(%x, %i : tensor<1x?x64xi8>, tensor<1x?xi32>) outs(%e : tensor<1x?x64xi8>) -> tensor<1x?x64xi8>
  %f = tensor.empty(%k) : tensor<1x?x8xi8>
  %s = tensor.extract_slice %x[0, 0, 56] [1, %n, 8] [1, 1, 1] : tensor<1x?x64xi8> to tensor<1x?x8xi8>
  %t = colt5.gather ins(%s, %i : tensor<1x?x8xi8>, tensor<1x?xi32>) outs(%f : tensor<1x?x8xi8>) -> tensor<1x?x8xi8>
  return %r, %t : tensor<1x?x64xi8>, tensor<1x?x8xi8>
}

func.func @pick(%scores: tensor<1x1x?xf32>) -> (tensor<1x1x2xi32> {colt5.name = "idx"}) {
  %i = tensor.empty() : tensor<1x1x2xi32>
  %v = tensor.empty() : tensor<1x1x2xi1>
  %idx, %valid = colt5.topk ins(%scores : tensor<1x1x?xf32>) outs(%i, %v : tensor<1x1x2xi32>, tensor<1x1x2xi1>)
      -> (tensor<1x1x2xi32>, tensor<1x1x2xi1>)
  return %idx : tensor<1x1x2xi32>
}

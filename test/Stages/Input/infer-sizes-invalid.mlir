// RUN: colt5-opt %s --split-input-file --verify-diagnostics --colt5-infer-sizes

func.func @never(%a: tensor<?xf32>, %b: tensor<6xf32>, %c: tensor<4xf32>) -> tensor<?xf32> {
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%b : tensor<6xf32>) outs(%a : tensor<?xf32>) {
  ^bb0(%x: f32, %o: f32):
    linalg.yield %x : f32
  } -> tensor<?xf32>
  // expected-error @below {{expected two equal sizes, found 4 and 6; the operands never fit each other}}
  %s = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%c : tensor<4xf32>) outs(%r : tensor<?xf32>) {
  ^bb0(%x: f32, %o: f32):
    linalg.yield %x : f32
  } -> tensor<?xf32>
  return %s : tensor<?xf32>
}

// -----

// expected-error @below {{argument #1: size 'm' has to be equal to size 'n'; give them one name}}
func.func @names(%a: tensor<?xf32> {colt5.sizes = ["n"]}, %b: tensor<?xf32> {colt5.sizes = ["m"]}) -> tensor<?xf32> {
  %r = linalg.add ins(%a, %a : tensor<?xf32>, tensor<?xf32>) outs(%b : tensor<?xf32>) -> tensor<?xf32>
  return %r : tensor<?xf32>
}

// -----

// expected-error @below {{argument #0: size 'n' has to be 6; write the number in place of the name}}
func.func @number(%a: tensor<?xf32> {colt5.sizes = ["n"]}, %b: tensor<6xf32>) -> tensor<?xf32> {
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%b : tensor<6xf32>) outs(%a : tensor<?xf32>) {
  ^bb0(%x: f32, %o: f32):
    linalg.yield %x : f32
  } -> tensor<?xf32>
  return %r : tensor<?xf32>
}

// -----

// expected-error @below {{argument #0: expected the size 6, which the function needs, found 7}}
func.func @wrong(%a: tensor<?xf32> {colt5.sizes = [7]}, %b: tensor<6xf32>) -> tensor<?xf32> {
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%b : tensor<6xf32>) outs(%a : tensor<?xf32>) {
  ^bb0(%x: f32, %o: f32):
    linalg.yield %x : f32
  } -> tensor<?xf32>
  return %r : tensor<?xf32>
}

// -----

// A rule is checked for sizes that become known.
func.func @blocks(%s: tensor<1x1x8xf32>) -> (tensor<?x?x3xi32>, tensor<?x?x3xi1>) {
  %c1 = arith.constant 1 : index
  %i = tensor.empty(%c1, %c1) : tensor<?x?x3xi32>
  %v = tensor.empty(%c1, %c1) : tensor<?x?x3xi1>
  %d = tensor.cast %s : tensor<1x1x8xf32> to tensor<?x?x?xf32>
  // expected-error @below {{topk_c6: expected K to be a multiple of 4, the number of full blocks, found 3}}
  %r:2 = colt5.topk ins(%d : tensor<?x?x?xf32>) outs(%i, %v : tensor<?x?x3xi32>, tensor<?x?x3xi1>) {block = 2}
      -> (tensor<?x?x3xi32>, tensor<?x?x3xi1>)
  return %r#0, %r#1 : tensor<?x?x3xi32>, tensor<?x?x3xi1>
}

// -----

func.func @negative_size() -> tensor<?xf32> {
  %c = arith.constant -5 : index
  // expected-error @below {{expected a size or count of 0 or more, found -5}}
  %e = tensor.empty(%c) : tensor<?xf32>
  return %e : tensor<?xf32>
}

// -----

func.func @negative_count(%x: tensor<1x4x2xf32>, %u: tensor<1x2xf32>, %d: tensor<2x2xf32>) -> tensor<1x4x2xf32> {
  %k = arith.constant -1 : index
  // expected-error @below {{expected a size or count of 0 or more, found -1}}
  %r = colt5.conditional_ffn %x router(%u) heavy(in = %d, out = %d) tokens(%k)
      : tensor<1x4x2xf32>, tensor<1x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, index -> tensor<1x4x2xf32>
  return %r : tensor<1x4x2xf32>
}

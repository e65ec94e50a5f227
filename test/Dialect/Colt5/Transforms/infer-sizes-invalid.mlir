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

func.func @bf16(%x: tensor<7xbf16>, %y: tensor<7xf16>) -> (tensor<7xbf16>, tensor<7xf16>) {
  %e = tensor.empty() : tensor<7xbf16>
  %a = linalg.abs ins(%x : tensor<7xbf16>) outs(%e : tensor<7xbf16>) -> tensor<7xbf16>
  %r = linalg.mul ins(%a, %x : tensor<7xbf16>, tensor<7xbf16>) outs(%e : tensor<7xbf16>) -> tensor<7xbf16>
  %h = tensor.empty() : tensor<7xf16>
  %b = linalg.max ins(%y, %y : tensor<7xf16>, tensor<7xf16>) outs(%h : tensor<7xf16>) -> tensor<7xf16>
  %q = linalg.add ins(%b, %y : tensor<7xf16>, tensor<7xf16>) outs(%h : tensor<7xf16>) -> tensor<7xf16>
  return %r, %q : tensor<7xbf16>, tensor<7xf16>
}

// Masks are bytes. Input masks count 0, 1, 0, ...
#id = affine_map<(d0) -> (d0)>
func.func @masks(%m: tensor<?xi1>, %x: tensor<5xi32>, %k: index) -> (tensor<?xi1>, tensor<?xi32>, tensor<5xi64>) {
  %c0 = arith.constant 0 : index
  %true = arith.constant true
  %five = arith.constant 5 : i32
  %n = tensor.dim %m, %c0 : tensor<?xi1>
  %e = tensor.empty(%n) : tensor<?xi1>
  %not = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%m : tensor<?xi1>) outs(%e : tensor<?xi1>) {
  ^bb0(%a: i1, %b: i1):
    %p = arith.xori %a, %true : i1
    linalg.yield %p : i1
  } -> tensor<?xi1>
  %e2 = tensor.empty(%n) : tensor<?xi32>
  %sel = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%not : tensor<?xi1>) outs(%e2 : tensor<?xi32>) {
  ^bb0(%a: i1, %b: i32):
    %k32 = arith.index_cast %k : index to i32
    %p = arith.select %a, %five, %k32 : i32
    linalg.yield %p : i32
  } -> tensor<?xi32>
  %e3 = tensor.empty() : tensor<5xi64>
  %wide = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<5xi32>) outs(%e3 : tensor<5xi64>) {
  ^bb0(%a: i32, %b: i64):
    %w = arith.extsi %a : i32 to i64
    %one = arith.constant 1 : i64
    %p = arith.addi %w, %one : i64
    linalg.yield %p : i64
  } -> tensor<5xi64>
  return %not, %sel, %wide : tensor<?xi1>, tensor<?xi32>, tensor<5xi64>
}

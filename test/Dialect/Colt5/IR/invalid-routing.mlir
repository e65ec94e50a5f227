// RUN: colt5-opt %s --split-input-file --verify-diagnostics

func.func @router_scores_c0(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{router_scores_c0: expected result 0 to have the type of its outs operand, 'tensor<2x1x8xf32>', found 'tensor<2x1x9xf32>'}}
  %s = colt5.router_scores ins(%x, %u : tensor<2x8x4xf32>, tensor<1x4xf32>) outs(%o : tensor<2x1x8xf32>) -> tensor<2x1x9xf32>
  return
}

// -----

func.func @router_scores_c0(%x: tensor<2x8x4xf32>, %u: memref<1x4xf32>, %o: memref<2x1x8xf32>) {
  // expected-error @below {{router_scores_c0: expected operands that are all tensors or all memrefs, found both}}
  colt5.router_scores ins(%x, %u : tensor<2x8x4xf32>, memref<1x4xf32>) outs(%o : memref<2x1x8xf32>)
  return
}

// -----

func.func @router_scores_c0(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{router_scores_c0: expected 1 result(s), one for each tensor in outs, found 0}}
  colt5.router_scores ins(%x, %u : tensor<2x8x4xf32>, tensor<1x4xf32>) outs(%o : tensor<2x1x8xf32>)
  return
}

// -----

func.func @router_scores_c0(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %o: tensor<2x1x8xf32>, %o2: tensor<2x1x8xf32>) {
  // expected-error @below {{router_scores_c0: expected 1 outs operand, found 2}}
  %s:2 = colt5.router_scores ins(%x, %u : tensor<2x8x4xf32>, tensor<1x4xf32>) outs(%o, %o2 : tensor<2x1x8xf32>, tensor<2x1x8xf32>) -> (tensor<2x1x8xf32>, tensor<2x1x8xf32>)
  return
}

// -----

func.func @router_scores_c0(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>) {
  // expected-error @below {{router_scores_c0: expected 1 outs operand, found 0}}
  "colt5.router_scores"(%x, %u) <{operandSegmentSizes = array<i32: 1, 1, 0, 0>}> : (tensor<2x8x4xf32>, tensor<1x4xf32>) -> ()
  return
}

// -----

func.func @router_scores_c1(%x: tensor<8x4xf32>, %u: tensor<1x4xf32>, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{router_scores_c1: expected x to have rank 3, found 2}}
  %s = colt5.router_scores ins(%x, %u : tensor<8x4xf32>, tensor<1x4xf32>) outs(%o : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>
  return
}

// -----

func.func @router_scores_c1(%x: tensor<2x8x4xf32>, %u: tensor<4xf32>, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{router_scores_c1: expected u to have rank 2 or 3, found 1}}
  %s = colt5.router_scores ins(%x, %u : tensor<2x8x4xf32>, tensor<4xf32>) outs(%o : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>
  return
}

// -----

func.func @router_scores_c1(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %o: tensor<2x8xf32>) {
  // expected-error @below {{router_scores_c1: expected outs to have rank 3, found 2}}
  %s = colt5.router_scores ins(%x, %u : tensor<2x8x4xf32>, tensor<1x4xf32>) outs(%o : tensor<2x8xf32>) -> tensor<2x8xf32>
  return
}

// -----

func.func @router_scores_c2(%x: tensor<2x8x4xi32>, %u: tensor<1x4xf32>, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{router_scores_c2: expected x to have element type f16, bf16, f32 or f64, found 'i32'}}
  %s = colt5.router_scores ins(%x, %u : tensor<2x8x4xi32>, tensor<1x4xf32>) outs(%o : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>
  return
}

// -----

func.func @router_scores_c2(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf16>, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{router_scores_c2: expected u to have element type f32, found 'f16'}}
  %s = colt5.router_scores ins(%x, %u : tensor<2x8x4xf32>, tensor<1x4xf16>) outs(%o : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>
  return
}

// -----

func.func @router_scores_c2(%x: tensor<2x8x4xbf16>, %u: tensor<1x4xbf16>, %o: tensor<2x1x8xbf16>) {
  // expected-error @below {{router_scores_c2: expected outs to have element type f32, found 'bf16'}}
  %s = colt5.router_scores ins(%x, %u : tensor<2x8x4xbf16>, tensor<1x4xbf16>) outs(%o : tensor<2x1x8xbf16>) -> tensor<2x1x8xbf16>
  return
}

// -----

func.func @router_scores_c2(%x: tensor<2x8x4xf64>, %u: tensor<1x4xf64>, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{router_scores_c2: expected outs to have element type f64, found 'f32'}}
  %s = colt5.router_scores ins(%x, %u : tensor<2x8x4xf64>, tensor<1x4xf64>) outs(%o : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>
  return
}

// -----

func.func @router_scores_c3(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %m: tensor<2x8xi32>, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{router_scores_c3: expected mask to have element type i1, found 'i32'}}
  %s = colt5.router_scores ins(%x, %u : tensor<2x8x4xf32>, tensor<1x4xf32>) mask(%m : tensor<2x8xi32>) outs(%o : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>
  return
}

// -----

func.func @router_scores_c3(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %m: tensor<2x9xi1>, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{router_scores_c3: expected mask to have shape BxN or BxRxN = 2x8 or 2x1x8, found 2x9}}
  %s = colt5.router_scores ins(%x, %u : tensor<2x8x4xf32>, tensor<1x4xf32>) mask(%m : tensor<2x9xi1>) outs(%o : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>
  return
}

// -----

func.func @router_scores_c3(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %m: tensor<2x2x8xi1>, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{router_scores_c3: expected mask to have shape BxN or BxRxN = 2x8 or 2x1x8, found 2x2x8}}
  %s = colt5.router_scores ins(%x, %u : tensor<2x8x4xf32>, tensor<1x4xf32>) mask(%m : tensor<2x2x8xi1>) outs(%o : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>
  return
}

// -----

func.func @router_scores_c3(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %m: tensor<8xi1>, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{router_scores_c3: expected mask to have shape BxN or BxRxN = 2x8 or 2x1x8, found 8}}
  %s = colt5.router_scores ins(%x, %u : tensor<2x8x4xf32>, tensor<1x4xf32>) mask(%m : tensor<8xi1>) outs(%o : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>
  return
}

// -----

func.func @router_scores_c4(%x: tensor<2x8x4xf32>, %u: tensor<1x5xf32>, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{router_scores_c4: expected u to have shape RxD or BxRxD = ?x4 or 2x?x4, found 1x5}}
  %s = colt5.router_scores ins(%x, %u : tensor<2x8x4xf32>, tensor<1x5xf32>) outs(%o : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>
  return
}

// -----

func.func @router_scores_c4(%x: tensor<2x8x4xf32>, %u: tensor<3x1x4xf32>, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{router_scores_c4: expected u to have shape RxD or BxRxD = ?x4 or 2x?x4, found 3x1x4}}
  %s = colt5.router_scores ins(%x, %u : tensor<2x8x4xf32>, tensor<3x1x4xf32>) outs(%o : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>
  return
}

// -----

func.func @router_scores_c4(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %o: tensor<2x2x8xf32>) {
  // expected-error @below {{router_scores_c4: expected outs to have shape BxRxN = 2x1x8, found 2x2x8}}
  %s = colt5.router_scores ins(%x, %u : tensor<2x8x4xf32>, tensor<1x4xf32>) outs(%o : tensor<2x2x8xf32>) -> tensor<2x2x8xf32>
  return
}

// -----

func.func @router_scores_c4(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %o: tensor<3x1x8xf32>) {
  // expected-error @below {{router_scores_c4: expected outs to have shape BxRxN = 2x1x8, found 3x1x8}}
  %s = colt5.router_scores ins(%x, %u : tensor<2x8x4xf32>, tensor<1x4xf32>) outs(%o : tensor<3x1x8xf32>) -> tensor<3x1x8xf32>
  return
}

// -----

func.func @router_scores_c4(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %o: tensor<2x1x9xf32>) {
  // expected-error @below {{router_scores_c4: expected outs to have shape BxRxN = 2x1x8, found 2x1x9}}
  %s = colt5.router_scores ins(%x, %u : tensor<2x8x4xf32>, tensor<1x4xf32>) outs(%o : tensor<2x1x9xf32>) -> tensor<2x1x9xf32>
  return
}

// -----

func.func @router_scores_c4(%x: tensor<2x?x4xf32>, %u: tensor<1x4xf32>, %o: tensor<3x1x?xf32>) {
  // expected-error @below {{router_scores_c4: expected outs to have shape BxRxN = 2x1x?, found 3x1x?}}
  %s = colt5.router_scores ins(%x, %u : tensor<2x?x4xf32>, tensor<1x4xf32>) outs(%o : tensor<3x1x?xf32>) -> tensor<3x1x?xf32>
  return
}

// -----

func.func @router_scores_c5(%x: tensor<2x8x4xf32>, %u: tensor<1x4xf32>, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{router_scores_c5: expected a finite scale, found INF}}
  %s = colt5.router_scores ins(%x, %u : tensor<2x8x4xf32>, tensor<1x4xf32>) outs(%o : tensor<2x1x8xf32>) {scale = 0x7FF0000000000000 : f64} -> tensor<2x1x8xf32>
  return
}

// -----

func.func @soft_topk_c0(%s: tensor<2x1x8xf32>, %k: f32, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{soft_topk_c0: expected result 0 to have the type of its outs operand, 'tensor<2x1x8xf32>', found 'tensor<2x1x8xf64>'}}
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xf32>, f32) outs(%o : tensor<2x1x8xf32>) -> tensor<2x1x8xf64>
  return
}

// -----

func.func @soft_topk_c0(%s: tensor<2x1x8xf32>, %k: f32) {
  // expected-error @below {{soft_topk_c0: expected 1 outs operand, found 0}}
  "colt5.soft_topk"(%s, %k) <{operandSegmentSizes = array<i32: 1, 1, 0, 0>}> : (tensor<2x1x8xf32>, f32) -> ()
  return
}

// -----

func.func @soft_topk_c1(%s: tensor<2x8xf32>, %k: f32, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{soft_topk_c1: expected scores to have rank 3, found 2}}
  %w = colt5.soft_topk ins(%s, %k : tensor<2x8xf32>, f32) outs(%o : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>
  return
}

// -----

func.func @soft_topk_c1(%s: tensor<2x1x8xbf16>, %k: f32, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{soft_topk_c1: expected scores to have element type f32 or f64, found 'bf16'}}
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xbf16>, f32) outs(%o : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>
  return
}

// -----

func.func @soft_topk_c1(%s: tensor<2x1x8xf32>, %k: f32, %o: tensor<2x1x8xf64>) {
  // expected-error @below {{soft_topk_c1: expected outs to have element type f32, found 'f64'}}
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xf32>, f32) outs(%o : tensor<2x1x8xf64>) -> tensor<2x1x8xf64>
  return
}

// -----

func.func @soft_topk_c1(%s: tensor<2x1x8xf32>, %k: f32, %o: tensor<2x1x9xf32>) {
  // expected-error @below {{soft_topk_c1: expected outs to have shape BxRxN = 2x1x8, found 2x1x9}}
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xf32>, f32) outs(%o : tensor<2x1x9xf32>) -> tensor<2x1x9xf32>
  return
}

// -----

func.func @soft_topk_c2(%s: tensor<2x1x8xf32>, %k: f64, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{soft_topk_c2: expected k_norm to have element type f32, found 'f64'}}
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xf32>, f64) outs(%o : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>
  return
}

// -----

func.func @soft_topk_c2(%s: tensor<2x1x8xf32>, %k: tensor<2x2xf32>, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{soft_topk_c2: expected k_norm to have shape BxR = 2x1, found 2x2}}
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xf32>, tensor<2x2xf32>) outs(%o : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>
  return
}

// -----

func.func @soft_topk_c2(%s: tensor<2x1x8xf32>, %k: tensor<2xf32>, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{soft_topk_c2: expected k_norm to have shape BxR = 2x1, found 2}}
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xf32>, tensor<2xf32>) outs(%o : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>
  return
}

// -----

func.func @soft_topk_c2(%s: tensor<2x1x8xf32>, %k: index, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{soft_topk_c2: expected k_norm to have element type f32, found 'index'}}
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xf32>, index) outs(%o : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>
  return
}

// -----

func.func @soft_topk_c3(%s: tensor<2x1x8xf32>, %k: f32, %m: tensor<2x8xi8>, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{soft_topk_c3: expected mask to have element type i1, found 'i8'}}
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xf32>, f32) mask(%m : tensor<2x8xi8>) outs(%o : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>
  return
}

// -----

func.func @soft_topk_c3(%s: tensor<2x1x8xf32>, %k: f32, %m: tensor<1x8xi1>, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{soft_topk_c3: expected mask to have shape BxN or BxRxN = 2x8 or 2x1x8, found 1x8}}
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xf32>, f32) mask(%m : tensor<1x8xi1>) outs(%o : tensor<2x1x8xf32>) -> tensor<2x1x8xf32>
  return
}

// -----

func.func @soft_topk_c4(%s: tensor<2x1x8xf32>, %k: f32, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{soft_topk_c4: expected a finite eps > 0, found 0.000000e+00}}
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xf32>, f32) outs(%o : tensor<2x1x8xf32>) {eps = 0.0} -> tensor<2x1x8xf32>
  return
}

// -----

func.func @soft_topk_c4(%s: tensor<2x1x8xf32>, %k: f32, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{soft_topk_c4: expected a finite eps > 0, found -1.000000e+00}}
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xf32>, f32) outs(%o : tensor<2x1x8xf32>) {eps = -1.0} -> tensor<2x1x8xf32>
  return
}

// -----

func.func @soft_topk_c4(%s: tensor<2x1x8xf32>, %k: f32, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{soft_topk_c4: expected a finite eps_init > 0, found 0.000000e+00}}
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xf32>, f32) outs(%o : tensor<2x1x8xf32>) {eps_init = 0.0} -> tensor<2x1x8xf32>
  return
}

// -----

func.func @soft_topk_c4(%s: tensor<2x1x8xf32>, %k: f32, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{soft_topk_c4: expected 0 < eps_decay <= 1, found 0.000000e+00}}
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xf32>, f32) outs(%o : tensor<2x1x8xf32>) {eps_decay = 0.0} -> tensor<2x1x8xf32>
  return
}

// -----

func.func @soft_topk_c4(%s: tensor<2x1x8xf32>, %k: f32, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{soft_topk_c4: expected 0 < eps_decay <= 1, found 1.500000e+00}}
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xf32>, f32) outs(%o : tensor<2x1x8xf32>) {eps_decay = 1.5} -> tensor<2x1x8xf32>
  return
}

// -----

func.func @soft_topk_c4(%s: tensor<2x1x8xf32>, %k: f32, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{soft_topk_c4: expected a finite eps > 0, found nan}}
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xf32>, f32) outs(%o : tensor<2x1x8xf32>) {eps = 0x7FF8000000000000 : f64} -> tensor<2x1x8xf32>
  return
}

// -----

func.func @soft_topk_c5(%s: tensor<2x1x8xf32>, %k: f32, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{soft_topk_c5: expected iterations >= 1, found 0}}
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xf32>, f32) outs(%o : tensor<2x1x8xf32>) {iterations = 0} -> tensor<2x1x8xf32>
  return
}

// -----

func.func @soft_topk_c5(%s: tensor<2x1x8xf32>, %k: f32, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{soft_topk_c5: expected iterations >= 1, found -3}}
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xf32>, f32) outs(%o : tensor<2x1x8xf32>) {iterations = -3} -> tensor<2x1x8xf32>
  return
}

// -----

func.func @soft_topk_c6(%s: tensor<2x1x8xf32>, %k: f32, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{soft_topk_c6: expected N to be at least 9, one full block, found 8}}
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xf32>, f32) outs(%o : tensor<2x1x8xf32>) {block = 9} -> tensor<2x1x8xf32>
  return
}

// -----

func.func @soft_topk_c6(%s: tensor<2x1x8xf32>, %k: f32, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{soft_topk_c6: expected block >= 1, found 0}}
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xf32>, f32) outs(%o : tensor<2x1x8xf32>) {block = 0} -> tensor<2x1x8xf32>
  return
}

// -----

func.func @soft_topk_c6(%s: tensor<2x1x8xf32>, %k: f32, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{soft_topk_c6: expected block >= 1, found -4}}
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xf32>, f32) outs(%o : tensor<2x1x8xf32>) {block = -4} -> tensor<2x1x8xf32>
  return
}

// -----

func.func @topk_c0(%s: tensor<2x1x8xf32>, %oi: tensor<2x1x4xi32>, %ov: tensor<2x1x4xi1>) {
  // expected-error @below {{topk_c0: expected 2 result(s), one for each tensor in outs, found 0}}
  colt5.topk ins(%s : tensor<2x1x8xf32>) outs(%oi, %ov : tensor<2x1x4xi32>, tensor<2x1x4xi1>)
  return
}

// -----

func.func @topk_c0(%s: memref<2x1x8xf32>, %m: tensor<2x8xi1>, %oi: memref<2x1x4xi32>, %ov: memref<2x1x4xi1>) {
  // expected-error @below {{topk_c0: expected operands that are all tensors or all memrefs, found both}}
  colt5.topk ins(%s : memref<2x1x8xf32>) mask(%m : tensor<2x8xi1>) outs(%oi, %ov : memref<2x1x4xi32>, memref<2x1x4xi1>)
  return
}

// -----

func.func @topk_c1(%s: tensor<2x8xf32>, %oi: tensor<2x1x4xi32>, %ov: tensor<2x1x4xi1>) {
  // expected-error @below {{topk_c1: expected scores to have rank 3, found 2}}
  %i, %v = colt5.topk ins(%s : tensor<2x8xf32>) outs(%oi, %ov : tensor<2x1x4xi32>, tensor<2x1x4xi1>) -> (tensor<2x1x4xi32>, tensor<2x1x4xi1>)
  return
}

// -----

func.func @topk_c1(%s: tensor<2x1x8xi32>, %oi: tensor<2x1x4xi32>, %ov: tensor<2x1x4xi1>) {
  // expected-error @below {{topk_c1: expected scores to have element type f32 or f64, found 'i32'}}
  %i, %v = colt5.topk ins(%s : tensor<2x1x8xi32>) outs(%oi, %ov : tensor<2x1x4xi32>, tensor<2x1x4xi1>) -> (tensor<2x1x4xi32>, tensor<2x1x4xi1>)
  return
}

// -----

func.func @topk_c2(%s: tensor<2x1x8xf32>, %oi: tensor<2x1x4xi32>, %ov: tensor<2x1x5xi1>) {
  // expected-error @below {{topk_c2: expected valid to have shape BxRxK = 2x1x4, found 2x1x5}}
  %i, %v = colt5.topk ins(%s : tensor<2x1x8xf32>) outs(%oi, %ov : tensor<2x1x4xi32>, tensor<2x1x5xi1>) -> (tensor<2x1x4xi32>, tensor<2x1x5xi1>)
  return
}

// -----

func.func @topk_c2(%s: tensor<2x1x8xf32>, %oi: tensor<2x2x4xi32>, %ov: tensor<2x1x4xi1>) {
  // expected-error @below {{topk_c2: expected idx to have shape BxRxK = 2x1x?, found 2x2x4}}
  %i, %v = colt5.topk ins(%s : tensor<2x1x8xf32>) outs(%oi, %ov : tensor<2x2x4xi32>, tensor<2x1x4xi1>) -> (tensor<2x2x4xi32>, tensor<2x1x4xi1>)
  return
}

// -----

func.func @topk_c2(%s: tensor<2x1x8xf32>, %oi: tensor<2x4xi32>, %ov: tensor<2x1x4xi1>) {
  // expected-error @below {{topk_c2: expected idx to have shape BxRxK = 2x1x?, found 2x4}}
  %i, %v = colt5.topk ins(%s : tensor<2x1x8xf32>) outs(%oi, %ov : tensor<2x4xi32>, tensor<2x1x4xi1>) -> (tensor<2x4xi32>, tensor<2x1x4xi1>)
  return
}

// -----

func.func @topk_c2(%s: tensor<2x1x8xf32>, %oi: tensor<2x1x4xi32>, %ov: tensor<2x1x4xi1>, %ow: tensor<2x1x3xf32>) {
  // expected-error @below {{topk_c2: expected values to have shape BxRxK = 2x1x4, found 2x1x3}}
  %i, %v, %w = colt5.topk ins(%s : tensor<2x1x8xf32>) outs(%oi, %ov, %ow : tensor<2x1x4xi32>, tensor<2x1x4xi1>, tensor<2x1x3xf32>) -> (tensor<2x1x4xi32>, tensor<2x1x4xi1>, tensor<2x1x3xf32>)
  return
}

// -----

func.func @topk_c2(%s: tensor<?x1x8xf32>, %oi: tensor<2x1x?xi32>, %ov: tensor<3x1x?xi1>) {
  // expected-error @below {{topk_c2: expected valid to have shape BxRxK = 2x1x?, found 3x1x?}}
  %i, %v = colt5.topk ins(%s : tensor<?x1x8xf32>) outs(%oi, %ov : tensor<2x1x?xi32>, tensor<3x1x?xi1>) -> (tensor<2x1x?xi32>, tensor<3x1x?xi1>)
  return
}

// -----

func.func @topk_c3(%s: tensor<2x1x8xf32>, %oi: tensor<2x1x4xi64>, %ov: tensor<2x1x4xi1>) {
  // expected-error @below {{topk_c3: expected idx to have element type i32, found 'i64'}}
  %i, %v = colt5.topk ins(%s : tensor<2x1x8xf32>) outs(%oi, %ov : tensor<2x1x4xi64>, tensor<2x1x4xi1>) -> (tensor<2x1x4xi64>, tensor<2x1x4xi1>)
  return
}

// -----

func.func @topk_c3(%s: tensor<2x1x8xf32>, %oi: tensor<2x1x4xi32>, %ov: tensor<2x1x4xi8>) {
  // expected-error @below {{topk_c3: expected valid to have element type i1, found 'i8'}}
  %i, %v = colt5.topk ins(%s : tensor<2x1x8xf32>) outs(%oi, %ov : tensor<2x1x4xi32>, tensor<2x1x4xi8>) -> (tensor<2x1x4xi32>, tensor<2x1x4xi8>)
  return
}

// -----

func.func @topk_c3(%s: tensor<2x1x8xf32>, %oi: tensor<2x1x4xi32>, %ov: tensor<2x1x4xi1>, %ow: tensor<2x1x4xf64>) {
  // expected-error @below {{topk_c3: expected values to have element type f32, found 'f64'}}
  %i, %v, %w = colt5.topk ins(%s : tensor<2x1x8xf32>) outs(%oi, %ov, %ow : tensor<2x1x4xi32>, tensor<2x1x4xi1>, tensor<2x1x4xf64>) -> (tensor<2x1x4xi32>, tensor<2x1x4xi1>, tensor<2x1x4xf64>)
  return
}

// -----

func.func @topk_c4(%s: tensor<2x1x8xf32>, %m: tensor<2x8xf32>, %oi: tensor<2x1x4xi32>, %ov: tensor<2x1x4xi1>) {
  // expected-error @below {{topk_c4: expected mask to have element type i1, found 'f32'}}
  %i, %v = colt5.topk ins(%s : tensor<2x1x8xf32>) mask(%m : tensor<2x8xf32>) outs(%oi, %ov : tensor<2x1x4xi32>, tensor<2x1x4xi1>) -> (tensor<2x1x4xi32>, tensor<2x1x4xi1>)
  return
}

// -----

func.func @topk_c4(%s: tensor<2x1x8xf32>, %m: tensor<2x7xi1>, %oi: tensor<2x1x4xi32>, %ov: tensor<2x1x4xi1>) {
  // expected-error @below {{topk_c4: expected mask to have shape BxN or BxRxN = 2x8 or 2x1x8, found 2x7}}
  %i, %v = colt5.topk ins(%s : tensor<2x1x8xf32>) mask(%m : tensor<2x7xi1>) outs(%oi, %ov : tensor<2x1x4xi32>, tensor<2x1x4xi1>) -> (tensor<2x1x4xi32>, tensor<2x1x4xi1>)
  return
}

// -----

func.func @topk_c5(%s: tensor<2x1x8xf32>, %oi: tensor<2x1x4xi32>) {
  // expected-error @below {{topk_c5: expected 2 or 3 outs operands, found 1}}
  %i = colt5.topk ins(%s : tensor<2x1x8xf32>) outs(%oi : tensor<2x1x4xi32>) -> tensor<2x1x4xi32>
  return
}

// -----

func.func @topk_c6(%s: tensor<2x1x8xf32>, %oi: tensor<2x1x4xi32>, %ov: tensor<2x1x4xi1>) {
  // expected-error @below {{topk_c6: expected block >= 1, found 0}}
  %i, %v = colt5.topk ins(%s : tensor<2x1x8xf32>) outs(%oi, %ov : tensor<2x1x4xi32>, tensor<2x1x4xi1>) {block = 0} -> (tensor<2x1x4xi32>, tensor<2x1x4xi1>)
  return
}

// -----

func.func @topk_c6(%s: tensor<2x1x8xf32>, %oi: tensor<2x1x4xi32>, %ov: tensor<2x1x4xi1>) {
  // expected-error @below {{topk_c6: expected N to be at least 16, one full block, found 8}}
  %i, %v = colt5.topk ins(%s : tensor<2x1x8xf32>) outs(%oi, %ov : tensor<2x1x4xi32>, tensor<2x1x4xi1>) {block = 16} -> (tensor<2x1x4xi32>, tensor<2x1x4xi1>)
  return
}

// -----

func.func @topk_c6(%s: tensor<2x1x8xf32>, %oi: tensor<2x1x3xi32>, %ov: tensor<2x1x3xi1>) {
  // expected-error @below {{topk_c6: expected K to be a multiple of 2, the number of full blocks, found 3}}
  %i, %v = colt5.topk ins(%s : tensor<2x1x8xf32>) outs(%oi, %ov : tensor<2x1x3xi32>, tensor<2x1x3xi1>) {block = 4} -> (tensor<2x1x3xi32>, tensor<2x1x3xi1>)
  return
}

// -----

func.func @topk_c7(%s: tensor<1x1x2147483648xf32>, %oi: tensor<1x1x4xi32>, %ov: tensor<1x1x4xi1>) {
  // expected-error @below {{topk_c7: expected the number of rows to be at most 2147483647, which an index of type i32 can name, found 2147483648}}
  %i, %v = colt5.topk ins(%s : tensor<1x1x2147483648xf32>) outs(%oi, %ov : tensor<1x1x4xi32>, tensor<1x1x4xi1>) -> (tensor<1x1x4xi32>, tensor<1x1x4xi1>)
  return
}

// -----

func.func @topk_c7_fits(%s: tensor<1x1x2147483647xf32>, %oi: tensor<1x1x4xi32>, %ov: tensor<1x1x4xi1>) {
  %i, %v = colt5.topk ins(%s : tensor<1x1x2147483647xf32>) outs(%oi, %ov : tensor<1x1x4xi32>, tensor<1x1x4xi1>) -> (tensor<1x1x4xi32>, tensor<1x1x4xi1>)
  return
}

// -----

func.func @soft_topk_c7(%s: tensor<2x1x8xf32>, %k: f32, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{soft_topk_c7: expected no init with solver = exact, which does not read it, found one; leave it out}}
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xf32>, f32) outs(%o : tensor<2x1x8xf32>) {solver = exact, init = neg} -> tensor<2x1x8xf32>
  return
}

// -----

func.func @soft_topk_c7(%s: tensor<2x1x8xf32>, %k: f32, %o: tensor<2x1x8xf32>) {
  // expected-error @below {{soft_topk_c7: expected no overflow with solver = exact}}
  %w = colt5.soft_topk ins(%s, %k : tensor<2x1x8xf32>, f32) outs(%o : tensor<2x1x8xf32>) {solver = exact, overflow = iterate} -> tensor<2x1x8xf32>
  return
}

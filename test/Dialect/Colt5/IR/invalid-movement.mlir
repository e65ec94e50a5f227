// RUN: colt5-opt %s --split-input-file --verify-diagnostics

func.func @gather_c0(%s: tensor<2x8x4xf32>, %i: tensor<2x3xi32>, %o: tensor<2x3x4xf32>) {
  // expected-error @below {{gather_c0: expected result 0 to have the type of its outs operand, 'tensor<2x3x4xf32>', found 'tensor<2x?x4xf32>'}}
  %r = colt5.gather ins(%s, %i : tensor<2x8x4xf32>, tensor<2x3xi32>) outs(%o : tensor<2x3x4xf32>) -> tensor<2x?x4xf32>
  return
}

// -----

func.func @gather_c0(%s: tensor<2x8x4xf32>, %i: tensor<2x3xi32>) {
  // expected-error @below {{gather_c0: expected 1 outs operand, found 0}}
  "colt5.gather"(%s, %i) <{operandSegmentSizes = array<i32: 1, 1, 0, 0, 0>}> : (tensor<2x8x4xf32>, tensor<2x3xi32>) -> ()
  return
}

// -----

func.func @gather_c1(%s: tensor<2x8x4xf32>, %i: tensor<2x3xi32>, %o: tensor<2x3x4xf32>) {
  // expected-error @below {{gather_c1: expected 0 <= batch_dims < 3 (the rank of source) and at most 2 (the rank of idx), found 3}}
  %r = colt5.gather ins(%s, %i : tensor<2x8x4xf32>, tensor<2x3xi32>) outs(%o : tensor<2x3x4xf32>) {batch_dims = 3} -> tensor<2x3x4xf32>
  return
}

// -----

func.func @gather_c1(%s: tensor<2x8x4xf32>, %i: tensor<2x3xi32>, %o: tensor<2x3x4xf32>) {
  // expected-error @below {{gather_c1: expected 0 <= batch_dims < 3 (the rank of source) and at most 2 (the rank of idx), found -1}}
  %r = colt5.gather ins(%s, %i : tensor<2x8x4xf32>, tensor<2x3xi32>) outs(%o : tensor<2x3x4xf32>) {batch_dims = -1} -> tensor<2x3x4xf32>
  return
}

// -----

func.func @gather_c1(%s: tensor<2x8x4xf32>, %i: tensor<3xi32>, %o: tensor<2x3x4xf32>) {
  // expected-error @below {{gather_c1: expected 0 <= batch_dims < 3 (the rank of source) and at most 1 (the rank of idx), found 2}}
  %r = colt5.gather ins(%s, %i : tensor<2x8x4xf32>, tensor<3xi32>) outs(%o : tensor<2x3x4xf32>) {batch_dims = 2} -> tensor<2x3x4xf32>
  return
}

// -----

func.func @gather_c2(%s: tensor<2x8x4xf32>, %i: tensor<3x3xi32>, %o: tensor<3x3x4xf32>) {
  // expected-error @below {{gather_c2: expected idx to have the batch dimensions 2 of source, found 3}}
  %r = colt5.gather ins(%s, %i : tensor<2x8x4xf32>, tensor<3x3xi32>) outs(%o : tensor<3x3x4xf32>) -> tensor<3x3x4xf32>
  return
}

// -----

func.func @gather_c2(%s: tensor<2x5x8xf32>, %i: tensor<2x6x3xi32>, %o: tensor<2x6x3xf32>) {
  // expected-error @below {{gather_c2: expected idx to have the batch dimensions 2x5 of source, found 2x6}}
  %r = colt5.gather ins(%s, %i : tensor<2x5x8xf32>, tensor<2x6x3xi32>) outs(%o : tensor<2x6x3xf32>) {batch_dims = 2} -> tensor<2x6x3xf32>
  return
}

// -----

func.func @gather_c3(%s: tensor<2x8x4xf32>, %i: tensor<2x3xi32>, %o: tensor<2x4x4xf32>) {
  // expected-error @below {{gather_c3: expected outs to have shape 2x3x4 (idx, then the rest of source), found 2x4x4}}
  %r = colt5.gather ins(%s, %i : tensor<2x8x4xf32>, tensor<2x3xi32>) outs(%o : tensor<2x4x4xf32>) -> tensor<2x4x4xf32>
  return
}

// -----

func.func @gather_c3(%s: tensor<2x8x4xf32>, %i: tensor<2x3xi32>, %o: tensor<2x3x5xf32>) {
  // expected-error @below {{gather_c3: expected outs to have shape 2x3x4 (idx, then the rest of source), found 2x3x5}}
  %r = colt5.gather ins(%s, %i : tensor<2x8x4xf32>, tensor<2x3xi32>) outs(%o : tensor<2x3x5xf32>) -> tensor<2x3x5xf32>
  return
}

// -----

func.func @gather_c3(%s: tensor<2x8x4xf32>, %i: tensor<2x3xi32>, %o: tensor<2x3xf32>) {
  // expected-error @below {{gather_c3: expected outs to have shape 2x3x4 (idx, then the rest of source), found 2x3}}
  %r = colt5.gather ins(%s, %i : tensor<2x8x4xf32>, tensor<2x3xi32>) outs(%o : tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @gather_c3(%s: tensor<2x8x4xf32>, %i: tensor<?x3xi32>, %o: tensor<5x3x4xf32>) {
  // expected-error @below {{gather_c3: expected outs to have shape 2x3x4 (idx, then the rest of source), found 5x3x4}}
  %r = colt5.gather ins(%s, %i : tensor<2x8x4xf32>, tensor<?x3xi32>) outs(%o : tensor<5x3x4xf32>) -> tensor<5x3x4xf32>
  return
}

// -----

func.func @gather_c4(%s: tensor<2x8x4xf32>, %i: tensor<2x3xi64>, %o: tensor<2x3x4xf32>) {
  // expected-error @below {{gather_c4: expected idx to have element type i32, found 'i64'}}
  %r = colt5.gather ins(%s, %i : tensor<2x8x4xf32>, tensor<2x3xi64>) outs(%o : tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return
}

// -----

func.func @gather_c4(%s: tensor<2x8x4xf32>, %i: tensor<2x3xi32>, %v: tensor<2x3xi32>, %o: tensor<2x3x4xf32>) {
  // expected-error @below {{gather_c4: expected valid to have element type i1, found 'i32'}}
  %r = colt5.gather ins(%s, %i : tensor<2x8x4xf32>, tensor<2x3xi32>) valid(%v : tensor<2x3xi32>) outs(%o : tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return
}

// -----

func.func @gather_c4(%s: tensor<2x8x4xf32>, %i: tensor<2x3xi32>, %v: tensor<2x4xi1>, %o: tensor<2x3x4xf32>) {
  // expected-error @below {{gather_c4: expected valid to have shape 2x3 like idx, found 2x4}}
  %r = colt5.gather ins(%s, %i : tensor<2x8x4xf32>, tensor<2x3xi32>) valid(%v : tensor<2x4xi1>) outs(%o : tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return
}

// -----

func.func @gather_c4(%s: tensor<2x8x4xf32>, %i: tensor<2x3xi32>, %w: tensor<2x3xi32>, %o: tensor<2x3x4xf32>) {
  // expected-error @below {{gather_c4: expected scale to have element type f16, bf16, f32 or f64, found 'i32'}}
  %r = colt5.gather ins(%s, %i : tensor<2x8x4xf32>, tensor<2x3xi32>) scale(%w : tensor<2x3xi32>) outs(%o : tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return
}

// -----

func.func @gather_c4(%s: tensor<2x8x4xf32>, %i: tensor<2x3xi32>, %w: tensor<3xf32>, %o: tensor<2x3x4xf32>) {
  // expected-error @below {{gather_c4: expected scale to have shape 2x3 like idx, found 3}}
  %r = colt5.gather ins(%s, %i : tensor<2x8x4xf32>, tensor<2x3xi32>) scale(%w : tensor<3xf32>) outs(%o : tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return
}

// -----

func.func @gather_c5(%s: tensor<2x8x4xf32>, %i: tensor<2x3xi32>, %o: tensor<2x3x4xf16>) {
  // expected-error @below {{gather_c5: expected outs to have element type f32, found 'f16'}}
  %r = colt5.gather ins(%s, %i : tensor<2x8x4xf32>, tensor<2x3xi32>) outs(%o : tensor<2x3x4xf16>) -> tensor<2x3x4xf16>
  return
}

// -----

func.func @gather_c5(%s: tensor<2x8x4xi32>, %i: tensor<2x3xi32>, %w: tensor<2x3xf32>, %o: tensor<2x3x4xi32>) {
  // expected-error @below {{gather_c5: expected a floating-point source with scale, found 'i32'}}
  %r = colt5.gather ins(%s, %i : tensor<2x8x4xi32>, tensor<2x3xi32>) scale(%w : tensor<2x3xf32>) outs(%o : tensor<2x3x4xi32>) -> tensor<2x3x4xi32>
  return
}

// -----

func.func @gather_c5(%s: tensor<2x8x4xcomplex<f32>>, %i: tensor<2x3xi32>, %o: tensor<2x3x4xcomplex<f32>>) {
  // expected-error @below {{gather_c5: expected source to hold integers, indices or floating-point numbers, found 'complex<f32>'}}
  %r = colt5.gather ins(%s, %i : tensor<2x8x4xcomplex<f32>>, tensor<2x3xi32>) outs(%o : tensor<2x3x4xcomplex<f32>>) -> tensor<2x3x4xcomplex<f32>>
  return
}

// -----

func.func @gather_c6(%s: tensor<2x8x4xf32>, %o: tensor<2x3x4xf32>) {
  %i = arith.constant dense<[[0, 1, 8], [2, -1, 3]]> : tensor<2x3xi32>
  // expected-error @below {{gather_c6: expected constant idx to be -1 or in [0, 8), found 8}}
  %r = colt5.gather ins(%s, %i : tensor<2x8x4xf32>, tensor<2x3xi32>) outs(%o : tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return
}

// -----

func.func @gather_c6(%s: tensor<2x8x4xf32>, %o: tensor<2x3x4xf32>) {
  %i = arith.constant dense<-2> : tensor<2x3xi32>
  // expected-error @below {{gather_c6: expected constant idx to be -1 or in [0, 8), found -2}}
  %r = colt5.gather ins(%s, %i : tensor<2x8x4xf32>, tensor<2x3xi32>) outs(%o : tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return
}

// -----

func.func @gather_c6(%s: tensor<2x?x4xf32>, %o: tensor<2x3x4xf32>) {
  %i = arith.constant dense<-2> : tensor<2x3xi32>
  // expected-error @below {{gather_c6: expected constant idx to be -1 or not negative, found -2}}
  %r = colt5.gather ins(%s, %i : tensor<2x?x4xf32>, tensor<2x3xi32>) outs(%o : tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return
}

// -----

func.func @scatter_combine_c0(%y: tensor<2x3x4xf32>, %i: tensor<2x3xi32>, %o: tensor<2x8x4xf32>) {
  // expected-error @below {{scatter_combine_c0: expected 1 result(s), one for each tensor in outs, found 0}}
  colt5.scatter_combine ins(%y, %i : tensor<2x3x4xf32>, tensor<2x3xi32>) outs(%o : tensor<2x8x4xf32>)
  return
}

// -----

func.func @scatter_combine_c0(%y: memref<2x3x4xf32>, %i: memref<2x3xi32>) {
  // expected-error @below {{scatter_combine_c0: expected 1 outs operand, found 0}}
  "colt5.scatter_combine"(%y, %i) <{operandSegmentSizes = array<i32: 1, 1, 0, 0, 0>}> : (memref<2x3x4xf32>, memref<2x3xi32>) -> ()
  return
}

// -----

func.func @scatter_combine_c1(%y: tensor<3x4xf32>, %i: tensor<3xi32>, %o: tensor<2x8x4xf32>) {
  // expected-error @below {{scatter_combine_c1: expected y to have rank 3 or 4, found 2}}
  %r = colt5.scatter_combine ins(%y, %i : tensor<3x4xf32>, tensor<3xi32>) outs(%o : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  return
}

// -----

func.func @scatter_combine_c1(%y: tensor<2x3x4xf32>, %i: tensor<2x4xi32>, %o: tensor<2x8x4xf32>) {
  // expected-error @below {{scatter_combine_c1: expected idx to have shape 2x3 (y without D), found 2x4}}
  %r = colt5.scatter_combine ins(%y, %i : tensor<2x3x4xf32>, tensor<2x4xi32>) outs(%o : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  return
}

// -----

func.func @scatter_combine_c1(%y: tensor<2x3x4xf32>, %i: tensor<2x1x3xi32>, %o: tensor<2x8x4xf32>) {
  // expected-error @below {{scatter_combine_c1: expected idx to have shape 2x3 (y without D), found 2x1x3}}
  %r = colt5.scatter_combine ins(%y, %i : tensor<2x3x4xf32>, tensor<2x1x3xi32>) outs(%o : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  return
}

// -----

func.func @scatter_combine_c2(%y: tensor<2x3x4xf32>, %i: tensor<2x3xindex>, %o: tensor<2x8x4xf32>) {
  // expected-error @below {{scatter_combine_c2: expected idx to have element type i32, found 'index'}}
  %r = colt5.scatter_combine ins(%y, %i : tensor<2x3x4xf32>, tensor<2x3xindex>) outs(%o : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  return
}

// -----

func.func @scatter_combine_c2(%y: tensor<2x3x4xf32>, %i: tensor<2x3xi32>, %v: tensor<2x3xi8>, %o: tensor<2x8x4xf32>) {
  // expected-error @below {{scatter_combine_c2: expected valid to have element type i1, found 'i8'}}
  %r = colt5.scatter_combine ins(%y, %i : tensor<2x3x4xf32>, tensor<2x3xi32>) valid(%v : tensor<2x3xi8>) outs(%o : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  return
}

// -----

func.func @scatter_combine_c2(%y: tensor<2x3x4xf32>, %i: tensor<2x3xi32>, %v: tensor<2x2xi1>, %o: tensor<2x8x4xf32>) {
  // expected-error @below {{scatter_combine_c2: expected valid to have shape 2x3 like idx, found 2x2}}
  %r = colt5.scatter_combine ins(%y, %i : tensor<2x3x4xf32>, tensor<2x3xi32>) valid(%v : tensor<2x2xi1>) outs(%o : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  return
}

// -----

func.func @scatter_combine_c2(%y: tensor<2x3x4xf32>, %i: tensor<2x3xi32>, %w: tensor<2x3xf16>, %o: tensor<2x8x4xf32>) {
  // expected-error @below {{scatter_combine_c2: expected weight to have element type f32, found 'f16'}}
  %r = colt5.scatter_combine ins(%y, %i : tensor<2x3x4xf32>, tensor<2x3xi32>) weight(%w : tensor<2x3xf16>) outs(%o : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  return
}

// -----

func.func @scatter_combine_c2(%y: tensor<2x3x4xf32>, %i: tensor<2x3xi32>, %w: tensor<2x1xf32>, %o: tensor<2x8x4xf32>) {
  // expected-error @below {{scatter_combine_c2: expected weight to have shape 2x3 like idx, found 2x1}}
  %r = colt5.scatter_combine ins(%y, %i : tensor<2x3x4xf32>, tensor<2x3xi32>) weight(%w : tensor<2x1xf32>) outs(%o : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  return
}

// -----

func.func @scatter_combine_c2(%y: tensor<2x3x4xf64>, %i: tensor<2x3xi32>, %w: tensor<2x3xf32>, %o: tensor<2x8x4xf64>) {
  // expected-error @below {{scatter_combine_c2: expected weight to have element type f64, found 'f32'}}
  %r = colt5.scatter_combine ins(%y, %i : tensor<2x3x4xf64>, tensor<2x3xi32>) weight(%w : tensor<2x3xf32>) outs(%o : tensor<2x8x4xf64>) -> tensor<2x8x4xf64>
  return
}

// -----

func.func @scatter_combine_c3(%y: tensor<2x3x4xf32>, %i: tensor<2x3xi32>, %o: tensor<8x4xf32>) {
  // expected-error @below {{scatter_combine_c3: expected base to have rank 3, found 2}}
  %r = colt5.scatter_combine ins(%y, %i : tensor<2x3x4xf32>, tensor<2x3xi32>) outs(%o : tensor<8x4xf32>) -> tensor<8x4xf32>
  return
}

// -----

func.func @scatter_combine_c3(%y: tensor<2x3x4xf32>, %i: tensor<2x3xi32>, %o: tensor<2x8x5xf32>) {
  // expected-error @below {{scatter_combine_c3: expected base to have shape BxNxD = 2x?x4, found 2x8x5}}
  %r = colt5.scatter_combine ins(%y, %i : tensor<2x3x4xf32>, tensor<2x3xi32>) outs(%o : tensor<2x8x5xf32>) -> tensor<2x8x5xf32>
  return
}

// -----

func.func @scatter_combine_c3(%y: tensor<2x3x4xf32>, %i: tensor<2x3xi32>, %o: tensor<3x8x4xf32>) {
  // expected-error @below {{scatter_combine_c3: expected base to have shape BxNxD = 2x?x4, found 3x8x4}}
  %r = colt5.scatter_combine ins(%y, %i : tensor<2x3x4xf32>, tensor<2x3xi32>) outs(%o : tensor<3x8x4xf32>) -> tensor<3x8x4xf32>
  return
}

// -----

func.func @scatter_combine_c4(%y: tensor<2x3x4xi32>, %i: tensor<2x3xi32>, %o: tensor<2x8x4xf32>) {
  // expected-error @below {{scatter_combine_c4: expected y to have element type f16, bf16, f32 or f64, found 'i32'}}
  %r = colt5.scatter_combine ins(%y, %i : tensor<2x3x4xi32>, tensor<2x3xi32>) outs(%o : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  return
}

// -----

func.func @scatter_combine_c4(%y: tensor<2x3x4xf32>, %i: tensor<2x3xi32>, %o: tensor<2x8x4xi32>) {
  // expected-error @below {{scatter_combine_c4: expected base to have element type f16, bf16, f32 or f64, found 'i32'}}
  %r = colt5.scatter_combine ins(%y, %i : tensor<2x3x4xf32>, tensor<2x3xi32>) outs(%o : tensor<2x8x4xi32>) -> tensor<2x8x4xi32>
  return
}

// -----

func.func @scatter_combine_c5(%y: tensor<2x3x4xf32>, %o: tensor<2x8x4xf32>) {
  %i = arith.constant dense<[[0, 1, 2], [9, -1, 3]]> : tensor<2x3xi32>
  // expected-error @below {{scatter_combine_c5: expected constant idx to be -1 or in [0, 8), found 9}}
  %r = colt5.scatter_combine ins(%y, %i : tensor<2x3x4xf32>, tensor<2x3xi32>) outs(%o : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  return
}

// -----

func.func @scatter_combine_c5(%y: tensor<2x3x4xf32>, %o: tensor<2x?x4xf32>) {
  %i = arith.constant dense<-7> : tensor<2x3xi32>
  // expected-error @below {{scatter_combine_c5: expected constant idx to be -1 or not negative, found -7}}
  %r = colt5.scatter_combine ins(%y, %i : tensor<2x3x4xf32>, tensor<2x3xi32>) outs(%o : tensor<2x?x4xf32>) -> tensor<2x?x4xf32>
  return
}

// -----

func.func @block_summary_c0(%x: tensor<2x8x4xf32>, %os: tensor<2x2x4xf32>, %ov: tensor<2x2xi1>, %ob: tensor<2x8xi32>) {
  // expected-error @below {{block_summary_c0: expected 3 result(s), one for each tensor in outs, found 0}}
  colt5.block_summary ins(%x : tensor<2x8x4xf32>) outs(%os, %ov, %ob : tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x8xi32>) {size = 4}
  return
}

// -----

func.func @block_summary_c1(%x: tensor<8x4xf32>, %os: tensor<2x2x4xf32>, %ov: tensor<2x2xi1>, %ob: tensor<2x8xi32>) {
  // expected-error @below {{block_summary_c1: expected x to have rank 3, found 2}}
  %s, %v, %b = colt5.block_summary ins(%x : tensor<8x4xf32>) outs(%os, %ov, %ob : tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x8xi32>) {size = 4} -> (tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x8xi32>)
  return
}

// -----

func.func @block_summary_c1(%x: tensor<2x8x4xf32>, %os: tensor<2x4xf32>, %ov: tensor<2x2xi1>, %ob: tensor<2x8xi32>) {
  // expected-error @below {{block_summary_c1: expected summary to have rank 3, found 2}}
  %s, %v, %b = colt5.block_summary ins(%x : tensor<2x8x4xf32>) outs(%os, %ov, %ob : tensor<2x4xf32>, tensor<2x2xi1>, tensor<2x8xi32>) {size = 4} -> (tensor<2x4xf32>, tensor<2x2xi1>, tensor<2x8xi32>)
  return
}

// -----

func.func @block_summary_c1(%x: tensor<2x8x4xf32>, %os: tensor<2x2x4xf32>, %ov: tensor<2x2x1xi1>, %ob: tensor<2x8xi32>) {
  // expected-error @below {{block_summary_c1: expected valid to have rank 2, found 3}}
  %s, %v, %b = colt5.block_summary ins(%x : tensor<2x8x4xf32>) outs(%os, %ov, %ob : tensor<2x2x4xf32>, tensor<2x2x1xi1>, tensor<2x8xi32>) {size = 4} -> (tensor<2x2x4xf32>, tensor<2x2x1xi1>, tensor<2x8xi32>)
  return
}

// -----

func.func @block_summary_c1(%x: tensor<2x8x4xf32>, %os: tensor<2x2x4xf32>, %ov: tensor<2x2xi1>, %ob: tensor<8xi32>) {
  // expected-error @below {{block_summary_c1: expected block to have rank 2, found 1}}
  %s, %v, %b = colt5.block_summary ins(%x : tensor<2x8x4xf32>) outs(%os, %ov, %ob : tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<8xi32>) {size = 4} -> (tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<8xi32>)
  return
}

// -----

func.func @block_summary_c1(%x: tensor<2x8x4xf32>, %os: tensor<2x2x4xf32>) {
  // expected-error @below {{block_summary_c1: expected 3 outs operands, found 1}}
  %s = colt5.block_summary ins(%x : tensor<2x8x4xf32>) outs(%os : tensor<2x2x4xf32>) -> tensor<2x2x4xf32>
  return
}

// -----

func.func @block_summary_c2(%x: tensor<2x8x4xi32>, %os: tensor<2x2x4xf32>, %ov: tensor<2x2xi1>, %ob: tensor<2x8xi32>) {
  // expected-error @below {{block_summary_c2: expected x to have element type f16, bf16, f32 or f64, found 'i32'}}
  %s, %v, %b = colt5.block_summary ins(%x : tensor<2x8x4xi32>) outs(%os, %ov, %ob : tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x8xi32>) {size = 4} -> (tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x8xi32>)
  return
}

// -----

func.func @block_summary_c2(%x: tensor<2x8x4xf32>, %os: tensor<2x2x4xf16>, %ov: tensor<2x2xi1>, %ob: tensor<2x8xi32>) {
  // expected-error @below {{block_summary_c2: expected summary to have element type f32, found 'f16'}}
  %s, %v, %b = colt5.block_summary ins(%x : tensor<2x8x4xf32>) outs(%os, %ov, %ob : tensor<2x2x4xf16>, tensor<2x2xi1>, tensor<2x8xi32>) {size = 4} -> (tensor<2x2x4xf16>, tensor<2x2xi1>, tensor<2x8xi32>)
  return
}

// -----

func.func @block_summary_c2(%x: tensor<2x8x4xf32>, %os: tensor<2x2x4xf32>, %ov: tensor<2x2xi8>, %ob: tensor<2x8xi32>) {
  // expected-error @below {{block_summary_c2: expected valid to have element type i1, found 'i8'}}
  %s, %v, %b = colt5.block_summary ins(%x : tensor<2x8x4xf32>) outs(%os, %ov, %ob : tensor<2x2x4xf32>, tensor<2x2xi8>, tensor<2x8xi32>) {size = 4} -> (tensor<2x2x4xf32>, tensor<2x2xi8>, tensor<2x8xi32>)
  return
}

// -----

func.func @block_summary_c2(%x: tensor<2x8x4xf32>, %os: tensor<2x2x4xf32>, %ov: tensor<2x2xi1>, %ob: tensor<2x8xi64>) {
  // expected-error @below {{block_summary_c2: expected block to have element type i32, found 'i64'}}
  %s, %v, %b = colt5.block_summary ins(%x : tensor<2x8x4xf32>) outs(%os, %ov, %ob : tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x8xi64>) {size = 4} -> (tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x8xi64>)
  return
}

// -----

func.func @block_summary_c2(%x: tensor<2x8x4xf32>, %m: tensor<2x8xf32>, %os: tensor<2x2x4xf32>, %ov: tensor<2x2xi1>, %ob: tensor<2x8xi32>) {
  // expected-error @below {{block_summary_c2: expected mask to have element type i1, found 'f32'}}
  %s, %v, %b = colt5.block_summary ins(%x : tensor<2x8x4xf32>) mask(%m : tensor<2x8xf32>) outs(%os, %ov, %ob : tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x8xi32>) {size = 4} -> (tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x8xi32>)
  return
}

// -----

func.func @block_summary_c3(%x: tensor<2x8x4xf32>, %os: tensor<2x3x4xf32>, %ov: tensor<2x2xi1>, %ob: tensor<2x8xi32>) {
  // expected-error @below {{block_summary_c3: expected P to be 2, the number of full blocks, found 3}}
  %s, %v, %b = colt5.block_summary ins(%x : tensor<2x8x4xf32>) outs(%os, %ov, %ob : tensor<2x3x4xf32>, tensor<2x2xi1>, tensor<2x8xi32>) {size = 4} -> (tensor<2x3x4xf32>, tensor<2x2xi1>, tensor<2x8xi32>)
  return
}

// -----

func.func @block_summary_c3(%x: tensor<2x8x4xf32>, %os: tensor<2x2x4xf32>, %ov: tensor<2x3xi1>, %ob: tensor<2x8xi32>) {
  // expected-error @below {{block_summary_c3: expected valid to have shape BxP = 2x2, found 2x3}}
  %s, %v, %b = colt5.block_summary ins(%x : tensor<2x8x4xf32>) outs(%os, %ov, %ob : tensor<2x2x4xf32>, tensor<2x3xi1>, tensor<2x8xi32>) {size = 4} -> (tensor<2x2x4xf32>, tensor<2x3xi1>, tensor<2x8xi32>)
  return
}

// -----

func.func @block_summary_c3(%x: tensor<2x8x4xf32>, %os: tensor<2x2x4xf32>, %ov: tensor<2x2xi1>, %ob: tensor<2x9xi32>) {
  // expected-error @below {{block_summary_c3: expected block to have shape BxN = 2x8, found 2x9}}
  %s, %v, %b = colt5.block_summary ins(%x : tensor<2x8x4xf32>) outs(%os, %ov, %ob : tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x9xi32>) {size = 4} -> (tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x9xi32>)
  return
}

// -----

func.func @block_summary_c3(%x: tensor<2x8x4xf32>, %m: tensor<1x8xi1>, %os: tensor<2x2x4xf32>, %ov: tensor<2x2xi1>, %ob: tensor<2x8xi32>) {
  // expected-error @below {{block_summary_c3: expected mask to have shape BxN = 2x8, found 1x8}}
  %s, %v, %b = colt5.block_summary ins(%x : tensor<2x8x4xf32>) mask(%m : tensor<1x8xi1>) outs(%os, %ov, %ob : tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x8xi32>) {size = 4} -> (tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x8xi32>)
  return
}

// -----

func.func @block_summary_c3(%x: tensor<2x8x4xf32>, %os: tensor<2x2x5xf32>, %ov: tensor<2x2xi1>, %ob: tensor<2x8xi32>) {
  // expected-error @below {{block_summary_c3: expected summary to have shape BxPxD = 2x?x4, found 2x2x5}}
  %s, %v, %b = colt5.block_summary ins(%x : tensor<2x8x4xf32>) outs(%os, %ov, %ob : tensor<2x2x5xf32>, tensor<2x2xi1>, tensor<2x8xi32>) {size = 4} -> (tensor<2x2x5xf32>, tensor<2x2xi1>, tensor<2x8xi32>)
  return
}

// -----

func.func @block_summary_c4(%x: tensor<2x8x4xf32>, %os: tensor<2x2x4xf32>, %ov: tensor<2x2xi1>, %ob: tensor<2x8xi32>) {
  // expected-error @below {{block_summary_c4: expected size >= 1, found 0}}
  %s, %v, %b = colt5.block_summary ins(%x : tensor<2x8x4xf32>) outs(%os, %ov, %ob : tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x8xi32>) {size = 0} -> (tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x8xi32>)
  return
}

// -----

func.func @block_summary_c4(%x: tensor<2x8x4xf32>, %os: tensor<2x2x4xf32>, %ov: tensor<2x2xi1>, %ob: tensor<2x8xi32>) {
  // expected-error @below {{block_summary_c4: expected size >= 1, found -1}}
  %s, %v, %b = colt5.block_summary ins(%x : tensor<2x8x4xf32>) outs(%os, %ov, %ob : tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x8xi32>) {size = -1} -> (tensor<2x2x4xf32>, tensor<2x2xi1>, tensor<2x8xi32>)
  return
}

// -----

func.func @rms_scale_c0(%x: tensor<2x8x4xf32>, %o: tensor<2x8xf32>) {
  // expected-error @below {{rms_scale_c0: expected result 0 to have the type of its outs operand, 'tensor<2x8xf32>', found 'tensor<2x7xf32>'}}
  %r = colt5.rms_scale ins(%x : tensor<2x8x4xf32>) outs(%o : tensor<2x8xf32>) -> tensor<2x7xf32>
  return
}

// -----

func.func @rms_scale_c1(%x: tensor<2x8x4xf32>, %o: tensor<2x7xf32>) {
  // expected-error @below {{rms_scale_c1: expected outs to have shape 2x8 (x without D), found 2x7}}
  %r = colt5.rms_scale ins(%x : tensor<2x8x4xf32>) outs(%o : tensor<2x7xf32>) -> tensor<2x7xf32>
  return
}

// -----

func.func @rms_scale_c1(%x: tensor<2x8x4xf32>, %o: tensor<2x8x4xf32>) {
  // expected-error @below {{rms_scale_c1: expected outs to have shape 2x8 (x without D), found 2x8x4}}
  %r = colt5.rms_scale ins(%x : tensor<2x8x4xf32>) outs(%o : tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  return
}

// -----

func.func @rms_scale_c1(%x: tensor<2x8x4xf32>, %m: tensor<2x9xi1>, %o: tensor<2x8xf32>) {
  // expected-error @below {{rms_scale_c1: expected mask to have shape 2x8 (x without D), found 2x9}}
  %r = colt5.rms_scale ins(%x : tensor<2x8x4xf32>) mask(%m : tensor<2x9xi1>) outs(%o : tensor<2x8xf32>) -> tensor<2x8xf32>
  return
}

// -----

func.func @rms_scale_c1(%x: tensor<f32>, %o: tensor<2x8xf32>) {
  // expected-error @below {{rms_scale_c1: expected x to have a last dimension D, found no dimensions}}
  %r = colt5.rms_scale ins(%x : tensor<f32>) outs(%o : tensor<2x8xf32>) -> tensor<2x8xf32>
  return
}

// -----

func.func @rms_scale_c2(%x: tensor<2x8x4xi8>, %o: tensor<2x8xf32>) {
  // expected-error @below {{rms_scale_c2: expected x to have element type f16, bf16, f32 or f64, found 'i8'}}
  %r = colt5.rms_scale ins(%x : tensor<2x8x4xi8>) outs(%o : tensor<2x8xf32>) -> tensor<2x8xf32>
  return
}

// -----

func.func @rms_scale_c2(%x: tensor<2x8x4xf32>, %o: tensor<2x8xf64>) {
  // expected-error @below {{rms_scale_c2: expected outs to have element type f32, found 'f64'}}
  %r = colt5.rms_scale ins(%x : tensor<2x8x4xf32>) outs(%o : tensor<2x8xf64>) -> tensor<2x8xf64>
  return
}

// -----

func.func @rms_scale_c2(%x: tensor<2x8x4xf32>, %m: tensor<2x8xi8>, %o: tensor<2x8xf32>) {
  // expected-error @below {{rms_scale_c2: expected mask to have element type i1, found 'i8'}}
  %r = colt5.rms_scale ins(%x : tensor<2x8x4xf32>) mask(%m : tensor<2x8xi8>) outs(%o : tensor<2x8xf32>) -> tensor<2x8xf32>
  return
}

// -----

func.func @rms_scale_c3(%x: tensor<2x8x4xf32>, %o: tensor<2x8xf32>) {
  // expected-error @below {{rms_scale_c3: expected a finite eps >= 0, found -1.000000e+00}}
  %r = colt5.rms_scale ins(%x : tensor<2x8x4xf32>) outs(%o : tensor<2x8xf32>) {eps = -1.0} -> tensor<2x8xf32>
  return
}

// -----

func.func @rms_scale_c3(%x: tensor<2x8x4xf32>, %o: tensor<2x8xf32>) {
  // expected-error @below {{rms_scale_c3: expected a finite eps >= 0, found nan}}
  %r = colt5.rms_scale ins(%x : tensor<2x8x4xf32>) outs(%o : tensor<2x8xf32>) {eps = 0x7FF8000000000000 : f64} -> tensor<2x8xf32>
  return
}

// -----

func.func @rope_c0(%x: tensor<2x4x8x6xf32>, %p: tensor<2x8xi32>) {
  // expected-error @below {{rope_c0: expected 1 outs operand, found 0}}
  "colt5.rope"(%x, %p) : (tensor<2x4x8x6xf32>, tensor<2x8xi32>) -> ()
  return
}

// -----

func.func @rope_c1(%x: tensor<2x4x8xf32>, %p: tensor<2x8xi32>, %o: tensor<2x4x8xf32>) {
  // expected-error @below {{rope_c1: expected x to have rank 4, found 3}}
  %r = colt5.rope ins(%x, %p : tensor<2x4x8xf32>, tensor<2x8xi32>) outs(%o : tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  return
}

// -----

func.func @rope_c1(%x: tensor<2x4x8x6xi32>, %p: tensor<2x8xi32>, %o: tensor<2x4x8x6xi32>) {
  // expected-error @below {{rope_c1: expected x to have element type f16, bf16, f32 or f64, found 'i32'}}
  %r = colt5.rope ins(%x, %p : tensor<2x4x8x6xi32>, tensor<2x8xi32>) outs(%o : tensor<2x4x8x6xi32>) -> tensor<2x4x8x6xi32>
  return
}

// -----

func.func @rope_c1(%x: tensor<2x4x8x6xf32>, %p: tensor<2x8xi32>, %o: tensor<2x4x8x8xf32>) {
  // expected-error @below {{rope_c1: expected outs to have shape BxHxQxC = 2x4x8x6, found 2x4x8x8}}
  %r = colt5.rope ins(%x, %p : tensor<2x4x8x6xf32>, tensor<2x8xi32>) outs(%o : tensor<2x4x8x8xf32>) -> tensor<2x4x8x8xf32>
  return
}

// -----

func.func @rope_c1(%x: tensor<2x4x8x6xf32>, %p: tensor<2x8xi32>, %o: tensor<2x4x8x6xf16>) {
  // expected-error @below {{rope_c1: expected outs to have element type f32, found 'f16'}}
  %r = colt5.rope ins(%x, %p : tensor<2x4x8x6xf32>, tensor<2x8xi32>) outs(%o : tensor<2x4x8x6xf16>) -> tensor<2x4x8x6xf16>
  return
}

// -----

func.func @rope_c2(%x: tensor<2x4x8x6xf32>, %p: tensor<2x8xi64>, %o: tensor<2x4x8x6xf32>) {
  // expected-error @below {{rope_c2: expected pos to have element type i32, found 'i64'}}
  %r = colt5.rope ins(%x, %p : tensor<2x4x8x6xf32>, tensor<2x8xi64>) outs(%o : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @rope_c2(%x: tensor<2x4x8x6xf32>, %p: tensor<2x9xi32>, %o: tensor<2x4x8x6xf32>) {
  // expected-error @below {{rope_c2: expected pos to have shape BxQ or BxGxQ = 2x8 or 2x?x8, found 2x9}}
  %r = colt5.rope ins(%x, %p : tensor<2x4x8x6xf32>, tensor<2x9xi32>) outs(%o : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @rope_c2(%x: tensor<2x4x8x6xf32>, %p: tensor<2x3x8xi32>, %o: tensor<2x4x8x6xf32>) {
  // expected-error @below {{rope_c2: expected H to be a multiple of 3, G, found 4}}
  %r = colt5.rope ins(%x, %p : tensor<2x4x8x6xf32>, tensor<2x3x8xi32>) outs(%o : tensor<2x4x8x6xf32>) -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @rope_c3(%x: tensor<2x4x8x5xf32>, %p: tensor<2x8xi32>, %o: tensor<2x4x8x5xf32>) {
  // expected-error @below {{rope_c3: expected C to be a multiple of 2, found 5}}
  %r = colt5.rope ins(%x, %p : tensor<2x4x8x5xf32>, tensor<2x8xi32>) outs(%o : tensor<2x4x8x5xf32>) -> tensor<2x4x8x5xf32>
  return
}

// -----

func.func @rope_c4(%x: tensor<2x4x8x6xf32>, %p: tensor<2x8xi32>, %o: tensor<2x4x8x6xf32>) {
  // expected-error @below {{rope_c4: expected a finite theta > 0, found 0.000000e+00}}
  %r = colt5.rope ins(%x, %p : tensor<2x4x8x6xf32>, tensor<2x8xi32>) outs(%o : tensor<2x4x8x6xf32>) {theta = 0.0} -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @rope_c4(%x: tensor<2x4x8x6xf32>, %p: tensor<2x8xi32>, %o: tensor<2x4x8x6xf32>) {
  // expected-error @below {{rope_c4: expected a finite theta > 0, found -2.000000e+00}}
  %r = colt5.rope ins(%x, %p : tensor<2x4x8x6xf32>, tensor<2x8xi32>) outs(%o : tensor<2x4x8x6xf32>) {theta = -2.0} -> tensor<2x4x8x6xf32>
  return
}

// -----

func.func @gather_c7(%x: tensor<1x4294967296x4xi8>, %i: tensor<1x2xi32>, %o: tensor<1x2x4xi8>) {
  // expected-error @below {{gather_c7: expected the number of rows to be at most 2147483647, which an index of type i32 can name, found 4294967296}}
  %r = colt5.gather ins(%x, %i : tensor<1x4294967296x4xi8>, tensor<1x2xi32>) outs(%o : tensor<1x2x4xi8>) -> tensor<1x2x4xi8>
  return
}

// -----

// The rows that are named count, not the others.
func.func @gather_c7_batch(%x: tensor<4294967296x2x4xi8>, %i: tensor<4294967296x2xi32>, %o: tensor<4294967296x2x4xi8>) {
  %r = colt5.gather ins(%x, %i : tensor<4294967296x2x4xi8>, tensor<4294967296x2xi32>) outs(%o : tensor<4294967296x2x4xi8>) -> tensor<4294967296x2x4xi8>
  return
}

// -----

func.func @scatter_combine_c6(%y: tensor<1x2x4xf32>, %i: tensor<1x2xi32>, %b: tensor<1x2147483648x4xf32>) {
  // expected-error @below {{scatter_combine_c6: expected the number of rows to be at most 2147483647, which an index of type i32 can name, found 2147483648}}
  %r = colt5.scatter_combine ins(%y, %i : tensor<1x2x4xf32>, tensor<1x2xi32>) outs(%b : tensor<1x2147483648x4xf32>) -> tensor<1x2147483648x4xf32>
  return
}

// -----

func.func @block_summary_c5(%x: tensor<1x4294967296x4xf32>, %s: tensor<1x1048576x4xf32>, %v: tensor<1x1048576xi1>, %b: tensor<1x4294967296xi32>) {
  // expected-error @below {{block_summary_c5: expected the number of rows to be at most 2147483647, which an index of type i32 can name, found 4294967296}}
  %r:3 = colt5.block_summary ins(%x : tensor<1x4294967296x4xf32>) outs(%s, %v, %b : tensor<1x1048576x4xf32>, tensor<1x1048576xi1>, tensor<1x4294967296xi32>) {size = 4096} -> (tensor<1x1048576x4xf32>, tensor<1x1048576xi1>, tensor<1x4294967296xi32>)
  return
}

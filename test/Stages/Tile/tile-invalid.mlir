// RUN: colt5-opt %s --split-input-file --colt5-tile --verify-diagnostics

func.func @no_plan(%x: tensor<17xf32>) -> tensor<17xf32> {
  // expected-error @below {{expected a 'colt5.plan' attribute of type #colt5.plan on every compute op; run colt5-plan before}}
  %o = linalg.exp ins(%x : tensor<17xf32>) outs(%x : tensor<17xf32>) -> tensor<17xf32>
  return %o : tensor<17xf32>
}

// -----

func.func @two_roots(%x: tensor<17xf32>) -> tensor<17xf32> {
  // expected-note @below {{the first root}}
  %a = linalg.exp {colt5.plan = #colt5.plan<kernel = 0, role = root>} ins(%x : tensor<17xf32>) outs(%x : tensor<17xf32>) -> tensor<17xf32>
  // expected-error @below {{expected one root in kernel 0, found a second}}
  %b = linalg.exp {colt5.plan = #colt5.plan<kernel = 0, role = root>} ins(%a : tensor<17xf32>) outs(%x : tensor<17xf32>) -> tensor<17xf32>
  return %b : tensor<17xf32>
}

// -----

func.func @no_root(%x: tensor<17xf32>) -> tensor<17xf32> {
  // expected-error @below {{expected one root in kernel 3, found only fused ops}}
  %a = linalg.exp {colt5.plan = #colt5.plan<kernel = 3, role = fused>} ins(%x : tensor<17xf32>) outs(%x : tensor<17xf32>) -> tensor<17xf32>
  return %a : tensor<17xf32>
}

// -----

func.func @two_blocks(%x: tensor<17xf32>, %n: index) -> tensor<17xf32> {
  // expected-note @below {{the first op of the kernel}}
  %a = linalg.exp {colt5.plan = #colt5.plan<kernel = 0, role = fused>} ins(%x : tensor<17xf32>) outs(%x : tensor<17xf32>) -> tensor<17xf32>
  %r = scf.for %i = %n to %n step %n iter_args(%acc = %a) -> tensor<17xf32> {
    // expected-error @below {{expected all ops of kernel 0 in one block, found one in another}}
    %b = linalg.exp {colt5.plan = #colt5.plan<kernel = 0, role = root>} ins(%a : tensor<17xf32>) outs(%x : tensor<17xf32>) -> tensor<17xf32>
    scf.yield %b : tensor<17xf32>
  }
  return %r : tensor<17xf32>
}

// -----

func.func @too_many_sizes(%x: tensor<17xf32>) -> tensor<17xf32> {
  // expected-error @below {{'linalg.exp' op expected 1 tile sizes in its plan, one per loop (0 leaves it whole), found 2: [4, 4]}}
  %a = linalg.exp {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.tiles<[4, 4]>>} ins(%x : tensor<17xf32>) outs(%x : tensor<17xf32>) -> tensor<17xf32>
  return %a : tensor<17xf32>
}

// -----

func.func @reduction(%x: tensor<17x65xf32>, %i: tensor<17xf32>) -> tensor<17xf32> {
  // expected-error @below {{expected tile size 0 for loop 1 of kernel 0, which its tiles cannot share, found 8}}
  %a = linalg.reduce ins(%x : tensor<17x65xf32>) outs(%i : tensor<17xf32>) dimensions = [1]
      {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.tiles<[4, 8]>>} (%in: f32, %out: f32) {
    %s = arith.addf %in, %out : f32
    linalg.yield %s : f32
  }
  return %a : tensor<17xf32>
}

// -----

func.func @slots(%y: tensor<2x17x36xf32>, %idx: tensor<2x17xi32>, %base: tensor<2x100x36xf32>) -> tensor<2x100x36xf32> {
  // expected-error @below {{expected tile size 0 for loop 1 of kernel 0, which its tiles cannot share, found 4}}
  %o = colt5.scatter_combine ins(%y, %idx : tensor<2x17x36xf32>, tensor<2x17xi32>) outs(%base : tensor<2x100x36xf32>)
      {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.tiles<[1, 4, 0]>>} -> tensor<2x100x36xf32>
  return %o : tensor<2x100x36xf32>
}

// -----

func.func @groups(%q: tensor<1x8x65x16xf32>, %k: tensor<1x2x65x16xf32>, %o: tensor<1x8x65x16xf32>) -> tensor<1x8x65x16xf32> {
  // expected-error @below {{cannot tile the root of kernel 0 with the sizes of its plan; use smaller tiles, or 0 for the loop concerned}}
  %r = colt5.attention ins(%q, %k, %k : tensor<1x8x65x16xf32>, tensor<1x2x65x16xf32>, tensor<1x2x65x16xf32>)
      outs(%o : tensor<1x8x65x16xf32>) {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.tiles<[1, 3, 0]>>} -> tensor<1x8x65x16xf32>
  return %r : tensor<1x8x65x16xf32>
}

// -----

func.func @used_before_root(%x: tensor<17xf32>) -> (tensor<17xf32>, tensor<17xf32>) {
  // expected-error @below {{cannot fuse this op into kernel 0: its result is used before the root of the kernel}}
  %a = linalg.exp {colt5.plan = #colt5.plan<kernel = 0, role = fused>} ins(%x : tensor<17xf32>) outs(%x : tensor<17xf32>) -> tensor<17xf32>
  // expected-note @below {{the use}}
  %b = linalg.abs {colt5.plan = #colt5.plan<kernel = 1, role = root>} ins(%a : tensor<17xf32>) outs(%x : tensor<17xf32>) -> tensor<17xf32>
  %c = linalg.exp {colt5.plan = #colt5.plan<kernel = 0, role = root>} ins(%a : tensor<17xf32>) outs(%x : tensor<17xf32>) -> tensor<17xf32>
  return %b, %c : tensor<17xf32>, tensor<17xf32>
}

// -----

func.func @computed_twice(%x: tensor<17x8xf32>, %w: tensor<8x36xf32>, %i: tensor<17x36xf32>) -> (tensor<17x8xf32>, tensor<17x36xf32>) {
  // expected-error @below {{cannot fuse this op into kernel 0: its result is used outside, but several tiles compute the same part of it}}
  %a = linalg.exp {colt5.plan = #colt5.plan<kernel = 0, role = fused>} ins(%x : tensor<17x8xf32>) outs(%x : tensor<17x8xf32>) -> tensor<17x8xf32>
  %c = linalg.matmul {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.tiles<[4, 12, 0]>>}
      ins(%a, %w : tensor<17x8xf32>, tensor<8x36xf32>) outs(%i : tensor<17x36xf32>) -> tensor<17x36xf32>
  return %a, %c : tensor<17x8xf32>, tensor<17x36xf32>
}

// -----

func.func @scatter_base(%y: tensor<1x17x36xf32>, %idx: tensor<1x17xi32>, %b: tensor<1x100x36xf32>) -> tensor<1x100x36xf32> {
  %zero = arith.constant 0.0 : f32
  // expected-error @below {{cannot fuse the base of a scatter into kernel 0: every tile of slots may write to any of its rows}}
  %f = linalg.fill {colt5.plan = #colt5.plan<kernel = 0, role = fused>} ins(%zero : f32) outs(%b : tensor<1x100x36xf32>) -> tensor<1x100x36xf32>
  %o = colt5.scatter_combine ins(%y, %idx : tensor<1x17x36xf32>, tensor<1x17xi32>) outs(%f : tensor<1x100x36xf32>)
      {unique, colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.tiles<[1, 4, 0]>>} -> tensor<1x100x36xf32>
  return %o : tensor<1x100x36xf32>
}

// -----

func.func @extent_zero(%x: tensor<0xf32>) -> tensor<0xf32> {
  // expected-error @below {{cannot tile this op in kernel 0: it has nothing to do; colt5-plan removes such ops}}
  %a = linalg.exp {colt5.plan = #colt5.plan<kernel = 0, role = root>} ins(%x : tensor<0xf32>) outs(%x : tensor<0xf32>) -> tensor<0xf32>
  return %a : tensor<0xf32>
}

// -----

// A plan of the input fuses what another op of the kernel overwrites.
func.func @overwritten(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %e = tensor.empty() : tensor<4xf32>
  // expected-error @below {{cannot fuse this op into kernel 0: another op of the kernel overwrites its result, which is needed elsewhere; run colt5-detach-destinations before, or plan a kernel of its own for it}}
  %a = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) {colt5.plan = #colt5.plan<kernel = 0, role = fused>} -> tensor<4xf32>
  // expected-note @below {{this op overwrites it}}
  %b = linalg.abs ins(%x : tensor<4xf32>) outs(%a : tensor<4xf32>) {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.tiles<[0]>>} -> tensor<4xf32>
  // expected-note @below {{this op needs it}}
  return %a, %b : tensor<4xf32>, tensor<4xf32>
}

// -----

func.func @too_few_sizes(%x: tensor<17x4xf32>) -> tensor<17x4xf32> {
  // expected-error @below {{'linalg.exp' op expected 2 tile sizes in its plan, one per loop (0 leaves it whole), found 1: [4]}}
  %a = linalg.exp {colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.tiles<[4]>>} ins(%x : tensor<17x4xf32>) outs(%x : tensor<17x4xf32>) -> tensor<17x4xf32>
  return %a : tensor<17x4xf32>
}

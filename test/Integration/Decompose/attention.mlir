// Conditional attention with every mode of its scores and every size dynamic: the decomposed program against the
// composite, both in the reference. More keys are asked for than there are tokens.
//
// RUN: colt5-opt %s --colt5-to-decompose -o %t.mlir
// RUN: colt5-run %s --entry=input --backend=reference --shape=0:2x19x16 --shape=1:2x19 --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --input=random:seed=6,scale=0.3 --input=random:seed=7,scale=0.3 --input=value=5 --input=value=23 --output-dir=%t.input --quiet
// RUN: colt5-run %t.mlir --entry=input --backend=reference --shape=0:2x19x16 --shape=1:2x19 --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --input=random:seed=6,scale=0.3 --input=random:seed=7,scale=0.3 --input=value=5 --input=value=23 --compare=%t.input --rtol=1e-6 --quiet
// RUN: colt5-run %s --entry=value --backend=reference --shape=0:2x19x16 --shape=1:2x19 --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --input=random:seed=6,scale=0.3 --input=random:seed=7,scale=0.3 --input=value=5 --input=value=23 --output-dir=%t.value --quiet
// RUN: colt5-run %t.mlir --entry=value --backend=reference --shape=0:2x19x16 --shape=1:2x19 --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --input=random:seed=6,scale=0.3 --input=random:seed=7,scale=0.3 --input=value=5 --input=value=23 --compare=%t.value --rtol=1e-6 --quiet
// RUN: colt5-run %s --entry=key_value --backend=reference --shape=0:2x19x16 --shape=1:2x19 --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --input=random:seed=6,scale=0.3 --input=random:seed=7,scale=0.3 --input=value=5 --input=value=23 --output-dir=%t.key_value --quiet
// RUN: colt5-run %t.mlir --entry=key_value --backend=reference --shape=0:2x19x16 --shape=1:2x19 --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --input=random:seed=6,scale=0.3 --input=random:seed=7,scale=0.3 --input=value=5 --input=value=23 --compare=%t.key_value --rtol=1e-6 --quiet
// RUN: colt5-run %s --entry=none --backend=reference --shape=0:2x19x16 --shape=1:2x19 --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --input=random:seed=6,scale=0.3 --input=random:seed=7,scale=0.3 --input=value=5 --input=value=23 --output-dir=%t.none --quiet
// RUN: colt5-run %t.mlir --entry=none --backend=reference --shape=0:2x19x16 --shape=1:2x19 --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --input=random:seed=6,scale=0.3 --input=random:seed=7,scale=0.3 --input=value=5 --input=value=23 --compare=%t.none --rtol=1e-6 --quiet

!x = tensor<?x?x16xf32>
!m = tensor<?x?xi1>
!u = tensor<1x16xf32>
!w = tensor<16x4x8xf32>
!g = tensor<16x2x8xf32>
!o = tensor<4x8x16xf32>
!t = tensor<4x32xf32>

func.func @input(%x: !x, %m: !m, %u: !u, %w: !w, %g: !g, %o: !o, %t: !t, %q: index, %k: index) -> !x {
  %0 = colt5.conditional_attention %x mask(%m) routers(%u, %u) light(%w, %w, %w, %o) heavy(%w, %g, %g, %o bias %t)
      queries(%q) keys(%k) {light_pattern = #colt5.window<2, 3>, kv_scale = input, q_scale = output, scale = 0.5}
      : !x, !m, !u, !u, !w, !w, !w, !o, !w, !g, !g, !o, !t, index, index -> !x
  return %0 : !x
}

func.func @value(%x: !x, %m: !m, %u: !u, %w: !w, %g: !g, %o: !o, %t: !t, %q: index, %k: index) -> !x {
  %0 = colt5.conditional_attention %x mask(%m) routers(%u, %u) light(%w, %w, %w, %o) heavy(%w, %g, %g, %o bias %t)
      queries(%q) keys(%k) {light_pattern = #colt5.window<2, 3>, kv_scale = value, q_scale = query, scale = 0.5}
      : !x, !m, !u, !u, !w, !w, !w, !o, !w, !g, !g, !o, !t, index, index -> !x
  return %0 : !x
}

func.func @key_value(%x: !x, %m: !m, %u: !u, %w: !w, %g: !g, %o: !o, %t: !t, %q: index, %k: index) -> !x {
  %0 = colt5.conditional_attention %x mask(%m) routers(%u, %u) light(%w, %w, %w, %o) heavy(%w, %g, %g, %o bias %t)
      queries(%q) keys(%k) {light_pattern = #colt5.window<2, 3>, kv_scale = key_value, q_scale = output_and_query, scale = 0.5}
      : !x, !m, !u, !u, !w, !w, !w, !o, !w, !g, !g, !o, !t, index, index -> !x
  return %0 : !x
}

func.func @none(%x: !x, %m: !m, %u: !u, %w: !w, %g: !g, %o: !o, %t: !t, %q: index, %k: index) -> !x {
  %0 = colt5.conditional_attention %x mask(%m) routers(%u, %u) light(%w, %w, %w, %o) heavy(%w, %g, %g, %o bias %t)
      queries(%q) keys(%k) {light_pattern = #colt5.window<2, 3>, kv_scale = none, q_scale = none, scale = 0.5}
      : !x, !m, !u, !u, !w, !w, !w, !o, !w, !g, !g, !o, !t, index, index -> !x
  return %0 : !x
}

// Every kind of routing: the decomposed program against the composite, both in the reference. 36 tokens of which some
// are masked; `bypass` asks for more tokens than there are.
//
// RUN: colt5-opt %s --colt5-to-decompose -o %t.mlir
// RUN: colt5-run %s --entry=softmax_topk --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --output-dir=%t.softmax_topk --quiet
// RUN: colt5-run %t.mlir --entry=softmax_topk --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --compare=%t.softmax_topk --rtol=1e-6 --quiet
// RUN: colt5-run %s --entry=soft_topk --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --output-dir=%t.soft_topk --quiet
// RUN: colt5-run %t.mlir --entry=soft_topk --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --compare=%t.soft_topk --rtol=1e-6 --quiet
// RUN: colt5-run %s --entry=softmax_all --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --output-dir=%t.softmax_all --quiet
// RUN: colt5-run %t.mlir --entry=softmax_all --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --compare=%t.softmax_all --rtol=1e-6 --quiet
// RUN: colt5-run %s --entry=sigmoid --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --output-dir=%t.sigmoid --quiet
// RUN: colt5-run %t.mlir --entry=sigmoid --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --compare=%t.sigmoid --rtol=1e-6 --quiet
// RUN: colt5-run %s --entry=raw --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --output-dir=%t.raw --quiet
// RUN: colt5-run %t.mlir --entry=raw --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --compare=%t.raw --rtol=1e-6 --quiet
// RUN: colt5-run %s --entry=ones --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --output-dir=%t.ones --quiet
// RUN: colt5-run %t.mlir --entry=ones --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --compare=%t.ones --rtol=1e-6 --quiet
// RUN: colt5-run %s --entry=cosine --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --output-dir=%t.cosine --quiet
// RUN: colt5-run %t.mlir --entry=cosine --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --compare=%t.cosine --rtol=1e-6 --quiet
// RUN: colt5-run %s --entry=block --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --output-dir=%t.block --quiet
// RUN: colt5-run %t.mlir --entry=block --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --compare=%t.block --rtol=1e-6 --quiet
// RUN: colt5-run %s --entry=exact --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --output-dir=%t.exact --quiet
// RUN: colt5-run %t.mlir --entry=exact --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --compare=%t.exact --rtol=1e-6 --quiet
// RUN: colt5-run %s --entry=bypass --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --output-dir=%t.bypass --quiet
// RUN: colt5-run %t.mlir --entry=bypass --backend=reference --input=random:seed=1 --input=random:seed=2 --input=random:seed=3,scale=0.3 --input=random:seed=4,scale=0.3 --input=random:seed=5,scale=0.3 --compare=%t.bypass --rtol=1e-6 --quiet

!x = tensor<2x36x16xf32>
!m = tensor<2x36xi1>
!u = tensor<1x16xf32>
!d = tensor<16x24xf32>
!f = tensor<24x16xf32>

func.func @softmax_topk(%x: !x, %m: !m, %u: !u, %d: !d, %f: !f) -> !x {
  %0 = colt5.conditional_ffn %x mask(%m) router(%u) light(in = %d, out = %f) heavy(in = %d, gate = %d, out = %f)
      {tokens = 8, routing = #colt5.routing<softmax_topk>, activation = sigmoid} : !x, !m, !u, !d, !f, !d, !d, !f -> !x
  return %0 : !x
}

func.func @soft_topk(%x: !x, %m: !m, %u: !u, %d: !d, %f: !f) -> !x {
  %0 = colt5.conditional_ffn %x mask(%m) router(%u) light(in = %d, out = %f) heavy(in = %d, gate = %d, out = %f)
      {tokens = 8, routing = #colt5.routing<soft_topk, k_ratio = 1.125, iterations = 9>, activation = sigmoid} : !x, !m, !u, !d, !f, !d, !d, !f -> !x
  return %0 : !x
}

func.func @softmax_all(%x: !x, %m: !m, %u: !u, %d: !d, %f: !f) -> !x {
  %0 = colt5.conditional_ffn %x mask(%m) router(%u) light(in = %d, out = %f) heavy(in = %d, gate = %d, out = %f)
      {tokens = 8, routing = #colt5.routing<softmax_all>, activation = sigmoid} : !x, !m, !u, !d, !f, !d, !d, !f -> !x
  return %0 : !x
}

func.func @sigmoid(%x: !x, %m: !m, %u: !u, %d: !d, %f: !f) -> !x {
  %0 = colt5.conditional_ffn %x mask(%m) router(%u) light(in = %d, out = %f) heavy(in = %d, gate = %d, out = %f)
      {tokens = 8, routing = #colt5.routing<sigmoid>, activation = sigmoid} : !x, !m, !u, !d, !f, !d, !d, !f -> !x
  return %0 : !x
}

func.func @raw(%x: !x, %m: !m, %u: !u, %d: !d, %f: !f) -> !x {
  %0 = colt5.conditional_ffn %x mask(%m) router(%u) light(in = %d, out = %f) heavy(in = %d, gate = %d, out = %f)
      {tokens = 8, routing = #colt5.routing<raw>, activation = sigmoid} : !x, !m, !u, !d, !f, !d, !d, !f -> !x
  return %0 : !x
}

func.func @ones(%x: !x, %m: !m, %u: !u, %d: !d, %f: !f) -> !x {
  %0 = colt5.conditional_ffn %x mask(%m) router(%u) light(in = %d, out = %f) heavy(in = %d, gate = %d, out = %f)
      {tokens = 8, routing = #colt5.routing<ones>, activation = sigmoid} : !x, !m, !u, !d, !f, !d, !d, !f -> !x
  return %0 : !x
}

func.func @cosine(%x: !x, %m: !m, %u: !u, %d: !d, %f: !f) -> !x {
  %0 = colt5.conditional_ffn %x mask(%m) router(%u) light(in = %d, out = %f) heavy(in = %d, gate = %d, out = %f)
      {tokens = 8, routing = #colt5.routing<soft_topk, similarity = cosine, scale = 8.0>, activation = sigmoid} : !x, !m, !u, !d, !f, !d, !d, !f -> !x
  return %0 : !x
}

func.func @block(%x: !x, %m: !m, %u: !u, %d: !d, %f: !f) -> !x {
  %0 = colt5.conditional_ffn %x mask(%m) router(%u) light(in = %d, out = %f) heavy(in = %d, gate = %d, out = %f)
      {tokens = 8, routing = #colt5.routing<soft_topk, block = 8>, activation = sigmoid} : !x, !m, !u, !d, !f, !d, !d, !f -> !x
  return %0 : !x
}

func.func @exact(%x: !x, %m: !m, %u: !u, %d: !d, %f: !f) -> !x {
  %0 = colt5.conditional_ffn %x mask(%m) router(%u) light(in = %d, out = %f) heavy(in = %d, gate = %d, out = %f)
      {tokens = 8, routing = #colt5.routing<soft_topk, solver = exact, eps = 0.5>, activation = sigmoid} : !x, !m, !u, !d, !f, !d, !d, !f -> !x
  return %0 : !x
}

func.func @bypass(%x: !x, %m: !m, %u: !u, %d: !d, %f: !f) -> !x {
  %0 = colt5.conditional_ffn %x mask(%m) router(%u) light(in = %d, out = %f) heavy(in = %d, gate = %d, out = %f)
      {tokens = 40, routing = #colt5.routing<soft_topk, bypass = ones>, activation = sigmoid} : !x, !m, !u, !d, !f, !d, !d, !f -> !x
  return %0 : !x
}

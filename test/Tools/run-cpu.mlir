// The CPU against the reference: results, parts, and routing that is recorded, replayed and judged.
// RUN: colt5-run %s --entry=rows --input=random:seed=1 --input=random:seed=2 --input=ones --backend=cpu --compare=reference --parts --json=%t.json | FileCheck %s
// CHECK: routing: 1 selections replayed, 0 swaps
// CHECK: value {{ *}}normalised
// CHECK: result 0 {{.*}} ok
// CHECK: result 1 {{.*}} ok
// CHECK: select {{.*}} ok
// CHECK: select:1 {{.*}} ok
// CHECK: rows {{.*}} ok
// RUN: FileCheck %s --check-prefix=JSON < %t.json
// JSON-DAG: "swaps": 0
// JSON-DAG: "compared": "reference"

// A routing that the reference did not choose is used when the scores allow it, and both agree on the rest.
// RUN: rm -rf %t && mkdir -p %t/near
// RUN: %python -c "import numpy, sys; numpy.save(sys.argv[1] + '/s.npy', numpy.array([[[5, 3, 2.9, 1]]], numpy.float32)); numpy.save(sys.argv[1] + '/near/topk0.npy', numpy.array([[[0, 2]]], numpy.int32))" %t
// RUN: colt5-run %s --entry=rows --input=iota --input=%t/s.npy --input=ones --backend=cpu --replay-routing=%t/near --routing-margin=0.2 --compare=reference --print | FileCheck %s --check-prefix=REPLAY
// REPLAY: routing: 1 selections replayed, 1 swaps
// REPLAY: 0: 1x1x2x2xf32 = [0, 1, 4, 5]
// REPLAY: 1: 1x1x2xf32 = [5, 2.9]
// RUN: not colt5-run %s --entry=rows --input=iota --input=%t/s.npy --input=ones --backend=cpu --replay-routing=%t/near 2>&1 | FileCheck %s --check-prefix=REFUSED
// REFUSED: error: selection 0, batch 0, route 0: token 2 differs

// A masked token in the replayed set is not valid, and its row is zero.
// RUN: %python -c "import numpy, sys; numpy.save(sys.argv[1] + '/m.npy', numpy.array([[1, 1, 0, 1]], bool))" %t
// RUN: colt5-run %s --entry=rows --input=iota --input=%t/s.npy --input=%t/m.npy --backend=cpu --replay-routing=%t/near --routing-margin=9 --print | FileCheck %s --check-prefix=MASKED
// MASKED: 0: 1x1x2x2xf32 = [0, 1, 0, 0]
// MASKED: 1: 1x1x2xf32 = [5, -inf]

// The error word reaches the tool.
// RUN: not colt5-run %s --entry=pick --input=ones --input=value=7 --backend=cpu 2>&1 | FileCheck %s --check-prefix=WORD
// WORD: error: the index error word is set

func.func @rows(%x: tensor<1x4x2xf32>, %s: tensor<1x1x4xf32>, %m: tensor<1x4xi1>)
    -> (tensor<1x1x2x2xf32>, tensor<1x1x2xf32>) {
  %i = tensor.empty() : tensor<1x1x2xi32>
  %v = tensor.empty() : tensor<1x1x2xi1>
  %f = tensor.empty() : tensor<1x1x2xf32>
  %e = tensor.empty() : tensor<1x1x2x2xf32>
  %idx, %valid, %values = colt5.topk ins(%s : tensor<1x1x4xf32>) mask(%m : tensor<1x4xi1>)
      outs(%i, %v, %f : tensor<1x1x2xi32>, tensor<1x1x2xi1>, tensor<1x1x2xf32>) {colt5.part = "select"}
      -> (tensor<1x1x2xi32>, tensor<1x1x2xi1>, tensor<1x1x2xf32>)
  %r = colt5.gather ins(%x, %idx : tensor<1x4x2xf32>, tensor<1x1x2xi32>) valid(%valid : tensor<1x1x2xi1>)
      outs(%e : tensor<1x1x2x2xf32>) {colt5.part = "rows"} -> tensor<1x1x2x2xf32>
  return %r, %values : tensor<1x1x2x2xf32>, tensor<1x1x2xf32>
}
func.func @pick(%x: tensor<1x4x2xf32>, %i: tensor<1x2xi32>) -> tensor<1x2x2xf32> {
  %e = tensor.empty() : tensor<1x2x2xf32>
  %r = colt5.gather ins(%x, %i : tensor<1x4x2xf32>, tensor<1x2xi32>) outs(%e : tensor<1x2x2xf32>)
      -> tensor<1x2x2xf32>
  return %r : tensor<1x2x2xf32>
}

// Recording what was selected, replaying it, and refusing selections that the scores do not allow.
// RUN: rm -rf %t && mkdir -p %t/near %t/far
// RUN: %python -c "import numpy, sys; numpy.save(sys.argv[1] + '/s.npy', numpy.array([[[5, 3, 2.9, 1]]], numpy.float32)); [numpy.save(sys.argv[1] + '/' + n + '/topk0.npy', numpy.array([[i]], numpy.int32)) for n, i in (('near', [0, 2]), ('far', [0, 3]))]" %t

// RUN: colt5-run %s --input=%t/s.npy --record-routing=%t/own --print | FileCheck %s --check-prefix=OWN
// OWN: 0: 1x1x2xi32 = [0, 1]
// RUN: ls %t/own/topk0.npy %t/own/topk0.scores.npy

// A record of an earlier, longer run is gone even where its beginning was lost.
// RUN: mkdir %t/again && touch %t/again/topk1.npy %t/again/topk1.scores.npy
// RUN: colt5-run %s --input=%t/s.npy --record-routing=%t/again && ls %t/again | FileCheck %s --check-prefix=AGAIN
// AGAIN: topk0.npy
// AGAIN-NEXT: topk0.scores.npy
// AGAIN-NOT: topk1
// RUN: colt5-run %s --input=%t/s.npy --replay-routing=%t/own | FileCheck %s --check-prefix=SAME
// SAME: routing: 1 selections replayed, 0 swaps, largest distance from the k-th score 0, margin 0
// RUN: colt5-run %s --input=%t/s.npy --replay-routing=%t/near --routing-margin=0.2 --print | FileCheck %s --check-prefix=NEAR
// NEAR: routing: 1 selections replayed, 1 swaps, largest distance from the k-th score 0.1, margin 0.2
// NEAR: 0: 1x1x2xi32 = [0, 2]
// RUN: not colt5-run %s --input=%t/s.npy --replay-routing=%t/near 2>&1 | FileCheck %s --check-prefix=STRICT
// STRICT: error: selection 0, batch 0, route 0: token 2 differs and its score is 0.1 away from the k-th score, more than the margin 0; the selection is wrong, or raise --routing-margin
// RUN: not colt5-run %s --input=%t/s.npy --replay-routing=%t/far --routing-margin=0.2 2>&1 | FileCheck %s --check-prefix=FAR
// FAR: error: selection 0, batch 0, route 0: token 3 differs and its score is 2 away

func.func @select(%s: tensor<1x1x4xf32>) -> tensor<1x1x2xi32> {
  %i = tensor.empty() : tensor<1x1x2xi32>
  %v = tensor.empty() : tensor<1x1x2xi1>
  %0:2 = colt5.topk ins(%s : tensor<1x1x4xf32>) outs(%i, %v : tensor<1x1x2xi32>, tensor<1x1x2xi1>)
      -> (tensor<1x1x2xi32>, tensor<1x1x2xi1>)
  return %0#0 : tensor<1x1x2xi32>
}

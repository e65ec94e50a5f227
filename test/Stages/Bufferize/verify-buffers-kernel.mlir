// colt5.kernel is verified like any other op: nothing here is left out, which a warning would say.
// RUN: colt5-opt %s --colt5-bufferize=keep-values=true | \
// RUN:   colt5-opt --colt5-verify-buffers 2>&1 | FileCheck %s --implicit-check-not=warning

#plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.select>

// A kernel in a loop, its result carried on; scratch memory, views, and sizes that are not known.
// CHECK-LABEL: func.func @loop(
func.func @loop(%x: tensor<?x8xf32>, %n: index) -> tensor<?x8xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = tensor.dim %x, %c0 : tensor<?x8xf32>
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%t = %x) -> tensor<?x8xf32> {
    %e = tensor.empty(%m) : tensor<?x8xf32>
    %s = tensor.empty(%m) : tensor<?x8xf32>
    %k:2 = colt5.kernel #plan ins(%t : tensor<?x8xf32>) outs(%e, %s : tensor<?x8xf32>, tensor<?x8xf32>) {
    ^bb0(%a: tensor<?x8xf32>, %o: tensor<?x8xf32>, %unused: tensor<?x8xf32>):
      %0 = linalg.exp ins(%a : tensor<?x8xf32>) outs(%o : tensor<?x8xf32>) -> tensor<?x8xf32>
      colt5.yield %0 : tensor<?x8xf32>
    } -> (tensor<?x8xf32>, tensor<?x8xf32>)
    scf.yield %k#0 : tensor<?x8xf32>
  }
  return %r : tensor<?x8xf32>
}

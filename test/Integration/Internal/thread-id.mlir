// colt5.thread_id is 0 where one CPU thread runs all tasks, and the number of the block on a GPU.
// RUN: rm -rf %t && mkdir %t
// RUN: colt5-run %s --entry=zeros --backend=reference --output-dir=%t/zeros
// RUN: colt5-run %s --entry=blocks --backend=reference --output-dir=%t/blocks
// RUN: colt5-run %s --entry=f --backend=cpu --threads=1 --compare=%t/zeros | FileCheck %s
// RUN: colt5-run %s --entry=f --backend=emulator --compare=%t/blocks | FileCheck %s
// RUN: not colt5-run %s --entry=f --backend=emulator --compare=%t/zeros 2>&1 | FileCheck %s --check-prefix=OTHER

// CHECK: result 0 {{.*}} ok
// OTHER: result 0: {{.*}}differ

func.func @f() -> tensor<5xi32> {
  %e = tensor.empty() : tensor<5xi32>
  %r = scf.forall (%i) in (5) shared_outs(%out = %e) -> (tensor<5xi32>) {
    %t = colt5.thread_id : index
    %v = arith.index_cast %t : index to i32
    %one = tensor.from_elements %v : tensor<1xi32>
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %one into %out[%i] [1] [1] : tensor<1xi32> into tensor<5xi32>
    }
  } {mapping = [#colt5.tile<0>]}
  return %r : tensor<5xi32>
}

func.func @zeros() -> tensor<5xi32> {
  %r = arith.constant dense<0> : tensor<5xi32>
  return %r : tensor<5xi32>
}

func.func @blocks() -> tensor<5xi32> {
  %r = arith.constant dense<[0, 1, 2, 3, 4]> : tensor<5xi32>
  return %r : tensor<5xi32>
}

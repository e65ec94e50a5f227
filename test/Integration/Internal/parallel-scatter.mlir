// colt5.parallel_scatter in a loop over columns equals colt5.scatter_combine: as compiled for the CPU and for a GPU, and in
// the reference.
// DEFINE: %{inputs} = --input=random:seed=1 --input=iota --input=random:seed=3 --input=random:seed=4
// RUN: rm -rf %t && mkdir %t
// RUN: colt5-run %s --entry=whole --backend=reference --output-dir=%t/whole %{inputs}
// RUN: colt5-run %s --entry=tiled --backend=reference --compare=%t/whole %{inputs} | FileCheck %s
// RUN: colt5-run %s --entry=tiled --backend=cpu --threads=3 --compare=%t/whole %{inputs} | FileCheck %s
// RUN: colt5-run %s --entry=tiled --backend=emulator --emulator-seed=3 --compare=%t/whole %{inputs} | FileCheck %s
// A result for other weights is not this one.
// RUN: not colt5-run %s --entry=tiled --backend=cpu --compare=%t/whole --input=random:seed=1 \
// RUN:   --input=iota --input=random:seed=9 --input=random:seed=4 2>&1 | FileCheck %s --check-prefix=OTHER

// CHECK: result 0 {{.*}} ok
// OTHER: result 0: normalised error

func.func @whole(%y: tensor<1x5x12xf32>, %i: tensor<1x5xi32>, %w: tensor<1x5xf32>, %base: tensor<1x9x12xf32>)
    -> tensor<1x9x12xf32> {
  %r = colt5.scatter_combine ins(%y, %i : tensor<1x5x12xf32>, tensor<1x5xi32>) weight(%w : tensor<1x5xf32>)
      outs(%base : tensor<1x9x12xf32>) -> tensor<1x9x12xf32>
  return %r : tensor<1x9x12xf32>
}

func.func @tiled(%y: tensor<1x5x12xf32>, %i: tensor<1x5xi32>, %w: tensor<1x5xf32>, %base: tensor<1x9x12xf32>)
    -> tensor<1x9x12xf32> {
  %c0 = arith.constant 0 : index
  %r = scf.forall (%d) = (0) to (12) step (4) shared_outs(%out = %base) -> (tensor<1x9x12xf32>) {
    %part = tensor.extract_slice %y[0, 0, %d] [1, 5, 4] [1, 1, 1] : tensor<1x5x12xf32> to tensor<1x5x4xf32>
    scf.forall.in_parallel {
      colt5.parallel_scatter %part at %i weight(%w : tensor<1x5xf32>) into %out[%c0, %d]
          : tensor<1x5x4xf32>, tensor<1x5xi32>, tensor<1x9x12xf32>
    }
  } {mapping = [#colt5.tile<0>]}
  return %r : tensor<1x9x12xf32>
}

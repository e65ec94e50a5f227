// The index of a slot that is not valid is not judged: both backends agree that it names nothing and is no error.
// DEFINE: %{inputs} = --input=random:seed=1 --input=value=99
// RUN: colt5-run %s --entry=gather --backend=cpu --compare=reference %{inputs} --input=zeros
// RUN: not colt5-run %s --entry=gather --backend=cpu %{inputs} --input=ones 2>&1 | FileCheck %s
// RUN: not colt5-run %s --entry=gather --backend=reference %{inputs} --input=ones 2>&1 | FileCheck %s
// RUN: colt5-run %s --entry=scatter --backend=cpu --compare=reference %{inputs} --input=zeros --input=random:seed=2
// RUN: not colt5-run %s --entry=scatter --backend=cpu %{inputs} --input=ones --input=random:seed=2 2>&1 | FileCheck %s

// CHECK: error: the index error word is set

func.func @gather(%x: tensor<2x5x4xf32>, %i: tensor<2x3xi32>, %v: tensor<2x3xi1>) -> tensor<2x3x4xf32> {
  %e = tensor.empty() : tensor<2x3x4xf32>
  %g = colt5.gather ins(%x, %i : tensor<2x5x4xf32>, tensor<2x3xi32>) valid(%v : tensor<2x3xi1>)
      outs(%e : tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return %g : tensor<2x3x4xf32>
}

func.func @scatter(%y: tensor<2x3x4xf32>, %i: tensor<2x3xi32>, %v: tensor<2x3xi1>, %b: tensor<2x5x4xf32>)
    -> tensor<2x5x4xf32> {
  %s = colt5.scatter_combine ins(%y, %i : tensor<2x3x4xf32>, tensor<2x3xi32>) valid(%v : tensor<2x3xi1>)
      outs(%b : tensor<2x5x4xf32>) -> tensor<2x5x4xf32>
  return %s : tensor<2x5x4xf32>
}

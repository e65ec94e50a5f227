// colt5.kernel as a user writes it, and as dumps hold it: with scratch memory, in a loop, from a slice of its input and with a
// constant budget. The reference interprets it; the emulator runs the code that the family writes.
// DEFINE: %{inputs} = --input=random:seed=1 --input=random:seed=2
// RUN: rm -rf %t && mkdir %t
// RUN: colt5-run %s --entry=ops --backend=reference --output-dir=%t/ops %{inputs}
// RUN: colt5-run %s --entry=kernels --backend=reference --compare=%t/ops %{inputs} | FileCheck %s
// RUN: colt5-run %s --entry=kernels --backend=emulator --chip=sm_80 --compare=%t/ops %{inputs} | FileCheck %s
// RUN: colt5-run %s --entry=kernels --backend=emulator --chip=sm_90a --emulator-seed=5 --compare=%t/ops %{inputs} | FileCheck %s
// Other inputs give other results.
// RUN: not colt5-run %s --entry=kernels --backend=reference --compare=%t/ops --input=random:seed=3 --input=random:seed=2 2>&1 | FileCheck %s --check-prefix=OTHER

// CHECK: result 0 {{.*}} ok
// CHECK: result 1 {{.*}} ok
// OTHER: result 0: {{[1-9][0-9]*}} of 8196 integers differ

// A constant input is part of the kernel's module, and may be a view of one.
// RUN: colt5-run %s --entry=table --backend=emulator --chip=sm_80 --compare=reference --quiet --input=value=2.5

// The dumps of the stages that hold it are input again.
// RUN: colt5-compile %s --target=sm_80 --emit=ptx --quiet -o %t/k.ptx --dump-stages=%t/stages
// RUN: FileCheck %s --check-prefix=TILE < %t/stages/sm_80/kernel.tile.mlir
// RUN: colt5-run %t/stages/sm_80/kernel.tile.mlir --entry=ops --backend=reference --compare=%t/ops %{inputs} | FileCheck %s
// RUN: colt5-run %t/stages/sm_80/kernel.tile.mlir --entry=ops --backend=emulator --chip=sm_80 --compare=%t/ops %{inputs} | FileCheck %s
// RUN: colt5-compile %t/stages/sm_80/kernel.tile.mlir --start-stage=tile --target=sm_80 --emit=ptx --quiet -o %t/t.ptx && cmp %t/k.ptx %t/t.ptx
// RUN: colt5-compile %t/stages/sm_80/kernel.bufferize.mlir --start-stage=bufferize --target=sm_80 --emit=ptx --quiet -o %t/b.ptx && cmp %t/k.ptx %t/b.ptx
// RUN: colt5-compile %t/stages/sm_80/kernel.lower.mlir --start-stage=lower --target=sm_80 --emit=ptx --quiet -o %t/l.ptx && cmp %t/k.ptx %t/l.ptx

// TILE-LABEL: func.func @ops
// TILE: colt5.kernel
// TILE: scf.for
// TILE: colt5.kernel

// On a CPU nothing writes its code.
// RUN: not colt5-compile %s --target=cpu -o %t/cpu 2>&1 | FileCheck %s --check-prefix=CPU
// CPU: error: 'colt5.kernel' op expected a plan with a schedule #colt5.loops for cpu-{{.*}}, found #colt5.select{{.*}}, which does not belong to this machine

#plan = #colt5.plan<kernel = 7, role = root, schedule = #colt5.select>

func.func @ops(%s: tensor<2x2x4100xf32>, %w: tensor<1x2x40xf32>) -> (tensor<1x2x4098xi32>, tensor<1x2x40xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %budget = arith.constant 4.0 : f32
  %row = tensor.extract_slice %s[1, 0, 0] [1, 2, 4100] [1, 1, 1] : tensor<2x2x4100xf32> to tensor<1x2x4100xf32>
  %i = tensor.empty() : tensor<1x2x4098xi32>
  %v = tensor.empty() : tensor<1x2x4098xi1>
  %t:2 = colt5.topk ins(%row : tensor<1x2x4100xf32>) outs(%i, %v : tensor<1x2x4098xi32>, tensor<1x2x4098xi1>) {order = score}
      -> (tensor<1x2x4098xi32>, tensor<1x2x4098xi1>)
  %r = scf.for %n = %c0 to %c3 step %c1 iter_args(%x = %w) -> tensor<1x2x40xf32> {
    %e = tensor.empty() : tensor<1x2x40xf32>
    %y = colt5.soft_topk ins(%x, %budget : tensor<1x2x40xf32>, f32) outs(%e : tensor<1x2x40xf32>) {iterations = 5} -> tensor<1x2x40xf32>
    scf.yield %y : tensor<1x2x40xf32>
  }
  return %t#0, %r : tensor<1x2x4098xi32>, tensor<1x2x40xf32>
}

func.func @kernels(%s: tensor<2x2x4100xf32>, %w: tensor<1x2x40xf32>) -> (tensor<1x2x4098xi32>, tensor<1x2x40xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %budget = arith.constant 4.0 : f32
  %row = tensor.extract_slice %s[1, 0, 0] [1, 2, 4100] [1, 1, 1] : tensor<2x2x4100xf32> to tensor<1x2x4100xf32>
  %i = tensor.empty() : tensor<1x2x4098xi32>
  %v = tensor.empty() : tensor<1x2x4098xi1>
  %scratch = tensor.empty() : tensor<1x2x4098xi32>
  %t:3 = colt5.kernel #plan ins(%row : tensor<1x2x4100xf32>)
      outs(%i, %v, %scratch : tensor<1x2x4098xi32>, tensor<1x2x4098xi1>, tensor<1x2x4098xi32>) {
  ^bb0(%a: tensor<1x2x4100xf32>, %io: tensor<1x2x4098xi32>, %vo: tensor<1x2x4098xi1>, %unused: tensor<1x2x4098xi32>):
    %0:2 = colt5.topk ins(%a : tensor<1x2x4100xf32>) outs(%io, %vo : tensor<1x2x4098xi32>, tensor<1x2x4098xi1>) {order = score}
        -> (tensor<1x2x4098xi32>, tensor<1x2x4098xi1>)
    colt5.yield %0#0, %0#1 : tensor<1x2x4098xi32>, tensor<1x2x4098xi1>
  } -> (tensor<1x2x4098xi32>, tensor<1x2x4098xi1>, tensor<1x2x4098xi32>)
  %r = scf.for %n = %c0 to %c3 step %c1 iter_args(%x = %w) -> tensor<1x2x40xf32> {
    %e = tensor.empty() : tensor<1x2x40xf32>
    %y = colt5.kernel #plan ins(%x, %budget : tensor<1x2x40xf32>, f32) outs(%e : tensor<1x2x40xf32>) {
    ^bb0(%a: tensor<1x2x40xf32>, %k: f32, %o: tensor<1x2x40xf32>):
      %0 = colt5.soft_topk ins(%a, %k : tensor<1x2x40xf32>, f32) outs(%o : tensor<1x2x40xf32>) {iterations = 5} -> tensor<1x2x40xf32>
      colt5.yield %0 : tensor<1x2x40xf32>
    } -> (tensor<1x2x40xf32>)
    scf.yield %y : tensor<1x2x40xf32>
  }
  return %t#0, %r : tensor<1x2x4098xi32>, tensor<1x2x40xf32>
}

func.func @table(%k: f32) -> (tensor<1x1x8xf32>, tensor<1x1x3xi32>) {
  %s = arith.constant dense<[[[1.0, -2.0, 3.0, 0.5, 4.0, -1.0, 2.5, 0.0]]]> : tensor<1x1x8xf32>
  %e = tensor.empty() : tensor<1x1x8xf32>
  %w = colt5.soft_topk ins(%s, %k : tensor<1x1x8xf32>, f32) outs(%e : tensor<1x1x8xf32>) -> tensor<1x1x8xf32>
  %part = tensor.extract_slice %s[0, 0, 1] [1, 1, 5] [1, 1, 1] : tensor<1x1x8xf32> to tensor<1x1x5xf32>
  %i = tensor.empty() : tensor<1x1x3xi32>
  %v = tensor.empty() : tensor<1x1x3xi1>
  %t:2 = colt5.topk ins(%part : tensor<1x1x5xf32>) outs(%i, %v : tensor<1x1x3xi32>, tensor<1x1x3xi1>) -> (tensor<1x1x3xi32>, tensor<1x1x3xi1>)
  return %w, %t#0 : tensor<1x1x8xf32>, tensor<1x1x3xi32>
}

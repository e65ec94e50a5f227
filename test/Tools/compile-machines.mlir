// Every machine of the table from one command; a module goes on for the machine that it was planned for only.
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: colt5-compile %s --target=cpu,sm_80,sm_89,sm_90a,sm_120 --emit=ptx -o k --quiet
// RUN: grep -h '^.target' k.sm_80.ptx k.sm_89.ptx k.sm_90a.ptx k.sm_120.ptx | FileCheck %s --check-prefix=CHIPS
// CHIPS: .target sm_80
// CHIPS-NEXT: .target sm_89
// CHIPS-NEXT: .target sm_90a
// CHIPS-NEXT: .target sm_120
// RUN: colt5-run %s --backend=emulator --chip=sm_89 --compare=reference --input=random:seed=1,shape=3x65 --input=random:seed=2 --quiet
// RUN: colt5-run %s --backend=emulator --chip=sm_120 --emulator-seed=3 --compare=reference --input=random:seed=1,shape=1x65 --input=random:seed=2 --quiet

// RUN: colt5-compile %s --target=sm_90a --stop-stage=plan -o planned.mlir --quiet
// RUN: colt5-compile planned.mlir --start-stage=plan --target=sm_90a --emit=ptx -o again.ptx --quiet && diff k.sm_90a.ptx again.ptx
// RUN: not colt5-compile planned.mlir --start-stage=plan -o c --quiet 2>&1 | FileCheck %s --check-prefix=OTHER
// OTHER: error: expected a module that is planned for #colt5.machine<"cpu-generic">, found one for #colt5.machine<"sm_90a">; name its machine as the target, or start from a stage before plan
// RUN: not colt5-compile planned.mlir --start-stage=plan --target=sm_80 --emit=ptx -o c.ptx --quiet 2>&1 | FileCheck %s --check-prefix=CHIP
// CHIP: error: expected a module that is planned for #colt5.machine<"sm_80">, found one for #colt5.machine<"sm_90a">
// Without the attribute the families of the kernels tell.
// RUN: sed 's/attributes {colt5.machine = #colt5.machine<"sm_90a">} //' planned.mlir > bare.mlir && not grep colt5.machine bare.mlir
// RUN: not colt5-compile bare.mlir --start-stage=plan -o c --quiet 2>&1 | FileCheck %s --check-prefix=FAMILY
// FAMILY: error: {{.*}}expected a plan with a schedule #colt5.loops for cpu-generic, found #colt5.simt<tile = [{{.*}}], threads = 256>, which does not belong to this machine
// RUN: colt5-compile bare.mlir --start-stage=plan --target=sm_90a --emit=ptx -o bare.ptx --quiet && diff k.sm_90a.ptx bare.ptx

// So does the code of stage binary.
// RUN: colt5-compile %s --target=sm_90a --stop-stage=binary --emit=mlir -o binary.mlir --quiet && sed 's/colt5.machine = #colt5.machine<"sm_90a">, //' binary.mlir > bare.mlir && not grep colt5.machine bare.mlir
// RUN: not colt5-compile bare.mlir --start-stage=binary --target=sm_80 --emit=ptx -o c.ptx --quiet 2>&1 | FileCheck %s --check-prefix=CODE
// CODE: error: 'gpu.binary' op holds code for sm_90a, expected sm_80
// A machine in the source is that of its target.
// RUN: sed 's/^func.func/module attributes {colt5.machine = #colt5.machine<"sm_80", {threads = 64 : i64}>} {\nfunc.func/; $a}' %s > small.mlir
// RUN: colt5-compile small.mlir --target=sm_80 --emit=ptx -o small.ptx --quiet && grep -q 'ntid 64' small.ptx
// RUN: colt5-run small.mlir --backend=emulator --chip=sm_80 --compare=reference --input=random:seed=1,shape=3x65 --input=random:seed=2 --quiet
// RUN: not colt5-run small.mlir --backend=emulator --chip=sm_90a --input=random:seed=1,shape=3x65 --input=random:seed=2 --quiet 2>&1 | FileCheck %s --check-prefix=SOURCE
// SOURCE: error: expected a module that is planned for #colt5.machine<"sm_90a">, found one for #colt5.machine<"sm_80", {threads = 64 : i64}>

// A CPU by its name comes with its instructions; --cpu may have more, not less.
// RUN: colt5-compile %s --target=cpu-avx512 --emit=asm -o wide.s --quiet && grep -q zmm wide.s
// RUN: colt5-compile %s --target=cpu --cpu=x86-64-v4 --emit=asm -o native.s --quiet && diff wide.s native.s
// RUN: colt5-compile %s --target=cpu-generic --cpu=x86-64-v4 --stop-stage=plan -o - --quiet | FileCheck %s --check-prefix=GENERIC
// GENERIC: #colt5.machine<"cpu-generic">
// RUN: not colt5-compile %s --target=cpu-avx512 --cpu=x86-64-v3 -o c --quiet 2>&1 | FileCheck %s --check-prefix=LESS
// LESS: expected a CPU with avx2 and fma and avx512f and avx512vl and avx512bw and avx512dq for cpu-avx512, such as x86-64-v4, found 'x86-64-v3'
// RUN: not colt5-compile %s --target=cpu,cpu-avx512 -o c --quiet 2>&1 | FileCheck %s --check-prefix=TWO
// TWO: --target: expected one CPU at most, found cpu and cpu-avx512
// RUN: not colt5-compile %s --target=cpu-aarch64 --cpu=native -o c --quiet 2>&1 | FileCheck %s --check-prefix=NATIVE
// NATIVE: expected a CPU of aarch64 by its name, found 'native', which is this machine's
// REQUIRES: x86

func.func public @f(%x: tensor<?x65xf32>, %g: tensor<65xf32>) -> tensor<?x65xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x65xf32>
  %e = tensor.empty(%n) : tensor<?x65xf32>
  %r = colt5.rms_norm ins(%x, %g : tensor<?x65xf32>, tensor<65xf32>) outs(%e : tensor<?x65xf32>) -> tensor<?x65xf32>
  return %r : tensor<?x65xf32>
}

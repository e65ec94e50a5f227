// A plugin's pass between two stages changes the code of every target of one command.
// RUN: rm -rf %t && mkdir %t
// DEFINE: %{plugin} = --load-pass-plugin=%colt5_build/lib/colt5-test-tiles.so --insert-after=plan=double-gather-tiles
// DEFINE: %{compile} = colt5-compile %s --target=cpu,sm_80,sm_90a --emit=obj,asm,ptx --prefix=rows --quiet
// RUN: %{compile} -o %t/plain
// RUN: %{compile} %{plugin} -o %t/doubled 2>&1 | FileCheck %s --check-prefix=REMARK
// REMARK-COUNT-3: remark: doubled the tile of kernel 0
// RUN: not cmp %t/plain.s %t/doubled.s && not cmp %t/plain.sm_80.ptx %t/doubled.sm_80.ptx
// RUN: not cmp %t/plain.sm_90a.ptx %t/doubled.sm_90a.ptx && not cmp %t/plain.o %t/doubled.o

// The numbers are the same.
// DEFINE: %{run} = colt5-run %s %{plugin} --input=random:seed=1 --input=iota --compare=reference
// RUN: %{run} --backend=cpu 2>&1 | FileCheck %s --check-prefix=VALUES
// RUN: %{run} --backend=emulator --chip=sm_80 2>&1 | FileCheck %s --check-prefix=VALUES
// RUN: %{run} --backend=emulator --chip=sm_90a 2>&1 | FileCheck %s --check-prefix=VALUES

// VALUES: result 0 {{.*}} ok

// Hooks of one place run in order, those of a stage that all targets share once.
// RUN: colt5-compile %s --target=cpu,sm_80 --insert-after=decompose=canonicalize --insert-after=decompose=cse --insert-before=plan=symbol-dce --mlir-print-ir-after-all --stop-stage=plan -o %t/x 2>&1 | grep 'IR Dump After' | FileCheck %s --check-prefix=ORDER
// ORDER: After Colt5WidenAccumulators
// ORDER: After Canonicalizer
// ORDER: After Canonicalizer
// ORDER-NEXT: After CSE
// ORDER-NEXT: After Colt5VerifyStage
// ORDER-NEXT: After Colt5SetMachine
// ORDER-NEXT: After SymbolDCE
// ORDER-NEXT: After Colt5VerifyStage
// ORDER-NOT: After CSE
// ORDER: After Colt5SetMachine
// ORDER-NEXT: After SymbolDCE
// The anchor of a whole pipeline may be there, and passes on functions are nested.
// RUN: colt5-compile %s --insert-after=decompose='builtin.module(func.func(cse),canonicalize)' --stop-stage=decompose -o %t/y.mlir --quiet

// What breaks the contract of a stage is named there.
// RUN: not colt5-compile %colt5_src/examples/router_gather_ffn.mlir --insert-after=plan=linalg-generalize-named-ops -o %t/z --quiet 2>&1 | FileCheck %s --check-prefix=BROKEN
// BROKEN: error: 'linalg.generic' op has no plan, expected a #colt5.plan attribute 'colt5.plan'; run colt5-plan
// BROKEN: colt5-compile: error: stage plan failed

// RUN: not colt5-compile %s --insert-after=plans=cse -o %t/z 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: colt5-compile: error: --insert-after=plans: unknown stage; expected one of: input, decompose, plan, tile, bufferize, lower, llvm, gpu, nvvm, binary
// RUN: not colt5-compile %s --insert-before=nvvm=cse -o %t/z 2>&1 | FileCheck %s --check-prefix=IDLE
// IDLE: colt5-compile: error: --insert-before=nvvm: no target runs this stage; expected one of those that run: input, decompose, plan, tile, bufferize, lower, llvm
// RUN: not colt5-compile %s --insert-before=tile=cse --stop-stage=plan -o %t/z 2>&1 | FileCheck %s --check-prefix=STOPPED
// STOPPED: --insert-before=tile: no target runs this stage; expected one of those that run: input, decompose, plan{{$}}
// RUN: not colt5-compile %s --insert-after=plan=double-gather-tiles -o %t/z 2>&1 | FileCheck %s --check-prefix=PASS
// PASS: colt5-compile: error: --insert-after=plan=double-gather-tiles: expected a pipeline of registered passes on a module, found an error: 'double-gather-tiles' does not refer to a registered pass or pass pipeline; a pass of a plugin needs --load-pass-plugin
// RUN: not colt5-compile %s --insert-after=plan -o %t/z 2>&1 | FileCheck %s --check-prefix=FORM
// RUN: not colt5-compile %s --insert-after=plan=builtin.module\(cse -o %t/z 2>&1 | FileCheck %s --check-prefix=FORM
// FORM: colt5-compile: error: --insert-after=plan{{.*}}: expected STAGE=PIPELINE, such as plan=canonicalize,cse
// RUN: not colt5-run %s --insert-after=plan=cse --input=zeros --input=zeros 2>&1 | FileCheck %s --check-prefix=NOSTAGES
// NOSTAGES: colt5-run: error: --insert-before and --insert-after: the reference runs no stages; expected them together with --backend or --compare=cpu, emulator or cuda
// RUN: not colt5-run %s --insert-after=binary=cse --backend=emulator --input=zeros --input=zeros 2>&1 | FileCheck %s --check-prefix=LATE
// LATE: colt5-run: error: --insert-after=binary: no target runs this stage; expected one of those that run: input, decompose, plan, tile, bufferize, lower, gpu, nvvm

func.func @rows(%x: tensor<1x2048x64xf32>, %idx: tensor<1x1024xi32>) -> tensor<1x1024x64xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x1024x64xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x1024x64xf32>) -> tensor<1x1024x64xf32>
  %rows = colt5.gather ins(%x, %idx : tensor<1x2048x64xf32>, tensor<1x1024xi32>) outs(%init : tensor<1x1024x64xf32>)
      -> tensor<1x1024x64xf32>
  return %rows : tensor<1x1024x64xf32>
}

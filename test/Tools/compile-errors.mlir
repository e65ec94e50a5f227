// Wrong options of colt5-compile end with status 1 and the list of what is valid.
// RUN: not colt5-compile %s --target=gpu 2>&1 | FileCheck %s --check-prefix=TARGET
// TARGET: colt5-compile: error: --target=gpu: unknown target; expected one of: cpu, cpu-generic, cpu-avx512, cpu-aarch64, sm_80, sm_89, sm_90a, sm_120
// RUN: not colt5-compile --list-stages --target=gpu 2>&1 | FileCheck %s --check-prefix=LISTTARGET
// LISTTARGET: colt5-compile: error: --target=gpu: unknown target; expected one of: cpu, cpu-generic, cpu-avx512, cpu-aarch64, sm_80, sm_89, sm_90a, sm_120
// RUN: not colt5-compile %s --stop-stage=x 2>&1 | FileCheck %s --check-prefix=STOP
// STOP: error: --stop-stage=x: unknown stage; expected one of: input, decompose, plan, tile, bufferize, lower, llvm
// RUN: not colt5-compile %s --start-stage=x 2>&1 | FileCheck %s --check-prefix=START
// START: error: --start-stage=x: unknown stage; expected one of: input, decompose
// RUN: not colt5-compile %s --start-stage=tile --stop-stage=input 2>&1 | FileCheck %s --check-prefix=ORDER
// ORDER: error: --stop-stage=input comes before --start-stage=tile
// RUN: not colt5-compile %s --override-stage=x=y 2>&1 | FileCheck %s --check-prefix=OVERRIDE
// OVERRIDE: error: --override-stage=x: unknown stage; expected one of: input
// RUN: not colt5-compile %s --override-stage=plan 2>&1 | FileCheck %s --check-prefix=OVERRIDEFILE
// OVERRIDEFILE: error: --override-stage=plan: expected STAGE=FILE
// RUN: not colt5-compile %s --stop-stage=decompose --override-stage=plan=x 2>&1 | FileCheck %s --check-prefix=IDLE
// IDLE: error: --override-stage=plan=x: the stage does not run
// RUN: not colt5-compile %s --stop-stage=decompose --override-stage=input=%t.none 2>&1 | FileCheck %s --check-prefix=NOFILE
// NOFILE: error: cannot open input file
// RUN: not colt5-compile %s --start-stage=plan --tile-sizes=4,4 2>&1 | FileCheck %s --check-prefix=LATE
// LATE: error: --tile-sizes: only stage plan reads it, which does not run; expected another --start-stage or --stop-stage
// RUN: not colt5-compile %s --stop-stage=decompose --tile-sizes=4,4 2>&1 | FileCheck %s --check-prefix=LATE
// RUN: not colt5-compile %s --start-stage=decompose --static-shapes=n=4 2>&1 | FileCheck %s --check-prefix=STATIC
// STATIC: error: --static-shapes: only stage decompose reads it, which does not run
// RUN: not colt5-compile %s --start-stage=tile --trusted 2>&1 | FileCheck %s --check-prefix=TRUSTED
// TRUSTED: error: --trusted: only stage decompose reads it, which does not run
// RUN: not colt5-compile %s --ptx-fallback -o %t.x 2>&1 | FileCheck %s --check-prefix=FALLBACK
// FALLBACK: error: --ptx-fallback: only a GPU reads it; expected one among --target
// RUN: not colt5-compile %s --toolkit=none -o %t.x 2>&1 | FileCheck %s --check-prefix=TOOLKIT
// TOOLKIT: error: --toolkit: only a GPU reads it; expected one among --target
// RUN: not colt5-compile %s --target=sm_80 --emit=ptx --cpu=native -o %t.x 2>&1 | FileCheck %s --check-prefix=NOCPU
// RUN: not colt5-compile %s --target=sm_80,sm_90a --stop-stage=plan --cpu=x86-64-v3 -o %t.x 2>&1 | FileCheck %s --check-prefix=NOCPU
// NOCPU: error: --cpu: only code of a CPU reads it; expected one among --target, or obj, c, archive or shared among --emit
// RUN: not colt5-compile %s --emit=elf 2>&1 | FileCheck %s --check-prefix=EMIT
// EMIT: error: --emit=elf: expected one of: mlir, llvm, asm, obj, archive, c, header, cpu-obj, cpu-header, ptx, shared, cpu-shared, cubin, fatbin, gpu
// RUN: not colt5-compile %s --emit=obj --stop-stage=tile 2>&1 | FileCheck %s --check-prefix=EARLY
// EARLY: error: --emit=obj needs every stage; drop --stop-stage=tile
// RUN: not colt5-compile %s 2>&1 | FileCheck %s --check-prefix=SEVERAL
// SEVERAL: error: several artefacts are asked for: expected -o NAME, the common beginning of their file names
// RUN: not colt5-compile %s --emit=obj 2>&1 | FileCheck %s --check-prefix=STDOUT
// STDOUT: error: --emit=obj: expected -o FILE, found stdout, which takes text only
// RUN: not colt5-compile %s --stop-stage=input --cpu=x86-64 2>&1 | FileCheck %s --check-prefix=NOFMA
// NOFMA: error: expected a CPU with avx2 and fma for cpu-generic, such as x86-64-v3, found 'x86-64'
// RUN: not colt5-compile %s --opt-level=9 2>&1 | FileCheck %s --check-prefix=LEVEL
// LEVEL: error: --opt-level: expected 0 to 3, found 9
// RUN: not colt5-compile %s --stop-stage=input -o %t.none/x.mlir 2>&1 | FileCheck %s --check-prefix=WRITE
// WRITE: error: '{{.*}}x.mlir': cannot write: No such file or directory
// RUN: %python -c "print('[' * 100000)" | not colt5-compile - --stop-stage=input 2>&1 | FileCheck %s --check-prefix=NESTED
// NESTED: error: '-': line 1: brackets are nested deeper than 256 levels; flatten the input

func.func @id(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  return %x : tensor<2x3xf32>
}

// A report that cannot be written is an error like any other.
// RUN: not colt5-compile %s --stop-stage=decompose --quiet --json=/dev/full -o %t.mlir 2>&1 | FileCheck %s --check-prefix=FULL
// FULL: error: --json=/dev/full: cannot write: No space left on device

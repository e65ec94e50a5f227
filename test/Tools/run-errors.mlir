// Whatever a user gets wrong, colt5-run ends with status 1 and one message that says what was expected and found.
// RUN: rm -rf %t && %python %S/Inputs/make_bad_npy.py %t

// The input and its functions.
// RUN: not colt5-run %t/none.mlir 2>&1 | FileCheck %s --check-prefix=NOFILE
// NOFILE: colt5-run: error: cannot open input file '{{.*}}none.mlir'
// RUN: echo 'func.func @f(' | not colt5-run - 2>&1 | FileCheck %s --check-prefix=MALFORMED
// MALFORMED: <stdin>:1:14: error:
// MALFORMED: colt5-run: error: '-': not a valid module
// RUN: %python -c "print('module {' * 100000)" | not colt5-run - 2>&1 | FileCheck %s --check-prefix=NESTED
// NESTED: colt5-run: error: '-': line 1: brackets are nested deeper than 256 levels; flatten the input
// RUN: not colt5-run %s 2>&1 | FileCheck %s --check-prefix=WHICH
// WHICH: error: expected --entry=FUNCTION because the input does not have exactly one public function; there is @id, @dynamic, @half, @word
// RUN: not colt5-run %s --entry=x 2>&1 | FileCheck %s --check-prefix=ENTRY
// ENTRY: error: --entry=x: no such function; there is @id, @dynamic, @half, @word

// Options.
// RUN: not colt5-run %s --entry=id --backend=gpu 2>&1 | FileCheck %s --check-prefix=BACKEND
// BACKEND: error: unknown backend 'gpu'; expected one of: reference, cpu, emulator, cuda
// RUN: not colt5-run %s --entry=id --compare=%t/x 2>&1 | FileCheck %s --check-prefix=COMPARE
// COMPARE: error: --compare={{.*}}: expected a backend (reference, cpu, emulator, cuda) or a folder of .npy files
// RUN: not colt5-run %s --entry=id --input=ones --rtol=nan --compare=reference 2>&1 | FileCheck %s --check-prefix=RTOL
// RTOL: error: --rtol: expected a finite number >= 0, found nan
// RUN: not colt5-run %s --entry=id --input=ones --atol=-1 --compare=reference 2>&1 | FileCheck %s --check-prefix=ATOL
// ATOL: error: --atol: expected a finite number >= 0, found -1
// RUN: not colt5-run %s --entry=id --input=ones --routing-margin=inf --replay-routing=%t 2>&1 | FileCheck %s --check-prefix=MARGIN
// MARGIN: error: --routing-margin: expected a finite number >= 0, found {{inf|INF}}
// What nothing reads is refused.
// RUN: not colt5-run %s --entry=id --input=ones --rtol=1e-3 2>&1 | FileCheck %s --check-prefix=NORTOL
// NORTOL: error: --rtol: nothing reads it here; expected it together with --compare
// RUN: not colt5-run %s --entry=id --input=ones --nan-equal 2>&1 | FileCheck %s --check-prefix=NONAN
// NONAN: error: --nan-equal: nothing reads it here; expected it together with --compare
// RUN: not colt5-run %s --entry=id --input=ones --routing-margin=0.5 2>&1 | FileCheck %s --check-prefix=NOMARGIN
// NOMARGIN: error: --routing-margin: nothing reads it here; expected it together with --compare or --replay-routing
// RUN: not colt5-run %s --entry=id --input=ones --backend=cpu --chip=sm_90a 2>&1 | FileCheck %s --check-prefix=NOCHIP
// NOCHIP: error: --chip: nothing reads it here; expected it together with --backend=emulator or --compare=emulator
// RUN: not colt5-run %s --entry=id --input=ones --backend=cpu --emulator-seed=3 2>&1 | FileCheck %s --check-prefix=NOSEED
// NOSEED: error: --emulator-seed: nothing reads it here
// RUN: not colt5-run %s --entry=id --input=ones --cuda-device=1 2>&1 | FileCheck %s --check-prefix=NODEVICE
// NODEVICE: error: --cuda-device: nothing reads it here; expected it together with --backend=cuda or --compare=cuda
// RUN: not colt5-run %s --entry=id --input=ones --backend=cpu --precision=declared 2>&1 | FileCheck %s --check-prefix=NOPRECISION
// NOPRECISION: error: --precision: nothing reads it here; expected it together with --backend=reference or --compare=reference
// RUN: not colt5-run %s --entry=id --input=ones --bf16-bits 2>&1 | FileCheck %s --check-prefix=NOBITS
// NOBITS: error: --bf16-bits: nothing reads it here; expected it together with --output-dir
// RUN: colt5-run %s --entry=id --input=ones --backend=cpu --compare=emulator --chip=sm_90a --quiet
// RUN: not colt5-run %s --entry=id --input=ones --replay-routing=%t/x 2>&1 | FileCheck %s --check-prefix=REPLAY
// REPLAY: error: '{{.*}}': expected a folder written by --record-routing
// RUN: not colt5-run %s --entry=id --input=ones --replay-routing=%t 2>&1 | FileCheck %s --check-prefix=NORECORD
// NORECORD: error: '{{.*}}': expected topk0.npy, topk1.npy, ... as written by --record-routing; found none

// Inputs: count, spelling, shape.
// RUN: not colt5-run %s --entry=id 2>&1 | FileCheck %s --check-prefix=COUNT
// COUNT: error: @id has type (tensor<2x3xf32>) -> tensor<2x3xf32>: expected 1 --input options, found 0
// RUN: not colt5-run %s --entry=id --input=foo 2>&1 | FileCheck %s --check-prefix=SPELLING
// SPELLING: error: --input=foo: expected FILE.npy, bf16:FILE.npy, random, zeros, ones, iota or value=V, found 'foo'
// RUN: not colt5-run %s --entry=id --input=random:sead=1 2>&1 | FileCheck %s --check-prefix=KEY
// KEY: error: --input=random:sead=1: unknown key 'sead'; expected seed, scale, low, high or shape
// RUN: not colt5-run %s --entry=id --input=zeros:shape=2x4 2>&1 | FileCheck %s --check-prefix=GENSHAPE
// GENSHAPE: error: argument 0: expected shape 2x3xf32, found 2x4xf32
// RUN: not colt5-run %s --entry=dynamic --input=zeros 2>&1 | FileCheck %s --check-prefix=DYNAMIC
// DYNAMIC: error: argument 0 has dynamic sizes (?x3xf32): give its shape with --shape=0:2x3 or random:shape=2x3
// RUN: not colt5-run %s --entry=dynamic --input=zeros --shape=2 2>&1 | FileCheck %s --check-prefix=SHAPEOPT
// SHAPEOPT: error: --shape: expected ARGUMENT:SHAPE such as 0:2x3, found '2'
// RUN: not colt5-run %s --entry=dynamic --input=zeros --shape=1:2x3 2>&1 | FileCheck %s --check-prefix=SHAPEARG
// SHAPEARG: error: --shape=1:2x3: @dynamic has only 1 arguments

// Files.
// RUN: not colt5-run %s --entry=id --input=%t/none.npy 2>&1 | FileCheck %s --check-prefix=MISSING
// MISSING: none.npy': cannot read: No such file
// RUN: not colt5-run %s --entry=id --input=%t/empty.npy 2>&1 | FileCheck %s --check-prefix=NOTNPY
// RUN: not colt5-run %s --entry=id --input=%t/text.npy 2>&1 | FileCheck %s --check-prefix=NOTNPY
// NOTNPY: error: '{{.*}}.npy': not a .npy file: the first six bytes are not \x93NUMPY; save it with numpy.save
// RUN: not colt5-run %s --entry=id --input=%t/head.npy 2>&1 | FileCheck %s --check-prefix=HEAD
// HEAD: head.npy': truncated .npy file: it ends inside the fixed part of the header
// RUN: not colt5-run %s --entry=id --input=%t/header.npy 2>&1 | FileCheck %s --check-prefix=HEADER
// HEADER: header.npy': malformed .npy header: a quoted string is missing
// RUN: not colt5-run %s --entry=id --input=%t/version.npy 2>&1 | FileCheck %s --check-prefix=VERSION
// VERSION: version.npy': expected .npy version 1.0 or 2.0, found 7.0
// RUN: not colt5-run %s --entry=id --input=%t/cut.npy 2>&1 | FileCheck %s --check-prefix=CUT
// CUT: cut.npy': truncated .npy file: 2x3xf32 needs 24 bytes of data, found 23
// RUN: not colt5-run %s --entry=id --input=%t/long.npy 2>&1 | FileCheck %s --check-prefix=LONG
// LONG: long.npy': damaged .npy file: 2x3xf32 needs 24 bytes of data, found 25
// RUN: not colt5-run %s --entry=id --input=%t/fortran.npy 2>&1 | FileCheck %s --check-prefix=FORTRAN
// FORTRAN: fortran.npy': expected C order, found Fortran order
// RUN: not colt5-run %s --entry=id --input=%t/big.npy 2>&1 | FileCheck %s --check-prefix=BIG
// BIG: big.npy': expected little-endian data, found big-endian '>f4'
// RUN: not colt5-run %s --entry=id --input=%t/complex.npy 2>&1 | FileCheck %s --check-prefix=COMPLEX
// COMPLEX: complex.npy': unsupported element type '<c8'
// RUN: not colt5-run %s --entry=id --input=%t/double.npy 2>&1 | FileCheck %s --check-prefix=DOUBLE
// DOUBLE: error: argument 0: expected elements of type f32, found f64 in '{{.*}}double.npy'; convert the file
// RUN: not colt5-run %s --entry=id --input=%t/shape.npy 2>&1 | FileCheck %s --check-prefix=SHAPE
// SHAPE: error: argument 0: expected shape 2x3xf32, found 3x2xf32
// RUN: not colt5-run %s --entry=id --input=%t/rank.npy 2>&1 | FileCheck %s --check-prefix=RANK
// RANK: error: argument 0: expected shape 2x3xf32, found 6xf32
// RUN: not colt5-run %s --entry=half --input=%t/bits.npy 2>&1 | FileCheck %s --check-prefix=BITS
// BITS: error: argument 0: expected elements of type bf16, found ui16 in '{{.*}}bits.npy'; convert the file to float32, or pass its bits as bf16:FILE.npy
// RUN: not colt5-run %s --entry=half --input=bf16:%t/good.npy 2>&1 | FileCheck %s --check-prefix=NOTBITS
// NOTBITS: good.npy': bf16: expected a uint16 file, found f32

func.func @id(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  return %x : tensor<2x3xf32>
}
func.func @dynamic(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {
  return %x : tensor<?x3xf32>
}
func.func @half(%x: tensor<4xbf16>) -> tensor<4xbf16> {
  return %x : tensor<4xbf16>
}
func.func @word(%x: tensor<1x4x2xf32>, %i: tensor<1x2xi32>) -> tensor<1x2x2xf32> {
  %e = tensor.empty() : tensor<1x2x2xf32>
  %r = colt5.gather ins(%x, %i : tensor<1x4x2xf32>, tensor<1x2xi32>) outs(%e : tensor<1x2x2xf32>)
      -> tensor<1x2x2xf32>
  return %r : tensor<1x2x2xf32>
}

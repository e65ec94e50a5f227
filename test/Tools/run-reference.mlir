// What colt5-run prints, writes and compares, with the reference.
// RUN: rm -rf %t && %python %S/Inputs/make_bad_npy.py %t

// RUN: colt5-run %s --entry=id --input=iota --print | FileCheck %s --check-prefix=PRINT
// PRINT: 0: 2x3xf64 = [0, 1, 2, 3, 4, 5]
// RUN: colt5-run %s --entry=id --input=iota --print --precision=declared | FileCheck %s --check-prefix=DECLARED
// DECLARED: 0: 2x3xf32 = [0, 1, 2, 3, 4, 5]

// Results go to files that the next run can read and be compared with.
// RUN: colt5-run %s --entry=id --input=%t/good.npy --precision=declared --output-dir=%t/out --json=%t/run.json
// RUN: FileCheck %s --check-prefix=JSON < %t/run.json
// JSON-DAG: "backend": "reference"
// JSON-DAG: "entry": "id"
// JSON-DAG: "passed": true
// JSON-DAG: "run_seconds":
// JSON-DAG: "peak_bytes":
// RUN: colt5-run %s --entry=id --input=%t/out/0.npy --compare=%t/out | FileCheck %s --check-prefix=SAME
// SAME: value {{ *}}normalised {{ *}}max abs {{ *}}max rel
// SAME: result 0 {{ *}}0.00e+00 {{ *}}0.00e+00 {{ *}}0.00e+00 ok
// RUN: colt5-run %s --entry=id --input=%t/out/0.npy --compare=%t/out --quiet | count 0

// A difference fails, and the report says so.
// RUN: not colt5-run %s --entry=id --input=ones --compare=%t/out --json=%t/bad.json 2>&1 | FileCheck %s --check-prefix=DIFFERS
// DIFFERS-DAG: result 0 {{.*}} FAILED: normalised error
// DIFFERS-DAG: colt5-run: error: comparison with {{.*}} failed: result 0: normalised error {{.*}} > rtol 1e-05
// RUN: FileCheck %s --check-prefix=BADJSON < %t/bad.json
// BADJSON: "passed": false
// RUN: colt5-run %s --entry=id --input=ones --compare=%t/out --rtol=2 --quiet
// RUN: colt5-run %s --entry=id --input=ones --compare=%t/out --atol=4 --quiet

// NaN never passes unasked.
// RUN: mkdir %t/nans && cp %t/nan.npy %t/nans/0.npy
// RUN: not colt5-run %s --entry=id --input=%t/nan.npy --compare=%t/nans --atol=1e30 2>&1 | FileCheck %s --check-prefix=NAN
// NAN: 6 elements are NaN in both (--nan-equal accepts them)
// RUN: colt5-run %s --entry=id --input=%t/nan.npy --compare=%t/nans --nan-equal --quiet
// RUN: not colt5-run %s --entry=id --input=ones --compare=%t/nans --nan-equal 2>&1 | FileCheck %s --check-prefix=ONENAN
// ONENAN: 6 elements are NaN in only one of the two

// bf16 comes as bits or is rounded from f32, and goes as f32 or as bits.
// RUN: colt5-run %s --entry=half --input=bf16:%t/bits.npy --precision=declared --output-dir=%t/half --bf16-bits
// RUN: colt5-run %s --entry=half --input=bf16:%t/half/0.npy --print | FileCheck %s --check-prefix=HALF
// HALF: 0: 4xf64 = [1, 1, 1, 1]

// An index out of range counts as -1 and makes the run fail after its results are written.
// RUN: not colt5-run %s --entry=rows --input=ones --input=value=7 --output-dir=%t/rows 2>&1 | FileCheck %s --check-prefix=WORD
// WORD: error: the index error word is set: an index given to the program is neither -1 nor in range; it counted as -1
// RUN: ls %t/rows/0.npy
// RUN: colt5-run %s --entry=rows --input=ones --input=value=-1 --print | FileCheck %s --check-prefix=NOROW
// NOROW: 0: 1x2x2xf64 = [0, 0, 0, 0]

func.func @id(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  return %x : tensor<2x3xf32>
}
func.func @half(%x: tensor<4xbf16>) -> tensor<4xbf16> {
  return %x : tensor<4xbf16>
}
func.func @rows(%x: tensor<1x4x2xf32>, %i: tensor<1x2xi32>) -> tensor<1x2x2xf32> {
  %e = tensor.empty() : tensor<1x2x2xf32>
  %r = colt5.gather ins(%x, %i : tensor<1x4x2xf32>, tensor<1x2xi32>) outs(%e : tensor<1x2x2xf32>)
      -> tensor<1x2x2xf32>
  return %r : tensor<1x2x2xf32>
}

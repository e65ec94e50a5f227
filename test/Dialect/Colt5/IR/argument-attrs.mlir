// What arguments and results may say about their names and sizes.
// RUN: colt5-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// CHECK: func.func private @fine(tensor<?x3x?xf32> {colt5.name = "x", colt5.sizes = ["n", 3, "?"]}, index {colt5.size = "n"})
// CHECK-SAME: -> (tensor<?xf32> {colt5.sizes = [16]})
func.func private @fine(%x: tensor<?x3x?xf32> {colt5.name = "x", colt5.sizes = ["n", 3, "?"]}, %n: index {colt5.size = "n"})
    -> (tensor<?xf32> {colt5.sizes = [16]})

// -----

// expected-error @below {{argument #0: expected 'colt5.name' to be a string, found 3}}
func.func private @name(%x: tensor<?xf32> {colt5.name = 3})

// -----

// expected-error @below {{argument #1: expected 'colt5.sizes' to be an array of 2 sizes on a ranked tensor, found ["n"] on 'tensor<?x3xf32>'}}
func.func private @count(%n: index, %x: tensor<?x3xf32> {colt5.sizes = ["n"]})

// -----

// expected-error @below {{argument #0: expected 'colt5.sizes' to be an array of 0 sizes on a ranked tensor, found ["n"] on 'index'}}
func.func private @scalar(%n: index {colt5.sizes = ["n"]})

// -----

// expected-error @below {{argument #0: expected 'colt5.sizes' to have a C identifier, "?" or the size for dimension 0, found "2n"}}
func.func private @identifier(%x: tensor<?xf32> {colt5.sizes = ["2n"]})

// -----

// expected-error @below {{argument #0: expected 'colt5.sizes' to have a C identifier, "?" or the size for dimension 0, found -1 : i64}}
func.func private @negative(%x: tensor<?xf32> {colt5.sizes = [-1]})

// -----

// expected-error @below {{result #0: expected 'colt5.sizes' to have 3, the static size, for dimension 1, found "n"}}
func.func private @static(%n: index) -> (tensor<?x3xf32> {colt5.sizes = ["n", "n"]})

// -----

// expected-error @below {{argument #0: expected 'colt5.sizes' to have 3, the static size, for dimension 0, found 4 : i64}}
func.func private @other(%x: tensor<3xf32> {colt5.sizes = [4]})

// -----

// expected-error @below {{argument #0: expected 'colt5.size' to be a C identifier or a size on an index, i64 or i32, found "n" on 'f32'}}
func.func private @type(%x: f32 {colt5.size = "n"})

// -----

// expected-error @below {{argument #0: expected 'colt5.size' to be a C identifier or a size on an index, i64 or i32, found "" on 'index'}}
func.func private @empty(%x: index {colt5.size = ""})

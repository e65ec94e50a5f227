// What C code cannot pass is refused at the argument or result, and so is what no memory is planned for.
// RUN: colt5-opt %s --split-input-file --verify-diagnostics --colt5-check-interface

func.func @all(%a: tensor<?xi1>, %b: tensor<4xi8>, %c: tensor<i16>, %d: tensor<0xi32>, %e: tensor<2x3xi64>, %f: tensor<1xindex>,
               %g: tensor<4xf16>, %h: tensor<4xbf16>, %i: tensor<4xf32>, %j: tensor<4xf64>, %k: i1, %l: i8, %m: i16, %n: i32,
               %o: i64, %p: index, %q: f16, %r: bf16, %s: f32, %t: f64) -> (tensor<4xbf16>, i1, index) {
  // Scalars inside may have any type.
  %wide = arith.extsi %o : i64 to i128
  return %h, %k, %p : tensor<4xbf16>, i1, index
}

// -----

// expected-error @+1 {{@f, argument #0: expected elements of type i1, i8, i16, i32, i64, index, f16, bf16, f32 or f64, found 'tensor<4xf8E4M3FN>'}}
func.func @f(%x: tensor<4xf8E4M3FN>) { return }

// -----

// expected-error-re @+1 {{@f, argument #0: expected elements of type {{.*}}, found 'tensor<4xf8E5M2>'}}
func.func @f(%x: tensor<4xf8E5M2>) { return }

// -----

// expected-error @+1 {{found 'tensor<4xf4E2M1FN>'}}
func.func @f(%x: tensor<4xf4E2M1FN>) { return }

// -----

// expected-error @+1 {{found 'tensor<4xtf32>'}}
func.func @f(%x: tensor<4xtf32>) { return }

// -----

// expected-error @+1 {{found 'tensor<4xi2>'}}
func.func @f(%x: tensor<4xi2>) { return }

// -----

// expected-error @+1 {{found 'tensor<4xi4>'}}
func.func @f(%x: tensor<4xi4>) { return }

// -----

// expected-error @+1 {{found 'tensor<4xi7>'}}
func.func @f(%x: tensor<4xi7>) { return }

// -----

// expected-error @+1 {{found 'tensor<4xi33>'}}
func.func @f(%x: tensor<4xi33>) { return }

// -----

// expected-error @+1 {{found 'tensor<4xi128>'}}
func.func @f(%x: tensor<4xi128>) { return }

// -----

// expected-error @+1 {{found 'tensor<4xf80>'}}
func.func @f(%x: tensor<4xf80>) { return }

// -----

// expected-error @+1 {{found 'tensor<4xf128>'}}
func.func @f(%x: tensor<4xf128>) { return }

// -----

// expected-error @+1 {{found 'tensor<4xui8>'}}
func.func @f(%x: tensor<4xui8>) { return }

// -----

// expected-error @+1 {{found 'tensor<4xsi32>'}}
func.func @f(%x: tensor<4xsi32>) { return }

// -----

// expected-error @+1 {{found 'tensor<4xcomplex<f32>>'}}
func.func @f(%x: tensor<4xcomplex<f32>>) { return }

// -----

// expected-error @+1 {{found 'tensor<4xvector<4xf32>>'}}
func.func @f(%x: tensor<4xvector<4xf32>>) { return }

// -----

// expected-error @+1 {{@f, argument #1: expected a ranked tensor or a scalar of type i1, i8, i16, i32, i64, index, f16, bf16, f32 or f64, found 'vector<4xf32>'}}
func.func @f(%x: f32, %y: vector<4xf32>) { return }

// -----

// expected-error-re @+2 {{@f, argument #0: expected a ranked tensor or a scalar {{.*}}, found 'i4'}}
// expected-error-re @+1 {{@f, result #0: expected a ranked tensor or a scalar {{.*}}, found 'i4'}}
func.func @f(%x: i4) -> i4 { return %x : i4 }

// -----

// expected-error-re @+1 {{@f, argument #0: expected a ranked tensor or a scalar {{.*}}, found 'tensor<*xf32>'}}
func.func @f(%x: tensor<*xf32>) { return }

// -----

// expected-error-re @+1 {{@f, argument #0: expected a ranked tensor or a scalar {{.*}}, found 'memref<?xf32>'}}
func.func @f(%x: memref<?xf32>) { return }

// -----

// expected-error-re @+1 {{@f, argument #0: expected a ranked tensor or a scalar {{.*}}, found 'tuple<f32>'}}
func.func @f(%x: tuple<f32>) { return }

// -----

// expected-error @+1 {{@f, argument #0: expected a tensor type without an encoding, found 'tensor<4xf32, "hello">'}}
func.func @f(%x: tensor<4xf32, "hello">) { return }

// -----

func.func @inside(%x: tensor<4xf32>) {
  // expected-error @+1 {{'tensor.empty', result #0: expected a tensor type without an encoding, found 'tensor<4xf32, 1 : i64>'}}
  %e = tensor.empty() : tensor<4xf32, 1 : i64>
  // expected-error-re @+1 {{'tensor.empty', result #0: expected elements of type {{.*}}, found 'tensor<4xi24>'}}
  %f = tensor.empty() : tensor<4xi24>
  return
}

// -----

// Private functions are no interface, but their tensors are memory.
func.func private @scalars(%x: i33, %y: vector<4xf32>, %z: memref<?xf32>) { return }
func.func private @declared(tensor<4xi4>)
// expected-error-re @+1 {{@tensors, argument #0: expected elements of type {{.*}}, found 'tensor<4xi33>'}}
func.func private @tensors(%x: tensor<4xi33>) { return }

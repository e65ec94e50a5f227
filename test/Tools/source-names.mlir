// Arguments and results are called as in the source, unless it says otherwise.
// RUN: colt5-compile %s --emit=header -o - | FileCheck %s
// RUN: colt5-compile --stop-stage=input %s | colt5-compile - --emit=header --prefix=source_names -o - | FileCheck %s
// RUN: colt5-compile - --emit=header --prefix=p -o - < %s | FileCheck %s --check-prefix=STDIN
// STDIN: typedef struct p_f_arguments {

// CHECK: typedef struct source_names_f_arguments {
// CHECK: colt5_tensor x;
// CHECK-NEXT: colt5_tensor weight;
// CHECK-NEXT: colt5_tensor input2;
// CHECK-NEXT: colt5_tensor arg_register;
// CHECK-NEXT: colt5_tensor sum;
// CHECK-NEXT: colt5_tensor output1;
// CHECK-NEXT: colt5_tensor output2;
// CHECK-NEXT: colt5_tensor total;
// CHECK-NEXT: } source_names_f_arguments;
func.func @f(%x: tensor<4xf32>,
             %w: tensor<4xf32> {colt5.name = "weight"}, %0: tensor<4xf32>, %register: tensor<4xf32>)
    -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32> {colt5.name = "total"}) {
  %e = tensor.empty() : tensor<4xf32>
  %sum = linalg.add ins(%x, %w : tensor<4xf32>, tensor<4xf32>)
      outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %both:2 = linalg.generic {
      indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%x : tensor<4xf32>) outs(%e, %e : tensor<4xf32>, tensor<4xf32>) {
  ^bb0(%a: f32, %p: f32, %q: f32):
    linalg.yield %a, %a : f32, f32
  } -> (tensor<4xf32>, tensor<4xf32>)
  return %sum, %both#0, %both#1, %register : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

func.func @g(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

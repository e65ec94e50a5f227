#include "TestUtils.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::reference;
using namespace mlir::colt5::reference::test;

/// Expects that the program fails with a diagnostic that contains `message`.
static void expectError(const std::string &text, ArrayRef<Tensor> inputs, StringRef message,
                        StringRef entry = "") {
  Program program(text);
  EXPECT_TRUE(failed(program.run(inputs, {}, entry)));
  EXPECT_NE(program.messages.find(message.str()), std::string::npos) << "said: " << program.messages;
}

static const char *kIdentity =
    "func.func @f(%x: tensor<2x?xf32>) -> tensor<2x?xf32> { return %x : tensor<2x?xf32> }";

TEST(ReferenceErrors, Entry) {
  expectError(kIdentity, {}, "there is no function 'g'", "g");
  expectError("func.func private @f()", {}, "no public function with a body");
  expectError("func.func private @f()", {}, "has no body", "f");
  expectError("func.func @a() { return }\nfunc.func @b() { return }", {}, "several public functions");
}

TEST(ReferenceErrors, Inputs) {
  expectError(kIdentity, {}, "takes 1 inputs, found 0");
  expectError(kIdentity, {f32({3, 1}, {1, 2, 3})},
              "input 0 of function 'f' is 3x1xf32, expected 'tensor<2x?xf32>'");
  expectError(kIdentity, {i32({2, 1}, {1, 2})}, "is 2x1xi32");
  expectError(kIdentity, {f32({2}, {1, 2})}, "is 2xf32");
  expectError("func.func @f(%x: tensor<*xf32>) { return }", {f32({1}, {1})},
              "the type 'tensor<*xf32>' of input 0 of");
  expectError("func.func @f(%x: memref<1xf32>) { return }", {f32({1}, {1})},
              "the type 'memref<1xf32>' of input 0 of");
  expectError("func.func @f(%x: vector<1xf32>) { return }", {f32({1}, {1})},
              "the type 'vector<1xf32>' of input 0 of");
  expectError("func.func @f(%x: i7) { return }", {Tensor::scalar(int64_t(1), ElementKind::I8)},
              "the type 'i7' of input 0 of");
}

TEST(ReferenceErrors, UnsupportedOps) {
  expectError("func.func @f() { %0 = memref.alloc() : memref<1xf32>\n return }", {},
              "not supported by the reference");
  expectError("func.func @f() { %0 = arith.constant dense<1.0> : vector<2xf32>\n return }", {},
              "does not support");
  expectError("func.func @f() { cf.br ^bb1\n ^bb1: return }", {}, "structured control flow only");
}

TEST(ReferenceErrors, OutOfBounds) {
  std::string slice = R"(func.func @f(%x: tensor<4xf32>, %o: index, %s: index) -> tensor<?xf32> {
    %r = tensor.extract_slice %x[%o] [%s] [1] : tensor<4xf32> to tensor<?xf32>
    return %r : tensor<?xf32> })";
  Tensor x = f32({4}, {1, 2, 3, 4});
  auto index = [](int64_t i) { return Tensor::scalar(i, ElementKind::Index); };
  expectError(slice, {x, index(3), index(2)}, "leaves its tensor: dimension 0 has offset 3, size 2");
  expectError(slice, {x, index(-1), index(1)}, "leaves its tensor");
  expectError(slice, {x, index(0), index(-1)}, "leaves its tensor");
  expectError(slice, {x, index(std::numeric_limits<int64_t>::max()), index(2)}, "leaves its tensor");
  expectError(R"(func.func @f(%x: tensor<4xf32>, %i: index) -> f32 {
    %r = tensor.extract %x[%i] : tensor<4xf32>
    return %r : f32 })",
              {x, index(4)}, "out of bounds");
  expectError(R"(func.func @f(%n: index) -> tensor<?xf32> {
    %r = tensor.empty(%n) : tensor<?xf32>
    return %r : tensor<?xf32> })",
              {index(-3)}, "expects extents >= 0");
  expectError(R"(func.func @f(%n: index) -> tensor<?x?xf32> {
    %r = tensor.empty(%n, %n) : tensor<?x?xf32>
    return %r : tensor<?x?xf32> })",
              {index(int64_t(1) << 40)}, "more than 2^40 elements");
}

TEST(ReferenceErrors, DivisionByZero) {
  expectError(R"(func.func @f(%a: i32) -> i32 {
    %r = arith.divsi %a, %a : i32
    return %r : i32 })",
              {Tensor::scalar(int64_t(0), ElementKind::I32)}, "division by zero");
  expectError(R"(func.func @f(%a: index) -> index {
    %r = affine.apply affine_map<()[a] -> (7 floordiv a)>()[%a]
    return %r : index })",
              {Tensor::scalar(int64_t(0), ElementKind::Index)}, "divides by zero");
}

TEST(ReferenceErrors, ShapesThatDoNotFitAtRunTime) {
  expectError(R"(func.func @f(%a: tensor<?xf32>, %b: tensor<?xf32>) -> tensor<?xf32> {
    %r = linalg.add ins(%a, %b : tensor<?xf32>, tensor<?xf32>) outs(%a : tensor<?xf32>) -> tensor<?xf32>
    return %r : tensor<?xf32> })",
              {f32({2}, {1, 2}), f32({3}, {1, 2, 3})}, "do not fit");
  expectError(
      R"(func.func @f(%x: tensor<?x?x4xf32>, %u: tensor<1x4xf32>, %e: tensor<?x1x?xf32>) -> tensor<?x1x?xf32> {
    %r = colt5.router_scores ins(%x, %u : tensor<?x?x4xf32>, tensor<1x4xf32>) outs(%e : tensor<?x1x?xf32>) -> tensor<?x1x?xf32>
    return %r : tensor<?x1x?xf32> })",
      {noise({1, 5, 4}, 1), noise({1, 4}, 2), noise({1, 1, 6}, 3)}, "'outs' is 1x1x6xf32, expected BRN");
}

TEST(ReferenceErrors, EndlessRecursion) {
  expectError(R"(func.func @f(%a: i32) -> i32 {
    %r = func.call @f(%a) : (i32) -> i32
    return %r : i32 })",
              {Tensor::scalar(int64_t(0), ElementKind::I32)}, "nests calls and regions deeper than");
}

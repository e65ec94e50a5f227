#include "TestUtils.h"
#include "colt5/Reference/Movement.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::reference;
using namespace mlir::colt5::reference::test;

TEST(Interpreter, ScalarsCallsAndControlFlow) {
  Program program(R"(
    func.func private @square(%x: f32) -> f32 {
      %y = arith.mulf %x, %x : f32
      return %y : f32
    }
    func.func @main(%n: index, %x: f32) -> (f32, index, i32) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %zero = arith.constant 0.0 : f32
      %sum = scf.for %i = %c0 to %n step %c1 iter_args(%acc = %zero) -> f32 {
        %s = func.call @square(%x) : (f32) -> f32
        %next = arith.addf %acc, %s : f32
        scf.yield %next : f32
      }
      %w = scf.while (%a = %c1) : (index) -> index {
        %more = arith.cmpi slt, %a, %n : index
        scf.condition(%more) %a : index
      } do {
      ^bb0(%a: index):
        %b = arith.addi %a, %a : index
        scf.yield %b : index
      }
      %big = arith.cmpi ugt, %w, %n : index
      %r = scf.if %big -> i32 {
        %one = arith.constant -1 : i32
        scf.yield %one : i32
      } else {
        %two = arith.constant 2 : i32
        scf.yield %two : i32
      }
      return %sum, %w, %r : f32, index, i32
    })");
  std::vector<Tensor> results =
      program.results({Tensor::scalar(int64_t(5), ElementKind::Index), Tensor::scalar(3.0)});
  ASSERT_EQ(results.size(), 3u);
  EXPECT_EQ(results[0].getAsDouble(0), 45.0);
  EXPECT_EQ(results[1].getAsDouble(0), 8.0);
  EXPECT_EQ(results[2].getAsDouble(0), -1.0);
}

TEST(Interpreter, IntegerArithmeticWrapsAndDividesBySign) {
  Program program(R"(
    func.func @main(%a: i8, %b: i8) -> (i8, i8, i8, i8, i32, i8) {
      %sum = arith.addi %a, %b : i8
      %div = arith.divui %a, %b : i8
      %floor = arith.floordivsi %a, %b : i8
      %ceil = arith.ceildivsi %a, %b : i8
      %wide = arith.extui %a : i8 to i32
      %shift = arith.shrsi %a, %b : i8
      return %sum, %div, %floor, %ceil, %wide, %shift : i8, i8, i8, i8, i32, i8
    })");
  std::vector<Tensor> results = program.results(
      {Tensor::scalar(int64_t(-127), ElementKind::I8), Tensor::scalar(int64_t(3), ElementKind::I8)});
  ASSERT_EQ(results.size(), 6u);
  std::vector<double> expected = {-124, 43, -43, -42, 129, -16};
  for (size_t i = 0; i < 6; ++i)
    EXPECT_EQ(results[i].getAsDouble(0), expected[i]) << i;
}

TEST(Interpreter, GenericBroadcastReductionIndexAndExtract) {
  Program program(R"(
    func.func @main(%x: tensor<3x?xf32>, %b: tensor<?xf32>, %t: tensor<4xi32>) -> (tensor<3xf32>, tensor<3x?xf32>) {
      %c1 = arith.constant 1 : index
      %n = tensor.dim %x, %c1 : tensor<3x?xf32>
      %zero = arith.constant 0.0 : f32
      %e = tensor.empty() : tensor<3xf32>
      %init = linalg.fill ins(%zero : f32) outs(%e : tensor<3xf32>) -> tensor<3xf32>
      %sum = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>,
                                              affine_map<(i, j) -> (i)>],
                             iterator_types = ["parallel", "reduction"]}
          ins(%x, %b : tensor<3x?xf32>, tensor<?xf32>) outs(%init : tensor<3xf32>) {
      ^bb0(%v: f32, %w: f32, %acc: f32):
        %m = arith.maximumf %v, %w : f32
        %s = arith.addf %acc, %m : f32
        linalg.yield %s : f32
      } -> tensor<3xf32>
      %e2 = tensor.empty(%n) : tensor<3x?xf32>
      %picked = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
          outs(%e2 : tensor<3x?xf32>) {
      ^bb0(%out: f32):
        %i = linalg.index 0 : index
        %j = linalg.index 1 : index
        %k = affine.apply affine_map<(i, j) -> (i + j)>(%i, %j)
        %v = tensor.extract %t[%k] : tensor<4xi32>
        %f = arith.sitofp %v : i32 to f32
        linalg.yield %f : f32
      } -> tensor<3x?xf32>
      return %sum, %picked : tensor<3xf32>, tensor<3x?xf32>
    })");
  std::vector<Tensor> results =
      program.results({f32({3, 2}, {1, 2, 3, 4, 5, 6}), f32({2}, {2, 5}), i32({4}, {10, 20, 30, 40})});
  ASSERT_EQ(results.size(), 2u);
  expectNear(values(results[0]), {7, 8, 11});
  expectNear(values(results[1]), {10, 20, 20, 30, 30, 40});
}

TEST(Interpreter, IndexingMapsWithDivision) {
  Program program(R"(
    func.func @main(%x: tensor<2xf32>) -> tensor<4xf32> {
      %e = tensor.empty() : tensor<4xf32>
      %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i floordiv 2)>, affine_map<(i) -> (i)>],
                           iterator_types = ["parallel"]} ins(%x : tensor<2xf32>) outs(%e : tensor<4xf32>) {
      ^bb0(%v: f32, %o: f32):
        linalg.yield %v : f32
      } -> tensor<4xf32>
      return %r : tensor<4xf32>
    })");
  std::vector<Tensor> results = program.results({f32({2}, {1, 2})});
  ASSERT_EQ(results.size(), 1u);
  expectNear(values(results[0]), {1, 1, 2, 2});
}

/// A gated pair of contractions in attention layout: the fast path against the literal loops.
static const char *kTwoProducts = R"(
  func.func @main(%x: tensor<2x9x33xTT>, %a: tensor<33x3x5xTT>, %b: tensor<33x3x5xTT>) -> (tensor<2x3x9x5xf32>, tensor<2x3x9x5xf32>) {
    %zero = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<2x3x9x5xf32>
    %init = linalg.fill ins(%zero : f32) outs(%e : tensor<2x3x9x5xf32>) -> tensor<2x3x9x5xf32>
    %r:2 = linalg.generic {indexing_maps = [affine_map<(b, h, n, c, d) -> (b, n, d)>, affine_map<(b, h, n, c, d) -> (d, h, c)>,
                                            affine_map<(b, h, n, c, d) -> (d, h, c)>, affine_map<(b, h, n, c, d) -> (b, h, n, c)>,
                                            affine_map<(b, h, n, c, d) -> (b, h, n, c)>],
                           iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
        ins(%x, %a, %b : tensor<2x9x33xTT>, tensor<33x3x5xTT>, tensor<33x3x5xTT>)
        outs(%init, %init : tensor<2x3x9x5xf32>, tensor<2x3x9x5xf32>) {
    ^bb0(%xv: TT, %av: TT, %bv: TT, %s: f32, %t: f32):
      EXT
      %p = arith.mulf %xe, %ae : f32
      %q = arith.mulf %be, %xe : f32
      %s1 = arith.addf %s, %p : f32
      %t1 = arith.addf %q, %t : f32
      linalg.yield %s1, %t1 : f32, f32
    } -> (tensor<2x3x9x5xf32>, tensor<2x3x9x5xf32>)
    return %r#0, %r#1 : tensor<2x3x9x5xf32>, tensor<2x3x9x5xf32>
  })";

static std::string replaceAll(std::string text, const std::string &from, const std::string &to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

TEST(Interpreter, TwoResultContractionInAttentionLayout) {
  std::string text = replaceAll(replaceAll(kTwoProducts, "TT", "bf16"), "EXT",
                                "%xe = arith.extf %xv : bf16 to f32\n%ae = arith.extf %av : bf16 to f32\n"
                                "%be = arith.extf %bv : bf16 to f32");
  Program program(text);
  Tensor x = noise({2, 9, 33}, 1, ElementKind::BF16), a = noise({33, 3, 5}, 2, ElementKind::BF16),
         b = noise({33, 3, 5}, 3, ElementKind::BF16);
  for (ReferencePrecision precision : {ReferencePrecision::Wide, ReferencePrecision::Declared}) {
    ReferenceOptions options;
    options.precision = precision;
    std::vector<Tensor> results = program.results({x, a, b}, options);
    ASSERT_EQ(results.size(), 2u);
    std::vector<double> first, second;
    for (int64_t n = 0; n < 2 * 3 * 9 * 5; ++n) {
      int64_t c = n % 5, row = n / 5 % 9, h = n / 45 % 3, batch = n / 135;
      double s = 0.0, t = 0.0;
      for (int64_t d = 0; d < 33; ++d) {
        s += x.floats()[(batch * 9 + row) * 33 + d] * a.floats()[(d * 3 + h) * 5 + c];
        t += x.floats()[(batch * 9 + row) * 33 + d] * b.floats()[(d * 3 + h) * 5 + c];
      }
      first.push_back(s);
      second.push_back(t);
    }
    double tolerance = precision == ReferencePrecision::Wide ? 1e-13 : 1e-5;
    expectNear(values(results[0]), first, tolerance);
    expectNear(values(results[1]), second, tolerance);
  }
}

TEST(Interpreter, SlicesShapesAndPadding) {
  Program program(R"(
    func.func @main(%x: tensor<4x6xf32>, %o: index) -> (tensor<2x3xf32>, tensor<4x6xf32>, tensor<24xf32>, tensor<2x2x6xf32>, tensor<5x8xf32>, tensor<8x6xf32>) {
      %s = tensor.extract_slice %x[%o, 1] [2, 3] [1, 2] : tensor<4x6xf32> to tensor<2x3xf32>
      %row = tensor.extract_slice %x[%o, 0] [1, 6] [1, 1] : tensor<4x6xf32> to tensor<6xf32>
      %i = tensor.insert_slice %row into %x[0, 0] [1, 6] [1, 1] : tensor<6xf32> into tensor<4x6xf32>
      %c = tensor.collapse_shape %x [[0, 1]] : tensor<4x6xf32> into tensor<24xf32>
      %e = tensor.expand_shape %x [[0, 1], [2]] output_shape [2, 2, 6] : tensor<4x6xf32> into tensor<2x2x6xf32>
      %z = arith.constant 7.0 : f32
      %p = tensor.pad %x low[1, 2] high[0, 0] {
      ^bb0(%a: index, %b: index):
        tensor.yield %z : f32
      } : tensor<4x6xf32> to tensor<5x8xf32>
      %cat = tensor.concat dim(0) %x, %i : (tensor<4x6xf32>, tensor<4x6xf32>) -> tensor<8x6xf32>
      return %s, %i, %c, %e, %p, %cat : tensor<2x3xf32>, tensor<4x6xf32>, tensor<24xf32>, tensor<2x2x6xf32>, tensor<5x8xf32>, tensor<8x6xf32>
    })");
  Tensor x({4, 6}, ElementKind::F32);
  for (int64_t i = 0; i < 24; ++i)
    x.mutableFloats()[i] = i;
  std::vector<Tensor> results = program.results({x, Tensor::scalar(int64_t(2), ElementKind::Index)});
  ASSERT_EQ(results.size(), 6u);
  expectNear(values(results[0]), {13, 15, 17, 19, 21, 23});
  EXPECT_EQ(results[1].floats()[0], 12.0);
  EXPECT_EQ(results[1].floats()[6], 6.0);
  EXPECT_EQ(results[2].floats()[23], 23.0);
  EXPECT_EQ(results[3].getShape(), (Tensor::Shape{2, 2, 6}));
  EXPECT_EQ(results[4].floats()[9], 7.0);
  EXPECT_EQ(results[4].floats()[10], 0.0);
  EXPECT_EQ(results[5].floats()[24], 12.0);
  // Inputs are values: inserting did not change the caller's.
  EXPECT_EQ(x.floats()[0], 0.0);
}

TEST(Interpreter, ForallReadsOldAndWritesNewValues) {
  Program program(R"(
    func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
      %r = scf.forall (%i) in (4) shared_outs(%o = %x) -> tensor<4xf32> {
        %j = affine.apply affine_map<(i) -> (3 - i)>(%i)
        %s = tensor.extract_slice %o[%j] [1] [1] : tensor<4xf32> to tensor<1xf32>
        scf.forall.in_parallel {
          tensor.parallel_insert_slice %s into %o[%i] [1] [1] : tensor<1xf32> into tensor<4xf32>
        }
      }
      return %r : tensor<4xf32>
    })");
  std::vector<Tensor> results = program.results({f32({4}, {1, 2, 3, 4})});
  ASSERT_EQ(results.size(), 1u);
  expectNear(values(results[0]), {4, 3, 2, 1});
}

TEST(Interpreter, TiledScatterEqualsTheWhole) {
  Program program(R"(
    func.func @main(%base: tensor<2x4x6xf32>, %y: tensor<2x2x6xf32>, %idx: tensor<2x2xi32>, %w: tensor<2x2xf32>) -> tensor<2x4x6xf32> {
      %r = scf.forall (%b, %d) = (0, 0) to (2, 6) step (1, 3) shared_outs(%o = %base) -> tensor<2x4x6xf32> {
        %yt = tensor.extract_slice %y[%b, 0, %d] [1, 2, 3] [1, 1, 1] : tensor<2x2x6xf32> to tensor<1x2x3xf32>
        %it = tensor.extract_slice %idx[%b, 0] [1, 2] [1, 1] : tensor<2x2xi32> to tensor<1x2xi32>
        %wt = tensor.extract_slice %w[%b, 0] [1, 2] [1, 1] : tensor<2x2xf32> to tensor<1x2xf32>
        scf.forall.in_parallel {
          colt5.parallel_scatter %yt at %it weight(%wt : tensor<1x2xf32>) into %o[%b, %d] {unique} : tensor<1x2x3xf32>, tensor<1x2xi32>, tensor<2x4x6xf32>
        }
      } {mapping = [#colt5.tile<0>, #colt5.tile<1>]}
      return %r : tensor<2x4x6xf32>
    })");
  Tensor base = noise({2, 4, 6}, 1), y = noise({2, 2, 6}, 2), w = noise({2, 2}, 3),
         idx = i32({2, 2}, {3, 0, -1, 2});
  std::vector<Tensor> results = program.results({base, y, idx, w});
  ASSERT_EQ(results.size(), 1u);
  bool error = false;
  expectNear(values(results[0]),
             values(scatterCombine(y, idx, nullptr, &w, base, Combine::Add, Rounding::None, error)), 0.0);
}

TEST(Interpreter, DeclaredPrecisionRoundsEveryResult) {
  Program program(R"(
    func.func @main(%x: tensor<1xbf16>, %y: tensor<1xbf16>) -> tensor<1xbf16> {
      %s = arith.addf %x, %y : tensor<1xbf16>
      %t = arith.subf %s, %x : tensor<1xbf16>
      return %t : tensor<1xbf16>
    })");
  Tensor x({1}, ElementKind::BF16, std::vector<double>{256.0}),
      y({1}, ElementKind::BF16, std::vector<double>{1.0});
  ReferenceOptions declared;
  declared.precision = ReferencePrecision::Declared;
  EXPECT_EQ(program.results({x, y})[0].floats()[0], 1.0);
  EXPECT_EQ(program.results({x, y}, declared)[0].floats()[0], 0.0);
}

TEST(Interpreter, SixteenBitSumsAccumulateInF32) {
  Program program(R"(
    func.func @main(%x: tensor<1000xbf16>, %z: tensor<bf16>) -> tensor<bf16> {
      %s = linalg.reduce { arith.addf } ins(%x : tensor<1000xbf16>) outs(%z : tensor<bf16>) dimensions = [0]
      return %s : tensor<bf16>
    })");
  Tensor x(Tensor::Shape{1000}, ElementKind::BF16, std::vector<double>(1000, 1.0));
  Tensor zero(Tensor::Shape(), ElementKind::BF16, std::vector<double>{1.0});
  ReferenceOptions declared;
  declared.precision = ReferencePrecision::Declared;
  EXPECT_EQ(program.results({x, zero})[0].floats()[0], 1001.0);
  EXPECT_EQ(program.results({x, zero}, declared)[0].floats()[0], 1000.0);
}

TEST(Interpreter, InputsAreRoundedToTheirTypes) {
  Program program("func.func @main(%x: bf16) -> bf16 { return %x : bf16 }");
  EXPECT_EQ(program.results({Tensor::scalar(1.001, ElementKind::BF16)})[0].floats()[0], 1.0);
  EXPECT_EQ(roundTo(65520.0, ElementKind::F16), kInf);
  EXPECT_EQ(roundTo(65519.0, ElementKind::F16), 65504.0);
  EXPECT_EQ(roundTo(1.00390625, ElementKind::BF16), 1.0);
}

static const char *kTopK = R"(
  func.func @main(%s: tensor<1x1x4xf32>, %x: tensor<1x4x1xf32>) -> tensor<1x2x1xf32> {
    %i = tensor.empty() : tensor<1x1x2xi32>
    %v = tensor.empty() : tensor<1x1x2xi1>
    %idx, %valid = colt5.topk ins(%s : tensor<1x1x4xf32>) outs(%i, %v : tensor<1x1x2xi32>, tensor<1x1x2xi1>)
        -> (tensor<1x1x2xi32>, tensor<1x1x2xi1>)
    %flat = tensor.collapse_shape %idx [[0, 1], [2]] : tensor<1x1x2xi32> into tensor<1x2xi32>
    %e = tensor.empty() : tensor<1x2x1xf32>
    %r = colt5.gather ins(%x, %flat : tensor<1x4x1xf32>, tensor<1x2xi32>) outs(%e : tensor<1x2x1xf32>)
        {colt5.part = "rows"} -> tensor<1x2x1xf32>
    return %r : tensor<1x2x1xf32>
  })";

TEST(Interpreter, HooksSeeAndReplaceSelectionsAndSeeParts) {
  Program program(kTopK);
  Tensor scores = f32({1, 1, 4}, {4, 1, 3, 2}), x = f32({1, 4, 1}, {10, 20, 30, 40});
  ReferenceOptions options;
  std::vector<double> seen;
  std::string part;
  options.onSelection = [&](ReferenceSelection &selection) {
    EXPECT_EQ(selection.ordinal, 0u);
    EXPECT_EQ(selection.router, "");
    seen = values(selection.indices);
    selection.indices = i32({1, 1, 2}, {1, 3});
    return success();
  };
  options.onPart = [&](StringRef name, Operation *, unsigned, const Tensor &) { part = name.str(); };
  std::vector<Tensor> results = program.results({scores, x}, options);
  ASSERT_EQ(results.size(), 1u);
  expectNear(seen, {0, 2});
  expectNear(values(results[0]), {20, 40});
  EXPECT_EQ(part, "rows");
  options.onSelection = [&](ReferenceSelection &selection) {
    selection.indices = i32({1, 1, 1}, {1});
    return success();
  };
  EXPECT_TRUE(failed(program.run({scores, x}, options)));
  EXPECT_NE(program.messages.find("replacement indices"), std::string::npos) << program.messages;
}

TEST(Interpreter, OutOfRangeIndexSetsTheErrorWord) {
  Program program(R"(
    func.func @main(%x: tensor<1x2x1xf32>, %idx: tensor<1x1xi32>) -> tensor<1x1x1xf32> {
      %e = tensor.empty() : tensor<1x1x1xf32>
      %r = colt5.gather ins(%x, %idx : tensor<1x2x1xf32>, tensor<1x1xi32>) outs(%e : tensor<1x1x1xf32>) -> tensor<1x1x1xf32>
      return %r : tensor<1x1x1xf32>
    })");
  Tensor x = f32({1, 2, 1}, {1, 2});
  for (auto [index, bad] : {std::pair<int64_t, bool>{1, false}, {-1, false}, {2, true}}) {
    FailureOr<ReferenceResult> result = program.run({x, i32({1, 1}, {index})});
    ASSERT_TRUE(succeeded(result));
    EXPECT_EQ(result->errorWord, bad) << index;
  }
}

#ifndef COLT5_TEST_UNIT_REFERENCE_TESTUTILS_H
#define COLT5_TEST_UNIT_REFERENCE_TESTUTILS_H

#include "colt5/InitAll.h"
#include "colt5/Reference/Interpreter.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"
#include <cmath>
#include <limits>

namespace mlir::colt5::reference::test {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

inline Tensor f32(Tensor::Shape shape, std::vector<double> data) {
  return Tensor(std::move(shape), ElementKind::F32, std::move(data));
}
inline Tensor i32(Tensor::Shape shape, std::vector<int64_t> data) {
  return Tensor(std::move(shape), ElementKind::I32, std::move(data));
}
inline Tensor i1(Tensor::Shape shape, std::vector<int64_t> data) {
  return Tensor(std::move(shape), ElementKind::I1, std::move(data));
}
/// Deterministic values in [-1, 1).
inline Tensor noise(Tensor::Shape shape, unsigned seed, ElementKind kind = ElementKind::F32) {
  Tensor result(std::move(shape), kind);
  uint64_t state = seed * 2654435761u + 1;
  double *data = result.mutableFloats();
  for (int64_t i = 0; i < result.getNumElements(); ++i) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    data[i] = roundTo(double(state >> 40) / double(1 << 23) - 1.0, kind);
  }
  return result;
}

inline std::vector<double> values(const Tensor &tensor) {
  std::vector<double> result;
  for (int64_t i = 0; i < tensor.getNumElements(); ++i)
    result.push_back(tensor.getAsDouble(i));
  return result;
}

inline void expectNear(const std::vector<double> &actual, const std::vector<double> &expected,
                       double tolerance = 1e-12) {
  ASSERT_EQ(actual.size(), expected.size());
  for (size_t i = 0; i < actual.size(); ++i) {
    if (actual[i] != expected[i]) {
      EXPECT_NEAR(actual[i], expected[i], tolerance) << "at " << i;
    }
  }
}

/// A parsed module and what was said about it.
class Program {
public:
  explicit Program(const std::string &text)
      : handler(&context, [this](Diagnostic &diagnostic) {
          messages += diagnostic.str() + "\n";
          return success();
        }) {
    DialectRegistry registry;
    registerAllDialects(registry);
    context.appendDialectRegistry(registry);
    module = parseSourceString<ModuleOp>(text, &context);
    EXPECT_TRUE(module) << messages;
  }

  FailureOr<ReferenceResult> run(ArrayRef<Tensor> inputs, const ReferenceOptions &options = {},
                                 StringRef entry = "") {
    if (!module)
      return failure();
    return interpret(*module, entry, inputs, options);
  }
  /// The results; an empty list after a failure, which fails the test.
  std::vector<Tensor> results(ArrayRef<Tensor> inputs, const ReferenceOptions &options = {}) {
    FailureOr<ReferenceResult> result = run(inputs, options);
    EXPECT_TRUE(succeeded(result)) << messages;
    if (failed(result))
      return {};
    return std::vector<Tensor>(result->results.begin(), result->results.end());
  }

  MLIRContext context;
  std::string messages;
  ScopedDiagnosticHandler handler;
  OwningOpRef<ModuleOp> module;
};

} // namespace mlir::colt5::reference::test

#endif // COLT5_TEST_UNIT_REFERENCE_TESTUTILS_H

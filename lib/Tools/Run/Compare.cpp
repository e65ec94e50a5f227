#include "colt5/Tools/Run/Compare.h"
#include "colt5/Support/Error.h"

#include "llvm/Support/FormatVariadic.h"
#include <cmath>
#include <limits>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

llvm::Error driver::checkTolerance(std::optional<double> value, StringRef option) {
  if (!value || (std::isfinite(*value) && *value >= 0.0))
    return llvm::Error::success();
  return makeError(option + ": expected a finite number >= 0, found " + llvm::formatv("{0}", *value).str());
}

static double getDefaultBound(ElementKind kind) {
  switch (kind) {
  case ElementKind::F64:
    return 1e-12;
  case ElementKind::F32:
    return 1e-5;
  default:
    return 1e-2;
  }
}

static void compareInts(Difference &result, const HostTensor &actual, const HostTensor &expected) {
  for (int64_t i = 0; i < result.elements; ++i) {
    int64_t a = actual.getInt(i), b = expected.getInt(i);
    if (a == b)
      continue;
    ++result.mismatches;
    double error = std::fabs(static_cast<double>(a) - static_cast<double>(b));
    result.maxAbs = std::max(result.maxAbs, error);
    if (b != 0)
      result.maxRel = std::max(result.maxRel, error / std::fabs(static_cast<double>(b)));
  }
  result.passed = result.mismatches == 0;
  if (!result.passed)
    result.reason = llvm::formatv("{0} of {1} integers differ", result.mismatches, result.elements).str();
}

static void compareFloats(Difference &result, const HostTensor &actual, const HostTensor &expected,
                          bool nanEqual) {
  // Squares of f64 data may leave the range of double.
  long double errorSquares = 0, squares = 0;
  for (int64_t i = 0; i < result.elements; ++i) {
    double a = actual.getDouble(i), b = expected.getDouble(i);
    bool isOpen = (!actual.unspecified.empty() && actual.unspecified[i]) ||
                  (!expected.unspecified.empty() && expected.unspecified[i]);
    if (isOpen && std::isnan(a) != std::isnan(b)) {
      ++result.unspecified;
      continue;
    }
    if (std::isnan(a) || std::isnan(b)) {
      ++(std::isnan(a) && std::isnan(b) ? result.nanBoth : result.nanOnlyOne);
      continue;
    }
    if (std::isinf(a) || std::isinf(b)) {
      result.infinityMismatches += a != b;
      continue;
    }
    double error = std::fabs(a - b);
    result.maxAbs = std::max(result.maxAbs, error);
    if (b != 0)
      result.maxRel = std::max(result.maxRel, error / std::fabs(b));
    errorSquares += static_cast<long double>(error) * error;
    squares += static_cast<long double>(b) * b;
  }
  if (errorSquares > 0)
    result.normalised = squares > 0 ? static_cast<double>(std::sqrt(errorSquares / squares))
                                    : std::numeric_limits<double>::infinity();
  if (result.nanOnlyOne)
    result.reason = llvm::formatv("{0} elements are NaN in only one of the two", result.nanOnlyOne).str();
  else if (result.nanBoth && !nanEqual)
    result.reason =
        llvm::formatv("{0} elements are NaN in both (--nan-equal accepts them)", result.nanBoth).str();
  else if (result.infinityMismatches)
    result.reason =
        llvm::formatv("{0} elements are infinite in only one of the two", result.infinityMismatches).str();
  else if (!(result.normalised <= result.rtol) && !(result.maxAbs <= result.atol))
    result.reason = llvm::formatv("normalised error {0} > rtol {1} and max abs error {2} > atol {3}",
                                  llvm::format("%.3g", result.normalised), llvm::format("%.3g", result.rtol),
                                  llvm::format("%.3g", result.maxAbs), llvm::format("%.3g", result.atol))
                        .str();
  result.passed = result.reason.empty();
}

Difference driver::compareTensors(StringRef name, const HostTensor &actual, const HostTensor &expected,
                                  const Tolerance &tolerance, ElementKind declared) {
  Difference result;
  result.name = name.str();
  result.rtol = tolerance.rtol.value_or(getDefaultBound(declared));
  result.atol = tolerance.atol.value_or(0.0);
  if (actual.shape != expected.shape) {
    result.reason = "expected shape " + formatType(expected.shape, expected.kind) + ", found " +
                    formatType(actual.shape, actual.kind);
    return result;
  }
  if (isFloatKind(actual.kind) != isFloatKind(expected.kind)) {
    result.reason =
        ("expected elements of type " + getKindName(expected.kind) + ", found " + getKindName(actual.kind))
            .str();
    return result;
  }
  result.elements = actual.getNumElements();
  if (isFloatKind(actual.kind))
    compareFloats(result, actual, expected, tolerance.nanEqual);
  else
    compareInts(result, actual, expected);
  return result;
}

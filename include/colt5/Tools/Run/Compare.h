#ifndef COLT5_TOOLS_RUN_COMPARE_H
#define COLT5_TOOLS_RUN_COMPARE_H

#include "colt5/Support/HostTensor.h"
#include "llvm/Support/Error.h"
#include <optional>

namespace mlir::colt5::driver {

/// Bounds of a comparison. A float tensor passes when its normalised error is within `rtol` or its
/// largest absolute error is within `atol`; integers must be equal. Unset `rtol` depends on the type:
/// 1e-12 for f64, 1e-5 for f32, 1e-2 for 16 bit. Unset `atol` is 0.
struct Tolerance {
  std::optional<double> rtol, atol;
  /// Accept NaN where the expected value is NaN too. They are reported and fail otherwise.
  bool nanEqual = false;
};

/// How `actual` differs from `expected`.
struct Difference {
  std::string name;
  int64_t elements = 0;
  double maxAbs = 0.0;
  /// Largest |a - b| / |b| over b != 0.
  double maxRel = 0.0;
  /// ||a - b|| / ||b||; infinite when only b is all zero.
  double normalised = 0.0;
  /// Elements that are NaN in only one of the two, in both, and elements where infinities do not agree.
  int64_t nanOnlyOne = 0, nanBoth = 0, infinityMismatches = 0;
  /// Elements that may be NaN (see `HostTensor::unspecified`) and are so in only one of the two; accepted.
  int64_t unspecified = 0;
  /// Integer elements that differ.
  int64_t mismatches = 0;
  double rtol = 0.0, atol = 0.0;
  bool passed = false;
  /// Why it did not pass; empty when it did.
  std::string reason;
};

/// Bounds must be finite and not negative; `option` ("--rtol") serves the message.
llvm::Error checkTolerance(std::optional<double> value, StringRef option);

/// Compares two tensors. `declared` is the element type in the program, which picks the default bound
/// (the reference may hold wider values).
Difference compareTensors(StringRef name, const HostTensor &actual, const HostTensor &expected,
                          const Tolerance &tolerance, ElementKind declared);

} // namespace mlir::colt5::driver

#endif // COLT5_TOOLS_RUN_COMPARE_H

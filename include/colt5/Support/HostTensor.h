#ifndef COLT5_SUPPORT_HOSTTENSOR_H
#define COLT5_SUPPORT_HOSTTENSOR_H

#include "colt5/Support/ElementKind.h"
#include "mlir/Support/LLVM.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>
#include <vector>

namespace mlir::colt5::driver {

/// The kind in which host tensors hold elements of `kind`: index is I64.
inline ElementKind getHostKind(ElementKind kind) {
  return kind == ElementKind::Index ? ElementKind::I64 : kind;
}

/// "2x3xf32"; a scalar is "f32".
std::string formatType(ArrayRef<int64_t> shape, ElementKind kind);
/// Elements of `shape`, or failure on a negative size or overflow of 2^48.
FailureOr<int64_t> countElements(ArrayRef<int64_t> shape);

/// Fails when a tensor called `what` of this kind and shape has more bytes than the machine has memory, or
/// more than 2^48 elements.
llvm::Error checkMemory(ArrayRef<int64_t> shape, ElementKind kind, const Twine &what);

/// A dense array in C order in the machine's byte order.
struct HostTensor {
  ElementKind kind = ElementKind::F32;
  SmallVector<int64_t> shape;
  std::vector<char> data;
  /// Elements that may also be NaN, as the reference found out; empty when there are none.
  std::vector<bool> unspecified;

  HostTensor() = default;
  /// A tensor of zeros of `getHostKind(kind)`. `shape` must pass `countElements`.
  HostTensor(ElementKind kind, ArrayRef<int64_t> shape);

  int64_t getNumElements() const { return static_cast<int64_t>(data.size() / getTraits(kind).getBytes()); }
  /// Element `i` in C order as a double (integers are exact up to 2^53).
  double getDouble(int64_t i) const;
  int64_t getInt(int64_t i) const;
  /// Stores `value` rounded once (to nearest even) to the kind of this tensor.
  void setDouble(int64_t i, double value);
  void setInt(int64_t i, int64_t value);

  template <typename T> T *as() { return reinterpret_cast<T *>(data.data()); }
  template <typename T> const T *as() const { return reinterpret_cast<const T *>(data.data()); }
};

/// `tensor` with every element converted to `kind` (rounded once when it is a narrower float).
HostTensor convertTo(const HostTensor &tensor, ElementKind kind);

} // namespace mlir::colt5::driver

#endif // COLT5_SUPPORT_HOSTTENSOR_H

#ifndef COLT5_REFERENCE_TENSOR_H
#define COLT5_REFERENCE_TENSOR_H

#include "colt5/Support/ElementKind.h"
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

namespace mlir::colt5::reference {

/// Nearest value of `kind` (ties to even); the identity for f64.
double roundTo(double value, ElementKind kind);
/// Kind of scores, weights and statistics for data of `kind`: f64 for f64, else f32.
ElementKind getScoreKind(ElementKind kind);

/// A dense row-major tensor with value semantics; copies share storage until one of them is written.
/// Floating-point data is always stored as double, integers as int64_t (sign extended; i1 as 0 or 1); the
/// kind remembers what the program declared.
class Tensor {
public:
  using Shape = std::vector<int64_t>;

  /// A rank-0 f64 zero.
  Tensor() : Tensor(Shape(), ElementKind::F64) {}
  /// Zeros (false for i1). Every extent is >= 0.
  Tensor(Shape shape, ElementKind kind);
  /// `data` has one element per position, row-major; its values are taken as they are.
  Tensor(Shape shape, ElementKind kind, std::vector<double> data);
  Tensor(Shape shape, ElementKind kind, std::vector<int64_t> data);

  static Tensor scalar(double value, ElementKind kind = ElementKind::F32);
  static Tensor scalar(int64_t value, ElementKind kind);

  const Shape &getShape() const { return shape; }
  int64_t getRank() const { return static_cast<int64_t>(shape.size()); }
  int64_t getDim(int64_t i) const { return shape[i]; }
  int64_t getNumElements() const { return count; }
  ElementKind getKind() const { return kind; }
  bool isFloat() const { return isFloatKind(kind); }

  /// Read access; the first for floating-point kinds, the second for the others.
  const double *floats() const { return floatData->data(); }
  const int64_t *ints() const { return intData->data(); }
  /// Write access; unshares the storage first.
  double *mutableFloats();
  int64_t *mutableInts();

  /// The element at a linear position as double, whatever the kind.
  double getAsDouble(int64_t linear) const { return isFloat() ? floats()[linear] : double(ints()[linear]); }

  /// The same elements under another shape with as many elements.
  Tensor reshaped(Shape newShape) const;
  /// The same stored values declared as `newKind` (both floating point or both not); no rounding.
  Tensor withKind(ElementKind newKind) const;
  /// Every element rounded to the declared kind.
  void roundToKind();

private:
  Shape shape;
  ElementKind kind;
  int64_t count = 1;
  std::shared_ptr<std::vector<double>> floatData;
  std::shared_ptr<std::vector<int64_t>> intData;
};

/// "2x5xf32", for messages.
std::string describe(const Tensor &tensor);
std::string describeShape(const std::vector<int64_t> &shape);

/// Sets every element.
Tensor filled(Tensor::Shape shape, ElementKind kind, double value);

} // namespace mlir::colt5::reference

#endif // COLT5_REFERENCE_TENSOR_H

#include "colt5/Reference/Tensor.h"

#include "llvm/ADT/APFloat.h"
#include <cmath>
#include <cstring>

using namespace mlir::colt5;
using namespace mlir::colt5::reference;

double mlir::colt5::reference::roundTo(double value, ElementKind kind) {
  switch (kind) {
  case ElementKind::F32:
    return static_cast<float>(value);
  case ElementKind::F16:
  case ElementKind::BF16: {
    if (std::isnan(value))
      return value;
    bool losesInfo;
    llvm::APFloat rounded(value);
    rounded.convert(kind == ElementKind::F16 ? llvm::APFloat::IEEEhalf() : llvm::APFloat::BFloat(),
                    llvm::APFloat::rmNearestTiesToEven, &losesInfo);
    rounded.convert(llvm::APFloat::IEEEdouble(), llvm::APFloat::rmNearestTiesToEven, &losesInfo);
    return rounded.convertToDouble();
  }
  default:
    return value;
  }
}

ElementKind mlir::colt5::reference::getScoreKind(ElementKind kind) {
  return kind == ElementKind::F64 ? ElementKind::F64 : ElementKind::F32;
}

static int64_t countElements(const Tensor::Shape &shape) {
  int64_t count = 1;
  for (int64_t extent : shape)
    count *= extent;
  return count;
}

Tensor::Tensor(Shape shape, ElementKind kind)
    : shape(std::move(shape)), kind(kind), count(countElements(this->shape)) {
  if (isFloat())
    floatData = std::make_shared<std::vector<double>>(count, 0.0);
  else
    intData = std::make_shared<std::vector<int64_t>>(count, 0);
}

Tensor::Tensor(Shape shape, ElementKind kind, std::vector<double> data)
    : shape(std::move(shape)), kind(kind), count(countElements(this->shape)),
      floatData(std::make_shared<std::vector<double>>(std::move(data))) {}

Tensor::Tensor(Shape shape, ElementKind kind, std::vector<int64_t> data)
    : shape(std::move(shape)), kind(kind), count(countElements(this->shape)),
      intData(std::make_shared<std::vector<int64_t>>(std::move(data))) {}

Tensor Tensor::scalar(double value, ElementKind kind) { return Tensor({}, kind, std::vector<double>{value}); }
Tensor Tensor::scalar(int64_t value, ElementKind kind) {
  return Tensor({}, kind, std::vector<int64_t>{value});
}

double *Tensor::mutableFloats() {
  if (floatData.use_count() > 1)
    floatData = std::make_shared<std::vector<double>>(*floatData);
  return floatData->data();
}

int64_t *Tensor::mutableInts() {
  if (intData.use_count() > 1)
    intData = std::make_shared<std::vector<int64_t>>(*intData);
  return intData->data();
}

Tensor Tensor::reshaped(Shape newShape) const {
  Tensor result = *this;
  result.shape = std::move(newShape);
  return result;
}

Tensor Tensor::withKind(ElementKind newKind) const {
  Tensor result = *this;
  result.kind = newKind;
  return result;
}

void Tensor::roundToKind() {
  if (!isFloat() || kind == ElementKind::F64)
    return;
  double *data = mutableFloats();
  for (int64_t i = 0; i < count; ++i)
    data[i] = roundTo(data[i], kind);
}

std::string mlir::colt5::reference::describeShape(const std::vector<int64_t> &shape) {
  std::string text;
  for (int64_t extent : shape)
    text += (text.empty() ? "" : "x") + std::to_string(extent);
  return shape.empty() ? "scalar" : text;
}

std::string mlir::colt5::reference::describe(const Tensor &tensor) {
  std::string text;
  for (int64_t extent : tensor.getShape())
    text += std::to_string(extent) + "x";
  return text + getKindName(tensor.getKind()).str();
}

Tensor mlir::colt5::reference::filled(Tensor::Shape shape, ElementKind kind, double value) {
  Tensor result(std::move(shape), kind);
  if (result.isFloat())
    std::fill_n(result.mutableFloats(), result.getNumElements(), value);
  else
    std::fill_n(result.mutableInts(), result.getNumElements(), static_cast<int64_t>(value));
  return result;
}

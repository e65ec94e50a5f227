#include "colt5/Support/HostTensor.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include <cstring>
#include <unistd.h>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

std::string driver::formatType(ArrayRef<int64_t> shape, ElementKind kind) {
  std::string text;
  for (int64_t size : shape)
    text += (size < 0 ? std::string("?") : std::to_string(size)) + "x";
  return text + getKindName(kind).str();
}

FailureOr<int64_t> driver::countElements(ArrayRef<int64_t> shape) {
  constexpr int64_t kLimit = int64_t(1) << 48;
  int64_t count = 1;
  bool empty = false;
  for (int64_t size : shape) {
    if (size < 0)
      return failure();
    if (size == 0)
      empty = true;
    else if (size > kLimit / count)
      return failure();
    else
      count *= size;
  }
  return empty ? 0 : count;
}

llvm::Error driver::checkMemory(ArrayRef<int64_t> shape, ElementKind kind, const Twine &what) {
  FailureOr<int64_t> count = countElements(shape);
  if (failed(count))
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   what + ": its shape has more than 2^48 elements");
  double needed = static_cast<double>(*count) * getTraits(kind).getBytes();
  double available =
      static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  if (needed <= available)
    return llvm::Error::success();
  return llvm::createStringError(llvm::formatv("{0}: {1} needs {2:f1} GiB, the machine has {3:f1} GiB",
                                               what.str(), formatType(shape, kind), needed / 0x1p30,
                                               available / 0x1p30)
                                     .str());
}

HostTensor::HostTensor(ElementKind kind, ArrayRef<int64_t> shape) : kind(getHostKind(kind)), shape(shape) {
  FailureOr<int64_t> count = countElements(shape);
  data.resize(failed(count) ? 0 : *count * getTraits(kind).getBytes());
}

static double fromBFloat16(uint16_t bits) { return llvm::bit_cast<float>(static_cast<uint32_t>(bits) << 16); }

static uint16_t roundWith(const llvm::fltSemantics &semantics, double value) {
  llvm::APFloat number(value);
  bool losesInfo;
  number.convert(semantics, llvm::APFloat::rmNearestTiesToEven, &losesInfo);
  return static_cast<uint16_t>(number.bitcastToAPInt().getZExtValue());
}

static uint16_t toBFloat16(double value) {
  float single = static_cast<float>(value);
  // Two roundings in a row could differ from one, so the short way is for values that f32 holds.
  if (static_cast<double>(single) != value)
    return roundWith(llvm::APFloat::BFloat(), value);
  uint32_t bits = llvm::bit_cast<uint32_t>(single);
  return static_cast<uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

double HostTensor::getDouble(int64_t i) const {
  switch (kind) {
  case ElementKind::F64:
    return as<double>()[i];
  case ElementKind::F32:
    return as<float>()[i];
  case ElementKind::BF16:
    return fromBFloat16(as<uint16_t>()[i]);
  case ElementKind::F16: {
    llvm::APFloat number(llvm::APFloat::IEEEhalf(), llvm::APInt(16, as<uint16_t>()[i]));
    bool losesInfo;
    number.convert(llvm::APFloat::IEEEdouble(), llvm::APFloat::rmNearestTiesToEven, &losesInfo);
    return number.convertToDouble();
  }
  default:
    return static_cast<double>(getInt(i));
  }
}

int64_t HostTensor::getInt(int64_t i) const {
  switch (kind) {
  case ElementKind::I1:
    return as<uint8_t>()[i] != 0;
  case ElementKind::I8:
    return as<int8_t>()[i];
  case ElementKind::I16:
    return as<int16_t>()[i];
  case ElementKind::U16:
    return as<uint16_t>()[i];
  case ElementKind::I32:
    return as<int32_t>()[i];
  case ElementKind::I64:
    return as<int64_t>()[i];
  default:
    return static_cast<int64_t>(getDouble(i));
  }
}

void HostTensor::setDouble(int64_t i, double value) {
  switch (kind) {
  case ElementKind::F64:
    as<double>()[i] = value;
    return;
  case ElementKind::F32:
    as<float>()[i] = static_cast<float>(value);
    return;
  case ElementKind::BF16:
    as<uint16_t>()[i] = toBFloat16(value);
    return;
  case ElementKind::F16:
    as<uint16_t>()[i] = roundWith(llvm::APFloat::IEEEhalf(), value);
    return;
  default:
    setInt(i, static_cast<int64_t>(value));
  }
}

void HostTensor::setInt(int64_t i, int64_t value) {
  switch (kind) {
  case ElementKind::I1:
    as<uint8_t>()[i] = value != 0;
    return;
  case ElementKind::I8:
    as<int8_t>()[i] = static_cast<int8_t>(value);
    return;
  case ElementKind::I16:
  case ElementKind::U16:
    as<uint16_t>()[i] = static_cast<uint16_t>(value);
    return;
  case ElementKind::I32:
    as<int32_t>()[i] = static_cast<int32_t>(value);
    return;
  case ElementKind::I64:
    as<int64_t>()[i] = value;
    return;
  default:
    setDouble(i, static_cast<double>(value));
  }
}

HostTensor driver::convertTo(const HostTensor &tensor, ElementKind kind) {
  if (tensor.kind == kind)
    return tensor;
  HostTensor result(kind, tensor.shape);
  bool exactInt = !isFloatKind(tensor.kind) && !isFloatKind(kind);
  for (int64_t i = 0, e = tensor.getNumElements(); i < e; ++i) {
    if (exactInt)
      result.setInt(i, tensor.getInt(i));
    else
      result.setDouble(i, tensor.getDouble(i));
  }
  return result;
}

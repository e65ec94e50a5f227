// What the arguments of a program hold.
#include "Program.h"
#include "Random.h"

#include <algorithm>
#include <limits>
#include <numeric>

using namespace mlir::colt5;
using namespace mlir::colt5::fuzz;

/// Rows of the last dimension: numbers below `range`, each once per row where asked.
static void fillRows(HostTensor &tensor, const Data &data, int64_t range, Random &random) {
  int64_t length = tensor.shape.empty() ? 1 : tensor.shape.back();
  std::vector<int64_t> row, all(std::max<int64_t>(range, 0));
  for (int64_t start = 0, e = tensor.getNumElements(); start < e; start += length) {
    std::iota(all.begin(), all.end(), 0);
    row.clear();
    for (int64_t k = 0; k < length; ++k) {
      int64_t value = -1;
      if (!(data.withNone && random.chance(0.15)) && range > 0) {
        if (!data.unique) {
          value = random.range(0, range - 1);
        } else if (!all.empty()) {
          size_t at = random.range(0, static_cast<int64_t>(all.size()) - 1);
          value = all[at];
          all.erase(all.begin() + at);
        }
      }
      row.push_back(value);
    }
    // Those that are -1 come last.
    if (data.sorted)
      std::sort(row.begin(), row.end(),
                [](int64_t a, int64_t b) { return static_cast<uint64_t>(a) < static_cast<uint64_t>(b); });
    for (int64_t k = 0; k < length; ++k)
      tensor.setInt(start + k, row[k]);
  }
  if (data.withBad && tensor.getNumElements())
    tensor.setInt(random.range(0, tensor.getNumElements() - 1),
                  random.pick<int64_t>({range, range + 7, -2, -77}));
}

static void fillPrefix(HostTensor &tensor, Random &random) {
  int64_t length = tensor.shape.back();
  for (int64_t start = 0, e = tensor.getNumElements(); start < e; start += length) {
    int64_t ones = random.chance(0.2) ? length : random.range(0, length);
    for (int64_t k = 0; k < length; ++k)
      tensor.setInt(start + k, k < ones);
  }
}

HostTensor Program::makeInput(const Value &value) const {
  const Data &data = value.data;
  llvm::SmallVector<int64_t> shape;
  for (Size dim : value.type.dims)
    shape.push_back(get(dim));
  HostTensor tensor(value.type.isIndex ? ElementKind::I64 : value.type.element, shape);
  Random random(data.seed);
  int64_t count = tensor.getNumElements();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  switch (data.kind) {
  case Data::Normal:
    for (int64_t i = 0; i < count; ++i)
      tensor.setDouble(i, data.scale * std::clamp(random.normal(), -4.0, 4.0));
    break;
  case Data::Special:
    for (int64_t i = 0; i < count; ++i)
      tensor.setDouble(i, random.chance(0.8)
                              ? random.normal()
                              : random.pick<double>({std::nan(""), kInfinity, -kInfinity, 0.0, -0.0}));
    break;
  case Data::Integers:
    for (int64_t i = 0; i < count; ++i)
      tensor.setInt(i, random.range(data.low, data.high));
    break;
  case Data::Mask:
    for (int64_t i = 0; i < count; ++i)
      tensor.setInt(i, random.chance(data.scale));
    break;
  case Data::Prefix:
    fillPrefix(tensor, random);
    break;
  case Data::Rows:
    fillRows(tensor, data, get(data.range), random);
    break;
  case Data::SizeOf:
    tensor.setInt(0, get(data.range));
    break;
  }
  return tensor;
}

std::vector<HostTensor> Program::makeInputs() const {
  std::vector<HostTensor> inputs;
  for (ValueId id : body.arguments)
    inputs.push_back(makeInput(values[id]));
  return inputs;
}

// Ops that move values: reshapes, slices, transposes, broadcasts, pads, concatenations.
#include "Builder.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir::colt5;
using namespace mlir::colt5::fuzz;
using llvm::formatv;

/// Values do not change by being moved.
static void describeLike(Builder &b, ValueId id, ValueId from) {
  b.describe(id, b[from].magnitude, b[from].exact, b[from].special);
}

static ValueId getAny(Builder &b, unsigned low, unsigned high) {
  if (b.random.chance(0.3))
    if (auto found = b.find(
            [&](const Value &v) { return v.type.isTensor && v.type.rank() >= low && v.type.rank() <= high; }))
      return *found;
  return b.getFloats(low, high);
}

bool fuzz::addReshape(Builder &b) {
  double drawn = b.random.unit();
  if (drawn < 0.2) {
    ValueId x = getAny(b, 1, 4);
    return b.cast(x) != x;
  }
  if (drawn < 0.6) {
    // Collapses two dimensions.
    ValueId x = getAny(b, 2, 4);
    ValueType type = b[x].type;
    unsigned at = b.random.range(0, type.rank() - 2);
    Size product = b.derive(SizeRule::Product, type.dims[at], type.dims[at + 1]);
    bool dynamic = type.dynamic[at] || type.dynamic[at + 1];
    std::string groups;
    for (unsigned i = 0; i < type.rank(); ++i)
      groups += i == at       ? formatv("{0}[{1}, {2}]", i ? ", " : "", i, i + 1).str()
                : i == at + 1 ? std::string()
                              : formatv("{0}[{1}]", i ? ", " : "", i).str();
    type.dims[at] = product;
    type.dynamic[at] = dynamic;
    type.dims.erase(type.dims.begin() + at + 1);
    type.dynamic.erase(type.dynamic.begin() + at + 1);
    ValueId r = b.emit(formatv("tensor.collapse_shape $0 [{0}] : #0 into @0", groups), {x}, {type});
    describeLike(b, r, x);
    return true;
  }
  // Expands one dimension: one that was collapsed, or to one of size 1.
  ValueId x = getAny(b, 1, 3);
  ValueType type = b[x].type;
  unsigned at = b.random.range(0, type.rank() - 1);
  for (unsigned i = 0; i < type.rank(); ++i)
    if (b.program.sizes[type.dims[i]].how == SizeRule::Product)
      at = i;
  const SizeRule rule = b.program.sizes[type.dims[at]];
  Size first = b.fixed(1), second = type.dims[at];
  if (rule.how == SizeRule::Product)
    first = rule.a, second = rule.b;
  else if (b.random.chance(0.5))
    std::swap(first, second);
  // A group has one dynamic size at most, and one where the whole is dynamic.
  bool dynamic = type.dynamic[at],
       firstDynamic = dynamic && (rule.how == SizeRule::Product ? b.random.chance(0.5) : first != b.fixed(1));
  std::string groups;
  for (unsigned i = 0; i < type.rank(); ++i) {
    unsigned n = i + (i > at);
    groups += i == at ? formatv("{0}[{1}, {2}]", i ? ", " : "", n, n + 1).str()
                      : formatv("{0}[{1}]", i ? ", " : "", n).str();
  }
  type.dims[at] = first;
  type.dynamic[at] = firstDynamic;
  type.dims.insert(type.dims.begin() + at + 1, second);
  type.dynamic.insert(type.dynamic.begin() + at + 1, dynamic && !firstDynamic);
  std::vector<ValueId> operands{x};
  std::string shape;
  for (auto [i, dim] : llvm::enumerate(type.dims)) {
    shape += i ? ", " : "";
    if (type.dynamic[i]) {
      shape += "$" + std::to_string(operands.size());
      operands.push_back(b.indexOf(dim));
    } else {
      shape += formatv("~{0}~", dim);
    }
  }
  ValueId r = b.emit(formatv("tensor.expand_shape $0 [{0}] output_shape [{1}] : #0 into @0", groups, shape),
                     operands, {type});
  describeLike(b, r, x);
  return true;
}

namespace {
/// Part of a tensor: offsets, sizes and strides as text with their operands.
struct Slice {
  std::string text;
  std::vector<ValueId> operands;
  ValueType type;
};
} // namespace

/// Numbers of one part of a slice: written out, or operands where they have an id.
static std::string listNumbers(llvm::ArrayRef<std::pair<std::string, ValueId>> numbers, unsigned first,
                               std::vector<ValueId> &operands) {
  std::string text;
  for (const auto &[written, id] : numbers) {
    text += text.empty() ? "" : ", ";
    if (id < 0) {
      text += written;
      continue;
    }
    text += "$" + std::to_string(first + operands.size());
    operands.push_back(id);
  }
  return "[" + text + "]";
}

/// A part of `whole`. Offsets and sizes are written out or computed; `first` is the number of the first
/// operand.
static Slice drawSlice(Builder &b, const ValueType &whole, unsigned first) {
  Slice slice;
  slice.type = whole;
  llvm::SmallVector<std::pair<std::string, ValueId>> offsets, sizes, strides;
  for (unsigned i = 0; i < whole.rank(); ++i) {
    Size full = whole.dims[i], size = full;
    int64_t offset = 0, stride = 1, extent = b.get(full);
    if (b.random.chance(0.5) && extent > 1) {
      // A size that both keep: a fixed one, so that smaller programs stay right or are refused.
      int64_t part = b.random.range(1, extent);
      offset = b.random.range(0, extent - part);
      if (part > 2 && b.random.chance(0.2)) {
        stride = 2;
        part = (part + 1) / 2;
      }
      size = b.fixed(part);
    }
    bool dynamic = size == full ? whole.dynamic[i] : b.random.chance(0.3);
    slice.type.dims[i] = size;
    slice.type.dynamic[i] = dynamic;
    offsets.emplace_back(std::to_string(offset), b.random.chance(0.2) ? b.indexConstant(offset) : -1);
    sizes.emplace_back(formatv("~{0}~", size), dynamic ? b.indexOf(size) : -1);
    strides.emplace_back(std::to_string(stride), -1);
  }
  slice.text = listNumbers(offsets, first, slice.operands);
  slice.text += " " + listNumbers(sizes, first, slice.operands);
  slice.text += " " + listNumbers(strides, first, slice.operands);
  return slice;
}

bool fuzz::addSlice(Builder &b) {
  ValueId x = getAny(b, 1, 4);
  Value vx = b[x];
  // The verifier of slices refuses offset 0 in nothing.
  if (b.count(vx.type.dims) == 0)
    return false;
  bool extracts = b.random.chance(0.5);
  Slice slice = drawSlice(b, vx.type, extracts ? 1 : 2);
  if (extracts) {
    std::vector<ValueId> operands{x};
    operands.insert(operands.end(), slice.operands.begin(), slice.operands.end());
    ValueId r = b.emit("tensor.extract_slice $0" + slice.text + " : #0 to @0", operands, {slice.type});
    describeLike(b, r, x);
    return true;
  }
  // What is inserted has the very type of the slice.
  auto found = b.findExactly(slice.type);
  Data data;
  data.kind = Data::Integers;
  data.low = vx.type.element == ElementKind::I1 ? 0 : -3;
  data.high = vx.type.element == ElementKind::I1 ? 1 : 3;
  ValueId y = found ? *found : b.argument(slice.type, data);
  Value vy = b[y];
  std::vector<ValueId> operands{y, x};
  operands.insert(operands.end(), slice.operands.begin(), slice.operands.end());
  b.overwritten.push_back(x);
  ValueId r = b.emit("tensor.insert_slice $0 into $1" + slice.text + " : #0 into #1", operands, {vx.type});
  b.describeEither(r, vx, vy);
  return true;
}

static bool addTranspose(Builder &b) {
  ValueId x = getAny(b, 2, 4);
  Value vx = b[x];
  unsigned rank = vx.type.rank();
  llvm::SmallVector<unsigned> order;
  for (unsigned i = 0; i < rank; ++i)
    order.push_back(i);
  for (unsigned i = rank; i-- > 1;)
    std::swap(order[i], order[b.random.range(0, i)]);
  ValueType type = vx.type;
  std::string text;
  for (unsigned i = 0; i < rank; ++i) {
    type.dims[i] = vx.type.dims[order[i]];
    type.dynamic[i] = vx.type.dynamic[order[i]];
    text += (i ? ", " : "") + std::to_string(order[i]);
  }
  ValueId out = b.destLike(type);
  ValueId r = b.emit(formatv("linalg.transpose ins($0 : #0) outs($1 : #1) permutation = [{0}]", text),
                     {x, out}, {b[out].type});
  describeLike(b, r, x);
  return true;
}

static bool addBroadcast(Builder &b) {
  ValueId x = getAny(b, 0, 2);
  Value vx = b[x];
  unsigned at = b.random.range(0, vx.type.rank());
  ValueType type = vx.type;
  type.dims.insert(type.dims.begin() + at, type.rank() > 1 ? b.smallSize() : b.size());
  type.dynamic.insert(type.dynamic.begin() + at, b.random.chance(0.5));
  if (!b.fits(type.dims))
    return false;
  ValueId out = b.destLike(type);
  ValueId r = b.emit(formatv("linalg.broadcast ins($0 : #0) outs($1 : #1) dimensions = [{0}]", at), {x, out},
                     {b[out].type});
  describeLike(b, r, x);
  return true;
}

static bool addPad(Builder &b) {
  ValueId x = b.getFloats(1, 3);
  Value vx = b[x];
  ValueType type = vx.type;
  std::string low, high, arguments;
  for (unsigned i = 0; i < type.rank(); ++i) {
    int64_t l = b.random.range(0, 2), h = b.random.range(0, 2);
    low += (i ? ", " : "") + std::to_string(l);
    high += (i ? ", " : "") + std::to_string(h);
    arguments += formatv("{0}%p{1}: index", i ? ", " : "", i);
    if (l + h)
      type.dims[i] = b.derive(SizeRule::Sum, type.dims[i], b.fixed(l + h));
  }
  if (!b.fits(type.dims))
    return false;
  ValueId zero = b.constant(type.element, b.random.pick<double>({0.0, 1.0}));
  ValueId r = b.emit(
      formatv("tensor.pad $0 low[{0}] high[{1}] {{\n  ^bb0({2}):\n    tensor.yield $1 : #1\n  } : #0 to @0",
              low, high, arguments),
      {x, zero}, {type});
  b.describe(r, std::max(vx.magnitude, 1.0), vx.exact < 0 ? -1 : std::max<int64_t>(vx.exact, 1), vx.special);
  return true;
}

static bool addConcat(Builder &b) {
  ValueId x = b.getFloats(1, 3);
  Value vx = b[x];
  unsigned at = b.random.range(0, vx.type.rank() - 1);
  auto y = b.find([&](const Value &v) {
    if (!v.type.isTensor || v.type.element != vx.type.element || v.type.rank() != vx.type.rank())
      return false;
    for (unsigned i = 0; i < v.type.rank(); ++i)
      if (i != at && (v.type.dims[i] != vx.type.dims[i] || v.type.dynamic[i] != vx.type.dynamic[i]))
        return false;
    return true;
  });
  if (!y)
    return false;
  Value vy = b[*y];
  ValueType type = vx.type;
  type.dims[at] = b.derive(SizeRule::Sum, vx.type.dims[at], vy.type.dims[at]);
  type.dynamic[at] = vx.type.dynamic[at] || vy.type.dynamic[at];
  if (!b.fits(type.dims))
    return false;
  ValueId r = b.emit(formatv("tensor.concat dim({0}) $0, $1 : (#0, #1) -> @0", at), {x, *y}, {type});
  b.describeEither(r, vx, vy);
  return true;
}

static bool addCopy(Builder &b) {
  ValueId x = getAny(b, 0, 4);
  ValueId out = b.dest(b[x].type.element, b[x].type.dims);
  ValueId r = b.emit("linalg.copy ins($0 : #0) outs($1 : #1) -> @0", {x, out}, {b[out].type});
  describeLike(b, r, x);
  return true;
}

bool fuzz::addMovement(Builder &b) {
  double drawn = b.random.unit();
  if (drawn < 0.45)
    return addTranspose(b);
  if (drawn < 0.7)
    return addBroadcast(b);
  if (drawn < 0.8)
    return addCopy(b);
  return drawn < 0.9 ? addPad(b) : addConcat(b);
}

#include "colt5/Tools/Run/Inputs.h"
#include "colt5/Support/Error.h"

#include "colt5/Support/Npy.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;
using llvm::Expected;

template <typename T> static std::string print(T value) {
  std::string text;
  llvm::raw_string_ostream(text) << value;
  return text;
}

Expected<SmallVector<int64_t>> driver::parseShape(StringRef text) {
  SmallVector<int64_t> shape;
  if (text.empty())
    return shape;
  SmallVector<StringRef> parts;
  text.split(parts, 'x');
  for (StringRef part : parts)
    if (part.getAsInteger(10, shape.emplace_back()) || shape.back() < 0)
      return makeError("expected a shape such as 2x3x4, found '" + text + "'");
  if (failed(countElements(shape)))
    return makeError("shape '" + text + "' has more than 2^48 elements");
  return shape;
}

Expected<std::pair<unsigned, SmallVector<int64_t>>> driver::parseArgumentShape(StringRef text) {
  auto [number, shapeText] = text.split(':');
  unsigned argument;
  if (!text.contains(':') || number.getAsInteger(10, argument))
    return makeError("--shape: expected ARGUMENT:SHAPE such as 0:2x3, found '" + text + "'");
  Expected<SmallVector<int64_t>> shape = parseShape(shapeText);
  if (!shape)
    return shape.takeError();
  return std::make_pair(argument, *shape);
}

/// Reads one `key=value` of a generated input.
static llvm::Error parseKey(InputSpec &spec, StringRef item, StringRef text) {
  auto [key, value] = item.split('=');
  bool random = spec.source == InputSpec::Source::Random;
  bool bad = false;
  if (key == "shape") {
    Expected<SmallVector<int64_t>> shape = parseShape(value);
    if (!shape)
      return shape.takeError();
    spec.shape = *shape;
  } else if (random && key == "seed") {
    bad = value.getAsInteger(10, spec.seed);
  } else if (random && key == "scale") {
    bad = value.getAsDouble(spec.scale);
  } else if (random && key == "low") {
    bad = value.getAsInteger(10, spec.low);
  } else if (random && key == "high") {
    bad = value.getAsInteger(10, spec.high.emplace());
  } else {
    return makeError("--input=" + text + ": unknown key '" + key + "'; expected " +
                     (random ? "seed, scale, low, high or shape" : "shape"));
  }
  if (bad)
    return makeError("--input=" + text + ": expected a number for '" + key + "', found '" + value + "'");
  return llvm::Error::success();
}

Expected<InputSpec> driver::parseInputSpec(StringRef text) {
  using Source = InputSpec::Source;
  InputSpec spec;
  auto [head, keys] = text.split(':');
  if (head == "bf16") {
    spec.source = Source::BFloat16Bits;
    spec.path = keys.str();
    return spec;
  }
  if (head == "random") {
    spec.source = Source::Random;
  } else if (head == "iota") {
    spec.source = Source::Iota;
  } else if (head == "zeros" || head == "ones" || head.starts_with("value=")) {
    spec.source = Source::Value;
    spec.value = head == "ones" ? 1.0 : 0.0;
    if (head.consume_front("value=") && head.getAsDouble(spec.value))
      return makeError("--input=" + text + ": expected a number after 'value=', found '" + head + "'");
  } else {
    if (!text.ends_with(".npy"))
      return makeError("--input=" + text +
                       ": expected FILE.npy, bf16:FILE.npy, random, zeros, ones, iota or value=V, found '" +
                       text + "'");
    spec.path = text.str();
    return spec;
  }
  SmallVector<StringRef> items;
  keys.split(items, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef item : items)
    if (llvm::Error error = parseKey(spec, item, text))
      return error;
  return spec;
}

Expected<std::pair<SmallVector<int64_t>, ElementKind>> driver::describeType(Type type, const Twine &what) {
  Type element = type;
  SmallVector<int64_t> shape;
  if (auto shaped = dyn_cast<ShapedType>(type)) {
    if (!shaped.hasRank())
      return makeError(what + " has type " + print(type) + ": expected a ranked tensor or a scalar");
    element = shaped.getElementType();
    llvm::append_range(shape, shaped.getShape());
  }
  std::optional<ElementKind> kind = getElementKind(element);
  if (!kind)
    return makeError(what + " has type " + print(type) + ": expected elements of type " + kElementTypes);
  return std::make_pair(shape, getHostKind(*kind));
}

/// The static shape of argument `number`: `given` where there is one, checked against the type.
static Expected<SmallVector<int64_t>> resolveShape(ArrayRef<int64_t> typeShape, ElementKind kind,
                                                   unsigned number, std::optional<ArrayRef<int64_t>> given) {
  std::string expected = formatType(typeShape, kind);
  if (!given) {
    if (llvm::is_contained(typeShape, ShapedType::kDynamic))
      return makeError("argument " + Twine(number) + " has dynamic sizes (" + expected +
                       "): give its shape with --shape=" + Twine(number) + ":2x3 or random:shape=2x3");
    return SmallVector<int64_t>(typeShape);
  }
  bool fits = given->size() == typeShape.size();
  for (unsigned i = 0; fits && i < typeShape.size(); ++i)
    fits = typeShape[i] == ShapedType::kDynamic || typeShape[i] == (*given)[i];
  if (!fits)
    return makeError("argument " + Twine(number) + ": expected shape " + expected + ", found " +
                     formatType(*given, kind));
  return SmallVector<int64_t>(*given);
}

namespace {
/// SplitMix64: the same numbers everywhere, and any seed is a good one.
struct Generator {
  uint64_t state;
  uint64_t next() {
    uint64_t z = (state += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  /// Nearly normal (twelve uniforms): needs no libm, whose last bit differs between machines.
  double normal() {
    double sum = -6.0;
    for (int i = 0; i < 12; ++i)
      sum += static_cast<double>(next() >> 11) * 0x1p-53;
    return sum;
  }
};
} // namespace

static Expected<HostTensor> generate(const InputSpec &spec, ArrayRef<int64_t> shape, ElementKind kind,
                                     unsigned number) {
  HostTensor tensor(kind, shape);
  int64_t count = tensor.getNumElements();
  if (spec.source == InputSpec::Source::Random && isFloatKind(kind)) {
    Generator generator{spec.seed * 1000003 + number};
    for (int64_t i = 0; i < count; ++i)
      tensor.setDouble(i, spec.scale * generator.normal());
  } else if (spec.source == InputSpec::Source::Random) {
    int64_t high = spec.high.value_or(kind == ElementKind::I1 ? 2 : 100);
    if (high <= spec.low)
      return makeError("argument " + Twine(number) + ": random integers need low < high, found low=" +
                       Twine(spec.low) + " high=" + Twine(high));
    Generator generator{spec.seed * 1000003 + number};
    uint64_t range = static_cast<uint64_t>(high) - static_cast<uint64_t>(spec.low);
    for (int64_t i = 0; i < count; ++i)
      tensor.setInt(i, static_cast<int64_t>(static_cast<uint64_t>(spec.low) + generator.next() % range));
  } else {
    bool iota = spec.source == InputSpec::Source::Iota;
    for (int64_t i = 0; i < count; ++i)
      tensor.setDouble(i, iota ? static_cast<double>(i) : spec.value);
  }
  return tensor;
}

/// Reads the file of `spec` and brings it to `kind`; only f32 to a 16-bit float is converted silently.
static Expected<HostTensor> load(const InputSpec &spec, ElementKind kind, unsigned number) {
  Expected<HostTensor> tensor = readNpy(spec.path);
  if (!tensor)
    return tensor;
  if (spec.source == InputSpec::Source::BFloat16Bits) {
    if (tensor->kind != ElementKind::U16)
      return makeError("'" + spec.path + "': bf16: expected a uint16 file, found " +
                       getKindName(tensor->kind));
    tensor->kind = ElementKind::BF16;
  }
  bool half = kind == ElementKind::BF16 || kind == ElementKind::F16;
  if (half && tensor->kind == ElementKind::F32)
    return convertTo(*tensor, kind);
  if (tensor->kind != kind)
    return makeError("argument " + Twine(number) + ": expected elements of type " + getKindName(kind) +
                     ", found " + getKindName(tensor->kind) + " in '" + spec.path + "'; convert the file" +
                     (kind == ElementKind::BF16 ? " to float32, or pass its bits as bf16:FILE.npy" : ""));
  return tensor;
}

Expected<HostTensor> driver::makeInput(const InputSpec &spec, Type type, unsigned number,
                                       std::optional<ArrayRef<int64_t>> shape) {
  auto described = describeType(type, "argument " + Twine(number));
  if (!described)
    return described.takeError();
  auto [typeShape, kind] = *described;
  bool fromFile = spec.source == InputSpec::Source::File || spec.source == InputSpec::Source::BFloat16Bits;
  if (fromFile) {
    Expected<HostTensor> tensor = load(spec, kind, number);
    if (!tensor)
      return tensor;
    Expected<SmallVector<int64_t>> checked =
        resolveShape(typeShape, kind, number, ArrayRef<int64_t>(tensor->shape));
    if (!checked)
      return checked.takeError();
    return tensor;
  }
  if (spec.shape)
    shape = ArrayRef<int64_t>(*spec.shape);
  Expected<SmallVector<int64_t>> resolved = resolveShape(typeShape, kind, number, shape);
  if (!resolved)
    return resolved.takeError();
  if (llvm::Error error = checkMemory(*resolved, kind, "argument " + Twine(number)))
    return error;
  return generate(spec, *resolved, kind, number);
}

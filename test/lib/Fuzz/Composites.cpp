// Composite ops: feed-forward branches and CoLT5's conditional layers.
#include "Builder.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir::colt5;
using namespace mlir::colt5::fuzz;
using llvm::formatv;

namespace {
/// Operands of a composite, whose types stand at its end.
struct Operands {
  std::vector<ValueId> ids;

  std::string add(ValueId id) {
    ids.push_back(id);
    return "$" + std::to_string(ids.size() - 1);
  }
  std::string types() const {
    std::string text;
    for (size_t i = 0; i < ids.size(); ++i)
      text += (i ? ", #" : "#") + std::to_string(i);
    return text;
  }
};
} // namespace

static const char *drawActivation(Builder &b) {
  return b.random.pick({"gelu_tanh", "gelu", "relu", "silu", "sigmoid", "identity"});
}

/// Weights small enough that sums stay small.
static ValueId drawWeights(Builder &b, ElementKind element, llvm::ArrayRef<Size> dims) {
  if (auto found = b.random.chance(0.4)
                       ? b.find([&](const Value &v) { return v.type.is(element, dims) && v.magnitude <= 4; })
                       : std::nullopt)
    return *found;
  Data data;
  data.scale = 0.5;
  return b.argument(b.tensor(element, dims), data);
}

bool fuzz::addFfn(Builder &b) {
  ValueId x = b.getFloats(2, 4);
  Value vx = b[x];
  ElementKind element = vx.type.element, score = scoreOf(element);
  Size d = vx.type.dims.back(), e = b.size(36), d2 = b.random.chance(0.7) ? d : b.smallSize();
  if (vx.magnitude > 20 || b.count(vx.type.dims) * b.get(e) > 200000 || b.get(d) * b.get(e) > 6000)
    return false;
  Operands o;
  bool gate = b.random.chance(0.5);
  std::string text = "colt5.ffn " + o.add(x) + " in(" + o.add(drawWeights(b, element, {d, e})) + ")";
  if (gate)
    text += " gate(" + o.add(drawWeights(b, element, {d, e})) + ")";
  text += " out(" + o.add(drawWeights(b, element, {e, d2})) + ")";
  if (b.random.chance(0.3))
    text += " in_bias(" + o.add(drawWeights(b, b.random.chance(0.5) ? element : score, {e})) + ")";
  if (gate && b.random.chance(0.3))
    text += " gate_bias(" + o.add(drawWeights(b, b.random.chance(0.5) ? element : score, {e})) + ")";
  if (b.random.chance(0.3))
    text += " out_bias(" + o.add(drawWeights(b, b.random.chance(0.5) ? element : score, {d2})) + ")";
  ValueType type = vx.type;
  if (d2 != d) {
    type.dims.back() = d2;
    type.dynamic.back() = b[o.ids[gate ? 3 : 2]].type.dynamic[1];
  }
  ValueId r = b.emit(formatv("{0} {{activation = {1}} : {2} -> @0", text, drawActivation(b), o.types()),
                     o.ids, {type});
  b.describe(r, std::min(1e6, vx.magnitude * vx.magnitude * 16 * b.get(d) * b.get(e)), -1, vx.special);
  return true;
}

static std::string drawRouting(Builder &b, int64_t tokens) {
  std::string routing =
      b.random.pick({"", "", "softmax_topk", "soft_topk", "softmax_all", "sigmoid", "raw", "ones",
                     "soft_topk, eps = 0.5, iterations = 9, init = neg, k_ratio = 1.125",
                     "soft_topk, solver = exact, eps = 0.25", "soft_topk, similarity = cosine, scale = 8.0",
                     "soft_topk, bypass = ones", "soft_topk, overflow = iterate"});
  // Cosines of whole numbers may be nearly equal.
  if (routing.find("cosine") != std::string::npos && tokens > 8)
    routing = "soft_topk";
  return routing.empty() ? "" : ", routing = #colt5.routing<" + routing + ">";
}

/// Tokens of whole numbers for a router to choose from.
static ValueId drawRouted(Builder &b, llvm::SmallVector<Size> &dims) {
  auto found = b.find([&](const Value &v) {
    return v.type.isTensor && v.type.element == b.data && v.type.rank() == 3 && v.exact >= 0 &&
           v.exact <= 8 && !v.special;
  });
  if (found && b.random.chance(0.7)) {
    dims = b[*found].type.dims;
    return *found;
  }
  dims = {b.size(3), b.size(), b.size(17)};
  return b.getExact(b.data, dims, 4);
}

bool fuzz::addConditional(Builder &b) {
  ValueId x = b.getFloats(3, 3);
  Value vx = b[x];
  if (vx.magnitude > 500)
    return false;
  ElementKind element = vx.type.element, score = scoreOf(element);
  llvm::SmallVector<Size> slots{vx.type.dims[0]};
  if (b.random.chance(0.3))
    slots.push_back(b.smallSize());
  slots.push_back(b.size(40));
  llvm::SmallVector<Size> rows(slots);
  rows.push_back(vx.type.dims[2]);
  if (!b.fits(rows))
    return false;
  Operands o;
  std::string text = "colt5.conditional " + o.add(x);
  double magnitude = 0;
  ValueType type = vx.type;
  if (b.random.chance(0.7)) {
    ValueId base = b.get(element, vx.type.dims);
    magnitude = b[base].magnitude;
    type = b[base].type;
    b.overwritten.push_back(base);
    text += " base(" + o.add(base) + ")";
  }
  ValueId idx = b.rows(slots, vx.type.dims[1]);
  text += " routed(" + o.add(idx);
  double weight = 1;
  if (b.random.chance(0.5)) {
    text += ", " + o.add(b.get(score, slots));
    weight = b[o.ids.back()].magnitude;
  }
  if (b.random.chance(0.4))
    text += ", " + o.add(b.mask(slots));
  text += ")";
  magnitude += weight * (vx.magnitude * vx.magnitude + vx.magnitude) * std::max<int64_t>(b.count(slots), 1);
  if (magnitude > Builder::largest(element))
    return false;
  // The rows have the width of x, and as many slots as the indices have.
  ValueType rowType = b.tensor(element, rows);
  for (size_t i = 0; i + 1 < rows.size(); ++i)
    rowType.dynamic[i] = b[idx].type.dynamic[i];
  rowType.dynamic.back() = vx.type.dynamic.back();
  ValueId tokens = b.addValue(rowType);
  b.describe(tokens, vx.magnitude, -1, vx.special);
  Block block = b.region(
      {tokens},
      [&]() -> std::vector<ValueId> {
        if (b.random.chance(0.3))
          return {tokens};
        ValueId other = b.random.chance(0.5) ? tokens : b.get(element, rows);
        if (b[other].magnitude > 50)
          other = tokens;
        ValueId out = b.random.chance(0.5) ? tokens : b.empty(rowType);
        return {
            b.emit("linalg.mul ins($0, $1 : #0, #1) outs($2 : #2) -> @0", {tokens, other, out}, {rowType})};
      },
      "colt5.yield");
  ValueId r =
      b.emit(text + " : " + o.types() + " -> @0 {\n  ^bb0(&0.0: " + b.program.printType(rowType) + "):!0}",
             o.ids, {type}, {block});
  b.describe(r, magnitude, -1, true);
  return true;
}

/// What the heavy branch is added to where there is no light one, or nothing.
static std::string drawBase(Builder &b, Operands &o, const ValueType &type) {
  auto base = b.random.chance(0.6) ? b.findExactly(type) : std::nullopt;
  if (!base)
    return "";
  b.overwritten.push_back(*base);
  return " base(" + o.add(*base) + ")";
}

bool fuzz::addConditionalFfn(Builder &b) {
  llvm::SmallVector<Size> dims;
  ValueId x = drawRouted(b, dims);
  Value vx = b[x];
  Size d = dims[2], e = b.size(17), f = b.size(36);
  if (b.count(dims) * (b.get(e) + b.get(f)) > 200000 || b.get(dims[1]) == 0 || b.get(d) == 0)
    return false;
  Operands o;
  std::string text = "colt5.conditional_ffn " + o.add(x);
  if (b.random.chance(0.5))
    text += " mask(" + o.add(b.mask({dims[0], dims[1]})) + ")";
  text += " router(" + o.add(b.getExact(b.data, {b.fixed(1), d}, 4)) + ")";
  bool light = b.random.chance(0.6), gate = b.random.chance(0.5);
  if (!light)
    text += drawBase(b, o, vx.type);
  auto branch = [&](const char *name, Size width) {
    std::string result = formatv(" {0}(in = {1}", name, o.add(drawWeights(b, b.data, {d, width})));
    if (gate)
      result += ", gate = " + o.add(drawWeights(b, b.data, {d, width}));
    return result + ", out = " + o.add(drawWeights(b, b.data, {width, d})) + ")";
  };
  if (light)
    text += branch("light", e);
  text += branch("heavy", f);
  std::string attributes;
  int64_t k = b.random.range(1, b.get(dims[1]) + (b.random.chance(0.1) ? 2 : 0));
  if (b.random.chance(0.7))
    attributes = formatv("tokens = {0}, ", k);
  else
    text += " tokens(" + o.add(b.indexOf(b.fixed(k))) + ")";
  attributes += formatv("activation = {0}{1}", drawActivation(b), drawRouting(b, b.get(dims[1])));
  ValueId r = b.emit(formatv("{0} {{{1}} : {2} -> @0", text, attributes, o.types()), o.ids, {vx.type});
  b.describe(r, 1e5, -1, true);
  return true;
}

bool fuzz::addConditionalAttention(Builder &b) {
  llvm::SmallVector<Size> dims;
  ValueId x = drawRouted(b, dims);
  Value vx = b[x];
  Size d = dims[2], groups = b.size(2), width = b.size(8);
  Size heads = b.random.chance(0.5) ? groups : b.derive(SizeRule::Product, groups, b.fixed(2));
  int64_t n = b.get(dims[1]);
  if (n == 0 || b.get(d) == 0 || b.count(dims) * b.get(heads) * b.get(width) > 200000 ||
      b.get(dims[0]) * n * n * b.get(heads) * b.get(width) > 300000)
    return false;
  Operands o;
  std::string text = "colt5.conditional_attention " + o.add(x);
  if (b.random.chance(0.5))
    text += " mask(" + o.add(b.mask({dims[0], dims[1]})) + ")";
  text += " routers(" + o.add(b.getExact(b.data, {b.fixed(1), d}, 4));
  text += ", " + o.add(b.getExact(b.data, {b.fixed(1), d}, 4)) + ")";
  bool light = b.random.chance(0.6), biased = b.random.chance(0.4);
  if (!light)
    text += drawBase(b, o, vx.type);
  auto branch = [&](const char *name) {
    std::string result = std::string(" ") + name + "(" + o.add(drawWeights(b, b.data, {d, heads, width}));
    result += ", " + o.add(drawWeights(b, b.data, {d, groups, width}));
    result += ", " + o.add(drawWeights(b, b.data, {d, groups, width}));
    result += ", " + o.add(drawWeights(b, b.data, {heads, width, d}));
    if (biased)
      result += " bias " + o.add(drawWeights(b, b.score, {heads, b.fixed(8)}));
    return result + ")";
  };
  if (light)
    text += branch("light");
  text += branch("heavy");
  std::string attributes;
  int64_t queries = b.random.range(1, n), keys = b.random.range(1, n + 1);
  if (b.random.chance(0.7)) {
    attributes = formatv("queries = {0}, keys = {1}", queries, keys);
  } else {
    text += " queries(" + o.add(b.indexOf(b.fixed(queries))) + ")";
    text += " keys(" + o.add(b.indexOf(b.fixed(keys))) + ")";
    attributes = "scale = 0.25";
  }
  attributes +=
      formatv(", kv_scale = {0}, q_scale = {1}", b.random.pick({"input", "value", "key_value", "none"}),
              b.random.pick({"output", "query", "output_and_query", "none"}));
  if (biased)
    attributes += ", bias = #colt5.t5_buckets<8, 20, bidirectional>";
  if (bool hasPattern = b.random.chance(0.5); hasPattern && light)
    attributes += ", light_pattern = #colt5.window<3, 3>";
  attributes += drawRouting(b, n);
  ValueId r = b.emit(formatv("{0} {{{1}} : {2} -> @0", text, attributes, o.types()), o.ids, {vx.type});
  b.describe(r, 1e5, -1, true);
  return true;
}

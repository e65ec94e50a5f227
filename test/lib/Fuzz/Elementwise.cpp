// Elementwise ops: named linalg ops, maps, generics with random bodies, conversions, arith on tensors.
#include "Clauses.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir::colt5;
using namespace mlir::colt5::fuzz;
using llvm::formatv;

namespace {
/// A function of one float; `accepts` says for which arguments it stays in range, `bound` how large it gets.
struct Unary {
  const char *name;
  bool keepsExact;
  bool (*accepts)(double magnitude, double largest);
  double (*bound)(double magnitude);
};
} // namespace

static bool anything(double, double) { return true; }
static double same(double m) { return m; }
static double one(double) { return 1.0; }

static const Unary kUnaries[] = {
    {"exp", false, [](double m, double largest) { return m < (largest < 1e5 ? 5 : 9); },
     [](double m) { return std::exp(m); }},
    {"tanh", false, anything, one},
    {"erf", false, anything, one},
    {"negf", true, anything, same},
    {"abs", true, anything, same},
    {"floor", true, anything, [](double m) { return m + 1; }},
    {"ceil", true, anything, [](double m) { return m + 1; }},
    {"square", false, [](double m, double largest) { return m * m < largest; },
     [](double m) { return m * m; }},
};

static ValueId emitDest(Builder &b, const std::string &op, llvm::ArrayRef<ValueId> ins, ElementKind element,
                        llvm::ArrayRef<Size> dims) {
  // The op may write over what it reads.
  return Clauses(ins).emit(b, op, {b.dest(element, dims)});
}

static bool addUnary(Builder &b) {
  ValueId x = b.getFloats();
  // Rounding to whole numbers is no continuous function; only what is one already stays what it is.
  const Unary &f = b.random.pick(kUnaries);
  bool rounds = llvm::StringRef(f.name) == "floor" || llvm::StringRef(f.name) == "ceil";
  Value in = b[x];
  if (!f.accepts(in.magnitude, Builder::largest(in.type.element)) || (rounds && in.exact < 0))
    return false;
  ValueId r = emitDest(b, std::string("linalg.") + f.name, {x}, in.type.element, in.type.dims);
  b.describe(r, f.bound(in.magnitude), f.keepsExact ? in.exact : -1, in.special);
  return true;
}

/// Values of exact sums and products.
static int64_t combineExact(const Value &a, const Value &b, llvm::StringRef op) {
  if (a.exact < 0 || b.exact < 0)
    return -1;
  if (op == "mul")
    return a.exact && b.exact > INT64_MAX / a.exact ? -1 : a.exact * b.exact;
  return op == "max" || op == "min" ? std::max(a.exact, b.exact) : a.exact + b.exact;
}

static double combineMagnitude(const Value &a, const Value &b, llvm::StringRef op) {
  return op == "mul"                  ? a.magnitude * b.magnitude
         : op == "max" || op == "min" ? std::max(a.magnitude, b.magnitude)
                                      : a.magnitude + b.magnitude;
}

static bool addBinary(Builder &b) {
  ValueId x = b.getFloats();
  ValueId y = b.get(b[x].type.element, b[x].type.dims);
  const char *op = b.random.pick({"add", "sub", "mul", "max", "min"});
  Value vx = b[x], vy = b[y];
  double magnitude = combineMagnitude(vx, vy, op);
  if (magnitude > Builder::largest(vx.type.element))
    return false;
  ValueId r;
  if (b.random.chance(0.15)) {
    const char *body = llvm::StringRef(op) == "max"   ? "maximumf"
                       : llvm::StringRef(op) == "min" ? "minimumf"
                                                      : op;
    std::string arith = std::string("arith.") + body + (body == op ? "f" : "");
    if (vy.type.dynamic != vx.type.dynamic)
      return false;
    ValueId out = b.destLike(vx.type);
    r = b.emit("linalg.map { " + arith + " } ins($0, $1 : #0, #1) outs($2 : #2)", {x, y, out}, {b[out].type});
  } else {
    r = emitDest(b, std::string("linalg.") + op, {x, y}, vx.type.element, vx.type.dims);
  }
  b.describe(r, magnitude, combineExact(vx, vy, op), vx.special || vy.special);
  return true;
}

static bool addSelect(Builder &b) {
  ValueId x = b.getFloats();
  Value vx = b[x];
  ValueId y = b.get(vx.type.element, vx.type.dims), c = b.mask(vx.type.dims);
  Value vy = b[y];
  ValueId r = emitDest(b, "linalg.select", {c, x, y}, vx.type.element, vx.type.dims);
  b.describeEither(r, vx, vy);
  return true;
}

/// arith and math on whole tensors.
static bool addOnTensors(Builder &b) {
  ValueId x = b.getFloats(1);
  Value vx = b[x];
  auto y = b.findExactly(vx.type);
  const char *op = b.random.pick({"add", "sub", "mul"});
  if (!y || combineMagnitude(vx, b[*y], op) > Builder::largest(vx.type.element))
    return false;
  Value vy = b[*y];
  ValueId r = b.emit(formatv("arith.{0}f $0, $1 : #0", op), {x, *y}, {vx.type});
  b.describe(r, combineMagnitude(vx, vy, op), combineExact(vx, vy, op), vx.special || vy.special);
  return true;
}

bool fuzz::addElementwise(Builder &b) {
  double drawn = b.random.unit();
  if (drawn < 0.35)
    return addUnary(b);
  if (drawn < 0.85)
    return addBinary(b);
  return drawn < 0.95 ? addSelect(b) : addOnTensors(b);
}

//===----------------------------------------------------------------------===//
// Generics
//===----------------------------------------------------------------------===//

namespace {
/// The body of a generic on floats of one type: a tree of scalar ops that stays bounded.
class ScalarBody {
public:
  ScalarBody(Builder &b, std::string type) : b(b), type(std::move(type)) {}

  struct Scalar {
    std::string name;
    double magnitude;
    int64_t exact;
  };

  Scalar add(const std::string &op, llvm::ArrayRef<Scalar> operands, double magnitude, int64_t exact) {
    std::string name = "%t" + std::to_string(count++);
    text += "    " + name + " = " + op;
    for (size_t i = 0; i < operands.size(); ++i)
      text += (i ? ", " : " ") + operands[i].name;
    text += " : " + type + "\n";
    return {name, magnitude, exact};
  }

  Scalar combine(std::vector<Scalar> values) {
    for (unsigned steps = b.random.range(1, 4); steps--;) {
      Scalar x = b.random.pick(values), y = b.random.pick(values);
      int64_t sum = x.exact >= 0 && y.exact >= 0 ? x.exact + y.exact : -1;
      switch (b.random.range(0, 6)) {
      case 0:
        values.push_back(add("arith.addf", {x, y}, x.magnitude + y.magnitude, sum));
        break;
      case 1:
        values.push_back(add("arith.subf", {x, y}, x.magnitude + y.magnitude, sum));
        break;
      case 2:
        if (x.magnitude * y.magnitude < 500)
          values.push_back(
              add("arith.mulf", {x, y}, x.magnitude * y.magnitude, sum >= 0 ? x.exact * y.exact : -1));
        break;
      case 3:
        values.push_back(add("arith.maximumf", {x, y}, std::max(x.magnitude, y.magnitude),
                             sum >= 0 ? std::max(x.exact, y.exact) : -1));
        break;
      case 4:
        values.push_back(add("math.tanh", {x}, 1.0, -1));
        break;
      case 5:
        values.push_back(add("math.absf", {x}, x.magnitude, x.exact));
        break;
      case 6:
        values.push_back(add("arith.negf", {x}, x.magnitude, x.exact));
        break;
      }
    }
    return values.back();
  }

  std::string text;

private:
  Builder &b;
  std::string type;
  unsigned count = 0;
};

/// An operand of a generic with its indexing map.
struct Operand {
  ValueId id;
  std::string map;
};
} // namespace

static std::string
listDims(unsigned rank, llvm::function_ref<bool(unsigned)> has = [](unsigned) { return true; }) {
  std::string text;
  for (unsigned i = 0; i < rank; ++i)
    if (has(i))
      text += (text.empty() ? "d" : ", d") + std::to_string(i);
  return text;
}

/// Reads `shape`, or a part of its dimensions, in order or transposed.
static Operand getOperand(Builder &b, ElementKind element, llvm::ArrayRef<Size> dims) {
  unsigned rank = dims.size();
  if (b.random.chance(0.6) || rank == 0)
    return {b.get(element, dims), listDims(rank)};
  unsigned dropped = b.random.range(0, (1 << rank) - 1);
  llvm::SmallVector<Size> kept;
  llvm::SmallVector<unsigned> which;
  for (unsigned i = 0; i < rank; ++i)
    if (!(dropped >> i & 1))
      which.push_back(i);
  if (which.size() > 1 && b.random.chance(0.3))
    std::swap(which.front(), which.back());
  std::string map;
  for (unsigned i : which) {
    kept.push_back(dims[i]);
    map += (map.empty() ? "d" : ", d") + std::to_string(i);
  }
  return {b.get(element, kept), map};
}

bool fuzz::addGeneric(Builder &b) {
  ValueId shape = b.getFloats(0, 3);
  ElementKind element = b[shape].type.element;
  llvm::SmallVector<Size> dims(b[shape].type.dims);
  unsigned rank = dims.size(), numIns = b.random.range(1, 3), numOuts = b.random.chance(0.3) ? 2 : 1;
  std::vector<Operand> operands{{shape, listDims(rank)}};
  while (operands.size() < numIns)
    operands.push_back(getOperand(b, element, dims));
  std::string type = getKindName(element).str();
  ScalarBody body(b, type);
  std::vector<ScalarBody::Scalar> values;
  bool special = false;
  for (auto [i, operand] : llvm::enumerate(operands)) {
    const Value &value = b[operand.id];
    values.push_back({"%s" + std::to_string(i), value.magnitude, value.exact});
    special |= value.special;
  }
  std::vector<ValueId> ids;
  std::vector<ValueType> types;
  for (const Operand &operand : operands)
    ids.push_back(operand.id);
  for (unsigned i = 0; i < numOuts; ++i) {
    ValueId out = b.dest(element, dims);
    // What stands in `outs` may be read, when it holds something.
    bool holds = llvm::is_contained(b.getVisible(), out);
    if (holds && b.random.chance(0.5)) {
      values.push_back({"%s" + std::to_string(numIns + i), b[out].magnitude, b[out].exact});
      special |= b[out].special;
    }
    ids.push_back(out);
    types.push_back(b[out].type);
    operands.push_back({out, listDims(rank)});
  }
  std::vector<ScalarBody::Scalar> yields;
  for (unsigned i = 0; i < numOuts; ++i) {
    yields.push_back(body.combine(values));
    if (yields.back().magnitude > Builder::largest(element))
      return false;
  }
  std::string maps, ins, outs, inTypes, outTypes, results, arguments, yielded, yieldTypes, iterators;
  for (auto [i, operand] : llvm::enumerate(operands)) {
    maps += formatv("{0}affine_map<({1}) -> ({2})>", i ? ", " : "", listDims(rank), operand.map);
    bool isIn = i < numIns;
    size_t n = isIn ? i : i - numIns;
    (isIn ? ins : outs) += formatv("{0}${1}", n ? ", " : "", i);
    (isIn ? inTypes : outTypes) += formatv("{0}#{1}", n ? ", " : "", i);
    arguments += formatv("{0}%s{1}: {2}", i ? ", " : "", i, type);
    if (!isIn) {
      results += formatv("{0}@{1}", n ? ", " : "", n);
      yielded += (n ? ", " : "") + yields[n].name;
      yieldTypes += (n ? ", " : "") + type;
    }
  }
  for (unsigned i = 0; i < rank; ++i)
    iterators += i ? ", \"parallel\"" : "\"parallel\"";
  std::string text = formatv("linalg.generic {{indexing_maps = [{0}], iterator_types = [{1}]} ins({2} : {3}) "
                             "outs({4} : {5}) {{\n  ^bb0({6}):\n{7}    linalg.yield {8} : {9}\n  } -> ({10})",
                             maps, iterators, ins, inTypes, outs, outTypes, arguments, body.text, yielded,
                             yieldTypes, results);
  ValueId first = b.emit(text, ids, types);
  for (unsigned i = 0; i < numOuts; ++i)
    b.describe(first + i, yields[i].magnitude, yields[i].exact, special);
  return true;
}

//===----------------------------------------------------------------------===//
// Conversions and integers
//===----------------------------------------------------------------------===//

static std::string identityGeneric(unsigned rank, unsigned operands, const std::string &ins,
                                   const std::string &body) {
  std::string maps, iterators;
  for (unsigned i = 0; i < operands; ++i)
    maps += formatv("{0}affine_map<({1}) -> ({1})>", i ? ", " : "", listDims(rank));
  for (unsigned i = 0; i < rank; ++i)
    iterators += i ? ", \"parallel\"" : "\"parallel\"";
  return formatv("linalg.generic {{indexing_maps = [{0}], iterator_types = [{1}]} {2} {{\n{3}  } -> @0", maps,
                 iterators, ins, body);
}

/// Floats to other floats, integers to floats, whole numbers to integers.
static bool addCast(Builder &b) {
  auto x = b.find(
      [](const Value &v) { return v.type.isTensor && !v.type.isIndex && v.type.element != ElementKind::I1; });
  if (!x)
    return false;
  Value in = b[*x];
  ElementKind from = in.type.element;
  ElementKind to = b.random.pick({ElementKind::F32, ElementKind::F32, ElementKind::F64, ElementKind::F16,
                                  ElementKind::BF16, ElementKind::I8, ElementKind::I16, ElementKind::I32,
                                  ElementKind::I64});
  bool fromFloat = isFloatKind(from), toFloat = isFloatKind(to);
  unsigned fromBits = getTraits(from).getBytes(), toBits = getTraits(to).getBytes();
  if (from == to || (!toFloat && (in.exact < 0 || in.special || in.exact > Builder::exactLimit(to))) ||
      in.magnitude > Builder::largest(to) || (!fromFloat && in.exact < 0))
    return false;
  if (fromFloat && toFloat && fromBits == toBits)
    return false;
  const char *op = fromFloat && toFloat ? (fromBits < toBits ? "extf" : "truncf")
                   : fromFloat          ? "fptosi"
                   : toFloat            ? "sitofp"
                   : fromBits < toBits  ? "extsi"
                                        : "trunci";
  ValueId out = b.dest(to, in.type.dims);
  std::string a = getKindName(from).str(), c = getKindName(to).str();
  std::string body = formatv(
      "  ^bb0(%s0: {0}, %s1: {1}):\n    %t0 = arith.{2} %s0 : {0} to {1}\n    linalg.yield %t0 : {1}\n", a, c,
      op);
  ValueId r = b.emit(identityGeneric(in.type.rank(), 2, "ins($0 : #0) outs($1 : #1)", body), {*x, out},
                     {b[out].type});
  b.describe(r, in.magnitude, in.exact, in.special);
  return true;
}

static bool addInteger(Builder &b) {
  ElementKind element =
      b.random.pick({ElementKind::I32, ElementKind::I64, ElementKind::I8, ElementKind::I16});
  auto like = b.find([&](const Value &v) { return v.type.isTensor && v.type.rank() > 0; });
  llvm::SmallVector<Size> dims;
  if (like)
    dims = b[*like].type.dims;
  else
    dims.push_back(b.size());
  ValueId x = b.getExact(element, dims, 100), y = b.getExact(element, dims, 100);
  Value vx = b[x], vy = b[y];
  const char *op = b.random.pick({"addi", "subi", "muli", "maxsi", "minsi", "andi", "xori", "ori"});
  llvm::StringRef name(op);
  int64_t exact = name == "muli" ? combineExact(vx, vy, "mul") : 2 * (vx.exact + vy.exact) + 1;
  if (exact > Builder::exactLimit(element))
    return false;
  ValueId out = b.dest(element, dims);
  std::string t = getKindName(element).str();
  std::string body = formatv("  ^bb0(%s0: {0}, %s1: {0}, %s2: {0}):\n    %t0 = arith.{1} %s0, %s1 : {0}\n    "
                             "linalg.yield %t0 : {0}\n",
                             t, op);
  ValueId r = b.emit(identityGeneric(dims.size(), 3, "ins($0, $1 : #0, #1) outs($2 : #2)", body), {x, y, out},
                     {b[out].type});
  b.describe(r, exact, exact);
  return true;
}

/// A comparison of whole numbers, as a mask.
static bool addCompare(Builder &b) {
  auto x = b.find([](const Value &v) { return v.type.isTensor && v.type.isFloat() && v.exact >= 0; });
  if (!x)
    return false;
  Value in = b[*x];
  ValueId y = b.getExact(in.type.element, in.type.dims);
  ValueId out = b.dest(ElementKind::I1, in.type.dims);
  std::string t = getKindName(in.type.element).str();
  const char *predicate = b.random.pick({"olt", "ole", "oeq", "une", "ogt"});
  std::string body = formatv("  ^bb0(%s0: {0}, %s1: {0}, %s2: i1):\n    %t0 = arith.cmpf {1}, %s0, %s1 : "
                             "{0}\n    linalg.yield %t0 : i1\n",
                             t, predicate);
  ValueId r = b.emit(identityGeneric(in.type.rank(), 3, "ins($0, $1 : #0, #1) outs($2 : #2)", body),
                     {*x, y, out}, {b[out].type});
  b.describe(r, 1.0, 1);
  return true;
}

bool fuzz::addConversion(Builder &b) {
  double drawn = b.random.unit();
  return drawn < 0.45 ? addCast(b) : drawn < 0.75 ? addInteger(b) : addCompare(b);
}

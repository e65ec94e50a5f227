// Branches and loops around other ops.
#include "Builder.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir::colt5;
using namespace mlir::colt5::fuzz;
using llvm::formatv;

/// A value of exactly this type: the last one of a few new ops, or a visible one.
static ValueId drawYield(Builder &b, const ValueType &type, ValueId fallback) {
  for (unsigned i = b.random.range(0, 2); i--;)
    addOp(b);
  auto found =
      b.find([&](const Value &v) { return v.type.is(type.element, type.dims) && v.magnitude < 1e3; });
  ValueId id = found ? *found : fallback;
  return b.castTo(id, type);
}

/// An op on the value itself, written over it or beside it.
static ValueId step(Builder &b, ValueId id) {
  Value value = b[id];
  if (!value.type.isFloat() || b.random.chance(0.2))
    return id;
  ValueId out = b.random.chance(0.6) ? id : b.dest(value.type.element, value.type.dims);
  if (b[out].type.dynamic != value.type.dynamic)
    out = id;
  const char *op = b.random.pick({"tanh", "negf", "abs"});
  ValueId r = b.emit(formatv("linalg.{0} ins($0 : #0) outs($1 : #1) -> @0", op), {id, out}, {value.type});
  b.describe(r, value.magnitude, -1, value.special);
  return r;
}

static bool addIf(Builder &b, ValueId x) {
  ValueType type = b[x].type;
  Data data;
  data.kind = Data::Mask;
  data.scale = 0.5;
  ValueId c = b.argument(b.scalar(ElementKind::I1), data);
  auto branch = [&] {
    return b.region({}, [&] { return std::vector<ValueId>{drawYield(b, type, step(b, x))}; });
  };
  Block first = branch(), second = branch();
  Value vx = b[first.yields[0]], vy = b[second.yields[0]];
  ValueId r = b.emit("scf.if $0 -> (@0) {!0} else {!1}", {c}, {type}, {first, second});
  b.describeEither(r, vx, vy);
  return true;
}

static bool addFor(Builder &b, ValueId x) {
  ValueType type = b[x].type;
  unsigned carried = b.random.chance(0.2) ? 2 : 1;
  std::vector<ValueId> operands{b.indexConstant(0), b.indexConstant(b.random.range(0, 3)),
                                b.indexConstant(1)};
  std::vector<ValueId> arguments{b.addValue(b.index())};
  std::string inits, types;
  for (unsigned i = 0; i < carried; ++i) {
    operands.push_back(x);
    arguments.push_back(b.addValue(type));
    b.describe(arguments.back(), 1e3, -1, b[x].special);
    inits += formatv("{0}&0.{1} = ${2}", i ? ", " : "", i + 1, i + 3);
    types += formatv("{0}@{1}", i ? ", " : "", i);
  }
  b.overwritten.push_back(x);
  Block body = b.region(llvm::ArrayRef(arguments), [&] {
    std::vector<ValueId> yields;
    for (unsigned i = 0; i < carried; ++i)
      yields.push_back(b.random.chance(0.8) ? step(b, arguments[i + 1])
                                            : drawYield(b, type, arguments[i + 1]));
    if (carried > 1 && b.random.chance(0.3))
      std::swap(yields[0], yields[1]);
    return yields;
  });
  ValueId r = b.emit(formatv("scf.for &0.0 = $0 to $1 step $2 iter_args({0}) -> ({1}) {{!0}", inits, types),
                     operands, std::vector<ValueType>(carried, type), {body});
  for (unsigned i = 0; i < carried; ++i)
    b.describe(r + i, 1e3, -1, true);
  return true;
}

static bool addWhile(Builder &b, ValueId x) {
  ValueType type = b[x].type;
  ValueId zero = b.indexConstant(0), limit = b.indexConstant(b.random.range(0, 3)), one = b.indexConstant(1);
  std::vector<ValueId> before{b.addValue(b.index()), b.addValue(type)},
      after{b.addValue(b.index()), b.addValue(type)};
  for (ValueId id : {before[1], after[1]})
    b.describe(id, b[x].magnitude, -1, b[x].special);
  Block condition = b.region(
      before,
      [&] {
        ValueId c = b.emit("arith.cmpi ult, $0, $1 : index", {before[0], limit}, {b.scalar(ElementKind::I1)});
        return std::vector<ValueId>{c, before[0], before[1]};
      },
      "scf.condition($0) $1, $2 : #1, #2");
  Block body = b.region(after, [&] {
    ValueId next = b.emit("arith.addi $0, $1 : index", {after[0], one}, {b.index()});
    return std::vector<ValueId>{next, step(b, after[1])};
  });
  b.overwritten.push_back(x);
  ValueId r = b.emit(
      "scf.while (&0.0 = $0, &0.1 = $1) : (#0, #1) -> (@0, @1) {!0} do {\n  ^bb0(&1.0: @0, &1.1: @1):!1}",
      {zero, x}, {b.index(), type}, {condition, body});
  b.describe(r + 1, b[x].magnitude, -1, b[x].special);
  return true;
}

/// A parallel loop over the first dimension whose iterations write a row each.
static bool addForall(Builder &b, ValueId x) {
  Value vx = b[x];
  // The verifier of slices refuses offset 0 in nothing.
  if (vx.type.rank() < 1 || vx.type.rank() > 3 || b.count(vx.type.dims) == 0)
    return false;
  ValueId out = b.dest(vx.type.element, vx.type.dims);
  ValueType type = b[out].type;
  ValueId count = b.indexOf(type.dims[0]);
  std::vector<ValueId> arguments{b.addValue(b.index()), b.addValue(type)};
  ValueType row = vx.type;
  row.dims[0] = b.fixed(1);
  row.dynamic.assign(row.rank(), false);
  std::string offsets = "[$1", lengths = "[1", strides = "[1";
  std::vector<ValueId> sliceOperands{x, arguments[0]};
  for (unsigned i = 1; i < vx.type.rank(); ++i) {
    offsets += ", 0";
    strides += ", 1";
    if (vx.type.dynamic[i]) {
      row.dynamic[i] = true;
      lengths += ", $" + std::to_string(sliceOperands.size());
      sliceOperands.push_back(b.indexOf(vx.type.dims[i]));
    } else {
      lengths += formatv(", ~{0}~", vx.type.dims[i]);
    }
  }
  std::string slice = offsets + "] " + lengths + "] " + strides + "]";
  // In the terminator operand 1 is the loop variable too.
  Block body = b.region(
      {arguments[0]},
      [&] {
        ValueId part = b.emit("tensor.extract_slice $0" + slice + " : #0 to @0", sliceOperands, {row});
        b.describe(part, vx.magnitude, -1, vx.special);
        ValueId value = step(b, part);
        std::vector<ValueId> yields{value, arguments[0]};
        yields.insert(yields.end(), sliceOperands.begin() + 2, sliceOperands.end());
        yields.push_back(arguments[1]);
        return yields;
      },
      "");
  unsigned last = body.yields.size() - 1;
  body.terminator = formatv(
      "scf.forall.in_parallel {{ tensor.parallel_insert_slice $0 into ${0}{1} : #0 into #{0} }", last, slice);
  body.arguments = arguments;
  ValueId r =
      b.emit("scf.forall (&0.0) in ($0) shared_outs(&0.1 = $1) -> (@0) {!0}", {count, out}, {type}, {body});
  b.describe(r, vx.magnitude, -1, vx.special);
  return true;
}

bool fuzz::addControl(Builder &b) {
  if (b.getDepth() > 1)
    return false;
  ValueId x = b.getFloats(1, 3);
  double drawn = b.random.unit();
  if (drawn < 0.5)
    return addIf(b, x);
  if (b[x].magnitude > 1e3)
    return false;
  if (drawn < 0.75)
    return addFor(b, x);
  return drawn < 0.85 ? addWhile(b, x) : addForall(b, x);
}

// Contractions and reductions.
#include "Builder.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir::colt5;
using namespace mlir::colt5::fuzz;
using llvm::formatv;

namespace {
/// A named contraction: dimensions of both operands and of the result, as letters.
struct Contraction {
  const char *name, *lhs, *rhs, *out;
};
} // namespace

static const Contraction kContractions[] = {
    {"matmul", "mk", "kn", "mn"},
    {"matmul", "mk", "kn", "mn"},
    {"matvec", "mk", "k", "m"},
    {"vecmat", "k", "kn", "n"},
    {"dot", "k", "k", ""},
    {"batch_matmul", "bmk", "bkn", "bmn"},
    {"batch_matvec", "bmk", "bk", "bm"},
    {"contract", "mk", "nk", "mn"},
    {"contract", "km", "kn", "mn"},
    {"contract", "bmk", "khc", "bhmc"},
    {"contract", "bhmc", "hck", "bmk"},
    {"contract", "bmk", "kn", "bmn"},
};

static std::string writeMap(llvm::StringRef loops, llvm::StringRef dims) {
  auto list = [](llvm::StringRef letters) {
    std::string text;
    for (char c : letters)
      text += (text.empty() ? "" : ", ") + std::string(1, c);
    return text;
  };
  return formatv("affine_map<({0}) -> ({1})>", list(loops), list(dims));
}

bool fuzz::addContraction(Builder &b) {
  const Contraction &op = b.random.pick(kContractions);
  std::string lhs = op.lhs, rhs = op.rhs, out = op.out, loops = out;
  // The first operand is there already, so that contractions follow other ops.
  ValueId x = b.getFloats(lhs.size(), lhs.size());
  Value vx = b[x];
  std::string known = lhs;
  llvm::SmallVector<Size> all(vx.type.dims);
  for (char c : rhs + out)
    if (known.find(c) == std::string::npos) {
      known += c;
      all.push_back(known.size() > 3 ? b.smallSize() : b.size());
    }
  for (char c : lhs + rhs)
    if (loops.find(c) == std::string::npos)
      loops += c;
  auto dimsOf = [&](llvm::StringRef letters) {
    llvm::SmallVector<Size> dims;
    for (char c : letters)
      dims.push_back(all[known.find(c)]);
    return dims;
  };
  llvm::SmallVector<Size> outDims = dimsOf(out);
  if (!b.fits(outDims) || !b.fits(dimsOf(rhs)) || b.count(dimsOf(loops)) > 300000)
    return false;
  ValueId y = b.get(vx.type.element, dimsOf(rhs));
  Value vy = b[y];
  // Sums of 16-bit types are kept in f32.
  bool isShort = getTraits(vx.type.element).getBytes() < 4;
  ElementKind element = isShort ? ElementKind::F32 : vx.type.element;
  int64_t terms = std::max<int64_t>(b.count(dimsOf(loops)) / std::max<int64_t>(b.count(outDims), 1), 1);
  double magnitude = vx.magnitude * vy.magnitude * terms;
  if (magnitude > Builder::largest(element))
    return false;
  // Sums start from zero, from a value, or from something that is no float's business: what the op reads is
  // there.
  bool fromZero = b.random.chance(0.75);
  ValueId start;
  auto found = fromZero ? std::nullopt : b.find(element, outDims);
  if (found) {
    start = *found;
    b.overwritten.push_back(start);
  } else {
    start = b.filled(b.tensor(element, outDims), fromZero ? 0.0 : 1.0);
  }
  Value vs = b[start];
  std::string maps;
  if (llvm::StringRef(op.name) == "contract")
    maps = formatv(" indexing_maps = [{0}, {1}, {2}]", writeMap(loops, lhs), writeMap(loops, rhs),
                   writeMap(loops, out));
  ValueId r = b.emit(formatv("linalg.{0}{1} ins($0, $1 : #0, #1) outs($2 : #2) -> @0", op.name, maps),
                     {x, y, start}, {vs.type});
  int64_t exact = vx.exact >= 0 && vy.exact >= 0 && vs.exact >= 0 && vx.exact < 4096 && vy.exact < 4096
                      ? vx.exact * vy.exact * terms + vs.exact
                      : -1;
  b.describe(r, magnitude + vs.magnitude, exact, vx.special || vy.special || vs.special);
  return true;
}

bool fuzz::addReduction(Builder &b) {
  ValueId x = b.getFloats(1, 4);
  Value vx = b[x];
  unsigned rank = vx.type.rank(), which = b.random.range(1, (1 << rank) - 1);
  llvm::SmallVector<Size> dropped;
  ValueType type = vx.type;
  type.dims.clear();
  type.dynamic.clear();
  std::string dims;
  for (unsigned i = 0; i < rank; ++i) {
    if (which >> i & 1)
      dims += (dims.empty() ? "" : ", ") + std::to_string(i), dropped.push_back(vx.type.dims[i]);
    else
      type.dims.push_back(vx.type.dims[i]), type.dynamic.push_back(vx.type.dynamic[i]);
  }
  bool isShort = getTraits(vx.type.element).getBytes() < 4;
  bool adds = !isShort && b.random.chance(0.6);
  int64_t terms = std::max<int64_t>(b.count(dropped), 1);
  double magnitude = adds ? vx.magnitude * terms : vx.magnitude;
  if (magnitude > Builder::largest(vx.type.element))
    return false;
  const char *op = adds ? "addf" : b.random.pick({"maximumf", "minimumf"});
  bool fromValue = b.random.chance(0.3);
  auto found = fromValue ? b.find(vx.type.element, type.dims) : std::nullopt;
  ValueId start = found ? *found : b.filled(type, adds ? 0.0 : b.random.pick<double>({-8.0, 0.0, 8.0}));
  if (found)
    b.overwritten.push_back(start);
  start = b.castTo(start, type);
  Value vs = b[start];
  ValueId r =
      b.emit(formatv("linalg.reduce {{ arith.{0} } ins($0 : #0) outs($1 : #1) dimensions = [{1}]", op, dims),
             {x, start}, {vs.type});
  bool exact = vx.exact >= 0 && vs.exact >= 0;
  b.describe(r, magnitude + vs.magnitude,
             !exact ? -1
             : adds ? vx.exact * terms + vs.exact
                    : std::max(vx.exact, vs.exact),
             vx.special || vs.special);
  return true;
}

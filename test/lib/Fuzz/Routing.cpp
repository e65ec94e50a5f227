// Routers, selections, and the ops that read and write selected rows.
#include "Builder.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir::colt5;
using namespace mlir::colt5::fuzz;
using llvm::formatv;

/// Tokens as BxNxD, and as BxRxN scores.
static llvm::SmallVector<Size> drawTokens(Builder &b) {
  auto found =
      b.find([&](const Value &v) { return v.type.isTensor && v.type.isFloat() && v.type.rank() == 3; });
  if (found && b.random.chance(0.7))
    return b[*found].type.dims;
  llvm::SmallVector<Size> dims{b.smallSize(), b.size(), b.size()};
  while (!b.fits(dims))
    dims[b.random.range(1, 2)] = b.smallSize();
  return dims;
}

bool fuzz::addRouting(Builder &b) {
  llvm::SmallVector<Size> tokens = drawTokens(b);
  Size routes = b.random.chance(0.5) ? b.fixed(1) : b.smallSize();
  llvm::SmallVector<Size> dims{tokens[0], routes, tokens[1]};
  if (!b.fits(dims))
    return false;
  if (b.random.chance(0.5)) {
    // Whole numbers, so that selections from these scores have no near ties.
    bool exact = b.random.chance(0.7);
    ValueId x = exact ? b.getExact(b.data, tokens, 8) : b.get(b.data, tokens);
    llvm::SmallVector<Size> vectors{routes, tokens[2]};
    if (b.random.chance(0.3))
      vectors.insert(vectors.begin(), tokens[0]);
    ValueId u = exact ? b.getExact(b.data, vectors, 8) : b.get(b.data, vectors);
    Value vx = b[x], vu = b[u];
    double magnitude = vx.magnitude * vu.magnitude * b.get(tokens[2]);
    if (magnitude > 1e5)
      return false;
    bool cosine = b.random.chance(0.2);
    std::string attributes = cosine                 ? " {similarity = cosine, scale = 2.0}"
                             : b.random.chance(0.3) ? " {scale = 0.5}"
                                                    : "";
    std::vector<ValueId> operands{x, u};
    std::string clause;
    if (b.random.chance(0.4)) {
      operands.push_back(
          b.mask(b.random.chance(0.5) ? llvm::ArrayRef<Size>({tokens[0], tokens[1]}) : llvm::ArrayRef(dims)));
      clause = " mask($2 : #2)";
    }
    size_t n = operands.size();
    ValueId out = b.dest(b.score, dims);
    operands.push_back(out);
    ValueId r = b.emit(formatv("colt5.router_scores ins($0, $1 : #0, #1){0} outs(${1} : #{1}){2} -> @0",
                               clause, n, attributes),
                       operands, {b[out].type});
    bool whole = vx.exact >= 0 && vu.exact >= 0 && attributes.empty();
    b.describe(r, cosine ? 2.0 : magnitude,
               whole ? static_cast<int64_t>(vx.exact * vu.exact * b.get(tokens[2])) : -1,
               !clause.empty() || vx.special || vu.special);
    return true;
  }
  ValueId s = b.get(b.score, dims);
  if (b[s].magnitude > 100)
    return false;
  ValueId k;
  if (b.random.chance(0.5)) {
    Data data;
    data.kind = Data::Integers;
    data.low = 0;
    data.high = 5;
    k = b.argument(b.tensor(b.score, {tokens[0], routes}), data);
  } else {
    k = b.constant(b.score, b.random.pick<double>({0.5, 1.0, 2.0, 5.0}));
  }
  std::string attributes =
      b.random.pick({"", "", " {eps = 0.5, iterations = 9}", " {init = neg, iterations = 12}",
                     " {overflow = iterate, iterations = 6}", " {solver = exact}", " {block = 4}",
                     " {eps = 0.25, iterations = 7, init = neg, eps_init = 4.0, eps_decay = 0.7}"});
  if (attributes == " {block = 4}" && b.get(tokens[1]) < 4)
    return false;
  std::vector<ValueId> operands{s, k};
  std::string clause;
  if (b.random.chance(0.5)) {
    operands.push_back(
        b.mask(b.random.chance(0.5) ? llvm::ArrayRef<Size>({tokens[0], tokens[1]}) : llvm::ArrayRef(dims)));
    clause = " mask($2 : #2)";
  }
  size_t n = operands.size();
  ValueId out = b.dest(b.score, dims);
  operands.push_back(out);
  ValueId r = b.emit(
      formatv("colt5.soft_topk ins($0, $1 : #0, #1){0} outs(${1} : #{1}){2} -> @0", clause, n, attributes),
      operands, {b[out].type});
  b.describe(r, 1.0);
  return true;
}

bool fuzz::addSelection(Builder &b) {
  llvm::SmallVector<Size> tokens = drawTokens(b);
  Size routes = b.random.chance(0.6) ? b.fixed(1) : b.smallSize();
  llvm::SmallVector<Size> dims{tokens[0], routes, tokens[1]};
  if (!b.fits(dims))
    return false;
  ValueId s;
  auto found = b.find([&](const Value &v) {
    return v.type.isTensor && v.type.element == b.score && v.type.rank() == 3 && v.exact >= 0 &&
           v.exact < (1 << 23);
  });
  if (found && b.random.chance(0.7)) {
    s = *found;
    dims = b[s].type.dims;
  } else if (b.random.chance(0.1)) {
    Data data;
    data.kind = Data::Special;
    s = b.argument(b.tensor(b.score, dims), data);
  } else {
    s = b.getExact(b.score, dims, 100);
  }
  int64_t n = b.get(dims[2]);
  bool blocks = n >= 8 && b.random.chance(0.2);
  Size k;
  std::string attributes = b.random.pick({"", "tie = lowest_index", "tie = highest_index"});
  auto add = [&](llvm::StringRef text) { attributes += (attributes.empty() ? "" : ", ") + text.str(); };
  if (b.random.chance(0.3))
    add("order = score");
  if (blocks) {
    add("block = 4");
    k = b.derive(SizeRule::Product, b.derive(SizeRule::Quotient, dims[2], b.fixed(4)),
                 b.fixed(b.random.range(1, 3)));
  } else if (b.random.chance(0.5)) {
    k = b.fixed(
        b.random.range(1, std::max<int64_t>(std::min<int64_t>(n, 20), 1) + (b.random.chance(0.2) ? 3 : 0)));
  } else {
    k = b.size(40);
  }
  llvm::SmallVector<Size> slots{dims[0], dims[1], k};
  std::vector<ValueId> operands{s};
  std::string clause;
  if (b.random.chance(0.5)) {
    operands.push_back(
        b.mask(b.random.chance(0.5) ? llvm::ArrayRef<Size>({dims[0], dims[2]}) : llvm::ArrayRef(dims)));
    clause = " mask($1 : #1)";
  }
  size_t first = operands.size();
  bool values = b.random.chance(0.4);
  operands.push_back(b.dest(ElementKind::I32, slots));
  operands.push_back(b.dest(ElementKind::Bool, slots));
  if (values)
    operands.push_back(b.dest(b.score, slots));
  std::vector<ValueType> types;
  std::string outs, outTypes, results;
  for (size_t i = first; i < operands.size(); ++i) {
    types.push_back(b[operands[i]].type);
    outs += formatv("{0}${1}", i > first ? ", " : "", i);
    outTypes += formatv("{0}#{1}", i > first ? ", " : "", i);
    results += formatv("{0}@{1}", i > first ? ", " : "", i - first);
  }
  Value vs = b[s];
  ValueId r = b.emit(formatv("colt5.topk ins($0 : #0){0} outs({1} : {2}){3} -> ({4})", clause, outs, outTypes,
                             attributes.empty() ? "" : " {" + attributes + "}", results),
                     operands, types);
  b.describe(r, static_cast<double>(n), n);
  b[r].rowsOf = dims[2];
  b[r].unique = true;
  b[r].sorted = attributes.find("order") == std::string::npos;
  b.describe(r + 1, 1.0, 1);
  if (values)
    b.describe(r + 2, vs.magnitude, -1, true);
  return true;
}

/// Facts about indices that hold, sometimes.
static std::string drawFacts(Builder &b, const Value &rows) {
  std::string facts;
  auto add = [&](const char *fact) { facts += (facts.empty() ? "" : ", ") + std::string(fact); };
  if (rows.unique && b.random.chance(0.5))
    add("unique");
  if (rows.sorted && b.random.chance(0.5))
    add("sorted");
  if (!rows.data.withBad && b.random.chance(0.2))
    add("trusted");
  return facts;
}

static std::string braces(const std::string &attributes) {
  return attributes.empty() ? "" : " {" + attributes + "}";
}

bool fuzz::addGather(Builder &b) {
  bool other = b.random.chance(0.25);
  auto any =
      other
          ? b.find([](const Value &v) { return v.type.isTensor && v.type.rank() >= 2 && v.type.rank() <= 4; })
          : std::nullopt;
  ValueId x = any ? *any : b.getFloats(2, 4);
  Value vx = b[x];
  unsigned batch = b.random.range(0, std::min<unsigned>(vx.type.rank() - 1, 2));
  llvm::SmallVector<Size> slots(vx.type.dims.begin(), vx.type.dims.begin() + batch);
  if (b.random.chance(0.4) && slots.size() < 3)
    slots.push_back(b.smallSize());
  slots.push_back(b.size(40));
  ValueId idx = b.rows(slots, vx.type.dims[batch]);
  Value rows = b[idx];
  llvm::SmallVector<Size> dims(slots);
  dims.append(vx.type.dims.begin() + batch + 1, vx.type.dims.end());
  if (!b.fits(dims))
    return false;
  std::vector<ValueId> operands{x, idx};
  std::string clauses;
  double scale = 1.0;
  bool scaled = false;
  if (b.random.chance(0.3)) {
    clauses += formatv(" valid(${0} : #{0})", operands.size());
    operands.push_back(b.mask(slots));
  }
  if (vx.type.isFloat() && b.random.chance(0.3)) {
    ElementKind element = vx.type.element == ElementKind::F64 ? ElementKind::F64 : ElementKind::F32;
    ValueId w = b.get(element, slots);
    clauses += formatv(" scale(${0} : #{0})", operands.size());
    operands.push_back(w);
    scale = b[w].magnitude;
    scaled = true;
  }
  if (vx.magnitude * scale > Builder::largest(vx.type.element))
    return false;
  ValueId out = b.dest(vx.type.element, dims);
  size_t n = operands.size();
  operands.push_back(out);
  std::string attributes = drawFacts(b, rows);
  // One batch dimension is the default.
  if (batch != 1)
    attributes += (attributes.empty() ? "" : ", ") + formatv("batch_dims = {0}", batch).str();
  ValueId r = b.emit(formatv("colt5.gather ins($0, $1 : #0, #1){0} outs(${1} : #{1}){2} -> @0", clauses, n,
                             braces(attributes)),
                     operands, {b[out].type});
  b.describe(r, vx.magnitude * scale, scaled ? -1 : vx.exact, vx.special);
  return true;
}

bool fuzz::addScatter(Builder &b) {
  ValueId base = b.getFloats(3, 3);
  Value vb = b[base];
  bool routes = b.random.chance(0.3);
  llvm::SmallVector<Size> slots{vb.type.dims[0]};
  if (routes)
    slots.push_back(b.smallSize());
  slots.push_back(b.size(40));
  llvm::SmallVector<Size> dims(slots);
  dims.push_back(vb.type.dims[2]);
  if (!b.fits(dims))
    return false;
  ValueId y = b.get(b.random.chance(0.9) ? vb.type.element : b.data, dims),
          idx = b.rows(slots, vb.type.dims[1]);
  Value vy = b[y], rows = b[idx];
  std::vector<ValueId> operands{y, idx};
  std::string clauses;
  bool weighted = false;
  if (b.random.chance(0.3)) {
    clauses += formatv(" valid(${0} : #{0})", operands.size());
    operands.push_back(b.mask(slots));
  }
  double weight = 1.0;
  if (b.random.chance(0.4)) {
    ElementKind element = vy.type.element == ElementKind::F64 ? ElementKind::F64 : ElementKind::F32;
    clauses += formatv(" weight(${0} : #{0})", operands.size());
    operands.push_back(b.get(element, slots));
    weight = b[operands.back()].magnitude;
    weighted = true;
  }
  bool sets = b.random.chance(0.3);
  double magnitude = vb.magnitude + vy.magnitude * weight * std::max<int64_t>(b.count(slots), 1);
  if (magnitude > Builder::largest(vb.type.element))
    return false;
  size_t n = operands.size();
  operands.push_back(base);
  b.overwritten.push_back(base);
  std::string attributes = drawFacts(b, rows);
  if (sets)
    attributes += attributes.empty() ? "combine = set" : ", combine = set";
  ValueId r = b.emit(formatv("colt5.scatter_combine ins($0, $1 : #0, #1){0} outs(${1} : #{1}){2} -> @0",
                             clauses, n, braces(attributes)),
                     operands, {vb.type});
  int64_t exact = !weighted && vb.exact >= 0 && vy.exact >= 0 ? vb.exact + vy.exact * b.count(slots) : -1;
  b.describe(r, magnitude, exact, vb.special || vy.special);
  return true;
}

bool fuzz::addBlockSummary(Builder &b) {
  llvm::SmallVector<Size> tokens = drawTokens(b);
  ValueId x = b.get(b.data, tokens);
  Value vx = b[x];
  Size length = b.fixed(b.random.pick<int64_t>({1, 2, 4, 5, 16}));
  if (b.get(tokens[1]) < b.get(length) || vx.magnitude * 2 * b.get(length) > Builder::largest(b.data))
    return false;
  Size blocks = b.derive(SizeRule::Quotient, tokens[1], length);
  std::vector<ValueId> operands{x};
  std::string clause;
  if (b.random.chance(0.7)) {
    operands.push_back(b.prefixMask({tokens[0], tokens[1]}));
    clause = " mask($1 : #1)";
  }
  unsigned n = operands.size();
  operands.push_back(b.dest(b.data, {tokens[0], blocks, tokens[2]}));
  operands.push_back(b.dest(ElementKind::Bool, {tokens[0], blocks}));
  operands.push_back(b.dest(ElementKind::I32, {tokens[0], tokens[1]}));
  std::string attributes = b.random.pick({"", ", reduce = sum", ", reduce = mean"});
  if (b.random.chance(0.3))
    attributes += ", orphans = drop";
  ValueId r = b.emit(
      formatv(
          "colt5.block_summary ins($0 : #0){0} outs(${1}, ${2}, ${3} : #{1}, #{2}, #{3}) {{size = ~{4}~{5}} "
          "-> (@0, @1, @2)",
          clause, n, n + 1, n + 2, length, attributes),
      operands, {b[operands[n]].type, b[operands[n + 1]].type, b[operands[n + 2]].type});
  b.describe(r, vx.magnitude * 2 * b.get(length), -1, vx.special);
  b.describe(r + 1, 1.0, 1);
  b.describe(r + 2, b.get(blocks), b.get(blocks));
  b[r + 2].rowsOf = blocks;
  return true;
}

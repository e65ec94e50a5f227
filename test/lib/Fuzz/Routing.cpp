// Routers, selections, and the ops that read and write selected rows.
#include "Clauses.h"

using namespace mlir::colt5;
using namespace mlir::colt5::fuzz;

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

/// Tokens that are valid: of a batch, or of each route of it. `dims` is BxRxN.
static ValueId drawMask(Builder &b, llvm::ArrayRef<Size> dims) {
  return b.mask(b.random.chance(0.5) ? llvm::ArrayRef<Size>({dims[0], dims[2]}) : dims);
}

static bool addScores(Builder &b, llvm::ArrayRef<Size> tokens, llvm::ArrayRef<Size> dims) {
  // Whole numbers, so that selections from these scores have no near ties.
  bool exact = b.random.chance(0.7);
  ValueId x = exact ? b.getExact(b.data, tokens, 8) : b.get(b.data, tokens);
  llvm::SmallVector<Size> vectors{dims[1], tokens[2]};
  if (b.random.chance(0.3))
    vectors.insert(vectors.begin(), tokens[0]);
  ValueId u = exact ? b.getExact(b.data, vectors, 8) : b.get(b.data, vectors);
  Value vx = b[x], vu = b[u];
  double magnitude = vx.magnitude * vu.magnitude * b.get(tokens[2]);
  if (magnitude > 1e5)
    return false;
  bool cosine = b.random.chance(0.2);
  const char *attributes = cosine                 ? "similarity = cosine, scale = 2.0"
                           : b.random.chance(0.3) ? "scale = 0.5"
                                                  : "";
  Clauses c({x, u});
  c.addAttribute(attributes);
  bool masked = b.random.chance(0.4);
  if (masked)
    c.add("mask", {drawMask(b, dims)});
  ValueId r = c.emit(b, "colt5.router_scores", {b.dest(b.score, dims)});
  bool whole = vx.exact >= 0 && vu.exact >= 0 && !*attributes;
  b.describe(r, cosine ? 2.0 : magnitude,
             whole ? static_cast<int64_t>(vx.exact * vu.exact * b.get(tokens[2])) : -1,
             masked || vx.special || vu.special);
  return true;
}

static bool addWeights(Builder &b, llvm::ArrayRef<Size> dims) {
  ValueId s = b.get(b.score, dims);
  if (b[s].magnitude > 100)
    return false;
  ValueId k;
  if (b.random.chance(0.5)) {
    Data data;
    data.kind = Data::Integers;
    data.low = 0;
    data.high = 5;
    k = b.argument(b.tensor(b.score, dims.drop_back()), data);
  } else {
    k = b.constant(b.score, b.random.pick<double>({0.5, 1.0, 2.0, 5.0}));
  }
  llvm::StringRef attributes =
      b.random.pick({"", "", "eps = 0.5, iterations = 9", "init = neg, iterations = 12",
                     "overflow = iterate, iterations = 6", "solver = exact", "block = 4",
                     "eps = 0.25, iterations = 7, init = neg, eps_init = 4.0, eps_decay = 0.7"});
  if (attributes == "block = 4" && b.get(dims[2]) < 4)
    return false;
  Clauses c({s, k});
  c.addAttribute(attributes);
  if (b.random.chance(0.5))
    c.add("mask", {drawMask(b, dims)});
  b.describe(c.emit(b, "colt5.soft_topk", {b.dest(b.score, dims)}), 1.0);
  return true;
}

/// Batch, routes (one with probability `one`) and tokens of the scores of `tokens`.
static llvm::SmallVector<Size> drawScores(Builder &b, llvm::ArrayRef<Size> tokens, double one) {
  Size routes = b.random.chance(one) ? b.fixed(1) : b.smallSize();
  return {tokens[0], routes, tokens[1]};
}

bool fuzz::addRouting(Builder &b) {
  llvm::SmallVector<Size> tokens = drawTokens(b), dims = drawScores(b, tokens, 0.5);
  if (!b.fits(dims))
    return false;
  return b.random.chance(0.5) ? addScores(b, tokens, dims) : addWeights(b, dims);
}

bool fuzz::addSelection(Builder &b) {
  llvm::SmallVector<Size> dims = drawScores(b, drawTokens(b), 0.6);
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
  Clauses c({s});
  c.addAttribute(b.random.pick({"", "tie = lowest_index", "tie = highest_index"}));
  bool byScore = b.random.chance(0.3);
  if (byScore)
    c.addAttribute("order = score");
  if (blocks) {
    c.addAttribute("block = 4");
    k = b.derive(SizeRule::Product, b.derive(SizeRule::Quotient, dims[2], b.fixed(4)),
                 b.fixed(b.random.range(1, 3)));
  } else if (b.random.chance(0.5)) {
    k = b.fixed(
        b.random.range(1, std::max<int64_t>(std::min<int64_t>(n, 20), 1) + (b.random.chance(0.2) ? 3 : 0)));
  } else {
    k = b.size(40);
  }
  llvm::SmallVector<Size> slots{dims[0], dims[1], k};
  if (b.random.chance(0.5))
    c.add("mask", {drawMask(b, dims)});
  bool values = b.random.chance(0.4);
  llvm::SmallVector<ValueId> outs{b.dest(ElementKind::I32, slots)};
  outs.push_back(b.dest(ElementKind::I1, slots));
  if (values)
    outs.push_back(b.dest(b.score, slots));
  Value vs = b[s];
  ValueId r = c.emit(b, "colt5.topk", outs);
  b.describe(r, static_cast<double>(n), n);
  b[r].rowsOf = dims[2];
  b[r].unique = true;
  b[r].sorted = !byScore;
  b.describe(r + 1, 1.0, 1);
  if (values)
    b.describe(r + 2, vs.magnitude, -1, true);
  return true;
}

/// Facts about indices that hold, sometimes.
static void drawFacts(Builder &b, Clauses &c, const Value &rows) {
  if (rows.unique && b.random.chance(0.5))
    c.addAttribute("unique");
  if (rows.sorted && b.random.chance(0.5))
    c.addAttribute("sorted");
  if (!rows.data.withBad && b.random.chance(0.2))
    c.addAttribute("trusted");
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
  Clauses c({x, idx});
  double scale = 1.0;
  if (b.random.chance(0.3))
    c.add("valid", {b.mask(slots)});
  bool scaled = vx.type.isFloat() && b.random.chance(0.3);
  if (scaled) {
    ValueId w = b.get(scoreOf(vx.type.element), slots);
    c.add("scale", {w});
    scale = b[w].magnitude;
  }
  if (vx.magnitude * scale > Builder::largest(vx.type.element))
    return false;
  ValueId out = b.dest(vx.type.element, dims);
  drawFacts(b, c, rows);
  // One batch dimension is the default.
  if (batch != 1)
    c.addAttribute("batch_dims = " + std::to_string(batch));
  ValueId r = c.emit(b, "colt5.gather", {out});
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
  Clauses c({y, idx});
  if (b.random.chance(0.3))
    c.add("valid", {b.mask(slots)});
  double weight = 1.0;
  bool weighted = b.random.chance(0.4);
  if (weighted) {
    ValueId w = b.get(scoreOf(vy.type.element), slots);
    c.add("weight", {w});
    weight = b[w].magnitude;
  }
  bool sets = b.random.chance(0.3);
  double magnitude = vb.magnitude + vy.magnitude * weight * std::max<int64_t>(b.count(slots), 1);
  if (magnitude > Builder::largest(vb.type.element))
    return false;
  b.overwritten.push_back(base);
  drawFacts(b, c, rows);
  if (sets)
    c.addAttribute("combine = set");
  ValueId r = c.emit(b, "colt5.scatter_combine", {base});
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
  Clauses c({x});
  if (b.random.chance(0.7))
    c.add("mask", {b.prefixMask({tokens[0], tokens[1]})});
  llvm::SmallVector<ValueId> outs{b.dest(b.data, {tokens[0], blocks, tokens[2]})};
  outs.push_back(b.dest(ElementKind::I1, {tokens[0], blocks}));
  outs.push_back(b.dest(ElementKind::I32, {tokens[0], tokens[1]}));
  c.addAttribute("size = ~" + std::to_string(length) + "~");
  c.addAttribute(b.random.pick({"", "reduce = sum", "reduce = mean"}));
  if (b.random.chance(0.3))
    c.addAttribute("orphans = drop");
  ValueId r = c.emit(b, "colt5.block_summary", outs);
  b.describe(r, vx.magnitude * 2 * b.get(length), -1, vx.special);
  b.describe(r + 1, 1.0, 1);
  b.describe(r + 2, b.get(blocks), b.get(blocks));
  b[r + 2].rowsOf = blocks;
  return true;
}

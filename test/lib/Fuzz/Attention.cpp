// Norms, rotary embeddings and attention.
#include "Clauses.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir::colt5;
using namespace mlir::colt5::fuzz;
using llvm::formatv;

bool fuzz::addNorm(Builder &b) {
  ValueId x = b.getFloats(2, 4);
  Value vx = b[x];
  ElementKind element = vx.type.element, score = scoreOf(element);
  llvm::SmallVector<Size> rows(llvm::ArrayRef(vx.type.dims).drop_back());
  bool scale = b.random.chance(0.4);
  llvm::SmallVector<ValueId> ins{x};
  if (!scale)
    ins.push_back(b.get(b.random.chance(0.8) ? element : score, {vx.type.dims.back()}));
  double gain = scale ? 1.0 : b[ins.back()].magnitude;
  Clauses c(ins);
  if (b.random.chance(0.4))
    c.add("mask", {b.mask(rows)});
  ValueId out = scale ? b.dest(score, rows) : b.dest(element, vx.type.dims);
  c.addAttribute(b.random.pick({"", "", "eps = 0.25", "eps = 1.0e-3"}));
  ValueId r = c.emit(b, scale ? "colt5.rms_scale" : "colt5.rms_norm", {out});
  b.describe(r, scale ? 1000.0 : 12 * gain, -1, vx.special);
  return true;
}

bool fuzz::addRope(Builder &b) {
  auto found = b.find([&](const Value &v) {
    return v.type.isTensor && v.type.isFloat() && v.type.rank() == 4 && b.get(v.type.dims[3]) % 2 == 0;
  });
  llvm::SmallVector<Size> dims;
  ValueId x;
  if (found) {
    x = *found;
    dims = b[x].type.dims;
  } else {
    dims = {b.smallSize(), b.smallSize(), b.size(40), b.derive(SizeRule::Product, b.fixed(2), b.smallSize())};
    if (!b.fits(dims))
      return false;
    x = b.argument(b.data, dims);
  }
  Value vx = b[x];
  Data data;
  data.kind = Data::Integers;
  data.low = -1;
  data.high = b.random.pick<int64_t>({40, 5000});
  bool grouped = b.random.chance(0.3);
  llvm::SmallVector<Size> shape{dims[0], dims[2]};
  if (grouped)
    shape.insert(shape.begin() + 1, b.random.chance(0.5) ? b.fixed(1) : dims[1]);
  ValueId pos = b.argument(b.tensor(ElementKind::I32, shape), data);
  ValueId out = b.dest(vx.type.element, dims);
  Clauses c({x, pos});
  c.addAttribute(b.random.pick({"", "layout = interleaved", "layout = half, theta = 500.0"}));
  ValueId r = c.emit(b, "colt5.rope", {out});
  b.describe(r, 2 * vx.magnitude, -1, vx.special);
  return true;
}

namespace {
struct AttentionInputs {
  Size batch, heads, groups, queries, keys, width;
  ValueId q, k, v;
  /// Of q, k and v; of scores and tables.
  ElementKind element, scores;
};
} // namespace

static std::optional<AttentionInputs> drawInputs(Builder &b) {
  auto found =
      b.find([](const Value &v) { return v.type.isTensor && v.type.isFloat() && v.type.rank() == 4; });
  AttentionInputs s;
  if (found && b.random.chance(0.6)) {
    s.q = *found;
    const ValueType &type = b[s.q].type;
    s.batch = type.dims[0];
    s.heads = s.groups = type.dims[1];
    s.queries = type.dims[2];
    s.width = type.dims[3];
  } else {
    s.batch = b.size(3);
    s.groups = b.size(3);
    s.heads = b.random.chance(0.5) ? s.groups : b.derive(SizeRule::Product, s.groups, b.fixed(2));
    s.queries = b.size(65);
    s.width = b.smallSize();
    if (!b.fits({s.batch, s.heads, s.queries, s.width}))
      return std::nullopt;
    s.q = b.argument(b.data, {s.batch, s.heads, s.queries, s.width});
  }
  if (b.get(s.heads) > 0 && b.random.chance(0.2))
    s.groups = b.fixed(1);
  s.keys = b.random.chance(0.4) ? s.queries : b.size(65);
  if (!b.fits({s.batch, s.groups, s.keys, s.width}) ||
      b.count({s.batch, s.heads, s.queries, s.keys}) * b.get(s.width) > 200000)
    return std::nullopt;
  s.element = b[s.q].type.element;
  s.scores = scoreOf(s.element);
  s.k = b.get(s.element, {s.batch, s.groups, s.keys, s.width});
  s.v = b.get(s.element, {s.batch, s.groups, s.keys, s.width});
  if (b[s.q].magnitude * b[s.k].magnitude * b.get(s.width) >= 1e4)
    return std::nullopt;
  return s;
}

static ValueId drawPositions(Builder &b, llvm::ArrayRef<Size> dims) {
  Data data;
  data.kind = Data::Integers;
  data.low = b.random.chance(0.5) ? -1 : 0;
  data.high = 70;
  return b.argument(b.tensor(ElementKind::I32, dims), data);
}

/// What attention and online_attention have in common. Only the first has side keys.
static void drawClauses(Builder &b, Clauses &c, const AttentionInputs &s, bool sides) {
  bool qGiven = b.random.chance(0.25), kvGiven = b.random.chance(0.25);
  if (b.random.chance(0.3))
    c.add("q_valid", {b.mask({s.batch, s.queries})});
  if (b.random.chance(0.4)) {
    bool grouped = b.random.chance(0.3);
    c.add("kv_valid", {b.mask(grouped ? llvm::ArrayRef<Size>({s.batch, s.groups, s.keys})
                                      : llvm::ArrayRef<Size>({s.batch, s.keys}))});
  }
  if (qGiven)
    c.add("q_pos", {drawPositions(b, {s.batch, s.queries})});
  if (kvGiven)
    c.add("kv_pos", {drawPositions(b, {s.batch, s.keys})});
  if (!qGiven && b.random.chance(0.15))
    c.add("q_base", {b.indexOf(s.width)});
  if (!kvGiven && b.random.chance(0.15))
    c.add("kv_base", {b.indexOf(s.width)});
  if (b.random.chance(0.2)) {
    Size windows = b.random.chance(0.5) ? b.fixed(1) : s.queries;
    c.add("kv_idx", {b.rows({s.batch, s.groups, windows, b.size(17)}, s.keys)});
  }
  bool biased = b.random.chance(0.3);
  if (biased) {
    c.add("bias_table", {b.get(s.scores, {s.heads, b.fixed(8)})});
    c.addAttribute("bias = #colt5.t5_buckets<8, 20, bidirectional>");
  }
  if (sides && b.random.chance(0.25)) {
    Size side = b.smallSize();
    llvm::SmallVector<Size> dims{s.batch, s.groups, side, s.width};
    c.add("side", {b.get(s.element, dims), b.get(s.element, dims), b.mask({s.batch, side})});
    if (biased && b.random.chance(0.5)) {
      c.add("q_block", {b.rows({s.batch, s.queries}, side)});
      c.add("side_bias_table", {b.get(s.scores, {s.heads, b.fixed(8)})});
    }
  }
  if (b.random.chance(0.5))
    c.addAttribute(
        std::string("pattern = ") +
        b.random.pick({"#colt5.causal", "#colt5.window<3, 5>", "#colt5.window<20, 0>",
                       "#colt5.block_local<4, 1, 1>", "#colt5.causal_window<4>", "#colt5.earlier_windows<4>",
                       "#colt5.dense", "#colt5.all<[#colt5.causal, #colt5.block_local<8, 2, 0>]>"}));
  if (b.random.chance(0.4))
    c.addAttribute("scale = 0.25");
}

bool fuzz::addAttention(Builder &b) {
  auto s = drawInputs(b);
  if (!s)
    return false;
  ElementKind element = s->element, scores = s->scores;
  Clauses c({s->q, s->k, s->v});
  drawClauses(b, c, *s, true);
  std::string region;
  if (b.random.chance(0.15)) {
    bool extra = b.random.chance(0.5);
    std::string t = getKindName(scores).str();
    if (extra)
      c.add("extra", {b.get(scores, {b.fixed(1), s->heads, s->queries, s->keys})});
    region = formatv(" {{\n  ^bb0(%s: {0}, %qp: i32, %kp: i32{1}):\n    %t = math.tanh %s : {0}\n{2}    "
                     "colt5.yield {3} : {0}\n  }",
                     t, extra ? ", %x: " + t : "", extra ? "    %y = arith.addf %t, %x : " + t + "\n" : "",
                     extra ? "%y" : "%t");
  }
  std::vector<ValueId> outs{
      b.dest(b.random.chance(0.8) ? element : scores, {s->batch, s->heads, s->queries, s->width})};
  bool statistics = b.random.chance(0.4);
  if (statistics)
    outs.push_back(b.dest(scores, {s->batch, s->heads, s->queries}));
  Value vv = b[s->v];
  ValueId r = c.emit(b, "colt5.attention", outs, region);
  b.describe(r, std::max(vv.magnitude, 4.0), -1, vv.special);
  if (statistics)
    b.describe(r + 1, 1e3, -1, true);
  return true;
}

bool fuzz::addOnlineAttention(Builder &b) {
  auto s = drawInputs(b);
  if (!s || b[s->v].magnitude > 100)
    return false;
  ElementKind scores = s->scores;
  Clauses c({s->q, s->k, s->v});
  drawClauses(b, c, *s, false);
  llvm::SmallVector<Size> rows{s->batch, s->heads, s->queries}, all{s->batch, s->heads, s->queries, s->width};
  std::vector<ValueId> outs;
  // A state that another key set left, or a new one.
  auto acc = b.find([&](const Value &value) { return value.type.is(scores, all) && value.magnitude < 1e4; });
  outs.push_back(acc && b.random.chance(0.5) ? *acc : b.filled(b.tensor(scores, all), 0.0));
  outs.push_back(b.filled(b.tensor(scores, rows), -10.0));
  outs.push_back(b.filled(b.tensor(scores, rows), b.random.pick<double>({0.0, 1.0})));
  if (acc && outs[0] == *acc)
    b.overwritten.push_back(*acc);
  ValueId r = c.emit(b, "colt5.online_attention", outs);
  b.describe(r, 1e5);
  b.describe(r + 1, 1e4);
  b.describe(r + 2, 1e5);
  return true;
}

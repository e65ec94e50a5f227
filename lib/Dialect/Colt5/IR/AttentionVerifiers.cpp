#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace mlir::colt5;
using colt5::detail::OperandVerifier;
using colt5::detail::SizeRef;
using colt5::detail::SizeRule;

namespace {
/// The constraints that `attention` and `online_attention` share. Labels are written for `attention`.
template <typename OpTy> struct AttentionVerifier {
  OpTy op;
  OperandVerifier &v;
  Type type, stat, i1, i32;
  std::string prefix;

  AttentionVerifier(OpTy op, OperandVerifier &v) : op(op), v(v) {
    Builder b(op.getContext());
    type = getElementTypeOrSelf(op.getQ().getType());
    stat = getScoreType(type);
    i1 = b.getI1Type();
    i32 = b.getI32Type();
    prefix = op->getName().stripDialect().str();
  }

  /// "attention_c4" becomes "online_attention_c4" for that op.
  std::string label(StringRef text) const {
    return text.starts_with(prefix) ? text.str()
                                    : prefix + text.drop_front(StringRef("attention").size()).str();
  }

  LogicalResult check(StringRef text, StringRef name, Value value, Type elementType,
                      ArrayRef<StringRef> shapes) {
    return failure(failed(v.elementType(label(text), name, value, {elementType})) ||
                   failed(v.shape(label(text), name, value, shapes)));
  }

  /// Two operands or attributes that need each other.
  LogicalResult together(StringRef text, StringRef first, bool hasFirst, StringRef second, bool hasSecond) {
    if (hasFirst == hasSecond)
      return success();
    return op.emitOpError() << label(text) << ": expected " << first << " and " << second
                            << " together, found only " << (hasFirst ? first : second);
  }

  LogicalResult inputs() {
    std::string c1 = label("attention_c1"), c2 = label("attention_c2");
    for (auto [name, value] :
         {std::pair("q", op.getQ()), std::pair("k", op.getK()), std::pair("v", op.getV())})
      if (failed(v.rank(c1, name, value, {4})) || failed(v.floatType(c1, name, value)) ||
          failed(v.elementType(c1, name, value, {type})) ||
          failed(v.shape(c2, name, value, {StringRef(name) == "q" ? "BHQC" : "BGSC"})))
        return failure();
    // Positions and key lists are i32.
    if (failed(v.named(label("attention_c15"), 'Q')) || failed(v.named(label("attention_c15"), 'S')))
      return failure();
    return v.multiple(label("attention_c4"), 'H', 'G');
  }

  LogicalResult positions(StringRef name, Value pos, StringRef baseName, Value base,
                          ArrayRef<StringRef> shapes) {
    if (pos && base)
      return op.emitOpError() << label("attention_c6") << ": expected " << name << " or " << baseName
                              << ", found both";
    std::optional<int64_t> start = base ? getConstantIntValue(base) : std::nullopt;
    int64_t slots = std::max<int64_t>(v.getSize(shapes.front().back()), 1);
    if (start && *start > colt5::detail::kMaxPosition - slots + 1)
      return op.emitOpError() << label("attention_c6") << ": expected the last position to be at most "
                              << colt5::detail::kMaxPosition << ", the largest i32, found " << *start << " + "
                              << slots - 1;
    return check("attention_c6", name, pos, i32, shapes);
  }

  LogicalResult masksAndPositions() {
    return failure(failed(check("attention_c5", "q_valid", op.getQValid(), i1, {"BQ"})) ||
                   failed(check("attention_c5", "kv_valid", op.getKvValid(), i1, {"BS", "BGS"})) ||
                   failed(positions("q_pos", op.getQPos(), "q_base", op.getQBase(), {"BQ", "BGQ"})) ||
                   failed(positions("kv_pos", op.getKvPos(), "kv_base", op.getKvBase(), {"BS", "BGS"})) ||
                   failed(check("attention_c7", "kv_idx", op.getKvIdx(), i32, {"BGWJ"})) ||
                   failed(op.getKvIdx() ? v.multiple(label("attention_c7"), 'Q', 'W') : success()) ||
                   failed(v.indices(label("attention_c7"), "kv_idx", op.getKvIdx(), v.getSize('S'))));
  }

  LogicalResult bias() {
    // Side keys may need `bias` without a local table.
    bool sideTable = false;
    if constexpr (std::is_same_v<OpTy, AttentionOp>)
      sideTable = bool(op.getSideBiasTable());
    if (op.getBiasTable() || !sideTable)
      if (failed(together("attention_c8", "bias_table", bool(op.getBiasTable()), "bias",
                          bool(op.getBiasAttr()))))
        return failure();
    if (op.getBiasAttr())
      v.bind('U', op.getBiasAttr().getNumBuckets());
    return check("attention_c8", "bias_table", op.getBiasTable(), stat, {"HU"});
  }

  LogicalResult extras() {
    std::string text = label("attention_c11");
    const SizeRef full[] = {v.getPlace('B'), v.getPlace('H'), v.getPlace('Q'), v.getPlace('S')};
    for (auto [i, extra] : llvm::enumerate(op.getExtra())) {
      std::string name = "extra " + std::to_string(i);
      auto shaped = cast<ShapedType>(extra.getType());
      if (failed(v.rank(text, name, extra, {4})))
        return failure();
      for (int64_t dim = 0; dim < 4; ++dim)
        if (failed(v.rule({text, "dimension " + std::to_string(dim) + " of " + name, "", SizeRule::OneOr,
                           SizeRef{extra, dim}, full[dim]})))
          return failure();
      if (!shaped.getElementType().isIntOrIndexOrFloat())
        return op.emitOpError() << text << ": expected " << name << " to hold scalars, found "
                                << shaped.getElementType();
    }
    return success();
  }

  LogicalResult region() {
    std::string text = label("attention_c12");
    if (!op.hasScoreRegion()) {
      if (op.getExtra().empty())
        return success();
      return op.emitOpError() << text << ": expected a score region with extra, found none";
    }
    Region &region = op.getScore();
    if (!region.hasOneBlock())
      return op.emitOpError() << text << ": expected a score region of one block, found "
                              << region.getBlocks().size();
    SmallVector<Type> expected{stat, i32, i32};
    for (Value extra : op.getExtra())
      expected.push_back(getElementTypeOrSelf(extra.getType()));
    TypeRange found = region.front().getArgumentTypes();
    if (TypeRange(expected) != found)
      return op.emitOpError() << text << ": expected score region arguments (" << expected << "), found ("
                              << found << ")";
    return success();
  }

  LogicalResult scale() {
    if (op.getScale().isFinite())
      return success();
    return op.emitOpError() << label("attention_c13") << ": expected a finite scale, found "
                            << op.getScale().convertToDouble();
  }
};
} // namespace

LogicalResult AttentionOp::verify(OperandVerifier &v) {
  AttentionVerifier<AttentionOp> a(*this, v);
  if (failed(a.inputs()) || failed(v.numOuts("attention_c3", getOuts().size(), 1, 2)))
    return failure();
  if (failed(v.elementType("attention_c3", "o", getOuts()[0], {a.type, a.stat})) ||
      failed(v.shape("attention_c3", "o", getOuts()[0], {"BHQC"})))
    return failure();
  if (getOuts().size() > 1 && failed(a.check("attention_c3", "lse", getOuts()[1], a.stat, {"BHQ"})))
    return failure();
  if (failed(a.masksAndPositions()) || failed(a.bias()))
    return failure();

  if (failed(a.check("attention_c9", "side_k", getSideK(), a.type, {"BGPC"})) ||
      failed(a.check("attention_c9", "side_v", getSideV(), a.type, {"BGPC"})) ||
      failed(a.check("attention_c9", "side_valid", getSideValid(), a.i1, {"BP"})))
    return failure();
  if (bool(getSideK()) != bool(getSideV()) || bool(getSideK()) != bool(getSideValid()))
    return emitOpError()
           << "attention_c9: expected side_k, side_v and side_valid together, found only some of them";
  bool hasTable = bool(getSideBiasTable());
  if (failed(a.together("attention_c10", "q_block", bool(getQBlock()), "side_bias_table", hasTable)))
    return failure();
  if (hasTable && (!getSideK() || !getBiasAttr()))
    return emitOpError() << "attention_c10: expected " << (getSideK() ? "bias" : "side")
                         << " with side_bias_table, found none";
  if (failed(a.check("attention_c10", "q_block", getQBlock(), a.i32, {"BQ"})) ||
      failed(a.check("attention_c10", "side_bias_table", getSideBiasTable(), a.stat, {"HU"})))
    return failure();
  return failure(failed(a.extras()) || failed(a.region()) || failed(a.scale()));
}

LogicalResult OnlineAttentionOp::verify(OperandVerifier &v) {
  AttentionVerifier<OnlineAttentionOp> a(*this, v);
  if (failed(a.inputs()) || failed(a.v.numOuts("online_attention_c14", getOuts().size(), 3, 3)) ||
      failed(a.check("online_attention_c14", "acc", getOuts()[0], a.stat, {"BHQC"})) ||
      failed(a.check("online_attention_c14", "max", getOuts()[1], a.stat, {"BHQ"})) ||
      failed(a.check("online_attention_c14", "sum", getOuts()[2], a.stat, {"BHQ"})) ||
      failed(a.masksAndPositions()) || failed(a.bias()) || failed(a.extras()) || failed(a.region()) ||
      failed(a.scale()))
    return failure();
  return success();
}

LogicalResult colt5::detail::verifyScoreRegion(Operation *op) {
  Region &region = op->getRegion(0);
  if (region.empty())
    return success();
  std::string text = (op->getName().stripDialect() + "_c12").str();
  Type stat = getScoreType(getElementTypeOrSelf(op->getOperand(0).getType()));
  auto yield = dyn_cast<YieldOp>(region.front().getTerminator());
  if (!yield || yield.getNumOperands() != 1 || yield.getOperand(0).getType() != stat) {
    InFlightDiagnostic diag = op->emitOpError()
                              << text << ": expected the score region to yield one " << stat << ", found ";
    if (!yield)
      return diag << "no colt5.yield";
    return diag << "(" << yield.getOperandTypes() << ")";
  }
  llvm::SetVector<Value> captured;
  getUsedValuesDefinedAbove(region, captured);
  if (captured.empty())
    return success();
  InFlightDiagnostic diag = op->emitOpError()
                            << text << ": expected a score region that uses only its arguments, found "
                            << captured.size() << " value(s) from outside; pass tensors with extra(...)";
  diag.attachNote(captured.front().getLoc()) << "the first value is defined here";
  return diag;
}

#include "colt5/Dialect/Colt5/IR/Colt5.h"

using namespace mlir;
using namespace mlir::colt5;
using colt5::detail::getSizeRefs;
using colt5::detail::OperandVerifier;
using colt5::detail::SizeRef;

//===----------------------------------------------------------------------===//
// ffn
//===----------------------------------------------------------------------===//

LogicalResult FfnOp::verify(OperandVerifier &v) {
  Builder b(getContext());
  auto xType = cast<ShapedType>(getX().getType());
  if (xType.getRank() < 2)
    return emitOpError() << "ffn_c1: expected x to have rank 2 or more, found " << xType.getRank();
  if (failed(v.floatType("ffn_c1", "x", getX())))
    return failure();
  Type type = xType.getElementType();
  for (auto [name, value] :
       {std::pair("in", getIn()), std::pair("gate", getGate()), std::pair("out", getOut())})
    if (failed(v.rank("ffn_c1", name, value, {2})) || failed(v.elementType("ffn_c1", name, value, {type})))
      return failure();
  if (failed(v.elementType("ffn_c1", "result", getResult(), {type})))
    return failure();
  v.bind('D', getSizeRefs(getX()).back());
  if (failed(v.shape("ffn_c2", "in", getIn(), {"DE"})) ||
      failed(v.shape("ffn_c2", "gate", getGate(), {"DE"})) ||
      failed(v.shape("ffn_c2", "out", getOut(), {"EV"})))
    return failure();
  SmallVector<SizeRef> expected = getSizeRefs(getX());
  expected.back() = {getOut(), 1};
  if (failed(v.shape("ffn_c2", "result", getResult(), expected, "(x with the width of out)")))
    return failure();

  struct Bias {
    StringRef name;
    Value value;
    StringRef shape;
  };
  for (const Bias &bias : {Bias{"in_bias", getInBias(), "E"}, Bias{"gate_bias", getGateBias(), "E"},
                           Bias{"out_bias", getOutBias(), "V"}})
    if (failed(v.rank("ffn_c3", bias.name, bias.value, {1})) ||
        failed(v.elementType("ffn_c3", bias.name, bias.value, {type, b.getF32Type()})) ||
        failed(v.shape("ffn_c2", bias.name, bias.value, {bias.shape})))
      return failure();
  if (getGateBias() && !getGate())
    return emitOpError() << "ffn_c4: expected gate with gate_bias, found none";
  return success();
}

//===----------------------------------------------------------------------===//
// conditional_ffn, conditional_attention
//===----------------------------------------------------------------------===//

/// A token count that is an attribute or an operand.
static LogicalResult verifyCount(OperandVerifier &v, Operation *op, StringRef label, StringRef name,
                                 std::optional<int64_t> count, Value dynamic) {
  v.count(dynamic);
  if (count.has_value() == bool(dynamic))
    return op->emitOpError() << label << ": expected '" << name
                             << "' once, as attribute or as operand, found "
                             << (dynamic ? "both" : "neither");
  if (count && *count < 1)
    return op->emitOpError() << label << ": expected " << name << " >= 1, found " << *count;
  return success();
}

static std::optional<int64_t> toSigned(std::optional<uint64_t> count) {
  return count ? std::optional<int64_t>(*count) : std::nullopt;
}

static SizeRef getCountRef(std::optional<uint64_t> count, Value dynamic) {
  return count ? SizeRef::number(*count) : SizeRef{dynamic, -1};
}

/// Nothing without a block.
static std::optional<int64_t> getRoutingBlock(RoutingAttr routing) {
  return routing && routing.getBlock() != 0 ? std::optional<int64_t>(routing.getBlock()) : std::nullopt;
}

/// `base` has the type of `x` and excludes `light`.
static LogicalResult verifyBase(OperandVerifier &v, Operation *op, StringRef label, Value x, Value base,
                                bool hasLight) {
  if (!base)
    return success();
  v.same(getSizeRefs(base), getSizeRefs(x));
  if (base.getType() != x.getType())
    return op->emitOpError() << label << ": expected base to have the type of x, " << x.getType()
                             << ", found " << base.getType();
  if (hasLight)
    return op->emitOpError() << label << ": expected base or light, found both";
  return success();
}

/// `x` is BxNxD floating point and the result has its type.
static LogicalResult verifyTokens(OperandVerifier &v, Operation *op, StringRef label, Value x, Value result) {
  if (failed(v.rank(label, "x", x, {3})) || failed(v.floatType(label, "x", x)) ||
      failed(v.shape(label, "x", x, {"BND"})))
    return failure();
  if (result.getType() != x.getType())
    return op->emitOpError() << label << ": expected the result to have the type of x, " << x.getType()
                             << ", found " << result.getType();
  v.same(getSizeRefs(x), getSizeRefs(result));
  return success();
}

LogicalResult ConditionalFfnOp::verify(OperandVerifier &v) {
  Builder b(getContext());
  if (failed(verifyTokens(v, *this, "conditional_ffn_c1", getX(), getResult())) ||
      failed(v.named("conditional_ffn_c7", 'N')))
    return failure();
  Type type = getElementTypeOrSelf(getX().getType());
  if (failed(v.elementType("conditional_ffn_c2", "router", getRouter(), {type})) ||
      failed(v.shape("conditional_ffn_c2", "router", getRouter(), {"1D"})) ||
      failed(v.elementType("conditional_ffn_c3", "mask", getMask(), {b.getI1Type()})) ||
      failed(v.shape("conditional_ffn_c3", "mask", getMask(), {"BN"})))
    return failure();

  struct Weight {
    StringRef name;
    Value value;
    StringRef shape;
  };
  for (const Weight &weight :
       {Weight{"light in", getLightIn(), "DE"}, Weight{"light gate", getLightGate(), "DE"},
        Weight{"light out", getLightOut(), "ED"}, Weight{"heavy in", getHeavyIn(), "DF"},
        Weight{"heavy gate", getHeavyGate(), "DF"}, Weight{"heavy out", getHeavyOut(), "FD"}})
    if (failed(v.elementType("conditional_ffn_c4", weight.name, weight.value, {type})) ||
        failed(v.shape("conditional_ffn_c4", weight.name, weight.value, {weight.shape})))
      return failure();
  bool hasLight = getLightIn() || getLightGate() || getLightOut();
  if (hasLight && (!getLightIn() || !getLightOut()))
    return emitOpError() << "conditional_ffn_c4: expected light to have in and out, found no "
                         << (getLightIn() ? "out" : "in");
  std::optional<int64_t> block = getRoutingBlock(getRoutingAttr());
  SizeRef count = getCountRef(getTokens(), getDynamicTokens());
  if (failed(
          verifyCount(v, *this, "conditional_ffn_c5", "tokens", toSigned(getTokens()), getDynamicTokens())) ||
      failed(v.blocks("conditional_ffn_c8", block)) ||
      failed(v.perBlock("conditional_ffn_c8", "tokens", count, block)))
    return failure();
  return verifyBase(v, *this, "conditional_ffn_c6", getX(), getBase(), hasLight);
}

/// One branch of `conditional_attention`: projections (all of them when `present`) and bias table.
static LogicalResult verifyAttentionBranch(OperandVerifier v, ConditionalAttentionOp op, StringRef branch,
                                           ArrayRef<Value> projections, Value table) {
  static const StringRef names[] = {"wq", "wk", "wv", "wo"}, shapes[] = {"DHC", "DGC", "DGC", "HCD"};
  Type type = getElementTypeOrSelf(op.getX().getType());
  for (auto [name, shape, value] : llvm::zip_equal(names, shapes, projections)) {
    std::string text = (branch + " " + name).str();
    if (failed(v.elementType("conditional_attention_c4", text, value, {type})) ||
        failed(v.shape("conditional_attention_c4", text, value, {shape})))
      return failure();
  }
  if (failed(v.multiple("conditional_attention_c4", 'H', 'G')))
    return failure();
  v.bind('U', op.getBiasAttr() ? op.getBiasAttr().getNumBuckets() : kDefaultNumBuckets);
  std::string text = (branch + " bias").str();
  return failure(failed(v.elementType("conditional_attention_c6", text, table, {getScoreType(type)})) ||
                 failed(v.shape("conditional_attention_c6", text, table, {"HU"})));
}

LogicalResult ConditionalAttentionOp::verify(OperandVerifier &v) {
  Builder b(getContext());
  if (failed(verifyTokens(v, *this, "conditional_attention_c1", getX(), getResult())) ||
      failed(v.named("conditional_attention_c10", 'N')))
    return failure();
  Type type = getElementTypeOrSelf(getX().getType());
  for (auto [name, value] :
       {std::pair("query router", getRouterQ()), std::pair("key-value router", getRouterKv())})
    if (failed(v.elementType("conditional_attention_c2", name, value, {type})) ||
        failed(v.shape("conditional_attention_c2", name, value, {"1D"})))
      return failure();
  if (failed(v.elementType("conditional_attention_c3", "mask", getMask(), {b.getI1Type()})) ||
      failed(v.shape("conditional_attention_c3", "mask", getMask(), {"BN"})))
    return failure();

  Value light[] = {getLightQ(), getLightK(), getLightV(), getLightOut()};
  Value heavy[] = {getHeavyQ(), getHeavyK(), getHeavyV(), getHeavyOut()};
  size_t present = llvm::count_if(light, [](Value value) { return bool(value); });
  bool hasLight = present > 0 || getLightBias();
  if (hasLight && present != 4)
    return emitOpError()
           << "conditional_attention_c5: expected light to have all four projections or none, found "
           << present;
  if (failed(verifyAttentionBranch(v, *this, "light", light, getLightBias())) ||
      failed(verifyAttentionBranch(v, *this, "heavy", heavy, getHeavyBias())) ||
      failed(verifyCount(v, *this, "conditional_attention_c7", "queries", toSigned(getQueries()),
                         getDynamicQueries())) ||
      failed(
          verifyCount(v, *this, "conditional_attention_c7", "keys", toSigned(getKeys()), getDynamicKeys())) ||
      failed(verifyBase(v, *this, "conditional_attention_c8", getX(), getBase(), hasLight)))
    return failure();
  if (!getScale().isFinite())
    return emitOpError() << "conditional_attention_c9: expected a finite scale, found "
                         << getScale().convertToDouble();
  if (getLightPatternAttr() && !hasLight)
    return emitOpError()
           << "conditional_attention_c12: expected light projections with light_pattern, found none; "
              "leave light_pattern out";
  if (getBiasAttr() && !getLightBias() && !getHeavyBias())
    return emitOpError()
           << "conditional_attention_c13: expected a bias table of light or heavy with bias, found "
              "none; leave bias out";
  std::optional<int64_t> block = getRoutingBlock(getRoutingAttr());
  SizeRef queries = getCountRef(getQueries(), getDynamicQueries());
  SizeRef keys = getCountRef(getKeys(), getDynamicKeys());
  return failure(failed(v.blocks("conditional_attention_c11", block)) ||
                 failed(v.perBlock("conditional_attention_c11", "queries", queries, block)) ||
                 failed(v.perBlock("conditional_attention_c11", "keys", keys, block)));
}

//===----------------------------------------------------------------------===//
// conditional
//===----------------------------------------------------------------------===//

/// Everything but the region.
static LogicalResult verifyRouted(OperandVerifier &v, ConditionalOp op) {
  Builder b(op.getContext());
  if (failed(v.rank("conditional_c1", "x", op.getX(), {3})) ||
      failed(v.floatType("conditional_c1", "x", op.getX())) ||
      failed(v.shape("conditional_c1", "x", op.getX(), {"BND"})) ||
      failed(v.shape("conditional_c1", "the result", op.getResult(), {"BNV"})) ||
      failed(v.floatType("conditional_c1", "the result", op.getResult())))
    return failure();
  if (op.getBase() && op.getBase().getType() != op.getResult().getType())
    return op.emitOpError() << "conditional_c1: expected base to have the type of the result, "
                            << op.getResult().getType() << ", found " << op.getBase().getType();
  if (op.getBase())
    v.same(getSizeRefs(op.getBase()), getSizeRefs(op.getResult()));
  Type score = getScoreType(getElementTypeOrSelf(op.getX().getType()));
  SmallVector<SizeRef> slots = getSizeRefs(op.getIndices());
  if (failed(v.elementType("conditional_c2", "idx", op.getIndices(), {b.getI32Type()})) ||
      failed(v.shape("conditional_c2", "idx", op.getIndices(), {"BK", "BRK"})) ||
      failed(v.elementType("conditional_c2", "weight", op.getWeight(), {score})) ||
      failed(v.shape("conditional_c2", "weight", op.getWeight(), slots, "like idx")) ||
      failed(v.elementType("conditional_c2", "valid", op.getValid(), {b.getI1Type()})) ||
      failed(v.shape("conditional_c2", "valid", op.getValid(), slots, "like idx")))
    return failure();
  if (failed(v.named("conditional_c5", 'N')))
    return failure();
  return v.indices("conditional_c4", "idx", op.getIndices(), v.getSize('N'));
}

/// The region takes or yields `rows`, one for each slot, of the width of `like`.
static LogicalResult verifyRows(OperandVerifier &v, ConditionalOp op, StringRef what, Value rows,
                                Value like) {
  SmallVector<SizeRef> expected = getSizeRefs(op.getIndices());
  expected.push_back(getSizeRefs(like).back());
  auto sizes = llvm::map_to_vector(expected, [](SizeRef ref) { return ref.getStatic(); });
  Type type = getElementTypeOrSelf(like.getType());
  auto found = dyn_cast<RankedTensorType>(rows.getType());
  if (!found || found.getElementType() != type || !colt5::detail::isCompatible(found.getShape(), sizes))
    return op.emitOpError() << "conditional_c3: expected the region to " << what << " rows of "
                            << colt5::detail::formatShape(sizes) << "x" << type << ", found "
                            << rows.getType();
  v.same(expected, getSizeRefs(rows));
  return success();
}

static LogicalResult verifyRegion(OperandVerifier &v, ConditionalOp op) {
  Block &body = op.getHeavy().front();
  if (body.getNumArguments() != 1)
    return op.emitOpError()
           << "conditional_c3: expected the region to have one argument, the routed rows, found "
           << body.getNumArguments();
  if (failed(verifyRows(v, op, "take", body.getArgument(0), op.getX())))
    return failure();
  auto yield = dyn_cast<YieldOp>(body.getTerminator());
  if (!yield || yield.getNumOperands() != 1)
    return op.emitOpError() << "conditional_c3: expected the region to yield one value, found "
                            << (yield ? yield.getNumOperands() : 0);
  return verifyRows(v, op, "yield", yield.getOperand(0), op.getResult());
}

LogicalResult ConditionalOp::verify(OperandVerifier &v) {
  return failure(failed(verifyRouted(v, *this)) || failed(verifyRegion(v, *this)));
}

/// What stands in the region has not been verified yet.
LogicalResult ConditionalOp::verify() {
  OperandVerifier verifier(getOperation());
  return verifyRouted(verifier, *this);
}

LogicalResult ConditionalOp::verifyRegions() {
  OperandVerifier verifier(getOperation());
  return verifyRegion(verifier, *this);
}

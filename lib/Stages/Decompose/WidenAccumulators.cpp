#include "colt5/Dialect/Colt5/Interfaces/TensorBuilders.h"
#include "colt5/Stages/Common/Accumulators.h"
#include "colt5/Stages/Common/Kernels.h"
#include "colt5/Stages/Decompose/Passes.h"

#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5WIDENACCUMULATORS
#include "colt5/Stages/Decompose/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

static bool isHalf(Type type) { return type.isF16() || type.isBF16(); }

/// `tensor`, of these sizes, with every element in `type`; a filled one is filled anew.
static Value convertElements(ImplicitLocOpBuilder &b, Value tensor, const Sizes &sizes, Type type) {
  FloatAttr number;
  if (auto fill = tensor.getDefiningOp<linalg::FillOp>();
      fill && matchPattern(fill.getInputs()[0], m_Constant(&number)) &&
      number.getType() == getElementType(tensor))
    return createFilled(b, sizes, number.getValueAsDouble(), type);
  SmallVector<unsigned, 4> loops = llvm::to_vector<4>(llvm::seq<unsigned>(0, sizes.size()));
  return createElementwise(
      b, sizes, Indexed{tensor, loops}, type,
      [&](ImplicitLocOpBuilder &inner, ValueRange args) { return convertFloat(inner, args[0], type); });
}

/// Lets the op behind `value` compute what `op` did by name.
static void movePart(Operation *op, Value value) {
  Attribute part = op->removeDiscardableAttr(kPartAttr);
  if (Operation *producer = value.getDefiningOp(); part && producer)
    producer->setDiscardableAttr(kPartAttr, part);
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

namespace {
/// Copies the body of an op so that what was f16 or bf16 is computed in f32.
class BodyWidener {
public:
  BodyWidener(OpBuilder &b, Location loc) : b(loc, b) {}

  void map(Value from, Value to) {
    (isHalf(from.getType()) && to.getType().isF32() ? wide : narrow).map(from, to);
  }
  void copy(Operation &op);
  /// The copy of `value`: in f32, or in its own type.
  Value getWide(Value value);
  Value getNarrow(Value value);

private:
  /// Copies `op` with wide operands; its results become wide when they are f16 or bf16.
  void copyWide(Operation &op);

  ImplicitLocOpBuilder b;
  IRMapping narrow, wide;
};
} // namespace

Value BodyWidener::getWide(Value value) {
  if (!wide.contains(value))
    wide.map(value, arith::ExtFOp::create(b, b.getF32Type(), getNarrow(value)));
  return wide.lookup(value);
}

Value BodyWidener::getNarrow(Value value) {
  if (!narrow.contains(value) && wide.contains(value))
    narrow.map(value, arith::TruncFOp::create(b, value.getType(), wide.lookup(value)));
  return narrow.lookupOrDefault(value);
}

void BodyWidener::copyWide(Operation &op) {
  Operation *copy = b.clone(op, narrow);
  for (auto [operand, original] : llvm::zip_equal(copy->getOpOperands(), op.getOperands())) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPoint(copy);
    operand.set(isHalf(original.getType()) ? getWide(original) : getNarrow(original));
  }
  for (auto [original, result] : llvm::zip_equal(op.getResults(), copy->getResults())) {
    if (isHalf(original.getType()))
      result.setType(b.getF32Type());
    map(original, result);
  }
}

void BodyWidener::copy(Operation &op) {
  auto isHalfValue = [](Value value) { return isHalf(value.getType()); };
  bool yieldsHalf = op.getNumResults() == 1 && isHalfValue(op.getResult(0));
  if (auto truncate = dyn_cast<arith::TruncFOp>(op); truncate && yieldsHalf) {
    Value source = getNarrow(truncate.getIn());
    return wide.map(truncate.getOut(), convertFloat(b, source, b.getF32Type()));
  }
  if (auto extend = dyn_cast<arith::ExtFOp>(op); extend && isHalfValue(extend.getIn())) {
    Value source = getWide(extend.getIn());
    return narrow.map(extend.getOut(), convertFloat(b, source, extend.getType()));
  }
  bool isUniform = op.hasTrait<OpTrait::SameOperandsAndResultType>() && yieldsHalf;
  if (op.getNumRegions() == 0 && (isUniform || isa<arith::CmpFOp, arith::SelectOp>(op)))
    return copyWide(op);
  // Constants, conversions from integers and what else there is keep their types.
  for (Value operand : op.getOperands())
    getNarrow(operand);
  b.clone(op, narrow);
}

/// The op with f32 outputs in place of the 16-bit ones that `widens` names, and truncations behind them.
static void widenReduction(RewriterBase &rewriter, linalg::GenericOp op, const llvm::SmallBitVector &widens) {
  rewriter.setInsertionPoint(op);
  ImplicitLocOpBuilder b(op.getLoc(), rewriter);
  SmallVector<Value> inits(op.getOutputs());
  SmallVector<Sizes> sizes(inits.size());
  for (unsigned output : widens.set_bits()) {
    sizes[output] = tensor::getMixedSizes(b, b.getLoc(), inits[output]);
    inits[output] = convertElements(b, inits[output], sizes[output], b.getF32Type());
  }
  auto copy = linalg::GenericOp::create(
      b, ValueRange(inits).getTypes(), op.getInputs(), inits, op.getIndexingMapsArray(),
      op.getIteratorTypesArray(), [&](OpBuilder &builder, Location loc, ValueRange args) {
        BodyWidener body(builder, loc);
        for (auto [from, to] : llvm::zip_equal(op.getBody()->getArguments(), args))
          body.map(from, to);
        for (Operation &inner : op.getBody()->without_terminator())
          body.copy(inner);
        SmallVector<Value> results;
        for (auto [output, value] : llvm::enumerate(op.getBody()->getTerminator()->getOperands()))
          results.push_back(widens[output] ? body.getWide(value) : body.getNarrow(value));
        linalg::YieldOp::create(builder, loc, results);
      });
  copy->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  SmallVector<Value> results(copy.getResults());
  for (unsigned output : widens.set_bits())
    results[output] = castTo(
        b, convertElements(b, results[output], sizes[output], op.getRegionOutputArgs()[output].getType()),
        op.getResult(output).getType());
  if (results.size() == 1)
    movePart(copy, results[0]);
  rewriter.replaceOp(op, results);
}

/// The outputs of `op` that have to be widened.
static llvm::SmallBitVector findOutputs(linalg::LinalgOp op) {
  llvm::SmallBitVector outputs(op.getNumDpsInits());
  for (unsigned output = 0; output < outputs.size(); ++output)
    outputs[output] = isHalf(op.getRegionOutputArgs()[output].getType()) && roundsPartialResults(op, output);
  return outputs;
}

//===----------------------------------------------------------------------===//
// Scatters
//===----------------------------------------------------------------------===//

/// `rows` of type f32 or f64 rounded to what `type` can hold, in place.
static Value roundElements(ImplicitLocOpBuilder &b, Value rows, Type type) {
  unsigned rank = cast<ShapedType>(rows.getType()).getRank();
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
  auto generic = linalg::GenericOp::create(
      b, rows.getType(), ValueRange(), rows, b.getMultiDimIdentityMap(rank), iterators,
      [&](OpBuilder &builder, Location loc, ValueRange args) {
        ImplicitLocOpBuilder inner(loc, builder);
        Value rounded = convertFloat(inner, args[0], type);
        linalg::YieldOp::create(inner, convertFloat(inner, rounded, args[0].getType()));
      });
  return generic.getResult(0);
}

/// Route `route` of an operand [B, R, K, ...].
static Value takeRoute(ImplicitLocOpBuilder &b, Value operand, Value route) {
  if (!operand)
    return operand;
  auto type = cast<RankedTensorType>(operand.getType());
  Sizes sizes = tensor::getMixedSizes(b, b.getLoc(), operand);
  if (hasNoElements(type)) {
    sizes.erase(sizes.begin() + 1);
    return tensor::EmptyOp::create(b, sizes, type.getElementType());
  }
  Sizes offsets(sizes.size(), b.getIndexAttr(0)), strides(sizes.size(), b.getIndexAttr(1));
  offsets[1] = route;
  sizes[1] = b.getIndexAttr(1);
  SmallVector<int64_t> shape(type.getShape());
  shape.erase(shape.begin() + 1);
  return tensor::ExtractSliceOp::create(b, type.clone(shape), operand, offsets, sizes, strides);
}

/// Adds one route, or all of an op without routes, to the wide `base`.
static Value scatterRoute(ImplicitLocOpBuilder &b, ScatterCombineOp op, Value base, Value route = {}) {
  auto take = [&](Value operand) { return route ? takeRoute(b, operand, route) : operand; };
  auto scatter =
      ScatterCombineOp::create(b, TypeRange{base.getType()}, take(op.getUpdates()), take(op.getIndices()),
                               take(op.getValid()), take(op.getWeight()), ValueRange{base}, op.getCombine(),
                               op.getUnique(), op.getSorted(), op.getTrusted());
  return scatter->getResult(0);
}

/// Scatters into a base in f32 (f64) and rounds after every route.
static LogicalResult widenScatter(RewriterBase &rewriter, ScatterCombineOp op) {
  bool hasRoutes = cast<ShapedType>(op.getUpdates().getType()).getRank() == 4;
  if (hasRoutes && getPlan(op))
    return op.emitOpError(
        "expected no plan, because its routes are added one by one in f32; remove it, or scatter "
        "one route each");
  rewriter.setInsertionPoint(op);
  ImplicitLocOpBuilder b(op.getLoc(), rewriter);
  Value base = op.getOuts()[0];
  Type element = getElementType(base), updates = getScoreType(getElementType(op.getUpdates()));
  // The size of a loop's result would be known after the loop only.
  Sizes sizes = tensor::getMixedSizes(b, b.getLoc(), base);
  Value sum = convertElements(b, base, sizes, updates.isF64() ? updates : getScoreType(element));
  if (!hasRoutes) {
    sum = scatterRoute(b, op, sum);
    sum.getDefiningOp()->setDiscardableAttrs(op->getDiscardableAttrDictionary());
    sum.getDefiningOp()->removeDiscardableAttr(kPartAttr);
  } else {
    Value zero = arith::ConstantIndexOp::create(b, 0), one = arith::ConstantIndexOp::create(b, 1);
    Value routes = getValueOrCreateConstantIndexOp(b, b.getLoc(), getSize(b, op.getUpdates(), 1));
    auto loop = scf::ForOp::create(b, zero, routes, one, sum,
                                   [&](OpBuilder &builder, Location loc, Value route, ValueRange carried) {
                                     ImplicitLocOpBuilder inner(loc, builder);
                                     Value added = scatterRoute(inner, op, carried[0], route);
                                     scf::YieldOp::create(inner, roundElements(inner, added, element));
                                   });
    sum = loop.getResult(0);
  }
  Value rounded = castTo(b, convertElements(b, sum, sizes, element), op->getResult(0).getType());
  movePart(op, rounded);
  rewriter.replaceOp(op, rounded);
  return success();
}

namespace {
struct WidenAccumulators final : colt5::impl::Colt5WidenAccumulatorsBase<WidenAccumulators> {
  using Colt5WidenAccumulatorsBase::Colt5WidenAccumulatorsBase;

  void runOnOperation() override {
    SmallVector<linalg::LinalgOp> reductions;
    SmallVector<ScatterCombineOp> scatters;
    getOperation()->walk([&](Operation *op) {
      if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
          linalgOp && linalgOp.hasPureTensorSemantics() && findOutputs(linalgOp).any())
        reductions.push_back(linalgOp);
      if (auto scatter = dyn_cast<ScatterCombineOp>(op);
          scatter && scatter->getNumResults() == 1 && roundsRepeatedRows(scatter))
        scatters.push_back(scatter);
    });
    IRRewriter rewriter(&getContext());
    for (linalg::LinalgOp op : reductions) {
      llvm::SmallBitVector outputs = findOutputs(op);
      rewriter.setInsertionPoint(op);
      DictionaryAttr attrs = op->getDiscardableAttrDictionary();
      FailureOr<linalg::GenericOp> generic = linalg::generalizeNamedOp(rewriter, op);
      if (succeeded(generic)) {
        // What the user wrote on the op, a plan for instance, holds for its other form.
        (*generic)->setDiscardableAttrs(attrs);
        widenReduction(rewriter, *generic, outputs);
      } else if (auto already = dyn_cast<linalg::GenericOp>(op.getOperation()))
        widenReduction(rewriter, already, outputs);
    }
    for (ScatterCombineOp scatter : scatters)
      if (failed(widenScatter(rewriter, scatter)))
        return signalPassFailure();
    numReductions += reductions.size();
    numScatters += scatters.size();
  }
};
} // namespace

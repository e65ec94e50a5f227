#include "ScalarValues.h"

#include "Numbers.h"
#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::colt5;

Attribute colt5::getSignature(Operation *op) {
  NamedAttrList attrs(op->getAttrDictionary());
  attrs.erase(kValueIdAttr);
  MLIRContext *context = op->getContext();
  return ArrayAttr::get(context, {op->getName().getIdentifier(), attrs.getDictionary(context)});
}

static const Term *getExtremum(TermBuilder &terms, ArrayRef<const Term *> operands, bool isMax) {
  Terms signedOperands;
  const Term *zero = terms.integer(0);
  for (const Term *operand : operands)
    signedOperands.push_back(isMax ? terms.subtract(zero, operand) : operand);
  const Term *result = terms.minimum(signedOperands);
  return isMax ? terms.subtract(zero, result) : result;
}

static const Term *getAffine(TermBuilder &terms, Operation *op, AffineMap map, GetTerm get) {
  Terms operands, results;
  for (Value operand : op->getOperands())
    operands.push_back(get(operand));
  ArrayRef<const Term *> all(operands);
  for (AffineExpr expr : map.getResults())
    results.push_back(terms.affine(expr, all.take_front(map.getNumDims()), all.drop_front(map.getNumDims())));
  return isa<affine::AffineApplyOp>(op) ? results[0]
                                        : getExtremum(terms, results, isa<affine::AffineMaxOp>(op));
}

/// An op on indices in the form that has one term for each of its spellings.
static const Term *getIndexOp(TermBuilder &terms, Operation *op, GetTerm get) {
  if (auto apply = dyn_cast<affine::AffineApplyOp>(op))
    return getAffine(terms, op, apply.getAffineMap(), get);
  if (auto min = dyn_cast<affine::AffineMinOp>(op))
    return getAffine(terms, op, min.getAffineMap(), get);
  if (auto max = dyn_cast<affine::AffineMaxOp>(op))
    return getAffine(terms, op, max.getAffineMap(), get);
  if (op->getNumOperands() != 2 || op->getNumResults() != 1 || !op->getResult(0).getType().isIndex() ||
      !op->getOperand(0).getType().isIndex())
    return nullptr;
  const Term *a = get(op->getOperand(0)), *b = get(op->getOperand(1));
  return llvm::TypeSwitch<Operation *, const Term *>(op)
      .Case([&](arith::AddIOp) { return terms.add(a, b); })
      .Case([&](arith::SubIOp) { return terms.subtract(a, b); })
      .Case([&](arith::MulIOp) { return terms.multiply(a, b); })
      .Case([&](arith::MinSIOp) { return getExtremum(terms, {a, b}, /*isMax=*/false); })
      .Case([&](arith::MaxSIOp) { return getExtremum(terms, {a, b}, /*isMax=*/true); })
      .Case([&](arith::FloorDivSIOp) { return terms.binary("floordiv", a, b); })
      .Case([&](arith::CeilDivSIOp) { return terms.binary("ceildiv", a, b); })
      .Default([](Operation *) { return nullptr; });
}

/// An element that the payload of an op reads.
static const Term *getElement(TermBuilder &terms, Value source, ValueRange indices, GetTerm get) {
  const Term *content = get(source);
  Terms at;
  for (Value index : indices)
    if (!at.emplace_back(get(index)))
      return nullptr;
  return content ? terms.element(content, at) : nullptr;
}

const Term *colt5::getScalar(TermBuilder &terms, OpResult result, GetTerm get) {
  Operation *op = result.getOwner();
  if (auto extract = dyn_cast<tensor::ExtractOp>(op))
    return getElement(terms, extract.getTensor(), extract.getIndices(), get);
  if (auto load = dyn_cast<memref::LoadOp>(op))
    return getElement(terms, load.getMemRef(), load.getIndices(), get);
  auto isScalar = [](Type type) { return !isa<ShapedType>(type); };
  if (!isScalar(result.getType()) || !llvm::all_of(op->getOperandTypes(), isScalar) || op->getNumSuccessors())
    return nullptr;
  if (auto constant = dyn_cast<arith::ConstantOp>(op))
    return terms.constant(constant.getValue());
  if (auto index = dyn_cast<linalg::IndexOp>(op))
    return terms.atom(TermBuilder::Index, 0, index.getDim(), index.getType());
  for (Value operand : op->getOperands())
    if (!get(operand))
      return nullptr;
  if (auto select = dyn_cast<arith::SelectOp>(op))
    return terms.phi(get(select.getCondition()), get(select.getTrueValue()), get(select.getFalseValue()));
  if (const Term *index = getIndexOp(terms, op, get))
    return index;
  Terms operands;
  for (Value operand : op->getOperands())
    operands.push_back(get(operand));
  // Equal ops are merged whatever the order of their operands.
  if (op->hasTrait<OpTrait::IsCommutative>())
    llvm::sort(operands);
  if (op->getNumRegions()) {
    const Term *payload = getPayload(terms, op, get);
    if (!payload)
      return nullptr;
    operands.push_back(payload);
  }
  return terms.apply(getSignature(op), operands, result.getType(), result.getResultNumber());
}

/// How many ops stand around `op`, up to the structured op whose payload it belongs to.
static int64_t getPayloadDepth(Operation *op) {
  int64_t depth = 0, distance = 0;
  for (Operation *parent = op; parent; parent = parent->getParentOp(), ++distance)
    if (!isa<scf::SCFDialect, func::FuncDialect, BuiltinDialect>(parent->getDialect()))
      depth = distance;
  return depth;
}

FailureOr<Terms> colt5::getYielded(TermBuilder &terms, Region &region, ArrayRef<const Term *> arguments,
                                   GetTerm get) {
  if (!region.hasOneBlock())
    return failure();
  DenseMap<Value, const Term *> inside;
  for (auto [arg, term] : llvm::zip_equal(region.getArguments(), arguments))
    inside[arg] = term;
  auto getInside = [&](Value value) -> const Term * {
    auto found = inside.find(value);
    return found == inside.end() ? get(value) : found->second;
  };
  for (Operation &inner : region.front().without_terminator()) {
    if (inner.getNumResults() == 0)
      return failure();
    for (OpResult result : inner.getResults())
      if (!(inside[result] = getScalar(terms, result, getInside)))
        return failure();
  }
  Terms yielded;
  for (Value value : region.front().getTerminator()->getOperands())
    if (!yielded.emplace_back(getInside(value)))
      return failure();
  return yielded;
}

const Term *colt5::getPayload(TermBuilder &terms, Operation *op, GetTerm get) {
  Terms results;
  Type type = IndexType::get(op->getContext());
  int64_t depth = getPayloadDepth(op);
  for (Region &region : op->getRegions()) {
    if (region.empty())
      continue;
    Terms arguments;
    for (BlockArgument arg : region.getArguments())
      arguments.push_back(terms.atom(TermBuilder::BodyArg, depth, arg.getArgNumber(), arg.getType()));
    FailureOr<Terms> yielded = getYielded(terms, region, arguments, get);
    if (failed(yielded))
      return nullptr;
    results.push_back(terms.apply(StringAttr::get(op->getContext(), "yield"), *yielded, type));
  }
  return terms.apply(StringAttr::get(op->getContext(), "payload"), results, type);
}

const Term *colt5::getIndex(TermBuilder &terms, OpFoldResult value, GetTerm get) {
  if (auto attr = dyn_cast<Attribute>(value))
    return terms.integer(cast<IntegerAttr>(attr).getInt());
  return get(cast<Value>(value));
}

const Term *colt5::getBox(TermBuilder &terms, OffsetSizeAndStrideOpInterface op, GetTerm get) {
  auto list = [&](ArrayRef<OpFoldResult> values) {
    Terms result;
    for (OpFoldResult value : values)
      result.push_back(getIndex(terms, value, get));
    return result;
  };
  return terms.box(list(op.getMixedOffsets()), list(op.getMixedSizes()), list(op.getMixedStrides()));
}

const Term *colt5::getReducedShape(TermBuilder &terms, const Term *box, const llvm::SmallBitVector &dropped) {
  if (dropped.none())
    return nullptr;
  Terms kept;
  for (auto [dim, size] : llvm::enumerate(getSizes(box)))
    if (!dropped[dim])
      kept.push_back(size);
  return terms.shapeOf(kept);
}

const Term *colt5::getCollapsedShape(TermBuilder &terms, ArrayRef<const Term *> shape,
                                     ArrayRef<SmallVector<int64_t, 2>> groups) {
  Terms result;
  for (ArrayRef<int64_t> group : groups) {
    const Term *size = terms.integer(1);
    for (int64_t dim : group)
      size = terms.multiply(size, shape[dim]);
    result.push_back(size);
  }
  return terms.shapeOf(result);
}

#include "EntrySizes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Transforms/Transforms.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"

using namespace mlir;
using namespace mlir::colt5;
using presburger::BoundType;

EntrySizes::EntrySizes(func::FuncOp func) : func(func), builder(func.getContext()) {
  // An operation of our own marks the place, because the function's first operation may be replaced.
  builder.setInsertionPointToStart(&func.front());
  auto anchor = arith::ConstantIndexOp::create(builder, func.getLoc(), 0);
  builder.setInsertionPoint(anchor);
}

bool EntrySizes::isArgument(Value value) const {
  auto arg = dyn_cast<BlockArgument>(value);
  return arg && arg.getOwner() == &const_cast<EntrySizes *>(this)->func.front();
}

Value EntrySizes::materialize(OpFoldResult value) {
  return getValueOrCreateConstantIndexOp(builder, func.getLoc(), value);
}

FailureOr<OpFoldResult> EntrySizes::getDim(Value shaped, int64_t dim) {
  auto type = dyn_cast<MemRefType>(shaped.getType());
  if (!type || dim < 0 || dim >= type.getRank())
    return failure();
  if (!type.isDynamicDim(dim))
    return OpFoldResult(builder.getIndexAttr(type.getDimSize(dim)));
  if (isArgument(shaped)) {
    OpFoldResult &result = knownDims[{shaped, dim}];
    if (!result)
      result = memref::DimOp::create(builder, func.getLoc(), shaped, dim).getResult();
    return result;
  }
  if (auto arg = dyn_cast<BlockArgument>(shaped)) {
    // A buffer carried by a loop keeps its shape.
    auto loop = dyn_cast<LoopLikeOpInterface>(arg.getOwner()->getParentOp());
    OpOperand *init = loop ? loop.getTiedLoopInit(arg) : nullptr;
    return init ? getDim(init->get(), dim) : FailureOr<OpFoldResult>(failure());
  }
  Operation *def = shaped.getDefiningOp();
  if (auto loop = dyn_cast<LoopLikeOpInterface>(def)) {
    OpOperand *init = loop.getTiedLoopInit(cast<OpResult>(shaped));
    return init ? getDim(init->get(), dim) : FailureOr<OpFoldResult>(failure());
  }
  auto ofMixed = [&](OpFoldResult size) -> FailureOr<OpFoldResult> {
    return isa<Attribute>(size) ? FailureOr<OpFoldResult>(size) : getExact(cast<Value>(size));
  };
  unsigned dynamicIndex = type.getDynamicDimIndex(dim);
  if (auto alloc = dyn_cast<memref::AllocOp>(def))
    return getExact(alloc.getDynamicSizes()[dynamicIndex]);
  if (auto view = dyn_cast<memref::ViewOp>(def))
    return getExact(view.getSizes()[dynamicIndex]);
  if (auto cast = dyn_cast<memref::CastOp>(def))
    return getDim(cast.getSource(), dim);
  if (auto cast = dyn_cast<memref::ReinterpretCastOp>(def))
    return ofMixed(cast.getMixedSizes()[dim]);
  if (auto expand = dyn_cast<memref::ExpandShapeOp>(def))
    return ofMixed(expand.getMixedOutputShape()[dim]);
  if (auto subview = dyn_cast<memref::SubViewOp>(def)) {
    llvm::SmallBitVector dropped = subview.getDroppedDims();
    int64_t kept = -1;
    for (auto [index, size] : llvm::enumerate(subview.getMixedSizes()))
      if (!dropped.test(index) && ++kept == dim)
        return ofMixed(size);
    return failure();
  }
  if (auto collapse = dyn_cast<memref::CollapseShapeOp>(def)) {
    Value product;
    for (int64_t source : collapse.getReassociationIndices()[dim]) {
      FailureOr<OpFoldResult> size = getDim(collapse.getSrc(), source);
      if (failed(size))
        return failure();
      Value value = materialize(*size);
      product = product ? arith::MulIOp::create(builder, func.getLoc(), product, value).getResult() : value;
    }
    return product ? FailureOr<OpFoldResult>(OpFoldResult(product)) : FailureOr<OpFoldResult>(failure());
  }
  return failure();
}

FailureOr<OpFoldResult> EntrySizes::getExact(Value value) {
  if (isArgument(value))
    return OpFoldResult(value);
  if (std::optional<int64_t> constant = getConstantIntValue(value); constant && value.getType().isIndex())
    return OpFoldResult(builder.getIndexAttr(*constant));
  if (auto it = known.find(value); it != known.end())
    return it->second;
  Operation *def = value.getDefiningOp();
  if (!def)
    return failure();
  if (auto dim = dyn_cast<memref::DimOp>(def)) {
    std::optional<int64_t> index = dim.getConstantIndex();
    return index ? getDim(dim.getSource(), *index) : FailureOr<OpFoldResult>(failure());
  }
  // Inputs are read-only, so a scalar read from one is the same at the entry.
  auto load = dyn_cast<memref::LoadOp>(def);
  bool readsInput = load && isArgument(load.getMemRef());
  if (def->getNumRegions() || (!readsInput && !isPure(def)))
    return failure();
  IRMapping mapping;
  for (Value operand : def->getOperands()) {
    if (isa<MemRefType>(operand.getType()) && isArgument(operand))
      continue;
    FailureOr<OpFoldResult> atEntry = getExact(operand);
    if (failed(atEntry))
      return failure();
    mapping.map(operand, materialize(*atEntry));
  }
  Operation *clone = builder.clone(*def, mapping);
  for (auto [from, to] : llvm::zip_equal(def->getResults(), clone->getResults()))
    known[from] = to;
  return known[value];
}

FailureOr<OpFoldResult> EntrySizes::getUpperBound(Value value, bool preferConstant) {
  auto constant = [&]() -> FailureOr<OpFoldResult> {
    FailureOr<int64_t> bound =
        ValueBoundsConstraintSet::computeConstantBound(BoundType::UB, value, nullptr, /*closedUB=*/true);
    if (failed(bound))
      return failure();
    return OpFoldResult(builder.getIndexAttr(std::max<int64_t>(*bound, 0)));
  };
  if (preferConstant)
    if (FailureOr<OpFoldResult> bound = constant(); succeeded(bound))
      return bound;
  if (FailureOr<OpFoldResult> exact = getExact(value); succeeded(exact))
    return exact;
  if (FailureOr<OpFoldResult> bound = constant(); succeeded(bound))
    return bound;
  return arith::reifyIndexValueBound(
      builder, func.getLoc(), BoundType::UB, value,
      [&](Value variable, std::optional<int64_t>, ValueBoundsConstraintSet &) {
        return isArgument(variable);
      },
      /*closedUB=*/true);
}

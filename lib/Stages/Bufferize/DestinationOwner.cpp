// Makes every destination owned before bufferization, so that in-place writes are right by construction.
#include "Destinations.h"

#include "colt5/Stages/Common/Kernels.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"

using namespace mlir;
using namespace mlir::colt5;

static bool isTensor(Value value) { return isa<RankedTensorType>(value.getType()); }

/// The value in whose memory `value` is computed in its block: through views and destinations.
static Value getMemory(Value value) {
  while (true) {
    value = getViewSource(value);
    auto result = dyn_cast<OpResult>(value);
    OpOperand *destination = result ? getDestination(result) : nullptr;
    if (!destination)
      return value;
    value = destination->get();
  }
}

LogicalResult DestinationOwner::run() { return visit(func.front()); }

LogicalResult DestinationOwner::visit(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(block)) {
    for (OpOperand &use : op.getOpOperands())
      if (isDestination(use))
        own(use);
    if (isa<scf::ForallOp>(op)) {
      ownOutside(&op);
      detachInserts(&op);
      continue;
    }
    if (!isa<scf::ForOp, scf::WhileOp, scf::IfOp>(op))
      continue;
    for (Region &region : op.getRegions())
      for (Block &inner : region)
        if (failed(visit(inner)))
          return failure();
    if (failed(settle(&op)))
      return failure();
  }
  return success();
}

LogicalResult DestinationOwner::settle(Operation *op) {
  if (isa<scf::IfOp>(op))
    return settleBranches(op);
  if (isa<scf::WhileOp>(op))
    return settleWhile(op);
  auto loop = cast<scf::ForOp>(op);
  return settleYields(loop.getInitArgs(), loop.getRegionIterArgs(), loop.getBody()->getTerminator(),
                      *loop.getYieldedValuesMutable());
}

void DestinationOwner::own(OpOperand &use) {
  if (isOwned(use))
    return;
  OpBuilder builder(use.getOwner());
  if (!readsDestination(use))
    use.set(createEmptyLike(builder, use.getOwner()->getLoc(), use.get()));
  else
    use.set(createCopy(builder, use.getOwner()->getLoc(), use.get(),
                       "the op overwrites it, and it is read-only or needed later"));
}

/// Every iteration of a parallel loop would overwrite what is defined outside of it, so none does. Upstream's
/// analysis decides about the rest; here it would trust a loop of one iteration too far.
void DestinationOwner::ownOutside(Operation *op) {
  Region &body = cast<scf::ForallOp>(op).getRegion();
  SmallVector<OpOperand *> outside;
  body.walk([&](Operation *inner) {
    for (OpOperand &use : inner->getOpOperands())
      if (isDestination(use) && !body.isAncestor(getViewSource(use.get()).getParentRegion()))
        outside.push_back(&use);
  });
  for (OpOperand *use : outside)
    own(*use);
}

/// Where a tile is computed: the memory, and the slice of it that is nearest to that memory, if any.
static std::pair<Value, tensor::ExtractSliceOp> getTileMemory(Value value) {
  tensor::ExtractSliceOp slice;
  while (true) {
    Operation *def = value.getDefiningOp();
    if (isView(def)) {
      auto extract = dyn_cast<tensor::ExtractSliceOp>(def);
      slice = extract ? extract : slice;
      value = def->getOperand(0);
      continue;
    }
    OpOperand *destination = def ? getDestination(cast<OpResult>(value)) : nullptr;
    if (!destination)
      return {value, slice};
    value = destination->get();
  }
}

/// Whether the tile that `insert` inserts has been computed right there. Slices of the whole are folded away.
static bool isComputedInPlace(tensor::ParallelInsertSliceOp insert, BlockArgument memory,
                              tensor::ExtractSliceOp slice) {
  if (memory != insert.getDest())
    return false;
  if (!slice)
    return insert.getSourceType() == insert.getDestType() && insert.hasZeroOffset() && insert.hasUnitStride();
  return slice.getSource() == memory && slice.getMixedOffsets() == insert.getMixedOffsets() &&
         slice.getMixedSizes() == insert.getMixedSizes() &&
         slice.getMixedStrides() == insert.getMixedStrides();
}

/// What a parallel loop inserts is read while other slices are inserted. It is either computed where it goes,
/// or apart from everything that the loop writes.
void DestinationOwner::detachInserts(Operation *op) {
  auto forall = cast<scf::ForallOp>(op);
  OpBuilder builder(forall.getTerminator());
  for (Operation &inner : *forall.getTerminator().getBody()) {
    auto insert = dyn_cast<tensor::ParallelInsertSliceOp>(inner);
    if (!insert)
      continue;
    auto [memory, slice] = getTileMemory(insert.getSource());
    auto arg = dyn_cast<BlockArgument>(memory);
    if (!arg || arg.getOwner() != forall.getBody() || isComputedInPlace(insert, arg, slice))
      continue;
    insert.getSourceMutable().assign(createCopy(builder, insert.getLoc(), insert.getSource(),
                                                "its memory is that of another result of the loop"));
  }
}

LogicalResult DestinationOwner::computeIn(Value value, Value place, Block *block,
                                          function_ref<bool(Operation *)> canStart) {
  // Every link but the first is owned by the op that follows, so nothing else uses its memory.
  OpOperand *start = nullptr;
  while (true) {
    auto result = dyn_cast<OpResult>(value);
    if (!result)
      return failure();
    Operation *op = result.getOwner();
    if (isa<tensor::EmptyOp>(op))
      break;
    if (op->getBlock() != block)
      return failure();
    if (Value undefined = places.lookup(value)) {
      if (undefined.getType() != place.getType() || (canStart && !canStart(op)))
        return failure();
      undefined.replaceUsesWithIf(place, [](OpOperand &use) { return !isa<tensor::DimOp>(use.getOwner()); });
      places[value] = place;
      return success();
    }
    start = isa<tensor::CastOp>(op) ? &op->getOpOperand(0) : getDestination(result);
    if (!start || !isTensor(start->get()))
      return failure();
    value = start->get();
  }
  if (!start || (canStart && !canStart(start->getOwner())))
    return failure();
  OpBuilder builder(start->getOwner());
  Location loc = start->getOwner()->getLoc();
  if (value.getType() != place.getType()) {
    if (!tensor::CastOp::areCastCompatible(place.getType(), value.getType()))
      return failure();
    place = tensor::CastOp::create(builder, loc, value.getType(), place);
  }
  start->set(place);
  return success();
}

//===----------------------------------------------------------------------===//
// scf.if
//===----------------------------------------------------------------------===//

/// The sizes of `value` as values defined outside of `op`: those of the memory in which the block computes
/// it.
static FailureOr<SmallVector<OpFoldResult>> getSizesOutside(OpBuilder &builder, Value value, Operation *op) {
  auto type = cast<RankedTensorType>(value.getType());
  if (type.hasStaticShape())
    return getAsIndexOpFoldResult(op->getContext(), type.getShape());
  auto isOutside = [&](Value v) {
    return !op->isProperAncestor(v.getParentRegion()->getParentOp()) &&
           v.getParentRegion()->getParentOp() != op;
  };
  while (!isOutside(value)) {
    auto result = dyn_cast<OpResult>(value);
    if (!result)
      return failure();
    if (auto empty = value.getDefiningOp<tensor::EmptyOp>()) {
      SmallVector<OpFoldResult> sizes = empty.getMixedSizes();
      for (OpFoldResult size : sizes)
        if (auto v = dyn_cast<Value>(size); v && !isOutside(v))
          return failure();
      return sizes;
    }
    OpOperand *destination = getDestination(result);
    if (!destination || destination->get().getType() != type)
      return failure();
    value = destination->get();
  }
  return tensor::getMixedSizes(builder, op->getLoc(), value);
}

/// `tensor.dim` of the same value was perhaps read twice.
static bool areSameSizes(ArrayRef<OpFoldResult> a, ArrayRef<OpFoldResult> b) {
  return llvm::all_of(llvm::zip_equal(a, b), [](auto pair) {
    auto [lhs, rhs] = pair;
    if (lhs == rhs)
      return true;
    auto v = dyn_cast<Value>(lhs), w = dyn_cast<Value>(rhs);
    auto dimV = v ? v.template getDefiningOp<tensor::DimOp>() : nullptr;
    auto dimW = w ? w.template getDefiningOp<tensor::DimOp>() : nullptr;
    return dimV && dimW && dimV.getSource() == dimW.getSource() && dimV.getConstantIndex() &&
           dimV.getConstantIndex() == dimW.getConstantIndex();
  });
}

/// Both branches write a result to one place where its sizes are known before; else each yields memory that
/// nothing else uses.
LogicalResult DestinationOwner::settleBranches(Operation *op) {
  auto ifOp = cast<scf::IfOp>(op);
  for (OpResult result : ifOp.getResults()) {
    if (!isTensor(result))
      continue;
    unsigned number = result.getResultNumber();
    OpOperand *yields[] = {&ifOp.thenYield()->getOpOperand(number), &ifOp.elseYield()->getOpOperand(number)};
    OpBuilder builder(ifOp);
    auto thenSizes = getSizesOutside(builder, yields[0]->get(), ifOp);
    auto elseSizes = getSizesOutside(builder, yields[1]->get(), ifOp);
    Value place;
    if (succeeded(thenSizes) && succeeded(elseSizes) && areSameSizes(*thenSizes, *elseSizes)) {
      auto type = cast<RankedTensorType>(result.getType());
      place = tensor::EmptyOp::create(builder, ifOp.getLoc(), *thenSizes, type.getElementType(),
                                      type.getEncoding());
      if (place.getType() != type)
        place = tensor::CastOp::create(builder, ifOp.getLoc(), type, place);
      places[result] = place;
    }
    for (OpOperand *yield : yields) {
      OpBuilder inner(yield->getOwner());
      if (!place) {
        if (!isOwned(*yield))
          yield->set(
              createCopy(inner, ifOp.getLoc(), yield->get(), "a branch yields it, and it is needed later"));
        continue;
      }
      if (failed(computeIn(yield->get(), place, yield->getOwner()->getBlock())))
        yield->set(copyInto(inner, ifOp.getLoc(), yield->get(), place,
                            "a branch yields what is not computed in it"));
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

/// A dimension in which `value`, which a loop yields, is not known to be as large as what it carries: either
/// as the value that the loop starts with, or as the one of the same iteration.
static std::optional<int64_t> findOtherSize(Value value, Value init, Value place) {
  auto type = cast<RankedTensorType>(place.getType());
  for (int64_t dim = 0, rank = type.getRank(); dim < rank; ++dim) {
    if (!type.isDynamicDim(dim))
      continue;
    auto isAsLargeAs = [&](Value other) {
      FailureOr<bool> isEqual = ValueBoundsConstraintSet::areEqual({value, dim}, {other, dim});
      return succeeded(isEqual) && *isEqual;
    };
    if (!isAsLargeAs(init) && !isAsLargeAs(place))
      return dim;
  }
  return std::nullopt;
}

/// Makes a loop yield every carried tensor in its place: computed there if the old value is not needed any
/// more, else copied at the end.
LogicalResult DestinationOwner::settleYields(ValueRange inits, ValueRange places, Operation *end,
                                             MutableArrayRef<OpOperand> yielded) {
  OpBuilder builder(end);
  SmallVector<std::pair<OpOperand *, Value>> copies;
  for (auto [init, place, operand] : llvm::zip_equal(inits, places, yielded)) {
    if (!isTensor(place) || getMemory(operand.get()) == place)
      continue;
    if (std::optional<int64_t> dim = findOtherSize(operand.get(), init, place))
      return end->getParentOp()->emitOpError(
                 "expected every iteration to keep the sizes of the tensors that it "
                 "carries on, which have one place in memory; cannot prove it for "
                 "dimension ")
             << *dim << " of value " << operand.getOperandNumber()
             << " of the terminator; use a static size, or "
             << "tensor.dim of the carried value";
    SmallVector<OpOperand *> uses;
    collectUses(place, uses);
    auto isFree = [&](Operation *first) {
      return llvm::all_of(uses, [&](OpOperand *use) {
        return !isDestination(*use) && happensBefore(use->getOwner(), first);
      });
    };
    if (failed(computeIn(operand.get(), place, end->getBlock(), isFree)))
      copies.push_back({&operand, place});
  }
  if (copies.empty())
    return success();
  // A value in the place of another is saved before anything is copied there.
  for (auto [place, operand] : llvm::zip_equal(places, yielded)) {
    Value memory = isTensor(place) ? getMemory(operand.get()) : Value();
    if (memory && memory != place && llvm::is_contained(places, memory))
      operand.set(
          createCopy(builder, end->getLoc(), operand.get(), "the loop carries it on in another place"));
  }
  for (auto [operand, place] : copies)
    operand->set(copyInto(builder, end->getLoc(), operand->get(), place,
                          "the next iteration needs it where the old value is needed until the end"));
  return success();
}

LogicalResult DestinationOwner::settleWhile(Operation *op) {
  auto loop = cast<scf::WhileOp>(op);
  auto before = loop.getBeforeArguments();
  MutableArrayRef<OpOperand> passed = loop.getConditionOp().getArgsMutable();
  bool hasTensors = llvm::any_of(before, isTensor) || llvm::any_of(loop.getAfterArguments(), isTensor);
  if (!hasTensors)
    return success();
  bool isMatched =
      before.size() == passed.size() && llvm::all_of(llvm::zip_equal(before, passed), [](auto pair) {
        return std::get<0>(pair).getType() == std::get<1>(pair).get().getType();
      });
  if (!isMatched)
    return loop.emitOpError("expected scf.condition to pass on as many values of the same types as the loop "
                            "carries, so that every tensor has one place, found ")
           << passed.size() << " passed on and " << before.size()
           << " carried; carry the missing ones, or pass on unused ones";
  if (failed(settleYields(loop.getInits(), before, loop.getConditionOp(), passed)))
    return failure();
  return settleYields(loop.getInits(), loop.getAfterArguments(), loop.getYieldOp(),
                      loop.getYieldOp().getResultsMutable());
}

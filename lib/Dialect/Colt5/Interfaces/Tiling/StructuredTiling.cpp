#include "colt5/Dialect/Colt5/Interfaces/StructuredTiling.h"

#include "CoarseSlice.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::colt5;

static OpFoldResult getSize(OpBuilder &builder, Location loc, Value shaped, unsigned dim) {
  if (isa<MemRefType>(shaped.getType()))
    return memref::getMixedSize(builder, loc, shaped, dim);
  return tensor::getMixedSize(builder, loc, shaped, dim);
}

/// The size of loop `loop`: of the first operand dimension that is the loop, a static one if there is any.
static OpFoldResult getLoopSize(OpBuilder &builder, Operation *op, const LoopSpace &space, unsigned loop) {
  Value found;
  unsigned foundDim = 0;
  for (auto [operand, dims] : llvm::zip_equal(op->getOperands(), space.operands)) {
    for (auto [dim, map] : llvm::enumerate(dims)) {
      if (map.kind != DimMap::Loop || map.loop != loop)
        continue;
      int64_t size = cast<ShapedType>(operand.getType()).getDimSize(dim);
      if (!ShapedType::isDynamic(size))
        return builder.getIndexAttr(size);
      if (!found) {
        found = operand;
        foundDim = dim;
      }
    }
  }
  return getSize(builder, op->getLoc(), found, foundDim);
}

SmallVector<Range> colt5::getLoopRanges(OpBuilder &builder, Operation *op, const LoopSpace &space) {
  SmallVector<Range> ranges;
  for (unsigned loop = 0; loop < space.iterators.size(); ++loop)
    ranges.push_back(
        {builder.getIndexAttr(0), getLoopSize(builder, op, space, loop), builder.getIndexAttr(1)});
  return ranges;
}

/// The slice of a dimension that is 1 or the loop, which only run time knows.
static std::pair<OpFoldResult, OpFoldResult> sliceBroadcast(OpBuilder &builder, Location loc,
                                                            OpFoldResult extent, OpFoldResult offset,
                                                            OpFoldResult size) {
  std::optional<int64_t> constant = getConstantIntValue(extent);
  OpFoldResult zero = builder.getIndexAttr(0), one = builder.getIndexAttr(1);
  if (constant && *constant == 1)
    return {zero, one};
  if (constant)
    return {offset, size};
  Value isOne = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq,
                                      getValueOrCreateConstantIndexOp(builder, loc, extent),
                                      arith::ConstantIndexOp::create(builder, loc, 1));
  auto select = [&](OpFoldResult whenOne, OpFoldResult otherwise) -> OpFoldResult {
    return arith::SelectOp::create(builder, loc, isOne,
                                   getValueOrCreateConstantIndexOp(builder, loc, whenOne),
                                   getValueOrCreateConstantIndexOp(builder, loc, otherwise))
        .getResult();
  };
  return {select(zero, offset), select(one, size)};
}

/// The box of `operand` that the tile of the loops reads or writes.
static FailureOr<Box> getOperandBox(OpBuilder &builder, Operation *op, const LoopSpace &space,
                                    unsigned operandNumber, ArrayRef<OpFoldResult> offsets,
                                    ArrayRef<OpFoldResult> sizes) {
  Value operand = op->getOperand(operandNumber);
  Location loc = op->getLoc();
  Box box;
  for (auto [dim, map] : llvm::enumerate(space.operands[operandNumber])) {
    switch (map.kind) {
    case DimMap::Whole:
      box.offsets.push_back(builder.getIndexAttr(0));
      box.sizes.push_back(getSize(builder, loc, operand, dim));
      break;
    case DimMap::Loop:
      box.offsets.push_back(offsets[map.loop]);
      box.sizes.push_back(sizes[map.loop]);
      break;
    case DimMap::Broadcast: {
      auto [offset, size] = sliceBroadcast(builder, loc, getSize(builder, loc, operand, dim),
                                           offsets[map.loop], sizes[map.loop]);
      box.offsets.push_back(offset);
      box.sizes.push_back(size);
      break;
    }
    case DimMap::Coarse: {
      FailureOr<std::pair<OpFoldResult, OpFoldResult>> slice =
          sliceCoarse(builder, loc, getLoopSize(builder, op, space, map.loop),
                      getSize(builder, loc, operand, dim), offsets[map.loop], sizes[map.loop]);
      if (failed(slice))
        return failure();
      box.offsets.push_back(slice->first);
      box.sizes.push_back(slice->second);
      break;
    }
    }
  }
  return box;
}

static Operation *sliceOperand(OpBuilder &builder, Location loc, Value operand, const Box &box) {
  SmallVector<OpFoldResult> strides(box.offsets.size(), builder.getIndexAttr(1));
  if (isa<MemRefType>(operand.getType()))
    return memref::SubViewOp::create(builder, loc, operand, box.offsets, box.sizes, strides);
  return tensor::ExtractSliceOp::create(builder, loc, operand, box.offsets, box.sizes, strides);
}

/// The box is all of a statically shaped tensor.
static bool isWhole(const Box &box, ShapedType type) {
  return llvm::all_of(llvm::zip_equal(box.offsets, box.sizes, type.getShape()), [](auto dim) {
    auto [offset, size, extent] = dim;
    return isConstantIntValue(offset, 0) && isConstantIntValue(size, extent);
  });
}

/// `op` with other operands and result types. Unlike `mlir::clone` it allows for a region without blocks.
static Operation *cloneWith(OpBuilder &builder, Operation *op, TypeRange types, ValueRange operands) {
  Operation *copy =
      builder.insert(Operation::create(op->getLoc(), op->getName(), types, operands,
                                       op->getDiscardableAttrDictionary(), op->getPropertiesStorage(),
                                       /*successors=*/{}, op->getNumRegions()));
  for (auto [from, to] : llvm::zip_equal(op->getRegions(), copy->getRegions()))
    if (!from.empty())
      builder.cloneRegionBefore(from, to, to.end());
  return copy;
}

FailureOr<TilingResult> colt5::tileStructuredOp(OpBuilder &builder, Operation *op, const LoopSpace &space,
                                                ArrayRef<OpFoldResult> offsets,
                                                ArrayRef<OpFoldResult> sizes) {
  SmallVector<Box> boxes;
  for (unsigned i = 0; i < op->getNumOperands(); ++i) {
    FailureOr<Box> box = getOperandBox(builder, op, space, i, offsets, sizes);
    if (failed(box))
      return failure();
    boxes.push_back(std::move(*box));
  }
  TilingResult result;
  SmallVector<Value> operands;
  for (auto [operand, box] : llvm::zip_equal(op->getOperands(), boxes)) {
    auto type = dyn_cast<ShapedType>(operand.getType());
    bool isEmpty = hasNoElements(operand.getType());
    if (box.offsets.empty() || (isEmpty && isWhole(box, type))) {
      operands.push_back(operand);
      continue;
    }
    if (isEmpty && isa<RankedTensorType>(type)) {
      operands.push_back(tensor::EmptyOp::create(builder, op->getLoc(), box.sizes, type.getElementType()));
      continue;
    }
    Operation *slice = sliceOperand(builder, op->getLoc(), operand, box);
    result.generatedSlices.push_back(slice);
    operands.push_back(slice->getResult(0));
  }
  SmallVector<Type> types;
  unsigned numInits = cast<DestinationStyleOpInterface>(op).getNumDpsInits();
  for (Value init : ArrayRef<Value>(operands).take_back(numInits))
    if (isa<RankedTensorType>(init.getType()))
      types.push_back(init.getType());
  Operation *tiled = cloneWith(builder, op, types, operands);
  result.tiledOps.push_back(tiled);
  result.tiledValues.assign(tiled->result_begin(), tiled->result_end());
  return result;
}

static unsigned getInitNumber(Operation *op, unsigned resultNumber) {
  return cast<DestinationStyleOpInterface>(op).getDpsInitOperand(resultNumber)->getOperandNumber();
}

FailureOr<Box> colt5::getResultBox(OpBuilder &builder, Operation *op, const LoopSpace &space,
                                   unsigned resultNumber, ArrayRef<OpFoldResult> offsets,
                                   ArrayRef<OpFoldResult> sizes) {
  return getOperandBox(builder, op, space, getInitNumber(op, resultNumber), offsets, sizes);
}

Box colt5::getLoopBox(OpBuilder &builder, Operation *op, const LoopSpace &space, unsigned resultNumber,
                      ArrayRef<OpFoldResult> offsets, ArrayRef<OpFoldResult> sizes) {
  ArrayRef<DimMap> dims = space.operands[getInitNumber(op, resultNumber)];
  Box box;
  for (unsigned loop = 0; loop < space.iterators.size(); ++loop) {
    const DimMap *map =
        llvm::find_if(dims, [&](const DimMap &map) { return map.kind == DimMap::Loop && map.loop == loop; });
    if (map == dims.end()) {
      box.offsets.push_back(builder.getIndexAttr(0));
      box.sizes.push_back(getLoopSize(builder, op, space, loop));
    } else {
      box.offsets.push_back(offsets[map - dims.begin()]);
      box.sizes.push_back(sizes[map - dims.begin()]);
    }
  }
  return box;
}

/// The extent of dimension `dim` of `value` is read by `size`.
static bool isSizeOf(OpFoldResult size, Value value, int64_t dim) {
  auto dimOp = dyn_cast_or_null<tensor::DimOp>(llvm::dyn_cast_if_present<Value>(size).getDefiningOp());
  return dimOp && dimOp.getSource() == value && dimOp.getConstantIndex() == dim;
}

static bool isSame(OpFoldResult lhs, OpFoldResult rhs) {
  if (isEqualConstantIntOrValue(lhs, rhs))
    return true;
  // Two reads of one extent are two values until CSE.
  auto value = llvm::dyn_cast_if_present<Value>(lhs);
  auto dimOp = value ? value.getDefiningOp<tensor::DimOp>() : tensor::DimOp();
  return dimOp && dimOp.getConstantIndex() && isa<Value>(rhs) &&
         isSizeOf(rhs, dimOp.getSource(), *dimOp.getConstantIndex());
}

bool colt5::areSameSizes(ArrayRef<OpFoldResult> lhs, ArrayRef<OpFoldResult> rhs) {
  return lhs.size() == rhs.size() && llvm::all_of(llvm::zip_equal(lhs, rhs), [](auto pair) {
           return isSame(std::get<0>(pair), std::get<1>(pair));
         });
}

Value colt5::narrowTile(OpBuilder &builder, Location loc, Value tile, const Box &have, const Box &want) {
  if (areSameSizes(have.offsets, want.offsets) && areSameSizes(have.sizes, want.sizes))
    return tile;
  AffineExpr d0, d1;
  bindDims(builder.getContext(), d0, d1);
  SmallVector<OpFoldResult> offsets;
  for (auto [wanted, start] : llvm::zip_equal(want.offsets, have.offsets))
    offsets.push_back(affine::makeComposedFoldedAffineApply(builder, loc, d0 - d1, {wanted, start}));
  SmallVector<OpFoldResult> strides(offsets.size(), builder.getIndexAttr(1));
  return tensor::ExtractSliceOp::create(builder, loc, tile, offsets, want.sizes, strides);
}

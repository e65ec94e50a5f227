#include "colt5/Codegen/GPU/TiledLoop.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"

using namespace mlir;
using namespace mlir::colt5;

bool TileBox::isWhole(unsigned dim) const {
  if (!sizes[dim])
    return true;
  if (!isZeroInteger(offsets[dim]))
    return false;
  auto type = cast<RankedTensorType>(source.getType());
  if (!type.isDynamicDim(dim))
    return getConstantIntValue(sizes[dim]) == type.getDimSize(dim);
  FailureOr<bool> equal =
      ValueBoundsConstraintSet::areEqual({source, static_cast<int64_t>(dim)}, {sizes[dim]});
  return succeeded(equal) && *equal;
}

static bool hasUnitStrides(OffsetSizeAndStrideOpInterface slice) {
  return llvm::all_of(slice.getMixedStrides(), isOneInteger);
}

std::optional<TiledLoop> TiledLoop::read(scf::ForallOp loop, std::string &reason) {
  TiledLoop result(loop);
  for (Operation &op : loop.getBody()->without_terminator())
    if (!isa<tensor::ExtractSliceOp>(op) && llvm::any_of(op.getResultTypes(), llvm::IsaPred<TensorType>))
      result.computeOps.push_back(&op);
  result.outputs.resize(loop.getNumResults());
  for (Operation &op : loop.getTerminator().getYieldingOps()) {
    auto insert = dyn_cast<tensor::ParallelInsertSliceOp>(op);
    if (!insert || !hasUnitStrides(insert)) {
      reason = "a result is not written by tensor.parallel_insert_slice with unit strides";
      return std::nullopt;
    }
    OpResult tied = loop.getTiedOpResult(loop.getTiedOpOperand(cast<BlockArgument>(insert.getDest())));
    Output &output = result.outputs[tied.getResultNumber()];
    if (output.tile) {
      reason = "a result is written by more than one tensor.parallel_insert_slice";
      return std::nullopt;
    }
    output = {insert.getSource(),
              {result.toOutside(insert.getDest()), insert.getMixedOffsets(), insert.getMixedSizes()}};
  }
  if (llvm::any_of(result.outputs, [](const Output &output) { return !output.tile; })) {
    reason = "a result is not written";
    return std::nullopt;
  }
  return result;
}

std::optional<unsigned> TiledLoop::findOutput(Value value) const {
  for (auto [number, output] : llvm::enumerate(outputs))
    if (output.tile == value)
      return number;
  return std::nullopt;
}

Value TiledLoop::toOutside(Value value) const {
  auto argument = dyn_cast<BlockArgument>(value);
  if (argument && argument.getOwner() == loop.getBody() && isa<TensorType>(value.getType()))
    return loop.getTiedOpOperand(argument)->get();
  return value;
}

std::optional<TileBox> TiledLoop::locate(Value value) const {
  TileBox box;
  if (auto slice = value.getDefiningOp<tensor::ExtractSliceOp>();
      slice && loop->isProperAncestor(slice) && hasUnitStrides(slice) &&
      slice.getType().getRank() == slice.getSourceType().getRank())
    box = {toOutside(slice.getSource()), slice.getMixedOffsets(), slice.getMixedSizes()};
  else
    box.source = toOutside(value);
  if (loop.getRegion().isAncestor(box.source.getParentRegion()))
    return std::nullopt;
  auto type = dyn_cast<RankedTensorType>(box.source.getType());
  if (!type || !box.offsets.empty())
    return box;
  Builder builder(loop.getContext());
  for (int64_t size : type.getShape()) {
    box.offsets.push_back(builder.getIndexAttr(0));
    box.sizes.push_back(ShapedType::isDynamic(size) ? OpFoldResult() : builder.getIndexAttr(size));
  }
  return box;
}

std::optional<unsigned> TiledLoop::getPointDimension(const TileBox &box, unsigned dim) const {
  auto offset = dyn_cast<Value>(box.offsets[dim]);
  if (!offset || !box.sizes[dim] || getConstantIntValue(box.sizes[dim]) != 1)
    return std::nullopt;
  SmallVector<OpFoldResult> lowers = loop.getMixedLowerBound(), steps = loop.getMixedStep();
  for (auto [number, iv] : llvm::enumerate(loop.getInductionVars()))
    if (iv == offset && isZeroInteger(lowers[number]) && isOneInteger(steps[number]))
      return number;
  return std::nullopt;
}

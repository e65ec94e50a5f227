#include "InterpreterImpl.h"
#include "OperandShapes.h"
#include "Strided.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::reference;

namespace {
/// A box inside a tensor: where it starts and how to walk it.
struct Box {
  int64_t base = 0;
  SmallVector<int64_t> sizes, strides;
};
} // namespace

/// The box that a slice op addresses; an error on `op` when it leaves the tensor.
static FailureOr<Box> getBox(Operation *op, const Tensor &tensor, ArrayRef<int64_t> offsets,
                             ArrayRef<int64_t> sizes, ArrayRef<int64_t> strides) {
  Box box;
  SmallVector<int64_t> distances = getStrides(tensor.getShape());
  for (size_t d = 0; d < sizes.size(); ++d) {
    int64_t extent = tensor.getDim(d);
    // The last element is compared by division: products of user values may overflow.
    bool inside =
        offsets[d] >= 0 && sizes[d] >= 0 && offsets[d] <= extent && strides[d] >= 0 &&
        (sizes[d] == 0 || (offsets[d] < extent && (sizes[d] == 1 || strides[d] == 0 ||
                                                   (extent - 1 - offsets[d]) / strides[d] >= sizes[d] - 1)));
    if (!inside)
      return op->emitOpError("leaves its tensor: dimension ")
             << d << " has offset " << offsets[d] << ", size " << sizes[d] << " and stride " << strides[d]
             << " in an extent of " << extent;
    box.base += offsets[d] * distances[d];
    box.sizes.push_back(sizes[d]);
    box.strides.push_back(strides[d] * distances[d]);
  }
  return box;
}

static Tensor::Shape keepDims(ArrayRef<int64_t> sizes, const llvm::SmallBitVector &dropped) {
  Tensor::Shape shape;
  for (auto [d, size] : llvm::enumerate(sizes))
    if (!dropped.test(d))
      shape.push_back(size);
  return shape;
}

/// Writes `source` into the box of `target` that `op` names.
template <typename OpTy>
static LogicalResult insertSlice(OpTy op, const Tensor &source, Tensor &target, ArrayRef<int64_t> offsets,
                                 ArrayRef<int64_t> sizes, ArrayRef<int64_t> strides) {
  FailureOr<Box> box = getBox(op, target, offsets, sizes, strides);
  if (failed(box))
    return failure();
  if (keepDims(sizes, op.getDroppedDims()) != source.getShape())
    return op.emitOpError("writes a source of ")
           << describe(source) << " where the slice has sizes " << describeShape(Tensor::Shape(sizes));
  copyBox(source, 0, getStrides(sizes), target, box->base, box->strides, box->sizes);
  return success();
}

Interpreter::Outcome Interpreter::runSlice(Operation *op, Frame &frame) {
  if (auto extract = dyn_cast<tensor::ExtractSliceOp>(op)) {
    const Tensor &source = get(frame, extract.getSource());
    SmallVector<int64_t> sizes = getMixed(frame, extract.getMixedSizes());
    FailureOr<Box> box = getBox(op, source, getMixed(frame, extract.getMixedOffsets()), sizes,
                                getMixed(frame, extract.getMixedStrides()));
    if (failed(box))
      return failure();
    Tensor result(keepDims(sizes, extract.getDroppedDims()), source.getKind());
    copyBox(source, box->base, box->strides, result, 0, getStrides(sizes), box->sizes);
    return set(frame, extract.getResult(), std::move(result));
  }
  if (auto insert = dyn_cast<tensor::InsertSliceOp>(op)) {
    Tensor source = get(frame, insert.getSource());
    Tensor target = take(frame, insert.getDestMutable());
    if (failed(insertSlice(insert, source, target, getMixed(frame, insert.getMixedOffsets()),
                           getMixed(frame, insert.getMixedSizes()),
                           getMixed(frame, insert.getMixedStrides()))))
      return failure();
    return set(frame, insert.getResult(), std::move(target));
  }
  auto concat = dyn_cast<tensor::ConcatOp>(op);
  if (!concat)
    return std::nullopt;
  int64_t dim = concat.getDim(), base = 0;
  Tensor::Shape shape = get(frame, concat.getInputs().front()).getShape();
  shape[dim] = 0;
  for (Value input : concat.getInputs())
    shape[dim] += get(frame, input).getDim(dim);
  Tensor result(shape, get(frame, concat.getInputs().front()).getKind());
  SmallVector<int64_t> strides = getStrides(shape);
  for (Value value : concat.getInputs()) {
    const Tensor &input = get(frame, value);
    for (int64_t d = 0; d < input.getRank(); ++d)
      if (d != dim && input.getDim(d) != shape[d])
        return op->emitOpError("joins ")
               << describe(input) << " to extents " << describeShape(shape) << " along dimension " << dim;
    copyBox(input, 0, getStrides(input.getShape()), result, base, strides, input.getShape());
    base += input.getDim(dim) * strides[dim];
  }
  return set(frame, concat.getResult(), std::move(result));
}

LogicalResult Interpreter::runCombining(Operation *op, Frame &frame,
                                        llvm::function_ref<Tensor &(Value)> getTarget) {
  if (auto scatter = dyn_cast<ParallelScatterOp>(op))
    return runParallelScatter(scatter, frame, getTarget(scatter.getDest()));
  auto insert = dyn_cast<tensor::ParallelInsertSliceOp>(op);
  if (!insert)
    return op->emitOpError("is not a combining op the reference knows");
  return insertSlice(insert, get(frame, insert.getSource()), getTarget(insert.getDest()),
                     getMixed(frame, insert.getMixedOffsets()), getMixed(frame, insert.getMixedSizes()),
                     getMixed(frame, insert.getMixedStrides()));
}

LogicalResult Interpreter::runParallelScatter(ParallelScatterOp op, Frame &frame, Tensor &target) {
  const Tensor &updates = get(frame, op.getUpdates()), &indices = get(frame, op.getIndices());
  const Tensor *valid = getOptional(frame, op.getValid()), *weight = getOptional(frame, op.getWeight());
  OperandShapes shapes(op);
  StringRef slots = updates.getRank() == 3 ? "BK" : "BRK";
  shapes.fit(&updates, "updates", {"BKD", "BRKD"}).fit(&indices, "idx", {slots});
  shapes.fit(valid, "valid", {slots}).fit(weight, "weight", {slots});
  if (failed(shapes.check()))
    return failure();
  // The box of the result that the tile owns, as a tensor of its own for the time of the update.
  SmallVector<int64_t> offsets = {getIndex(frame, op.getBatch()), 0, getIndex(frame, op.getColumn())};
  SmallVector<int64_t> sizes = {shapes['B'], target.getDim(1), shapes['D']}, ones(3, 1);
  FailureOr<Box> box = getBox(op, target, offsets, sizes, ones);
  if (failed(box))
    return failure();
  Tensor part(Tensor::Shape(sizes.begin(), sizes.end()), target.getKind());
  copyBox(target, box->base, box->strides, part, 0, getStrides(sizes), sizes);
  part = scatterCombine(updates, indices, valid, weight, std::move(part),
                        op.getCombine() == CombineKind::Set ? Combine::Set : Combine::Add, getRounding(),
                        errorWord);
  copyBox(part, 0, getStrides(sizes), target, box->base, box->strides, sizes);
  return success();
}

LogicalResult Interpreter::runPad(tensor::PadOp op, Frame &frame) {
  const Tensor source = get(frame, op.getSource());
  SmallVector<int64_t> low = getMixed(frame, op.getMixedLowPad()),
                       high = getMixed(frame, op.getMixedHighPad());
  Value padding = op.getConstantPaddingValue();
  if (!padding)
    return op.emitOpError(
        "pads with a value that depends on the position, which the reference does not support");
  // A constant padding value may be defined inside the region.
  if (padding.getParentRegion() == &op.getRegion() && failed(runBody(op.getRegion().front(), frame)))
    return failure();
  Tensor value = get(frame, padding);
  Tensor::Shape shape;
  int64_t base = 0;
  for (int64_t d = 0; d < source.getRank(); ++d) {
    if (low[d] < 0 || high[d] < 0)
      return op.emitOpError("expects paddings >= 0, found ")
             << low[d] << " and " << high[d] << " in dimension " << d;
    shape.push_back(low[d] + source.getDim(d) + high[d]);
  }
  Tensor result = filled(shape, source.getKind(), value.getAsDouble(0));
  SmallVector<int64_t> strides = getStrides(shape);
  for (int64_t d = 0; d < source.getRank(); ++d)
    base += low[d] * strides[d];
  copyBox(source, 0, getStrides(source.getShape()), result, base, strides, source.getShape());
  return set(frame, op.getResult(), std::move(result));
}

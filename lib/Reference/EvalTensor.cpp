#include "InterpreterImpl.h"
#include "Strided.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::reference;

/// The shape of a tensor type with its dynamic extents filled in order; an error when one is negative.
static FailureOr<Tensor::Shape> getShape(Operation *op, RankedTensorType type,
                                         ArrayRef<int64_t> dynamicSizes) {
  Tensor::Shape shape;
  int64_t elements = 1;
  for (int64_t extent : type.getShape()) {
    if (ShapedType::isDynamic(extent)) {
      extent = dynamicSizes.front();
      dynamicSizes = dynamicSizes.drop_front();
    }
    if (extent < 0)
      return op->emitOpError("expects extents >= 0, found ") << extent;
    if (llvm::MulOverflow(elements, extent, elements) || elements > (int64_t(1) << 40))
      return op->emitOpError("makes a tensor of more than 2^40 elements");
    shape.push_back(extent);
  }
  return shape;
}

/// Linear position of the indices; an error when one is out of bounds.
static FailureOr<int64_t> getPosition(Operation *op, const Tensor &tensor, ArrayRef<int64_t> indices) {
  int64_t position = 0;
  for (auto [d, index] : llvm::enumerate(indices)) {
    if (index < 0 || index >= tensor.getDim(d))
      return op->emitOpError("has index ")
             << index << " in dimension " << d << ", out of bounds for " << describe(tensor);
    position = position * tensor.getDim(d) + index;
  }
  return position;
}

static void copyElement(const Tensor &source, int64_t from, Tensor &target, int64_t to) {
  if (source.isFloat())
    target.mutableFloats()[to] = source.floats()[from];
  else
    target.mutableInts()[to] = source.ints()[from];
}

LogicalResult Interpreter::runGenerate(tensor::GenerateOp op, Frame &frame) {
  auto type = cast<RankedTensorType>(op.getType());
  FailureOr<Tensor::Shape> shape = getShape(op, type, getIndices(frame, op.getDynamicExtents()));
  if (failed(shape))
    return failure();
  std::optional<ElementKind> kind = getElementKind(type.getElementType());
  if (!kind)
    return op.emitOpError("has an element type the reference does not support");
  Tensor result(*shape, *kind);
  SmallVector<int64_t> strides = getStrides(*shape);
  Block &body = op.getBody().front();
  for (int64_t at = 0; at < result.getNumElements(); ++at) {
    for (auto [d, argument] : llvm::enumerate(body.getArguments()))
      frame[argument] = Tensor::scalar(at / strides[d] % (*shape)[d], ElementKind::Index);
    SmallVector<Tensor> yielded;
    if (failed(runBlock(body, frame, yielded)))
      return failure();
    copyElement(yielded[0], 0, result, at);
  }
  return set(frame, op.getResult(), std::move(result));
}

/// The value regrouped to the extents of `type`; dynamic extents follow from the groups or from `sizes`.
static FailureOr<Tensor::Shape> regroup(Operation *op, const Tensor &source, RankedTensorType type,
                                        ArrayRef<ReassociationIndices> groups, bool collapses,
                                        ArrayRef<int64_t> sizes) {
  Tensor::Shape shape;
  // The product of a group; negative where it does not fit.
  auto multiply = [](const ReassociationIndices &group, ArrayRef<int64_t> extents) {
    int64_t product = 1;
    bool overflows = false;
    for (int64_t i : group)
      overflows |= extents[i] < 0 || llvm::MulOverflow(product, extents[i], product);
    return overflows ? -1 : product;
  };
  if (collapses) {
    for (const ReassociationIndices &group : groups) {
      shape.push_back(multiply(group, source.getShape()));
      if (shape.back() < 0)
        return op->emitOpError("collapses ") << describe(source) << " to more elements than 64 bits count";
    }
    return shape;
  }
  shape.assign(sizes.begin(), sizes.end());
  for (auto [d, group] : llvm::enumerate(groups)) {
    if (multiply(group, shape) != source.getDim(d))
      return op->emitOpError("expands ") << describe(source) << " to " << describeShape(shape)
                                         << ", which has another number of elements in dimension " << d;
  }
  return shape;
}

Interpreter::Outcome Interpreter::runTensor(Operation *op, Frame &frame) {
  auto makeEmpty = [&](ValueRange dynamicSizes) -> LogicalResult {
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    std::optional<ElementKind> kind = getElementKind(type.getElementType());
    if (!kind)
      return op->emitOpError("has type ") << type << ", which the reference does not support";
    FailureOr<Tensor::Shape> shape = getShape(op, type, getIndices(frame, dynamicSizes));
    return failed(shape) ? failure() : set(frame, op->getResult(0), Tensor(*shape, *kind));
  };
  return llvm::TypeSwitch<Operation *, Outcome>(op)
      .Case([&](tensor::EmptyOp empty) { return makeEmpty(empty.getDynamicSizes()); })
      .Case([&](bufferization::AllocTensorOp alloc) -> LogicalResult {
        if (alloc.getCopy())
          return set(frame, alloc.getResult(), get(frame, alloc.getCopy()));
        return makeEmpty(alloc.getDynamicSizes());
      })
      .Case([&](tensor::DimOp dim) -> LogicalResult {
        const Tensor &source = get(frame, dim.getSource());
        int64_t d = getIndex(frame, dim.getIndex());
        if (d < 0 || d >= source.getRank())
          return op->emitOpError("asks for dimension ") << d << " of " << describe(source);
        return set(frame, dim.getResult(), Tensor::scalar(source.getDim(d), ElementKind::Index));
      })
      .Case([&](tensor::RankOp rank) {
        return set(frame, rank.getResult(),
                   Tensor::scalar(get(frame, rank.getTensor()).getRank(), ElementKind::Index));
      })
      .Case([&](tensor::CastOp cast) { return set(frame, cast.getResult(), get(frame, cast.getSource())); })
      .Case([&](tensor::ExtractOp extract) -> LogicalResult {
        const Tensor &source = get(frame, extract.getTensor());
        FailureOr<int64_t> at = getPosition(op, source, getIndices(frame, extract.getIndices()));
        if (failed(at))
          return failure();
        Tensor result({}, source.getKind());
        copyElement(source, *at, result, 0);
        return set(frame, extract.getResult(), std::move(result));
      })
      .Case([&](tensor::InsertOp insert) -> LogicalResult {
        Tensor scalar = get(frame, insert.getScalar());
        FailureOr<int64_t> at =
            getPosition(op, get(frame, insert.getDest()), getIndices(frame, insert.getIndices()));
        if (failed(at))
          return failure();
        Tensor target = take(frame, insert.getDestMutable());
        copyElement(scalar, 0, target, *at);
        return set(frame, insert.getResult(), std::move(target));
      })
      .Case([&](tensor::FromElementsOp from) -> LogicalResult {
        std::optional<ElementKind> kind = getElementKind(from.getType().getElementType());
        if (!kind)
          return op->emitOpError("has an element type the reference does not support");
        Tensor result(Tensor::Shape(from.getType().getShape()), *kind);
        for (auto [i, element] : llvm::enumerate(from.getElements()))
          copyElement(get(frame, element), 0, result, i);
        return set(frame, from.getResult(), std::move(result));
      })
      .Case([&](tensor::SplatOp splat) -> LogicalResult {
        FailureOr<Tensor::Shape> shape =
            getShape(op, cast<RankedTensorType>(splat.getType()), getIndices(frame, splat.getDynamicSizes()));
        if (failed(shape))
          return failure();
        const Tensor &value = get(frame, splat.getInput());
        Tensor result(*shape, value.getKind());
        if (value.isFloat())
          std::fill_n(result.mutableFloats(), result.getNumElements(), value.floats()[0]);
        else
          std::fill_n(result.mutableInts(), result.getNumElements(), value.ints()[0]);
        return set(frame, splat.getResult(), std::move(result));
      })
      .Case([&](tensor::CollapseShapeOp collapse) -> LogicalResult {
        const Tensor &source = get(frame, collapse.getSrc());
        FailureOr<Tensor::Shape> shape = regroup(op, source, collapse.getResultType(),
                                                 collapse.getReassociationIndices(), /*collapses=*/true, {});
        return failed(shape) ? failure() : set(frame, collapse.getResult(), source.reshaped(*shape));
      })
      .Case([&](tensor::ExpandShapeOp expand) -> LogicalResult {
        const Tensor &source = get(frame, expand.getSrc());
        SmallVector<int64_t> sizes =
            getMixed(frame, mlir::getMixedValues(expand.getStaticOutputShape(), expand.getOutputShape(),
                                                 expand.getContext()));
        FailureOr<Tensor::Shape> shape = regroup(
            op, source, expand.getResultType(), expand.getReassociationIndices(), /*collapses=*/false, sizes);
        return failed(shape) ? failure() : set(frame, expand.getResult(), source.reshaped(*shape));
      })
      .Case([&](tensor::ReshapeOp reshape) -> LogicalResult {
        const Tensor &source = get(frame, reshape.getSource()), &target = get(frame, reshape.getShape());
        Tensor::Shape shape(target.ints(), target.ints() + target.getNumElements());
        int64_t count = 1;
        bool negative = false;
        for (int64_t extent : shape) {
          negative |= extent < 0 || llvm::MulOverflow(count, extent, count);
        }
        if (negative || count != source.getNumElements())
          return op->emitOpError("reshapes ") << describe(source) << " to " << describeShape(shape);
        return set(frame, reshape.getResult(), source.reshaped(shape));
      })
      .Case([&](tensor::GatherOp gatherOp) -> LogicalResult {
        // Only whole rows: the spelling that the compiler raises to colt5.gather.
        const Tensor &source = get(frame, gatherOp.getSource()), &indices = get(frame, gatherOp.getIndices());
        ArrayRef<int64_t> dims = gatherOp.getGatherDims();
        SmallVector<int64_t> strides = getStrides(source.getShape()),
                             sizes(ArrayRef<int64_t>(source.getShape()));
        for (int64_t d : dims)
          sizes[d] = 1;
        FailureOr<Tensor::Shape> shape =
            Tensor::Shape(indices.getShape().begin(), indices.getShape().end() - 1);
        bool keepsUnits = gatherOp.getResultType().getRank() == source.getRank() + indices.getRank() - 1;
        for (auto [d, size] : llvm::enumerate(sizes))
          if (keepsUnits || !llvm::is_contained(dims, int64_t(d)))
            shape->push_back(size);
        Tensor result(*shape, source.getKind());
        int64_t depth = dims.size(), width = 1;
        for (int64_t size : sizes)
          width *= size;
        for (int64_t at = 0; at < indices.getNumElements() / std::max<int64_t>(depth, 1); ++at) {
          int64_t base = 0;
          for (auto [i, d] : llvm::enumerate(dims)) {
            int64_t index = indices.ints()[at * depth + i];
            if (index < 0 || index >= source.getDim(d))
              return op->emitOpError("has index ")
                     << index << " in dimension " << d << ", out of bounds for " << describe(source);
            base += index * strides[d];
          }
          copyBox(source, base, strides, result, at * width, getStrides(sizes), sizes);
        }
        return set(frame, gatherOp.getResult(), std::move(result));
      })
      .Case([&](tensor::GenerateOp generate) { return runGenerate(generate, frame); })
      .Case([&](tensor::PadOp pad) { return runPad(pad, frame); })
      .Default([](Operation *) { return std::nullopt; });
}

#include "colt5/Dialect/Colt5/IR/Colt5.h"

using namespace mlir;
using namespace mlir::colt5;
using colt5::detail::OperandVerifier;

using colt5::detail::getSizeRefs;
using colt5::detail::SizeRef;
using colt5::detail::SizeRule;

static ArrayRef<int64_t> shapeOf(Value value) { return cast<ShapedType>(value.getType()).getShape(); }

/// All dimensions but the last one.
static SmallVector<SizeRef> getLeadingRefs(Value value) {
  SmallVector<SizeRef> refs = getSizeRefs(value);
  refs.pop_back();
  return refs;
}

//===----------------------------------------------------------------------===//
// gather
//===----------------------------------------------------------------------===//

LogicalResult GatherOp::verify(OperandVerifier &v) {
  Builder b(getContext());
  if (failed(v.numOuts("gather_c0", getOuts().size(), 1, 1)))
    return failure();
  Value out = getOuts()[0];
  ArrayRef<int64_t> source = shapeOf(getSource()), idx = shapeOf(getIndices());
  int64_t batch = getBatchDims();
  if (batch < 0 || batch >= int64_t(source.size()) || batch > int64_t(idx.size()))
    return emitOpError() << "gather_c1: expected 0 <= batch_dims < " << source.size()
                         << " (the rank of source) and at most " << idx.size() << " (the rank of idx), found "
                         << batch;
  if (!colt5::detail::isCompatible(source.take_front(batch), idx.take_front(batch)))
    return emitOpError() << "gather_c2: expected idx to have the batch dimensions "
                         << colt5::detail::formatShape(source.take_front(batch)) << " of source, found "
                         << colt5::detail::formatShape(idx.take_front(batch));
  SmallVector<SizeRef> rows = getSizeRefs(getIndices()), sourceRefs = getSizeRefs(getSource());
  v.same(ArrayRef(rows).take_front(batch), sourceRefs);
  SmallVector<SizeRef> expected(rows);
  for (int64_t i = 0; i < batch; ++i)
    if (ShapedType::isDynamic(idx[i]))
      expected[i] = sourceRefs[i];
  llvm::append_range(expected, ArrayRef(sourceRefs).drop_front(batch + 1));
  if (failed(v.shape("gather_c3", "outs", out, expected, "(idx, then the rest of source)")))
    return failure();

  Type type = getElementTypeOrSelf(getSource().getType());
  if (failed(v.elementType("gather_c4", "idx", getIndices(), {b.getI32Type()})) ||
      failed(v.elementType("gather_c4", "valid", getValid(), {b.getI1Type()})) ||
      failed(v.shape("gather_c4", "valid", getValid(), rows, "like idx")) ||
      failed(v.floatType("gather_c4", "scale", getScale())) ||
      failed(v.shape("gather_c4", "scale", getScale(), rows, "like idx")) ||
      failed(v.elementType("gather_c5", "outs", out, {type})))
    return failure();
  if (!type.isIntOrIndexOrFloat())
    return emitOpError()
           << "gather_c5: expected source to hold integers, indices or floating-point numbers, found "
           << type;
  if (getScale() && !isa<FloatType>(type))
    return emitOpError() << "gather_c5: expected a floating-point source with scale, found " << type;
  if (failed(v.named("gather_c7", sourceRefs[batch])))
    return failure();
  return v.indices("gather_c6", "idx", getIndices(), source[batch]);
}

//===----------------------------------------------------------------------===//
// scatter_combine
//===----------------------------------------------------------------------===//

LogicalResult ScatterCombineOp::verify(OperandVerifier &v) {
  Builder b(getContext());
  if (failed(v.numOuts("scatter_combine_c0", getOuts().size(), 1, 1)))
    return failure();
  Value base = getOuts()[0];
  if (failed(v.rank("scatter_combine_c1", "y", getUpdates(), {3, 4})))
    return failure();
  SmallVector<SizeRef> rows = getLeadingRefs(getUpdates()), slots = getSizeRefs(getIndices());
  if (failed(v.shape("scatter_combine_c1", "idx", getIndices(), rows, "(y without D)")) ||
      failed(v.floatType("scatter_combine_c4", "y", getUpdates())) ||
      failed(v.floatType("scatter_combine_c4", "base", base)))
    return failure();
  Type score = getScoreType(getElementTypeOrSelf(getUpdates().getType()));
  if (failed(v.elementType("scatter_combine_c2", "idx", getIndices(), {b.getI32Type()})) ||
      failed(v.elementType("scatter_combine_c2", "valid", getValid(), {b.getI1Type()})) ||
      failed(v.shape("scatter_combine_c2", "valid", getValid(), slots, "like idx")) ||
      failed(v.elementType("scatter_combine_c2", "weight", getWeight(), {score})) ||
      failed(v.shape("scatter_combine_c2", "weight", getWeight(), slots, "like idx")) ||
      failed(v.rank("scatter_combine_c3", "base", base, {3})) ||
      failed(v.shape("scatter_combine_c3", "y", getUpdates(), {"BKD", "BRKD"})) ||
      failed(v.shape("scatter_combine_c3", "base", base, {"BND"})))
    return failure();
  if (failed(v.named("scatter_combine_c6", 'N')))
    return failure();
  return v.indices("scatter_combine_c5", "idx", getIndices(), v.getSize('N'));
}

//===----------------------------------------------------------------------===//
// block_summary
//===----------------------------------------------------------------------===//

LogicalResult BlockSummaryOp::verify(OperandVerifier &v) {
  Builder b(getContext());
  if (failed(v.numOuts("block_summary_c1", getOuts().size(), 3, 3)))
    return failure();
  Value summary = getOuts()[0], valid = getOuts()[1], block = getOuts()[2];
  if (failed(v.rank("block_summary_c1", "x", getX(), {3})) ||
      failed(v.rank("block_summary_c1", "summary", summary, {3})) ||
      failed(v.rank("block_summary_c1", "valid", valid, {2})) ||
      failed(v.rank("block_summary_c1", "block", block, {2})) ||
      failed(v.floatType("block_summary_c2", "x", getX())))
    return failure();
  Type type = getElementTypeOrSelf(getX().getType());
  if (failed(v.elementType("block_summary_c2", "summary", summary, {type})) ||
      failed(v.elementType("block_summary_c2", "valid", valid, {b.getI1Type()})) ||
      failed(v.elementType("block_summary_c2", "block", block, {b.getI32Type()})) ||
      failed(v.elementType("block_summary_c2", "mask", getMask(), {b.getI1Type()})))
    return failure();
  int64_t size = getSize();
  if (size < 1)
    return emitOpError() << "block_summary_c4: expected size >= 1, found " << size;
  if (failed(v.shape("block_summary_c3", "x", getX(), {"BND"})) ||
      failed(v.shape("block_summary_c3", "mask", getMask(), {"BN"})) ||
      failed(v.shape("block_summary_c3", "block", block, {"BN"})))
    return failure();
  if (failed(v.shape("block_summary_c3", "summary", summary, {"BPD"})) ||
      failed(v.rule({"block_summary_c3", "P", "the number of full blocks", SizeRule::Equal, v.getPlace('P'),
                     v.getPlace('N'), size})) ||
      failed(v.shape("block_summary_c3", "valid", valid, {"BP"})))
    return failure();
  return v.named("block_summary_c5", 'N');
}

//===----------------------------------------------------------------------===//
// rms_scale, rms_norm
//===----------------------------------------------------------------------===//

LogicalResult RmsScaleOp::verify(OperandVerifier &v) {
  Builder b(getContext());
  if (failed(v.numOuts("rms_scale_c0", getOuts().size(), 1, 1)))
    return failure();
  ArrayRef<int64_t> shape = shapeOf(getX());
  if (shape.empty())
    return emitOpError() << "rms_scale_c1: expected x to have a last dimension D, found no dimensions";
  SmallVector<SizeRef> rows = getLeadingRefs(getX());
  if (failed(v.shape("rms_scale_c1", "outs", getOuts()[0], rows, "(x without D)")) ||
      failed(v.shape("rms_scale_c1", "mask", getMask(), rows, "(x without D)")) ||
      failed(v.floatType("rms_scale_c2", "x", getX())))
    return failure();
  Type score = getScoreType(getElementTypeOrSelf(getX().getType()));
  if (failed(v.elementType("rms_scale_c2", "outs", getOuts()[0], {score})) ||
      failed(v.elementType("rms_scale_c2", "mask", getMask(), {b.getI1Type()})))
    return failure();
  if (!getEps().isFinite() || getEps().isNegative())
    return emitOpError() << "rms_scale_c3: expected a finite eps >= 0, found " << getEps().convertToDouble();
  return success();
}

LogicalResult RmsNormOp::verify(OperandVerifier &v) {
  Builder b(getContext());
  if (failed(v.numOuts("rms_norm_c0", getOuts().size(), 1, 1)) ||
      failed(v.floatType("rms_norm_c1", "x", getX())))
    return failure();
  Type type = getElementTypeOrSelf(getX().getType());
  ArrayRef<int64_t> shape = shapeOf(getX());
  if (shape.empty())
    return emitOpError() << "rms_norm_c1: expected x to have a last dimension D, found no dimensions";
  SmallVector<SizeRef> sizes = getSizeRefs(getX());
  if (failed(v.shape("rms_norm_c1", "outs", getOuts()[0], sizes, "like x")) ||
      failed(v.elementType("rms_norm_c1", "outs", getOuts()[0], {type})) ||
      failed(v.shape("rms_norm_c2", "g", getG(), sizes.back(), "(the width of x)")) ||
      failed(v.elementType("rms_norm_c2", "g", getG(), {type, b.getF32Type()})) ||
      failed(v.shape("rms_norm_c3", "mask", getMask(), getLeadingRefs(getX()), "(x without D)")) ||
      failed(v.elementType("rms_norm_c3", "mask", getMask(), {b.getI1Type()})))
    return failure();
  if (!getEps().isFinite() || getEps().isNegative())
    return emitOpError() << "rms_norm_c4: expected a finite eps >= 0, found " << getEps().convertToDouble();
  return success();
}

//===----------------------------------------------------------------------===//
// rope
//===----------------------------------------------------------------------===//

LogicalResult RopeOp::verify(OperandVerifier &v) {
  Builder b(getContext());
  if (failed(v.numOuts("rope_c0", getOuts().size(), 1, 1)) || failed(v.rank("rope_c1", "x", getX(), {4})) ||
      failed(v.floatType("rope_c1", "x", getX())) || failed(v.shape("rope_c1", "x", getX(), {"BHQC"})) ||
      failed(v.shape("rope_c1", "outs", getOuts()[0], {"BHQC"})) ||
      failed(v.elementType("rope_c1", "outs", getOuts()[0], {getElementTypeOrSelf(getX().getType())})) ||
      failed(v.elementType("rope_c2", "pos", getPos(), {b.getI32Type()})) ||
      failed(v.shape("rope_c2", "pos", getPos(), {"BQ", "BGQ"})) || failed(v.multiple("rope_c2", 'H', 'G')) ||
      failed(v.rule({"rope_c3", "C", "", SizeRule::Multiple, v.getPlace('C'), {}, 2})))
    return failure();
  if (!getTheta().isFinite() || getTheta().isNegative() || getTheta().isZero())
    return emitOpError() << "rope_c4: expected a finite theta > 0, found " << getTheta().convertToDouble();
  return success();
}

#include "RaiseGather.h"
#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "colt5/Dialect/Colt5/Interfaces/Aggregated.h"
#include "colt5/Stages/Common/Kernels.h"
#include "colt5/Stages/Input/Passes.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5RAISEGATHER
#include "colt5/Stages/Input/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

/// Whether dimension `i` of `a` and dimension `j` of `b` are provably equal.
static bool isSameSize(Value a, int64_t i, Value b, int64_t j) {
  int64_t sizeA = cast<ShapedType>(a.getType()).getDimSize(i),
          sizeB = cast<ShapedType>(b.getType()).getDimSize(j);
  if (!ShapedType::isDynamic(sizeA) && !ShapedType::isDynamic(sizeB))
    return sizeA == sizeB;
  FailureOr<bool> equal = ValueBoundsConstraintSet::areEqual({a, i}, {b, j});
  return succeeded(equal) && *equal;
}

/// Converts a tensor of indices of any integer type to i32, the index type of the dialect.
static Value convertIndices(OpBuilder &builder, Location loc, Value indices) {
  auto type = cast<RankedTensorType>(indices.getType());
  Type i32 = builder.getI32Type();
  if (type.getElementType() == i32)
    return indices;
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, indices);
  Value init = tensor::EmptyOp::create(builder, loc, sizes, i32);
  AffineMap map = builder.getMultiDimIdentityMap(type.getRank());
  SmallVector<utils::IteratorType> iterators(type.getRank(), utils::IteratorType::parallel);
  auto generic =
      linalg::GenericOp::create(builder, loc, init.getType(), indices, init, {map, map}, iterators,
                                [&](OpBuilder &b, Location l, ValueRange args) {
                                  Value converted =
                                      args[0].getType().isIndex()
                                          ? arith::IndexCastOp::create(b, l, i32, args[0]).getResult()
                                      : args[0].getType().getIntOrFloatBitWidth() > 32
                                          ? arith::TruncIOp::create(b, l, i32, args[0]).getResult()
                                          : arith::ExtSIOp::create(b, l, i32, args[0]).getResult();
                                  linalg::YieldOp::create(b, l, converted);
                                });
  return generic.getResult(0);
}

Value colt5::detail::createGather(OpBuilder &builder, Location loc, Value source, Value indices, Value init,
                                  int64_t batchDims) {
  Value idx = convertIndices(builder, loc, indices);
  SmallVector<Value> operands{source, idx, init};
  OperationState state(loc, GatherOp::getOperationName(), operands, init.getType());
  GatherOp::Properties &properties = state.getOrAddProperties<GatherOp::Properties>();
  llvm::copy(ArrayRef<int32_t>({1, 1, 0, 0, 1}), properties.operandSegmentSizes.begin());
  properties.batch_dims = builder.getI64IntegerAttr(batchDims);
  return builder.create(state)->getResult(0);
}

namespace {
//===----------------------------------------------------------------------===//
// linalg.generic + tensor.extract
//===----------------------------------------------------------------------===//

/// `value` is `linalg.index dim`, through index casts.
static bool isLoopIndex(Value value, int64_t dim) {
  while (auto cast = value.getDefiningOp<arith::IndexCastOp>())
    value = cast.getIn();
  auto index = value.getDefiningOp<linalg::IndexOp>();
  return index && int64_t(index.getDim()) == dim;
}

/// The map is (d0, ..., dn) -> (d0, ..., dk).
static bool isLeadingProjection(AffineMap map) {
  for (auto [i, expr] : llvm::enumerate(map.getResults())) {
    auto dim = dyn_cast<AffineDimExpr>(expr);
    if (!dim || dim.getPosition() != i)
      return false;
  }
  return true;
}

/// The tensor whose element at the leading loop indices is `value`, or null.
static Value getIndexTensor(linalg::GenericOp op, Value value) {
  while (true) {
    if (auto cast = value.getDefiningOp<arith::IndexCastOp>())
      value = cast.getIn();
    else if (auto ext = value.getDefiningOp<arith::ExtSIOp>())
      value = ext.getIn();
    else
      break;
  }
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    if (argument.getOwner() != op.getBody() || int64_t(argument.getArgNumber()) >= op.getNumDpsInputs())
      return {};
    OpOperand &operand = op->getOpOperand(argument.getArgNumber());
    return isLeadingProjection(op.getMatchingIndexingMap(&operand)) ? operand.get() : Value();
  }
  auto extract = value.getDefiningOp<tensor::ExtractOp>();
  if (!extract || extract->getBlock() != op.getBody())
    return {};
  for (auto [i, index] : llvm::enumerate(extract.getIndices()))
    if (!isLoopIndex(index, i))
      return {};
  // A tensor that is only read at some points may be larger than the loop.
  Value tensor = extract.getTensor(), init = op.getDpsInits()[0];
  for (int64_t i = 0, rank = extract.getIndices().size(); i < rank; ++i)
    if (!isSameSize(tensor, i, init, i))
      return {};
  return tensor;
}

struct RaiseGeneric : OpRewritePattern<linalg::GenericOp> {
  Pass::Statistic &count;
  RaiseGeneric(MLIRContext *context, Pass::Statistic &count) : OpRewritePattern(context), count(count) {}

  LogicalResult matchAndRewrite(linalg::GenericOp op, PatternRewriter &rewriter) const override {
    if (!op.hasPureTensorSemantics() || op.getNumDpsInits() != 1 ||
        op.getNumParallelLoops() != op.getNumLoops() ||
        !op.getMatchingIndexingMap(op.getDpsInitOperand(0)).isIdentity())
      return rewriter.notifyMatchFailure(op, "not an elementwise loop over one result tensor");
    auto yield = cast<linalg::YieldOp>(op.getBody()->getTerminator());
    auto extract = yield.getOperand(0).getDefiningOp<tensor::ExtractOp>();
    if (!extract || extract->getBlock() != op.getBody())
      return rewriter.notifyMatchFailure(op, "does not yield an extracted element");
    Value source = extract.getTensor(), init = op.getDpsInits()[0];
    if (op->isAncestor(source.getParentBlock()->getParentOp()) ||
        !getElementTypeOrSelf(source.getType()).isIntOrIndexOrFloat())
      return rewriter.notifyMatchFailure(op, "the source is computed inside the loop or holds no scalars");

    // Leading coordinates that are loop indices are the batch; then comes the index; then the row.
    OperandRange coordinates = extract.getIndices();
    int64_t rank = coordinates.size(), batch = 0;
    while (batch < rank && isLoopIndex(coordinates[batch], batch))
      ++batch;
    if (batch == rank)
      return rewriter.notifyMatchFailure(op, "no coordinate is an index");
    Value indices = getIndexTensor(op, coordinates[batch]);
    if (!indices)
      return rewriter.notifyMatchFailure(op,
                                         "the index is not read from a tensor at the leading loop indices");
    int64_t indexRank = cast<ShapedType>(indices.getType()).getRank();
    if (indexRank < batch || indexRank + rank - batch - 1 != int64_t(op.getNumLoops()))
      return rewriter.notifyMatchFailure(op, "the loops are not those of indices and row");
    for (int64_t i = 0; i < batch; ++i)
      if (!isSameSize(source, i, init, i))
        return rewriter.notifyMatchFailure(op, "the batch of the source is larger than the loop");
    for (int64_t i = batch + 1; i < rank; ++i) {
      int64_t loop = indexRank + i - batch - 1;
      if (!isLoopIndex(coordinates[i], loop) || !isSameSize(source, i, init, loop))
        return rewriter.notifyMatchFailure(op, "not whole rows");
    }
    Value gather = colt5::detail::createGather(rewriter, op.getLoc(), source, indices, init, batch);
    // The loops of the gather are those of the op.
    for (StringRef name : {StringRef(kPlanAttr), StringRef(kPartAttr)})
      if (Attribute attr = op->getDiscardableAttr(name))
        gather.getDefiningOp()->setDiscardableAttr(name, attr);
    rewriter.replaceOp(op, gather);
    ++count;
    return success();
  }
};

struct RaiseGather final : colt5::impl::Colt5RaiseGatherBase<RaiseGather> {
  using Colt5RaiseGatherBase::Colt5RaiseGatherBase;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    colt5::detail::populateRaiseTensorGatherPatterns(patterns, numTensorGather);
    patterns.add<RaiseGeneric>(&getContext(), numGeneric);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns)))) {
      getOperation()->emitError("colt5-raise-gather: the rewrite did not converge");
      signalPassFailure();
    }
  }
};
} // namespace

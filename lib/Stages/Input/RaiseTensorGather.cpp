#include "RaiseGather.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

/// Brings the gathered dimensions to the front, where `tensor.gather` puts the dimensions of the indices.
static Value moveToFront(OpBuilder &builder, Location loc, Value source, ArrayRef<int64_t> dims) {
  int64_t rank = cast<RankedTensorType>(source.getType()).getRank();
  SmallVector<int64_t> permutation(dims);
  for (int64_t i = 0; i < rank; ++i)
    if (!llvm::is_contained(dims, i))
      permutation.push_back(i);
  if (llvm::is_sorted(permutation))
    return source;
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, source), permuted;
  for (int64_t i : permutation)
    permuted.push_back(sizes[i]);
  Value init = tensor::EmptyOp::create(builder, loc, permuted, getElementTypeOrSelf(source.getType()));
  return linalg::TransposeOp::create(builder, loc, source, init, permutation)->getResult(0);
}

/// Merges the leading `count` dimensions of a tensor into one.
static Value mergeLeading(OpBuilder &builder, Location loc, Value source, int64_t count) {
  if (count == 1)
    return source;
  SmallVector<ReassociationIndices> groups(1);
  for (int64_t i = 0, rank = cast<RankedTensorType>(source.getType()).getRank(); i < rank; ++i) {
    if (i < count)
      groups[0].push_back(i);
    else
      groups.push_back({i});
  }
  return tensor::CollapseShapeOp::create(builder, loc, source, groups);
}

/// Turns coordinates [I..., m] into row numbers [I...] of a tensor whose leading m dimensions, of the given
/// sizes, are merged. Batch coordinates (an iota beside the index) are coordinates like any other.
static Value linearize(OpBuilder &builder, Location loc, Value coordinates, ArrayRef<int64_t> sizes) {
  auto type = cast<RankedTensorType>(coordinates.getType());
  int64_t rank = type.getRank() - 1;
  Type elementType = type.getElementType();
  SmallVector<OpFoldResult> shape = tensor::getMixedSizes(builder, loc, coordinates);
  shape.pop_back();
  Type rowType = elementType.isIndex() ? elementType : Type(builder.getI64Type());
  Value init = tensor::EmptyOp::create(builder, loc, shape, rowType);

  SmallVector<AffineMap> maps;
  for (int64_t i = 0, count = sizes.size(); i < count; ++i) {
    SmallVector<AffineExpr> exprs;
    for (int64_t dim = 0; dim < rank; ++dim)
      exprs.push_back(builder.getAffineDimExpr(dim));
    exprs.push_back(builder.getAffineConstantExpr(i));
    maps.push_back(AffineMap::get(rank, 0, exprs, builder.getContext()));
  }
  maps.push_back(builder.getMultiDimIdentityMap(rank));
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
  SmallVector<Value> inputs(sizes.size(), coordinates);
  auto generic = linalg::GenericOp::create(
      builder, loc, init.getType(), inputs, init, maps, iterators,
      [&](OpBuilder &b, Location l, ValueRange args) {
        Value row;
        for (auto [size, argument] : llvm::zip(sizes, args)) {
          Value coordinate = argument;
          if (rowType != elementType && elementType.getIntOrFloatBitWidth() < 64)
            coordinate = arith::ExtSIOp::create(b, l, rowType, coordinate);
          if (row) {
            Value extent = arith::ConstantOp::create(b, l, b.getIntegerAttr(rowType, size));
            row = arith::AddIOp::create(b, l, arith::MulIOp::create(b, l, row, extent), coordinate);
          } else {
            row = coordinate;
          }
        }
        linalg::YieldOp::create(b, l, row);
      });
  return generic.getResult(0);
}

/// Drops the last dimension, of size 1.
static Value dropLast(OpBuilder &builder, Location loc, Value coordinates) {
  int64_t rank = cast<RankedTensorType>(coordinates.getType()).getRank();
  SmallVector<ReassociationIndices> groups;
  for (int64_t i = 0; i + 1 < rank; ++i)
    groups.push_back({i});
  if (!groups.empty())
    groups.back().push_back(rank - 1);
  return tensor::CollapseShapeOp::create(builder, loc, coordinates, groups);
}

/// Inserts dimensions of size 1 at `units`, positions in the result, into `rows` of the given sizes.
static Value insertUnits(OpBuilder &builder, Location loc, Value rows, ArrayRef<OpFoldResult> sizes,
                         ArrayRef<int64_t> units) {
  SmallVector<ReassociationIndices> groups;
  ReassociationIndices pending;
  SmallVector<OpFoldResult> resultSizes;
  SmallVector<int64_t> resultShape;
  auto type = cast<RankedTensorType>(rows.getType());
  int64_t next = 0, rank = sizes.size() + units.size();
  for (int64_t i = 0; i < rank; ++i) {
    pending.push_back(i);
    bool isUnit = llvm::is_contained(units, i);
    resultShape.push_back(isUnit ? 1 : type.getDimSize(next));
    resultSizes.push_back(isUnit ? OpFoldResult(builder.getIndexAttr(1)) : sizes[next]);
    if (isUnit)
      continue;
    ++next;
    groups.push_back(pending);
    pending.clear();
  }
  if (!groups.empty())
    groups.back().append(pending);
  return tensor::ExpandShapeOp::create(
      builder, loc, RankedTensorType::get(resultShape, type.getElementType()), rows, groups, resultSizes);
}

namespace {
struct RaiseTensorGather : OpRewritePattern<tensor::GatherOp> {
  Pass::Statistic &count;
  RaiseTensorGather(MLIRContext *context, Pass::Statistic &count) : OpRewritePattern(context), count(count) {}

  LogicalResult matchAndRewrite(tensor::GatherOp op, PatternRewriter &rewriter) const override {
    ArrayRef<int64_t> dims = op.getGatherDims();
    RankedTensorType sourceType = op.getSourceType(), resultType = op.getResultType();
    int64_t rank = sourceType.getRank(), numDims = dims.size();
    int64_t indexRank = cast<RankedTensorType>(op.getIndices().getType()).getRank() - 1;
    if (!sourceType.getElementType().isIntOrIndexOrFloat())
      return rewriter.notifyMatchFailure(op, "the element type is no scalar");
    SmallVector<int64_t> sizes;
    int64_t rows = 1;
    for (int64_t dim : dims) {
      int64_t size = sizes.emplace_back(sourceType.getDimSize(dim));
      if (numDims > 1 && (ShapedType::isDynamic(size) || llvm::MulOverflow(rows, size, rows) ||
                          rows > std::numeric_limits<int32_t>::max()))
        return rewriter.notifyMatchFailure(op, "the number of rows is not known to fit 32 bits");
    }

    Location loc = op.getLoc();
    Value indices = numDims == 1 ? dropLast(rewriter, loc, op.getIndices())
                                 : linearize(rewriter, loc, op.getIndices(), sizes);
    Value source = mergeLeading(rewriter, loc, moveToFront(rewriter, loc, op.getSource(), dims), numDims);
    SmallVector<OpFoldResult> gathered = tensor::getMixedSizes(rewriter, loc, indices);
    SmallVector<OpFoldResult> sourceSizes = tensor::getMixedSizes(rewriter, loc, source);
    llvm::append_range(gathered, ArrayRef<OpFoldResult>(sourceSizes).drop_front());
    Value init = tensor::EmptyOp::create(rewriter, loc, gathered, sourceType.getElementType());
    Value result = colt5::detail::createGather(rewriter, loc, source, indices, init, /*batchDims=*/0);

    // Without rank reduction the gathered dimensions stay as dimensions of size 1, at their old places.
    if (resultType.getRank() == indexRank + rank) {
      auto units = llvm::map_to_vector(dims, [&](int64_t dim) { return indexRank + dim; });
      result = insertUnits(rewriter, loc, result, gathered, units);
    }
    if (result.getType() != resultType)
      result = tensor::CastOp::create(rewriter, loc, resultType, result);
    rewriter.replaceOp(op, result);
    ++count;
    return success();
  }
};
} // namespace

void colt5::detail::populateRaiseTensorGatherPatterns(RewritePatternSet &patterns, Pass::Statistic &count) {
  patterns.add<RaiseTensorGather>(patterns.getContext(), count);
}

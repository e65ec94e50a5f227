#include "colt5/Codegen/Host/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5EXPANDRESHAPES
#include "colt5/Codegen/Host/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;

/// Upstream finds the one dynamic size of a group by a division, and takes for granted that there is one.
static bool hasSeveralDynamicSizes(memref::ExpandShapeOp op) {
  MemRefType type = op.getResultType();
  return llvm::any_of(op.getReassociationIndices(), [&](const ReassociationIndices &group) {
    return llvm::count_if(group, [&](int64_t dim) { return type.isDynamicDim(dim); }) > 1;
  });
}

/// A size or stride as the type says it: a number where that is static, else a value.
static OpFoldResult match(ImplicitLocOpBuilder &b, OpFoldResult value, int64_t inType) {
  if (!ShapedType::isDynamic(inType))
    return b.getIndexAttr(inType);
  return getValueOrCreateConstantIndexOp(b, b.getLoc(), value);
}

static void expand(memref::ExpandShapeOp op) {
  ImplicitLocOpBuilder b(op.getLoc(), op);
  MemRefType type = op.getResultType();
  auto [typeStrides, typeOffset] = type.getStridesAndOffset();
  auto source = memref::ExtractStridedMetadataOp::create(b, op.getSrc());
  SmallVector<OpFoldResult> sizes = op.getMixedOutputShape(), strides(sizes.size());
  for (auto [dim, group] : llvm::enumerate(op.getReassociationIndices())) {
    Value stride = source.getStrides()[dim];
    for (int64_t index : llvm::reverse(group)) {
      strides[index] = match(b, stride, typeStrides[index]);
      Value size = getValueOrCreateConstantIndexOp(b, b.getLoc(), sizes[index]);
      stride = arith::MulIOp::create(b, stride, size);
    }
  }
  for (auto [index, size] : llvm::enumerate(sizes))
    size = match(b, size, type.getDimSize(index));
  OpFoldResult offset = match(b, source.getOffset(), typeOffset);
  Value result =
      memref::ReinterpretCastOp::create(b, type, source.getBaseBuffer(), offset, sizes, strides).getResult();
  op.replaceAllUsesWith(result);
  op.erase();
}

namespace {
struct ExpandReshapes : colt5::impl::Colt5ExpandReshapesBase<ExpandReshapes> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<memref::ExpandShapeOp> found;
    getOperation()->walk([&](memref::ExpandShapeOp op) {
      if (hasSeveralDynamicSizes(op))
        found.push_back(op);
    });
    llvm::for_each(found, expand);
    numExpanded += found.size();
  }
};
} // namespace

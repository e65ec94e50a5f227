#include "colt5/Codegen/GPU/Passes.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5COPIESTOKERNELS
#include "colt5/Codegen/GPU/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

/// Elements that one block copies.
static constexpr int64_t kChunk = 4096;

static bool isInKernel(Operation *op) {
  for (auto forall = op->getParentOfType<scf::ForallOp>(); forall;
       forall = forall->getParentOfType<scf::ForallOp>())
    if (forall.getMapping())
      return true;
  return op->getParentOfType<gpu::GPUFuncOp>() || op->getParentOfType<KernelOp>();
}

/// A dense buffer as one dimension; null when it is not dense.
static Value flatten(OpBuilder &builder, Location loc, Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  if (!type.getLayout().isIdentity())
    return nullptr;
  if (type.getRank() == 1)
    return buffer;
  ReassociationIndices all = llvm::to_vector(llvm::seq<int64_t>(0, type.getRank()));
  SmallVector<ReassociationIndices> groups;
  if (!all.empty())
    groups.push_back(all);
  if (groups.empty())
    return nullptr;
  return memref::CollapseShapeOp::create(builder, loc, buffer, groups);
}

/// A kernel over `upper` in steps of `step`; `body` gets the first number of the block.
static void createKernel(OpBuilder &builder, Location loc, OpFoldResult upper, int64_t step,
                         function_ref<void(OpBuilder &, Value)> body) {
  MLIRContext *context = builder.getContext();
  auto mapping = builder.getArrayAttr(TileMappingAttr::get(context, 0));
  auto forall = scf::ForallOp::create(
      builder, loc, ArrayRef<OpFoldResult>{builder.getIndexAttr(0)}, ArrayRef<OpFoldResult>{upper},
      ArrayRef<OpFoldResult>{builder.getIndexAttr(step)}, ValueRange(), mapping);
  OpBuilder inner = OpBuilder::atBlockBegin(forall.getBody());
  body(inner, forall.getInductionVar(0));
}

/// [first, first + kChunk) of dimension 0 of `buffer`, and all of the others.
static Value sliceRows(OpBuilder &b, Location loc, Value buffer, Value first, OpFoldResult count) {
  SmallVector<OpFoldResult> sizes = memref::getMixedSizes(b, loc, buffer);
  SmallVector<OpFoldResult> offsets(sizes.size(), b.getIndexAttr(0)),
      strides(sizes.size(), b.getIndexAttr(1));
  offsets[0] = first;
  sizes[0] = count;
  return memref::SubViewOp::create(b, loc, buffer, offsets, sizes, strides);
}

static void copyInKernel(Operation *op, Value source, Value target) {
  OpBuilder builder(op);
  Location loc = op->getLoc();
  int64_t rank = cast<MemRefType>(source.getType()).getRank(), step = 1;
  if (rank == 0) {
    createKernel(builder, loc, builder.getIndexAttr(1), 1,
                 [&](OpBuilder &b, Value) { memref::CopyOp::create(b, loc, source, target); });
    return;
  }
  Value flatSource = flatten(builder, loc, source), flatTarget = flatten(builder, loc, target);
  if (flatSource && flatTarget) {
    source = flatSource;
    target = flatTarget;
    step = kChunk;
  }
  OpFoldResult rows = memref::getMixedSize(builder, loc, source, 0);
  createKernel(builder, loc, rows, step, [&](OpBuilder &b, Value first) {
    AffineExpr d0 = b.getAffineDimExpr(0), s0 = b.getAffineSymbolExpr(0);
    AffineMap left = AffineMap::get(1, 1, {b.getAffineConstantExpr(step), s0 - d0}, b.getContext());
    OpFoldResult count = b.getIndexAttr(1);
    if (step > 1)
      count = affine::makeComposedFoldedAffineMin(b, loc, left, {first, rows});
    memref::CopyOp::create(b, loc, sliceRows(b, loc, source, first, count),
                           sliceRows(b, loc, target, first, count));
  });
}

namespace {
struct CopiesToKernels : colt5::impl::Colt5CopiesToKernelsBase<CopiesToKernels> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<Operation *> ops;
    for (auto func : getOperation().getOps<func::FuncOp>())
      func.walk([&](Operation *op) {
        if (isa<memref::CopyOp, linalg::CopyOp, memref::StoreOp, memref::LoadOp>(op) && !isInKernel(op) &&
            !op->getParentOfType<linalg::LinalgOp>())
          ops.push_back(op);
      });
    for (Operation *op : ops) {
      if (auto load = dyn_cast<memref::LoadOp>(op)) {
        op->emitOpError("reads an element of a buffer of type ")
            << load.getMemRefType()
            << " on the host, where device memory cannot be read; expected values that kernels use to be "
               "read in "
               "kernels, and values that sizes depend on to be scalar arguments";
        return signalPassFailure();
      }
      ++numKernels;
      if (isa<memref::StoreOp>(op)) {
        OpBuilder builder(op);
        createKernel(builder, op->getLoc(), builder.getIndexAttr(1), 1,
                     [&](OpBuilder &b, Value) { b.clone(*op); });
      } else {
        copyInKernel(op, op->getOperand(0), op->getOperand(1));
      }
      op->erase();
    }
  }
};
} // namespace

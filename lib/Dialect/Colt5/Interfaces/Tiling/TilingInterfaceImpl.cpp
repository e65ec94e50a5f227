#include "colt5/Dialect/Colt5/Interfaces/Tiling.h"

#include "Models.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;
using namespace mlir::colt5;

void colt5::registerTilingInterfaceExternalModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, Colt5Dialect *) {
    attachRoutingTiling(*context);
    attachMovementTiling(*context);
    attachScatterTiling(*context);
    attachAttentionTiling(*context);
  });
}

static LoopSpace getLinalgLoopSpace(linalg::LinalgOp op) {
  LoopSpace space;
  space.iterators = op.getIteratorTypesArray();
  for (OpOperand &operand : op->getOpOperands()) {
    SmallVector<DimMap> dims;
    for (AffineExpr expr : op.getMatchingIndexingMap(&operand).getResults()) {
      auto dim = dyn_cast<AffineDimExpr>(expr);
      dims.push_back(dim ? DimMap::of(dim.getPosition()) : DimMap::whole());
    }
    space.operands.push_back(std::move(dims));
  }
  return space;
}

std::optional<colt5::LoopSpace> colt5::getLoopSpaceOf(Operation *op) {
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
    return getLinalgLoopSpace(linalgOp);
  for (auto get : {getRoutingLoopSpace, getMovementLoopSpace, getScatterLoopSpace, getAttentionLoopSpace})
    if (std::optional<LoopSpace> space = get(op))
      return space;
  return std::nullopt;
}

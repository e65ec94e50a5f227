// conditional: gather, the region on the routed rows, weighted scatter.
#include "Models.h"
#include "colt5/Dialect/Colt5/Interfaces/TensorBuilders.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
struct ConditionalModel final
    : linalg::AggregatedOpInterface::ExternalModel<ConditionalModel, ConditionalOp> {
  FailureOr<SmallVector<Value>> decomposeOperation(Operation *operation, OpBuilder &builder) const {
    auto op = cast<ConditionalOp>(operation);
    ImplicitLocOpBuilder b(op.getLoc(), builder);
    auto resultType = op.getResult().getType();
    Value base = op.getBase();
    ReifiedRankedShapedTypeDims shapes;
    if (!base && succeeded(op.reifyResultShapes(b, shapes)))
      base = createFilled(b, shapes[0], 0.0, resultType.getElementType());

    Sizes rowSizes = tensor::getMixedSizes(b, b.getLoc(), op.getIndices());
    rowSizes.push_back(getSize(b, op.getX(), 2));
    Value init = createEmpty(b, rowSizes, getElementType(op.getX()));
    Value rows = GatherOp::create(b, TypeRange{init.getType()}, op.getX(), op.getIndices(), op.getValid(),
                                  /*scale=*/Value(), ValueRange{init}, /*batch_dims=*/1, op.getUnique(),
                                  op.getSorted(), op.getTrusted())
                     ->getResult(0);

    Block &body = op.getHeavy().front();
    IRMapping mapping;
    mapping.map(body.getArgument(0), castTo(b, rows, body.getArgument(0).getType()));
    for (Operation &inner : body.without_terminator())
      b.clone(inner, mapping);
    Value heavy = mapping.lookupOrDefault(body.getTerminator()->getOperand(0));

    // The width is known here when it is not known outside.
    if (!base) {
      Sizes sizes{getSize(b, op.getX(), 0), getSize(b, op.getX(), 1),
                  getSize(b, heavy, cast<ShapedType>(heavy.getType()).getRank() - 1)};
      base = createFilled(b, sizes, 0.0, resultType.getElementType());
    }
    Value result = ScatterCombineOp::create(b, TypeRange{base.getType()}, heavy, op.getIndices(),
                                            op.getValid(), op.getWeight(), ValueRange{base}, CombineKind::Add,
                                            op.getUnique(), op.getSorted(), op.getTrusted())
                       ->getResult(0);
    return SmallVector<Value>{castTo(b, result, resultType)};
  }
};
} // namespace

void colt5::detail::attachConditionalModel(MLIRContext &context) {
  ConditionalOp::attachInterface<ConditionalModel>(context);
}

#include "colt5/Dialect/Colt5/Interfaces/ValueBounds.h"

#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// Composites keep the sizes of their first operand; only the last one may be another: the width of the `out`
/// weight of `ffn`, the width of the base of `conditional`.
template <typename OpTy>
struct CompositeBounds : ValueBoundsOpInterface::ExternalModel<CompositeBounds<OpTy>, OpTy> {
  void populateBoundsForShapedValueDim(Operation *op, Value value, int64_t dim,
                                       ValueBoundsConstraintSet &cstr) const {
    auto composite = cast<OpTy>(op);
    bool isLast = dim + 1 == cast<ShapedType>(value.getType()).getRank();
    Value model = composite.getX();
    int64_t modelDim = dim;
    if constexpr (std::is_same_v<OpTy, FfnOp>) {
      if (isLast) {
        model = composite.getOut();
        modelDim = 1;
      }
    }
    if constexpr (std::is_same_v<OpTy, ConditionalOp>) {
      if (isLast && !composite.getBase())
        return;
      if (isLast)
        model = composite.getBase();
    }
    cstr.bound(value)[dim] == cstr.getExpr(model, modelDim);
  }
};
} // namespace

void colt5::registerValueBoundsOpInterfaceExternalModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, Colt5Dialect *) {
    FfnOp::attachInterface<CompositeBounds<FfnOp>>(*context);
    ConditionalFfnOp::attachInterface<CompositeBounds<ConditionalFfnOp>>(*context);
    ConditionalAttentionOp::attachInterface<CompositeBounds<ConditionalAttentionOp>>(*context);
    ConditionalOp::attachInterface<CompositeBounds<ConditionalOp>>(*context);
  });
}

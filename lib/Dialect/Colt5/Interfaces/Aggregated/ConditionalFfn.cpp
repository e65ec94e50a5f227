// conditional_ffn: light branch on all tokens, heavy branch on the routed rows, weighted scatter.
#include "Models.h"
#include "Router.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
struct ConditionalFfnModel final
    : linalg::AggregatedOpInterface::ExternalModel<ConditionalFfnModel, ConditionalFfnOp> {
  FailureOr<SmallVector<Value>> decomposeOperation(Operation *operation, OpBuilder &builder) const {
    auto op = cast<ConditionalFfnOp>(operation);
    ImplicitLocOpBuilder b(op.getLoc(), builder);
    Value x = op.getX(), mask = op.getMask();
    auto type = cast<RankedTensorType>(x.getType());
    Sizes sizes = tensor::getMixedSizes(b, b.getLoc(), x);

    Value base = op.getBase();
    if (op.getLightIn()) {
      base = FfnOp::create(b, type, x, op.getLightIn(), op.getLightGate(), op.getLightOut(), Value(), Value(),
                           Value(), op.getActivation());
      // An activation need not map 0 to 0, and masked rows may hold NaN: only selecting makes them 0.
      if (mask)
        base = createElementwise(b, sizes, {{base, {0, 1, 2}}, {mask, {0, 1}}}, type.getElementType(),
                                 [](ImplicitLocOpBuilder &b, ValueRange args) -> Value {
                                   return arith::SelectOp::create(b, args[1], args[0],
                                                                  createFloat(b, 0.0, args[0].getType()));
                                 });
      setPart(base, "ffn.light");
    } else if (!base) {
      base = createFilled(b, sizes, 0.0, type.getElementType());
    }

    RouterSpec spec;
    spec.mask = mask;
    spec.count = getCount(op.getTokens(), op.getDynamicTokens(), b);
    spec.routing = getRoutingOrDefault(b.getContext(), op.getRoutingAttr());
    spec.selectPart = "ffn.select";
    spec.weightPart = "ffn.weights";
    Value scores = createRouterScores(b, x, op.getRouter(), mask, spec.routing);
    RoutedSlots slots = createRoutedSlots(b, scores, /*route=*/0, spec);
    Value rows = createRoutedRows(b, x, slots);
    Value heavy = FfnOp::create(b, rows.getType(), rows, op.getHeavyIn(), op.getHeavyGate(), op.getHeavyOut(),
                                Value(), Value(), Value(), op.getActivation());
    setPart(heavy, "ffn.heavy");
    Value result = createRoutedScatter(b, heavy, slots, slots.weight, base);
    return SmallVector<Value>{castTo(b, result, op.getResult().getType())};
  }
};
} // namespace

void colt5::detail::attachConditionalFfnModel(MLIRContext &context) {
  ConditionalFfnOp::attachInterface<ConditionalFfnModel>(context);
}

#include "Models.h"

#include "colt5/Dialect/Colt5/Interfaces/Aggregated.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;
using namespace mlir::colt5;

void colt5::registerAggregatedOpInterfaceExternalModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, Colt5Dialect *) {
    // The models emit ops of these dialects, so that they work outside of passes too.
    context->loadDialect<linalg::LinalgDialect, math::MathDialect>();
    detail::attachConditionalAttentionModel(*context);
    detail::attachConditionalFfnModel(*context);
    detail::attachConditionalModel(*context);
    detail::attachFfnModel(*context);
    detail::attachRmsNormModel(*context);
  });
}

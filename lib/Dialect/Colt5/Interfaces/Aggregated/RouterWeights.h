#ifndef COLT5_LIB_DIALECT_COLT5_INTERFACES_AGGREGATED_ROUTERWEIGHTS_H
#define COLT5_LIB_DIALECT_COLT5_INTERFACES_AGGREGATED_ROUTERWEIGHTS_H

#include "Router.h"

namespace mlir::colt5 {

/// Whether the weights are computed from the scores of the selected slots.
bool needsSelectedScores(RoutingAttr routing);

/// Weights Bx1xK of the slots that `topk` selected from `scores` Bx1xN.
Value createWeights(ImplicitLocOpBuilder &b, Value scores, TopKOp topk, const RouterSpec &spec);

} // namespace mlir::colt5

#endif // COLT5_LIB_DIALECT_COLT5_INTERFACES_AGGREGATED_ROUTERWEIGHTS_H

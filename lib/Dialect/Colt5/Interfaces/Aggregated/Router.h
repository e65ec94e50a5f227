#ifndef COLT5_LIB_DIALECT_COLT5_INTERFACES_AGGREGATED_ROUTER_H
#define COLT5_LIB_DIALECT_COLT5_INTERFACES_AGGREGATED_ROUTER_H

#include "colt5/Dialect/Colt5/Interfaces/TensorBuilders.h"

namespace mlir::colt5 {

/// The routed slots of one router: indices BxK i32, valid BxK i1 and weight BxK of the score type, null when
/// nobody asked for it. A slot that holds no valid token, or a token whose score is NaN or -inf, weighs 0.
struct RoutedSlots {
  Value indices, valid, weight;
};

/// How one router selects.
struct RouterSpec {
  Value mask;         ///< BxN i1, or null
  OpFoldResult count; ///< K
  RoutingAttr routing;
  std::string selectPart, weightPart;
  bool needsWeight = true;
};

/// The routing an op asks for; the default is the paper's soft top-k.
RoutingAttr getRoutingOrDefault(MLIRContext *context, RoutingAttr routing);

/// K as attribute or operand, whichever the op has.
OpFoldResult getCount(std::optional<uint64_t> constant, Value dynamic, OpBuilder &builder);

/// Scores BxRxN of the tokens `x` BxNxD against the router vectors, each 1xD, one route per vector.
Value createRouterScores(ImplicitLocOpBuilder &b, Value x, ValueRange routers, Value mask,
                         RoutingAttr routing);

/// Selects and weighs with route `route` of `scores` BxRxN.
RoutedSlots createRoutedSlots(ImplicitLocOpBuilder &b, Value scores, int64_t route, const RouterSpec &spec);

/// The rows of `x` BxNxD at the routed slots, BxKxD, multiplied by `scale` BxK when given; zeros at slots
/// without a token.
Value createRoutedRows(ImplicitLocOpBuilder &b, Value x, const RoutedSlots &slots, Value scale = {});

/// `base` with the routed rows, times the weight when given, added.
Value createRoutedScatter(ImplicitLocOpBuilder &b, Value rows, const RoutedSlots &slots, Value weight,
                          Value base);

} // namespace mlir::colt5

#endif // COLT5_LIB_DIALECT_COLT5_INTERFACES_AGGREGATED_ROUTER_H

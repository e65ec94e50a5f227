//===- Colt5Ops.td - All ops of the dialect ----------------*- tablegen -*-===//

#ifndef COLT5_DIALECT_COLT5_IR_COLT5OPS_TD
#define COLT5_DIALECT_COLT5_IR_COLT5OPS_TD

include "colt5/Dialect/Colt5/IR/Colt5RoutingOps.td"
include "colt5/Dialect/Colt5/IR/Colt5MovementOps.td"
include "colt5/Dialect/Colt5/IR/Colt5AttentionOps.td"
include "colt5/Dialect/Colt5/IR/Colt5CompositeOps.td"
include "colt5/Dialect/Colt5/IR/Colt5InternalOps.td"
include "colt5/Dialect/Colt5/IR/Colt5RuntimeOps.td"

#endif // COLT5_DIALECT_COLT5_IR_COLT5OPS_TD

#include "colt5/Dialect/Colt5/IR/Colt5.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::colt5;

//===----------------------------------------------------------------------===//
// Syntax tables, one per op, in the order of its operand groups
//===----------------------------------------------------------------------===//

ArrayRef<Clause> RouterScoresOp::getClauses() {
  static const Clause clauses[] = {
      {"ins", Clause::Required, 2}, {"mask", Clause::Optional}, {"outs", Clause::Variadic}};
  return clauses;
}

ArrayRef<Clause> SoftTopKOp::getClauses() {
  static const Clause clauses[] = {
      {"ins", Clause::Required, 2}, {"mask", Clause::Optional}, {"outs", Clause::Variadic}};
  return clauses;
}

ArrayRef<Clause> TopKOp::getClauses() {
  static const Clause clauses[] = {
      {"ins", Clause::Required, 1}, {"mask", Clause::Optional}, {"outs", Clause::Variadic}};
  return clauses;
}

ArrayRef<Clause> GatherOp::getClauses() {
  static const Clause clauses[] = {{"ins", Clause::Required, 2},
                                   {"valid", Clause::Optional},
                                   {"scale", Clause::Optional},
                                   {"outs", Clause::Variadic}};
  return clauses;
}

ArrayRef<Clause> ScatterCombineOp::getClauses() {
  static const Clause clauses[] = {{"ins", Clause::Required, 2},
                                   {"valid", Clause::Optional},
                                   {"weight", Clause::Optional},
                                   {"outs", Clause::Variadic}};
  return clauses;
}

ArrayRef<Clause> BlockSummaryOp::getClauses() {
  static const Clause clauses[] = {
      {"ins", Clause::Required, 1}, {"mask", Clause::Optional}, {"outs", Clause::Variadic}};
  return clauses;
}

ArrayRef<Clause> RmsScaleOp::getClauses() {
  static const Clause clauses[] = {
      {"ins", Clause::Required, 1}, {"mask", Clause::Optional}, {"outs", Clause::Variadic}};
  return clauses;
}

ArrayRef<Clause> RmsNormOp::getClauses() {
  static const Clause clauses[] = {
      {"ins", Clause::Required, 2}, {"mask", Clause::Optional}, {"outs", Clause::Variadic}};
  return clauses;
}

ArrayRef<Clause> RopeOp::getClauses() {
  static const Clause clauses[] = {{"ins", Clause::Required, 2}, {"outs", Clause::Variadic}};
  return clauses;
}

ArrayRef<Clause> AttentionOp::getClauses() {
  static const Clause clauses[] = {
      {"ins", Clause::Required, 3},  {"q_valid", Clause::Optional}, {"kv_valid", Clause::Optional},
      {"q_pos", Clause::Optional},   {"kv_pos", Clause::Optional},  {"q_base", Clause::Optional},
      {"kv_base", Clause::Optional}, {"kv_idx", Clause::Optional},  {"bias_table", Clause::Optional},
      {"side", Clause::Optional, 3}, {"q_block", Clause::Optional}, {"side_bias_table", Clause::Optional},
      {"extra", Clause::Variadic},   {"outs", Clause::Variadic}};
  return clauses;
}

ArrayRef<Clause> OnlineAttentionOp::getClauses() {
  static const Clause clauses[] = {
      {"ins", Clause::Required, 3},  {"q_valid", Clause::Optional}, {"kv_valid", Clause::Optional},
      {"q_pos", Clause::Optional},   {"kv_pos", Clause::Optional},  {"q_base", Clause::Optional},
      {"kv_base", Clause::Optional}, {"kv_idx", Clause::Optional},  {"bias_table", Clause::Optional},
      {"extra", Clause::Variadic},   {"outs", Clause::Variadic}};
  return clauses;
}

ArrayRef<Clause> FfnOp::getClauses() {
  static const Clause clauses[] = {{""},
                                   {"in"},
                                   {"gate", Clause::Optional},
                                   {"out"},
                                   {"in_bias", Clause::Optional},
                                   {"gate_bias", Clause::Optional},
                                   {"out_bias", Clause::Optional}};
  return clauses;
}

ArrayRef<Clause> ConditionalFfnOp::getClauses() {
  static const StringRef branch[] = {"in=", "gate=?", "out="};
  static const Clause clauses[] = {{""},
                                   {"mask", Clause::Optional},
                                   {"router"},
                                   {"base", Clause::Optional},
                                   {"light", Clause::Optional, 3, branch},
                                   {"heavy", Clause::Required, 3, branch},
                                   {"tokens", Clause::Optional}};
  return clauses;
}

ArrayRef<Clause> ConditionalAttentionOp::getClauses() {
  static const StringRef branch[] = {"", "", "", "", "bias?"};
  static const Clause clauses[] = {{""},
                                   {"mask", Clause::Optional},
                                   {"routers", Clause::Required, 2},
                                   {"base", Clause::Optional},
                                   {"light", Clause::Optional, 5, branch},
                                   {"heavy", Clause::Required, 5, branch},
                                   {"queries", Clause::Optional},
                                   {"keys", Clause::Optional}};
  return clauses;
}

//===----------------------------------------------------------------------===//
// Methods shared by all structured ops
//===----------------------------------------------------------------------===//

bool colt5::hasNoElements(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  return shaped && shaped.hasRank() && llvm::is_contained(shaped.getShape(), 0);
}

FloatType colt5::getScoreType(Type type) {
  if (type.isF64())
    return Float64Type::get(type.getContext());
  return Float32Type::get(type.getContext());
}

bool colt5::readsInits(Operation *op) { return isa<ScatterCombineOp, OnlineAttentionOp>(op); }

void colt5::detail::getStructuredEffects(
    Operation *op, SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>> &effects) {
  auto dps = cast<DestinationStyleOpInterface>(op);
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    if (!dps.isDpsInit(&operand) || readsInits(op))
      effects.emplace_back(MemoryEffects::Read::get(), &operand, /*stage=*/0, /*effectOnFullRegion=*/true,
                           SideEffects::DefaultResource::get());
    if (dps.isDpsInit(&operand))
      effects.emplace_back(MemoryEffects::Write::get(), &operand, /*stage=*/1, /*effectOnFullRegion=*/true,
                           SideEffects::DefaultResource::get());
  }
}

Speculation::Speculatability colt5::detail::getStructuredSpeculatability(Operation *op) {
  bool onTensors = cast<DestinationStyleOpInterface>(op).hasPureTensorSemantics();
  return onTensors ? Speculation::Speculatable : Speculation::NotSpeculatable;
}

LogicalResult colt5::detail::reifyStructuredShapes(Operation *op, OpBuilder &builder,
                                                   ReifiedRankedShapedTypeDims &shapes) {
  auto dps = cast<DestinationStyleOpInterface>(op);
  for (Value init : dps.getDpsInits())
    if (isa<RankedTensorType>(init.getType()))
      shapes.push_back(tensor::getMixedSizes(builder, op->getLoc(), init));
  return success();
}

LogicalResult colt5::detail::reifyCompositeShapes(Operation *op, OpBuilder &builder,
                                                  ReifiedRankedShapedTypeDims &shapes) {
  // Every composite keeps the leading dimensions of its first operand; the last one is the width of the
  // result, which only `ffn` changes: it is the width of its `out` weight.
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, op->getLoc(), op->getOperand(0));
  if (auto ffn = dyn_cast<FfnOp>(op))
    sizes.back() = tensor::getMixedSize(builder, op->getLoc(), ffn.getOut(), 1);
  shapes.push_back(std::move(sizes));
  return success();
}

#define GET_OP_CLASSES
#include "colt5/Dialect/Colt5/IR/Colt5Ops.cpp.inc"

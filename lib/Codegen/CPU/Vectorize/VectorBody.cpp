// One (scalar or vector) execution of a linalg body.
#include "VectorPlan.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlir::colt5;

static SmallVector<Value> indicesOf(ImplicitLocOpBuilder &b, const OperandPlan &operand, ArrayRef<Value> ivs,
                                    std::optional<unsigned> vectorLoop = std::nullopt, int64_t offset = 0) {
  SmallVector<Value> indices;
  for (std::optional<unsigned> loop : operand.loops) {
    Value iv = loop ? ivs[*loop] : arith::ConstantIndexOp::create(b, 0).getResult();
    if (loop && loop == vectorLoop && offset != 0)
      iv = b.createOrFold<arith::AddIOp>(iv, arith::ConstantIndexOp::create(b, offset));
    indices.push_back(iv);
  }
  return indices;
}

Value colt5::loadOperand(ImplicitLocOpBuilder &b, const OperandPlan &operand, ArrayRef<Value> ivs,
                         std::optional<unsigned> vectorLoop, int64_t size) {
  Value source = operand.operand->get();
  if (operand.isScalar())
    return source;
  if (size == 1 || operand.access == Access::Invariant)
    return memref::LoadOp::create(b, source, indicesOf(b, operand, ivs));
  auto type = VectorType::get({size}, cast<MemRefType>(source.getType()).getElementType());
  if (operand.access == Access::Contiguous)
    return vector::LoadOp::create(b, type, source, indicesOf(b, operand, ivs));
  SmallVector<Value> elements;
  for (int64_t i = 0; i < size; ++i)
    elements.push_back(memref::LoadOp::create(b, source, indicesOf(b, operand, ivs, vectorLoop, i)));
  return vector::FromElementsOp::create(b, type, elements);
}

static Value toVector(ImplicitLocOpBuilder &b, Value value, int64_t size) {
  if (size == 1 || isa<VectorType>(value.getType()))
    return value;
  return vector::BroadcastOp::create(b, VectorType::get({size}, value.getType()), value);
}

void colt5::storeOperand(ImplicitLocOpBuilder &b, const OperandPlan &operand, ArrayRef<Value> ivs,
                         std::optional<unsigned> vectorLoop, int64_t size, Value value) {
  Value target = operand.operand->get();
  if (size == 1 || operand.access == Access::Invariant) {
    memref::StoreOp::create(b, value, target, indicesOf(b, operand, ivs));
    return;
  }
  value = toVector(b, value, size);
  if (operand.access == Access::Contiguous) {
    vector::StoreOp::create(b, value, target, indicesOf(b, operand, ivs));
    return;
  }
  for (int64_t i = 0; i < size; ++i)
    memref::StoreOp::create(b, vector::ExtractOp::create(b, value, i), target,
                            indicesOf(b, operand, ivs, vectorLoop, i));
}

/// The value of linalg.index: a vector along the vectorised loop, a scalar along others.
static Value emitIndex(ImplicitLocOpBuilder &b, const LoopPlan &plan, linalg::IndexOp op, ArrayRef<Value> ivs,
                       int64_t size) {
  Value iv = ivs[op.getDim()];
  if (size == 1 || !plan.isVector(op.getDim()))
    return iv;
  Value steps = vector::StepOp::create(b, VectorType::get({size}, b.getIndexType()));
  return arith::AddIOp::create(b, toVector(b, iv, size), steps);
}

SmallVector<Value> colt5::emitBody(ImplicitLocOpBuilder &b, const LoopPlan &plan, ArrayRef<Value> ivs,
                                   int64_t size, ArrayRef<Value> accumulators) {
  linalg::LinalgOp op = plan.op;
  Block *body = op.getBlock();
  IRMapping map;
  for (const OperandPlan &input : plan.inputs) {
    BlockArgument arg = op.getMatchingBlockArgument(input.operand);
    if (!arg.use_empty())
      map.map(arg, loadOperand(b, input, ivs, plan.vectorLoop, size));
  }
  for (auto [output, accumulator] : llvm::zip_equal(plan.outputs, accumulators))
    if (accumulator)
      map.map(op.getMatchingBlockArgument(output.operand), accumulator);

  for (Operation &inner : body->without_terminator()) {
    if (auto index = dyn_cast<linalg::IndexOp>(inner)) {
      map.map(index.getResult(), emitIndex(b, plan, index, ivs, size));
      continue;
    }
    auto mapped = [&](Value v) { return map.lookupOrDefault(v); };
    // What depends only on invariant values stays scalar.
    bool isVector =
        llvm::any_of(inner.getOperands(), [&](Value v) { return isa<VectorType>(mapped(v).getType()); });
    if (!isVector) {
      b.clone(inner, map);
      continue;
    }
    OperationState state(inner.getLoc(), inner.getName());
    for (Value operand : inner.getOperands())
      state.addOperands(toVector(b, mapped(operand), size));
    for (Type type : inner.getResultTypes())
      state.addTypes(VectorType::get({size}, type));
    state.addAttributes(inner.getDiscardableAttrDictionary().getValue());
    state.propertiesAttr = inner.getPropertiesAsAttribute();
    Operation *wide = b.create(state);
    map.map(inner.getResults(), wide->getResults());
  }
  SmallVector<Value> results;
  for (Value v : body->getTerminator()->getOperands())
    results.push_back(map.lookupOrDefault(v));
  return results;
}

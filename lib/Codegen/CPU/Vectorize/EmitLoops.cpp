// The loop nest around the body.
#include "VectorPlan.h"

#include "colt5/Dialect/Colt5/IR/ArithmeticBuilder.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
class LoopEmitter {
public:
  LoopEmitter(ArithmeticBuilder &b, const LoopPlan &plan) : b(b), plan(plan), ivs(plan.ranges.size()) {}
  void emit() {
    SmallVector<unsigned> outer(plan.parallel);
    llvm::erase_if(outer, [&](unsigned loop) { return plan.isVector(loop); });
    nest(outer, {}, [&](ArrayRef<Value>) -> SmallVector<Value> {
      if (plan.vectorLoopReduces())
        emitVectorReduction();
      else if (plan.vectorLoop)
        alongVectorLoop({}, [&](int64_t size, ArrayRef<Value>) -> SmallVector<Value> {
          emitPoint(size);
          return {};
        });
      else
        emitPoint(1);
      return {};
    });
  }

private:
  using Values = SmallVector<Value>;

  Value extent(unsigned loop);
  Values forLoop(unsigned loop, Value from, Value to, int64_t step, ArrayRef<Value> init,
                 function_ref<Values(ArrayRef<Value>)> body);
  Values nest(ArrayRef<unsigned> loops, ArrayRef<Value> init, function_ref<Values(ArrayRef<Value>)> body);
  Values alongVectorLoop(ArrayRef<Value> init, function_ref<Values(int64_t, ArrayRef<Value>)> body);
  void emitPoint(int64_t size);
  void emitVectorReduction();

  ArithmeticBuilder &b;
  const LoopPlan &plan;
  SmallVector<Value> ivs;
};
} // namespace

Value LoopEmitter::extent(unsigned loop) {
  if (!ShapedType::isDynamic(plan.ranges[loop]))
    return b.index(plan.ranges[loop]);
  for (const auto *operands : {&plan.inputs, &plan.outputs})
    for (const OperandPlan &operand : *operands) {
      const auto *it = llvm::find(operand.loops, std::optional<unsigned>(loop));
      if (it != operand.loops.end())
        return b.createOrFold<memref::DimOp>(operand.operand->get(), it - operand.loops.begin());
    }
  llvm_unreachable("every loop indexes an operand");
}

SmallVector<Value> LoopEmitter::forLoop(unsigned loop, Value from, Value to, int64_t step,
                                        ArrayRef<Value> init, function_ref<Values(ArrayRef<Value>)> body) {
  auto forOp = scf::ForOp::create(b, from, to, b.index(step), init);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(forOp.getBody());
  ivs[loop] = forOp.getInductionVar();
  Values args(forOp.getRegionIterArgs());
  Values results = body(args);
  if (!init.empty())
    scf::YieldOp::create(b, results);
  return Values(forOp.getResults());
}

/// A nest of whole loops that carries `init` through.
SmallVector<Value> LoopEmitter::nest(ArrayRef<unsigned> loops, ArrayRef<Value> init,
                                     function_ref<Values(ArrayRef<Value>)> body) {
  if (loops.empty())
    return body(init);
  return forLoop(loops.front(), b.index(0), extent(loops.front()), 1, init,
                 [&](ArrayRef<Value> args) { return nest(loops.drop_front(), args, body); });
}

/// Successive loops along the vectorised loop, one per vector length, each over the part that the ones before
/// left.
SmallVector<Value> LoopEmitter::alongVectorLoop(ArrayRef<Value> init,
                                                function_ref<Values(int64_t, ArrayRef<Value>)> body) {
  Value from = b.index(0), to = extent(*plan.vectorLoop);
  Values values(init);
  for (int64_t step : plan.steps) {
    Value end = to;
    if (step != 1) {
      Value length = b.createOrFold<arith::SubIOp>(to, from);
      Value left = b.createOrFold<arith::RemUIOp>(length, b.index(step));
      end = b.createOrFold<arith::SubIOp>(to, left);
    }
    values = forLoop(*plan.vectorLoop, from, end, step, values,
                     [&](ArrayRef<Value> args) { return body(step, args); });
    from = end;
  }
  return values;
}

/// All reductions of `size` neighbouring points, with the outputs in registers.
void LoopEmitter::emitPoint(int64_t size) {
  linalg::LinalgOp op = plan.op;
  Values accumulators;
  for (const OperandPlan &output : plan.outputs) {
    bool read = !plan.reduction.empty() || !op.getMatchingBlockArgument(output.operand).use_empty();
    accumulators.push_back(read ? loadOperand(b, output, ivs, plan.vectorLoop, size) : Value());
  }
  auto body = [&](ArrayRef<Value> values) {
    Values results = emitBody(b, plan, ivs, size, values);
    for (auto [result, value] : llvm::zip(results, values))
      if (value && result.getType() != value.getType())
        result = vector::BroadcastOp::create(b, value.getType(), result);
    return results;
  };
  Values results = nest(plan.reduction, accumulators, body);
  for (auto [output, result] : llvm::zip_equal(plan.outputs, results))
    storeOperand(b, output, ivs, plan.vectorLoop, size, result);
}

/// Reductions along the vectorised loop: vector accumulators for the main loop, scalars for the remainder.
void LoopEmitter::emitVectorReduction() {
  unsigned numOutputs = plan.outputs.size();
  int64_t width = plan.steps.front();
  Values state;
  for (const OperandPlan &output : plan.outputs)
    state.push_back(loadOperand(b, output, ivs, plan.vectorLoop, 1));
  for (TypedAttr neutral : plan.neutral) {
    Value scalar = arith::ConstantOp::create(b, neutral);
    state.push_back(vector::BroadcastOp::create(b, VectorType::get({width}, neutral.getType()), scalar));
  }
  SmallVector<unsigned> outer(plan.reduction);
  llvm::erase_if(outer, [&](unsigned loop) { return plan.isVector(loop); });
  state = nest(outer, state, [&](ArrayRef<Value> args) {
    return alongVectorLoop(args, [&](int64_t size, ArrayRef<Value> inner) {
      Values values(inner);
      unsigned first = size == width ? numOutputs : 0;
      Values results = emitBody(b, plan, ivs, size, inner.slice(first, numOutputs));
      for (unsigned i = 0; i < numOutputs; ++i)
        values[first + i] = results[i];
      return values;
    });
  });
  for (unsigned i = 0; i < numOutputs; ++i) {
    Value result = vector::ReductionOp::create(b, plan.kinds[i], state[numOutputs + i], state[i],
                                               arith::FastMathFlags::reassoc);
    storeOperand(b, plan.outputs[i], ivs, plan.vectorLoop, 1, result);
  }
}

void colt5::emitLoops(OpBuilder &builder, const LoopPlan &plan) {
  linalg::LinalgOp op = plan.op;
  ArithmeticBuilder b(op.getLoc(), builder);
  b.setInsertionPoint(op);
  LoopEmitter(b, plan).emit();
}

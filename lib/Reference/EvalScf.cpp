#include "InterpreterImpl.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::reference;

LogicalResult Interpreter::runFor(scf::ForOp op, Frame &frame) {
  const Tensor &lower = get(frame, op.getLowerBound());
  ElementKind kind = lower.getKind();
  int64_t lb = lower.ints()[0], ub = getIndex(frame, op.getUpperBound()),
          step = getIndex(frame, op.getStep());
  if (step <= 0)
    return op.emitOpError("expects a positive step, found ") << step;
  SmallVector<Tensor> carried;
  for (OpOperand &init : op.getInitArgsMutable())
    carried.push_back(take(frame, init));
  for (int64_t iv = lb; iv < ub; iv += step) {
    frame[op.getInductionVar()] = Tensor::scalar(iv, kind);
    for (auto [argument, value] : llvm::zip_equal(op.getRegionIterArgs(), carried))
      frame[argument] = std::move(value);
    carried.clear();
    if (failed(runBlock(*op.getBody(), frame, carried)))
      return failure();
    // The next iteration would not come to an end.
    if (iv > std::numeric_limits<int64_t>::max() - step)
      break;
  }
  for (auto [result, value] : llvm::zip_equal(op.getResults(), carried))
    if (failed(set(frame, result, std::move(value))))
      return failure();
  return success();
}

LogicalResult Interpreter::runWhile(scf::WhileOp op, Frame &frame) {
  SmallVector<Tensor> carried;
  for (OpOperand &init : op->getOpOperands())
    carried.push_back(take(frame, init));
  while (true) {
    for (auto [argument, value] : llvm::zip_equal(op.getBeforeArguments(), carried))
      frame[argument] = value;
    SmallVector<Tensor> forwarded;
    if (failed(runBlock(*op.getBeforeBody(), frame, forwarded)))
      return failure();
    bool goOn = forwarded.front().ints()[0];
    forwarded.erase(forwarded.begin());
    if (!goOn) {
      for (auto [result, value] : llvm::zip_equal(op.getResults(), forwarded))
        if (failed(set(frame, result, value)))
          return failure();
      return success();
    }
    for (auto [argument, value] : llvm::zip_equal(op.getAfterArguments(), forwarded))
      frame[argument] = value;
    carried.clear();
    if (failed(runBlock(*op.getAfterBody(), frame, carried)))
      return failure();
  }
}

LogicalResult Interpreter::runForall(scf::ForallOp op, Frame &frame) {
  SmallVector<int64_t> lb = getMixed(frame, op.getMixedLowerBound()),
                       ub = getMixed(frame, op.getMixedUpperBound()),
                       step = getMixed(frame, op.getMixedStep());
  for (int64_t s : step)
    if (s <= 0)
      return op.emitOpError("expects positive steps, found ") << s;
  // The body reads the values from before the loop; only the combining ops write, into the results.
  SmallVector<Tensor> inits, results;
  for (Value output : op.getOutputs())
    inits.push_back(get(frame, output));
  results = inits;
  auto getTarget = [&](Value output) -> Tensor & {
    return results[cast<BlockArgument>(output).getArgNumber() - op.getRank()];
  };

  bool isEmpty =
      llvm::any_of(llvm::zip(lb, ub), [](auto range) { return std::get<0>(range) >= std::get<1>(range); });
  SmallVector<int64_t> iv = lb;
  while (!isEmpty) {
    for (auto [argument, value] : llvm::zip_equal(op.getInductionVars(), iv))
      frame[argument] = Tensor::scalar(value, ElementKind::Index);
    for (auto [argument, init] : llvm::zip_equal(op.getRegionIterArgs(), inits))
      frame[argument] = init;
    if (failed(runBody(*op.getBody(), frame)))
      return failure();
    for (Operation &combining : op.getTerminator().getRegion().front())
      if (failed(runCombining(&combining, frame, getTarget)))
        return failure();
    int64_t d = op.getRank() - 1;
    while (d >= 0 && (iv[d] += step[d]) >= ub[d]) {
      iv[d] = lb[d];
      --d;
    }
    if (d < 0)
      break;
  }
  for (auto [result, value] : llvm::zip_equal(op.getResults(), results))
    if (failed(set(frame, result, std::move(value))))
      return failure();
  return success();
}

Interpreter::Outcome Interpreter::runScf(Operation *op, Frame &frame) {
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return runFor(loop, frame);
  if (auto loop = dyn_cast<scf::WhileOp>(op))
    return runWhile(loop, frame);
  if (auto loop = dyn_cast<scf::ForallOp>(op))
    return runForall(loop, frame);
  Region *chosen = nullptr;
  if (auto branch = dyn_cast<scf::IfOp>(op))
    chosen = getIndex(frame, branch.getCondition()) ? &branch.getThenRegion() : &branch.getElseRegion();
  else if (auto region = dyn_cast<scf::ExecuteRegionOp>(op))
    chosen = &region.getRegion();
  else
    return std::nullopt;
  if (chosen->empty())
    return success();
  SmallVector<Tensor> yielded;
  Block *block = getSingleBlock(*chosen);
  if (!block || failed(runBlock(*block, frame, yielded)))
    return failure();
  for (auto [result, value] : llvm::zip_equal(op->getResults(), yielded))
    if (failed(set(frame, result, std::move(value))))
      return failure();
  return success();
}

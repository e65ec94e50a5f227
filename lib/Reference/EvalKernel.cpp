#include "InterpreterImpl.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::reference;

LogicalResult Interpreter::runKernel(KernelOp op, Frame &frame) {
  // The region sees nothing from outside.
  Frame inner;
  for (auto [argument, operand] : llvm::zip_equal(op.getBody().getArguments(), op->getOperands()))
    inner[argument] = get(frame, operand);
  SmallVector<Tensor> yielded;
  if (failed(runBlock(op.getBody().front(), inner, yielded)))
    return failure();
  // Scratch, which nothing reads.
  for (Value out : op.getOuts().drop_front(yielded.size()))
    yielded.push_back(get(frame, out));
  for (auto [result, value] : llvm::zip_equal(op.getResults(), yielded))
    if (failed(set(frame, result, std::move(value))))
      return failure();
  return success();
}

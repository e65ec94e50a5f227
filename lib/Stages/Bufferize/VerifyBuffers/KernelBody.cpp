#include "KernelBody.h"

#include "ScalarValues.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// Gives each value a term made of the op that computes it and the terms of what that op uses. The order of
/// ops and ops without a use make no difference.
class BodyTerms {
public:
  explicit BodyTerms(TermBuilder &terms) : terms(terms) {}

  const Term *evaluate(Region &region, int64_t depth);

private:
  bool evaluate(Operation &op, int64_t depth);
  /// The operands of `op` and what its regions yield; null among them when that cannot be said.
  Terms getUsed(Operation &op, int64_t depth);

  TermBuilder &terms;
  llvm::DenseMap<Value, const Term *> values;
};
} // namespace

Terms BodyTerms::getUsed(Operation &op, int64_t depth) {
  Terms used;
  for (Value operand : op.getOperands())
    used.push_back(values.lookup(operand));
  for (Region &region : op.getRegions())
    if (!region.empty())
      used.push_back(evaluate(region, depth + 1));
  return used;
}

bool BodyTerms::evaluate(Operation &op, int64_t depth) {
  Terms used = getUsed(op, depth);
  if (llvm::is_contained(used, nullptr))
    return false;
  MLIRContext *context = op.getContext();
  for (OpResult result : op.getResults()) {
    auto what = ArrayAttr::get(context, {getSignature(&op), TypeAttr::get(result.getType())});
    values[result] = terms.apply(what, used, result.getType(), result.getResultNumber());
  }
  return true;
}

const Term *BodyTerms::evaluate(Region &region, int64_t depth) {
  if (!region.hasOneBlock())
    return nullptr;
  for (BlockArgument arg : region.getArguments())
    values[arg] = terms.atom(TermBuilder::BodyArg, depth, arg.getArgNumber(), arg.getType());
  for (Operation &op : region.front().without_terminator())
    if (!evaluate(op, depth))
      return nullptr;
  Operation &end = *region.front().getTerminator();
  Terms used = getUsed(end, depth);
  if (llvm::is_contained(used, nullptr))
    return nullptr;
  return terms.apply(getSignature(&end), used, IndexType::get(region.getContext()));
}

const Term *colt5::getKernelBody(TermBuilder &terms, KernelOp op) {
  return BodyTerms(terms).evaluate(op.getBody(), /*depth=*/0);
}

#include "colt5/Tools/Common/Instrument.h"

#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include <limits>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

std::string PartNames::get(StringRef part, Operation *op, unsigned result) {
  Seen &entry = seen[part];
  if (entry.last != op) {
    entry.last = op;
    ++entry.count;
  }
  std::string name = part.str();
  if (entry.count > 1)
    name += "[" + std::to_string(entry.count - 1) + "]";
  if (result > 0)
    name += ":" + std::to_string(result);
  return name;
}

/// An elementwise generic over tensors of one shape that writes into `init`.
static Value createElementwise(ImplicitLocOpBuilder &builder, ValueRange inputs, Value init,
                               function_ref<Value(OpBuilder &, Location, ValueRange)> body) {
  auto type = cast<RankedTensorType>(init.getType());
  SmallVector<AffineMap> maps(inputs.size() + 1, builder.getMultiDimIdentityMap(type.getRank()));
  SmallVector<utils::IteratorType> iterators(type.getRank(), utils::IteratorType::parallel);
  auto generic = linalg::GenericOp::create(builder, type, inputs, init, maps, iterators,
                                           [&](OpBuilder &nested, Location loc, ValueRange args) {
                                             linalg::YieldOp::create(nested, loc, body(nested, loc, args));
                                           });
  return generic.getResult(0);
}

static Value isToken(OpBuilder &builder, Location loc, Value index) {
  Value zero = arith::ConstantOp::create(builder, loc, builder.getZeroAttr(index.getType()));
  return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sge, index, zero);
}

/// valid = mask[idx] for the given indices.
static Value computeValid(ImplicitLocOpBuilder &builder, TopKOp topk, Value indices) {
  Value init = topk.getOuts()[1];
  if (Value mask = topk.getMask()) {
    int64_t batchDims = cast<ShapedType>(mask.getType()).getRank() - 1;
    return GatherOp::create(builder, TypeRange(init.getType()), mask, indices, Value(), Value(),
                            ValueRange(init), static_cast<uint64_t>(batchDims))
        .getResult(0);
  }
  return createElementwise(builder, indices, init, [](OpBuilder &nested, Location loc, ValueRange args) {
    return isToken(nested, loc, args[0]);
  });
}

/// values = scores[idx], -inf where the slot is not valid.
static Value computeValues(ImplicitLocOpBuilder &builder, TopKOp topk, Value indices, Value valid) {
  Value init = topk.getOuts()[2];
  Value rows = GatherOp::create(builder, TypeRange(init.getType()), topk.getScores(), indices, valid, Value(),
                                ValueRange(init), static_cast<uint64_t>(2))
                   .getResult(0);
  return createElementwise(
      builder, {valid, rows}, init, [](OpBuilder &nested, Location loc, ValueRange args) {
        Type type = args[1].getType();
        Value infinity = arith::ConstantOp::create(
            nested, loc, nested.getFloatAttr(type, -std::numeric_limits<double>::infinity()));
        return arith::SelectOp::create(nested, loc, args[0], args[1], infinity);
      });
}

/// Makes the users of `topk` read `indices`; `topk` itself stays, so that its own choice can be recorded.
static void redirectUsers(TopKOp topk, Value indices) {
  ImplicitLocOpBuilder builder(topk.getLoc(), topk->getContext());
  builder.setInsertionPointAfter(topk);
  SmallVector<Value> replacements{indices};
  replacements.push_back(computeValid(builder, topk, indices));
  if (topk.getValuesInit())
    replacements.push_back(computeValues(builder, topk, indices, replacements[1]));
  for (auto [result, replacement] : llvm::zip_equal(topk.getResults(), replacements))
    result.replaceAllUsesWith(replacement);
}

FailureOr<Instrumentation> driver::instrument(func::FuncOp function, bool parts, bool routing, bool replay) {
  if (!function.getBody().hasOneBlock())
    return function.emitError("expected a body of one block to observe parts and routing in, found ")
           << function.getBody().getBlocks().size() << " blocks";
  Block &body = function.getBody().front();
  auto returnOp = cast<func::ReturnOp>(body.getTerminator());
  Instrumentation result;
  result.numOwnResults = function.getNumResults();

  PartNames names;
  SmallVector<Value> observed;
  SmallVector<TopKOp> selections;
  for (Operation &op : body) {
    auto part = op.getAttrOfType<StringAttr>("colt5.part");
    for (OpResult value : op.getResults())
      if (parts && part && isa<RankedTensorType>(value.getType())) {
        observed.push_back(value);
        result.parts.push_back(names.get(part.getValue(), &op, value.getResultNumber()));
      }
    auto topk = dyn_cast<TopKOp>(op);
    if ((routing || replay) && topk && topk->getNumResults())
      selections.push_back(topk);
  }

  SmallVector<Type> argumentTypes(function.getArgumentTypes());
  for (TopKOp topk : selections) {
    result.selectionBlocks.push_back(topk.getBlockAttr() ? topk.getBlockAttr().getInt() : 0);
    if (!replay)
      continue;
    Type type = topk.getResult(0).getType();
    if (failed(function.insertArgument(function.getNumArguments(), type, {}, topk.getLoc())))
      return failure();
    argumentTypes.push_back(type);
    redirectUsers(topk, function.getArguments().back());
  }
  for (TopKOp topk : selections) {
    observed.push_back(topk.getResult(0));
    observed.push_back(topk.getScores());
  }

  SmallVector<Value> returned(returnOp.getOperands());
  llvm::append_range(returned, observed);
  returnOp.getOperandsMutable().assign(returned);
  for (Value value : observed)
    if (failed(function.insertResult(function.getNumResults(), value.getType(), {})))
      return failure();
  return result;
}

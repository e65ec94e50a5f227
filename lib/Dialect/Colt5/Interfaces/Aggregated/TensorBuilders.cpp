#include "colt5/Dialect/Colt5/Interfaces/TensorBuilders.h"
#include "colt5/Dialect/Colt5/IR/AttributeNames.h"

using namespace mlir;
using namespace mlir::colt5;

Type colt5::getElementType(Value value) { return cast<ShapedType>(value.getType()).getElementType(); }

OpFoldResult colt5::getSize(OpBuilder &builder, Value tensor, unsigned dim) {
  return tensor::getMixedSize(builder, tensor.getLoc(), tensor, dim);
}

Value colt5::createEmpty(ImplicitLocOpBuilder &b, ArrayRef<OpFoldResult> sizes, Type elementType) {
  return tensor::EmptyOp::create(b, b.getLoc(), sizes, elementType);
}

Value colt5::createFilled(ImplicitLocOpBuilder &b, ArrayRef<OpFoldResult> sizes, double value,
                          Type elementType) {
  Value scalar = createFloat(b, value, elementType);
  return linalg::FillOp::create(b, ValueRange{scalar}, ValueRange{createEmpty(b, sizes, elementType)})
      .getResult(0);
}

Value colt5::castTo(ImplicitLocOpBuilder &b, Value value, Type type) {
  return value.getType() == type ? value : tensor::CastOp::create(b, type, value).getResult();
}

static AffineMap getMap(MLIRContext *context, unsigned numLoops, ArrayRef<unsigned> loops) {
  SmallVector<AffineExpr> results;
  for (unsigned loop : loops)
    results.push_back(getAffineDimExpr(loop, context));
  return AffineMap::get(numLoops, 0, results, context);
}

Value colt5::createElementwise(ImplicitLocOpBuilder &b, ArrayRef<OpFoldResult> sizes,
                               ArrayRef<Indexed> inputs, Type resultElementType, ElementBuilder body) {
  MLIRContext *context = b.getContext();
  SmallVector<Value> values;
  SmallVector<AffineMap> maps;
  for (const Indexed &input : inputs) {
    values.push_back(input.value);
    maps.push_back(getMap(context, sizes.size(), input.loops));
  }
  maps.push_back(b.getMultiDimIdentityMap(sizes.size()));
  SmallVector<utils::IteratorType> iterators(sizes.size(), utils::IteratorType::parallel);
  Value init = createEmpty(b, sizes, resultElementType);
  auto generic = linalg::GenericOp::create(b, TypeRange{init.getType()}, values, ValueRange{init}, maps,
                                           iterators, [&](OpBuilder &builder, Location loc, ValueRange args) {
                                             ImplicitLocOpBuilder inner(loc, builder);
                                             linalg::YieldOp::create(inner, body(inner, args.drop_back()));
                                           });
  return generic.getResult(0);
}

SmallVector<Value> colt5::createContraction(ImplicitLocOpBuilder &b, unsigned numLoops, const Indexed &lhs,
                                            ArrayRef<Indexed> rhs, ArrayRef<unsigned> outLoops,
                                            ArrayRef<OpFoldResult> outSizes) {
  MLIRContext *context = b.getContext();
  Type accType = getScoreType(getElementType(lhs.value));
  SmallVector<Value> inputs{lhs.value}, inits;
  SmallVector<AffineMap> maps{getMap(context, numLoops, lhs.loops)};
  for (const Indexed &operand : rhs) {
    inputs.push_back(operand.value);
    maps.push_back(getMap(context, numLoops, operand.loops));
    inits.push_back(createFilled(b, outSizes, 0.0, accType));
  }
  maps.append(rhs.size(), getMap(context, numLoops, outLoops));
  SmallVector<utils::IteratorType> iterators(numLoops, utils::IteratorType::reduction);
  for (unsigned loop : outLoops)
    iterators[loop] = utils::IteratorType::parallel;
  auto generic = linalg::GenericOp::create(
      b, ValueRange(inits).getTypes(), inputs, inits, maps, iterators,
      [&](OpBuilder &builder, Location loc, ValueRange args) {
        ImplicitLocOpBuilder inner(loc, builder);
        Value left = convertFloat(inner, args[0], accType);
        SmallVector<Value> sums;
        for (size_t i = 0; i < rhs.size(); ++i) {
          Value right = convertFloat(inner, args[1 + i], accType);
          Value product = arith::MulFOp::create(inner, left, right);
          sums.push_back(arith::AddFOp::create(inner, args[1 + rhs.size() + i], product));
        }
        linalg::YieldOp::create(inner, sums);
      });
  return SmallVector<Value>(generic.getResults());
}

void colt5::setPart(Value value, const Twine &part) {
  if (Operation *op = value.getDefiningOp())
    op->setAttr(kPartAttr, StringAttr::get(value.getContext(), part));
}

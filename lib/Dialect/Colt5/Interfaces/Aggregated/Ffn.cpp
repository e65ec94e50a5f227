// ffn: one contraction (two results when gated), the activation and gate, the second contraction.
#include "Models.h"
#include "colt5/Dialect/Colt5/Interfaces/TensorBuilders.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::colt5;

/// `activation` of one value of type f32 or f64.
static Value createActivation(ImplicitLocOpBuilder &b, Activation activation, Value x) {
  Type type = x.getType();
  auto constant = [&](double value) { return createFloat(b, value, type); };
  auto sigmoid = [&]() -> Value {
    Value exp = math::ExpOp::create(b, arith::NegFOp::create(b, x));
    return arith::DivFOp::create(b, constant(1.0), arith::AddFOp::create(b, constant(1.0), exp));
  };
  /// x / 2 * (1 + s)
  auto halfTimesOnePlus = [&](Value s) -> Value {
    Value half = arith::MulFOp::create(b, constant(0.5), x);
    return arith::MulFOp::create(b, half, arith::AddFOp::create(b, constant(1.0), s));
  };
  switch (activation) {
  case Activation::GeluTanh: {
    Value cubic = arith::MulFOp::create(b, arith::MulFOp::create(b, x, x), x);
    Value inner = arith::AddFOp::create(b, x, arith::MulFOp::create(b, constant(0.044715), cubic));
    Value scaled = arith::MulFOp::create(b, constant(0.79788456080286535588), inner); // sqrt(2 / pi)
    return halfTimesOnePlus(math::TanhOp::create(b, scaled));
  }
  case Activation::Gelu:
    return halfTimesOnePlus(
        math::ErfOp::create(b, arith::MulFOp::create(b, constant(0.70710678118654752440), x)));
  case Activation::Relu:
    return arith::MaximumFOp::create(b, x, constant(0.0));
  case Activation::Silu:
    return arith::MulFOp::create(b, x, sigmoid());
  case Activation::Sigmoid:
    return sigmoid();
  case Activation::Identity:
    return x;
  }
  return x;
}

namespace {
struct FfnModel final : linalg::AggregatedOpInterface::ExternalModel<FfnModel, FfnOp> {
  FailureOr<SmallVector<Value>> decomposeOperation(Operation *operation, OpBuilder &builder) const {
    auto op = cast<FfnOp>(operation);
    ImplicitLocOpBuilder b(op.getLoc(), builder);
    Value x = op.getX();
    Type type = getElementType(x), accType = getScoreType(type);
    unsigned numBatch = cast<ShapedType>(x.getType()).getRank() - 1;
    Sizes hiddenSizes = tensor::getMixedSizes(b, b.getLoc(), x);
    Sizes outSizes = hiddenSizes;
    hiddenSizes.back() = getSize(b, op.getIn(), 1);
    outSizes.back() = getSize(b, op.getOut(), 1);

    // Loops: the batch, then the column (`column`) and the reduction (`depth`).
    unsigned column = numBatch, depth = numBatch + 1;
    SmallVector<unsigned, 4> rows = llvm::to_vector<4>(llvm::seq(0u, numBatch));
    auto rowsAnd = [&](unsigned loop) {
      SmallVector<unsigned, 4> loops = rows;
      loops.push_back(loop);
      return loops;
    };

    SmallVector<Indexed> weights{{op.getIn(), {depth, column}}};
    if (op.getGate())
      weights.push_back({op.getGate(), {depth, column}});
    SmallVector<Value> products =
        createContraction(b, numBatch + 2, {x, rowsAnd(depth)}, weights, rowsAnd(column), hiddenSizes);

    SmallVector<Indexed> inputs;
    for (Value product : products)
      inputs.push_back({product, rowsAnd(column)});
    for (Value bias : {op.getInBias(), op.getGateBias()})
      if (bias)
        inputs.push_back({bias, {column}});
    Value hidden =
        createElementwise(b, hiddenSizes, inputs, type, [&](ImplicitLocOpBuilder &b, ValueRange args) {
          unsigned next = products.size();
          auto addBias = [&](Value value, Value bias) -> Value {
            return bias ? arith::AddFOp::create(b, value, convertFloat(b, args[next++], accType)).getResult()
                        : value;
          };
          Value value = createActivation(b, op.getActivation(), addBias(args[0], op.getInBias()));
          if (op.getGate())
            value = arith::MulFOp::create(b, value, addBias(args[1], op.getGateBias()));
          return convertFloat(b, value, type);
        });

    Value result = createContraction(b, numBatch + 2, {hidden, rowsAnd(depth)},
                                     {{op.getOut(), {depth, column}}}, rowsAnd(column), outSizes)[0];
    if (Value bias = op.getOutBias())
      result = createElementwise(b, outSizes, {{result, rowsAnd(column)}, {bias, {column}}}, type,
                                 [&](ImplicitLocOpBuilder &b, ValueRange args) {
                                   Value value = convertFloat(b, args[1], accType);
                                   return convertFloat(b, arith::AddFOp::create(b, args[0], value), type);
                                 });
    else if (type != accType)
      result = createElementwise(
          b, outSizes, {{result, rowsAnd(column)}}, type,
          [&](ImplicitLocOpBuilder &b, ValueRange args) { return convertFloat(b, args[0], type); });
    return SmallVector<Value>{castTo(b, result, op.getResult().getType())};
  }
};
} // namespace

void colt5::detail::attachFfnModel(MLIRContext &context) { FfnOp::attachInterface<FfnModel>(context); }

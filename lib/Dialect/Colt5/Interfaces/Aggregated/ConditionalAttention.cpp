// conditional_attention: light attention of all tokens, heavy attention between routed tokens at their
// original positions, weighted scatter.
#include "Models.h"
#include "Router.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// The parameters of one branch.
struct Branch {
  Value q, k, v, out, table;
};

struct Emitter {
  ImplicitLocOpBuilder &b;
  ConditionalAttentionOp op;
  Type type, scoreType;

  /// out[b, h, n, c] = rowScale[b, n] * sum_d x[b, n, d] * weight[d, h, c], rounded to T once.
  Value project(Value x, Value weight, Value rowScale = {}) {
    Sizes sizes{getSize(b, x, 0), getSize(b, weight, 1), getSize(b, x, 1), getSize(b, weight, 2)};
    // Loops: b, h, n, c, d.
    Value product = createContraction(b, 5, {x, {0, 2, 4}}, {{weight, {4, 1, 3}}}, {0, 1, 2, 3}, sizes)[0];
    if (type == scoreType && !rowScale)
      return product;
    SmallVector<Indexed> inputs{{product, {0, 1, 2, 3}}};
    if (rowScale)
      inputs.push_back({rowScale, {0, 2}});
    return createElementwise(b, sizes, inputs, type, [&](ImplicitLocOpBuilder &b, ValueRange args) {
      Value value = rowScale ? arith::MulFOp::create(b, args[0], args[1]).getResult() : args[0];
      return convertFloat(b, value, type);
    });
  }

  /// out[b, n, d] = sum_{h, c} o[b, h, n, c] * weight[h, c, d], rounded to T once.
  Value unproject(Value o, Value weight) {
    Sizes sizes{getSize(b, o, 0), getSize(b, o, 2), getSize(b, weight, 2)};
    // Loops: b, n, d, h, c.
    Value product = createContraction(b, 5, {o, {0, 3, 1, 4}}, {{weight, {3, 4, 2}}}, {0, 1, 2}, sizes)[0];
    if (type == scoreType)
      return product;
    return createElementwise(
        b, sizes, {{product, {0, 1, 2}}}, type,
        [&](ImplicitLocOpBuilder &b, ValueRange args) { return convertFloat(b, args[0], type); });
  }

  Value attend(Value q, Value k, Value v, const Branch &branch, Value qValid, Value kvValid, Value qPos,
               Value kvPos, PatternAttrInterface pattern) {
    T5BucketsAttr bias;
    if (branch.table)
      bias = op.getBiasAttr() ? op.getBiasAttr()
                              : T5BucketsAttr::get(b.getContext(), 32, 128, Direction::Bidirectional);
    Value init = createEmpty(b, tensor::getMixedSizes(b, b.getLoc(), q), type);
    return AttentionOp::create(b, TypeRange{init.getType()}, q, k, v, qValid, kvValid, qPos, kvPos,
                               /*q_base=*/Value(), /*kv_base=*/Value(), /*kv_idx=*/Value(), branch.table,
                               /*side_k=*/Value(), /*side_v=*/Value(), /*side_valid=*/Value(),
                               /*q_block=*/Value(),
                               /*side_bias_table=*/Value(), /*extra=*/ValueRange(), ValueRange{init},
                               op.getScale(), pattern, bias)
        ->getResult(0);
  }

  Value emitLight(const Branch &branch) {
    Value x = op.getX(), mask = op.getMask();
    // One by one: the order in which C++ evaluates arguments must not order the program.
    Value q = project(x, branch.q);
    Value k = project(x, branch.k);
    Value v = project(x, branch.v);
    Value o =
        attend(q, k, v, branch, mask, mask, /*qPos=*/Value(), /*kvPos=*/Value(), op.getLightPatternAttr());
    // Masked rows of `o` are 0, and so are their projections.
    return unproject(o, branch.out);
  }

  Value emitHeavy(const Branch &branch, const RoutedSlots &queries, const RoutedSlots &keys) {
    KvScale kvScale = op.getKvScale();
    QScale qScale = op.getQScale();
    Value x = op.getX();
    Value queryRows = createRoutedRows(b, x, queries);
    Value keyRows = createRoutedRows(b, x, keys, kvScale == KvScale::Input ? keys.weight : Value());
    bool scalesQuery = qScale == QScale::Query || qScale == QScale::OutputAndQuery;
    bool scalesValue = kvScale == KvScale::Value || kvScale == KvScale::KeyValue;
    Value q = project(queryRows, branch.q, scalesQuery ? queries.weight : Value());
    Value k = project(keyRows, branch.k, kvScale == KvScale::KeyValue ? keys.weight : Value());
    Value v = project(keyRows, branch.v, scalesValue ? keys.weight : Value());
    Value o = attend(q, k, v, branch, queries.valid, keys.valid, queries.indices, keys.indices,
                     /*pattern=*/nullptr);
    return unproject(o, branch.out);
  }
};

struct ConditionalAttentionModel final
    : linalg::AggregatedOpInterface::ExternalModel<ConditionalAttentionModel, ConditionalAttentionOp> {
  FailureOr<SmallVector<Value>> decomposeOperation(Operation *operation, OpBuilder &builder) const {
    auto op = cast<ConditionalAttentionOp>(operation);
    ImplicitLocOpBuilder b(op.getLoc(), builder);
    Value x = op.getX(), mask = op.getMask();
    Type type = getElementType(x);
    Emitter emitter{b, op, type, getScoreType(type)};

    Value base = op.getBase();
    if (op.getLightQ()) {
      base = emitter.emitLight(
          {op.getLightQ(), op.getLightK(), op.getLightV(), op.getLightOut(), op.getLightBias()});
      setPart(base, "attn.light");
    } else if (!base) {
      base = createFilled(b, tensor::getMixedSizes(b, b.getLoc(), x), 0.0, type);
    }

    RouterSpec queries, keys;
    queries.mask = keys.mask = mask;
    queries.routing = keys.routing = getRoutingOrDefault(b.getContext(), op.getRoutingAttr());
    queries.count = getCount(op.getQueries(), op.getDynamicQueries(), b);
    keys.count = getCount(op.getKeys(), op.getDynamicKeys(), b);
    queries.selectPart = "attn.select_q";
    queries.weightPart = "attn.weights_q";
    keys.selectPart = "attn.select_kv";
    keys.weightPart = "attn.weights_kv";
    queries.needsWeight = op.getQScale() != QScale::None;
    keys.needsWeight = op.getKvScale() != KvScale::None;

    Value scores = createRouterScores(b, x, {op.getRouterQ(), op.getRouterKv()}, mask, queries.routing);
    RoutedSlots querySlots = createRoutedSlots(b, scores, /*route=*/0, queries);
    RoutedSlots keySlots = createRoutedSlots(b, scores, /*route=*/1, keys);
    Value heavy = emitter.emitHeavy(
        {op.getHeavyQ(), op.getHeavyK(), op.getHeavyV(), op.getHeavyOut(), op.getHeavyBias()}, querySlots,
        keySlots);
    setPart(heavy, "attn.heavy");

    bool scalesOutput = op.getQScale() == QScale::Output || op.getQScale() == QScale::OutputAndQuery;
    Value result =
        createRoutedScatter(b, heavy, querySlots, scalesOutput ? querySlots.weight : Value(), base);
    return SmallVector<Value>{castTo(b, result, op.getResult().getType())};
  }
};
} // namespace

void colt5::detail::attachConditionalAttentionModel(MLIRContext &context) {
  ConditionalAttentionOp::attachInterface<ConditionalAttentionModel>(context);
}

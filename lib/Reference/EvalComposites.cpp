#include "AttrConversion.h"
#include "InterpreterImpl.h"
#include "OperandShapes.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::reference;

static ActivationKind toActivationKind(Activation activation) {
  switch (activation) {
  case Activation::GeluTanh:
    return ActivationKind::GeluTanh;
  case Activation::Gelu:
    return ActivationKind::Gelu;
  case Activation::Relu:
    return ActivationKind::Relu;
  case Activation::Silu:
    return ActivationKind::Silu;
  case Activation::Sigmoid:
    return ActivationKind::Sigmoid;
  case Activation::Identity:
    return ActivationKind::Identity;
  }
  return ActivationKind::Identity;
}

CompositeContext Interpreter::makeContext(Operation *op) {
  CompositeContext context;
  context.rounding = getRounding();
  context.threads = options.threads;
  context.unspecified = &unspecified;
  context.onSelection = [this, op](const char *router, const Tensor &scores, const Tensor *mask,
                                   Tensor &indices) {
    return succeeded(select(op, router, scores, mask, indices));
  };
  auto part = op->getAttrOfType<StringAttr>("colt5.part");
  if (part && options.onPart)
    context.onPart = [this, op, name = part.getValue()](const char *suffix, const Tensor &tensor) {
      options.onPart((name + "." + suffix).str(), op, 0, tensor);
    };
  return context;
}

LogicalResult Interpreter::runConditional(ConditionalOp op, Frame &frame) {
  Tensor x = get(frame, op.getX()), indices = get(frame, op.getIndices());
  const Tensor *weight = getOptional(frame, op.getWeight()), *valid = getOptional(frame, op.getValid());
  OperandShapes shapes(op);
  StringRef slots = indices.getRank() == 2 ? "BK" : "BRK";
  shapes.fit(&x, "x", {"BND"})
      .fit(&indices, "idx", {slots})
      .fit(weight, "weight", {slots})
      .fit(valid, "valid", {slots});
  shapes.fit(getOptional(frame, op.getBase()), "base", {"BNE"});
  if (failed(shapes.check()))
    return failure();
  Block &body = op.getHeavy().front();
  if (failed(set(frame, body.getArgument(0), gather(x, indices, valid, nullptr, 1, errorWord))))
    return failure();
  SmallVector<Tensor> yielded;
  if (failed(runBlock(body, frame, yielded)))
    return failure();
  // The region may have moved the frame's storage.
  weight = getOptional(frame, op.getWeight());
  valid = getOptional(frame, op.getValid());
  const Tensor &heavy = yielded.front();
  shapes.fit(&heavy, "the yielded rows", {indices.getRank() == 2 ? "BKE" : "BRKE"});
  if (failed(shapes.check()))
    return failure();
  Tensor base =
      op.getBase() ? get(frame, op.getBase()) : Tensor({shapes['B'], shapes['N'], shapes['E']}, x.getKind());
  return set(
      frame, op.getResult(),
      scatterCombine(heavy, indices, valid, weight, std::move(base), Combine::Add, getRounding(), errorWord));
}

Interpreter::Outcome Interpreter::runComposite(Operation *op, Frame &frame) {
  OperandShapes shapes(op);
  CompositeContext context = makeContext(op);
  auto lookup = [&](Value value) { return getOptional(frame, value); };
  auto count = [&](std::optional<uint64_t> attribute, Value dynamic, StringRef name) {
    int64_t k = dynamic ? getIndex(frame, dynamic) : static_cast<int64_t>(attribute.value_or(0));
    shapes.require(k >= 0, name + " = " + Twine(k) + ", expected 0 or more");
    return k;
  };
  auto routing = [&](RoutingAttr attr) {
    return toRouterOptions(attr ? attr : RoutingAttr::get(op->getContext(), RoutingKind::SoftTopK));
  };
  auto finish = [&](Value result, std::optional<Tensor> value) -> LogicalResult {
    errorWord |= context.indexError;
    return value ? set(frame, result, std::move(*value)) : failure();
  };
  return llvm::TypeSwitch<Operation *, Outcome>(op)
      .Case([&](ConditionalOp conditional) { return runConditional(conditional, frame); })
      .Case([&](FfnOp ffnOp) -> LogicalResult {
        const Tensor *x = lookup(ffnOp.getX());
        FfnWeights weights{lookup(ffnOp.getIn()),
                           lookup(ffnOp.getGate()),
                           lookup(ffnOp.getOut()),
                           lookup(ffnOp.getInBias()),
                           lookup(ffnOp.getGateBias()),
                           lookup(ffnOp.getOutBias()),
                           toActivationKind(ffnOp.getActivation())};
        shapes.fit(x, "x", {"*D"}).fit(weights.in, "in", {"DE"}).fit(weights.gate, "gate", {"DE"});
        shapes.fit(weights.out, "out", {"EF"}).fit(weights.inBias, "in_bias", {"E"});
        shapes.fit(weights.gateBias, "gate_bias", {"E"}).fit(weights.outBias, "out_bias", {"F"});
        if (failed(shapes.check()))
          return failure();
        return finish(ffnOp.getResult(), ffn(*x, weights, context));
      })
      .Case([&](ConditionalFfnOp ffnOp) -> LogicalResult {
        ConditionalFfnInputs in;
        in.x = lookup(ffnOp.getX());
        in.mask = lookup(ffnOp.getMask());
        in.router = lookup(ffnOp.getRouter());
        in.base = lookup(ffnOp.getBase());
        in.heavy.in = lookup(ffnOp.getHeavyIn());
        in.heavy.gate = lookup(ffnOp.getHeavyGate());
        in.heavy.out = lookup(ffnOp.getHeavyOut());
        in.heavy.activation = toActivationKind(ffnOp.getActivation());
        shapes.fit(in.x, "x", {"BND"}).fit(in.mask, "mask", {"BN"}).fit(in.router, "router", {"RD"});
        shapes.require(shapes['R'] == 1, "the router has " + Twine(shapes['R']) + " rows, expected 1");
        shapes.fit(in.base, "base", {"BND"});
        shapes.fit(in.heavy.in, "heavy in", {"DF"}).fit(in.heavy.gate, "heavy gate", {"DF"});
        shapes.fit(in.heavy.out, "heavy out", {"FD"});
        if (ffnOp.getLightIn() && ffnOp.getLightOut()) {
          in.light = FfnWeights{lookup(ffnOp.getLightIn()), lookup(ffnOp.getLightGate()),
                                lookup(ffnOp.getLightOut())};
          in.light->activation = in.heavy.activation;
          shapes.fit(in.light->in, "light in", {"DE"}).fit(in.light->gate, "light gate", {"DE"});
          shapes.fit(in.light->out, "light out", {"ED"});
        }
        in.tokens = count(ffnOp.getTokens(), ffnOp.getDynamicTokens(), "tokens");
        in.routing = routing(ffnOp.getRoutingAttr());
        shapes.requireBlocks(in.routing.soft.block)
            .requirePerBlock(in.routing.soft.block, in.tokens, "tokens");
        if (failed(shapes.check()))
          return failure();
        return finish(ffnOp.getResult(), conditionalFfn(in, context));
      })
      .Case([&](ConditionalAttentionOp attn) -> LogicalResult {
        ConditionalAttentionInputs in;
        in.x = lookup(attn.getX());
        in.mask = lookup(attn.getMask());
        in.routerQ = lookup(attn.getRouterQ());
        in.routerKv = lookup(attn.getRouterKv());
        in.base = lookup(attn.getBase());
        in.heavy = {lookup(attn.getHeavyQ()), lookup(attn.getHeavyK()), lookup(attn.getHeavyV()),
                    lookup(attn.getHeavyOut()), lookup(attn.getHeavyBias())};
        shapes.fit(in.x, "x", {"BND"}).fit(in.mask, "mask", {"BN"}).fit(in.base, "base", {"BND"});
        shapes.fit(in.routerQ, "query router", {"RD"}).fit(in.routerKv, "key router", {"RD"});
        shapes.require(shapes['R'] == 1, "the routers have " + Twine(shapes['R']) + " rows, expected 1");
        // Heavy extents in capitals, light ones in small letters.
        shapes.fit(in.heavy.q, "heavy wq", {"DHC"}).fit(in.heavy.k, "heavy wk", {"DGC"});
        shapes.fit(in.heavy.v, "heavy wv", {"DGC"}).fit(in.heavy.out, "heavy wo", {"HCD"});
        shapes.fit(in.heavy.bias, "heavy bias", {"HT"});
        shapes.require(isMultiple(shapes['H'], shapes['G']), "heavy H is not a multiple of G");
        if (attn.getLightQ() && attn.getLightK() && attn.getLightV() && attn.getLightOut()) {
          in.light =
              AttentionWeights{lookup(attn.getLightQ()), lookup(attn.getLightK()), lookup(attn.getLightV()),
                               lookup(attn.getLightOut()), lookup(attn.getLightBias())};
          shapes.fit(in.light->q, "light wq", {"Dhc"}).fit(in.light->k, "light wk", {"Dgc"});
          shapes.fit(in.light->v, "light wv", {"Dgc"}).fit(in.light->out, "light wo", {"hcD"});
          shapes.fit(in.light->bias, "light bias", {"ht"});
          shapes.require(isMultiple(shapes['h'], shapes['g']), "light H is not a multiple of G");
        }
        T5BucketsAttr buckets = attn.getBiasAttr();
        if (!buckets)
          buckets = T5BucketsAttr::get(op->getContext(), 32, 128, Direction::Bidirectional);
        bool fits = (!in.heavy.bias || shapes['T'] == buckets.getNumBuckets()) &&
                    (!in.light || !in.light->bias || shapes['t'] == buckets.getNumBuckets());
        shapes.require(fits, "expected bias tables of " + Twine(buckets.getNumBuckets()) + " buckets");
        in.bucket = toBucketFn(buckets);
        in.queries = count(attn.getQueries(), attn.getDynamicQueries(), "queries");
        in.keys = count(attn.getKeys(), attn.getDynamicKeys(), "keys");
        in.routing = routing(attn.getRoutingAttr());
        shapes.requireBlocks(in.routing.soft.block)
            .requirePerBlock(in.routing.soft.block, in.queries, "queries")
            .requirePerBlock(in.routing.soft.block, in.keys, "keys");
        in.scaleKvInput = attn.getKvScale() == KvScale::Input;
        in.scaleKey = attn.getKvScale() == KvScale::KeyValue;
        in.scaleValue = attn.getKvScale() == KvScale::Value || in.scaleKey;
        in.scaleQuery = attn.getQScale() == QScale::Query || attn.getQScale() == QScale::OutputAndQuery;
        in.scaleOutput = attn.getQScale() == QScale::Output || attn.getQScale() == QScale::OutputAndQuery;
        in.scale = attn.getScale().convertToDouble();
        in.lightPattern = toPatternFn(attn.getLightPatternAttr());
        if (failed(shapes.check()))
          return failure();
        return finish(attn.getResult(), conditionalAttention(in, context));
      })
      .Default([](Operation *) { return std::nullopt; });
}

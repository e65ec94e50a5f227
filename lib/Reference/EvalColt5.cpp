#include "AttrConversion.h"
#include "InterpreterImpl.h"
#include "OperandShapes.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::reference;

LogicalResult Interpreter::select(Operation *op, StringRef router, const Tensor &scores, const Tensor *mask,
                                  Tensor &indices) {
  unsigned ordinal = selections++;
  if (!options.onSelection)
    return success();
  Tensor::Shape shape = indices.getShape();
  ReferenceSelection selection{op, ordinal, router, scores, mask, indices};
  if (failed(options.onSelection(selection)))
    return failure();
  if (indices.getShape() != shape || indices.getKind() != ElementKind::I32)
    return op->emitOpError("got replacement indices of ")
           << describe(indices) << ", expected " << describeShape(shape) << "xi32";
  return success();
}

LogicalResult Interpreter::runTopK(TopKOp op, Frame &frame) {
  const Tensor &scores = get(frame, op.getScores());
  const Tensor *mask = getOptional(frame, op.getMask());
  OperandShapes shapes(op);
  shapes.fit(&scores, "scores", {"BRN"}).fit(mask, "mask", {"BN", "BRN"});
  shapes.fit(&get(frame, op.getIndicesInit()), "idx", {"BRK"})
      .fit(&get(frame, op.getValidInit()), "valid", {"BRK"});
  if (op.getValuesInit())
    shapes.fit(&get(frame, op.getValuesInit()), "values", {"BRK"});
  TopKOptions topkOptions;
  topkOptions.highestIndexFirst = op.getTie() == TieBreak::HighestIndex;
  topkOptions.orderByScore = op.getOrder() == SlotOrder::Score;
  topkOptions.block = op.getBlock().value_or(0);
  shapes.requireBlocks(topkOptions.block).requirePerBlock(topkOptions.block, shapes['K'], "K");
  if (failed(shapes.check()))
    return failure();
  TopKResult result = topk(scores, mask, shapes['K'], topkOptions);
  Tensor replaced = result.indices;
  if (failed(select(op, "", scores, mask, replaced)))
    return failure();
  if (options.onSelection)
    result = completeSelection(scores, mask, replaced);
  Tensor outputs[] = {result.indices, result.valid, result.values};
  for (OpResult value : op->getResults())
    if (failed(set(frame, value, outputs[value.getResultNumber()])))
      return failure();
  return success();
}

FailureOr<ScoreFn> Interpreter::getScoreFunction(Region &region) {
  if (region.empty())
    return ScoreFn();
  Block *block = getSingleBlock(region);
  if (!block)
    return failure();
  FailureOr<const ScalarProgram *> program = getBlockProgram(*block);
  if (failed(program))
    return failure();
  if (!(*program)->captures.empty() || !(*program)->tensors.empty())
    return region.getParentOp()->emitOpError("has a score region that uses values from outside");
  return ScoreFn([program = *program](std::vector<double> &scores, int64_t qPos,
                                      const std::vector<int64_t> &kvPos,
                                      const std::vector<std::vector<double>> &extras) {
    Lanes lanes = program->makeLanes();
    ArrayRef<Register> arguments = program->arguments;
    for (size_t begin = 0; begin < scores.size(); begin += Lanes::kWidth) {
      lanes.count = std::min<int64_t>(Lanes::kWidth, scores.size() - begin);
      for (int64_t i = 0; i < lanes.count; ++i) {
        lanes.floats(arguments[0])[i] = scores[begin + i];
        lanes.ints(arguments[1])[i] = qPos;
        lanes.ints(arguments[2])[i] = kvPos[begin + i];
        for (auto [extra, reg] : llvm::zip_equal(extras, arguments.drop_front(3)))
          if (reg.isFloat())
            lanes.floats(reg)[i] = extra[begin + i];
          else
            lanes.ints(reg)[i] = static_cast<int64_t>(extra[begin + i]);
      }
      program->run(lanes);
      // Integer divisions by zero have no place to report to from here: such keys are excluded.
      for (int64_t i = 0; i < lanes.count; ++i)
        scores[begin + i] =
            lanes.fault ? -std::numeric_limits<double>::infinity() : lanes.floats(program->results[0])[i];
    }
  });
}

/// Fills what attention and online_attention have in common and checks the shapes.
template <typename OpTy>
static LogicalResult collectInputs(OpTy op, AttentionInputs &in, OperandShapes &shapes,
                                   llvm::function_ref<const Tensor *(Value)> get) {
  in.q = get(op.getQ());
  in.k = get(op.getK());
  in.v = get(op.getV());
  in.qValid = get(op.getQValid());
  in.kvValid = get(op.getKvValid());
  in.qPos = get(op.getQPos());
  in.kvPos = get(op.getKvPos());
  in.kvIdx = get(op.getKvIdx());
  in.biasTable = get(op.getBiasTable());
  in.qBase = op.getQBase() ? get(op.getQBase())->ints()[0] : 0;
  in.kvBase = op.getKvBase() ? get(op.getKvBase())->ints()[0] : 0;
  in.scale = op.getScale().convertToDouble();
  in.pattern = toPatternFn(op.getPatternAttr());
  shapes.fit(in.q, "q", {"BHQC"}).fit(in.k, "k", {"BGSC"}).fit(in.v, "v", {"BGSC"});
  shapes.fit(in.qValid, "q_valid", {"BQ"}).fit(in.kvValid, "kv_valid", {"BS", "BGS"});
  shapes.fit(in.qPos, "q_pos", {"BQ", "BGQ"}).fit(in.kvPos, "kv_pos", {"BS", "BGS"});
  shapes.fit(in.kvIdx, "kv_idx", {"BGWJ"}).fit(in.biasTable, "bias_table", {"HT"});
  shapes.require(isMultiple(shapes['H'], shapes['G']), "H is not a multiple of G");
  for (auto [base, slots] : {std::pair(in.qBase, shapes['Q']), std::pair(in.kvBase, shapes['S'])})
    shapes.require(base <= colt5::detail::kMaxPosition - std::max<int64_t>(slots, 1) + 1,
                   "the last position is more than " + Twine(colt5::detail::kMaxPosition));
  if (in.kvIdx)
    shapes.require(isMultiple(shapes['Q'], shapes['W']), "Q is not a multiple of W");
  for (Value value : op.getExtra()) {
    const Tensor *extra = get(value);
    in.extra.push_back(extra);
    int64_t full[] = {shapes['B'], shapes['H'], shapes['Q'], shapes['S']};
    bool fits = extra->getRank() == 4;
    for (int64_t d = 0; fits && d < 4; ++d)
      fits = extra->getDim(d) == 1 || extra->getDim(d) == full[d];
    shapes.require(fits, "an extra is " + Twine(describe(*extra)) + ", expected dimensions 1 or " +
                             Twine(full[0]) + "x" + Twine(full[1]) + "x" + Twine(full[2]) + "x" +
                             Twine(full[3]));
  }
  if (!in.biasTable)
    return shapes.check();
  T5BucketsAttr buckets = op.getBiasAttr();
  shapes.require(static_cast<bool>(buckets), "a bias table needs the attribute 'bias'");
  if (buckets) {
    shapes.require(shapes['T'] == buckets.getNumBuckets(), "bias_table has " + Twine(shapes['T']) +
                                                               " buckets, expected " +
                                                               Twine(buckets.getNumBuckets()));
    in.bucket = toBucketFn(buckets);
  }
  return shapes.check();
}

LogicalResult Interpreter::runAttention(Operation *op, Frame &frame) {
  AttentionInputs in;
  in.threads = options.threads;
  in.unspecified = &unspecified;
  OperandShapes shapes(op);
  auto lookup = [&](Value value) { return getOptional(frame, value); };
  FailureOr<ScoreFn> score = getScoreFunction(op->getRegion(0));
  if (failed(score))
    return failure();
  in.score = *score;
  if (auto online = dyn_cast<OnlineAttentionOp>(op)) {
    if (failed(collectInputs(online, in, shapes, lookup)))
      return failure();
    MutableOperandRange outs = online.getOutsMutable();
    shapes.fit(&get(frame, outs[0].get()), "acc", {"BHQC"}).fit(&get(frame, outs[1].get()), "max", {"BHQ"});
    shapes.fit(&get(frame, outs[2].get()), "sum", {"BHQ"});
    if (failed(shapes.check()))
      return failure();
    OnlineState state{take(frame, outs[0]), take(frame, outs[1]), take(frame, outs[2])};
    state = onlineAttention(in, std::move(state), errorWord);
    Tensor *outputs[] = {&state.acc, &state.max, &state.sum};
    for (OpResult value : op->getResults())
      if (failed(set(frame, value, std::move(*outputs[value.getResultNumber()]), /*rounds=*/true)))
        return failure();
    return success();
  }
  auto attentionOp = cast<AttentionOp>(op);
  if (failed(collectInputs(attentionOp, in, shapes, lookup)))
    return failure();
  in.sideK = lookup(attentionOp.getSideK());
  in.sideV = lookup(attentionOp.getSideV());
  in.sideValid = lookup(attentionOp.getSideValid());
  in.qBlock = lookup(attentionOp.getQBlock());
  in.sideBiasTable = lookup(attentionOp.getSideBiasTable());
  shapes.fit(in.sideK, "side_k", {"BGPC"})
      .fit(in.sideV, "side_v", {"BGPC"})
      .fit(in.sideValid, "side_valid", {"BP"});
  shapes.fit(in.qBlock, "q_block", {"BQ"}).fit(in.sideBiasTable, "side_bias_table", {"HU"});
  shapes.require(!in.sideK == !in.sideValid && !in.sideK == !in.sideV,
                 "side keys, values and validity come together");
  if (in.sideBiasTable) {
    T5BucketsAttr buckets = attentionOp.getBiasAttr();
    shapes.require(buckets && in.qBlock && shapes['U'] == buckets.getNumBuckets(),
                   "a side bias table needs 'bias', 'q_block' and one column per bucket");
    if (buckets)
      in.bucket = toBucketFn(buckets);
  }
  MutableOperandRange outs = attentionOp.getOutsMutable();
  shapes.fit(&get(frame, outs[0].get()), "o", {"BHQC"});
  if (outs.size() > 1)
    shapes.fit(&get(frame, outs[1].get()), "lse", {"BHQ"});
  if (failed(shapes.check()))
    return failure();
  AttentionResult result = reference::attention(in, errorWord);
  for (OpResult value : op->getResults())
    if (failed(set(frame, value, std::move(value.getResultNumber() == 0 ? result.output : result.lse),
                   /*rounds=*/true)))
      return failure();
  return success();
}

Interpreter::Outcome Interpreter::runPrimitive(Operation *op, Frame &frame) {
  if (!isa_and_nonnull<Colt5Dialect>(op->getDialect()))
    return std::nullopt;
  if (auto dps = dyn_cast<DestinationStyleOpInterface>(op); dps && !dps.hasPureTensorSemantics())
    return op->emitOpError("works on memrefs; the reference executes tensors only (stages input to tile)");
  OperandShapes shapes(op);
  auto lookup = [&](Value value) { return getOptional(frame, value); };
  auto init = [&](unsigned i) { return lookup(cast<DestinationStyleOpInterface>(op).getDpsInits()[i]); };
  auto setAll = [&](MutableArrayRef<Tensor> results) -> LogicalResult {
    for (auto [result, tensor] : llvm::zip(op->getResults(), results))
      if (failed(set(frame, result, std::move(tensor), /*rounds=*/true)))
        return failure();
    return success();
  };
  auto setOne = [&](Tensor result) { return setAll(result); };
  return llvm::TypeSwitch<Operation *, Outcome>(op)
      .Case([&](RouterScoresOp scores) -> LogicalResult {
        const Tensor *x = lookup(scores.getX()), *u = lookup(scores.getU()), *mask = lookup(scores.getMask());
        shapes.fit(x, "x", {"BND"}).fit(u, "u", {"RD", "BRD"}).fit(mask, "mask", {"BN", "BRN"});
        shapes.fit(init(0), "outs", {"BRN"});
        if (failed(shapes.check()))
          return failure();
        return setOne(routerScores(*x, *u, mask, scores.getSimilarity() == Similarity::Cosine,
                                   scores.getScale().convertToDouble()));
      })
      .Case([&](SoftTopKOp soft) -> LogicalResult {
        const Tensor *scores = lookup(soft.getScores()), *k = lookup(soft.getKNorm()),
                     *mask = lookup(soft.getMask());
        shapes.fit(scores, "scores", {"BRN"}).fit(mask, "mask", {"BN", "BRN"}).fit(k, "k_norm", {"BR", ""});
        shapes.fit(init(0), "outs", {"BRN"}).requireBlocks(soft.getBlock().value_or(0));
        if (failed(shapes.check()))
          return failure();
        return setOne(softTopK(*scores, *k, mask, toSoftTopKOptions(soft)));
      })
      .Case([&](TopKOp topkOp) { return runTopK(topkOp, frame); })
      .Case([&](GatherOp gatherOp) -> LogicalResult {
        const Tensor *source = lookup(gatherOp.getSource()), *indices = lookup(gatherOp.getIndices());
        const Tensor *valid = lookup(gatherOp.getValid()), *scale = lookup(gatherOp.getScale());
        int64_t dims = gatherOp.getBatchDims();
        shapes.require(dims >= 0 && dims < source->getRank() && dims <= indices->getRank(),
                       "batch_dims = " + Twine(dims) + " is out of range");
        for (int64_t d = 0; succeeded(shapes.check()) && d < dims; ++d)
          shapes.require(source->getDim(d) == indices->getDim(d),
                         "source is " + describe(*source) + " and idx " + describe(*indices));
        for (const Tensor *like : {valid, scale})
          shapes.require(!like || like->getShape() == indices->getShape(),
                         "valid and scale have the shape of idx");
        if (failed(shapes.check()))
          return failure();
        Tensor result = reference::gather(*source, *indices, valid, scale, dims, errorWord);
        shapes.require(result.getShape() == init(0)->getShape(),
                       "outs is " + describe(*init(0)) + ", expected " + describe(result));
        return failed(shapes.check()) ? failure() : setOne(result);
      })
      .Case([&](ScatterCombineOp scatter) -> LogicalResult {
        const Tensor *y = lookup(scatter.getUpdates()), *indices = lookup(scatter.getIndices());
        const Tensor *valid = lookup(scatter.getValid()), *weight = lookup(scatter.getWeight());
        shapes.fit(y, "y", {"BKD", "BRKD"});
        for (auto [like, name] :
             {std::pair(indices, "idx"), std::pair(valid, "valid"), std::pair(weight, "weight")})
          shapes.fit(like, name, {y->getRank() == 3 ? "BK" : "BRK"});
        shapes.fit(init(0), "base", {"BND"});
        if (failed(shapes.check()))
          return failure();
        return setOne(scatterCombine(*y, *indices, valid, weight, take(frame, scatter.getOutsMutable()[0]),
                                     scatter.getCombine() == CombineKind::Set ? Combine::Set : Combine::Add,
                                     getRounding(), errorWord));
      })
      .Case([&](BlockSummaryOp summary) -> LogicalResult {
        const Tensor *x = lookup(summary.getX()), *mask = lookup(summary.getMask());
        int64_t size = summary.getSize();
        shapes.fit(x, "x", {"BND"}).fit(mask, "mask", {"BN"}).fit(init(0), "summary", {"BPD"});
        shapes.fit(init(1), "valid", {"BP"})
            .fit(init(2), "block", {"BN"})
            .require(size >= 1, "size is below 1");
        shapes.require(size < 1 || shapes['P'] == shapes['N'] / size, "P is not floor(N / size)");
        if (failed(shapes.check()))
          return failure();
        BlockSummary result =
            blockSummary(*x, mask, size, shapes['P'], summary.getReduce() == BlockReduce::Mean,
                         summary.getOrphans() == Orphans::Drop, errorWord);
        Tensor results[] = {result.summary, result.valid, result.block};
        return setAll(results);
      })
      .Case([&](RmsScaleOp scale) -> LogicalResult {
        const Tensor *x = lookup(scale.getX()), *mask = lookup(scale.getMask());
        shapes.require(x->getRank() >= 1, "x is a scalar").fit(x, "x", {"*D"}).fit(mask, "mask", {"*"});
        shapes.fit(init(0), "outs", {"*"});
        if (failed(shapes.check()))
          return failure();
        return setOne(rmsScale(*x, mask, scale.getEps().convertToDouble()));
      })
      .Case([&](RmsNormOp norm) -> LogicalResult {
        const Tensor *x = lookup(norm.getX()), *g = lookup(norm.getG()), *mask = lookup(norm.getMask());
        shapes.require(x->getRank() >= 1, "x is a scalar").fit(x, "x", {"*D"}).fit(g, "g", {"D"});
        shapes.fit(mask, "mask", {"*"}).fit(init(0), "outs", {"*D"});
        if (failed(shapes.check()))
          return failure();
        return setOne(rmsNorm(*x, *g, mask, norm.getEps().convertToDouble()));
      })
      .Case([&](RopeOp ropeOp) -> LogicalResult {
        const Tensor *x = lookup(ropeOp.getX()), *pos = lookup(ropeOp.getPos());
        shapes.fit(x, "x", {"BHQC"}).fit(pos, "pos", {"BQ", "BGQ"}).fit(init(0), "outs", {"BHQC"});
        shapes.require(shapes['C'] % 2 == 0, "C is odd");
        if (pos->getRank() == 3)
          shapes.require(isMultiple(shapes['H'], shapes['G']), "H is not a multiple of G");
        if (failed(shapes.check()))
          return failure();
        return setOne(rope(*x, *pos, ropeOp.getTheta().convertToDouble(),
                           ropeOp.getLayout() == RopeLayout::Interleaved));
      })
      .Case<AttentionOp, OnlineAttentionOp>([&](Operation *) { return runAttention(op, frame); })
      .Case([&](KernelOp kernel) { return runKernel(kernel, frame); })
      .Default([](Operation *) { return std::nullopt; });
}

#include "TensorValues.h"

#include "KernelBody.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::colt5;

using Kind = Term::Kind;

int64_t colt5::getNumber(Operation *op) {
  auto attr = op->getAttrOfType<IntegerAttr>(kValueIdAttr);
  return attr ? attr.getInt() : -1;
}

bool colt5::isPlainCopy(Operation *op) {
  auto copy = dyn_cast<linalg::CopyOp>(op);
  return copy && getElementTypeOrSelf(copy.getInputs()[0].getType()) ==
                     getElementTypeOrSelf(copy.getOutputs()[0].getType());
}

TensorValues::TensorValues(TermBuilder &terms, func::FuncOp func) : terms(terms), func(func) {
  func.getBody().walk([&](Operation *op) { ops.try_emplace(getNumber(op), op); });
}

Operation *TensorValues::getOp(Operation *numbered) const {
  int64_t number = getNumber(numbered);
  return number < 0 ? nullptr : ops.lookup(number);
}

LogicalResult TensorValues::fail(Operation *op, StringRef reason) {
  unmodelled = {op, reason};
  return failure();
}

Terms TensorValues::getShape(Type type, const Term *like) {
  Terms shape;
  auto shaped = cast<ShapedType>(type);
  for (int64_t dim = 0, rank = shaped.getRank(); dim < rank; ++dim)
    shape.push_back(shaped.isDynamicDim(dim) ? like->shape[dim] : terms.integer(shaped.getDimSize(dim)));
  return shape;
}

bool TensorValues::isWritable(unsigned argument) const {
  StringRef name = bufferization::BufferizationDialect::kWritableAttrName;
  auto attr = func::FuncOp(func).getArgAttrOfType<BoolAttr>(argument, name);
  return attr && attr.getValue();
}

bool TensorValues::isInvariant(const Term *term, Operation *loop) const {
  switch (term->kind) {
  case Kind::Int:
  case Kind::Arg:
  case Kind::Constant:
    return true;
  case Kind::Atom: {
    auto what = static_cast<TermBuilder::AtomKind>(term->ints[0]);
    if (what == TermBuilder::ScalarArg || what == TermBuilder::Dim)
      return true;
    Operation *owner = ops.lookup(term->ints[1]);
    return owner && !loop->isAncestor(owner);
  }
  case Kind::Opaque:
  case Kind::Carried:
  case Kind::Result:
  case Kind::LoopInsert: {
    Operation *owner = ops.lookup(term->ints[0]);
    if (!owner || loop->isAncestor(owner))
      return false;
    break;
  }
  case Kind::Havoc:
    return false;
  default:
    break;
  }
  return llvm::all_of(term->operands, [&](const Term *operand) { return isInvariant(operand, loop); });
}

LogicalResult TensorValues::evaluate() {
  if (!func.getBody().hasOneBlock())
    return fail(func, "branches between blocks");
  for (BlockArgument arg : func.getArguments()) {
    int64_t number = arg.getArgNumber();
    auto shaped = dyn_cast<RankedTensorType>(arg.getType());
    if (!shaped && isa<ShapedType>(arg.getType()))
      return fail(func, "an argument that is no ranked tensor");
    if (!shaped) {
      set(arg, terms.atom(TermBuilder::ScalarArg, 0, number, arg.getType()));
      continue;
    }
    Terms shape;
    for (auto [dim, size] : llvm::enumerate(shaped.getShape()))
      shape.push_back(ShapedType::isDynamic(size)
                          ? terms.atom(TermBuilder::Dim, number, dim, IndexType::get(func.getContext()))
                          : terms.integer(size));
    set(arg, terms.leaf(Kind::Arg, {number}, shape, shaped.getElementType()));
  }
  if (failed(evaluate(func.front())))
    return failure();
  for (Value value : func.front().getTerminator()->getOperands())
    returned.push_back(get(value));
  return success();
}

LogicalResult TensorValues::evaluate(Block &block) {
  for (Operation &op : block.without_terminator())
    if (failed(evaluate(&op)))
      return failure();
  return success();
}

const Term *TensorValues::insertSlice(OffsetSizeAndStrideOpInterface op, const Term *dest,
                                      const Term *source) {
  const Term *box = getBox(terms, op, getter());
  return terms.insert(dest, box, terms.fit(source, box));
}

LogicalResult TensorValues::evaluateExtractSlice(tensor::ExtractSliceOp op) {
  const Term *box = getBox(terms, op, getter());
  const Term *part = terms.slice(get(op.getSource()), box);
  const Term *reduced = getReducedShape(terms, box, op.getDroppedDims());
  set(op, reduced ? terms.reshape(part, reduced) : part);
  return success();
}

LogicalResult TensorValues::evaluateExpand(tensor::ExpandShapeOp op) {
  Terms shape;
  for (OpFoldResult size : op.getMixedOutputShape())
    shape.push_back(getIndex(terms, size, getter()));
  set(op, terms.reshape(get(op.getSrc()), terms.shapeOf(shape)));
  return success();
}

LogicalResult TensorValues::evaluateReshape(tensor::ReshapeOp op) {
  Terms shape;
  auto type = cast<RankedTensorType>(op.getType());
  for (auto [dim, size] : llvm::enumerate(type.getShape())) {
    const Term *at = terms.integer(dim);
    shape.push_back(ShapedType::isDynamic(size) ? terms.element(get(op.getShape()), at)
                                                : terms.integer(size));
  }
  set(op, terms.reshape(get(op.getSource()), terms.shapeOf(shape)));
  return success();
}

LogicalResult TensorValues::evaluateConcat(tensor::ConcatOp op) {
  int64_t dim = op.getDim();
  const Term *total = terms.integer(0);
  for (Value input : op.getInputs())
    total = terms.add(total, get(input)->shape[dim]);
  Terms shape(get(op.getInputs()[0])->shape);
  shape[dim] = total;
  const Term *result = terms.undef(shape, op.getResultType().getElementType());
  const Term *zero = terms.integer(0), *one = terms.integer(1), *start = zero;
  for (Value input : op.getInputs()) {
    Terms offsets(shape.size(), zero), strides(shape.size(), one);
    offsets[dim] = start;
    const Term *part = get(input);
    result = terms.insert(result, terms.box(offsets, part->shape, strides), part);
    start = terms.add(start, part->shape[dim]);
  }
  set(op, result);
  return success();
}

LogicalResult TensorValues::evaluateFromElements(tensor::FromElementsOp op) {
  auto type = cast<RankedTensorType>(op.getType());
  const Term *result = terms.undef(getShape(type, nullptr), type.getElementType());
  for (auto [number, element] : llvm::enumerate(op.getElements())) {
    Terms index(type.getRank(), nullptr);
    int64_t rest = number;
    for (int64_t dim = type.getRank() - 1; dim >= 0; --dim) {
      index[dim] = terms.integer(rest % type.getDimSize(dim));
      rest /= type.getDimSize(dim);
    }
    result = terms.insert(result, terms.unitBox(index), terms.unit(get(element), type.getRank()));
  }
  set(op, result);
  return success();
}

LogicalResult TensorValues::evaluateGenerated(Operation *op, ValueRange sizes) {
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  Terms shape, indices;
  for (auto [dim, size] : llvm::enumerate(type.getShape())) {
    shape.push_back(ShapedType::isDynamic(size) ? get(sizes[type.getDynamicDimIndex(dim)])
                                                : terms.integer(size));
    indices.push_back(terms.atom(TermBuilder::Index, 0, dim, IndexType::get(op->getContext())));
  }
  if (auto splat = dyn_cast<tensor::SplatOp>(op)) {
    generated[op] = get(splat.getInput());
  } else {
    FailureOr<Terms> yielded = getYielded(terms, op->getRegion(0), indices, getter());
    if (failed(yielded))
      return fail(op, "a region that is not known");
    generated[op] = yielded->front();
  }
  set(op->getResult(0), terms.leaf(Kind::Opaque, {getNumber(op), 0}, shape, type.getElementType()));
  return success();
}

LogicalResult TensorValues::evaluatePad(tensor::PadOp op) {
  const Term *source = get(op.getSource());
  Terms offsets, shape, ones(source->shape.size(), terms.integer(1)), indices;
  for (auto [dim, low, high] : llvm::enumerate(op.getMixedLowPad(), op.getMixedHighPad())) {
    offsets.push_back(getIndex(terms, low, getter()));
    shape.push_back(terms.add(terms.add(offsets[dim], source->shape[dim]), getIndex(terms, high, getter())));
    indices.push_back(terms.atom(TermBuilder::Index, 0, dim, IndexType::get(op.getContext())));
  }
  FailureOr<Terms> yielded = getYielded(terms, op.getRegion(), indices, getter());
  if (failed(yielded))
    return fail(op, "a region that is not known");
  generated[op] = yielded->front();
  const Term *sizes = terms.castSizes(shape, op.getResultType());
  terms.unifySizes(shape, sizes->operands);
  const Term *around = terms.leaf(Kind::Opaque, {getNumber(op), 0}, sizes->operands, source->type);
  set(op, terms.insert(around, terms.box(offsets, source->shape, ones), source));
  return success();
}

LogicalResult TensorValues::evaluateDps(DestinationStyleOpInterface op) {
  if (isPlainCopy(op)) {
    set(op->getResult(0), get(op->getOperand(0)));
    return success();
  }
  if (auto kernel = dyn_cast<KernelOp>(op.getOperation()); kernel && !getKernelBody(terms, kernel))
    return fail(op, "branches between blocks");
  int64_t id = getNumber(op);
  for (OpResult result : op->getResults()) {
    const Term *init = get(op.getTiedOpOperand(result)->get());
    auto type = cast<RankedTensorType>(result.getType());
    set(result, terms.leaf(Kind::Opaque, {id, result.getResultNumber()}, getShape(type, init),
                           type.getElementType()));
  }
  return success();
}

LogicalResult TensorValues::evaluate(Operation *op) {
  for (Value operand : op->getOperands())
    if (!get(operand))
      return fail(op, "an operand of an unknown kind");
  for (Type type : op->getResultTypes())
    if (isa<UnrankedTensorType, MemRefType>(type))
      return fail(op, "a result that is no ranked tensor");
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](arith::ConstantOp constant) {
        auto type = dyn_cast<RankedTensorType>(constant.getType());
        set(constant,
            type ? terms.constantTensor(constant.getValue(), getShape(type, nullptr), type.getElementType())
                 : terms.constant(constant.getValue()));
        return success();
      })
      .Case([&](tensor::EmptyOp empty) {
        Terms shape;
        for (OpFoldResult size : empty.getMixedSizes())
          shape.push_back(getIndex(terms, size, getter()));
        set(empty, terms.undef(shape, empty.getType().getElementType()));
        return success();
      })
      .Case([&](tensor::DimOp dim) -> LogicalResult {
        std::optional<int64_t> index = getInt(get(dim.getIndex()));
        if (!index || *index < 0 || *index >= int64_t(get(dim.getSource())->shape.size()))
          return fail(op, "a dimension that is not constant");
        set(dim, get(dim.getSource())->shape[*index]);
        return success();
      })
      .Case([&](tensor::CastOp cast) {
        const Term *source = get(cast.getSource()), *result = refineSizes(terms, source, cast.getType());
        terms.unifySizes(source->shape, result->shape);
        set(cast, result);
        return success();
      })
      .Case([&](tensor::ExtractSliceOp slice) { return evaluateExtractSlice(slice); })
      .Case([&](tensor::InsertSliceOp insert) {
        set(insert, insertSlice(insert, get(insert.getDest()), get(insert.getSource())));
        return success();
      })
      .Case([&](tensor::CollapseShapeOp collapse) {
        const Term *source = get(collapse.getSrc());
        set(collapse, terms.reshape(source, getCollapsedShape(terms, source->shape,
                                                              collapse.getReassociationIndices())));
        return success();
      })
      .Case([&](tensor::ExpandShapeOp expand) { return evaluateExpand(expand); })
      .Case([&](tensor::ReshapeOp reshape) { return evaluateReshape(reshape); })
      .Case([&](tensor::ExtractOp extract) {
        Terms indices;
        for (Value index : extract.getIndices())
          indices.push_back(get(index));
        set(extract, terms.element(get(extract.getTensor()), indices));
        return success();
      })
      .Case([&](tensor::InsertOp insert) {
        Terms indices;
        for (Value index : insert.getIndices())
          indices.push_back(get(index));
        set(insert, terms.insert(get(insert.getDest()), terms.unitBox(indices),
                                 terms.unit(get(insert.getScalar()), indices.size())));
        return success();
      })
      .Case([&](tensor::ConcatOp concat) { return evaluateConcat(concat); })
      .Case([&](tensor::FromElementsOp elements) { return evaluateFromElements(elements); })
      .Case([&](tensor::GenerateOp generate) { return evaluateGenerated(op, generate.getDynamicExtents()); })
      .Case([&](tensor::SplatOp splat) { return evaluateGenerated(op, splat.getDynamicSizes()); })
      .Case([&](tensor::PadOp pad) { return evaluatePad(pad); })
      .Case([&](scf::ForallOp forall) { return evaluateForall(forall); })
      .Case([&](scf::ForOp loop) { return evaluateFor(loop); })
      .Case([&](scf::WhileOp loop) { return evaluateWhile(loop); })
      .Case([&](scf::IfOp branch) { return evaluateIf(branch); })
      .Case([&](DestinationStyleOpInterface dps) { return evaluateDps(dps); })
      .Case([&](arith::SelectOp select) -> LogicalResult {
        if (isa<ShapedType>(select.getCondition().getType()))
          return fail(op, "a condition that is no scalar");
        set(select,
            terms.phi(get(select.getCondition()), get(select.getTrueValue()), get(select.getFalseValue())));
        return success();
      })
      .Default([&](Operation *) -> LogicalResult {
        if (op->getNumResults() == 0 && !isMemoryEffectFree(op))
          return fail(op, "an effect on memory");
        for (OpResult result : op->getResults()) {
          const Term *term = getScalar(terms, result, getter());
          if (!term)
            return fail(op, "an op that is not known");
          set(result, term);
        }
        return success();
      });
}

//===----------------------------------------------------------------------===//
// Regions
//===----------------------------------------------------------------------===//

const Term *TensorValues::getCarried(Kind kind, int64_t loop, int64_t index, Type type, const Term *init) {
  if (isa<RankedTensorType>(type))
    return terms.leaf(kind, {loop, index}, getShape(type, init), getElementTypeOrSelf(type));
  return terms.atom(kind == Kind::Carried ? TermBuilder::CarriedScalar : TermBuilder::ResultScalar, loop,
                    index, type);
}

ParallelLoop colt5::getParallelLoop(TermBuilder &terms, scf::ForallOp op, int64_t id, GetTerm get) {
  ParallelLoop loop;
  loop.id = id;
  for (auto [dim, lower, upper, step] :
       llvm::enumerate(op.getMixedLowerBound(), op.getMixedUpperBound(), op.getMixedStep())) {
    const Term *first = getIndex(terms, lower, get), *stride = getIndex(terms, step, get);
    std::optional<int64_t> distance = getInt(terms.subtract(getIndex(terms, upper, get), first));
    std::optional<int64_t> known = getInt(stride);
    if (distance && known && *distance > 0 && *distance <= *known) {
      loop.inductions.push_back(first);
      continue;
    }
    Type type = IndexType::get(op.getContext());
    loop.inductions.push_back(terms.atom(TermBuilder::Induction, id, dim, type));
    loop.steps.push_back({loop.inductions.back(), stride});
  }
  return loop;
}

LogicalResult TensorValues::evaluateForall(scf::ForallOp op) {
  ParallelLoop loop = getParallelLoop(terms, op, getNumber(op), getter());
  for (auto [arg, term] : llvm::zip_equal(op.getInductionVars(), loop.inductions))
    set(arg, term);
  for (auto [arg, init] : llvm::zip_equal(op.getRegionIterArgs(), op.getOutputs()))
    set(arg, get(init));
  if (failed(evaluate(*op.getBody())))
    return failure();

  using Part = std::pair<const Term *, const Term *>;
  DenseMap<Value, SmallVector<Part>> parts;
  for (Operation &end : op.getTerminator().getYieldingOps()) {
    if (auto insert = dyn_cast<tensor::ParallelInsertSliceOp>(end)) {
      const Term *box = getBox(terms, insert, getter());
      parts[insert.getDest()].push_back({box, terms.fit(get(insert.getSource()), box)});
      loop.boxes.insert(box);
      targets[insert] = box;
    } else if (auto scatter = dyn_cast<ParallelScatterOp>(end)) {
      const Term *zero = terms.integer(0), *one = terms.integer(1), *dest = get(scatter.getDest());
      ArrayRef<const Term *> updates = get(scatter.getUpdates())->shape;
      const Term *box = terms.box({get(scatter.getBatch()), zero, get(scatter.getColumn())},
                                  {updates.front(), dest->shape[1], updates.back()}, {one, one, one});
      const Term *source = terms.leaf(Kind::Opaque, {getNumber(scatter), 0}, getSizes(box), dest->type);
      parts[scatter.getDest()].push_back({box, source});
      targets[scatter] = box;
    } else {
      return fail(&end, "an op that is not known in a parallel loop");
    }
  }
  for (auto [result, arg, init] : llvm::zip_equal(op.getResults(), op.getRegionIterArgs(), op.getOutputs())) {
    const Term *dest = get(init);
    if (loop.runsOnce())
      for (auto [box, source] : parts[arg])
        dest = terms.insert(dest, box, source);
    else
      dest = terms.loopInsert(loop.id, dest, parts[arg]);
    set(result, dest);
  }
  loops.try_emplace(op, std::move(loop));
  return success();
}

LogicalResult TensorValues::evaluateFor(scf::ForOp op) {
  int64_t id = getNumber(op);
  set(op.getInductionVar(), terms.atom(TermBuilder::Induction, id, 0, op.getInductionVar().getType()));
  for (auto [index, arg, init] : llvm::enumerate(op.getRegionIterArgs(), op.getInitArgs()))
    set(arg, getCarried(Kind::Carried, id, index, arg.getType(), get(init)));
  if (failed(evaluate(*op.getBody())))
    return failure();
  for (auto [index, yielded, result, init] :
       llvm::enumerate(op.getYieldedValues(), op.getResults(), op.getInitArgs())) {
    if (isa<RankedTensorType>(result.getType()) &&
        getShape(result.getType(), get(yielded)) != getShape(result.getType(), get(init)))
      return fail(op, "a loop that changes sizes");
    set(result, getCarried(Kind::Result, id, index, result.getType(), get(init)));
  }
  return success();
}

LogicalResult TensorValues::evaluateWhile(scf::WhileOp op) {
  int64_t id = getNumber(op);
  for (auto [index, arg, init] : llvm::enumerate(op.getBeforeArguments(), op.getInits()))
    set(arg, getCarried(Kind::Carried, id, index, arg.getType(), get(init)));
  if (failed(evaluate(*op.getBeforeBody())))
    return failure();
  OperandRange passed = op.getConditionOp().getArgs();
  for (auto [arg, value] : llvm::zip_equal(op.getAfterArguments(), passed))
    set(arg, get(value));
  if (failed(evaluate(*op.getAfterBody())))
    return failure();
  for (auto [yielded, arg] : llvm::zip_equal(op.getYieldOp().getOperands(), op.getBeforeArguments()))
    if (isa<RankedTensorType>(arg.getType()) &&
        getShape(arg.getType(), get(yielded)) != Terms(get(arg)->shape))
      return fail(op, "a loop that changes sizes");
  for (auto [index, result, value] : llvm::enumerate(op.getResults(), passed)) {
    // A value that is passed on twice is one value.
    int64_t first = index;
    for (auto [other, earlier] : llvm::enumerate(passed.take_front(index)))
      if (get(earlier) == get(value)) {
        first = other;
        break;
      }
    set(result, getCarried(Kind::Result, id, first, result.getType(), get(value)));
    if (auto type = dyn_cast<RankedTensorType>(result.getType()))
      for (const Term *size : get(result)->shape)
        if (!isInvariant(size, op))
          return fail(op, "a loop that changes sizes");
  }
  return success();
}

LogicalResult TensorValues::evaluateIf(scf::IfOp op) {
  if (failed(evaluate(*op.thenBlock())) || (op.elseBlock() && failed(evaluate(*op.elseBlock()))))
    return failure();
  for (auto [result, a, b] :
       llvm::zip(op.getResults(), op.getResults().empty() ? ValueRange() : op.thenYield().getOperands(),
                 op.getResults().empty() ? ValueRange() : op.elseYield().getOperands()))
    set(result, terms.phi(get(op.getCondition()), get(a), get(b)));
  return success();
}

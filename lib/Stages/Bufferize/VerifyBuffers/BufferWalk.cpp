#include "BufferWalk.h"

#include "VerifyBuffers.h"
#include "colt5/Stages/Bufferize/Passes.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::colt5;

using Kind = Term::Kind;

BufferWalk::BufferWalk(TermBuilder &terms, const TensorValues &values, func::FuncOp func)
    : terms(terms), values(values), func(func), refinement(terms), memory(terms) {}

LogicalResult BufferWalk::fail(Operation *op, StringRef reason) {
  unmodelled = {op, reason};
  return failure();
}

InFlightDiagnostic BufferWalk::error(Operation *op) {
  ++numErrors;
  InFlightDiagnostic diag = op->emitError("this is a fault of colt5, please report it: ");
  return diag;
}

void BufferWalk::reportContent(Operation *op, const Twine &what, const Place &place, Value value) {
  InFlightDiagnostic diag = error(op);
  diag << what << " does not hold its value";
  diag.attachNote(value.getLoc()) << "the value is defined here";
  place.forEach([&](const Place &part) {
    if (Operation *writer = memory.getWriter(part.base))
      diag.attachNote(writer->getLoc())
          << "the buffer was written last by this '" << writer->getName() << "'";
    else if (readOnly.contains(part.base))
      diag.attachNote(part.base.getLoc()) << "the buffer is this input or constant";
    else
      diag.attachNote(part.base.getLoc()) << "nothing has written to the buffer";
  });
}

const Term *BufferWalk::read(Operation *op, const Place &place, Operation *scatter) {
  const Term *content = memory.read(place);
  if (!content->is(Kind::Undef))
    for (ParallelAccesses *accesses : parallel)
      accesses->add(op, place, /*isWrite=*/false, scatter);
  return content;
}

void BufferWalk::write(Operation *op, const Place &place, const Term *part, Operation *scatter) {
  place.forEach([&](const Place &leaf) {
    if (readOnly.contains(leaf.base))
      error(op) << "it writes to an input or a constant, which must not change";
  });
  for (ParallelAccesses *accesses : parallel)
    accesses->add(op, place, /*isWrite=*/true, scatter);
  memory.write(place, part, op);
}

Terms BufferWalk::getShape(Value value) { return getShape(places[value]); }

Terms BufferWalk::getShape(const Place &place) {
  if (place.condition) {
    Terms shape;
    for (auto [a, b] : llvm::zip_equal(getShape(*place.first), getShape(*place.second)))
      shape.push_back(terms.phi(place.condition, a, b));
    return shape;
  }
  if (place.path.empty())
    return Terms(memory.get(place.base)->shape);
  const Term *last = place.path.back();
  return Terms(last->is(Kind::Box) ? getSizes(last) : last->operands);
}

//===----------------------------------------------------------------------===//
// The function
//===----------------------------------------------------------------------===//

void BufferWalk::addArguments() {
  unsigned output = 0;
  auto inputs = values.getFunction().getArguments();
  for (BlockArgument arg : func.getArguments()) {
    unsigned number = arg.getArgNumber();
    bool isOutput = number >= inputs.size();
    const Term *term = nullptr;
    if (!isOutput) {
      term = values.get(inputs[number]);
    } else {
      const Term *result = values.getReturned()[output++];
      term = terms.undef(result->shape, result->type);
    }
    if (!isa<MemRefType>(arg.getType())) {
      scalars[arg] = term;
      continue;
    }
    memory.set(arg, term);
    places[arg].base = arg;
    if (!isOutput && !values.isWritable(number))
      readOnly.insert(arg);
  }
}

LogicalResult BufferWalk::run() {
  if (!func.getBody().hasOneBlock())
    return fail(func, "branches between blocks");
  unsigned inputs = values.getFunction().getNumArguments();
  size_t outputs = func.getNumArguments() - inputs;
  if (func.getNumArguments() < inputs || outputs + func.getNumResults() != values.getReturned().size())
    return fail(func, "other arguments than before");
  addArguments();
  if (failed(walk(func.front())))
    return failure();
  return visitReturn(cast<func::ReturnOp>(func.front().getTerminator()));
}

LogicalResult BufferWalk::visitReturn(func::ReturnOp op) {
  Operation *tensorReturn = values.getFunction().front().getTerminator();
  unsigned inputs = func.getNumArguments() - (tensorReturn->getNumOperands() - func.getNumResults());
  for (auto [index, value] : llvm::enumerate(tensorReturn->getOperands())) {
    const Term *expected = values.get(value);
    bool isTensor = isa<ShapedType>(value.getType());
    if (func.getNumResults() && !isTensor) {
      if (get(op.getOperand(index)) != expected)
        error(op) << "result #" << index << " is not its value";
      continue;
    }
    Value found = func.getNumResults() ? op.getOperand(index) : Value(func.getArgument(inputs + index));
    if (!isTensor)
      expected = terms.unit(expected, 0);
    if (!refinement.holds(memory.read(places[found]), expected))
      reportContent(op, "result #" + Twine(index), places[found], value);
  }
  return success();
}

LogicalResult BufferWalk::walk(Block &block) {
  for (Operation &op : block.without_terminator())
    if (failed(visit(&op)))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

LogicalResult BufferWalk::visit(Operation *op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<memref::SubViewOp, memref::CastOp, memref::CollapseShapeOp, memref::ExpandShapeOp,
            memref::ReshapeOp>([&](auto) { return visitView(op); })
      .Case([&](memref::AllocOp alloc) { return visitAlloc(alloc); })
      .Case([&](memref::GetGlobalOp global) { return visitGlobal(global); })
      .Case([&](memref::DeallocOp) { return success(); })
      .Case([&](memref::DimOp dim) -> LogicalResult {
        Terms shape = getShape(dim.getSource());
        std::optional<int64_t> index = getInt(get(dim.getIndex()));
        if (!index || *index < 0 || *index >= int64_t(shape.size()))
          return fail(op, "a dimension that is not constant");
        scalars[dim] = shape[*index];
        return success();
      })
      .Case([&](memref::LoadOp load) { return visitLoad(load); })
      .Case([&](memref::StoreOp store) {
        Terms indices;
        for (Value index : store.getIndices())
          indices.push_back(get(index));
        write(op, places[store.getMemRef()].through(terms.unitBox(indices)),
              terms.unit(get(store.getValue()), indices.size()));
        return success();
      })
      .Case([&](memref::CopyOp copy) {
        visitCopy(op, copy.getSource(), copy.getTarget());
        return success();
      })
      .Case([&](scf::ForallOp forall) { return visitForall(forall); })
      .Case([&](scf::ForOp loop) { return visitFor(loop); })
      .Case([&](scf::WhileOp loop) { return visitWhile(loop); })
      .Case([&](scf::IfOp branch) { return visitIf(branch); })
      .Case([&](DestinationStyleOpInterface dps) {
        if (!isPlainCopy(op))
          return visitStructured(dps);
        visitCopy(op, op->getOperand(0), op->getOperand(1));
        return success();
      })
      .Case([&](arith::SelectOp select) -> LogicalResult {
        if (!isa<MemRefType>(select.getType()))
          return visitScalar(op);
        Place &place = places[select];
        place.condition = get(select.getCondition());
        place.first = std::make_shared<Place>(places.lookup(select.getTrueValue()));
        place.second = std::make_shared<Place>(places.lookup(select.getFalseValue()));
        return success();
      })
      .Default([&](Operation *) { return visitScalar(op); });
}

LogicalResult BufferWalk::visitScalar(Operation *op) {
  if (op->getNumResults() == 0 && !isMemoryEffectFree(op))
    return fail(op, "an effect on memory");
  for (OpResult result : op->getResults()) {
    const Term *term = getScalar(terms, result, getter());
    if (!term)
      return fail(op, "an op that is not known");
    scalars[result] = term;
  }
  return success();
}

LogicalResult BufferWalk::visitView(Operation *op) {
  Place place = places.lookup(op->getOperand(0));
  if (!place.base && !place.condition)
    return fail(op, "a view of something that is not known");
  Terms shape = getShape(op->getOperand(0));
  auto type = dyn_cast<MemRefType>(op->getResult(0).getType());
  if (!type)
    return fail(op, "a memref without a rank");
  if (auto subview = dyn_cast<memref::SubViewOp>(op)) {
    const Term *box = getBox(terms, subview, getter());
    place = place.through(box);
    if (const Term *reduced = getReducedShape(terms, box, subview.getDroppedDims()))
      place = place.through(reduced);
  } else if (auto collapse = dyn_cast<memref::CollapseShapeOp>(op)) {
    place = place.through(getCollapsedShape(terms, shape, collapse.getReassociationIndices()));
  } else if (auto expand = dyn_cast<memref::ExpandShapeOp>(op)) {
    Terms sizes;
    for (OpFoldResult size : expand.getMixedOutputShape())
      sizes.push_back(getIndex(terms, size, getter()));
    place = place.through(terms.shapeOf(sizes));
  } else if (auto reshape = dyn_cast<memref::ReshapeOp>(op)) {
    Terms sizes;
    for (auto [dim, size] : llvm::enumerate(type.getShape())) {
      const Term *at = terms.integer(dim);
      sizes.push_back(ShapedType::isDynamic(size)
                          ? terms.element(read(op, places.lookup(reshape.getShape())), at)
                          : terms.integer(size));
    }
    place = place.through(terms.shapeOf(sizes));
  } else if (isa<memref::CastOp>(op)) {
    const Term *sizes = terms.castSizes(shape, type);
    if (sizes->operands != ArrayRef(shape))
      place = place.through(sizes);
  }
  places[op->getResult(0)] = place;
  return success();
}

LogicalResult BufferWalk::visitAlloc(memref::AllocOp op) {
  Terms shape;
  for (OpFoldResult size : op.getMixedSizes())
    shape.push_back(getIndex(terms, size, getter()));
  memory.set(op, terms.undef(shape, op.getType().getElementType()));
  places[op].base = op;
  return success();
}

LogicalResult BufferWalk::visitGlobal(memref::GetGlobalOp op) {
  auto global = SymbolTable::lookupNearestSymbolFrom<memref::GlobalOp>(op, op.getNameAttr());
  auto type = dyn_cast<MemRefType>(op.getType());
  if (!global || !type || !global.getConstant() || !global.getInitialValue())
    return fail(op, "a global that is no constant");
  Value base = globals.try_emplace(op.getNameAttr(), op.getResult()).first->second;
  places[op].base = base;
  readOnly.insert(base);
  Terms shape;
  for (int64_t size : type.getShape())
    shape.push_back(terms.integer(size));
  memory.set(base, terms.constantTensor(*global.getInitialValue(), shape, type.getElementType()));
  return success();
}

LogicalResult BufferWalk::visitLoad(memref::LoadOp op) {
  Terms indices;
  for (Value index : op.getIndices())
    indices.push_back(get(index));
  Place place = places.lookup(op.getMemRef());
  auto extract = dyn_cast_or_null<tensor::ExtractOp>(values.getOp(op));
  const Term *content = read(op, place.through(terms.unitBox(indices)));
  scalars[op] = terms.element(content, Terms(indices.size(), terms.integer(0)));
  if (!extract)
    return success();
  Terms expected;
  for (Value index : extract.getIndices())
    expected.push_back(values.get(index));
  if (expected != indices)
    error(op) << "it reads another element than its 'tensor.extract'";
  const Term *tensor = terms.slice(values.get(extract.getTensor()), terms.unitBox(expected));
  if (expected == indices && !refinement.holds(content, tensor))
    reportContent(op, "operand #0", place, extract.getTensor());
  scalars[op] = values.get(extract);
  return success();
}

void BufferWalk::visitCopy(Operation *op, Value source, Value target) {
  Place from = places.lookup(source), to = places.lookup(target);
  const Term *part = refineSizes(terms, read(op, from), target.getType());
  if (!areDisjoint(terms, from, to) && part != memory.read(to))
    error(op) << "it copies between overlapping parts of a buffer";
  write(op, to, part);
}

//===----------------------------------------------------------------------===//
// Entry
//===----------------------------------------------------------------------===//

LogicalResult colt5::verifyBuffers(func::FuncOp tensors, func::FuncOp buffers, int64_t &numUnmodelled) {
  TermBuilder terms(tensors.getContext());
  TensorValues values(terms, tensors);
  auto warn = [&](Unmodelled found) {
    ++numUnmodelled;
    InFlightDiagnostic diag = buffers.emitWarning()
                              << "the buffers of '" << buffers.getName() << "' were not verified";
    diag.attachNote(found.op->getLoc())
        << "not modelled: " << found.reason << " ('" << found.op->getName() << "')";
    return success();
  };
  if (failed(values.evaluate()))
    return warn(values.getUnmodelled());
  BufferWalk walk(terms, values, buffers);
  if (failed(walk.run()) && !walk.hasErrors())
    return warn(walk.getUnmodelled());
  return failure(walk.hasErrors());
}

#include "BufferWalk.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace mlir::colt5;

using Kind = Term::Kind;

//===----------------------------------------------------------------------===//
// What a loop writes
//===----------------------------------------------------------------------===//

/// Follows a memref to the values from which it comes that stand outside of `loop`.
static void findOutside(Value value, Operation *loop, SetVector<Value> &outside, DenseSet<Value> &seen) {
  if (!seen.insert(value).second)
    return;
  auto follow = [&](Value source) { findOutside(source, loop, outside, seen); };
  if (!loop->isAncestor(value.getParentBlock()->getParentOp())) {
    outside.insert(value);
    return;
  }
  if (auto arg = dyn_cast<BlockArgument>(value)) {
    Operation *owner = arg.getOwner()->getParentOp();
    if (auto forOp = dyn_cast<scf::ForOp>(owner)) {
      follow(forOp.getTiedLoopInit(arg)->get());
      follow(forOp.getTiedLoopYieldedValue(arg)->get());
    } else if (auto whileOp = dyn_cast<scf::WhileOp>(owner)) {
      bool isBefore = arg.getOwner() == whileOp.getBeforeBody();
      unsigned index = arg.getArgNumber();
      follow(isBefore ? whileOp.getInits()[index] : whileOp.getConditionOp().getArgs()[index]);
      if (isBefore)
        follow(whileOp.getYieldOp().getOperand(index));
    }
    return;
  }
  auto result = cast<OpResult>(value);
  Operation *def = result.getOwner();
  unsigned index = result.getResultNumber();
  if (auto branch = dyn_cast<scf::IfOp>(def)) {
    follow(branch.thenYield().getOperand(index));
    follow(branch.elseYield().getOperand(index));
  } else if (auto forOp = dyn_cast<scf::ForOp>(def)) {
    follow(forOp.getInitArgs()[index]);
    follow(forOp.getYieldedValues()[index]);
  } else if (auto whileOp = dyn_cast<scf::WhileOp>(def)) {
    follow(whileOp.getConditionOp().getArgs()[index]);
  } else if (!isa<memref::AllocOp, memref::GetGlobalOp>(def)) {
    for (Value operand : def->getOperands())
      if (isa<BaseMemRefType>(operand.getType()))
        follow(operand);
  }
}

FailureOr<SmallVector<Place>> BufferWalk::getWritten(Operation *loop) {
  SetVector<Value> outside;
  DenseSet<Value> seen;
  loop->walk([&](Operation *op) {
    if (auto dps = dyn_cast<DestinationStyleOpInterface>(op)) {
      for (Value init : dps.getDpsInits())
        if (isa<BaseMemRefType>(init.getType()))
          findOutside(init, loop, outside, seen);
    } else if (auto copy = dyn_cast<memref::CopyOp>(op)) {
      findOutside(copy.getTarget(), loop, outside, seen);
    } else if (auto store = dyn_cast<memref::StoreOp>(op)) {
      findOutside(store.getMemRef(), loop, outside, seen);
    }
  });
  SmallVector<Place> written;
  for (Value value : outside) {
    auto place = places.find(value);
    if (place == places.end())
      return fail(loop, "a write to something that is not known");
    place->second.forEach([&](const Place &part) {
      if (!llvm::is_contained(written, part))
        written.push_back(part);
    });
  }
  // Of places that overlap only the buffer is known.
  SmallVector<Place> result;
  for (const Place &place : written) {
    bool isApart = llvm::all_of(
        written, [&](const Place &other) { return &other == &place || areDisjoint(terms, place, other); });
    Place part = place;
    if (!isApart)
      part.path.clear();
    if (!llvm::is_contained(result, part))
      result.push_back(part);
  }
  return result;
}

void BufferWalk::forget(Operation *loop, ArrayRef<Place> written) {
  for (const Place &place : written) {
    const Term *content = memory.read(place);
    memory.write(place, terms.leaf(Kind::Havoc, {-1 - numForgotten++, 0}, content->shape, content->type),
                 loop);
  }
}

//===----------------------------------------------------------------------===//
// Parallel loops
//===----------------------------------------------------------------------===//

LogicalResult BufferWalk::visitForall(scf::ForallOp op) {
  auto tensors = dyn_cast_or_null<scf::ForallOp>(values.getOp(op));
  if (!tensors)
    return fail(op, "a parallel loop without a number");
  ParallelLoop loop = getParallelLoop(terms, op, getNumber(op), getter());
  auto tensorIndex = [&](Value value) { return values.get(value); };
  auto list = [&](SmallVector<OpFoldResult> bounds, GetTerm get) {
    Terms result;
    for (OpFoldResult bound : bounds)
      result.push_back(getIndex(terms, bound, get));
    return result;
  };
  if (list(op.getMixedLowerBound(), getter()) != list(tensors.getMixedLowerBound(), tensorIndex) ||
      list(op.getMixedUpperBound(), getter()) != list(tensors.getMixedUpperBound(), tensorIndex) ||
      list(op.getMixedStep(), getter()) != list(tensors.getMixedStep(), tensorIndex))
    error(op) << "the bounds of this loop are not their values";
  for (auto [arg, term] : llvm::zip_equal(op.getInductionVars(), loop.inductions))
    scalars[arg] = term;

  FailureOr<SmallVector<Place>> written = getWritten(op);
  if (failed(written))
    return failure();
  Memory before = memory;
  ParallelAccesses accesses(terms, values, op, tensors);
  parallel.push_back(&accesses);
  LogicalResult inside = walk(*op.getBody());
  parallel.pop_back();
  if (failed(inside))
    return failure();
  if (!loop.runsOnce())
    leaveForall(accesses, loop, *written, before);
  return success();
}

void BufferWalk::leaveForall(ParallelAccesses &accesses, const ParallelLoop &loop, ArrayRef<Place> written,
                             const Memory &before) {
  accesses.check([&](Operation *reader, Operation *writer) {
    InFlightDiagnostic diag = error(reader);
    diag << "it reads what another iteration of the parallel loop may overwrite";
    diag.attachNote(writer->getLoc()) << "in this '" << writer->getName() << "'";
  });
  using Part = std::pair<const Term *, const Term *>;
  Memory after = memory;
  for (const Place &place : written)
    memory.set(place.base, before.get(place.base));
  for (const Place &place : written) {
    const Term *start = before.read(place), *end = after.read(place);
    SmallVector<Part> parts;
    while (end != start && end->is(Kind::Insert)) {
      parts.push_back({end->operand(1), end->operand(2)});
      end = end->operand(0);
    }
    if (end != start)
      parts.push_back({terms.wholeBox(start->shape), end});
    std::reverse(parts.begin(), parts.end());
    bool isKnown = !accesses.mayCollide(place.base);
    const Term *content = isKnown
                              ? terms.loopInsert(loop.id, start, parts)
                              : terms.leaf(Kind::Havoc, {-1 - numForgotten++, 0}, start->shape, start->type);
    memory.write(place, content, memory.getWriter(place.base));
  }
}

//===----------------------------------------------------------------------===//
// Sequential loops and branches
//===----------------------------------------------------------------------===//

void BufferWalk::bindCarried(ValueRange found, ValueRange expected) {
  for (auto [value, counterpart] : llvm::zip_equal(found, expected)) {
    const Term *term = values.get(counterpart);
    if (!isa<MemRefType>(value.getType()))
      scalars[value] = term;
    else
      memory.write(places[value], terms.reshape(term, terms.shapeOf(getShape(value))),
                   memory.getWriter(places[value].base));
  }
}

void BufferWalk::checkCarried(Operation *end, ValueRange found, ValueRange expected, StringRef what) {
  for (auto [index, value, counterpart] : llvm::enumerate(found, expected)) {
    const Term *term = values.get(counterpart);
    if (!isa<MemRefType>(value.getType())) {
      if (get(value) != term)
        error(end) << what << " #" << index << " is not its value";
    } else if (!term->is(Kind::Undef) && !refinement.holds(read(end, places[value]), term)) {
      reportContent(end, what + " #" + Twine(index), places[value], counterpart);
    }
  }
}

LogicalResult BufferWalk::visitFor(scf::ForOp op) {
  auto tensors = dyn_cast_or_null<scf::ForOp>(values.getOp(op));
  if (!tensors)
    return fail(op, "a loop without a number");
  if (op.getNumRegionIterArgs() != tensors.getNumRegionIterArgs())
    return fail(op, "a loop that carries other values than before");
  if (get(op.getLowerBound()) != values.get(tensors.getLowerBound()) ||
      get(op.getUpperBound()) != values.get(tensors.getUpperBound()) ||
      get(op.getStep()) != values.get(tensors.getStep()))
    error(op) << "the bounds of this loop are not their values";
  checkCarried(op, op.getInitArgs(), tensors.getInitArgs(), "initial value");
  scalars[op.getInductionVar()] = values.get(tensors.getInductionVar());
  FailureOr<SmallVector<Place>> written = getWritten(op);
  if (failed(written))
    return failure();
  for (auto [arg, init] : llvm::zip_equal(op.getRegionIterArgs(), op.getInitArgs()))
    if (isa<MemRefType>(init.getType()))
      places[arg] = places.lookup(init);

  forget(op, *written);
  Memory before = memory;
  bindCarried(op.getRegionIterArgs(), tensors.getRegionIterArgs());
  if (failed(walk(*op.getBody())))
    return failure();
  Operation *end = op.getBody()->getTerminator();
  checkCarried(end, end->getOperands(), tensors.getYieldedValues(), "yielded value");
  for (auto [arg, yielded] : llvm::zip_equal(op.getRegionIterArgs(), end->getOperands()))
    if (isa<MemRefType>(yielded.getType()) && !(places.lookup(arg) == places.lookup(yielded)))
      return fail(op, "a loop that carries another buffer on");

  memory = before;
  for (auto [result, init] : llvm::zip_equal(op.getResults(), op.getInitArgs()))
    if (isa<MemRefType>(init.getType()))
      places[result] = places.lookup(init);
  bindCarried(op.getResults(), tensors.getResults());
  return success();
}

LogicalResult BufferWalk::visitWhile(scf::WhileOp op) {
  auto tensors = dyn_cast_or_null<scf::WhileOp>(values.getOp(op));
  if (!tensors)
    return fail(op, "a loop without a number");
  if (op.getInits().size() != tensors.getInits().size() || op.getNumResults() != tensors.getNumResults())
    return fail(op, "a loop that carries other values than before");
  checkCarried(op, op.getInits(), tensors.getInits(), "initial value");
  FailureOr<SmallVector<Place>> written = getWritten(op);
  if (failed(written))
    return failure();
  for (auto [arg, init] : llvm::zip_equal(op.getBeforeArguments(), op.getInits()))
    if (isa<MemRefType>(init.getType()))
      places[arg] = places.lookup(init);

  forget(op, *written);
  Memory before = memory;
  bindCarried(op.getBeforeArguments(), tensors.getBeforeArguments());
  if (failed(walk(*op.getBeforeBody())))
    return failure();
  scf::ConditionOp condition = op.getConditionOp();
  if (get(condition.getCondition()) != values.get(tensors.getConditionOp().getCondition()))
    error(condition) << "the condition of this loop is not its value";
  checkCarried(condition, condition.getArgs(), tensors.getConditionOp().getArgs(), "value");
  for (auto [arg, passed] : llvm::zip_equal(op.getAfterArguments(), condition.getArgs())) {
    if (isa<MemRefType>(arg.getType()))
      places[arg] = places.lookup(passed);
    else
      scalars[arg] = get(passed);
  }
  if (failed(walk(*op.getAfterBody())))
    return failure();
  Operation *end = op.getYieldOp();
  checkCarried(end, end->getOperands(), tensors.getYieldOp().getOperands(), "yielded value");
  for (auto [arg, yielded] : llvm::zip_equal(op.getBeforeArguments(), end->getOperands()))
    if (isa<MemRefType>(yielded.getType()) && !(places.lookup(arg) == places.lookup(yielded)))
      return fail(op, "a loop that carries another buffer on");

  memory = before;
  for (auto [result, passed] : llvm::zip_equal(op.getResults(), condition.getArgs())) {
    if (!isa<MemRefType>(passed.getType()))
      continue;
    Place place = places.lookup(passed);
    bool isOutside = true;
    place.forEach([&](const Place &part) {
      Value base = part.base;
      isOutside &=
          !op->isAncestor(base.getParentRegion()->getParentOp()) &&
          llvm::all_of(part.path, [&](const Term *view) { return values.isInvariant(view, tensors); });
    });
    if (!isOutside)
      return fail(op, "a loop that passes on a buffer of its own");
    places[result] = place;
  }
  bindCarried(op.getResults(), tensors.getResults());
  return success();
}

LogicalResult BufferWalk::visitIf(scf::IfOp op) {
  const Term *condition = get(op.getCondition());
  if (auto tensors = dyn_cast_or_null<scf::IfOp>(values.getOp(op)))
    if (condition != values.get(tensors.getCondition()))
      error(op) << "the condition of this branch is not its value";
  Memory before = memory;
  if (failed(walk(*op.thenBlock())))
    return failure();
  Memory first = memory;
  memory = before;
  if (op.elseBlock() && failed(walk(*op.elseBlock())))
    return failure();
  Memory second = memory;
  memory = before;
  memory.merge(condition, first, second);
  if (op.getNumResults() == 0)
    return success();
  for (auto [result, a, b] :
       llvm::zip_equal(op.getResults(), op.thenYield().getOperands(), op.elseYield().getOperands())) {
    if (!isa<MemRefType>(result.getType())) {
      scalars[result] = terms.phi(condition, get(a), get(b));
      continue;
    }
    Place x = places.lookup(a), y = places.lookup(b);
    if (x == y) {
      places[result] = x;
      continue;
    }
    Place place;
    place.condition = condition;
    place.first = std::make_shared<Place>(x);
    place.second = std::make_shared<Place>(y);
    places[result] = place;
  }
  return success();
}

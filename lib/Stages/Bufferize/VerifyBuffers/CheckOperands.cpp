#include "BufferWalk.h"
#include "KernelBody.h"

#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace mlir::colt5;

using Kind = Term::Kind;

Value BufferWalk::getCounterpart(Operation *op, Operation *tensors, unsigned index) {
  auto scatter = dyn_cast<ParallelScatterOp>(tensors);
  if (!scatter)
    return tensors->getOperand(index);
  // The scatter of a tile has no operands for its place: they are in the view of its destination.
  unsigned present = 0;
  for (Value operand : {Value(scatter.getUpdates()), Value(scatter.getIndices()), Value(scatter.getValid()),
                        Value(scatter.getWeight()), Value(scatter.getDest())})
    if (operand && present++ == index)
      return operand;
  return {};
}

/// Attributes of the op and its payload, as far as both forms have them.
static Attribute getScatterSignature(Operation *op) {
  NamedAttrList attrs;
  for (StringRef name : {"combine", "unique", "sorted", "trusted"})
    if (Attribute attr = op->getAttr(name))
      attrs.set(name, attr);
  if (auto combine = op->getAttr("combine"); !combine)
    attrs.set("combine", CombineKindAttr::get(op->getContext(), CombineKind::Add));
  return attrs.getDictionary(op->getContext());
}

bool BufferWalk::isSameWork(Operation *op, Operation *tensors) {
  if (auto scatter = dyn_cast<ParallelScatterOp>(tensors)) {
    unsigned present = 3 + (scatter.getValid() ? 1 : 0) + (scatter.getWeight() ? 1 : 0);
    auto combine = dyn_cast<ScatterCombineOp>(op);
    return combine && op->getNumOperands() == present && !combine.getValid() == !scatter.getValid() &&
           getScatterSignature(op) == getScatterSignature(tensors);
  }
  if (op->getNumOperands() != tensors->getNumOperands() || getSignature(op) != getSignature(tensors))
    return false;
  if (auto kernel = dyn_cast<KernelOp>(op))
    return getKernelBody(terms, kernel) == getKernelBody(terms, cast<KernelOp>(tensors));
  auto tensorTerm = [&](Value value) { return values.get(value); };
  const Term *payload = getPayload(terms, tensors, tensorTerm);
  DenseMap<Value, const Term *> contents = checkPayloadReads(op, tensors);
  auto term = [&](Value value) -> const Term * {
    return isa<MemRefType>(value.getType()) ? contents.lookup(value) : get(value);
  };
  return payload && payload == getPayload(terms, op, term);
}

DenseMap<Value, const Term *> BufferWalk::checkPayloadReads(Operation *op, Operation *tensors) {
  SmallVector<Value> expected;
  for (Region &region : tensors->getRegions())
    region.walk([&](tensor::ExtractOp extract) { expected.push_back(extract.getTensor()); });
  DenseMap<Value, const Term *> contents;
  size_t number = 0;
  for (Region &region : op->getRegions())
    region.walk([&](memref::LoadOp load) {
      Value source = load.getMemRef();
      if (number >= expected.size())
        return;
      Value tensor = expected[number++];
      if (contents.contains(source))
        return;
      const Place &place = places[source];
      if (!refinement.holds(read(op, place), values.get(tensor)))
        reportContent(op, "an element that it reads", place, tensor);
      for (Value output : cast<DestinationStyleOpInterface>(op).getDpsInits())
        if (!areDisjoint(terms, place, places[output]))
          error(op) << "it writes to a buffer that it reads elements of";
      contents[source] = values.get(tensor);
    });
  return contents;
}

void BufferWalk::checkOperand(OpOperand &operand, Operation *tensors, bool isRead) {
  Operation *op = operand.getOwner();
  unsigned index = operand.getOperandNumber();
  Value counterpart = getCounterpart(op, tensors, index);
  const Term *expected = values.get(counterpart);
  if (!isa<MemRefType>(operand.get().getType())) {
    if (get(operand.get()) == expected)
      return;
    InFlightDiagnostic diag = error(op);
    diag << "operand #" << index << " is not its value";
    diag.attachNote(counterpart.getLoc()) << "the value is defined here";
    return;
  }
  const Place &place = places[operand.get()];
  auto scatter = dyn_cast<ParallelScatterOp>(tensors);
  bool isDest = cast<DestinationStyleOpInterface>(op).isDpsInit(&operand);
  if (!isRead || expected->is(Kind::Undef))
    return;
  if (scatter && isDest)
    expected = terms.slice(expected, values.getTarget(tensors));
  if (!refinement.holds(read(op, place, scatter && isDest ? tensors : nullptr), expected))
    reportContent(op, "operand #" + Twine(index), place, counterpart);
}

/// Whether an op reads each element of `input` only before it writes the same element of `output`.
static bool isElementwise(Operation *op, OpOperand &input, OpOperand &output) {
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (!linalgOp || linalgOp.getNumParallelLoops() != linalgOp.getNumLoops())
    return false;
  AffineMap map = linalgOp.getMatchingIndexingMap(&output);
  return map.isPermutation() && map == linalgOp.getMatchingIndexingMap(&input);
}

void BufferWalk::checkOverlaps(DestinationStyleOpInterface op, Operation *tensors) {
  for (OpOperand &output : op.getDpsInitsMutable()) {
    if (!isa<MemRefType>(output.get().getType()))
      continue;
    for (OpOperand &other : op->getOpOperands()) {
      bool isOutput = op.isDpsInit(&other);
      if (!isa<MemRefType>(other.get().getType()) || other.getOperandNumber() == output.getOperandNumber() ||
          (isOutput && other.getOperandNumber() < output.getOperandNumber()))
        continue;
      const Place &a = places[output.get()], &b = places[other.get()];
      if (areDisjoint(terms, a, b) || (!isOutput && a == b && isElementwise(op, other, output)))
        continue;
      if (values.get(getCounterpart(op, tensors, other.getOperandNumber()))->is(Kind::Undef) && !isOutput)
        continue;
      error(op) << "operand #" << output.getOperandNumber() << ", which it writes, overlaps operand #"
                << other.getOperandNumber();
    }
  }
}

static bool readsInit(DestinationStyleOpInterface op, OpOperand &operand) {
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op.getOperation()))
    return linalgOp.payloadUsesValueFromOperand(&operand);
  if (auto kernel = dyn_cast<KernelOp>(op.getOperation()))
    return kernel.readsOperand(operand);
  return isa<LaunchOp>(op) || readsInits(op);
}

bool BufferWalk::visitGenerated(linalg::MapOp op, Operation *tensors) {
  const Term *expected = values.getGenerated(tensors);
  if (!expected || !op.getInputs().empty())
    return false;
  Terms arguments(op.getMapper().getNumArguments(), nullptr);
  FailureOr<Terms> yielded = getYielded(terms, op.getMapper(), arguments, getter());
  if (failed(yielded) || yielded->front() != expected)
    return false;
  Terms shape = getShape(op.getInit());
  write(op, places[op.getInit()],
        terms.leaf(Kind::Opaque, {getNumber(op), 0}, shape, getElementTypeOrSelf(op.getInit().getType())));
  return true;
}

LogicalResult BufferWalk::visitStructured(DestinationStyleOpInterface op) {
  Operation *tensors = values.getOp(op);
  if (auto map = dyn_cast<linalg::MapOp>(op.getOperation()); map && tensors && visitGenerated(map, tensors))
    return success();
  bool isKnown = tensors && isSameWork(op, tensors);
  if (isKnown) {
    for (OpOperand &operand : op->getOpOperands())
      checkOperand(operand, tensors, !op.isDpsInit(&operand) || readsInit(op, operand));
    checkOverlaps(op, tensors);
  }
  // What an op without a counterpart writes is no value of the function on tensors.
  auto scatter = isKnown ? dyn_cast<ParallelScatterOp>(tensors) : ParallelScatterOp();
  int64_t id = isKnown ? getNumber(op) : -1 - numForgotten++;
  for (auto [index, output] : llvm::enumerate(op.getDpsInitsMutable())) {
    if (!isa<MemRefType>(output.get().getType()))
      return fail(op, "a destination that is no memref");
    Terms shape = getShape(output.get());
    const Term *result;
    if (scatter) {
      const Term *box = values.getTarget(tensors);
      result = terms.leaf(Kind::Opaque, {id, 0}, getSizes(box), getElementTypeOrSelf(output.get().getType()));
    } else if (isKnown) {
      result = values.get(tensors->getResult(index));
    } else {
      result =
          terms.leaf(Kind::Havoc, {id, int64_t(index)}, shape, getElementTypeOrSelf(output.get().getType()));
    }
    write(op, places[output.get()], result, scatter ? tensors : nullptr);
  }
  return success();
}

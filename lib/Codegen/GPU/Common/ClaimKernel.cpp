// From the ops of a planned kernel to the region of a colt5.kernel.
#include "colt5/Codegen/GPU/KernelFamily.h"
#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// Puts the ops of a kernel into the region of a `colt5.kernel`.
class Claimer {
public:
  explicit Claimer(const Kernel &kernel) : kernel(kernel) {}

  FailureOr<KernelOp> run(RewriterBase &rewriter, ArrayRef<Value> scratch);

private:
  /// A result that is used outside of the kernel, and the destination that it starts from.
  struct Out {
    OpResult result;
    OpOperand *start;
  };

  LogicalResult collectOuts();
  LogicalResult addOut(OpResult result);
  OpOperand *findStart(OpResult result) const;
  bool isStart(OpOperand &operand) const;
  void collectInputs();
  void addInput(Value value);
  void addCopy(Operation *def);
  void createOp(RewriterBase &rewriter, ArrayRef<Value> scratch);
  void fillBody(OpBuilder &builder);
  void replaceOps(RewriterBase &rewriter);

  const Kernel &kernel;
  SmallVector<Out> outs;
  SetVector<Value> inputs;
  /// What the region has copies of.
  SetVector<Operation *> copied;
  KernelOp op;
};
} // namespace

/// The destination outside of the kernel that `result` is computed from.
OpOperand *Claimer::findStart(OpResult result) const {
  while (true) {
    OpOperand *start = cast<DestinationStyleOpInterface>(result.getOwner()).getTiedOpOperand(result);
    auto producer = dyn_cast<OpResult>(start->get());
    if (!producer || !kernel.contains(producer.getOwner()))
      return start;
    result = producer;
  }
}

bool Claimer::isStart(OpOperand &operand) const {
  return llvm::any_of(outs, [&](const Out &out) { return out.start == &operand; });
}

LogicalResult Claimer::addOut(OpResult result) {
  bool isRoot = result.getOwner() == kernel.root, isUsed = isRoot;
  for (Operation *user : result.getUsers()) {
    Operation *ancestor = kernel.root->getBlock()->findAncestorOpInBlock(*user);
    if (isa<tensor::DimOp>(user) || kernel.contains(ancestor))
      continue;
    if (ancestor && ancestor->isBeforeInBlock(kernel.root)) {
      InFlightDiagnostic diag = result.getOwner()->emitError("cannot fuse this op into kernel ")
                                << kernel.number << ": its result is used before the root of the kernel";
      diag.attachNote(user->getLoc()) << "the use";
      return diag;
    }
    isUsed = true;
  }
  if (isUsed)
    outs.push_back({result, findStart(result)});
  return success();
}

LogicalResult Claimer::collectOuts() {
  for (OpResult result : kernel.root->getResults())
    if (failed(addOut(result)))
      return failure();
  for (Operation *inner : kernel.ops) {
    if (inner == kernel.root)
      continue;
    if (!inner->isBeforeInBlock(kernel.root))
      return inner->emitError("expected the root of kernel ")
             << kernel.number << " after the ops fused into it";
    for (OpResult result : inner->getResults())
      if (failed(addOut(result)))
        return failure();
  }
  return success();
}

/// Makes `value` an input, unless the region computes it.
void Claimer::addInput(Value value) {
  Operation *def = value.getDefiningOp();
  if (!kernel.contains(def) && !copied.contains(def))
    inputs.insert(value);
}

/// Lets the region have a copy of `def`, a constant or an undefined tensor.
void Claimer::addCopy(Operation *def) {
  for (Value operand : def->getOperands())
    addInput(operand);
  copied.insert(def);
}

/// An operand that is a constant stays one outside, where the family finds it; patterns expect to see a
/// constant that the body of an op uses.
void Claimer::collectInputs() {
  SetVector<Value> captured;
  for (Operation *inner : kernel.ops)
    getUsedValuesDefinedAbove(inner->getRegions(), captured);
  for (Value value : captured)
    if (matchPattern(value, m_Constant()))
      addCopy(value.getDefiningOp());
  for (Operation *inner : kernel.ops)
    for (OpOperand &operand : inner->getOpOperands()) {
      auto empty = operand.get().getDefiningOp<tensor::EmptyOp>();
      if (isStart(operand))
        continue;
      if (empty && cast<DestinationStyleOpInterface>(inner).isDpsInit(&operand))
        addCopy(empty);
      else
        addInput(operand.get());
    }
  for (Value value : captured)
    addInput(value);
}

void Claimer::createOp(RewriterBase &rewriter, ArrayRef<Value> scratch) {
  rewriter.setInsertionPoint(kernel.root);
  SmallVector<Value> destinations;
  for (const Out &out : outs) {
    // Kernels that share one undefined tensor would seem to overwrite each other.
    Value start = out.start->get();
    auto empty = start.getDefiningOp<tensor::EmptyOp>();
    destinations.push_back(empty && !empty->hasOneUse() ? rewriter.clone(*empty)->getResult(0) : start);
  }
  llvm::append_range(destinations, scratch);
  Location loc = kernel.root->getLoc();
  op = KernelOp::create(rewriter, loc, TypeRange(ValueRange(destinations)), getPlan(kernel.root),
                        inputs.getArrayRef(), destinations);
  Block &body = op.getBody().emplaceBlock();
  for (Value operand : op->getOperands())
    body.addArgument(operand.getType(), operand.getLoc());
}

void Claimer::fillBody(OpBuilder &builder) {
  builder.setInsertionPointToStart(&op.getBody().front());
  IRMapping mapping;
  mapping.map(inputs.getArrayRef(), op.getInputArguments());
  for (Operation *outside : copied)
    builder.clone(*outside, mapping);
  for (Operation *inner : kernel.ops) {
    Operation *copy = builder.clone(*inner, mapping);
    copy->removeDiscardableAttr(kPlanAttr);
    for (auto [number, out] : llvm::enumerate(outs))
      if (out.start->getOwner() == inner)
        copy->setOperand(out.start->getOperandNumber(), op.getOutArguments()[number]);
  }
  SmallVector<Value> yielded;
  for (const Out &out : outs)
    yielded.push_back(mapping.lookup(out.result));
  YieldOp::create(builder, op.getLoc(), yielded);
}

void Claimer::replaceOps(RewriterBase &rewriter) {
  for (auto [number, out] : llvm::enumerate(outs))
    rewriter.replaceUsesWithIf(out.result, op.getResult(number), [&](OpOperand &use) {
      return !kernel.contains(use.getOwner()) && !isa<tensor::DimOp>(use.getOwner());
    });
  // An op has the sizes of its destinations, and those are known before the kernel.
  for (Operation *inner : llvm::reverse(kernel.ops)) {
    for (OpResult result : inner->getResults())
      rewriter.replaceAllUsesWith(result, findStart(result)->get());
    rewriter.eraseOp(inner);
  }
}

FailureOr<KernelOp> Claimer::run(RewriterBase &rewriter, ArrayRef<Value> scratch) {
  if (failed(collectOuts()))
    return failure();
  collectInputs();
  createOp(rewriter, scratch);
  fillBody(rewriter);
  replaceOps(rewriter);
  return op;
}

FailureOr<KernelOp> colt5::claimKernel(RewriterBase &rewriter, const Kernel &kernel,
                                       ArrayRef<Value> scratch) {
  OpBuilder::InsertionGuard guard(rewriter);
  return Claimer(kernel).run(rewriter, scratch);
}

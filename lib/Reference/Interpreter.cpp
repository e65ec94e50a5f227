#include "InterpreterImpl.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::reference;

// Calls and nested regions; far below what the stack of a thread holds.
static constexpr unsigned kMaxDepth = 256;

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

const Tensor &Interpreter::get(Frame &frame, Value value) { return frame.find(value)->second; }

Tensor Interpreter::take(Frame &frame, OpOperand &operand) {
  auto it = frame.find(operand.get());
  Operation *user = operand.getOwner();
  // A region of the user may read the value after this operand was taken.
  bool once = llvm::all_of(operand.get().getUses(), [&](OpOperand &use) {
    return &use == &operand || !user->isAncestor(use.getOwner());
  });
  if (once && operand.get().getParentBlock() == user->getBlock() &&
      llvm::is_contained(getDeadAfter(user), operand.get()))
    return std::move(it->second);
  return it->second;
}

SmallVector<int64_t> Interpreter::getIndices(Frame &frame, ValueRange values) {
  return llvm::map_to_vector(values, [&](Value value) { return getIndex(frame, value); });
}

SmallVector<int64_t> Interpreter::getMixed(Frame &frame, ArrayRef<OpFoldResult> values) {
  return llvm::map_to_vector(values, [&](OpFoldResult value) {
    if (auto attr = dyn_cast<Attribute>(value))
      return cast<IntegerAttr>(attr).getInt();
    return getIndex(frame, cast<Value>(value));
  });
}

/// Checks a tensor against a type; `what` names it in the message.
static LogicalResult checkAgainstType(Location loc, const Twine &what, const Tensor &tensor, Type type) {
  std::optional<ElementKind> kind = getElementKind(getElementTypeOrSelf(type));
  bool isTensor = isa<RankedTensorType>(type);
  if (!kind || (isa<ShapedType>(type) && !isTensor))
    return emitError(loc)
           << "the reference does not support the type " << type << " of " << what
           << "; it executes ranked tensors and scalars of f16, bf16, f32, f64, i1 to i64 and index";
  SmallVector<int64_t> shape;
  if (isTensor)
    llvm::append_range(shape, cast<RankedTensorType>(type).getShape());
  bool fits = static_cast<int64_t>(shape.size()) == tensor.getRank() && *kind == tensor.getKind();
  for (size_t d = 0; fits && d < shape.size(); ++d)
    fits = ShapedType::isDynamic(shape[d]) || shape[d] == tensor.getDim(d);
  if (!fits)
    return emitError(loc) << what << " is " << describe(tensor) << ", expected " << type;
  return success();
}

LogicalResult Interpreter::set(Frame &frame, Value value, Tensor tensor, bool rounds) {
  if (std::optional<ElementKind> kind = getElementKind(getElementTypeOrSelf(value.getType()));
      kind && isFloatKind(*kind) == tensor.isFloat())
    tensor = tensor.withKind(*kind);
  if (failed(checkAgainstType(value.getLoc(), "a value of this op", tensor, value.getType())))
    return failure();
  if (rounds && options.precision == ReferencePrecision::Declared)
    tensor.roundToKind();
  frame[value] = std::move(tensor);
  return success();
}

const SmallVector<Value> &Interpreter::getDeadAfter(Operation *op) {
  Block *block = op->getBlock();
  if (analysed.insert(block).second) {
    auto visit = [&](Value value, Operation *def) {
      Operation *last = def;
      for (Operation *user : value.getUsers()) {
        Operation *ancestor = block->findAncestorOpInBlock(*user);
        if (!last || last->isBeforeInBlock(ancestor))
          last = ancestor;
      }
      if (last)
        deadAfter[last].push_back(value);
    };
    for (BlockArgument argument : block->getArguments())
      visit(argument, nullptr);
    for (Operation &definition : *block)
      for (Value result : definition.getResults())
        visit(result, &definition);
  }
  return deadAfter[op];
}

//===----------------------------------------------------------------------===//
// Control
//===----------------------------------------------------------------------===//

Block *Interpreter::getSingleBlock(Region &region) {
  if (region.hasOneBlock())
    return &region.front();
  emitError(region.getLoc())
      << "the reference executes structured control flow only: expected a region with one block, "
      << "found " << region.getBlocks().size();
  return nullptr;
}

LogicalResult Interpreter::runBody(Block &block, Frame &frame) {
  if (depth >= kMaxDepth)
    return block.getParentOp()->emitOpError("nests calls and regions deeper than ")
           << kMaxDepth << ", the limit of the reference";
  llvm::SaveAndRestore<unsigned> nested(depth, depth + 1);
  for (Operation &op : block.without_terminator()) {
    if (failed(execute(&op, frame)))
      return failure();
    for (Value dead : getDeadAfter(&op))
      frame.erase(dead);
  }
  return success();
}

LogicalResult Interpreter::runBlock(Block &block, Frame &frame, SmallVectorImpl<Tensor> &yielded) {
  if (failed(runBody(block, frame)))
    return failure();
  for (OpOperand &operand : block.getTerminator()->getOpOperands())
    yielded.push_back(take(frame, operand));
  return success();
}

LogicalResult Interpreter::execute(Operation *op, Frame &frame) {
  for (auto family : {&Interpreter::runScalar, &Interpreter::runLinalg, &Interpreter::runSlice,
                      &Interpreter::runTensor, &Interpreter::runPrimitive, &Interpreter::runComposite,
                      &Interpreter::runScf, &Interpreter::runFunc}) {
    Outcome outcome = (this->*family)(op, frame);
    if (!outcome)
      continue;
    if (failed(*outcome))
      return failure();
    auto part = op->getAttrOfType<StringAttr>("colt5.part");
    if (part && options.onPart)
      for (OpResult result : op->getResults())
        options.onPart(part.getValue(), op, result.getResultNumber(), get(frame, result));
    return success();
  }
  return op->emitOpError(
      "is not supported by the reference; it executes func, arith, math, affine.apply/min/max, scf, "
      "tensor, linalg and colt5 on tensors (stages input to tile)");
}

LogicalResult Interpreter::call(FunctionOpInterface function, SmallVector<Tensor> arguments,
                                SmallVectorImpl<Tensor> &results) {
  if (function.isExternal())
    return function.emitError() << "function '" << function.getName() << "' has no body to execute";
  Block *body = getSingleBlock(function.getFunctionBody());
  if (!body)
    return failure();
  Frame frame;
  for (auto [argument, value] : llvm::zip_equal(body->getArguments(), arguments))
    frame[argument] = std::move(value);
  arguments.clear();
  return runBlock(*body, frame, results);
}

Interpreter::Outcome Interpreter::runFunc(Operation *op, Frame &frame) {
  auto callOp = dyn_cast<func::CallOp>(op);
  if (!callOp)
    return std::nullopt;
  auto callee = symbols.lookupNearestSymbolFrom<FunctionOpInterface>(op, callOp.getCalleeAttr());
  if (!callee)
    return op->emitOpError("calls '") << callOp.getCallee() << "', which does not exist";
  SmallVector<Tensor> arguments, results;
  for (OpOperand &operand : op->getOpOperands())
    arguments.push_back(take(frame, operand));
  if (failed(call(callee, std::move(arguments), results)))
    return failure();
  for (auto [result, value] : llvm::zip_equal(op->getResults(), results))
    if (failed(set(frame, result, std::move(value))))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Entry
//===----------------------------------------------------------------------===//

FunctionOpInterface mlir::colt5::findEntry(ModuleOp module, StringRef entry) {
  if (!entry.empty()) {
    auto function = dyn_cast_or_null<FunctionOpInterface>(SymbolTable::lookupSymbolIn(module, entry));
    if (!function)
      module.emitError() << "there is no function '" << entry << "' in the module";
    return function;
  }
  FunctionOpInterface found;
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.isPrivate() || function.isExternal())
      continue;
    if (found) {
      module.emitError() << "the module has several public functions ('" << found.getName() << "', '"
                         << function.getName() << "', ...); name the one to run";
      return {};
    }
    found = cast<FunctionOpInterface>(function.getOperation());
  }
  if (!found)
    module.emitError() << "the module has no public function with a body";
  return found;
}

FailureOr<ReferenceResult> mlir::colt5::interpret(ModuleOp module, StringRef entry, ArrayRef<Tensor> inputs,
                                                  const ReferenceOptions &options) {
  FunctionOpInterface function = findEntry(module, entry);
  if (!function)
    return failure();
  if (inputs.size() != function.getNumArguments())
    return function.emitError() << "function '" << function.getName() << "' takes "
                                << function.getNumArguments() << " inputs, found " << inputs.size();
  Interpreter interpreter(module, options);
  SmallVector<Tensor> arguments;
  for (auto [i, input] : llvm::enumerate(inputs)) {
    std::string what = ("input " + Twine(i) + " of function '" + function.getName() + "'").str();
    if (failed(checkAgainstType(function.getLoc(), what, input, function.getArgumentTypes()[i])))
      return failure();
    Tensor argument = input;
    argument.roundToKind();
    arguments.push_back(std::move(argument));
  }
  ReferenceResult result;
  if (failed(interpreter.call(function, std::move(arguments), result.results)))
    return failure();
  result.errorWord = interpreter.errorWord;
  result.hasUnspecified = interpreter.unspecified.found;
  return result;
}

// Runs functions with the executable semantics.
#include "BackendDetail.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Reference/Interpreter.h"
#include "colt5/Tools/Common/Instrument.h"
#include "colt5/Tools/Common/Progress.h"
#include "colt5/Tools/Run/Backend.h"
#include <chrono>
#include <cmath>

using namespace mlir;
using namespace mlir::colt5;
using driver::HostTensor;

static reference::Tensor toReference(const HostTensor &tensor, ElementKind kind) {
  reference::Tensor::Shape shape(tensor.shape.begin(), tensor.shape.end());
  int64_t count = tensor.getNumElements();
  if (isFloatKind(kind)) {
    std::vector<double> data(count);
    for (int64_t i = 0; i < count; ++i)
      data[i] = tensor.getDouble(i);
    return reference::Tensor(std::move(shape), kind, std::move(data));
  }
  std::vector<int64_t> data(count);
  for (int64_t i = 0; i < count; ++i)
    data[i] = tensor.getInt(i);
  return reference::Tensor(std::move(shape), kind, std::move(data));
}

std::vector<reference::Tensor> driver::makeReferenceInputs(const RunRequest &request) {
  std::vector<reference::Tensor> inputs;
  func::FuncOp entry = request.entry;
  for (auto [type, tensor] : llvm::zip_equal(entry.getArgumentTypes(), request.inputs)) {
    std::optional<ElementKind> kind = getElementKind(getElementTypeOrSelf(type));
    inputs.push_back(toReference(tensor, kind.value_or(tensor.kind)));
  }
  return inputs;
}

/// Floats stay f64 when `wide`: the judge's values must not be rounded before they are compared.
static HostTensor toHost(const reference::Tensor &tensor, bool wide) {
  ElementKind kind = tensor.getKind();
  if (wide && tensor.isFloat())
    kind = ElementKind::F64;
  HostTensor result(kind, tensor.getShape());
  for (int64_t i = 0, e = tensor.getNumElements(); i < e; ++i) {
    if (tensor.isFloat())
      result.setDouble(i, tensor.floats()[i]);
    else
      result.setInt(i, tensor.ints()[i]);
  }
  return result;
}

namespace {
class ReferenceBackend : public driver::Backend {
public:
  StringRef getName() const override { return "reference"; }

  FailureOr<driver::RunOutcome> run(driver::RunRequest request) override {
    bool wide = request.precision == driver::Precision::Wide;
    driver::RunOutcome outcome;
    driver::PartNames names;
    ReferenceOptions options;
    options.precision = wide ? ReferencePrecision::Wide : ReferencePrecision::Declared;
    options.threads = request.threads;
    if (request.recordRouting || request.replay)
      options.onSelection = [&](ReferenceSelection &selection) {
        return observe(selection, request.replay, outcome.routing);
      };
    if (request.wantParts)
      options.onPart = [&](StringRef part, Operation *op, unsigned result, const reference::Tensor &value) {
        outcome.parts.push_back({names.get(part, op, result), toHost(value, wide)});
      };

    std::vector<reference::Tensor> inputs = driver::makeReferenceInputs(request);
    // Named parts are ops that decomposition creates; without them composites are run by their own
    // definition.
    OwningOpRef<ModuleOp> copy;
    ModuleOp module = request.module;
    if (request.wantParts) {
      copy = request.module.clone();
      module = *copy;
      if (failed(driver::runStages(module, "", "decompose")))
        return failure();
    }
    auto start = std::chrono::steady_clock::now();
    FailureOr<ReferenceResult> result = interpret(module, request.entry.getSymName(), inputs, options);
    if (failed(result))
      return failure();
    outcome.runSeconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    outcome.errorWord = result->errorWord;
    for (const reference::Tensor &tensor : result->results)
      outcome.results.push_back(toHost(tensor, wide));
    if (result->hasUnspecified && failed(markUnspecified(module, request, inputs, options, outcome)))
      return failure();
    return outcome;
  }

private:
  /// Runs once more with NaN for what the definition leaves open: what is NaN now only depends on it.
  static LogicalResult markUnspecified(ModuleOp module, const driver::RunRequest &request,
                                       ArrayRef<reference::Tensor> inputs, ReferenceOptions options,
                                       driver::RunOutcome &outcome) {
    driver::RoutingRecord again;
    const driver::RoutingRecord *replay = request.replay ? request.replay : &outcome.routing;
    if (options.onSelection)
      options.onSelection = [&](ReferenceSelection &selection) { return observe(selection, replay, again); };
    size_t part = 0;
    if (options.onPart)
      options.onPart = [&](StringRef, Operation *, unsigned, const reference::Tensor &value) {
        mark(value, outcome.parts[part++].value);
      };
    options.unspecifiedIsNaN = true;
    func::FuncOp entry = request.entry;
    FailureOr<ReferenceResult> result = interpret(module, entry.getSymName(), inputs, options);
    if (failed(result))
      return failure();
    for (auto [tensor, marked] : llvm::zip_equal(result->results, outcome.results))
      mark(tensor, marked);
    return success();
  }

  static void mark(const reference::Tensor &tensor, HostTensor &result) {
    if (!tensor.isFloat())
      return;
    result.unspecified.resize(result.getNumElements());
    for (int64_t i = 0, e = result.getNumElements(); i < e; ++i)
      result.unspecified[i] = std::isnan(tensor.floats()[i]) && !std::isnan(result.getDouble(i));
  }

  /// Records a selection and, on replay, puts the stored one in its place.
  static LogicalResult observe(ReferenceSelection &selection, const driver::RoutingRecord *replay,
                               driver::RoutingRecord &routing) {
    size_t number = routing.selections.size();
    driver::Selection own{toHost(selection.indices, false), toHost(selection.scores, true), 0};
    if (auto block = selection.op->getAttrOfType<IntegerAttr>("block"))
      own.block = block.getInt();
    routing.selections.push_back(std::move(own));
    if (!replay)
      return success();
    if (number >= replay->selections.size())
      return selection.op->emitError(
                 "replayed routing: expected a selection for every topk of the program, found only ")
             << replay->selections.size();
    reference::Tensor indices = toReference(replay->selections[number].indices, selection.indices.getKind());
    if (indices.getShape() != selection.indices.getShape())
      return selection.op->emitError("replayed routing: expected indices of shape ")
             << reference::describe(selection.indices) << ", found " << reference::describe(indices);
    selection.indices = indices;
    return success();
  }
};
} // namespace

std::unique_ptr<driver::Backend> driver::createReferenceBackend() {
  return std::make_unique<ReferenceBackend>();
}

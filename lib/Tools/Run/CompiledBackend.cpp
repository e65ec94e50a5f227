#include "CompiledBackend.h"

#include "BackendDetail.h"
#include "colt5/Tools/Run/Inputs.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include <chrono>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

/// Leaves only what `entry` needs in `module`.
static LogicalResult isolateEntry(ModuleOp module, func::FuncOp entry) {
  for (auto function : module.getOps<func::FuncOp>())
    function.setVisibility(function == entry ? SymbolTable::Visibility::Public
                                             : SymbolTable::Visibility::Private);
  PassManager manager(module.getContext());
  manager.addPass(createSymbolDCEPass());
  return manager.run(module);
}

static CpuTensor toCpuTensor(HostTensor &tensor) {
  return {tensor.data.data(), SmallVector<int64_t>(tensor.shape)};
}

/// Sorts the results of an instrumented function into results, parts and routing.
static void distribute(std::vector<HostTensor> &outputs, const Instrumentation &added, RunOutcome &outcome) {
  auto next = outputs.begin();
  for (unsigned i = 0; i < added.numOwnResults; ++i)
    outcome.results.push_back(std::move(*next++));
  for (const std::string &name : added.parts)
    outcome.parts.push_back({name, std::move(*next++)});
  for (int64_t block : added.selectionBlocks) {
    HostTensor indices = std::move(*next++);
    HostTensor scores = std::move(*next++);
    outcome.routing.selections.push_back({std::move(indices), std::move(scores), block});
  }
}

LogicalResult CompiledBackend::execute(Program &program, RunRequest &request, const Instrumentation &added,
                                       ArrayRef<Type> resultTypes, RunOutcome &outcome) {
  func::FuncOp entry = request.entry;
  std::vector<HostTensor> inputs(request.inputs);
  if (request.replay) {
    if (request.replay->selections.size() != added.selectionBlocks.size())
      return entry.emitError("replayed routing: expected ")
             << added.selectionBlocks.size() << " selections as in the program, found "
             << request.replay->selections.size();
    for (const driver::Selection &selection : request.replay->selections)
      inputs.push_back(driver::convertTo(selection.indices, ElementKind::I32));
  }
  SmallVector<CpuTensor> arguments;
  for (HostTensor &tensor : inputs)
    arguments.push_back(toCpuTensor(tensor));
  auto shapes = program.getResultShapes(arguments);
  if (!shapes)
    return entry.emitError(llvm::toString(shapes.takeError()));

  std::vector<HostTensor> outputs;
  SmallVector<CpuTensor> results;
  for (auto [shape, type] : llvm::zip_equal(*shapes, resultTypes)) {
    auto described = driver::describeType(type, "a result");
    if (!described)
      return entry.emitError(llvm::toString(described.takeError()));
    if (llvm::Error error = driver::checkMemory(shape, described->second, "result " + Twine(outputs.size())))
      return entry.emitError(llvm::toString(std::move(error)));
    outputs.emplace_back(described->second, shape);
  }
  for (HostTensor &tensor : outputs)
    results.push_back(toCpuTensor(tensor));
  for (unsigned i = 0; i < std::max(1u, request.repeat); ++i) {
    double seconds = 0.0;
    if (llvm::Error error = program.execute(arguments, results, outcome.errorWord, seconds))
      return entry.emitError(llvm::toString(std::move(error)));
    outcome.runSeconds = i == 0 ? seconds : std::min(outcome.runSeconds, seconds);
  }
  distribute(outputs, added, outcome);
  return success();
}

std::unique_ptr<CompiledBackend::Program> CompiledBackend::wrap(std::unique_ptr<GpuProgram> code,
                                                                StringRef entry) {
  struct Wrapped : Program {
    std::unique_ptr<GpuProgram> code;
    std::string entry;

    llvm::Expected<SmallVector<SmallVector<int64_t>>> getResultShapes(ArrayRef<CpuTensor> inputs) override {
      return code->getEntries().getResultShapes(entry, inputs);
    }
    llvm::Error execute(ArrayRef<CpuTensor> inputs, ArrayRef<CpuTensor> outputs, bool &errorWord,
                        double &seconds) override {
      auto ran = code->run(entry, inputs, outputs);
      if (!ran)
        return ran.takeError();
      errorWord |= ran->badIndex;
      seconds = ran->seconds;
      return llvm::Error::success();
    }
  };
  auto wrapped = std::make_unique<Wrapped>();
  wrapped->code = std::move(code);
  wrapped->entry = entry.str();
  return wrapped;
}

FailureOr<RunOutcome> CompiledBackend::run(RunRequest request) {
  auto start = std::chrono::steady_clock::now();
  OwningOpRef<ModuleOp> module(request.module.clone());
  std::string name = request.entry.getSymName().str();
  auto entry = module->lookupSymbol<func::FuncOp>(name);
  if (failed(isolateEntry(*module, entry)))
    return failure();
  FailureOr<PipelineOptions> pipeline = getPipeline(*module, request);
  if (failed(pipeline))
    return failure();
  pipeline->hooks.assign(request.hooks.begin(), request.hooks.end());

  Instrumentation added;
  added.numOwnResults = entry.getNumResults();
  bool observes = request.wantParts || request.recordRouting || request.replay;
  StringRef stage;
  if (observes) {
    // Parts and selections are visible once no composite is left.
    stage = "decompose";
    if (failed(runStages(*module, "", stage, *pipeline)))
      return failure();
    FailureOr<Instrumentation> instrumented = instrument(
        entry, request.wantParts, request.recordRouting || request.replay, request.replay != nullptr);
    if (failed(instrumented))
      return failure();
    added = std::move(*instrumented);
  }
  SmallVector<Type> resultTypes(entry.getResultTypes());
  if (failed(runStages(*module, stage, /*stop=*/pipeline->target.isGPU() ? StringRef(kLastGpuStage) : "",
                       *pipeline)))
    return failure();
  FailureOr<std::unique_ptr<Program>> program = load(*module, name, request);
  if (failed(program))
    return failure();
  RunOutcome outcome;
  outcome.compileSeconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (failed(execute(**program, request, added, resultTypes, outcome)))
    return failure();
  return outcome;
}

// Compiles functions for this machine and runs them in this process.
#include "BackendDetail.h"
#include "colt5/Driver/Backend.h"
#include "colt5/Driver/Inputs.h"
#include "colt5/Driver/Instrument.h"
#include "colt5/Target/CPU/Jit.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include <chrono>

using namespace mlir;
using namespace mlir::colt5;
using driver::HostTensor;

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

namespace {
class CpuBackend : public driver::Backend {
public:
  StringRef getName() const override { return "cpu"; }

  FailureOr<driver::RunOutcome> run(driver::RunRequest request) override {
    auto start = std::chrono::steady_clock::now();
    OwningOpRef<ModuleOp> module(request.module.clone());
    std::string name = request.entry.getSymName().str();
    auto entry = module->lookupSymbol<func::FuncOp>(name);
    if (failed(isolateEntry(*module, entry)))
      return failure();

    CpuOptions cpu;
    PipelineOptions pipeline;
    FailureOr<StringRef> machine = getCpuMachine(cpu, [&] { return module->emitError(); });
    if (failed(machine))
      return failure();
    pipeline.machine = machine->str();

    driver::Instrumentation added;
    added.numOwnResults = entry.getNumResults();
    bool observes = request.wantParts || request.recordRouting || request.replay;
    StringRef stage;
    if (observes) {
      // Parts and selections are visible once no composite is left.
      stage = "decompose";
      if (failed(driver::runStages(*module, "", stage, pipeline)))
        return failure();
      FailureOr<driver::Instrumentation> instrumented = driver::instrument(
          entry, request.wantParts, request.recordRouting || request.replay, request.replay != nullptr);
      if (failed(instrumented))
        return failure();
      added = std::move(*instrumented);
    }
    SmallVector<Type> resultTypes(entry.getResultTypes());
    if (failed(driver::runStages(*module, stage, "llvm", pipeline)))
      return failure();
    FailureOr<std::unique_ptr<CpuProgram>> program = CpuProgram::compile(*module, cpu);
    if (failed(program))
      return failure();
    driver::RunOutcome outcome;
    outcome.compileSeconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (failed(execute(**program, name, request, added, resultTypes, outcome)))
      return failure();
    return outcome;
  }

private:
  static LogicalResult execute(CpuProgram &program, StringRef name, driver::RunRequest &request,
                               const driver::Instrumentation &added, ArrayRef<Type> resultTypes,
                               driver::RunOutcome &outcome) {
    func::FuncOp entry = request.entry;
    std::vector<HostTensor> inputs(request.inputs);
    if (request.replay) {
      if (request.replay->selections.size() != added.selectionBlocks.size())
        return entry.emitError("replayed routing: expected ")
               << added.selectionBlocks.size() << " selections as in the program, found "
               << request.replay->selections.size();
      for (const driver::Selection &selection : request.replay->selections)
        inputs.push_back(driver::convertTo(selection.indices, driver::ElementKind::I32));
    }
    SmallVector<CpuTensor> arguments;
    for (HostTensor &tensor : inputs)
      arguments.push_back(toCpuTensor(tensor));
    auto shapes = program.getResultShapes(name, arguments);
    if (!shapes)
      return entry.emitError(llvm::toString(shapes.takeError()));

    std::vector<HostTensor> outputs;
    SmallVector<CpuTensor> results;
    for (auto [shape, type] : llvm::zip_equal(*shapes, resultTypes)) {
      auto described = driver::describeType(type, "a result");
      if (!described)
        return entry.emitError(llvm::toString(described.takeError()));
      if (llvm::Error error =
              driver::checkMemory(shape, described->second, "result " + Twine(outputs.size())))
        return entry.emitError(llvm::toString(std::move(error)));
      outputs.emplace_back(described->second, shape);
    }
    for (HostTensor &tensor : outputs)
      results.push_back(toCpuTensor(tensor));
    for (unsigned i = 0; i < std::max(1u, request.repeat); ++i) {
      auto ran = program.run(name, arguments, results, request.threads);
      if (!ran)
        return entry.emitError(llvm::toString(ran.takeError()));
      outcome.errorWord |= ran->badIndex;
      outcome.runSeconds = i == 0 ? ran->seconds : std::min(outcome.runSeconds, ran->seconds);
    }
    distribute(outputs, added, outcome);
    return success();
  }

  /// Sorts the results of an instrumented function into results, parts and routing.
  static void distribute(std::vector<HostTensor> &outputs, const driver::Instrumentation &added,
                         driver::RunOutcome &outcome) {
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
};
} // namespace

std::unique_ptr<driver::Backend> driver::createCpuBackend() { return std::make_unique<CpuBackend>(); }

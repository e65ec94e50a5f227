#include "Compilation.h"

#include "Messages.h"
#include "colt5/Compiler/SourceFile.h"
#include "colt5/Support/Error.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/Path.h"
#include <chrono>

using namespace mlir;
using namespace mlir::colt5;
using driver::makeError;
using llvm::Error;
using llvm::Expected;

/// Says which prefix was chosen where it is not what one expects.
void Compilation::reportPrefix(CompileOutput output) const {
  if (!joinsAllTargets() || prefix.reason.empty())
    return;
  output.result.notes.push_back("public symbols begin with '" + prefix.text + "': " + prefix.reason);
  output.listener.handleNote(output.result.notes.back());
}

Error Compilation::runStages(CompileOutput output) {
  TargetCompilation &leader = *targets.front();
  if (Error error = leader.runShared(output))
    return error;
  for (auto &target : llvm::drop_begin(targets))
    target->startFrom(leader);
  for (auto &target : targets)
    if (Error error = target->runRest(output))
      return error;
  return Error::success();
}

EmbedRequest Compilation::makeRequest() {
  EmbedRequest request;
  for (auto &target : targets) {
    bool isGPU = target->getTarget().isGPU();
    // Programs ask for "cpu", whichever it is.
    request.targets.push_back(
        {(isGPU ? target->getTarget().name : Target().name).str(), isGPU, *target->module});
  }
  request.prefix = prefix.text;
  request.entries.assign(options.entries.begin(), options.entries.end());
  request.cpu = options.cpu;
  request.ptxFallback = options.ptxFallback;
  return request;
}

/// Fails where there is nothing to make the artefact of a CPU or a GPU from.
Error Compilation::checkHasCode(const ArtefactPlan &artefact) {
  ModuleOp module = *targets[artefact.targets.front()]->module;
  EmitScope scope = artefact.kind->scope;
  if (scope == EmitScope::Cpu && getCpuEntries(module).empty())
    return makeError("'" + options.inputName +
                     "': nothing to compile; expected a public function with a body");
  if ((scope == EmitScope::Gpu || scope == EmitScope::AllGpus) && module.getOps<gpu::BinaryOp>().empty())
    return makeError("'" + options.inputName +
                     "': no function of it needs a kernel, so there is no GPU code");
  return Error::success();
}

EmittedBytes Compilation::makeBytes(const ArtefactPlan &artefact) {
  EmitSource source{artefact.kind->name, {}, options, getInputStem(options), {}};
  if (!options.output.empty())
    source.stem = llvm::sys::path::stem(artefact.name).str();
  for (size_t target : artefact.targets)
    source.modules.push_back(*targets[target]->module);
  if (artefact.kind->scope == EmitScope::AllTargets)
    source.request = makeRequest();
  return artefact.kind->make(source);
}

Error Compilation::emit(const ArtefactPlan &artefact, CompileOutput output) {
  auto start = std::chrono::steady_clock::now();
  const EmitKind &kind = *artefact.kind;
  EmittedBytes bytes = makeBytes(artefact);
  if (!bytes)
    return bytes.takeError();
  if (*bytes) {
    Artefact made{kind.name.str(), getTargetName(artefact), artefact.name,
                  kind.isText,     kind.isExecutable,       std::move(**bytes)};
    Error error = output.listener.handleArtefact(made);
    output.result.artefacts.push_back(std::move(made));
    if (error)
      return error;
  } else if (llvm::is_contained(options.emit, kind.name)) {
    // What nobody asked for by name may be missing.
    return makeError("--emit=" + kind.name +
                     ": no cubin was made, see the warning above; the PTX is written");
  }
  StageRecord record;
  record.target = getTargetName(artefact);
  record.name = ("emit " + kind.name).str();
  record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  output.result.stages.push_back(std::move(record));
  return Error::success();
}

Error Compilation::emit(CompileOutput output) {
  for (const ArtefactPlan &artefact : artefacts) {
    if (Error error = checkHasCode(artefact))
      return error;
    output.listener.begin(("emitting " + artefact.kind->name).str());
    Error error = emit(artefact, output);
    output.listener.end();
    if (error)
      return error;
  }
  return Error::success();
}

void Compilation::collectKernels(CompileResult &result) {
  for (const auto &target : targets) {
    if (!target->module || !target->getTarget().isGPU())
      continue;
    FailureOr<GpuCode> code = getGpuCode(*target->module);
    if (failed(code))
      continue;
    for (KernelReport &report : code->kernels)
      result.kernels.push_back({target->getTarget().name.str(), std::move(report)});
  }
}

Error Compilation::compile(ModuleOp input, CompileOutput output) {
  if (Error error = chooseMachines(input.getLoc()))
    return error;
  if (Error error = targets.front()->checkInput(input))
    return error;
  if (Error error = runStages(output))
    return error;
  return emit(output);
}

Error Compilation::run(std::unique_ptr<llvm::MemoryBuffer> input, const DialectRegistry &registry,
                       CompileOutput output) {
  reportPrefix(output);
  MLIRContext context(registry);
  if (options.collectRemarks)
    collectRemarks(context, output.result.remarks);
  auto sources = std::make_shared<llvm::SourceMgr>();
  DiagnosticCollector collector(*sources, context, output.result.diagnostics,
                                output.listener.getDiagnosticStream());
  Expected<OwningOpRef<ModuleOp>> module = parseModule(std::move(input), options.inputName, context, sources);
  if (!module)
    return module.takeError();
  output.result.hasInput = true;
  targets.front()->module = std::move(*module);
  Error error = compile(*targets.front()->module, output);
  collectKernels(output.result);
  // Modules must not outlive their context.
  for (auto &target : targets)
    target->module = nullptr;
  return error;
}

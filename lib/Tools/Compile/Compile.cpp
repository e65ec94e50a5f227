#include "colt5/Tools/Compile/Compile.h"

#include "CompileTarget.h"
#include "Emit.h"
#include "colt5/Support/Error.h"
#include "colt5/Support/OutputFile.h"
#include "colt5/Target/GPU/GpuCode.h"
#include "colt5/Tools/Common/Progress.h"
#include "colt5/Tools/Common/SourceFile.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;
using llvm::Error;
using llvm::Expected;

Expected<Target> driver::findTarget(StringRef name) {
  if (std::optional<Target> target = symbolizeTarget(name))
    return *target;
  return makeError("--target=" + name + ": unknown target; expected one of: " + listTargets());
}

namespace {
/// One call of the compiler.
class Compilation {
public:
  explicit Compilation(CompileOptions given) : options(std::move(given)) {}

  Error run(DialectRegistry &registry);

private:
  Error check();
  Error chooseCpu(ArrayRef<Target> list);
  Error chooseMachines(Location loc);
  Error checkSharedStage(StringRef option, StringRef stage);
  Error planPrefix();
  void chooseGpuFormat();
  Error runStages();
  Error emit();
  Error emit(const Artefact &artefact, bool &wasWritten);
  Error emitEmbeddedArtefact(const Artefact &artefact);
  Expected<std::string> packGpuCode(const Artefact &artefact, bool &isMissing);

  CompileOptions options;
  const bool isCpuGiven = !options.cpu.cpu.empty();
  std::vector<std::unique_ptr<TargetCompilation>> targets;
  std::vector<Artefact> artefacts;
  Prefix prefix;
  std::vector<StageRecord> records;
  std::vector<std::string> files;
};
} // namespace

/// With several targets, a module from outside must be one that all of them start from.
Error Compilation::checkSharedStage(StringRef option, StringRef stage) {
  ArrayRef<Stage> shared = getStages().take_front(kNumSharedStages);
  if (targets.size() == 1 || stage.empty() ||
      llvm::is_contained(llvm::map_range(shared, [](const Stage &s) { return s.name; }), stage))
    return Error::success();
  return makeError(option + "=" + stage + ": with several targets, expected a stage they share: " +
                   llvm::join(llvm::map_range(shared, [](const Stage &s) { return s.name; }), ", "));
}

Error Compilation::check() {
  std::vector<Target> list;
  for (const std::string &name : options.targets) {
    Expected<Target> target = findTarget(name);
    if (!target)
      return target.takeError();
    if (llvm::any_of(list, [&](Target known) { return known.name == target->name; }))
      return makeError("--target: '" + name + "' is named twice");
    list.push_back(*target);
    targets.push_back(std::make_unique<TargetCompilation>(options, *target));
  }
  if (targets.empty())
    return makeError("--target: expected at least one target, found none");
  if (Error error = chooseCpu(list))
    return error;
  for (auto &target : targets)
    if (Error error = target->check())
      return error;
  bool hasGpu = llvm::any_of(list, [](Target target) { return target.isGPU(); });
  for (auto [option, isGiven] : {std::pair("--toolkit", !options.pipeline.toolkit.empty()),
                                 std::pair("--ptx-fallback", options.ptxFallback)})
    if (isGiven && !hasGpu)
      return makeError(Twine(option) + ": only a GPU reads it; expected one among --target");
  if (Error error = checkSharedStage("--start-stage", options.startStage))
    return error;
  for (const std::string &text : options.overrides)
    if (Error error = checkSharedStage("--override-stage", StringRef(text).split('=').first))
      return error;
  bool isPartial = llvm::any_of(targets, [](const auto &target) { return target->isPartial(); });
  Expected<std::vector<Artefact>> planned = planArtefacts(options, list, isPartial);
  if (!planned)
    return planned.takeError();
  artefacts = std::move(*planned);
  bool hasHostCode = llvm::any_of(list, [](Target target) { return !target.isGPU(); }) ||
                     llvm::any_of(artefacts, [](const Artefact &artefact) {
                       return artefact.kind.scope == EmitScope::AllTargets;
                     });
  if (isCpuGiven && !hasHostCode)
    return makeError(
        "--cpu: only code of a CPU reads it; expected one among --target, or obj, c, archive or shared "
        "among --emit");
  chooseGpuFormat();
  return planPrefix();
}

/// Whose instructions the CPU code, and the host code of GPUs, is made of.
Error Compilation::chooseCpu(ArrayRef<Target> list) {
  const Target *cpu = nullptr;
  for (const Target &target : list) {
    if (cpu && !target.isGPU())
      return makeError("--target: expected one CPU at most, found " + cpu->name + " and " + target.name);
    cpu = target.isGPU() ? cpu : &target;
  }
  const Machine &machine = cpu ? *cpu->machine : getDefaultMachine(MachineKind::CPU);
  if (cpu && cpu->name != Target().name)
    options.cpu.architecture = machine.architecture.str();
  if (options.cpu.cpu.empty())
    options.cpu.cpu = machine.cpu.str();
  return Error::success();
}

/// The target "cpu" is the machine that fits `--cpu`; a CPU that was named must be one that `--cpu` has all
/// of.
Error Compilation::chooseMachines(Location loc) {
  auto report = [&] { return emitError(loc); };
  for (auto &target : targets) {
    if (target->getTarget().isGPU())
      continue;
    if (target->getTarget().name != Target().name) {
      if (failed(checkCpu(options.cpu, *target->getTarget().machine, report)))
        return makeReportedError("--cpu=" + options.cpu.cpu);
      continue;
    }
    FailureOr<const Machine *> machine = findCpuMachine(options.cpu, report);
    if (failed(machine))
      return makeReportedError("--cpu=" + options.cpu.cpu);
    target->setMachine(**machine);
  }
  return Error::success();
}

/// Chooses the prefix and says so where it is not what one expects.
Error Compilation::planPrefix() {
  bool hasSymbols = llvm::any_of(
      artefacts, [](const Artefact &artefact) { return artefact.kind.scope == EmitScope::AllTargets; });
  if (!hasSymbols && !options.prefix.empty())
    return makeError(
        "--prefix: nothing that is written has public symbols of the artefact; expected obj, c, header, "
        "archive or shared among --emit");
  Expected<Prefix> chosen = choosePrefix(options);
  if (!chosen)
    return chosen.takeError();
  prefix = std::move(*chosen);
  if (hasSymbols && !prefix.reason.empty() && !options.quiet)
    llvm::errs() << "colt5-compile: note: public symbols begin with '" << prefix.text
                 << "': " << prefix.reason << "\n";
  return Error::success();
}

/// PTX alone is the same on every machine; nothing that the machine has is touched unless it is asked for.
void Compilation::chooseGpuFormat() {
  auto has = [&](StringRef name) {
    return llvm::any_of(artefacts, [&](const Artefact &artefact) { return name == artefact.kind.name; });
  };
  bool embeds = has("obj") || has("c") || has("archive") || has("shared");
  bool needsCubin = has("cubin") || has("fatbin") || embeds;
  for (auto &target : targets)
    target->getPipeline().gpuFormat = !needsCubin ? "ptx" : has("ptx") || embeds ? "auto" : "cubin";
}

Error Compilation::runStages() {
  TargetCompilation &leader = *targets.front();
  if (Error error = leader.runShared())
    return error;
  for (auto &target : llvm::drop_begin(targets))
    target->startFrom(leader);
  for (auto &target : targets)
    if (Error error = target->runRest())
      return error;
  return Error::success();
}

/// The fatbin; nothing and `isMissing` where a cubin is missing.
Expected<std::string> Compilation::packGpuCode(const Artefact &artefact, bool &isMissing) {
  SmallVector<GpuCode> codes;
  for (size_t target : artefact.targets) {
    FailureOr<GpuCode> code = getGpuCode(*targets[target]->module);
    if (failed(code))
      return makeReportedError("emitting fatbin failed");
    isMissing |= code->cubin.empty();
    codes.push_back(*code);
  }
  if (isMissing)
    return std::string();
  std::string bytes;
  llvm::raw_string_ostream os(bytes);
  if (Error error = emitFatbin(codes, options.pipeline.toolkit, os))
    return std::move(error);
  return bytes;
}

Error Compilation::emitEmbeddedArtefact(const Artefact &artefact) {
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
  return emitEmbedded(request, artefact.kind, artefact.path);
}

Error Compilation::emit(const Artefact &artefact, bool &wasWritten) {
  if (artefact.kind.scope == EmitScope::AllTargets)
    return emitEmbeddedArtefact(artefact);
  ModuleOp module = *targets[artefact.targets.front()]->module;
  StringRef kind = artefact.kind.name;
  if (kind == "cubin" || kind == "fatbin") {
    bool isMissing = false;
    std::string bytes;
    if (kind == "fatbin") {
      Expected<std::string> packed = packGpuCode(artefact, isMissing);
      if (!packed)
        return packed.takeError();
      bytes = std::move(*packed);
    } else {
      FailureOr<GpuCode> code = getGpuCode(module);
      if (failed(code))
        return makeReportedError("emitting cubin failed");
      isMissing = code->cubin.empty();
      bytes = code->cubin.str();
    }
    wasWritten = !isMissing;
    if (!isMissing)
      return writeFile(artefact.path, bytes);
    // A warning has said why. What nobody asked for by name may be missing.
    if (!llvm::is_contained(options.emit, kind))
      return Error::success();
    return makeError("--emit=" + kind + ": no cubin was made, see the warning above; the PTX is written");
  }
  std::string stem =
      artefact.path == "-" ? getInputStem(options) : llvm::sys::path::stem(artefact.path).str();
  return emitArtefact(module, artefact.kind, artefact.path, stem, options.cpu);
}

Error Compilation::emit() {
  for (const Artefact &artefact : artefacts) {
    StringRef kind = artefact.kind.name;
    ModuleOp module = *targets[artefact.targets.front()]->module;
    bool isCpuCode = artefact.kind.scope == EmitScope::Cpu,
         isGpuCode = kind != "mlir" && !isCpuCode && artefact.kind.scope != EmitScope::AllTargets;
    if (isCpuCode && getCpuEntries(module).empty())
      return makeError("'" + options.inputFile +
                       "': nothing to compile; expected a public function with a body");
    if (isGpuCode && module.getOps<gpu::BinaryOp>().empty())
      return makeError("'" + options.inputFile +
                       "': no function of it needs a kernel, so there is no GPU code");
    Progress progress(("emitting " + kind).str(), options.quiet);
    bool wasWritten = true;
    if (Error error = emit(artefact, wasWritten))
      return error;
    StageRecord &record = records.emplace_back();
    record.name = ("emit " + kind).str();
    record.seconds = progress.getSeconds();
    if (artefact.targets.size() == 1)
      record.target = targets[artefact.targets.front()]->getTarget().name.str();
    if (artefact.path != "-" && wasWritten)
      files.push_back(artefact.path);
  }
  return Error::success();
}

Error Compilation::run(DialectRegistry &registry) {
  if (Error error = check())
    return error;
  MLIRContext context(registry);
  auto sourceMgr = std::make_shared<llvm::SourceMgr>();
  SourceMgrDiagnosticHandler handler(*sourceMgr, &context);
  Expected<OwningOpRef<ModuleOp>> input = loadModule(options.inputFile, context, sourceMgr);
  if (!input)
    return input.takeError();
  Error error = chooseMachines((*input)->getLoc());
  if (!error)
    error = targets.front()->checkInput(**input);
  targets.front()->module = std::move(*input);
  if (!error)
    error = runStages();
  if (!error)
    error = emit();
  Error reported = writeReports(options, targets, records, files);
  // Modules must not outlive their context.
  for (auto &target : targets)
    target->module = nullptr;
  if (error) {
    llvm::consumeError(std::move(reported));
    return error;
  }
  return reported;
}

Error driver::compileProgram(const CompileOptions &options, DialectRegistry &registry) {
  return Compilation(options).run(registry);
}

void driver::printStages(raw_ostream &os, Target target) {
  for (auto [i, stage] : llvm::enumerate(getStages(target)))
    os << llvm::formatv("{0}  {1,-10} {2}\n", i, stage.name, stage.summary)
       << llvm::formatv("   {0,-10} contract: {1}\n", "", stage.contract->text);
}

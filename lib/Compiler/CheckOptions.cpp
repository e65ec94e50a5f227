// What a compilation does before it sees a module.
#include "Compilation.h"

#include "colt5/Compiler/SourceFile.h"
#include "colt5/Stages/Hooks.h"
#include "colt5/Support/Error.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::colt5;
using driver::makeError;
using llvm::Error;
using llvm::Expected;

/// With several targets, a module from outside must be one that all of them start from.
Error Compilation::checkSharedStage(StringRef option, StringRef stage) const {
  ArrayRef<Stage> shared = getStages().take_front(kNumSharedStages);
  if (targets.size() == 1 || stage.empty() ||
      llvm::is_contained(llvm::map_range(shared, [](const Stage &s) { return s.name; }), stage))
    return Error::success();
  return makeError(option + "=" + stage + ": with several targets, expected a stage they share: " +
                   llvm::join(llvm::map_range(shared, [](const Stage &s) { return s.name; }), ", "));
}

Error Compilation::checkSharedStages() const {
  if (Error error = checkSharedStage("--start-stage", options.startStage))
    return error;
  for (const StageOverride &replacement : options.overrides)
    if (Error error = checkSharedStage("--override-stage", replacement.stage))
      return error;
  return Error::success();
}

Expected<std::vector<Target>> Compilation::findTargets() {
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
  return list;
}

/// Fails for an option that no target reads.
Error Compilation::checkReaders(ArrayRef<Target> list) const {
  bool hasGpu = llvm::any_of(list, [](Target target) { return target.isGPU(); });
  for (auto [option, isGiven] : {std::pair("--toolkit", !options.pipeline.toolkit.empty()),
                                 std::pair("--ptx-fallback", options.ptxFallback)})
    if (isGiven && !hasGpu)
      return makeError(Twine(option) + ": only a GPU reads it; expected one among --target");
  return Error::success();
}

bool Compilation::joinsAllTargets() const {
  return llvm::any_of(
      artefacts, [](const ArtefactPlan &artefact) { return artefact.kind->scope == EmitScope::AllTargets; });
}

Error Compilation::check() {
  Expected<std::vector<Target>> list = findTargets();
  if (!list)
    return list.takeError();
  if (options.cpu.optLevel < 0 || options.cpu.optLevel > 3)
    return makeError("--opt-level: expected 0 to 3, found " + Twine(options.cpu.optLevel));
  if (Error error = chooseCpu(*list))
    return error;
  for (auto &target : targets)
    if (Error error = target->check())
      return error;
  SmallVector<ArrayRef<Stage>> running;
  for (auto &target : targets)
    running.push_back(target->getRunning());
  if (Error error = checkStageHooks(options.pipeline.hooks, running))
    return error;
  if (Error error = checkReaders(*list))
    return error;
  if (Error error = checkSharedStages())
    return error;
  bool isPartial = llvm::any_of(targets, [](const auto &target) { return target->isPartial(); });
  Expected<std::vector<ArtefactPlan>> planned = planArtefacts(options, *list, isPartial);
  if (!planned)
    return planned.takeError();
  artefacts = std::move(*planned);
  bool hasCpu = llvm::any_of(*list, [](Target target) { return !target.isGPU(); });
  if (isCpuGiven && !hasCpu && !joinsAllTargets())
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

Error Compilation::planPrefix() {
  if (!joinsAllTargets() && !options.prefix.empty())
    return makeError(
        "--prefix: nothing that is written has public symbols of the artefact; expected obj, c, header, "
        "archive or shared among --emit");
  Expected<Prefix> chosen = choosePrefix(options);
  if (!chosen)
    return chosen.takeError();
  prefix = std::move(*chosen);
  return Error::success();
}

/// PTX alone is the same on every machine; nothing that the machine has is touched unless it is asked for.
void Compilation::chooseGpuFormat() {
  auto needs = [&](GpuFormat format) {
    return llvm::any_of(artefacts,
                        [&](const ArtefactPlan &artefact) { return artefact.kind->gpuFormat == format; });
  };
  std::string format = "ptx";
  if (needs(GpuFormat::Auto))
    format = "auto";
  else if (needs(GpuFormat::Cubin))
    format = needs(GpuFormat::Ptx) ? "auto" : "cubin";
  for (auto &target : targets)
    target->getPipeline().gpuFormat = format;
}

std::string Compilation::getTargetName(const ArtefactPlan &artefact) const {
  return artefact.targets.size() == 1 ? targets[artefact.targets.front()]->getTarget().name.str() : "";
}

std::vector<PlannedArtefact> Compilation::getPlan() const {
  std::vector<PlannedArtefact> plan;
  for (const ArtefactPlan &artefact : artefacts)
    plan.push_back(
        {artefact.kind->name.str(), getTargetName(artefact), artefact.name, artefact.kind->isText});
  return plan;
}

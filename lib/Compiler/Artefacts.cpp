// Which artefacts are made, and what they are called.
#include "EmitKinds.h"
#include "colt5/Support/Error.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::colt5;
using driver::makeError;
using llvm::Expected;

static std::string joinNames(ArrayRef<Target> targets) {
  return llvm::join(llvm::map_range(targets, [](Target target) { return target.name.str(); }), ",");
}

/// The names that `options` ask for, groups resolved.
static SmallVector<std::string> getNames(const CompileOptions &options, bool isPartial) {
  SmallVector<std::string> names(options.emit.begin(), options.emit.end());
  if (names.empty())
    names = isPartial ? SmallVector<std::string>{"mlir"} : SmallVector<std::string>{"obj", "header"};
  if (auto *group = llvm::find(names, "gpu"); group != names.end()) {
    names.erase(group);
    names.append({"ptx", "cubin", "fatbin"});
  }
  return names;
}

/// The numbers of the targets that `kind` can be made from.
static Expected<SmallVector<size_t>> findTargets(const EmitKind &kind, ArrayRef<Target> targets) {
  SmallVector<size_t> suited;
  for (auto [i, target] : llvm::enumerate(targets))
    if (kind.suits(target))
      suited.push_back(i);
  if (suited.empty())
    return makeError(
        "--emit=" + kind.name + ": expected " +
        (kind.scope == EmitScope::Cpu ? "the target cpu" : "a GPU among the targets, such as sm_80") +
        ", found --target=" + joinNames(targets));
  return suited;
}

static void nameArtefacts(const CompileOptions &options, ArrayRef<Target> targets,
                          MutableArrayRef<ArtefactPlan> artefacts) {
  bool hasName = !options.output.empty();
  for (ArtefactPlan &artefact : artefacts) {
    artefact.name = hasName ? options.output : getInputStem(options);
    if (artefacts.size() == 1 && hasName)
      continue;
    EmitScope scope = artefact.kind->scope;
    if (scope == EmitScope::Gpu || (scope == EmitScope::AnyTarget && targets.size() > 1))
      artefact.name += "." + targets[artefact.targets.front()].name.str();
    artefact.name += artefact.kind->suffix;
  }
}

Expected<std::vector<ArtefactPlan>> colt5::planArtefacts(const CompileOptions &options,
                                                         ArrayRef<Target> targets, bool isPartial) {
  std::vector<ArtefactPlan> artefacts;
  for (const std::string &name : getNames(options, isPartial)) {
    Expected<const EmitKind *> found = findEmitKind(name);
    if (!found)
      return found.takeError();
    const EmitKind &kind = **found;
    if (isPartial && !kind.takesAnyStage())
      return makeError("--emit=" + name + " needs every stage; drop --stop-stage=" + options.stopStage);
    Expected<SmallVector<size_t>> suited = findTargets(kind, targets);
    if (!suited)
      return suited.takeError();
    if (kind.joinsTargets()) {
      artefacts.push_back({&kind, *suited, ""});
      continue;
    }
    for (size_t target : *suited)
      artefacts.push_back({&kind, {target}, ""});
  }
  llvm::sort(artefacts, [](const ArtefactPlan &a, const ArtefactPlan &b) {
    return std::make_pair(a.kind, a.targets.front()) < std::make_pair(b.kind, b.targets.front());
  });
  nameArtefacts(options, targets, artefacts);
  return artefacts;
}

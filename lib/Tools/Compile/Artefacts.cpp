// Which files colt5-compile writes, and what they are called.
#include "Emit.h"
#include "colt5/Support/Error.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;
using llvm::Expected;

static std::string joinNames(ArrayRef<Target> targets) {
  return llvm::join(llvm::map_range(targets, [](Target target) { return target.name.str(); }), ",");
}

Expected<std::vector<Artefact>> driver::planArtefacts(const CompileOptions &options, ArrayRef<Target> targets,
                                                      bool isPartial) {
  SmallVector<std::string> names(options.emit.begin(), options.emit.end());
  if (names.empty())
    names = isPartial ? SmallVector<std::string>{"mlir"} : SmallVector<std::string>{"obj", "header"};
  if (auto *group = llvm::find(names, "gpu"); group != names.end()) {
    names.erase(group);
    names.append({"ptx", "cubin", "fatbin"});
  }
  std::vector<Artefact> artefacts;
  for (const std::string &name : names) {
    Expected<EmitKind> kind = findEmitKind(name);
    if (!kind)
      return kind.takeError();
    if (name != "mlir" && isPartial)
      return makeError("--emit=" + name + " needs every stage; drop --stop-stage=" + options.stopStage);
    SmallVector<size_t> suited;
    for (auto [i, target] : llvm::enumerate(targets))
      if (kind->suits(target))
        suited.push_back(i);
    if (suited.empty())
      return makeError(
          "--emit=" + name + ": expected " +
          (kind->scope == EmitScope::Cpu ? "the target cpu" : "a GPU among the targets, such as sm_80") +
          ", found --target=" + joinNames(targets));
    if (kind->scope == EmitScope::AllGpus || kind->scope == EmitScope::AllTargets)
      artefacts.push_back({*kind, suited, ""});
    else
      for (size_t target : suited)
        artefacts.push_back({*kind, {target}, ""});
  }
  llvm::sort(artefacts, [](const Artefact &a, const Artefact &b) {
    return std::make_pair(getEmitOrder(a.kind), a.targets.front()) <
           std::make_pair(getEmitOrder(b.kind), b.targets.front());
  });

  bool isStdout = options.output.empty() || options.output == "-";
  if (artefacts.size() > 1 && isStdout)
    return makeError(
        "several artefacts are asked for: expected -o NAME, the common beginning of their file names");
  if (!artefacts.front().kind.isText && isStdout)
    return makeError(Twine("--emit=") + artefacts.front().kind.name +
                     ": expected -o FILE, found stdout, which takes text only");
  for (Artefact &artefact : artefacts) {
    artefact.path = isStdout ? "-" : options.output;
    if (artefacts.size() == 1)
      continue;
    bool namesTarget = artefact.kind.scope == EmitScope::Gpu ||
                       (artefact.kind.scope == EmitScope::AnyTarget && targets.size() > 1);
    if (namesTarget)
      artefact.path += "." + targets[artefact.targets.front()].name.str();
    artefact.path += artefact.kind.suffix;
  }
  return artefacts;
}

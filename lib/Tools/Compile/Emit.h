// What colt5-compile writes.
#ifndef COLT5_LIB_TOOLS_COMPILE_EMIT_H
#define COLT5_LIB_TOOLS_COMPILE_EMIT_H

#include "colt5/Target/Embed/Embed.h"
#include "colt5/Tools/Compile/Compile.h"

namespace mlir::colt5::driver {

/// Which targets an artefact is made from.
enum class EmitScope { AnyTarget, Cpu, Gpu, AllGpus, AllTargets };

/// One artefact: what the user calls it, how its file ends, whether stdout can take it.
struct EmitKind {
  const char *name;
  const char *suffix;
  bool isText;
  EmitScope scope;

  /// Made from `target`, alone or with others.
  bool suits(Target target) const {
    return scope == EmitScope::AnyTarget || scope == EmitScope::AllTargets ||
           (scope != EmitScope::Cpu) == target.isGPU();
  }
};

/// The artefact called `name`; the error lists the valid names.
llvm::Expected<EmitKind> findEmitKind(StringRef name);
/// Position of `kind` in the order that artefacts are written in.
size_t getEmitOrder(const EmitKind &kind);
/// "mlir, llvm, ...".
std::string listEmitKinds();

/// One file to write.
struct Artefact {
  EmitKind kind;
  /// Numbers of the targets it is made from.
  SmallVector<size_t> targets;
  /// "-" is stdout.
  std::string path;
};

/// The files that `options` ask for, in the order to write them: what needs no tool comes first. `isPartial`:
/// not every stage runs. Fails on an artefact that no target makes, and on a path that does not fit.
llvm::Expected<std::vector<Artefact>> planArtefacts(const CompileOptions &options, ArrayRef<Target> targets,
                                                    bool isPartial);

/// Writes `module` as `kind` to `path` ("-": stdout). All but mlir need the last stage of the target. `stem`
/// names the header's include guard.
llvm::Error emitArtefact(ModuleOp module, const EmitKind &kind, StringRef path, StringRef stem,
                         const CpuOptions &options);

/// Writes `kind` (obj, c, header, archive or shared) to `path`.
llvm::Error emitEmbedded(const EmbedRequest &request, const EmitKind &kind, StringRef path);

/// The beginning of the public symbols of an artefact.
struct Prefix {
  std::string text;
  /// Why it is not the name of the output; empty when it is, or was given.
  std::string reason;
};
/// The prefix that `options` name, else one made from the name of the output, which any name yields.
llvm::Expected<Prefix> choosePrefix(const CompileOptions &options);

} // namespace mlir::colt5::driver

#endif // COLT5_LIB_TOOLS_COMPILE_EMIT_H

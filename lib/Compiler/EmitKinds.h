// What the compiler makes.
#ifndef COLT5_LIB_COMPILER_EMITKINDS_H
#define COLT5_LIB_COMPILER_EMITKINDS_H

#include "colt5/Compiler/Compiler.h"
#include "colt5/Target/Embed/Embed.h"

namespace mlir::colt5 {

/// Which targets an artefact is made from.
enum class EmitScope { AnyTarget, Cpu, Gpu, AllGpus, AllTargets };

/// What an artefact is made from.
struct EmitSource {
  /// What the artefact is called in the table.
  StringRef kind;
  /// Modules at the last stage that runs; those that the artefact holds.
  SmallVector<ModuleOp> modules;
  const CompileOptions &options;
  /// Names the include guard of a header of plain functions.
  std::string stem;
  /// All targets; filled in where the scope is `AllTargets`.
  EmbedRequest request;
};

/// The error of an artefact whose diagnostics have said why.
llvm::Error makeEmitError(const EmitSource &source);

/// The bytes of an artefact; nothing where a tool for it is missing and a warning has said so.
using EmittedBytes = llvm::Expected<std::optional<std::string>>;

/// A row of the table of artefacts.
struct EmitKind {
  StringRef name;
  /// How its file ends.
  StringRef suffix;
  bool isText, isExecutable;
  EmitScope scope;
  /// The GPU code that it needs of every target; none: it has none.
  std::optional<GpuFormat> gpuFormat;
  EmittedBytes (*make)(const EmitSource &source);

  /// Made from `target`, alone or with others.
  bool suits(Target target) const {
    return scope == EmitScope::AnyTarget || scope == EmitScope::AllTargets ||
           (scope != EmitScope::Cpu) == target.isGPU();
  }
  /// Whether it is made from several targets at once.
  bool joinsTargets() const { return scope == EmitScope::AllGpus || scope == EmitScope::AllTargets; }
  /// Every other artefact is made from a module after the last stage.
  bool takesAnyStage() const { return scope == EmitScope::AnyTarget; }
};

/// All of them, in the order that artefacts are made in: what needs no tool of the system first.
ArrayRef<EmitKind> getEmitKinds();
/// The artefact called `name`; the error lists the valid names.
llvm::Expected<const EmitKind *> findEmitKind(StringRef name);

/// Rows of the table.
EmittedBytes emitHeader(const EmitSource &source);
EmittedBytes emitObject(const EmitSource &source);
EmittedBytes emitSource(const EmitSource &source);
EmittedBytes emitArchive(const EmitSource &source);
EmittedBytes emitShared(const EmitSource &source);

/// What `--dump-stages` and `--emit=mlir` show.
std::string printModule(ModuleOp module);

/// An artefact to make.
struct ArtefactPlan {
  const EmitKind *kind;
  /// Numbers of the targets it is made from.
  SmallVector<size_t> targets;
  std::string name;
};

/// What `options` ask for, in order. `isPartial`: not every stage runs. Fails on an artefact that no target
/// makes.
llvm::Expected<std::vector<ArtefactPlan>> planArtefacts(const CompileOptions &options,
                                                        ArrayRef<Target> targets, bool isPartial);

/// The beginning of the public symbols of an artefact.
struct Prefix {
  std::string text;
  /// Why it is not the name of the output; empty when it is, or was given.
  std::string reason;
};
/// The prefix that `options` name, else one made from the name of the output, which any name yields.
llvm::Expected<Prefix> choosePrefix(const CompileOptions &options);

} // namespace mlir::colt5

#endif // COLT5_LIB_COMPILER_EMITKINDS_H

// One call of the compiler.
#ifndef COLT5_LIB_COMPILER_COMPILATION_H
#define COLT5_LIB_COMPILER_COMPILATION_H

#include "EmitKinds.h"
#include "TargetCompilation.h"

namespace mlir::colt5 {

/// Checks the options, runs the stages of every target, makes the artefacts.
class Compilation {
public:
  explicit Compilation(CompileOptions given) : options(std::move(given)) {}

  /// Resolves what the options name. Nothing else works without it.
  llvm::Error check();
  /// What will be made.
  std::vector<PlannedArtefact> getPlan() const;
  /// Compiles `input`.
  llvm::Error run(std::unique_ptr<llvm::MemoryBuffer> input, const DialectRegistry &registry,
                  CompileOutput output);

private:
  llvm::Expected<std::vector<Target>> findTargets();
  llvm::Error chooseCpu(ArrayRef<Target> list);
  llvm::Error chooseMachines(Location loc);
  llvm::Error checkReaders(ArrayRef<Target> list) const;
  llvm::Error checkSharedStages() const;
  llvm::Error checkSharedStage(StringRef option, StringRef stage) const;
  llvm::Error planPrefix();
  bool joinsAllTargets() const;
  void chooseGpuFormat();
  void reportPrefix(CompileOutput output) const;
  std::string getTargetName(const ArtefactPlan &artefact) const;
  llvm::Error compile(ModuleOp input, CompileOutput output);
  llvm::Error runStages(CompileOutput output);
  EmbedRequest makeRequest();
  llvm::Error checkHasCode(const ArtefactPlan &artefact);
  llvm::Error emit(CompileOutput output);
  llvm::Error emit(const ArtefactPlan &artefact, CompileOutput output);
  EmittedBytes makeBytes(const ArtefactPlan &artefact);
  void collectKernels(CompileResult &result);

  CompileOptions options;
  const bool isCpuGiven = !options.cpu.cpu.empty();
  std::vector<std::unique_ptr<TargetCompilation>> targets;
  std::vector<ArtefactPlan> artefacts;
  Prefix prefix;
};

} // namespace mlir::colt5

#endif // COLT5_LIB_COMPILER_COMPILATION_H

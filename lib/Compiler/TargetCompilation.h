// The stages of one target.
#ifndef COLT5_LIB_COMPILER_TARGETCOMPILATION_H
#define COLT5_LIB_COMPILER_TARGETCOMPILATION_H

#include "colt5/Compiler/Compiler.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace mlir::colt5 {

/// Where a compilation puts what it has to say.
struct CompileOutput {
  CompileResult &result;
  CompileListener &listener;
};

/// One target on its way through the stages.
class TargetCompilation {
public:
  TargetCompilation(const CompileOptions &options, Target target)
      : options(options), pipeline(options.pipeline), target(target) {
    pipeline.target = target;
  }

  /// Resolves the stages that the options name.
  llvm::Error check();
  /// The stages that run; `check` comes first.
  ArrayRef<Stage> getRunning() const { return getStages(target).slice(next, last + 1 - next); }
  /// Not every stage runs.
  bool isPartial() const { return last + 1 < getStages(target).size(); }
  Target getTarget() const { return target; }
  void setMachine(const Machine &machine) { pipeline.target.machine = target.machine = &machine; }

  /// Checks what `--start-stage` says about the input.
  llvm::Error checkInput(ModuleOp input);
  /// Runs the stages that are the same for every target.
  llvm::Error runShared(CompileOutput output) { return run(kNumSharedStages, output); }
  /// Runs the stages that are left.
  llvm::Error runRest(CompileOutput output) { return run(last + 1, output); }
  /// Takes over a copy of what `other` made of the shared stages.
  void startFrom(const TargetCompilation &other);

  OwningOpRef<ModuleOp> module;
  PipelineOptions &getPipeline() { return pipeline; }

private:
  llvm::Error checkReaders(ArrayRef<Stage> running) const;
  llvm::Error checkOverride(const StageOverride &replacement, size_t first) const;
  /// Runs the stages before `end`.
  llvm::Error run(size_t end, CompileOutput output);
  llvm::Error runStage(const Stage &stage, CompileOutput output);
  llvm::Error runPasses(const Stage &stage);
  llvm::Error checkContract(ModuleOp checked, const Stage &stage, StringRef option);
  llvm::Error replaceModule(const Stage &stage, CompileOutput output);

  const CompileOptions &options;
  PipelineOptions pipeline;
  Target target;
  /// Stages [next, last] run.
  size_t next = 0, last = 0;
};

} // namespace mlir::colt5

#endif // COLT5_LIB_COMPILER_TARGETCOMPILATION_H

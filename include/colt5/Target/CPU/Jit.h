#ifndef COLT5_TARGET_CPU_JIT_H
#define COLT5_TARGET_CPU_JIT_H

#include "colt5/Target/CPU/HostEntries.h"
#include "llvm/Support/Error.h"

namespace mlir::colt5 {

/// A module compiled into this process.
class CpuProgram {
public:
  /// Compiles `module`, which is at stage `llvm`. Errors are diagnostics at the module. `module` must outlive
  /// the entries' types only through its context.
  static FailureOr<std::unique_ptr<CpuProgram>> compile(ModuleOp module, const CpuOptions &options = {});
  ~CpuProgram();

  /// Null when there is no such entry.
  const CpuEntry *lookup(StringRef entry) const;

  /// Shapes of the results for these inputs. Only shapes are read, and the data of scalar inputs.
  llvm::Expected<SmallVector<SmallVector<int64_t>>> getResultShapes(StringRef entry,
                                                                    ArrayRef<CpuTensor> inputs) const;
  /// Bytes of workspace that a run with `threads` threads needs.
  llvm::Expected<int64_t> getWorkspaceSize(StringRef entry, ArrayRef<CpuTensor> inputs,
                                           int64_t threads) const;

  struct RunResult {
    /// Wall time of the compiled function alone.
    double seconds = 0;
    /// True when an index tensor held a value outside its range (it counted as -1); the outputs are defined.
    bool badIndex = false;
  };
  /// Runs `entry` on `threads` threads (0: one per core). `outputs` are the caller's buffers with the shapes
  /// that `getResultShapes` tells. Counts, shapes and null pointers are checked. The workspace is kept for
  /// the next run; one program runs one entry at a time.
  llvm::Expected<RunResult> run(StringRef entry, ArrayRef<CpuTensor> inputs, ArrayRef<CpuTensor> outputs,
                                int64_t threads = 1);

private:
  struct Impl;
  explicit CpuProgram(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl;
};

} // namespace mlir::colt5

#endif // COLT5_TARGET_CPU_JIT_H

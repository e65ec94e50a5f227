#ifndef COLT5_TARGET_CPU_HOSTENTRIES_H
#define COLT5_TARGET_CPU_HOSTENTRIES_H

#include "colt5-abi/cpu.h"
#include "colt5/Target/CPU/Object.h"
#include "llvm/Support/Error.h"

namespace mlir::colt5 {

/// A dense row-major buffer that belongs to the caller.
struct CpuTensor {
  /// Elements as in `CpuTensorType`: i1 is one byte, index 8 bytes. Scalars have an empty shape.
  void *data = nullptr;
  SmallVector<int64_t> shape;
};

/// The C entries of a module, compiled into this process: host code of any target.
class HostEntries {
public:
  /// Addresses of the C functions of one entry; their types follow from the target (colt5-abi/cpu.h, gpu.h).
  struct Functions {
    void *run = nullptr;
    void (*resultSizes)(const colt5_cpu_tensor *, int64_t *) = nullptr;
    void *workspaceSize = nullptr;
  };

  /// Compiles the host code of `module`, which is at stage `llvm` or `nvvm`; a `gpu.module` in it is left
  /// out. Errors are diagnostics at the module.
  static FailureOr<std::unique_ptr<HostEntries>> compile(ModuleOp module, const CpuOptions &options = {});
  ~HostEntries();

  /// The entry called `name`; the error lists the entries there are.
  llvm::Expected<std::pair<const CpuEntry *, Functions>> find(StringRef name) const;
  /// Shapes of the results for these inputs. Only shapes are read, and the data of scalar inputs.
  llvm::Expected<SmallVector<SmallVector<int64_t>>> getResultShapes(StringRef name,
                                                                    ArrayRef<CpuTensor> inputs) const;

  /// Fails unless number, shapes and data of `tensors` fit `types`, and for inputs each other. `what` is
  /// "input" or "output".
  static llvm::Error check(StringRef what, ArrayRef<CpuTensorType> types, ArrayRef<CpuTensor> tensors);
  /// Fails unless `bytes`, which the entry said, is the size of a workspace.
  static llvm::Error checkWorkspace(StringRef entry, int64_t bytes);
  /// What the C functions take. The result refers to the shapes of its arguments.
  static SmallVector<colt5_cpu_tensor> toAbi(ArrayRef<CpuTensor> inputs, ArrayRef<CpuTensor> outputs = {});

private:
  /// Fails unless sizes of one name are equal.
  static llvm::Error checkNamedSizes(ArrayRef<CpuTensorType> types, ArrayRef<CpuTensor> tensors);

  struct Impl;
  explicit HostEntries(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl;
};

} // namespace mlir::colt5

#endif // COLT5_TARGET_CPU_HOSTENTRIES_H

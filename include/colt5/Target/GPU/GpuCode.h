#ifndef COLT5_TARGET_GPU_GPUCODE_H
#define COLT5_TARGET_GPU_GPUCODE_H

#include "colt5/Machine/Machine.h"
#include "colt5/Stages/Plan/KernelCost.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/raw_ostream.h"
#include <string>
#include <vector>

namespace mlir::colt5 {

/// How far GPU code is made.
enum class GpuFormat {
  /// PTX; the same wherever the compiler runs.
  Ptx,
  /// PTX, and a cubin where `ptxas` is; a warning says why not.
  Auto,
  /// PTX and a cubin; an error without `ptxas`.
  Cubin,
};

/// What a kernel takes, from the metadata of a `gpu.binary`. Absent where nothing tells.
struct KernelReport {
  std::string name;
  /// Its place among the kernels, by which host code calls it.
  int64_t number = 0;
  std::array<uint32_t, 3> block = {1, 1, 1}, cluster = {1, 1, 1};
  /// Bytes of every parameter.
  SmallVector<uint32_t> parameters;
  int64_t staticSharedBytes = 0, dynamicSharedBytes = 0;
  /// Of one thread, as ptxas says.
  std::optional<int64_t> registers, stackBytes, spillBytes;
  /// As the attributes of the kernel say.
  std::optional<int64_t> bytes, minBytes, flops;
};

/// Replaces every `gpu.module` of `module` (stage nvvm) by a `gpu.binary` of the same name with the PTX and,
/// by `format`, the cubin for `chip`. `toolkit` is the folder of the CUDA toolkit, "" to look for it. Fails
/// with a message where a gate does not hold.
LogicalResult compileKernels(ModuleOp module, const Machine &chip, GpuFormat format, StringRef toolkit);

/// The chip, text and code of a `gpu.binary` that `compileKernels` made.
struct GpuCode {
  const Machine *chip = nullptr;
  /// One each at most.
  StringRef ptx, cubin;
  /// By number.
  std::vector<KernelReport> kernels;
};

/// Reads a module at stage binary; nothing when it holds no kernel. Fails with a message when it is damaged.
FailureOr<GpuCode> getGpuCode(ModuleOp module);

/// Writes one fatbin with the cubin of each of `codes`, and the PTX of those that later chips can run.
/// `fatbinary` of the CUDA toolkit packs it. Fails without it, and where a cubin is missing.
llvm::Error emitFatbin(ArrayRef<GpuCode> codes, StringRef toolkit, llvm::raw_ostream &os);

} // namespace mlir::colt5

#endif // COLT5_TARGET_GPU_GPUCODE_H

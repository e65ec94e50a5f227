#ifndef COLT5_TARGET_GPU_TOOLKIT_H
#define COLT5_TARGET_GPU_TOOLKIT_H

#include "colt5/Machine/Machine.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include <vector>

namespace mlir::colt5 {

/// The path of `tool` ("ptxas", "fatbinary"): in `toolkit`, or else the folder COLT5_CUDA, or the bin/ of it,
/// and nowhere else when one of them is given; else in bin/ of what CUDA_HOME, CUDA_PATH and CUDA_ROOT name,
/// on the path, in /usr/local/cuda/bin. The error names every place.
llvm::Expected<std::string> findCudaTool(StringRef tool, StringRef toolkit);

/// What ptxas says about one kernel. Bytes per thread, but `sharedBytes`, which is per block.
struct KernelUsage {
  int64_t registers = 0;
  int64_t sharedBytes = 0;
  int64_t stackBytes = 0;
  int64_t spillStoreBytes = 0;
  int64_t spillLoadBytes = 0;
};

/// What ptxas made.
struct AssembledPtx {
  std::string cubin;
  llvm::StringMap<KernelUsage> kernels;
  /// Notes and warnings that no kernel may cause: "C7510: ...", one per entry.
  std::vector<std::string> serializations;
};

/// Assembles `ptx` for `chip` with the ptxas of `findCudaTool`. `ptxVersion` is what the text declares, for
/// messages.
llvm::Expected<AssembledPtx> assemblePtx(StringRef ptx, const Machine &chip, int ptxVersion,
                                         StringRef toolkit);

/// Reads what `ptxas -v` prints.
AssembledPtx parsePtxasLog(StringRef log);

/// One image of a fatbin.
struct FatbinImage {
  const Machine *chip;
  /// PTX or cubin.
  bool isPtx;
  std::string bytes;
};

/// Packs `images` into one file with the `fatbinary` of `findCudaTool`. Same images, same bytes.
llvm::Expected<std::string> packFatbin(ArrayRef<FatbinImage> images, StringRef toolkit);

} // namespace mlir::colt5

#endif // COLT5_TARGET_GPU_TOOLKIT_H

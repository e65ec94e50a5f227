#ifndef COLT5_SUPPORT_NPY_H
#define COLT5_SUPPORT_NPY_H

#include "colt5/Support/HostTensor.h"
#include "colt5/Support/OutputFile.h"
#include "llvm/Support/Error.h"

namespace mlir::colt5::driver {

/// Reads a .npy file (versions 1 and 2, little endian, C order; bool, int8..int64, uint16, float16,
/// float32, float64). Everything else is one error that names `path`, what was found and what to do.
llvm::Expected<HostTensor> readNpy(StringRef path);

/// The same from bytes in memory; `path` only serves the messages.
llvm::Expected<HostTensor> parseNpy(StringRef bytes, StringRef path);

/// Writes `tensor` as .npy version 1. bf16 is written as float32, or as its bits in uint16 when
/// `bf16Bits` is set.
llvm::Error writeNpy(StringRef path, const HostTensor &tensor, bool bf16Bits = false);
/// The same into a file that the caller keeps.
llvm::Expected<std::unique_ptr<OutputFile>> prepareNpy(StringRef path, const HostTensor &tensor,
                                                       bool bf16Bits = false);

} // namespace mlir::colt5::driver

#endif // COLT5_SUPPORT_NPY_H

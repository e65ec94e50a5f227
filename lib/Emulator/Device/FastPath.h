#ifndef COLT5_LIB_EMULATOR_DEVICE_FASTPATH_H
#define COLT5_LIB_EMULATOR_DEVICE_FASTPATH_H

#include "Shadow.h"

/// Kernels keep dozens of values in vector registers, which the usual convention would spill around each
/// announced access.
#if defined(__x86_64__) && defined(__clang__)
#define COLT5_EMULATOR_PRESERVE __attribute__((preserve_all))
#define COLT5_EMULATOR_PRESERVES 1
#else
#define COLT5_EMULATOR_PRESERVE
#define COLT5_EMULATOR_PRESERVES 0
#endif

namespace mlir::colt5::emulator {

using AccessFunction = void COLT5_EMULATOR_PRESERVE(ThreadHead *self, const char *pointer, uint64_t bytes,
                                                    uint32_t align, uint32_t site);

/// What compiled kernels call for each load and store.
COLT5_EMULATOR_PRESERVE void fastLoad(ThreadHead *self, const char *pointer, uint64_t bytes, uint32_t align,
                                      uint32_t site);
COLT5_EMULATOR_PRESERVE void fastStore(ThreadHead *self, const char *pointer, uint64_t bytes, uint32_t align,
                                       uint32_t site);

} // namespace mlir::colt5::emulator

#endif // COLT5_LIB_EMULATOR_DEVICE_FASTPATH_H

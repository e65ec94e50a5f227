#ifndef COLT5_LIB_EMULATOR_DEVICE_BULK_H
#define COLT5_LIB_EMULATOR_DEVICE_BULK_H

#include "Runtime.h"

namespace mlir::colt5::emulator {

/// A box of a tensor map beside its place in shared memory.
struct TensorBox {
  struct Part {
    char *shared;
    /// Null outside of the tensor.
    char *global;
    uint32_t bytes;
  };
  std::vector<Part> parts;
  uint64_t bytes = 0;
};

/// Reads the tensor map at `descriptor` and checks it.
TensorBox readBox(const void *descriptor, const uint64_t *coordinates, uint32_t rank, char *shared,
                  uint32_t site);
void addBulkStoreSymbols(SymbolMap &symbols);

} // namespace mlir::colt5::emulator

#endif // COLT5_LIB_EMULATOR_DEVICE_BULK_H

// The kernels of a module at stage nvvm as what launches them has to know them.
#ifndef COLT5_LIB_TOOLS_RUN_KERNELTABLE_H
#define COLT5_LIB_TOOLS_RUN_KERNELTABLE_H

#include "colt5-abi/gpu.h"
#include "mlir/IR/BuiltinOps.h"
#include <string>

namespace mlir::colt5::driver {

/// One kernel; host code calls it by its place in the list.
struct KernelDescription {
  std::string name;
  std::array<uint32_t, 3> block = {1, 1, 1}, cluster = {1, 1, 1};
  uint32_t dynamicSharedBytes = 0;
  SmallVector<colt5_gpu_parameter> parameters;
};

/// The kernels of `module`, which is at stage `nvvm`, in the order of their numbers.
std::vector<KernelDescription> describeKernels(ModuleOp module);

} // namespace mlir::colt5::driver

#endif // COLT5_LIB_TOOLS_RUN_KERNELTABLE_H

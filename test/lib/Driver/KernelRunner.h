// Kernels of the mock driver in the emulator.
#ifndef COLT5_TEST_LIB_DRIVER_KERNELRUNNER_H
#define COLT5_TEST_LIB_DRIVER_KERNELRUNNER_H

#include "../MockCuda/MockCuda.h"
#include "colt5/Emulator/Emulator.h"

/// Executes a launch that the mock accepted: all memory of the mock is the kernel's. Returns a result of the
/// driver and prints what is wrong.
int runInEmulator(mlir::colt5::EmulatedModule &device, const mock_launch &launch);

#endif // COLT5_TEST_LIB_DRIVER_KERNELRUNNER_H

// The emulator as a device with a C interface: memory that is registered, kernels that are launched by name.
// For benchmarks/gpu, which launches the same kernels on a GPU. What can fail returns 0, or -1 after writing
// a message.
#include "colt5/Emulator/Emulator.h"
#include "colt5/InitAll.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
struct Device {
  std::unique_ptr<MLIRContext> context;
  OwningOpRef<ModuleOp> module;
  std::unique_ptr<EmulatedModule> code;
};

int fail(const std::string &text, char *message, size_t size) {
  snprintf(message, size, "%s", text.c_str());
  return -1;
}
} // namespace

#define COLT5_TEST_EXPORT extern "C" __attribute__((visibility("default")))

/// Loads the kernels of `path`, a module at stage nvvm; `seed` as in EmulatorOptions.
COLT5_TEST_EXPORT int emulator_open(const char *path, uint64_t seed, Device **result, char *message,
                                    size_t size) {
  DialectRegistry registry;
  colt5::registerAllDialects(registry);
  auto device = std::make_unique<Device>();
  device->context = std::make_unique<MLIRContext>(registry);
  std::string diagnostics;
  ScopedDiagnosticHandler handler(device->context.get(), [&](Diagnostic &diag) {
    diagnostics += diag.str() + "\n";
    return success();
  });
  device->module = parseSourceFile<ModuleOp>(path, device->context.get());
  if (!device->module)
    return fail(diagnostics, message, size);
  EmulatorOptions options;
  options.seed = seed;
  options.hostThreads = 2;
  auto code = EmulatedModule::create(*device->module, options);
  if (failed(code))
    return fail(diagnostics, message, size);
  device->code = std::move(*code);
  *result = device.release();
  return 0;
}

COLT5_TEST_EXPORT void emulator_close(Device *device) { delete device; }

/// Makes `bytes` bytes at `data` device memory; `initialized`: kernels may read it.
COLT5_TEST_EXPORT void emulator_add_buffer(Device *device, const char *name, void *data, uint64_t bytes,
                                           int initialized) {
  device->code->addBuffer(name, data, bytes, initialized != 0);
}

COLT5_TEST_EXPORT void emulator_remove_buffer(Device *device, void *data) {
  device->code->removeBuffer(data);
}

/// Runs a kernel; parameter i has bytes[i] bytes at parameters[i].
COLT5_TEST_EXPORT int emulator_launch(Device *device, const char *kernel, const uint32_t grid[3],
                                      const uint32_t block[3], uint32_t dynamicSharedBytes,
                                      uint32_t numParameters, const uint32_t *bytes,
                                      const void *const *parameters, char *message, size_t size) {
  EmulatorLaunch launch;
  std::copy_n(grid, 3, launch.grid.begin());
  std::copy_n(block, 3, launch.block.begin());
  launch.dynamicSharedBytes = dynamicSharedBytes;
  for (uint32_t i = 0; i < numParameters; ++i)
    launch.arguments.emplace_back(static_cast<const char *>(parameters[i]), bytes[i]);
  EmulatorReport report;
  std::string error;
  if (succeeded(device->code->launch(kernel, launch, report, error)))
    return 0;
  for (const EmulatorFinding &finding : report.findings)
    error += (error.empty() ? "" : "\n") + finding.str();
  return fail(error, message, size);
}

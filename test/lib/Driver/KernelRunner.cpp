#include "KernelRunner.h"

#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::colt5;

/// CUDA_ERROR_LAUNCH_FAILED.
static constexpr int kLaunchFailed = 719;

int runInEmulator(EmulatedModule &device, const mock_launch &launch) {
  SmallVector<void *> buffers;
  std::pair<EmulatedModule *, SmallVector<void *> *> registering{&device, &buffers};
  mock_visit_memory(
      [](void *state, void *address, size_t bytes) {
        auto [module, list] = *static_cast<decltype(registering) *>(state);
        module->addBuffer("memory", address, bytes, /*initialized=*/true);
        list->push_back(address);
      },
      &registering);
  EmulatorLaunch request;
  std::copy(launch.grid, launch.grid + 3, request.grid.begin());
  std::copy(launch.block, launch.block + 3, request.block.begin());
  std::copy(launch.cluster, launch.cluster + 3, request.cluster.begin());
  request.dynamicSharedBytes = launch.dynamic_shared_bytes;
  for (uint32_t i = 0; i < launch.num_parameters; ++i)
    request.arguments.emplace_back(static_cast<const char *>(launch.parameters[i]),
                                   launch.parameter_bytes[i]);
  EmulatorReport report;
  std::string message;
  bool ok = succeeded(device.launch(launch.kernel, request, report, message));
  if (!ok) {
    llvm::errs() << launch.kernel << ": " << message << "\n";
    for (const EmulatorFinding &finding : report.findings)
      llvm::errs() << finding.str() << "\n";
  }
  for (void *buffer : buffers)
    device.removeBuffer(buffer);
  return ok ? 0 : kLaunchFailed;
}

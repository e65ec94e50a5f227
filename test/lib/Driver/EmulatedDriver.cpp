// The mock driver with kernels that run: PTX is checked as the mock does, what is executed are the kernels of
// the module that COLT5_EMULATED_SOURCE names, compiled for COLT5_EMULATED_CHIP, the only device. The
// artefact whose kernels a program launches is compiled from the same module.
#include "KernelRunner.h"
#include "colt5/InitAll.h"
#include "colt5/Stages/Table.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// Lives as long as the process, which the library stays in.
struct Device {
  std::unique_ptr<MLIRContext> context;
  OwningOpRef<ModuleOp> module;
  std::unique_ptr<EmulatedModule> kernels;
};
} // namespace

static std::string getSetting(const char *name, const char *otherwise) {
  const char *value = getenv(name);
  return value ? value : otherwise;
}

/// Null after printing what is wrong.
static Device *openDevice() {
  DialectRegistry registry;
  registerAllDialects(registry);
  registerAllPasses();
  auto device = std::make_unique<Device>();
  device->context = std::make_unique<MLIRContext>(registry);
  std::string source = getSetting("COLT5_EMULATED_SOURCE", "");
  std::optional<Target> target = symbolizeTarget(getSetting("COLT5_EMULATED_CHIP", "sm_80"));
  device->module = parseSourceFile<ModuleOp>(source, device->context.get());
  if (!device->module || !target || !target->isGPU()) {
    llvm::errs() << "emulated driver: expected a module in COLT5_EMULATED_SOURCE and a chip in "
                    "COLT5_EMULATED_CHIP, found '"
                 << source << "' and '" << getSetting("COLT5_EMULATED_CHIP", "sm_80") << "'\n";
    return nullptr;
  }
  PassManager manager(device->context.get());
  PipelineOptions options;
  options.target = *target;
  if (failed(buildStages(manager, options, /*start=*/"", /*stop=*/"nvvm")) ||
      failed(manager.run(*device->module)))
    return nullptr;
  auto kernels = EmulatedModule::create(*device->module);
  if (failed(kernels))
    return nullptr;
  device->kernels = std::move(*kernels);
  return device.release();
}

/// When the driver is opened, before anything is asked of it.
__attribute__((constructor)) static void setUp() {
  const Machine *machine = findMachine(getSetting("COLT5_EMULATED_CHIP", "sm_80"));
  int chip = machine ? machine->capability : 0;
  mock_set_devices(1, &chip);
  mock_set_kernel_runner(
      [](void *, const mock_launch *launch) {
        static Device *device = openDevice();
        return device ? runInEmulator(*device->kernels, *launch) : 719;
      },
      nullptr);
}

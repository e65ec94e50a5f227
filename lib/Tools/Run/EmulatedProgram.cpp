#include "colt5/Tools/Run/EmulatedProgram.h"

#include "HostAccesses.h"
#include "KernelTable.h"
#include "colt5/Support/Error.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "llvm/ADT/ScopeExit.h"
#include <chrono>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

/// What stands in memory that nobody has written.
static constexpr char kGarbage = static_cast<char>(0xA5);

namespace {
uint64_t getBytes(const CpuTensorType &type, const CpuTensor &tensor) {
  Type element = type.type.getElementType();
  uint64_t bytes = element.isIndex() ? 8 : llvm::divideCeil(element.getIntOrFloatBitWidth(), 8);
  for (int64_t size : tensor.shape)
    bytes *= size;
  return bytes;
}

/// Memory at a multiple of an alignment, freed at the end.
class AlignedBuffer {
public:
  AlignedBuffer(uint64_t bytes, uint64_t alignment) : storage(bytes + alignment) {
    data = reinterpret_cast<char *>(llvm::alignAddr(storage.data(), llvm::Align(alignment)));
  }
  char *data;

private:
  std::vector<char> storage;
};
} // namespace

struct EmulatedProgram::Impl : HostAccesses {
  /// Memory that stands for the device's in a run.
  struct DeviceMemory {
    std::string name;
    const char *data;
    uint64_t bytes;
  };
  std::vector<DeviceMemory> deviceMemory;
  /// The first access of host code to it.
  std::string hostError;
  std::string lastKernel;
  std::unique_ptr<HostEntries> entries;
  std::unique_ptr<EmulatedModule> device;
  std::vector<KernelDescription> kernels;
  std::string message;

  void touch(const char *address, uint64_t bytes, bool isWrite, StringRef where) override {
    std::string when = lastKernel.empty() ? "before the first kernel" : "after kernel '" + lastKernel + "'";
    for (const DeviceMemory &memory : deviceMemory)
      if (hostError.empty() && address < memory.data + memory.bytes && memory.data < address + bytes)
        hostError = ("host code " + Twine(isWrite ? "writes " : "reads ") + Twine(bytes) + " bytes of '" +
                     memory.name + "', which is memory of the device, " + when + ": " + where)
                        .str();
  }

  void addDeviceMemory(StringRef name, char *data, uint64_t bytes, bool initialized) {
    device->addBuffer(name, data, bytes, initialized);
    deviceMemory.push_back({name.str(), data, bytes});
  }

  static int32_t launch(void *state, uint32_t number, const int64_t grid[3], void *const *parameters) {
    return static_cast<Impl *>(state)->launch(number, grid, parameters);
  }

  int32_t launch(uint32_t number, const int64_t grid[3], void *const *parameters) {
    const KernelDescription &kernel = kernels[number];
    lastKernel = kernel.name;
    EmulatorLaunch request;
    request.block = kernel.block;
    request.cluster = kernel.cluster;
    request.dynamicSharedBytes = kernel.dynamicSharedBytes;
    for (unsigned dim = 0; dim < 3; ++dim) {
      if (grid[dim] > UINT32_MAX >> 1) {
        message = "kernel '" + kernel.name + "': expected a grid of at most 2^31 - 1 blocks, found " +
                  std::to_string(grid[dim]);
        return COLT5_GPU_FIRST_LAUNCH_ERROR;
      }
      request.grid[dim] = grid[dim];
    }
    for (auto [index, parameter] : llvm::enumerate(kernel.parameters))
      request.arguments.emplace_back(static_cast<const char *>(parameters[index]), parameter.bytes);
    EmulatorReport report;
    if (succeeded(device->launch(kernel.name, request, report, message)))
      return 0;
    for (const EmulatorFinding &finding : report.findings)
      message += (message.empty() ? "" : "\n") + finding.str();
    return COLT5_GPU_FIRST_LAUNCH_ERROR;
  }
};

EmulatedProgram::EmulatedProgram(std::unique_ptr<Impl> impl) : impl(std::move(impl)) {}
EmulatedProgram::~EmulatedProgram() = default;
const HostEntries &EmulatedProgram::getEntries() const { return *impl->entries; }

FailureOr<std::unique_ptr<EmulatedProgram>> EmulatedProgram::compile(ModuleOp module,
                                                                     const EmulatorOptions &options) {
  auto impl = std::make_unique<Impl>();
  impl->kernels = describeKernels(module);
  FailureOr<std::unique_ptr<EmulatedModule>> device = EmulatedModule::create(module, options);
  if (failed(device))
    return failure();
  impl->device = std::move(*device);
  OwningOpRef<ModuleOp> host(module.clone());
  for (auto kernels : llvm::make_early_inc_range(host->getOps<gpu::GPUModuleOp>()))
    kernels.erase();
  (*host)->removeAttr(gpu::GPUDialect::getContainerModuleAttrName());
  impl->watch(*host);
  FailureOr<std::unique_ptr<HostEntries>> entries = HostEntries::compile(*host);
  if (failed(entries))
    return failure();
  impl->entries = std::move(*entries);
  return std::unique_ptr<EmulatedProgram>(new EmulatedProgram(std::move(impl)));
}

llvm::Expected<GpuProgram::RunResult> EmulatedProgram::run(StringRef entry, ArrayRef<CpuTensor> inputs,
                                                           ArrayRef<CpuTensor> outputs) {
  Impl &program = *impl;
  auto found = program.entries->find(entry);
  if (!found)
    return found.takeError();
  const CpuEntry &types = *found->first;
  if (llvm::Error error = HostEntries::check("input", types.inputs, inputs))
    return error;
  if (llvm::Error error = HostEntries::check("output", types.outputs, outputs))
    return error;
  llvm::scope_exit forget([&] {
    for (const Impl::DeviceMemory &memory : program.deviceMemory)
      program.device->removeBuffer(const_cast<char *>(memory.data));
    program.deviceMemory.clear();
    program.device->removeHostMemory();
  });
  // Device memory: copies of the caller's tensors at the alignment that kernels expect.
  std::vector<std::unique_ptr<AlignedBuffer>> memory;
  SmallVector<CpuTensor> deviceInputs(inputs), deviceOutputs(outputs);
  program.hostError.clear();
  program.lastKernel.clear();
  auto place = [&](const CpuTensorType &type, CpuTensor &tensor, bool isInput) {
    uint64_t bytes = getBytes(type, tensor);
    program.device->addHostMemory(type.name, tensor.data, bytes);
    if (type.isScalar)
      return;
    memory.push_back(std::make_unique<AlignedBuffer>(bytes, COLT5_GPU_TENSOR_ALIGNMENT));
    char *data = memory.back()->data;
    if (isInput && bytes)
      memcpy(data, tensor.data, bytes);
    else
      memset(data, kGarbage, bytes);
    tensor.data = data;
    program.addDeviceMemory(type.name, data, bytes, /*initialized=*/isInput);
  };
  for (auto [type, tensor] : llvm::zip_equal(types.inputs, deviceInputs))
    place(type, tensor, /*isInput=*/true);
  for (auto [type, tensor] : llvm::zip_equal(types.outputs, deviceOutputs))
    place(type, tensor, /*isInput=*/false);

  SmallVector<colt5_cpu_tensor> tensors = HostEntries::toAbi(deviceInputs, deviceOutputs);
  auto workspaceSize = reinterpret_cast<int64_t (*)(const colt5_cpu_tensor *)>(found->second.workspaceSize);
  int64_t bytes = workspaceSize(tensors.data());
  if (llvm::Error error = HostEntries::checkWorkspace(entry, bytes))
    return error;
  AlignedBuffer workspace(bytes, COLT5_GPU_WORKSPACE_ALIGNMENT), errors(sizeof(int32_t), alignof(int32_t));
  memset(workspace.data, kGarbage, bytes);
  memset(errors.data, 0, sizeof(int32_t));
  program.addDeviceMemory("workspace", workspace.data, bytes, /*initialized=*/false);
  program.addDeviceMemory("error word", errors.data, sizeof(int32_t), /*initialized=*/true);

  colt5_gpu_launcher launcher = {&program, &Impl::launch, errors.data};
  using RunFn = int32_t (*)(const colt5_cpu_tensor *, void *, const colt5_gpu_launcher *);
  program.message.clear();
  auto start = std::chrono::steady_clock::now();
  int32_t status = reinterpret_cast<RunFn>(found->second.run)(tensors.data(), workspace.data, &launcher);
  RunResult result;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  int32_t word;
  memcpy(&word, errors.data, sizeof(word));
  result.badIndex = word != 0;

  llvm::Error error = llvm::Error::success();
  if (status != COLT5_CPU_OK)
    error = llvm::joinErrors(std::move(error),
                             makeError("'" + entry + "' failed in the emulator" +
                                       (program.message.empty() ? " with status " + Twine(status)
                                                                : ": " + Twine(program.message))));
  if (!program.hostError.empty())
    error = llvm::joinErrors(std::move(error), makeError("'" + entry + "': " + program.hostError));
  for (auto [type, device, host] : llvm::zip_equal(types.outputs, deviceOutputs, outputs)) {
    uint64_t size = getBytes(type, device);
    if (!error && program.device->getUnwrittenBytes(device.data))
      error =
          llvm::joinErrors(std::move(error), makeError("'" + entry + "' left " +
                                                       Twine(program.device->getUnwrittenBytes(device.data)) +
                                                       " bytes of '" + type.name + "' unwritten"));
    if (size)
      memcpy(host.data, device.data, size);
  }
  if (error)
    return error;
  return result;
}

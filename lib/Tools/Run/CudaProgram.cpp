#include "colt5/Tools/Run/CudaProgram.h"

#include "KernelTable.h"
#include "colt5/Support/Error.h"
#include "colt5/Target/GPU/GpuCode.h"
#include "llvm/ADT/StringExtras.h"
#include <chrono>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

/// What stands in memory that nobody has written.
static constexpr char kGarbage = static_cast<char>(0xA5);

//===----------------------------------------------------------------------===//
// Devices
//===----------------------------------------------------------------------===//

static llvm::Error check(int32_t status) {
  return status == COLT5_GPU_OK ? llvm::Error::success() : makeError(colt5_gpu_message());
}

llvm::Expected<std::shared_ptr<CudaDevice>> CudaDevice::open(int32_t ordinal, StringRef library) {
  std::string path = library.str();
  colt5_gpu_options options = {sizeof(options), nullptr, ordinal, path.empty() ? nullptr : path.c_str()};
  auto device = std::make_shared<CudaDevice>();
  if (llvm::Error error = check(colt5_gpu_context_create(&options, &device->context)))
    return error;
  device->description.struct_size = sizeof(device->description);
  if (llvm::Error error = check(colt5_gpu_context_describe(device->context, &device->description)))
    return error;
  return device;
}

CudaDevice::~CudaDevice() { colt5_gpu_context_destroy(context); }

llvm::Expected<Target> CudaDevice::chooseTarget() const {
  std::optional<Target> best;
  for (Target target : getTargets()) {
    if (!target.isGPU())
      continue;
    int64_t chip = target.machine->capability;
    bool runs = target.machine->isArchSpecific ? chip == getChip() : chip <= getChip();
    if (runs && (!best || chip >= best->machine->capability))
      best = target;
  }
  if (!best)
    return makeError("expected a device that can run one of " + listMachines(MachineKind::GPU) + ", found '" +
                     description.name + "', sm_" + Twine(getChip()));
  return *best;
}

//===----------------------------------------------------------------------===//
// Programs
//===----------------------------------------------------------------------===//

/// The kernels of `module` as PTX, which the driver compiles for the device.
static FailureOr<std::string> translateToPtx(ModuleOp module, const Machine &chip) {
  OwningOpRef<ModuleOp> copy(module.clone());
  if (failed(compileKernels(*copy, chip, GpuFormat::Ptx, /*toolkit=*/"")))
    return failure();
  FailureOr<GpuCode> code = getGpuCode(*copy);
  if (failed(code))
    return failure();
  return code->ptx.str();
}

static uint64_t getBytes(const CpuTensorType &type, const CpuTensor &tensor) {
  Type element = type.type.getElementType();
  uint64_t bytes = element.isIndex() ? 8 : llvm::divideCeil(element.getIntOrFloatBitWidth(), 8);
  for (int64_t size : tensor.shape)
    bytes *= size;
  return bytes;
}

namespace {
/// Device memory of one run.
class DeviceMemory {
public:
  explicit DeviceMemory(colt5_gpu_context *context) : context(context) {}
  ~DeviceMemory() {
    for (void *address : owned)
      colt5_gpu_free(context, address);
  }
  /// Memory with a copy of `host`, or with garbage for null.
  llvm::Expected<void *> allocate(uint64_t bytes, const void *host) {
    void *address = nullptr;
    if (llvm::Error error = check(colt5_gpu_allocate(context, bytes, &address)))
      return error;
    owned.push_back(address);
    std::vector<char> garbage(host ? 0 : bytes, kGarbage);
    if (llvm::Error error =
            check(colt5_gpu_copy_to_device(context, address, host ? host : garbage.data(), bytes)))
      return error;
    return address;
  }

private:
  colt5_gpu_context *context;
  SmallVector<void *> owned;
};
} // namespace

struct CudaProgram::Impl {
  std::shared_ptr<CudaDevice> device;
  std::unique_ptr<HostEntries> entries;
  std::vector<KernelDescription> kernels;
  std::vector<colt5_gpu_kernel> table;
  std::string ptx;
  colt5_gpu_image image = {};
  colt5_gpu_program program = {};

  void makeTables(Target target) {
    for (const KernelDescription &kernel : kernels) {
      table.push_back({kernel.name.c_str(),
                       {},
                       {},
                       kernel.dynamicSharedBytes,
                       static_cast<uint32_t>(kernel.parameters.size()),
                       kernel.parameters.data()});
      llvm::copy(kernel.block, table.back().block);
      llvm::copy(kernel.cluster, table.back().cluster);
    }
    const Machine &chip = *target.machine;
    char suffix = chip.isArchSpecific ? 'a' : 0;
    image = {COLT5_GPU_PTX, static_cast<uint16_t>(chip.capability), suffix, 0, ptx.c_str(), ptx.size() + 1};
    program = {sizeof(program), "module", table.data(), &image, static_cast<uint32_t>(table.size()), 1};
  }
};

CudaProgram::CudaProgram(std::unique_ptr<Impl> impl) : impl(std::move(impl)) {}
CudaProgram::~CudaProgram() { colt5_gpu_unload(impl->device->getContext(), &impl->program); }
const HostEntries &CudaProgram::getEntries() const { return *impl->entries; }

FailureOr<std::unique_ptr<CudaProgram>> CudaProgram::compile(ModuleOp module, Target target,
                                                             std::shared_ptr<CudaDevice> device) {
  auto impl = std::make_unique<Impl>();
  impl->device = std::move(device);
  impl->kernels = describeKernels(module);
  FailureOr<std::string> ptx = translateToPtx(module, *target.machine);
  FailureOr<std::unique_ptr<HostEntries>> entries = HostEntries::compile(module);
  if (failed(ptx) || failed(entries))
    return failure();
  impl->ptx = std::move(*ptx);
  impl->entries = std::move(*entries);
  impl->makeTables(target);
  // Loaded now, so that no run pays for it.
  if (colt5_gpu_load(impl->device->getContext(), &impl->program))
    return module.emitError(colt5_gpu_message());
  return std::unique_ptr<CudaProgram>(new CudaProgram(std::move(impl)));
}

llvm::Expected<GpuProgram::RunResult> CudaProgram::run(StringRef entry, ArrayRef<CpuTensor> inputs,
                                                       ArrayRef<CpuTensor> outputs) {
  colt5_gpu_context *context = impl->device->getContext();
  auto found = impl->entries->find(entry);
  if (!found)
    return found.takeError();
  const CpuEntry &types = *found->first;
  if (llvm::Error error = HostEntries::check("input", types.inputs, inputs))
    return error;
  if (llvm::Error error = HostEntries::check("output", types.outputs, outputs))
    return error;
  DeviceMemory memory(context);
  SmallVector<CpuTensor> deviceInputs(inputs), deviceOutputs(outputs);
  auto place = [&](const CpuTensorType &type, CpuTensor &tensor, bool isInput) -> llvm::Error {
    // Scalars stay where the host code reads them.
    if (type.isScalar)
      return llvm::Error::success();
    auto address = memory.allocate(getBytes(type, tensor), isInput ? tensor.data : nullptr);
    if (!address)
      return address.takeError();
    tensor.data = *address;
    return llvm::Error::success();
  };
  for (auto [type, tensor] : llvm::zip_equal(types.inputs, deviceInputs))
    if (llvm::Error error = place(type, tensor, /*isInput=*/true))
      return error;
  for (auto [type, tensor] : llvm::zip_equal(types.outputs, deviceOutputs))
    if (llvm::Error error = place(type, tensor, /*isInput=*/false))
      return error;
  SmallVector<colt5_cpu_tensor> tensors = HostEntries::toAbi(deviceInputs, deviceOutputs);
  auto workspaceSize = reinterpret_cast<int64_t (*)(const colt5_cpu_tensor *)>(found->second.workspaceSize);
  int64_t bytes = workspaceSize(tensors.data());
  if (llvm::Error error = HostEntries::checkWorkspace(entry, bytes))
    return error;
  auto workspace = memory.allocate(bytes, nullptr);
  if (!workspace)
    return workspace.takeError();

  auto start = std::chrono::steady_clock::now();
  auto function = reinterpret_cast<colt5_gpu_function>(found->second.run);
  if (llvm::Error error = check(colt5_gpu_run(context, &impl->program, function, /*stream=*/nullptr,
                                              tensors.data(), *workspace, /*error_word=*/nullptr)))
    return error;
  int32_t status = colt5_gpu_last_error(context, /*stream=*/nullptr);
  RunResult result;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  result.badIndex = status == COLT5_CPU_BAD_INDEX;
  if (status != COLT5_GPU_OK && !result.badIndex)
    return check(status);
  for (auto [type, device, host] : llvm::zip_equal(types.outputs, deviceOutputs, outputs))
    if (llvm::Error error =
            check(colt5_gpu_copy_to_host(context, host.data, device.data, getBytes(type, device))))
      return error;
  return result;
}

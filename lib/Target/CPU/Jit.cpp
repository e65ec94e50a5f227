#include "colt5/Target/CPU/Jit.h"

#include "ThreadPool.h"
#include <chrono>
#include <new>

using namespace mlir;
using namespace mlir::colt5;

static double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

using RunFn = int32_t (*)(const colt5_cpu_tensor *, void *, const colt5_parallel *);
using WorkspaceSizeFn = int64_t (*)(const colt5_cpu_tensor *, int64_t);

struct CpuProgram::Impl {
  std::unique_ptr<HostEntries> entries;
  std::unique_ptr<CpuThreadPool> pool;
  void *workspace = nullptr;
  int64_t workspaceBytes = 0;

  ~Impl() { releaseWorkspace(); }
  void releaseWorkspace() {
    if (workspace)
      ::operator delete(workspace, std::align_val_t(COLT5_CPU_WORKSPACE_ALIGNMENT));
    workspace = nullptr;
    workspaceBytes = 0;
  }
};

CpuProgram::CpuProgram(std::unique_ptr<Impl> impl) : impl(std::move(impl)) {}
CpuProgram::~CpuProgram() = default;

FailureOr<std::unique_ptr<CpuProgram>> CpuProgram::compile(ModuleOp module, const CpuOptions &options) {
  auto impl = std::make_unique<Impl>();
  FailureOr<std::unique_ptr<HostEntries>> entries = HostEntries::compile(module, options);
  if (failed(entries))
    return failure();
  impl->entries = std::move(*entries);
  return std::unique_ptr<CpuProgram>(new CpuProgram(std::move(impl)));
}

const CpuEntry *CpuProgram::lookup(StringRef entry) const {
  auto found = impl->entries->find(entry);
  if (found)
    return found->first;
  llvm::consumeError(found.takeError());
  return nullptr;
}

llvm::Expected<SmallVector<SmallVector<int64_t>>>
CpuProgram::getResultShapes(StringRef entry, ArrayRef<CpuTensor> inputs) const {
  return impl->entries->getResultShapes(entry, inputs);
}

llvm::Expected<int64_t> CpuProgram::getWorkspaceSize(StringRef entry, ArrayRef<CpuTensor> inputs,
                                                     int64_t threads) const {
  auto found = impl->entries->find(entry);
  if (!found)
    return found.takeError();
  if (llvm::Error error = HostEntries::check("input", found->first->inputs, inputs))
    return error;
  auto size = reinterpret_cast<WorkspaceSizeFn>(found->second.workspaceSize);
  int64_t bytes = size(HostEntries::toAbi(inputs).data(), threads);
  if (llvm::Error error = HostEntries::checkWorkspace(entry, bytes))
    return error;
  return bytes;
}

llvm::Expected<CpuProgram::RunResult> CpuProgram::run(StringRef entry, ArrayRef<CpuTensor> inputs,
                                                      ArrayRef<CpuTensor> outputs, int64_t threads) {
  auto found = impl->entries->find(entry);
  if (!found)
    return found.takeError();
  if (llvm::Error error = HostEntries::check("input", found->first->inputs, inputs))
    return error;
  if (llvm::Error error = HostEntries::check("output", found->first->outputs, outputs))
    return error;
  if (threads < 0)
    return llvm::createStringError("expected a number of threads of at least 0, found " + Twine(threads));
  if (threads == 0)
    threads = llvm::hardware_concurrency().compute_thread_count();
  if (!impl->pool || impl->pool->getNumThreads() != threads)
    impl->pool = std::make_unique<CpuThreadPool>(threads);

  SmallVector<colt5_cpu_tensor> tensors = HostEntries::toAbi(inputs, outputs);
  int64_t bytes = reinterpret_cast<WorkspaceSizeFn>(found->second.workspaceSize)(tensors.data(), threads);
  if (llvm::Error error = HostEntries::checkWorkspace(entry, bytes))
    return error;
  if (bytes > impl->workspaceBytes) {
    impl->releaseWorkspace();
    void *memory = ::operator new(bytes, std::align_val_t(COLT5_CPU_WORKSPACE_ALIGNMENT), std::nothrow);
    if (!memory)
      return llvm::createStringError("cannot allocate the workspace of " + Twine(bytes) + " bytes");
    impl->workspace = memory;
    impl->workspaceBytes = bytes;
  }
  double start = now();
  int32_t status = reinterpret_cast<RunFn>(found->second.run)(tensors.data(), impl->workspace,
                                                              threads > 1 ? impl->pool->getHook() : nullptr);
  RunResult result;
  result.seconds = now() - start;
  switch (status) {
  case COLT5_CPU_OK:
    return result;
  case COLT5_CPU_BAD_INDEX:
    result.badIndex = true;
    return result;
  case COLT5_CPU_BAD_SIZE:
    return llvm::createStringError("'" + entry +
                                   "': the outputs do not have the shapes that the inputs lead to");
  default:
    return llvm::createStringError("'" + entry + "' refused its arguments with status " + Twine(status) +
                                   " (see colt5-abi/cpu.h)");
  }
}

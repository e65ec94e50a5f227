#include "colt5/Target/CPU/Jit.h"

#include "ThreadPool.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include <chrono>
#include <new>

using namespace mlir;
using namespace mlir::colt5;

namespace {
double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

using RunFn = int32_t (*)(const colt5_cpu_tensor *, void *, const colt5_parallel *);
using ResultSizesFn = void (*)(const colt5_cpu_tensor *, int64_t *);
using WorkspaceSizeFn = int64_t (*)(const colt5_cpu_tensor *, int64_t);

struct Functions {
  RunFn run;
  ResultSizesFn resultSizes;
  WorkspaceSizeFn workspaceSize;
};

std::string formatShape(ArrayRef<int64_t> shape) {
  if (shape.empty())
    return "scalar";
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleave(
      shape, os, [&](int64_t size) { ShapedType::isDynamic(size) ? os << '?' : os << size; }, "x");
  return text;
}

llvm::Error checkTensors(StringRef what, ArrayRef<CpuTensorType> types, ArrayRef<CpuTensor> tensors) {
  if (types.size() != tensors.size())
    return llvm::createStringError("expected " + Twine(types.size()) + " " + what + "s, found " +
                                   Twine(tensors.size()));
  for (auto [index, type, tensor] : llvm::enumerate(types, tensors)) {
    ArrayRef<int64_t> expected = type.type.getShape();
    bool matches = expected.size() == tensor.shape.size();
    int64_t count = 1;
    for (size_t dim = 0; matches && dim < expected.size(); ++dim) {
      matches = tensor.shape[dim] >= 0 &&
                (ShapedType::isDynamic(expected[dim]) || expected[dim] == tensor.shape[dim]);
      count *= tensor.shape[dim];
    }
    if (!matches)
      return llvm::createStringError(what + " #" + Twine(index) + " ('" + type.name + "'): expected shape " +
                                     formatShape(expected) + ", found " + formatShape(tensor.shape));
    if (!tensor.data && count)
      return llvm::createStringError(what + " #" + Twine(index) + " ('" + type.name +
                                     "'): expected data, found null");
  }
  return llvm::Error::success();
}

SmallVector<colt5_cpu_tensor> toAbi(ArrayRef<CpuTensor> inputs, ArrayRef<CpuTensor> outputs = {}) {
  SmallVector<colt5_cpu_tensor> result;
  for (ArrayRef<CpuTensor> tensors : {inputs, outputs})
    for (const CpuTensor &tensor : tensors)
      result.push_back({tensor.data, tensor.shape.data(), nullptr});
  return result;
}
} // namespace

struct CpuProgram::Impl {
  std::unique_ptr<llvm::orc::LLJIT> jit;
  SmallVector<CpuEntry> entries;
  llvm::StringMap<Functions> functions;

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

  llvm::Error load(StringRef object) {
    auto created = llvm::orc::LLJITBuilder().setPlatformSetUp(llvm::orc::setUpInactivePlatform).create();
    if (!created)
      return created.takeError();
    jit = std::move(*created);
    if (llvm::Error error = jit->addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(object, "colt5")))
      return error;
    for (const CpuEntry &entry : entries) {
      auto run = jit->lookup(entry.name + "_run");
      auto resultSizes = jit->lookup(entry.name + "_result_sizes");
      auto workspaceSize = jit->lookup(entry.name + "_workspace_size");
      if (!run || !resultSizes || !workspaceSize)
        return llvm::joinErrors(llvm::joinErrors(run.takeError(), resultSizes.takeError()),
                                workspaceSize.takeError());
      functions[entry.name] = {run->toPtr<RunFn>(), resultSizes->toPtr<ResultSizesFn>(),
                               workspaceSize->toPtr<WorkspaceSizeFn>()};
    }
    return llvm::Error::success();
  }

  llvm::Expected<std::pair<const CpuEntry *, Functions>> find(StringRef name) const {
    const auto *entry = llvm::find_if(entries, [&](const CpuEntry &e) { return e.name == name; });
    if (entry != entries.end())
      return std::make_pair(entry, functions.lookup(name));
    std::string known;
    for (const CpuEntry &e : entries)
      known += (known.empty() ? "'" : ", '") + e.name + "'";
    return llvm::createStringError("no function '" + name + "' in this program; it has " +
                                   (known.empty() ? "none" : known));
  }
};

CpuProgram::CpuProgram(std::unique_ptr<Impl> impl) : impl(std::move(impl)) {}
CpuProgram::~CpuProgram() = default;

FailureOr<std::unique_ptr<CpuProgram>> CpuProgram::compile(ModuleOp module, const CpuOptions &options) {
  auto impl = std::make_unique<Impl>();
  impl->entries = getCpuEntries(module);
  if (impl->entries.empty())
    return module.emitError("expected a module at stage llvm with at least one public function, found none");
  SmallVector<char, 0> object;
  llvm::raw_svector_ostream os(object);
  if (failed(emitCpuCode(module, options, CpuFormat::Object, os)))
    return failure();
  if (llvm::Error error = impl->load(StringRef(object.data(), object.size())))
    return module.emitError("loading the compiled code failed: ") << llvm::toString(std::move(error));
  return std::unique_ptr<CpuProgram>(new CpuProgram(std::move(impl)));
}

const CpuEntry *CpuProgram::lookup(StringRef entry) const {
  auto found = impl->find(entry);
  if (found)
    return found->first;
  llvm::consumeError(found.takeError());
  return nullptr;
}

llvm::Expected<SmallVector<SmallVector<int64_t>>>
CpuProgram::getResultShapes(StringRef entry, ArrayRef<CpuTensor> inputs) const {
  auto found = impl->find(entry);
  if (!found)
    return found.takeError();
  if (llvm::Error error = checkTensors("input", found->first->inputs, inputs))
    return error;
  int64_t numSizes = 0;
  for (const CpuTensorType &output : found->first->outputs)
    numSizes += output.type.getRank();
  SmallVector<int64_t> sizes(numSizes);
  found->second.resultSizes(toAbi(inputs).data(), sizes.data());
  SmallVector<SmallVector<int64_t>> shapes;
  ArrayRef<int64_t> rest = sizes;
  for (const CpuTensorType &output : found->first->outputs) {
    shapes.emplace_back(rest.take_front(output.type.getRank()));
    rest = rest.drop_front(output.type.getRank());
  }
  return shapes;
}

llvm::Expected<int64_t> CpuProgram::getWorkspaceSize(StringRef entry, ArrayRef<CpuTensor> inputs,
                                                     int64_t threads) const {
  auto found = impl->find(entry);
  if (!found)
    return found.takeError();
  if (llvm::Error error = checkTensors("input", found->first->inputs, inputs))
    return error;
  return found->second.workspaceSize(toAbi(inputs).data(), threads);
}

llvm::Expected<CpuProgram::RunResult> CpuProgram::run(StringRef entry, ArrayRef<CpuTensor> inputs,
                                                      ArrayRef<CpuTensor> outputs, int64_t threads) {
  auto found = impl->find(entry);
  if (!found)
    return found.takeError();
  if (llvm::Error error = checkTensors("input", found->first->inputs, inputs))
    return error;
  if (llvm::Error error = checkTensors("output", found->first->outputs, outputs))
    return error;
  if (threads < 0)
    return llvm::createStringError("expected a number of threads of at least 0, found " + Twine(threads));
  if (threads == 0)
    threads = llvm::hardware_concurrency().compute_thread_count();
  if (!impl->pool || impl->pool->getNumThreads() != threads)
    impl->pool = std::make_unique<CpuThreadPool>(threads);

  SmallVector<colt5_cpu_tensor> tensors = toAbi(inputs, outputs);
  int64_t bytes = found->second.workspaceSize(tensors.data(), threads);
  if (bytes > impl->workspaceBytes) {
    impl->releaseWorkspace();
    void *memory = ::operator new(bytes, std::align_val_t(COLT5_CPU_WORKSPACE_ALIGNMENT), std::nothrow);
    if (!memory)
      return llvm::createStringError("cannot allocate the workspace of " + Twine(bytes) + " bytes");
    impl->workspace = memory;
    impl->workspaceBytes = bytes;
  }
  double start = now();
  int32_t status =
      found->second.run(tensors.data(), impl->workspace, threads > 1 ? impl->pool->getHook() : nullptr);
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

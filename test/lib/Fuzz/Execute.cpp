// Runs a program on one backend.
#include "Judge.h"

#include "colt5-abi/cpu.h"
#include "colt5/Stages/Table.h"
#include "colt5/Target/Embed/Embed.h"
#include "colt5/Target/Embed/Header.h"
#include "colt5/Tools/Run/Backend.h"
#include "colt5/Tools/Run/EmulatedProgram.h"
#include "colt5/Tools/Run/Inputs.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include <csignal>
#include <dlfcn.h>
#include <thread>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::fuzz;

static func::FuncOp getEntry(ModuleOp module) { return *module.getOps<func::FuncOp>().begin(); }

/// Diagnostics of a scope as one text.
namespace {
struct Collected {
  std::string text;
  ScopedDiagnosticHandler handler;
  explicit Collected(MLIRContext *context)
      : handler(context, [this](Diagnostic &diagnostic) {
          if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
            text += (text.empty() ? "" : "\n") + diagnostic.str();
          return success();
        }) {}
};
} // namespace

Outcome fuzz::runReference(ModuleOp module, const std::vector<HostTensor> &inputs, bool wide) {
  Outcome outcome;
  outcome.backend = "reference";
  Collected diagnostics(module.getContext());
  driver::RunRequest request;
  request.module = module;
  request.entry = getEntry(module);
  request.inputs = inputs;
  request.precision = wide ? driver::Precision::Wide : driver::Precision::Declared;
  request.threads = 1;
  FailureOr<driver::RunOutcome> ran = driver::createReferenceBackend()->run(request);
  if (failed(ran)) {
    outcome.refusal = diagnostics.text.empty() ? "no diagnostic" : diagnostics.text;
    return outcome;
  }
  outcome.results = std::move(ran->results);
  outcome.errorWord = ran->errorWord;
  return outcome;
}

//===----------------------------------------------------------------------===//
// Calls of host code
//===----------------------------------------------------------------------===//

namespace {
constexpr size_t kGuard = 256;
constexpr char kPoison = static_cast<char>(0xFF);

/// Memory with guards on both sides, poisoned.
class Guarded {
public:
  explicit Guarded(size_t size) : size(size), storage(size + 2 * kGuard + 64, kPoison) {
    data = storage.data() + kGuard;
    data += -reinterpret_cast<uintptr_t>(data) % 64;
  }
  bool isIntact() const {
    const char *begin = storage.data(), *end = begin + storage.size();
    auto poisoned = [](const char *from, const char *to) {
      return std::all_of(from, to, [](char c) { return c == kPoison; });
    };
    return poisoned(begin, data) && poisoned(data + size, end);
  }
  char *data;
  size_t size;

private:
  std::vector<char> storage;
};

/// The functions of an entry, wherever they come from.
struct HostFunctions {
  int32_t (*run)(const colt5_cpu_tensor *, void *, const colt5_parallel *);
  int64_t (*workspaceSize)(const colt5_cpu_tensor *, int64_t);
};

void runBackwards(void *, int64_t count, void (*body)(void *, int64_t, int64_t), void *argument) {
  for (int64_t i = count; i-- > 0;)
    body(argument, i, (i * 5 + 1) % 3);
}

void runInThreads(void *, int64_t count, void (*body)(void *, int64_t, int64_t), void *argument) {
  std::vector<std::thread> threads;
  for (int64_t thread = 0; thread < std::min<int64_t>(3, count); ++thread)
    threads.emplace_back([=] {
      for (int64_t i = thread; i < count; i += 3)
        body(argument, i, thread);
    });
  for (std::thread &thread : threads)
    thread.join();
}

const struct {
  const char *name;
  int64_t threads;
  void (*parallelFor)(void *, int64_t, void (*)(void *, int64_t, int64_t), void *);
} kPools[] = {
    {"one thread", 1, nullptr}, {"a reversed pool", 3, runBackwards}, {"three threads", 3, runInThreads}};
} // namespace

/// One call with a pool. Returns what was wrong.
static std::string callOnce(const HostFunctions &functions, ArrayRef<CpuTensor> inputs,
                            std::vector<HostTensor> &results, size_t pool, bool &errorWord) {
  std::vector<Guarded> memory;
  memory.reserve(results.size());
  SmallVector<CpuTensor> outputs;
  for (HostTensor &result : results) {
    memory.emplace_back(result.data.size());
    outputs.push_back({memory.back().data, SmallVector<int64_t>(result.shape)});
  }
  SmallVector<colt5_cpu_tensor> tensors = HostEntries::toAbi(inputs, outputs);
  int64_t bytes = functions.workspaceSize(tensors.data(), kPools[pool].threads);
  if (bytes < 0 || bytes > (int64_t(1) << 32))
    return "workspace of " + std::to_string(bytes) + " bytes";
  Guarded workspace(bytes);
  colt5_parallel hook = {nullptr, kPools[pool].threads, kPools[pool].parallelFor};
  int32_t status = functions.run(tensors.data(), workspace.data, hook.parallel_for ? &hook : nullptr);
  if (plantedHarm == "workspace")
    workspace.data[bytes] = 0;
  if (plantedHarm == "output" && !memory.empty())
    memory.front().data[-1] = 0;
  if (plantedHarm == "input" && !inputs.empty() && inputs.front().data)
    ++*static_cast<char *>(inputs.front().data);
  if (plantedHarm == "order" && pool == 1 && !memory.empty() && memory.front().size)
    ++*memory.front().data;
  std::string where = std::string(" with ") + kPools[pool].name;
  if (status != COLT5_CPU_OK && status != COLT5_CPU_BAD_INDEX)
    return "status " + std::to_string(status) + where;
  errorWord = status == COLT5_CPU_BAD_INDEX;
  if (!workspace.isIntact())
    return "something was written outside of the workspace" + where;
  for (auto [number, guarded] : llvm::enumerate(memory)) {
    if (!guarded.isIntact())
      return "something was written outside of a result" + where;
    results[number].data.assign(guarded.data, guarded.data + guarded.size);
  }
  return "";
}

/// The tensors as compiled code takes them; they stay where they are.
static SmallVector<CpuTensor> describeTensors(std::vector<HostTensor> &tensors) {
  SmallVector<CpuTensor> described;
  for (HostTensor &tensor : tensors)
    described.push_back({tensor.data.data(), SmallVector<int64_t>(tensor.shape)});
  return described;
}

/// Empty results of these types and shapes; nothing, and a failure, where a type has no place in an entry.
static std::vector<HostTensor> makeResults(ArrayRef<Type> types, ArrayRef<SmallVector<int64_t>> shapes,
                                           Outcome &outcome) {
  std::vector<HostTensor> results;
  for (auto [shape, type] : llvm::zip_equal(shapes, types)) {
    auto described = driver::describeType(type, "a result");
    if (!described) {
      outcome.failure = llvm::toString(described.takeError());
      return {};
    }
    results.emplace_back(described->second, shape);
  }
  return results;
}

/// Runs with every pool; all must compute the same bits and leave the inputs alone.
static void callAll(const HostFunctions &functions, ArrayRef<SmallVector<int64_t>> shapes,
                    const std::vector<HostTensor> &inputs, ArrayRef<Type> types, Outcome &outcome) {
  std::vector<HostTensor> copies(inputs);
  SmallVector<CpuTensor> arguments = describeTensors(copies);
  if (plantedHarm == "crash")
    raise(SIGSEGV);
  if (plantedHarm == "hang")
    std::this_thread::sleep_for(std::chrono::hours(1));
  std::vector<HostTensor> results = makeResults(types, shapes, outcome);
  if (!outcome.failure.empty())
    return;
  for (size_t pool = 0; pool < std::size(kPools); ++pool) {
    std::vector<HostTensor> again(results);
    bool errorWord = false;
    outcome.failure = callOnce(functions, arguments, again, pool, errorWord);
    if (!outcome.failure.empty())
      return;
    for (auto [copy, input] : llvm::zip_equal(copies, inputs))
      if (copy.data != input.data) {
        outcome.failure = std::string("an input was written with ") + kPools[pool].name;
        return;
      }
    if (pool == 0) {
      outcome.results = again;
      outcome.errorWord = errorWord;
      continue;
    }
    bool same = errorWord == outcome.errorWord;
    for (auto [a, b] : llvm::zip_equal(again, outcome.results))
      same &= a.data == b.data;
    if (!same) {
      outcome.failure = std::string(kPools[pool].name) + " changes the results";
      return;
    }
  }
}

//===----------------------------------------------------------------------===//
// CPU
//===----------------------------------------------------------------------===//

/// Runs the stages; a diagnostic is a refusal.
static OwningOpRef<ModuleOp> lower(ModuleOp module, const PipelineOptions &options, StringRef stop,
                                   Outcome &outcome) {
  OwningOpRef<ModuleOp> copy(module.clone());
  Collected diagnostics(module.getContext());
  PassManager manager(module.getContext());
  if (failed(buildStages(manager, options, "", stop)) || failed(manager.run(*copy))) {
    outcome.refusal = diagnostics.text.empty() ? "no diagnostic" : diagnostics.text;
    return nullptr;
  }
  return copy;
}

/// Shapes of the results as the program computes them, or a refusal.
static std::optional<SmallVector<SmallVector<int64_t>>>
getShapes(const HostEntries &entries, const std::vector<HostTensor> &inputs, Outcome &outcome) {
  std::vector<HostTensor> copies(inputs);
  auto shapes = entries.getResultShapes("f", describeTensors(copies));
  if (shapes)
    return std::move(*shapes);
  outcome.failure = llvm::toString(shapes.takeError());
  return std::nullopt;
}

Outcome fuzz::runCpu(ModuleOp module, const std::vector<HostTensor> &inputs, int optLevel) {
  Outcome outcome;
  outcome.backend = "cpu";
  SmallVector<Type> types(getEntry(module).getResultTypes());
  CpuOptions cpu;
  cpu.optLevel = optLevel;
  PipelineOptions options;
  FailureOr<const Machine *> machine = findCpuMachine(cpu, [&] { return module.emitError(); });
  if (succeeded(machine))
    options.target.machine = *machine;
  OwningOpRef<ModuleOp> lowered = lower(module, options, "", outcome);
  if (!lowered)
    return outcome;
  Collected diagnostics(module.getContext());
  FailureOr<std::unique_ptr<HostEntries>> entries = HostEntries::compile(*lowered, cpu);
  if (failed(entries)) {
    outcome.refusal = diagnostics.text;
    return outcome;
  }
  auto shapes = getShapes(**entries, inputs, outcome);
  if (!shapes)
    return outcome;
  auto found = llvm::cantFail((*entries)->find("f")).second;
  HostFunctions functions = {reinterpret_cast<decltype(HostFunctions::run)>(found.run),
                             reinterpret_cast<decltype(HostFunctions::workspaceSize)>(found.workspaceSize)};
  callAll(functions, *shapes, inputs, types, outcome);
  return outcome;
}

//===----------------------------------------------------------------------===//
// C source
//===----------------------------------------------------------------------===//

static const char kWrapper[] = R"(
#pragma GCC visibility push(default)
int32_t f_run(const colt5_cpu_tensor *tensors, void *workspace, const colt5_parallel *pool) {
  return host0_f_run(tensors, workspace, pool);
}
void f_result_sizes(const colt5_cpu_tensor *inputs, int64_t *sizes) { host0_f_result_sizes(inputs, sizes); }
int64_t f_workspace_size(const colt5_cpu_tensor *inputs, int64_t threads) {
  return host0_f_workspace_size(inputs, threads);
}
)";

/// The program as one C file.
static llvm::Expected<std::string> writeSource(ModuleOp lowered) {
  EmbedRequest request;
  request.targets.push_back({"cpu", false, lowered});
  request.prefix = "fuzz";
  request.cpu.cpu = getDefaultMachine(MachineKind::CPU).cpu;
  auto entries = getEmbedEntries(request);
  if (!entries)
    return entries.takeError();
  std::string header;
  llvm::raw_string_ostream os(header);
  emitEmbedHeader(request, *entries, request.prefix, os);
  return makeEmbedSource(request, *entries, describeEntries(request, *entries), header);
}

/// Compiles `text` at -O1 to the library `path`; returns what was wrong.
static std::string compileSource(StringRef text, StringRef path) {
  std::string source = (path + ".c").str(), messages = (path + ".txt").str();
  std::error_code error;
  llvm::raw_fd_ostream os(source, error);
  os << text;
  os.close();
  auto compiler = llvm::sys::findProgramByName("cc");
  if (error || !compiler)
    return "no C compiler";
  StringRef arguments[] = {*compiler, "-std=gnu11", "-O1", "-w", "-fPIC", "-shared", source, "-o", path};
  std::optional<StringRef> redirects[] = {std::nullopt, std::nullopt, StringRef(messages)};
  int status = llvm::sys::ExecuteAndWait(*compiler, arguments, std::nullopt, redirects, 120);
  auto said = llvm::MemoryBuffer::getFile(messages);
  std::string result =
      status == 0 ? "" : "cc: " + (said ? (*said)->getBuffer().take_front(500).str() : std::string());
  llvm::sys::fs::remove(source);
  llvm::sys::fs::remove(messages);
  return result;
}

Outcome fuzz::runSource(ModuleOp module, const std::vector<HostTensor> &inputs) {
  Outcome outcome;
  outcome.backend = "source";
  SmallVector<Type> types(getEntry(module).getResultTypes());
  OwningOpRef<ModuleOp> lowered = lower(module, PipelineOptions(), "", outcome);
  if (!lowered)
    return outcome;
  llvm::Expected<std::string> text = writeSource(*lowered);
  if (!text) {
    outcome.refusal = llvm::toString(text.takeError());
    return outcome;
  }
  SmallString<128> path;
  if (llvm::sys::fs::createTemporaryFile("colt5-fuzz", "so", path)) {
    outcome.failure = "no temporary file";
    return outcome;
  }
  outcome.failure = compileSource(*text + kWrapper, path);
  void *library = outcome.failure.empty() ? dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL) : nullptr;
  llvm::sys::fs::remove(path);
  if (!library) {
    if (outcome.failure.empty())
      outcome.failure = "dlopen failed";
    return outcome;
  }
  auto resultSizes =
      reinterpret_cast<void (*)(const colt5_cpu_tensor *, int64_t *)>(dlsym(library, "f_result_sizes"));
  HostFunctions functions = {
      reinterpret_cast<decltype(HostFunctions::run)>(dlsym(library, "f_run")),
      reinterpret_cast<decltype(HostFunctions::workspaceSize)>(dlsym(library, "f_workspace_size"))};
  std::vector<HostTensor> copies(inputs);
  size_t numSizes = 0;
  for (Type type : types)
    numSizes += isa<RankedTensorType>(type) ? cast<RankedTensorType>(type).getRank() : 0;
  std::vector<int64_t> sizes(numSizes);
  // What the C function takes refers to the shapes.
  SmallVector<CpuTensor> arguments = describeTensors(copies);
  resultSizes(HostEntries::toAbi(arguments).data(), sizes.data());
  SmallVector<SmallVector<int64_t>> shapes;
  ArrayRef<int64_t> rest(sizes);
  for (Type type : types) {
    size_t rank = isa<RankedTensorType>(type) ? cast<RankedTensorType>(type).getRank() : 0;
    shapes.emplace_back(rest.take_front(rank));
    rest = rest.drop_front(rank);
  }
  callAll(functions, shapes, inputs, types, outcome);
  dlclose(library);
  return outcome;
}

//===----------------------------------------------------------------------===//
// Emulator
//===----------------------------------------------------------------------===//

Outcome fuzz::runEmulator(ModuleOp module, const std::vector<HostTensor> &inputs,
                          const Backends::Emulator &emulator) {
  Outcome outcome;
  outcome.backend = "emulator " + emulator.chip.str();
  SmallVector<Type> types(getEntry(module).getResultTypes());
  PipelineOptions options;
  options.target = *symbolizeTarget(emulator.chip);
  OwningOpRef<ModuleOp> lowered = lower(module, options, "nvvm", outcome);
  if (!lowered)
    return outcome;
  EmulatorOptions how;
  how.hostThreads = 1;
  how.seed = emulator.seed;
  Collected diagnostics(module.getContext());
  auto program = driver::EmulatedProgram::compile(*lowered, how);
  if (failed(program)) {
    outcome.refusal = diagnostics.text;
    return outcome;
  }
  auto shapes = getShapes((*program)->getEntries(), inputs, outcome);
  if (!shapes)
    return outcome;
  outcome.results = makeResults(types, *shapes, outcome);
  if (!outcome.failure.empty())
    return outcome;
  std::vector<HostTensor> copies(inputs);
  auto ran = (*program)->run("f", describeTensors(copies), describeTensors(outcome.results));
  if (!ran)
    outcome.failure = llvm::toString(ran.takeError());
  else
    outcome.errorWord = ran->badIndex;
  return outcome;
}

#include "Device/Runtime.h"
#include "Rewrite/RuntimeCalls.h"
#include "colt5/Emulator/Passes.h"
#include "colt5/Target/CPU/Object.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"
#include <thread>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::emulator;

StringRef mlir::colt5::stringify(EmulatorErrorKind kind) {
  switch (kind) {
  case EmulatorErrorKind::OutOfBounds:
    return "out of bounds";
  case EmulatorErrorKind::Misaligned:
    return "misaligned";
  case EmulatorErrorKind::Uninitialized:
    return "uninitialized";
  case EmulatorErrorKind::Race:
    return "race";
  case EmulatorErrorKind::DivergentCollective:
    return "divergent collective";
  case EmulatorErrorKind::Deadlock:
    return "deadlock";
  case EmulatorErrorKind::AsyncNotAwaited:
    return "asynchronous copy not awaited";
  case EmulatorErrorKind::BadOperand:
    return "bad operand";
  }
  llvm_unreachable("unknown kind");
}

std::string EmulatorFinding::str() const {
  auto triple = [](const std::array<uint32_t, 3> &v) {
    return "(" + std::to_string(v[0]) + ", " + std::to_string(v[1]) + ", " + std::to_string(v[2]) + ")";
  };
  return stringify(kind).str() + ": kernel '" + kernel + "', block " + triple(block) + ", thread " +
         triple(thread) + ": " + where + ": " + message;
}

struct EmulatedModule::Impl {
  EmulatorOptions options;
  std::unique_ptr<llvm::orc::LLJIT> jit;
  llvm::MapVector<StringRef, Kernel, llvm::StringMap<unsigned>> kernels;
  std::vector<SharedVariable> shared;
  std::vector<std::string> sites;
  std::vector<std::unique_ptr<Buffer>> buffers;
  struct HostMemory {
    std::string name;
    const char *data;
    uint64_t bytes;
  };
  std::vector<HostMemory> hostMemory;
  std::vector<std::unique_ptr<Worker>> workers;
  OwningOpRef<ModuleOp> module;
  void *slowLoad = nullptr, *slowStore = nullptr;
  /// Serial number of the next block; grows over all launches.
  uint32_t nextSerial = 1;

  llvm::Error compile();
  void read(DictionaryAttr summary);
  llvm::Error link(DictionaryAttr summary);
  void layout(Launch &launch, uint32_t dynamicBytes);
  /// What a kernel would find at an address; empty for a buffer, its end and null.
  std::string findForeign(const char *address) const;
  void runClusters(Launch &launch, uint64_t clusters);
  void addBuffer(StringRef name, void *data, uint64_t bytes, bool initialized, unsigned granule) {
    buffers.push_back(
        std::make_unique<Buffer>(Buffer{name.str(), static_cast<char *>(data), bytes, {}, false}));
    unsigned finest = llvm::Log2_32(std::min(std::max(granule, 1u), 4u));
    buffers.back()->shadow.reset(bytes, /*coarsest=*/2, finest, initialized);
  }
};

static SmallVector<int64_t> integers(Attribute array) {
  SmallVector<int64_t> result;
  for (Attribute value : cast<ArrayAttr>(array))
    result.push_back(cast<IntegerAttr>(value).getInt());
  return result;
}

void EmulatedModule::Impl::read(DictionaryAttr summary) {
  for (Attribute variable : summary.getAs<ArrayAttr>("shared")) {
    SmallVector<int64_t> values = integers(variable);
    shared.push_back({uint32_t(values[0]), uint32_t(values[1]), values[2] != 0});
  }
  for (Attribute site : summary.getAs<ArrayAttr>("sites"))
    sites.push_back(cast<StringAttr>(site).str());
  for (NamedAttribute entry : summary.getAs<DictionaryAttr>("kernels")) {
    auto description = cast<DictionaryAttr>(entry.getValue());
    Kernel &kernel = kernels[entry.getName().getValue()];
    for (int64_t bytes : integers(description.get("params")))
      kernel.paramBytes.push_back(bytes);
    for (int64_t isPointer : integers(description.get("pointers")))
      kernel.paramIsPointer.push_back(isPointer);
    for (int64_t variable : integers(description.get("shared")))
      kernel.shared.push_back(variable);
  }
}

llvm::Error EmulatedModule::Impl::compile() {
  CpuOptions cpu;
  cpu.optLevel = 2;
  auto machine = createCpuTargetMachine(cpu, [&] { return module->emitError(); });
  llvm::LLVMContext context;
  auto llvmModule = machine ? translateToOptimizedLLVMIR(*module, cpu, *machine, context) : nullptr;
  if (!llvmModule)
    return llvm::createStringError("the kernels do not translate to host code");
  // LLVM would clear the upper halves of vector registers at the end of a function that has just restored
  // them.
  std::string features = machine->getTargetFeatureString().str();
  for (llvm::Function &function : *llvmModule)
    if (!function.isDeclaration() && function.getCallingConv() == llvm::CallingConv::PreserveAll)
      function.addFnAttr("target-features", features + (features.empty() ? "" : ",") + "-vzeroupper");
  SmallVector<char, 0> object;
  llvm::raw_svector_ostream os(object);
  llvm::legacy::PassManager passes;
  if (machine->addPassesToEmitFile(passes, os, nullptr, llvm::CodeGenFileType::ObjectFile))
    return llvm::createStringError("LLVM writes no object code for this machine");
  passes.run(*llvmModule);
  auto created = llvm::orc::LLJITBuilder().setPlatformSetUp(llvm::orc::setUpInactivePlatform).create();
  if (!created)
    return created.takeError();
  jit = std::move(*created);
  SymbolMap runtime;
  addShadowSymbols(runtime);
  addMemorySymbols(runtime);
  addAtomicSymbols(runtime);
  addClusterSymbols(runtime);
  addWgmmaSymbols(runtime);
  addThreadSymbols(runtime);
  addWarpSymbols(runtime);
  addMathSymbols(runtime);
  addMBarrierSymbols(runtime);
  addBulkSymbols(runtime);
  llvm::orc::SymbolMap symbols;
  for (auto &entry : runtime)
    symbols[jit->mangleAndIntern(entry.getKey())] = {llvm::orc::ExecutorAddr::fromPtr(entry.getValue()),
                                                     llvm::JITSymbolFlags::Exported};
  if (llvm::Error error = jit->getMainJITDylib().define(llvm::orc::absoluteSymbols(std::move(symbols))))
    return error;
  return jit->addObjectFile(
      llvm::MemoryBuffer::getMemBufferCopy(StringRef(object.data(), object.size()), "kernels"));
}

llvm::Error EmulatedModule::Impl::link(DictionaryAttr summary) {
  for (auto &[name, kernel] : kernels) {
    auto entry = jit->lookup((kEntryPrefix + name).str());
    if (!entry)
      return entry.takeError();
    kernel.entry = entry->toPtr<void (*)(ThreadHead *, void **)>();
  }
  for (auto [name, function] :
       {std::pair("colt5_emu_slow_load", &slowLoad), {"colt5_emu_slow_store", &slowStore}}) {
    auto address = jit->lookup(name);
    if (!address)
      return address.takeError();
    *function = address->toPtr<void *>();
  }
  for (Attribute attribute : summary.getAs<ArrayAttr>("globals")) {
    auto global = cast<DictionaryAttr>(attribute);
    StringRef name = global.getAs<StringAttr>("name").getValue();
    auto address = jit->lookup(name);
    if (!address)
      return address.takeError();
    uint64_t bytes = global.getAs<IntegerAttr>("bytes").getInt();
    addBuffer(name, address->toPtr<char *>(), bytes, /*initialized=*/true, 1);
    buffers.back()->readOnly = global.getAs<BoolAttr>("constant").getValue();
  }
  return llvm::Error::success();
}

EmulatedModule::EmulatedModule(std::unique_ptr<Impl> impl) : impl(std::move(impl)) {}
EmulatedModule::~EmulatedModule() = default;

FailureOr<std::unique_ptr<EmulatedModule>> EmulatedModule::create(ModuleOp module,
                                                                  const EmulatorOptions &options) {
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  impl->module = module.clone();
  PassManager passes = PassManager::on<ModuleOp>(module.getContext());
  passes.addPass(createColt5EmulateNVVMPass());
  if (failed(passes.run(*impl->module)))
    return failure();
  auto summary = (*impl->module)->getAttrOfType<DictionaryAttr>(kEmulatedAttr);
  (*impl->module)->removeAttr(kEmulatedAttr);
  impl->read(summary);
  llvm::Error error = impl->compile();
  if (!error)
    error = impl->link(summary);
  if (error)
    return module.emitError("the emulator cannot compile the kernels: ") << llvm::toString(std::move(error));
  return std::unique_ptr<EmulatedModule>(new EmulatedModule(std::move(impl)));
}

SmallVector<StringRef> EmulatedModule::getKernels() const {
  return llvm::to_vector(llvm::make_first_range(impl->kernels));
}

void EmulatedModule::addBuffer(StringRef name, void *data, uint64_t bytes, bool initialized,
                               unsigned granule) {
  impl->addBuffer(name, data, bytes, initialized, granule);
}

void EmulatedModule::removeBuffer(void *data) {
  llvm::erase_if(impl->buffers, [&](const auto &buffer) { return buffer->data == data; });
}

void EmulatedModule::addHostMemory(StringRef name, const void *data, uint64_t bytes) {
  impl->hostMemory.push_back({name.str(), static_cast<const char *>(data), bytes});
}

void EmulatedModule::removeHostMemory() { impl->hostMemory.clear(); }

std::string EmulatedModule::Impl::findForeign(const char *address) const {
  if (!address)
    return "";
  for (const auto &buffer : buffers)
    if (address >= buffer->data && address <= buffer->data + buffer->bytes)
      return "";
  for (const HostMemory &memory : hostMemory)
    if (address >= memory.data && address < memory.data + std::max<uint64_t>(memory.bytes, 1))
      return "'" + memory.name + "' in the memory of the host";
  return "an address that is in no memory of the device";
}

uint64_t EmulatedModule::getUnwrittenBytes(const void *data) const {
  for (const auto &buffer : impl->buffers)
    if (buffer->data == data)
      return buffer->shadow.countUnwritten();
  return 0;
}

/// Places the kernel's variables one after the other, the dynamic one last.
void EmulatedModule::Impl::layout(Launch &launch, uint32_t dynamicBytes) {
  launch.sharedOffsets.assign(shared.size(), 0);
  uint32_t next = 0, align = 16;
  for (uint32_t variable : launch.kernel->shared) {
    if (shared[variable].dynamic) {
      align = std::max(align, shared[variable].align);
      continue;
    }
    next = llvm::alignTo(next, shared[variable].align);
    launch.sharedOffsets[variable] = next;
    launch.sharedRanges.push_back({next, next + shared[variable].bytes});
    next += shared[variable].bytes + kSharedGap;
  }
  next = llvm::alignTo(next, align);
  for (uint32_t variable : launch.kernel->shared)
    if (shared[variable].dynamic)
      launch.sharedOffsets[variable] = next;
  launch.sharedRanges.push_back({next, next + dynamicBytes});
  launch.sharedBytes = next + dynamicBytes;
}

void EmulatedModule::Impl::runClusters(Launch &launch, uint64_t clusters) {
  unsigned threads =
      options.hostThreads ? options.hostThreads : std::max(std::thread::hardware_concurrency(), 1u);
  threads = std::min<uint64_t>(threads, clusters);
  while (workers.size() < threads)
    workers.push_back(std::make_unique<Worker>());
  std::atomic<uint64_t> next{0};
  auto work = [&](Worker &worker) {
    prepareWorker(worker, launch);
    for (uint64_t number = next++; number < clusters && number < launch.firstBad; number = next++)
      runCluster(worker, launch, number);
    worker.stacks.release();
  };
  std::vector<std::thread> helpers;
  for (unsigned i = 1; i < threads; ++i)
    helpers.emplace_back([&, i] { work(*workers[i]); });
  work(*workers[0]);
  for (std::thread &helper : helpers)
    helper.join();
}

LogicalResult EmulatedModule::launch(StringRef name, const EmulatorLaunch &request, EmulatorReport &report,
                                     std::string &error) {
  auto reject = [&](const Twine &message) {
    error = ("launch of '" + name + "': " + message).str();
    return failure();
  };
  auto found = impl->kernels.find(name);
  if (found == impl->kernels.end()) {
    std::string known = llvm::join(getKernels(), ", ");
    return reject("no such kernel; the module has " + known);
  }
  const Kernel &kernel = found->second;
  uint64_t blocks = uint64_t(request.grid[0]) * request.grid[1] * request.grid[2];
  uint64_t threads = uint64_t(request.block[0]) * request.block[1] * request.block[2];
  if (threads < 1 || threads > kMaxThreads)
    return reject("expected a block of 1 to " + Twine(kMaxThreads) + " threads, found " + Twine(threads));
  for (unsigned d = 0; d < 3; ++d)
    if (uint64_t most = d ? 65535 : INT32_MAX; request.grid[d] < 1 || request.grid[d] > most)
      return reject("expected 1 to " + Twine(most) + " blocks in dimension " + Twine(d) +
                    " of the grid, found " + Twine(request.grid[d]));
  uint64_t clusterBlocks = 1;
  for (unsigned d = 0; d < 3; ++d) {
    clusterBlocks *= request.cluster[d];
    if (!request.cluster[d] || request.grid[d] % request.cluster[d])
      return reject("expected a grid that is a multiple of the cluster in dimension " + Twine(d) +
                    ", found " + Twine(request.grid[d]) + " and " + Twine(request.cluster[d]));
  }
  if (clusterBlocks > kMaxClusterBlocks)
    return reject("expected a cluster of at most " + Twine(kMaxClusterBlocks) + " blocks, found " +
                  Twine(clusterBlocks));
  if (blocks > kMaxBlocks)
    return reject("expected at most " + Twine(kMaxBlocks) + " blocks, found " + Twine(blocks));
  if (request.arguments.size() != kernel.paramBytes.size())
    return reject("expected " + Twine(kernel.paramBytes.size()) + " arguments, found " +
                  Twine(request.arguments.size()));
  Launch launch;
  launch.name = name.str();
  launch.kernel = &kernel;
  launch.request = &request;
  launch.options = impl->options;
  launch.sites = impl->sites;
  launch.numThreads = threads;
  launch.clusterBlocks = clusterBlocks;
  launch.slowLoad = impl->slowLoad;
  launch.slowStore = impl->slowStore;
  // Parameters that are passed by value are memory that kernels read through pointers.
  std::vector<char> memory(128);
  std::vector<uint64_t> offsets;
  for (auto [i, argument, bytes] : llvm::enumerate(request.arguments, kernel.paramBytes)) {
    if (argument.size() != bytes)
      return reject("argument " + Twine(i) + ": expected " + Twine(bytes) + " bytes, found " +
                    Twine(argument.size()));
    const char *address = nullptr;
    if (kernel.paramIsPointer[i])
      memcpy(&address, argument.data(), sizeof(address));
    if (std::string found = impl->findForeign(address); !found.empty())
      return reject("argument " + Twine(i) + ": expected memory of the device, found " + found);
    offsets.push_back(llvm::alignTo(memory.size(), 128));
    memory.resize(offsets.back() + bytes + 128);
  }
  memory.resize(memory.size() + 128);
  char *base = reinterpret_cast<char *>(llvm::alignTo(uintptr_t(memory.data()), 128));
  uint64_t size = memory.size() - 128;
  // Only what is an argument may be read.
  std::vector<std::pair<uint32_t, uint32_t>> ranges;
  for (auto [offset, argument] : llvm::zip(offsets, request.arguments)) {
    std::copy(argument.begin(), argument.end(), base + offset);
    launch.params.push_back(base + offset);
    ranges.push_back({uint32_t(offset), uint32_t(offset + argument.size())});
  }
  Buffer parameters{"parameters", base, size, {}, /*readOnly=*/true};
  parameters.shadow.hasGaps = true;
  parameters.shadow.variables = ranges;
  parameters.shadow.reset(size, 0, 0, /*initialized=*/true);
  impl->layout(launch, request.dynamicSharedBytes);
  uint64_t gaps = kernel.shared.size() * kSharedGap;
  if (launch.sharedBytes > kMaxSharedBytes + gaps)
    return reject("expected at most " + Twine(kMaxSharedBytes) + " bytes of shared memory, found " +
                  Twine(launch.sharedBytes - gaps));
  // Moments have room for this many blocks; then everything begins anew.
  if (impl->nextSerial + blocks + kMaxClusterBlocks >= kMaxSerial) {
    impl->nextSerial = 1;
    for (auto &buffer : impl->buffers)
      buffer->shadow.forgetTimes();
  }
  launch.firstSerial = impl->nextSerial;
  impl->nextSerial += blocks;
  for (auto &buffer : impl->buffers)
    launch.buffers.push_back(buffer.get());
  launch.buffers.push_back(&parameters);
  impl->runClusters(launch, blocks / clusterBlocks);
  report.blocks += blocks;
  report.findings.append(launch.findings.begin(), launch.findings.end());
  return success(launch.findings.empty());
}

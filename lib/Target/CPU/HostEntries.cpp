#include "colt5/Target/CPU/HostEntries.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"

using namespace mlir;
using namespace mlir::colt5;

static std::string formatShape(ArrayRef<int64_t> shape) {
  if (shape.empty())
    return "scalar";
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleave(
      shape, os, [&](int64_t size) { ShapedType::isDynamic(size) ? os << '?' : os << size; }, "x");
  return text;
}

llvm::Error HostEntries::check(StringRef what, ArrayRef<CpuTensorType> types, ArrayRef<CpuTensor> tensors) {
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
  return what == "input" ? checkNamedSizes(types, tensors) : llvm::Error::success();
}

/// The value of a scalar of an integer type.
static int64_t readScalar(Type type, const void *data) {
  if (type.isInteger(32))
    return *static_cast<const int32_t *>(data);
  return *static_cast<const int64_t *>(data);
}

llvm::Error HostEntries::checkNamedSizes(ArrayRef<CpuTensorType> types, ArrayRef<CpuTensor> tensors) {
  llvm::StringMap<std::pair<int64_t, std::string>> known;
  auto compare = [&](StringRef name, int64_t found, const Twine &place) -> llvm::Error {
    if (name.empty())
      return llvm::Error::success();
    auto [first, isFirst] = known.try_emplace(name, found, place.str());
    if (isFirst || first->second.first == found)
      return llvm::Error::success();
    return llvm::createStringError(place + ": expected " + Twine(first->second.first) + ", the size '" +
                                   name + "' of " + first->second.second + ", found " + Twine(found));
  };
  for (auto [index, type, tensor] : llvm::enumerate(types, tensors)) {
    std::string place = "input #" + std::to_string(index) + " ('" + type.name + "')";
    for (auto [dim, name] :
         llvm::enumerate(type.type.getRank() ? ArrayRef(type.sizeNames) : ArrayRef<std::string>()))
      if (llvm::Error error = compare(name, tensor.shape[dim], place + ", dimension " + Twine(dim)))
        return error;
    bool isSize = type.scalarValue || !type.sizeNames.empty();
    if (type.type.getRank() || !isSize)
      continue;
    int64_t value = readScalar(type.type.getElementType(), tensor.data);
    if (type.scalarValue && value != *type.scalarValue)
      return llvm::createStringError(place + ": expected " + Twine(*type.scalarValue) + ", found " +
                                     Twine(value));
    if (value < 0)
      return llvm::createStringError(place + ": expected a size, 0 or more, found " + Twine(value));
    if (!type.sizeNames.empty())
      if (llvm::Error error = compare(type.sizeNames.front(), value, place))
        return error;
  }
  return llvm::Error::success();
}

llvm::Error HostEntries::checkWorkspace(StringRef entry, int64_t bytes) {
  if (bytes >= 0)
    return llvm::Error::success();
  if (bytes == COLT5_CPU_NO_WORKSPACE)
    return llvm::createStringError("'" + entry +
                                   "': expected inputs of the sizes that the function computes from " +
                                   "others, found other sizes or a negative one");
  return llvm::createStringError("'" + entry + "': the workspace of these sizes has more than 2^63 bytes");
}

SmallVector<colt5_cpu_tensor> HostEntries::toAbi(ArrayRef<CpuTensor> inputs, ArrayRef<CpuTensor> outputs) {
  SmallVector<colt5_cpu_tensor> result;
  for (ArrayRef<CpuTensor> tensors : {inputs, outputs})
    for (const CpuTensor &tensor : tensors)
      result.push_back({tensor.data, tensor.shape.data(), nullptr});
  return result;
}

struct HostEntries::Impl {
  std::unique_ptr<llvm::orc::LLJIT> jit;
  SmallVector<CpuEntry> entries;
  llvm::StringMap<Functions> functions;

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
      functions[entry.name] = {run->toPtr<void *>(),
                               resultSizes->toPtr<void (*)(const colt5_cpu_tensor *, int64_t *)>(),
                               workspaceSize->toPtr<void *>()};
    }
    return llvm::Error::success();
  }
};

HostEntries::HostEntries(std::unique_ptr<Impl> impl) : impl(std::move(impl)) {}
HostEntries::~HostEntries() = default;

FailureOr<std::unique_ptr<HostEntries>> HostEntries::compile(ModuleOp module, const CpuOptions &options) {
  auto impl = std::make_unique<Impl>();
  impl->entries = getCpuEntries(module);
  if (impl->entries.empty())
    return module.emitError("expected a module with C entries and at least one public function, found none");
  OwningOpRef<ModuleOp> host;
  if (!module.getOps<gpu::GPUModuleOp>().empty()) {
    host = module.clone();
    for (auto device : llvm::make_early_inc_range(host->getOps<gpu::GPUModuleOp>()))
      device.erase();
    (*host)->removeAttr(gpu::GPUDialect::getContainerModuleAttrName());
    module = *host;
  }
  SmallVector<char, 0> object;
  llvm::raw_svector_ostream os(object);
  if (failed(emitCpuCode(module, options, CpuFormat::Object, os)))
    return failure();
  if (llvm::Error error = impl->load(StringRef(object.data(), object.size())))
    return module.emitError("loading the compiled code failed: ") << llvm::toString(std::move(error));
  return std::unique_ptr<HostEntries>(new HostEntries(std::move(impl)));
}

llvm::Expected<std::pair<const CpuEntry *, HostEntries::Functions>> HostEntries::find(StringRef name) const {
  const auto *entry = llvm::find_if(impl->entries, [&](const CpuEntry &e) { return e.name == name; });
  if (entry != impl->entries.end())
    return std::make_pair(entry, impl->functions.lookup(name));
  std::string known;
  for (const CpuEntry &e : impl->entries)
    known += (known.empty() ? "'" : ", '") + e.name + "'";
  return llvm::createStringError("no function '" + name + "' in this program; it has " +
                                 (known.empty() ? "none" : known));
}

llvm::Expected<SmallVector<SmallVector<int64_t>>>
HostEntries::getResultShapes(StringRef name, ArrayRef<CpuTensor> inputs) const {
  auto found = find(name);
  if (!found)
    return found.takeError();
  if (llvm::Error error = check("input", found->first->inputs, inputs))
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

// The bytes of a bundle. lib/Runtime/Decode.c reads them.
#include "Bundle.h"
#include "CpuFeatures.h"
#include "HostCpu.h"
#include "colt5/Target/Embed/Embed.h"
#include "colt5/Target/GPU/GpuCode.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/Target/TargetMachine.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// Writes one section front to back.
class Writer {
public:
  template <typename T> void add(T value) {
    bytes.append(reinterpret_cast<const char *>(&value), sizeof(value));
  }
  void addText(StringRef text) {
    add<uint32_t>(text.size() + 1);
    bytes += text;
    bytes += '\0';
  }
  std::string bytes;
};

struct Section {
  uint32_t kind, index, detail;
  std::string bytes;
};
} // namespace

static std::string writeSignature(const EmbedEntry &entry) {
  Writer writer;
  writer.addText(entry.entry.name);
  writer.add<uint32_t>(entry.entry.inputs.size());
  writer.add<uint32_t>(entry.entry.outputs.size());
  writer.add<uint32_t>(entry.symbols.size());
  for (const std::string &symbol : entry.symbols)
    writer.addText(symbol);
  SmallVector<CpuTensorType> types(entry.entry.inputs);
  types.append(entry.entry.outputs);
  for (auto [type, name, sizes] : llvm::zip_equal(types, entry.arguments, entry.sizes)) {
    writer.addText(name);
    writer.add<int32_t>(type.getElement().abiType);
    writer.add<uint32_t>(type.type.getRank());
    writer.add<uint32_t>(type.isScalar);
    writer.add<uint32_t>(sizes.size());
    for (int64_t size : sizes)
      writer.add<int64_t>(size);
  }
  return std::move(writer.bytes);
}

uint64_t colt5::getCpuFeatures(const llvm::TargetMachine &machine) {
  uint64_t features = 0;
  if (!machine.getTargetTriple().isX86())
    return features;
  for (unsigned i = 0; i < COLT5_NUM_CPU_FEATURES; ++i)
    if (machine.getMCSubtargetInfo()->checkFeatures(std::string("+") + colt5_cpu_features[i].name))
      features |= uint64_t(1) << i;
  return features;
}

static llvm::Expected<std::string> writeTarget(const EmbedTarget &target, uint64_t features,
                                               ArrayRef<KernelReport> kernels) {
  Writer writer;
  writer.addText(target.name);
  writer.add<int32_t>(target.isGPU ? COLT5_ON_CUDA : COLT5_ON_HOST);
  writer.add<uint64_t>(features);
  writer.add<uint32_t>(kernels.size());
  for (auto [number, kernel] : llvm::enumerate(kernels)) {
    if (kernel.number != static_cast<int64_t>(number))
      return llvm::createStringError("target " + target.name + ": expected kernel number " + Twine(number) +
                                     ", found " + Twine(kernel.number) + ", '" + kernel.name + "'");
    writer.addText(kernel.name);
    for (uint32_t size : kernel.block)
      writer.add(size);
    for (uint32_t size : kernel.cluster)
      writer.add(size);
    writer.add<uint32_t>(kernel.dynamicSharedBytes);
    writer.add<int32_t>(kernel.registers.value_or(-1));
    writer.add<int32_t>(kernel.staticSharedBytes);
    writer.add<int32_t>(kernel.spillBytes.value_or(-1));
    writer.add<uint32_t>(kernel.parameters.size());
    for (uint32_t bytes : kernel.parameters) {
      writer.add<uint32_t>(COLT5_GPU_VALUE);
      writer.add<uint32_t>(bytes);
    }
  }
  return std::move(writer.bytes);
}

static uint32_t getImageDetail(uint32_t kind, const Machine &chip) {
  return kind | static_cast<uint32_t>(chip.capability) << 8 |
         static_cast<uint32_t>(chip.isArchSpecific ? 'a' : 0) << 24;
}

/// The header, its entries, the sections.
static std::string pack(ArrayRef<Section> sections, uint32_t numTargets) {
  auto align = [](uint64_t offset) { return llvm::alignTo(offset, COLT5_BUNDLE_ALIGNMENT); };
  colt5_bundle_header header = {};
  llvm::copy(StringRef(COLT5_BUNDLE_MAGIC), header.magic);
  header.format = COLT5_BUNDLE_FORMAT;
  header.header_bytes = sizeof(header) + sections.size() * sizeof(colt5_bundle_section) + sizeof(uint64_t);
  llvm::copy(getEmbedVersion().take_front(sizeof(header.version) - 1), header.version);
  header.num_sections = sections.size();
  header.num_targets = numTargets;
  Writer entries;
  uint64_t end = header.header_bytes;
  for (const Section &section : sections) {
    uint64_t hash = colt5_bundle_hash(section.bytes.data(), section.bytes.size());
    uint64_t offset = align(end);
    entries.add(colt5_bundle_section{section.kind, section.index, section.detail, 0, offset,
                                     section.bytes.size(), hash});
    end = offset + section.bytes.size();
  }
  header.total_bytes = end;
  Writer result;
  result.add(header);
  result.bytes += entries.bytes;
  result.add(colt5_bundle_hash(result.bytes.data(), result.bytes.size()));
  for (const Section &section : sections) {
    result.bytes.resize(align(result.bytes.size()));
    result.bytes += section.bytes;
  }
  return std::move(result.bytes);
}

llvm::Expected<std::string> colt5::makeBundle(const EmbedRequest &request, ArrayRef<EmbedEntry> entries) {
  std::vector<Section> sections;
  for (auto [i, entry] : llvm::enumerate(entries))
    sections.push_back({COLT5_SECTION_SIGNATURE, static_cast<uint32_t>(i), 0, writeSignature(entry)});
  for (auto [i, target] : llvm::enumerate(request.targets)) {
    uint32_t index = i;
    ModuleOp module = target.module;
    uint64_t features = 0;
    if (needsRequestedCpu(target)) {
      auto machine = createCpuTargetMachine(request.cpu, [&] { return module.emitError(); });
      if (!machine)
        return llvm::createStringError("no code generator for target " + target.name);
      features = getCpuFeatures(*machine);
    }
    if (!target.isGPU) {
      llvm::Expected<std::string> bytes = writeTarget(target, features, {});
      if (!bytes)
        return bytes.takeError();
      sections.push_back({COLT5_SECTION_TARGET, index, 0, std::move(*bytes)});
      continue;
    }
    FailureOr<GpuCode> code = getGpuCode(module);
    if (failed(code))
      return llvm::createStringError("target " + target.name + ": its GPU code cannot be read");
    llvm::Expected<std::string> bytes = writeTarget(target, features, code->kernels);
    if (!bytes)
      return bytes.takeError();
    sections.push_back({COLT5_SECTION_TARGET, index, 0, std::move(*bytes)});
    // PTX ends with the zero that the driver looks for.
    if (!code->cubin.empty())
      sections.push_back(
          {COLT5_SECTION_IMAGE, index, getImageDetail(COLT5_GPU_CUBIN, *code->chip), code->cubin.str()});
    if (!code->ptx.empty() && (code->cubin.empty() || request.ptxFallback))
      sections.push_back({COLT5_SECTION_IMAGE, index, getImageDetail(COLT5_GPU_PTX, *code->chip),
                          code->ptx.str() + std::string(1, '\0')});
  }
  if (sections.size() > COLT5_BUNDLE_MAX_SECTIONS)
    return llvm::createStringError("expected at most " + Twine(COLT5_BUNDLE_MAX_SECTIONS) +
                                   " signatures, targets and images, found " + Twine(sections.size()));
  return pack(sections, request.targets.size());
}

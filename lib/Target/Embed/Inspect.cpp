// What the bundles in a file hold, for people.
#include "Bundle.h"
#include "colt5/Support/ElementKind.h"
#include "colt5/Target/Embed/Embed.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace mlir::colt5;

static void printArgument(const colt5_signature &signature, uint32_t index, llvm::raw_ostream &os) {
  const colt5_argument &argument = signature.arguments[index];
  os << "  " << (index < signature.num_inputs ? "input  " : "output ") << argument.name << ": ";
  auto printSize = [&](int64_t size) {
    if (size < 0)
      os << signature.symbols[-1 - size];
    else
      os << size;
  };
  for (int32_t dim = 0; dim < argument.rank; ++dim) {
    printSize(argument.sizes[dim]);
    os << " x ";
  }
  os << getAbiName(argument.type);
  if (!argument.rank && argument.sizes) {
    os << " = ";
    printSize(argument.sizes[0]);
  }
  os << "\n";
}

static void printNumber(int64_t value, int width, llvm::raw_ostream &os) {
  os << llvm::right_justify(value < 0 ? "-" : std::to_string(value), width);
}

static void printTarget(const colt5_target &target, llvm::raw_ostream &os) {
  os << "target " << target.name << "\n";
  std::string features;
  for (unsigned i = 0; i < COLT5_NUM_CPU_FEATURES; ++i)
    if (target.features >> i & 1)
      features += std::string(" ") + colt5_cpu_features[i].name;
  if (!features.empty())
    os << "  needs" << features << "\n";
  if (target.program.num_kernels)
    os << "  registers  shared static  dynamic  spills  threads  kernel\n";
  for (uint32_t i = 0; i < target.program.num_kernels; ++i) {
    const colt5_gpu_kernel &kernel = target.program.kernels[i];
    const colt5_kernel_usage &usage = target.usage[i];
    printNumber(usage.registers, 11, os);
    printNumber(usage.static_shared_bytes, 15, os);
    printNumber(kernel.dynamic_shared_bytes, 9, os);
    printNumber(usage.spill_bytes, 8, os);
    printNumber(int64_t(kernel.block[0]) * kernel.block[1] * kernel.block[2], 9, os);
    os << "  " << kernel.name << "\n";
  }
}

static void printSection(const colt5_bundle_section &section, const colt5_bundle &bundle,
                         llvm::raw_ostream &os) {
  os << "  " << llvm::format_hex_no_prefix(section.hash, 16) << llvm::format("%10llu  ", section.bytes);
  if (section.kind == COLT5_SECTION_SIGNATURE) {
    os << "signature\n";
    return;
  }
  if (section.kind == COLT5_SECTION_TARGET) {
    os << "target\n";
    return;
  }
  static const char *const kKinds[] = {"cubin", "PTX", "fatbin"};
  os << kKinds[(section.detail & 0xff) % COLT5_GPU_NUM_IMAGE_KINDS] << " of target "
     << bundle.targets[section.index].name << "\n";
}

static llvm::Error inspectBundle(StringRef bytes, llvm::raw_ostream &os) {
  colt5_bundle bundle;
  auto close = llvm::make_scope_exit([&] { colt5_bundle_close(&bundle); });
  std::string version = getEmbedVersion().str();
  if (colt5_bundle_open(bytes.data(), bytes.size(), version.c_str(), &bundle))
    return llvm::createStringError(colt5_gpu_message());
  os << "bundle of format " << bundle.header.format << ", colt5 " << version << ", " << bytes.size()
     << " bytes\n";
  for (uint32_t i = 0; i < bundle.num_entries; ++i) {
    const colt5_signature &signature = bundle.signatures[i];
    os << "function @" << signature.name << "\n";
    for (uint32_t k = 0; k < signature.num_inputs + signature.num_outputs; ++k)
      printArgument(signature, k, os);
  }
  for (uint32_t i = 0; i < bundle.header.num_targets; ++i)
    printTarget(bundle.targets[i], os);
  os << "sections\n  hash                  bytes  what\n";
  for (uint32_t i = 0; i < bundle.header.num_sections; ++i)
    printSection(colt5_bundle_get_section(bytes.data(), i), bundle, os);
  return llvm::Error::success();
}

llvm::Error colt5::inspectBundles(StringRef file, llvm::raw_ostream &os) {
  bool isFirst = true;
  // Programs that handle bundles, such as the runtime in an artefact, hold the magic too, but no header
  // behind it.
  for (size_t at = 0; (at = file.find(COLT5_BUNDLE_MAGIC, at)) != StringRef::npos; ++at) {
    colt5_bundle_header header;
    if (file.size() - at < sizeof(header))
      break;
    memcpy(&header, file.data() + at, sizeof(header));
    if (header.format > 0xffff || header.header_bytes > (1u << 20) || header.header_bytes < sizeof(header))
      continue;
    if (!isFirst)
      os << "\n";
    isFirst = false;
    if (llvm::Error error = inspectBundle(file.substr(at, header.total_bytes), os))
      return error;
  }
  if (isFirst)
    return llvm::createStringError(
        "expected an artefact of colt5-compile, or a file that one is linked into; found no bundle");
  return llvm::Error::success();
}

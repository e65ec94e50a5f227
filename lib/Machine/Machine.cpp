#include "colt5/Machine/Machine.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

using namespace mlir;
using namespace mlir::colt5;

//===----------------------------------------------------------------------===//
// Features
//===----------------------------------------------------------------------===//

static constexpr StringLiteral kFeatureNames[] = {
    "avx2",      "fma",      "avx512f",    "avx512vl",         "avx512bw",
    "avx512dq",  "neon",     "async_copy", "mbarrier",         "redux",
    "bulk_copy", "clusters", "stmatrix",   "dependent_launch", "set_max_registers",
    "wgmma",     "tcgen05"};
static_assert(std::size(kFeatureNames) == static_cast<size_t>(Feature::Tcgen05) + 1);

StringRef colt5::stringifyFeature(Feature feature) { return kFeatureNames[static_cast<size_t>(feature)]; }

SmallVector<Feature> FeatureSet::getFeatures() const {
  SmallVector<Feature> features;
  for (size_t i = 0; i < std::size(kFeatureNames); ++i)
    if (has(static_cast<Feature>(i)))
      features.push_back(static_cast<Feature>(i));
  return features;
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

static constexpr int64_t kKiB = 1024, kMiB = 1024 * kKiB;

/// What tiles of every CPU and of every chip have in common until somebody measures better.
static Machine makeCpu(StringRef name, StringRef summary, StringRef architecture, StringRef cpu,
                       FeatureSet features) {
  Machine row;
  row.name = name;
  row.summary = summary;
  row.architecture = architecture;
  row.cpu = cpu;
  row.features = features;
  row.contractionRows = 256;
  row.contractionColumns = 512;
  row.attentionQueries = 64;
  return row;
}

static Machine makeChip(StringRef name, StringRef summary, FeatureSet features) {
  Machine row;
  row.kind = MachineKind::GPU;
  row.name = name;
  row.summary = summary;
  row.features = features;
  row.vectorBytes = 16;
  row.l2Bytes = 128 * kKiB;
  row.contractionRows = 128;
  row.contractionColumns = 64;
  row.attentionQueries = 64;
  row.threads = 256;
  row.sharedBytes = 36 * kKiB;
  row.maxRegisters = 255;
  return row;
}

ArrayRef<Machine> colt5::getMachines() {
  static const std::vector<Machine> machines = [] {
    std::vector<Machine> rows;

    Machine row = makeCpu("cpu-generic", "x86-64 with AVX2 and FMA", "x86_64", "x86-64-v3",
                          {Feature::AVX2, Feature::FMA});
    row.vectorBytes = 32;
    row.l2Bytes = 1 * kMiB;
    row.cores = 8;
    rows.push_back(row);

    row = makeCpu("cpu-avx512", "x86-64 with AVX-512", "x86_64", "x86-64-v4",
                  {Feature::AVX2, Feature::FMA, Feature::AVX512F, Feature::AVX512VL, Feature::AVX512BW,
                   Feature::AVX512DQ});
    row.vectorBytes = 64;
    row.l2Bytes = 2 * kMiB;
    row.cores = 16;
    rows.push_back(row);

    row = makeCpu("cpu-aarch64", "AArch64 with Advanced SIMD", "aarch64", "generic", {Feature::NEON});
    row.vectorBytes = 16;
    row.l2Bytes = 1 * kMiB;
    row.cores = 8;
    rows.push_back(row);

    const FeatureSet ampere = {Feature::AsyncCopy, Feature::MBarrier, Feature::Redux};
    row = makeChip("sm_80", "NVIDIA Ampere (A100)", ampere);
    row.capability = 80;
    row.minPtx = row.ptx = 70;
    row.cores = 108;
    row.maxSharedBytes = 163 * kKiB;
    rows.push_back(row);

    row = makeChip("sm_89", "NVIDIA Ada (L4, L40S, RTX 40)", ampere);
    row.capability = 89;
    row.minPtx = row.ptx = 78;
    row.cores = 142;
    row.maxSharedBytes = 99 * kKiB;
    rows.push_back(row);

    row =
        makeChip("sm_90a", "NVIDIA Hopper (H100, H200)",
                 {Feature::AsyncCopy, Feature::MBarrier, Feature::Redux, Feature::BulkCopy, Feature::Clusters,
                  Feature::StMatrix, Feature::DependentLaunch, Feature::SetMaxRegisters, Feature::Wgmma});
    row.capability = 90;
    row.isArchSpecific = true;
    row.minPtx = row.ptx = 80;
    row.cores = 132;
    row.maxSharedBytes = 227 * kKiB;
    rows.push_back(row);

    // Without the `a` instructions, of which the kernels use none.
    row = makeChip("sm_120", "NVIDIA Blackwell (RTX PRO 6000, RTX 50)",
                   {Feature::AsyncCopy, Feature::MBarrier, Feature::Redux, Feature::BulkCopy,
                    Feature::Clusters, Feature::StMatrix, Feature::DependentLaunch});
    row.capability = 120;
    row.minPtx = row.ptx = 87;
    row.cores = 188;
    row.maxSharedBytes = 99 * kKiB;
    rows.push_back(row);
    return rows;
  }();
  return machines;
}

//===----------------------------------------------------------------------===//
// Finding rows
//===----------------------------------------------------------------------===//

const Machine *colt5::findMachine(StringRef name) {
  for (const Machine &machine : getMachines())
    if (machine.name == name)
      return &machine;
  return nullptr;
}

const Machine &colt5::getDefaultMachine(MachineKind kind) {
  StringRef host = llvm::Triple::getArchTypeName(llvm::Triple(llvm::sys::getProcessTriple()).getArch());
  const Machine *first = nullptr;
  for (const Machine &machine : getMachines()) {
    if (machine.kind != kind)
      continue;
    if (kind == MachineKind::GPU || machine.architecture == host)
      return machine;
    first = first ? first : &machine;
  }
  return *first;
}

const Machine *colt5::findCpu(StringRef architecture, function_ref<bool(Feature)> has) {
  const Machine *widest = nullptr;
  for (const Machine &machine : getMachines())
    if (!machine.isGPU() && machine.architecture == architecture &&
        llvm::all_of(machine.features.getFeatures(), has) &&
        (!widest || machine.vectorBytes > widest->vectorBytes))
      widest = &machine;
  return widest;
}

static std::string listMachines(function_ref<bool(const Machine &)> isListed) {
  SmallVector<StringRef> names;
  for (const Machine &machine : getMachines())
    if (isListed(machine))
      names.push_back(machine.name);
  return llvm::join(names, ", ");
}

std::string colt5::listMachines(MachineKind kind) {
  return ::listMachines([&](const Machine &machine) { return machine.kind == kind; });
}

std::string colt5::listMachines(Feature feature) {
  return ::listMachines([&](const Machine &machine) { return machine.features.has(feature); });
}

ArrayRef<MachineNumber> colt5::getNumbers() {
  static const MachineNumber numbers[] = {
      {"vector_bytes", &Machine::vectorBytes, 16, 64, /*isPowerOfTwo=*/true, MachineKind::CPU},
      {"l2_bytes", &Machine::l2Bytes, 1, int64_t(1) << 40},
      {"cores", &Machine::cores, 1, 1 << 20},
      {"contraction_rows", &Machine::contractionRows, 1, 1 << 20},
      {"contraction_columns", &Machine::contractionColumns, 1, 1 << 20},
      {"attention_queries", &Machine::attentionQueries, 1, 1 << 20},
      {"threads", &Machine::threads, kWarpSize, 1024, /*isPowerOfTwo=*/true, MachineKind::GPU},
      {"shared_bytes", &Machine::sharedBytes, 1, kStaticSharedLimit, /*isPowerOfTwo=*/false,
       MachineKind::GPU}};
  return numbers;
}

std::string colt5::formatPtxVersion(int version) {
  return std::to_string(version / 10) + "." + std::to_string(version % 10);
}

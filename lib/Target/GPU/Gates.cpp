// What can be said about a kernel before LLVM sees it.
#include "colt5/Target/GPU/Ptx.h"

#include "colt5/Codegen/GPU/Passes.h"
#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "colt5/Machine/Machine.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// What ops of the nvvm dialect need, by the beginning of their names or of the instruction in inline PTX.
/// Upstream knows it for some ops only.
struct InstructionRow {
  StringRef prefix;
  Feature feature;
};
} // namespace

static const InstructionRow kInstructions[] = {
    {"wgmma.", Feature::Wgmma},
    {"setmaxnreg", Feature::SetMaxRegisters},
    {"setmaxregister", Feature::SetMaxRegisters},
    {"cp.async.bulk", Feature::BulkCopy},
    {"cp.async", Feature::AsyncCopy},
    {"cp.reduce.async.bulk", Feature::BulkCopy},
    {"barrier.cluster", Feature::Clusters},
    {"cluster.", Feature::Clusters},
    {"elect.sync", Feature::BulkCopy},
    {"fence.mbarrier", Feature::BulkCopy},
    {"fence.proxy", Feature::BulkCopy},
    {"griddepcontrol", Feature::DependentLaunch},
    {"mapa", Feature::Clusters},
    {"mbarrier.arrive.expect_tx", Feature::BulkCopy},
    {"mbarrier.arrive.expect.tx", Feature::BulkCopy},
    {"mbarrier.try_wait", Feature::BulkCopy},
    {"mbarrier.try.wait", Feature::BulkCopy},
    {"mbarrier.", Feature::MBarrier},
    {"prefetch.tensormap", Feature::BulkCopy},
    {"redux.sync", Feature::Redux},
    {"st.async", Feature::Clusters},
    {"stmatrix", Feature::StMatrix},
    {"tcgen05.", Feature::Tcgen05},
};

static std::optional<Feature> findByName(StringRef instruction) {
  for (const InstructionRow &row : kInstructions)
    if (instruction.starts_with(row.prefix))
      return row.feature;
  return std::nullopt;
}

/// The first instruction in `text` that `chip` lacks; its feature and its name come back, or nothing.
static std::optional<Feature> findMissing(StringRef text, const Machine &chip, StringRef &name) {
  while (!text.empty()) {
    text = text.drop_while([](char c) { return !llvm::isAlpha(c); });
    name = text.take_while([](char c) { return llvm::isAlnum(c) || c == '.' || c == '_' || c == ':'; });
    text = text.drop_front(name.size());
    std::optional<Feature> feature = findByName(name);
    if (feature && !chip.features.has(*feature))
      return feature;
  }
  return std::nullopt;
}

static constexpr StringLiteral kAdvice =
    "; compile this kernel for a chip that has it, or plan another family";

/// What upstream knows about an op: the least compute capability, or the one architecture that has it.
static LogicalResult checkUpstream(NVVM::RequiresSMInterface op, const Machine &chip) {
  NVVM::NVVMCheckSMVersion minimum = op.getRequiredMinSMVersion();
  int needed = minimum.smVersionList.front();
  bool isMet = minimum.archAccelerated
                   ? chip.isArchSpecific && llvm::is_contained(minimum.smVersionList, chip.capability)
                   : chip.capability >= needed;
  if (isMet)
    return success();
  return op->emitOpError("needs ") << (minimum.archAccelerated ? "exactly sm_" : "sm_") << needed
                                   << (minimum.archAccelerated ? "a" : " or later") << ", found " << chip.name
                                   << kAdvice;
}

static LogicalResult checkOp(Operation *op, const Machine &chip) {
  std::optional<Feature> missing;
  StringRef instruction;
  if (auto assembly = dyn_cast<LLVM::InlineAsmOp>(op)) {
    missing = findMissing(assembly.getAsmString(), chip, instruction);
  } else if (auto ptx = dyn_cast<NVVM::InlinePtxOp>(op)) {
    missing = findMissing(ptx.getPtxCode(), chip, instruction);
  } else if (isa_and_present<NVVM::NVVMDialect>(op->getDialect())) {
    std::optional<Feature> feature = findByName(op->getName().stripDialect());
    auto known = dyn_cast<NVVM::RequiresSMInterface>(op);
    if (!feature)
      return known ? checkUpstream(known, chip) : success();
    if (!chip.features.has(*feature))
      missing = feature;
  }
  if (!missing)
    return success();
  InFlightDiagnostic diagnostic = op->emitOpError();
  if (!instruction.empty())
    diagnostic << "'" << instruction << "' ";
  std::string chips = listMachines(*missing);
  return diagnostic << "needs " << stringifyFeature(*missing) << " ("
                    << (chips.empty() ? "no chip of this compiler" : chips) << "), found " << chip.name
                    << kAdvice;
}

SmallVector<LLVM::LLVMFuncOp> colt5::getKernels(gpu::GPUModuleOp module) {
  SmallVector<LLVM::LLVMFuncOp> kernels;
  for (auto func : module.getOps<LLVM::LLVMFuncOp>())
    if (func->hasAttr(NVVM::NVVMDialect::getKernelFuncAttrName()) && !func.isExternal())
      kernels.push_back(func);
  return kernels;
}

int64_t colt5::getStaticSharedBytes(LLVM::LLVMFuncOp kernel) {
  DataLayout layout = DataLayout::closest(kernel);
  llvm::SetVector<Operation *> reached;
  reached.insert(kernel);
  int64_t bytes = 0;
  for (size_t i = 0; i < reached.size(); ++i) {
    if (auto global = dyn_cast<LLVM::GlobalOp>(reached[i])) {
      if (global.getAddrSpace() == static_cast<unsigned>(NVVM::NVVMMemorySpace::Shared))
        bytes += layout.getTypeSize(global.getGlobalType()).getFixedValue();
      continue;
    }
    reached[i]->walk([&](Operation *op) {
      FlatSymbolRefAttr symbol;
      if (auto address = dyn_cast<LLVM::AddressOfOp>(op))
        symbol = address.getGlobalNameAttr();
      else if (auto call = dyn_cast<LLVM::CallOp>(op))
        symbol = call.getCalleeAttr();
      if (symbol)
        if (Operation *target = SymbolTable::lookupNearestSymbolFrom(kernel, symbol))
          reached.insert(target);
    });
  }
  return bytes;
}

static LogicalResult checkSharedMemory(LLVM::LLVMFuncOp kernel, const Machine &chip) {
  int64_t fixed = getStaticSharedBytes(kernel), dynamic = 0;
  if (auto attribute = kernel->getAttrOfType<IntegerAttr>(kDynamicSharedAttr))
    dynamic = attribute.getInt();
  if (fixed > kStaticSharedLimit)
    return emitError(kernel.getLoc(), "kernel '")
           << kernel.getName() << "': expected at most " << kStaticSharedLimit
           << " bytes of static shared memory, found " << fixed << "; use dynamic shared memory";
  if (fixed + dynamic > chip.maxSharedBytes)
    return emitError(kernel.getLoc(), "kernel '")
           << kernel.getName() << "': expected at most " << chip.maxSharedBytes
           << " bytes of shared memory on " << chip.name << ", found " << fixed << " static and " << dynamic
           << " dynamic ones; use smaller tiles or fewer stages";
  return success();
}

LogicalResult colt5::checkKernels(gpu::GPUModuleOp kernels, const Machine &chip, int ptxVersion) {
  if (ptxVersion < chip.minPtx || ptxVersion > kNewestPtx)
    return emitError(kernels.getLoc(), "expected PTX ")
           << formatPtxVersion(chip.minPtx) << " to " << formatPtxVersion(kNewestPtx) << " for " << chip.name
           << ", found " << formatPtxVersion(ptxVersion);
  WalkResult result = kernels.walk([&](Operation *op) {
    bool isFine = op == kernels || isa_and_present<LLVM::LLVMDialect, NVVM::NVVMDialect>(op->getDialect());
    if (!isFine) {
      op->emitOpError("is not an op of the llvm or nvvm dialect; lower the module to stage nvvm first");
      return WalkResult::interrupt();
    }
    return failed(checkOp(op, chip)) ? WalkResult::interrupt() : WalkResult::advance();
  });
  if (result.wasInterrupted())
    return failure();
  for (LLVM::LLVMFuncOp kernel : getKernels(kernels))
    if (failed(checkSharedMemory(kernel, chip)))
      return failure();
  return success();
}

// What can be said about a kernel before LLVM sees it.
#include "colt5/Target/GPU/Ptx.h"

#include "colt5/Codegen/GPU/Passes.h"
#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// What an instruction needs.
struct Requirement {
  /// Compute capability times ten.
  int capability;
  /// Exactly this architecture, with its `a` instructions.
  bool archSpecific;
};

/// What ops of the nvvm dialect need, by the beginning of their names or of the instruction in inline PTX.
/// Upstream knows it for some ops only.
struct InstructionRow {
  StringRef prefix;
  Requirement requirement;
};
} // namespace

static const InstructionRow kInstructions[] = {
    {"wgmma.", {90, true}},
    {"setmaxnreg", {90, true}},
    {"setmaxregister", {90, true}},
    {"cp.async.bulk", {90, false}},
    {"cp.async.mbarrier", {80, false}},
    {"cp.async", {80, false}},
    {"cp.reduce.async.bulk", {90, false}},
    {"barrier.cluster", {90, false}},
    {"cluster.", {90, false}},
    {"elect.sync", {90, false}},
    {"fence.mbarrier", {90, false}},
    {"fence.proxy", {90, false}},
    {"griddepcontrol", {90, false}},
    {"mapa", {90, false}},
    {"mbarrier.arrive.expect_tx", {90, false}},
    {"mbarrier.arrive.expect.tx", {90, false}},
    {"mbarrier.try_wait", {90, false}},
    {"mbarrier.try.wait", {90, false}},
    {"mbarrier.", {80, false}},
    {"prefetch.tensormap", {90, false}},
    {"redux.sync", {80, false}},
    {"st.async", {90, false}},
    {"stmatrix", {90, false}},
    {"tcgen05.", {100, true}},
};

static std::optional<Requirement> findByName(StringRef instruction) {
  for (const InstructionRow &row : kInstructions)
    if (instruction.starts_with(row.prefix))
      return row.requirement;
  return std::nullopt;
}

/// The strictest requirement of the instructions in `text`; their name comes back in `name`.
static std::optional<Requirement> findInText(StringRef text, StringRef &name) {
  std::optional<Requirement> strictest;
  while (!text.empty()) {
    text = text.drop_while([](char c) { return !llvm::isAlpha(c); });
    StringRef word =
        text.take_while([](char c) { return llvm::isAlnum(c) || c == '.' || c == '_' || c == ':'; });
    text = text.drop_front(word.size());
    std::optional<Requirement> found = findByName(word);
    if (found && (!strictest || found->capability > strictest->capability || found->archSpecific)) {
      strictest = found;
      name = word;
    }
  }
  return strictest;
}

static bool isMet(const Requirement &requirement, const Chip &chip) {
  if (requirement.archSpecific)
    return chip.archSpecific && chip.capability == requirement.capability;
  return chip.capability >= requirement.capability;
}

static LogicalResult checkOp(Operation *op, const Chip &chip) {
  std::optional<Requirement> needed;
  StringRef instruction;
  if (auto assembly = dyn_cast<LLVM::InlineAsmOp>(op))
    needed = findInText(assembly.getAsmString(), instruction);
  else if (auto ptx = dyn_cast<NVVM::InlinePtxOp>(op))
    needed = findInText(ptx.getPtxCode(), instruction);
  else if (isa_and_present<NVVM::NVVMDialect>(op->getDialect()))
    needed = findByName(op->getName().stripDialect());
  if (auto known = dyn_cast<NVVM::RequiresSMInterface>(op); known && !needed) {
    NVVM::NVVMCheckSMVersion minimum = known.getRequiredMinSMVersion();
    needed = Requirement{minimum.smVersionList.front(), minimum.archAccelerated};
    if (minimum.archAccelerated && llvm::is_contained(minimum.smVersionList, chip.capability))
      needed->capability = chip.capability;
  }
  if (!needed || isMet(*needed, chip))
    return success();
  InFlightDiagnostic diagnostic = op->emitOpError();
  if (!instruction.empty())
    diagnostic << "'" << instruction << "' ";
  return diagnostic << "needs " << (needed->archSpecific ? "exactly sm_" : "sm_") << needed->capability
                    << (needed->archSpecific ? "a" : " or later") << ", found " << chip.name
                    << "; compile this kernel for a chip that has it, or plan another family";
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

static LogicalResult checkSharedMemory(LLVM::LLVMFuncOp kernel, const Chip &chip) {
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

LogicalResult colt5::checkKernels(gpu::GPUModuleOp kernels, const Chip &chip, int ptxVersion) {
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

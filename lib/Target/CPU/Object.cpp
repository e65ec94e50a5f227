#include "colt5/Target/CPU/Object.h"

#include "colt5/Codegen/Host/Passes.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"

using namespace mlir;
using namespace mlir::colt5;

std::unique_ptr<llvm::TargetMachine>
colt5::createCpuTargetMachine(const CpuOptions &options, llvm::function_ref<InFlightDiagnostic()> emitError) {
  // Without the assembly parser, inline assembly of LLVM's own lowerings aborts.
  static const bool initialized = [] {
    llvm::InitializeAllTargetInfos();
    llvm::InitializeAllTargets();
    llvm::InitializeAllTargetMCs();
    llvm::InitializeAllAsmPrinters();
    llvm::InitializeAllAsmParsers();
    return true;
  }();
  (void)initialized;
  llvm::Triple triple(llvm::sys::getProcessTriple());
  bool isForeign = !options.architecture.empty() &&
                   options.architecture != llvm::Triple::getArchTypeName(triple.getArch());
  if (isForeign)
    triple = llvm::Triple(options.architecture + "-unknown-linux-gnu");
  if (isForeign && options.cpu == "native") {
    emitError() << "expected a CPU of " << options.architecture
                << " by its name, found 'native', which is this machine's";
    return nullptr;
  }
  std::string error;
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target) {
    emitError() << "no code generator for " << triple.str() << ": " << error;
    return nullptr;
  }
  std::string cpu = options.cpu, features;
  if (cpu == "native") {
    cpu = llvm::sys::getHostCPUName().str();
    for (auto &[name, enabled] : llvm::sys::getHostCPUFeatures())
      features += (features.empty() ? "" : ",") + std::string(enabled ? "+" : "-") + name.str();
  }
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget(target->createMCSubtargetInfo(triple, "", ""));
  if (!subtarget || !subtarget->isCPUStringValid(cpu)) {
    emitError() << "expected 'native' or a CPU of " << triple.getArchName() << " that LLVM knows, found '"
                << cpu << "'; `llc -mcpu=help` lists them";
    return nullptr;
  }
  if (options.optLevel < 0 || options.optLevel > 3) {
    emitError() << "expected an optimization level from 0 to 3, found " << options.optLevel;
    return nullptr;
  }
  llvm::TargetOptions targetOptions;
  // `llvm.fmuladd`, which the multiply-adds of the vector dialect become, is fused; products and sums are
  // not.
  targetOptions.AllowFPOpFusion = llvm::FPOpFusion::Standard;
  std::unique_ptr<llvm::TargetMachine> machine(
      target->createTargetMachine(triple, cpu, features, targetOptions, llvm::Reloc::PIC_, std::nullopt,
                                  static_cast<llvm::CodeGenOptLevel>(options.optLevel)));
  if (!machine)
    emitError() << "LLVM cannot generate code for " << triple.str();
  return machine;
}

static bool hasFeature(const llvm::TargetMachine &machine, Feature feature) {
  return machine.getMCSubtargetInfo()->checkFeatures(("+" + stringifyFeature(feature)).str());
}

/// "avx2 and fma".
static std::string listFeatures(FeatureSet features) {
  SmallVector<Feature> list = features.getFeatures();
  return llvm::join(llvm::map_range(list, stringifyFeature), " and ");
}

static void reportMissing(const llvm::TargetMachine &found, const Machine &wanted,
                          llvm::function_ref<InFlightDiagnostic()> emitError) {
  emitError() << "expected a CPU with " << listFeatures(wanted.features) << " for " << wanted.name
              << ", such as " << wanted.cpu << ", found '" << found.getTargetCPU() << "'";
}

const Machine *colt5::findCpuMachine(const llvm::TargetMachine &machine) {
  StringRef architecture = llvm::Triple::getArchTypeName(machine.getTargetTriple().getArch());
  return findCpu(architecture, [&](Feature feature) { return hasFeature(machine, feature); });
}

FailureOr<const Machine *> colt5::findCpuMachine(const CpuOptions &options,
                                                 llvm::function_ref<InFlightDiagnostic()> emitError) {
  auto machine = createCpuTargetMachine(options, emitError);
  if (!machine)
    return failure();
  if (const Machine *found = findCpuMachine(*machine))
    return found;
  StringRef architecture = llvm::Triple::getArchTypeName(machine->getTargetTriple().getArch());
  for (const Machine &known : getMachines())
    if (!known.isGPU() && known.architecture == architecture) {
      reportMissing(*machine, known, emitError);
      return failure();
    }
  emitError() << "expected a CPU of " << listMachines(MachineKind::CPU) << ", found one of " << architecture;
  return failure();
}

LogicalResult colt5::checkCpu(const CpuOptions &options, const Machine &machine,
                              llvm::function_ref<InFlightDiagnostic()> emitError) {
  auto found = createCpuTargetMachine(options, emitError);
  if (!found)
    return failure();
  if (llvm::all_of(machine.features.getFeatures(),
                   [&](Feature feature) { return hasFeature(*found, feature); }))
    return success();
  reportMissing(*found, machine, emitError);
  return failure();
}

std::unique_ptr<llvm::Module> colt5::translateToPlainLLVMIR(ModuleOp module, llvm::TargetMachine &machine,
                                                            llvm::LLVMContext &context) {
  registerBuiltinDialectTranslation(*module.getContext());
  registerLLVMDialectTranslation(*module.getContext());
  std::unique_ptr<llvm::Module> result = translateModuleToLLVMIR(module, context, "colt5");
  if (!result) {
    module.emitError("the module does not translate to LLVM IR; is it at stage llvm?");
    return nullptr;
  }
  result->setTargetTriple(machine.getTargetTriple());
  result->setDataLayout(machine.createDataLayout());
  for (llvm::Function &function : *result)
    if (!function.isDeclaration())
      function.addFnAttr(llvm::Attribute::NoUnwind);
  return result;
}

std::unique_ptr<llvm::Module> colt5::translateToOptimizedLLVMIR(ModuleOp module, const CpuOptions &options,
                                                                llvm::TargetMachine &machine,
                                                                llvm::LLVMContext &context) {
  std::unique_ptr<llvm::Module> result = translateToPlainLLVMIR(module, machine, context);
  if (!result)
    return nullptr;
  auto optimize = makeOptimizingTransformer(options.optLevel, /*sizeLevel=*/0, &machine);
  if (llvm::Error error = optimize(result.get())) {
    module.emitError("LLVM's optimizer failed: ") << llvm::toString(std::move(error));
    return nullptr;
  }
  return result;
}

LogicalResult colt5::emitCpuCode(ModuleOp module, const CpuOptions &options, CpuFormat format,
                                 llvm::raw_pwrite_stream &os) {
  auto machine = createCpuTargetMachine(options, [&] { return module.emitError(); });
  if (!machine)
    return failure();
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> llvmModule = translateToOptimizedLLVMIR(module, options, *machine, context);
  if (!llvmModule)
    return failure();
  if (format == CpuFormat::LLVMIR) {
    llvmModule->print(os, nullptr);
    return success();
  }
  SmallVector<char, 0> buffer;
  llvm::raw_svector_ostream bufferStream(buffer);
  llvm::legacy::PassManager passes;
  auto type =
      format == CpuFormat::Assembly ? llvm::CodeGenFileType::AssemblyFile : llvm::CodeGenFileType::ObjectFile;
  if (machine->addPassesToEmitFile(passes, bufferStream, nullptr, type))
    return module.emitError("LLVM cannot write this kind of file for ") << machine->getTargetTriple().str();
  passes.run(*llvmModule);
  if (format == CpuFormat::Object)
    if (llvm::Error error = checkObjectSymbols({StringRef(buffer.data(), buffer.size()), "object"}))
      return module.emitError(llvm::toString(std::move(error)));
  os << StringRef(buffer.data(), buffer.size());
  return success();
}

llvm::Error colt5::checkObjectSymbols(llvm::MemoryBufferRef object) {
  auto file = llvm::object::ObjectFile::createObjectFile(object);
  if (!file)
    return file.takeError();
  std::string wrong;
  for (const llvm::object::SymbolRef &symbol : (*file)->symbols()) {
    llvm::Expected<uint32_t> flags = symbol.getFlags();
    llvm::Expected<StringRef> name = symbol.getName();
    if (!flags || !name)
      return llvm::joinErrors(flags.takeError(), name.takeError());
    if (!(*flags & llvm::object::SymbolRef::SF_Undefined) || name->empty())
      continue;
    // Other producers use these names of the linker and the position-independent code model.
    if (*name == "_GLOBAL_OFFSET_TABLE_" || *name == "memcpy" || *name == "memmove" || *name == "memset")
      continue;
    wrong += (wrong.empty() ? "'" : ", '") + name->str() + "'";
  }
  if (wrong.empty())
    return llvm::Error::success();
  return llvm::createStringError("expected object code that needs memcpy, memmove and memset only, found " +
                                 wrong + "; a lowering left a call of a library");
}

/// `sizes` is what `colt5.sizes` or `colt5.size` of the argument said.
static void readSizes(Attribute sizes, CpuTensorType &type) {
  auto getName = [](Attribute entry) {
    auto name = dyn_cast<StringAttr>(entry);
    return name && name.getValue() != kNoSizeName ? name.str() : "";
  };
  if (auto entries = dyn_cast<ArrayAttr>(sizes)) {
    for (auto [dim, entry] : llvm::enumerate(entries))
      type.sizeNames.push_back(type.type.isDynamicDim(dim) ? getName(entry) : "");
  } else if (auto number = dyn_cast<IntegerAttr>(sizes)) {
    type.scalarValue = number.getInt();
  } else {
    type.sizeNames.push_back(getName(sizes));
  }
}

SmallVector<CpuEntry> colt5::getCpuEntries(ModuleOp module) {
  SmallVector<CpuEntry> entries;
  for (auto func : module.getOps<LLVM::LLVMFuncOp>()) {
    auto signature = func->getAttrOfType<DictionaryAttr>(kSignatureAttr);
    if (!signature)
      continue;
    CpuEntry entry;
    if (auto name = signature.getAs<StringAttr>("name"))
      entry.name = name.str();
    auto collect = [&](const Twine &what, SmallVector<CpuTensorType> &out) {
      auto types = signature.getAs<ArrayAttr>((what + "s").str()),
           names = signature.getAs<ArrayAttr>((what + "_names").str()),
           sizes = signature.getAs<ArrayAttr>((what + "_sizes").str());
      if (!types || !names || !sizes)
        return;
      for (auto [type, name, entries] : llvm::zip(types, names, sizes))
        if (isa<TypeAttr>(type) && isa<StringAttr>(name)) {
          Type value = cast<TypeAttr>(type).getValue();
          auto tensor = dyn_cast<RankedTensorType>(value);
          out.push_back(
              {tensor ? tensor : RankedTensorType::get({}, value), cast<StringAttr>(name).str(), {}, {}});
          out.back().isScalar = !tensor;
          readSizes(entries, out.back());
        }
    };
    collect("input", entry.inputs);
    collect("output", entry.outputs);
    entries.push_back(std::move(entry));
  }
  return entries;
}

#include "colt5/Target/GPU/GpuCode.h"

#include "colt5/Codegen/GPU/Passes.h"
#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "colt5/Target/GPU/Ptx.h"
#include "colt5/Target/GPU/Toolkit.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Remarks.h"

using namespace mlir;
using namespace mlir::colt5;

// Keys of the metadata of a kernel in the gpu.binary.
static constexpr llvm::StringLiteral kStatic = "static_shared_bytes", kDynamic = "dynamic_shared_bytes",
                                     kRegisters = "registers", kStack = "stack_bytes",
                                     kSpills = "spill_bytes", kBytes = "bytes", kMinBytes = "min_bytes",
                                     kFlops = "flops", kNumber = "number", kBlock = "block",
                                     kCluster = "cluster";

static std::optional<int64_t> getInteger(DictionaryAttr dictionary, StringRef name) {
  auto value = dictionary ? dictionary.getAs<IntegerAttr>(name) : IntegerAttr();
  return value ? std::optional<int64_t>(value.getInt()) : std::nullopt;
}

/// Reads a list of three numbers, if it is there.
static void readTriple(DictionaryAttr dictionary, StringRef name, std::array<uint32_t, 3> &values) {
  auto list = dictionary ? dictionary.getAs<DenseI32ArrayAttr>(name) : DenseI32ArrayAttr();
  if (list && list.size() <= 3)
    llvm::copy(list.asArrayRef(), values.begin());
}

static bool isTensorCoreKernel(LLVM::LLVMFuncOp kernel) {
  auto family = kernel->getAttrOfType<StringAttr>(kFamilyAttr);
  return family && (family.getValue() == "mma_sync" || family.getValue() == "wgmma");
}

static KernelReport describe(LLVM::LLVMFuncOp kernel, const AssembledPtx *assembled) {
  KernelReport report;
  report.name = kernel.getName().str();
  DictionaryAttr attributes = kernel->getAttrDictionary();
  report.staticSharedBytes = getStaticSharedBytes(kernel);
  report.dynamicSharedBytes = getInteger(attributes, kDynamicSharedAttr).value_or(0);
  report.bytes = getInteger(attributes, kBytesAttr);
  report.minBytes = getInteger(attributes, kMinBytesAttr);
  report.flops = getInteger(attributes, kFlopsAttr);
  for (auto other : cast<gpu::GPUModuleOp>(kernel->getParentOp()).getOps<LLVM::LLVMFuncOp>()) {
    if (other == kernel)
      break;
    ++report.number;
  }
  readTriple(attributes, "gpu.known_block_size", report.block);
  readTriple(attributes, NVVM::NVVMDialect::getClusterDimAttrName(), report.cluster);
  if (!assembled)
    return report;
  auto usage = assembled->kernels.find(report.name);
  if (usage == assembled->kernels.end())
    return report;
  report.registers = usage->second.registers;
  report.stackBytes = usage->second.stackBytes;
  report.spillBytes = usage->second.spillStoreBytes + usage->second.spillLoadBytes;
  // Unused variables are gone, alignment is added.
  report.staticSharedBytes = usage->second.sharedBytes;
  return report;
}

static void emitRemarks(LLVM::LLVMFuncOp kernel, const Machine &chip, const KernelReport &report) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "kernel " << report.name << " on " << chip.name << ": ";
  if (report.registers)
    os << *report.registers << " registers, ";
  os << report.staticSharedBytes << " bytes of static and " << report.dynamicSharedBytes
     << " of dynamic shared memory";
  if (report.stackBytes)
    os << ", " << *report.stackBytes << " bytes of stack, " << *report.spillBytes << " bytes of spills";
  if (report.bytes)
    os << ", " << *report.bytes << " bytes of traffic";
  if (report.minBytes)
    os << (report.bytes ? " (at least " : ", at least ") << *report.minBytes
       << (report.bytes ? ")" : " bytes of traffic");
  if (report.flops)
    os << ", " << *report.flops << " floating-point operations";
  auto options = remark::RemarkOpts::name("kernel").category("colt5-gpu-binary");
  remark::analysis(kernel.getLoc(), options) << text;
  if (report.spillBytes.value_or(0))
    remark::missed(kernel.getLoc(), remark::RemarkOpts::name("spill").category("colt5-gpu-binary"))
        << ("kernel " + report.name + " spills " + std::to_string(*report.spillBytes) +
            " bytes per thread on " + chip.name.str());
}

static gpu::KernelMetadataAttr getMetadata(LLVM::LLVMFuncOp kernel, const KernelReport &report) {
  Builder builder(kernel);
  SmallVector<NamedAttribute> entries;
  auto add = [&](StringRef name, std::optional<int64_t> value) {
    if (value)
      entries.push_back(builder.getNamedAttr(name, builder.getI64IntegerAttr(*value)));
  };
  add(kStatic, report.staticSharedBytes);
  add(kDynamic, report.dynamicSharedBytes);
  add(kRegisters, report.registers);
  add(kStack, report.stackBytes);
  add(kSpills, report.spillBytes);
  add(kNumber, report.number);
  for (auto [name, triple] : {std::pair(kBlock, report.block), std::pair(kCluster, report.cluster)})
    entries.push_back(builder.getNamedAttr(
        name, builder.getDenseI32ArrayAttr(SmallVector<int32_t>(triple.begin(), triple.end()))));
  add(kBytes, report.bytes);
  add(kMinBytes, report.minBytes);
  add(kFlops, report.flops);
  return gpu::KernelMetadataAttr::get(kernel.getNameAttr(), kernel.getFunctionType(), nullptr,
                                      builder.getDictionaryAttr(entries));
}

/// The gates that only the assembler can check.
static LogicalResult checkAssembled(gpu::GPUModuleOp kernels, const Machine &chip,
                                    const AssembledPtx &assembled) {
  if (!assembled.serializations.empty())
    return emitError(kernels.getLoc(), "ptxas serializes instructions of these kernels on ")
           << chip.name << ", expected none: " << assembled.serializations.front();
  for (LLVM::LLVMFuncOp kernel : getKernels(kernels)) {
    auto usage = assembled.kernels.find(kernel.getName());
    if (usage == assembled.kernels.end())
      return emitError(kernel.getLoc(), "ptxas said nothing about kernel '") << kernel.getName() << "'";
    int64_t spills = usage->second.spillStoreBytes + usage->second.spillLoadBytes;
    if (spills && isTensorCoreKernel(kernel))
      return emitError(kernel.getLoc(), "kernel '")
             << kernel.getName() << "' of family "
             << kernel->getAttrOfType<StringAttr>(kFamilyAttr).getValue() << " spills " << spills
             << " bytes per thread on " << chip.name << " with " << usage->second.registers << " of "
             << chip.maxRegisters << " registers, expected none; use a smaller tile or fewer stages";
  }
  return success();
}

static LogicalResult compileModule(gpu::GPUModuleOp kernels, const Machine &chip, GpuFormat format,
                                   StringRef toolkit) {
  if (failed(checkKernels(kernels, chip, chip.ptx)))
    return failure();
  FailureOr<std::string> ptx = emitPtx(kernels, chip, chip.ptx);
  if (failed(ptx))
    return failure();
  std::optional<AssembledPtx> assembled;
  if (format == GpuFormat::Auto) {
    if (llvm::Error missing = findCudaTool("ptxas", toolkit).takeError())
      emitWarning(kernels.getLoc(), "no cubin for ")
          << chip.name << ", PTX only: " << llvm::toString(std::move(missing));
    else
      format = GpuFormat::Cubin;
  }
  if (format == GpuFormat::Cubin) {
    llvm::Expected<AssembledPtx> made = assemblePtx(*ptx, chip, chip.ptx, toolkit);
    if (!made)
      return emitError(kernels.getLoc(), "cannot make a cubin for ")
             << chip.name << ": " << llvm::toString(made.takeError());
    if (failed(checkAssembled(kernels, chip, *made)))
      return failure();
    assembled = std::move(*made);
  }

  SmallVector<gpu::KernelMetadataAttr> metadata;
  for (LLVM::LLVMFuncOp kernel : getKernels(kernels)) {
    KernelReport report = describe(kernel, assembled ? &*assembled : nullptr);
    emitRemarks(kernel, chip, report);
    metadata.push_back(getMetadata(kernel, report));
  }
  OpBuilder builder(kernels);
  MLIRContext *context = builder.getContext();
  auto target = NVVM::NVVMTargetAttr::get(context, /*optLevel=*/3, "nvptx64-nvidia-cuda", chip.name,
                                          "+ptx" + std::to_string(chip.ptx));
  auto table = gpu::KernelTableAttr::get(context, metadata);
  SmallVector<Attribute> objects{gpu::ObjectAttr::get(target, gpu::CompilationTarget::Assembly,
                                                      builder.getStringAttr(*ptx), nullptr, table)};
  if (assembled)
    objects.push_back(gpu::ObjectAttr::get(target, gpu::CompilationTarget::Binary,
                                           builder.getStringAttr(assembled->cubin), nullptr, table));
  gpu::BinaryOp::create(builder, kernels.getLoc(), kernels.getName(), /*offloadingHandler=*/nullptr,
                        builder.getArrayAttr(objects));
  kernels.erase();
  return success();
}

LogicalResult colt5::compileKernels(ModuleOp module, const Machine &chip, GpuFormat format,
                                    StringRef toolkit) {
  for (auto kernels : llvm::make_early_inc_range(module.getOps<gpu::GPUModuleOp>()))
    if (failed(compileModule(kernels, chip, format, toolkit)))
      return failure();
  return success();
}

FailureOr<GpuCode> colt5::getGpuCode(ModuleOp module) {
  GpuCode code;
  for (auto binary : module.getOps<gpu::BinaryOp>()) {
    if (code.chip)
      return binary.emitOpError("is the second one, expected the kernels of a program in one");
    for (Attribute attribute : binary.getObjects()) {
      auto object = dyn_cast<gpu::ObjectAttr>(attribute);
      auto target = object ? dyn_cast<NVVM::NVVMTargetAttr>(object.getTarget()) : NVVM::NVVMTargetAttr();
      const Machine *chip = target ? findMachine(target.getChip()) : nullptr;
      if (!chip)
        return binary.emitOpError("expected objects for one of ")
               << listMachines(MachineKind::GPU) << ", found " << attribute;
      code.chip = chip;
      bool isPtx = object.getFormat() == gpu::CompilationTarget::Assembly;
      (isPtx ? code.ptx : code.cubin) = object.getObject().getValue();
      if (!isPtx || !object.getKernels())
        continue;
      for (gpu::KernelMetadataAttr kernel : object.getKernels()) {
        DictionaryAttr data = kernel.getMetadata();
        KernelReport &report = code.kernels.emplace_back();
        report.name = kernel.getName().str();
        report.staticSharedBytes = getInteger(data, kStatic).value_or(0);
        report.dynamicSharedBytes = getInteger(data, kDynamic).value_or(0);
        report.registers = getInteger(data, kRegisters);
        report.stackBytes = getInteger(data, kStack);
        report.spillBytes = getInteger(data, kSpills);
        report.bytes = getInteger(data, kBytes);
        report.minBytes = getInteger(data, kMinBytes);
        report.flops = getInteger(data, kFlops);
        report.number = getInteger(data, kNumber).value_or(0);
        readTriple(data, kBlock, report.block);
        readTriple(data, kCluster, report.cluster);
        if (auto type = dyn_cast<LLVM::LLVMFunctionType>(kernel.getFunctionType()))
          for (Type parameter : type.getParams())
            report.parameters.push_back(isa<LLVM::LLVMPointerType>(parameter)
                                            ? 8
                                            : llvm::divideCeil(parameter.getIntOrFloatBitWidth(), 8));
      }
      llvm::sort(code.kernels,
                 [](const KernelReport &a, const KernelReport &b) { return a.number < b.number; });
    }
  }
  return code;
}

llvm::Error colt5::emitFatbin(ArrayRef<GpuCode> codes, StringRef toolkit, llvm::raw_ostream &os) {
  SmallVector<FatbinImage> images;
  for (const GpuCode &code : codes) {
    if (code.cubin.empty())
      return llvm::createStringError("no cubin for " + code.chip->name + "; a fatbin needs one per chip");
    images.push_back({code.chip, /*isPtx=*/false, code.cubin.str()});
    if (!code.chip->isArchSpecific)
      images.push_back({code.chip, /*isPtx=*/true, code.ptx.str()});
  }
  llvm::Expected<std::string> bytes = packFatbin(images, toolkit);
  if (!bytes)
    return bytes.takeError();
  os << *bytes;
  return llvm::Error::success();
}

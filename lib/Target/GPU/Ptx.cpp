#include "colt5/Target/GPU/Ptx.h"

#include "Child.h"
#include "mlir/Conversion/NVVMToLLVM/NVVMToLLVM.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/ExecutionEngine/OptUtils.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/GPU/GPUToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/NVVM/NVVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"

using namespace mlir;
using namespace mlir::colt5;
using llvm::Error;

/// LLVM's NVPTX code generator, or null when this LLVM was built without it.
static const llvm::Target *findNvptx(const llvm::Triple &triple) {
  static bool initialized = [] {
    LLVMInitializeNVPTXTargetInfo();
    LLVMInitializeNVPTXTarget();
    LLVMInitializeNVPTXTargetMC();
    LLVMInitializeNVPTXAsmPrinter();
    return true;
  }();
  std::string ignored;
  return initialized ? llvm::TargetRegistry::lookupTarget(triple, ignored) : nullptr;
}

/// Optimizes `module` and writes it to `os`. LLVM may abort in here.
static Error generate(llvm::Module &module, const llvm::Target &target, const llvm::Triple &triple,
                      const Machine &chip, int ptxVersion, llvm::raw_ostream &os) {
  // LLVM's own handler prints errors and ends the process.
  std::string errors;
  module.getContext().setDiagnosticHandlerCallBack(
      [](const llvm::DiagnosticInfo *info, void *state) {
        if (info->getSeverity() != llvm::DS_Error)
          return;
        llvm::raw_string_ostream stream(*static_cast<std::string *>(state));
        llvm::DiagnosticPrinterRawOStream printer(stream);
        stream << (stream.str().empty() ? "" : "; ");
        info->print(printer);
      },
      &errors);
  llvm::TargetOptions options;
  // A multiply-add is fused where the program says so, nowhere else.
  options.AllowFPOpFusion = llvm::FPOpFusion::Strict;
  std::unique_ptr<llvm::TargetMachine> machine(
      target.createTargetMachine(triple, chip.name, "+ptx" + std::to_string(ptxVersion), options,
                                 llvm::Reloc::PIC_, std::nullopt, llvm::CodeGenOptLevel::Aggressive));
  if (!machine)
    return llvm::createStringError("no code generator for " + chip.name);
  module.setTargetTriple(triple);
  module.setDataLayout(machine->createDataLayout());
  if (Error error = makeOptimizingTransformer(/*optLevel=*/3, /*sizeLevel=*/0, machine.get())(&module))
    return error;
  SmallVector<char, 0> text;
  llvm::raw_svector_ostream stream(text);
  llvm::legacy::PassManager passes;
  if (machine->addPassesToEmitFile(passes, stream, nullptr, llvm::CodeGenFileType::AssemblyFile))
    return llvm::createStringError("LLVM cannot write PTX for " + chip.name);
  passes.run(module);
  if (!errors.empty())
    return llvm::createStringError(errors);
  os << StringRef(text.data(), text.size());
  return Error::success();
}

/// Leaves only `kernel` and what it calls with a body.
static void keepOnly(llvm::Module &module, StringRef kernel) {
  for (llvm::Function &function : module)
    if (function.getCallingConv() == llvm::CallingConv::PTX_Kernel && function.getName() != kernel)
      function.deleteBody();
}

/// Ops that stand for PTX without an intrinsic become inline assembly.
static LogicalResult expandPtxOps(gpu::GPUModuleOp kernels) {
  RewritePatternSet patterns(kernels.getContext());
  populateNVVMToLLVMConversionPatterns(patterns);
  return applyPatternsGreedily(kernels, std::move(patterns));
}

/// Names of the functions that `ptx` leaves to others.
static SmallVector<StringRef> findExternalFunctions(StringRef ptx) {
  SmallVector<StringRef> names;
  while (true) {
    size_t at = ptx.find(".extern .func");
    if (at == StringRef::npos)
      return names;
    ptx = ptx.drop_front(at + StringRef(".extern .func").size()).ltrim();
    // The result of a function stands before its name.
    if (ptx.consume_front("("))
      ptx = ptx.split(')').second.ltrim();
    names.push_back(
        ptx.take_while([](char c) { return llvm::isAlnum(c) || c == '_' || c == '$' || c == '.'; }));
  }
}

/// The first call of `name` in `kernels`, or the module.
static Operation *findCall(gpu::GPUModuleOp kernels, StringRef name) {
  Operation *place = kernels;
  kernels.walk([&](LLVM::CallOp call) {
    if (call.getCallee() != name)
      return WalkResult::advance();
    place = call;
    return WalkResult::interrupt();
  });
  return place;
}

static LogicalResult checkSelfContained(gpu::GPUModuleOp kernels, StringRef ptx) {
  SmallVector<StringRef> names = findExternalFunctions(ptx);
  if (names.empty())
    return success();
  InFlightDiagnostic diagnostic =
      findCall(kernels, names.front())->emitError("expected PTX that calls nothing else, found ");
  llvm::interleaveComma(names, diagnostic, [&](StringRef name) { diagnostic << "'" << name << "'"; });
  if (llvm::is_contained(names, "malloc") || llvm::is_contained(names, "free"))
    return diagnostic
           << "; a kernel does not allocate: a buffer was left without a place in shared memory or the "
              "workspace";
  return diagnostic << "; a lowering left a call of a library, which no driver can resolve";
}

/// Says what went wrong, at the kernel that causes it as far as one alone does.
static LogicalResult reportFailure(gpu::GPUModuleOp kernels, const Machine &chip, int ptxVersion,
                                   StringRef reason,
                                   llvm::function_ref<Error(StringRef, llvm::raw_ostream &)> generateKernel) {
  for (LLVM::LLVMFuncOp kernel : getKernels(kernels)) {
    auto alone = runInChild([&](llvm::raw_ostream &os) { return generateKernel(kernel.getName(), os); });
    if (alone)
      continue;
    return emitError(kernel.getLoc(), "kernel '")
           << kernel.getName() << "': LLVM cannot generate code for " << chip.name << " as PTX "
           << formatPtxVersion(ptxVersion) << ": " << llvm::toString(alone.takeError());
  }
  return emitError(kernels.getLoc(), "LLVM cannot generate code for ")
         << chip.name << " as PTX " << formatPtxVersion(ptxVersion) << ": " << reason;
}

FailureOr<std::string> colt5::emitPtx(gpu::GPUModuleOp kernels, const Machine &chip, int ptxVersion) {
  MLIRContext &context = *kernels.getContext();
  registerBuiltinDialectTranslation(context);
  registerGPUDialectTranslation(context);
  registerLLVMDialectTranslation(context);
  registerNVVMDialectTranslation(context);
  llvm::Triple triple("nvptx64-nvidia-cuda");
  const llvm::Target *target = findNvptx(triple);
  if (!target)
    return emitError(kernels.getLoc(), "this LLVM was built without the NVPTX code generator");

  OwningOpRef<gpu::GPUModuleOp> copy(kernels.clone());
  if (failed(expandPtxOps(*copy)))
    return failure();
  llvm::LLVMContext llvmContext;
  std::unique_ptr<llvm::Module> module = translateModuleToLLVMIR(*copy, llvmContext, "colt5");
  if (!module)
    return emitError(kernels.getLoc(),
                     "the kernels do not translate to LLVM IR; is the module at stage nvvm?");

  auto generateKernel = [&](StringRef kernel, llvm::raw_ostream &os) {
    if (!kernel.empty())
      keepOnly(*module, kernel);
    return generate(*module, *target, triple, chip, ptxVersion, os);
  };
  auto ptx = runInChild([&](llvm::raw_ostream &os) { return generateKernel("", os); });
  if (!ptx)
    return reportFailure(kernels, chip, ptxVersion, llvm::toString(ptx.takeError()), generateKernel);
  if (failed(checkSelfContained(kernels, *ptx)))
    return failure();
  return std::move(*ptx);
}

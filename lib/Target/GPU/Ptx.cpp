#include "colt5/Target/GPU/Ptx.h"

#include "PtxWorker.h"
#include "mlir/Conversion/NVVMToLLVM/NVVMToLLVM.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/GPU/GPUToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/NVVM/NVVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/Module.h"

using namespace mlir;
using namespace mlir::colt5;

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
static LogicalResult reportFailure(gpu::GPUModuleOp kernels, const PtxRequest &request, StringRef reason) {
  std::string what =
      (" for " + request.chip + " as PTX " + formatPtxVersion(request.ptxVersion) + ": ").str();
  for (LLVM::LLVMFuncOp kernel : getKernels(kernels)) {
    PtxRequest alone = request;
    alone.kernel = kernel.getName();
    llvm::Expected<PtxAnswer> answer = runPtxWorker(alone);
    if (!answer)
      return emitError(kernels.getLoc(), "cannot generate PTX: ") << llvm::toString(answer.takeError());
    if (!answer->succeeded)
      return emitError(kernel.getLoc(), "kernel '")
             << kernel.getName() << "': LLVM cannot generate code" << what << answer->text;
  }
  return emitError(kernels.getLoc(), "LLVM cannot generate code") << what << reason;
}

/// The kernels as LLVM bitcode, for the worker.
static FailureOr<std::string> makeBitcode(gpu::GPUModuleOp kernels) {
  MLIRContext &context = *kernels.getContext();
  registerBuiltinDialectTranslation(context);
  registerGPUDialectTranslation(context);
  registerLLVMDialectTranslation(context);
  registerNVVMDialectTranslation(context);
  OwningOpRef<gpu::GPUModuleOp> copy(kernels.clone());
  if (failed(expandPtxOps(*copy)))
    return failure();
  llvm::LLVMContext llvmContext;
  std::unique_ptr<llvm::Module> module = translateModuleToLLVMIR(*copy, llvmContext, "colt5");
  if (!module)
    return emitError(kernels.getLoc(),
                     "the kernels do not translate to LLVM IR; is the module at stage nvvm?");
  std::string bitcode;
  llvm::raw_string_ostream os(bitcode);
  // In the same order of uses, on which some passes depend.
  llvm::WriteBitcodeToFile(*module, os, /*ShouldPreserveUseListOrder=*/true);
  return bitcode;
}

FailureOr<std::string> colt5::emitPtx(gpu::GPUModuleOp kernels, const Machine &chip, int ptxVersion) {
  FailureOr<std::string> bitcode = makeBitcode(kernels);
  if (failed(bitcode))
    return failure();
  PtxRequest request{*bitcode, chip.name, ptxVersion, ""};
  llvm::Expected<PtxAnswer> answer = runPtxWorker(request);
  if (!answer)
    return emitError(kernels.getLoc(), "cannot generate PTX: ") << llvm::toString(answer.takeError());
  if (!answer->succeeded)
    return reportFailure(kernels, request, answer->text);
  if (failed(checkSelfContained(kernels, answer->text)))
    return failure();
  return std::move(answer->text);
}

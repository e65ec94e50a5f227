#include "Generate.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"

using namespace llvm;

/// LLVM's NVPTX code generator, or null when this LLVM was built without it.
static const Target *findNvptx(const Triple &triple) {
  LLVMInitializeNVPTXTargetInfo();
  LLVMInitializeNVPTXTarget();
  LLVMInitializeNVPTXTargetMC();
  LLVMInitializeNVPTXAsmPrinter();
  std::string ignored;
  return TargetRegistry::lookupTarget(triple, ignored);
}

static std::unique_ptr<TargetMachine> createMachine(const Target &target, const Triple &triple,
                                                    StringRef chip, StringRef version) {
  TargetOptions options;
  // A multiply-add is fused where the program says so, nowhere else.
  options.AllowFPOpFusion = FPOpFusion::Strict;
  return std::unique_ptr<TargetMachine>(target.createTargetMachine(
      triple, chip, version, options, Reloc::PIC_, std::nullopt, CodeGenOptLevel::Aggressive));
}

/// LLVM's pipeline of -O3.
static void optimize(Module &module, TargetMachine &machine) {
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager components;
  ModuleAnalysisManager modules;
  PipelineTuningOptions tuning;
  tuning.LoopUnrolling = tuning.LoopInterleaving = true;
  tuning.LoopVectorization = tuning.SLPVectorization = true;
  PassBuilder builder(&machine, tuning);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  builder.buildPerModuleDefaultPipeline(OptimizationLevel::O3).run(module, modules);
}

/// LLVM's own handler prints errors and ends the process.
static void collectErrors(LLVMContext &context, std::string &errors) {
  context.setDiagnosticHandlerCallBack(
      [](const DiagnosticInfo *info, void *state) {
        if (info->getSeverity() != DS_Error)
          return;
        raw_string_ostream stream(*static_cast<std::string *>(state));
        DiagnosticPrinterRawOStream printer(stream);
        stream << (stream.str().empty() ? "" : "; ");
        info->print(printer);
      },
      &errors);
}

Expected<std::string> mlir::colt5::generatePtx(Module &module, StringRef chip, StringRef version) {
  Triple triple("nvptx64-nvidia-cuda");
  const Target *target = findNvptx(triple);
  if (!target)
    return createStringError("this LLVM was built without the NVPTX code generator");
  std::string errors;
  collectErrors(module.getContext(), errors);
  std::unique_ptr<TargetMachine> machine = createMachine(*target, triple, chip, version);
  if (!machine)
    return createStringError("no code generator for " + chip);
  module.setTargetTriple(triple);
  module.setDataLayout(machine->createDataLayout());
  optimize(module, *machine);
  SmallString<0> text;
  raw_svector_ostream stream(text);
  legacy::PassManager passes;
  if (machine->addPassesToEmitFile(passes, stream, nullptr, CodeGenFileType::AssemblyFile))
    return createStringError("LLVM cannot write PTX for " + chip);
  passes.run(module);
  if (!errors.empty())
    return createStringError(errors);
  return std::string(text);
}

#include "colt5/Tools/Common/CommonOptions.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/Timing.h"
#include "llvm/ADT/DenseMap.h"

using namespace mlir;
using namespace mlir::colt5;
namespace cl = llvm::cl;

void colt5::dropForeignOptions(llvm::ArrayRef<llvm::StringRef> names) {
  llvm::DenseMap<llvm::StringRef, cl::Option *> &options = cl::getRegisteredOptions();
  for (llvm::StringRef name : names)
    if (cl::Option *option = options.lookup(name))
      option->removeArgument();
}

void colt5::parseCommandLine(int argc, char **argv, cl::OptionCategory &category, llvm::StringRef overview) {
  registerAsmPrinterCLOptions();
  registerMLIRContextCLOptions();
  registerPassManagerCLOptions();
  registerDefaultTimingManagerCLOptions();
  // Users look at their own lines; an error at the module would print all of it.
  if (cl::Option *option = cl::getRegisteredOptions().lookup("mlir-print-op-on-diagnostic"))
    static_cast<cl::opt<bool> *>(option)->setInitialValue(false);
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv, overview);
}

HookOptions::HookOptions(cl::OptionCategory &category)
    : before("insert-before", cl::value_desc("stage=pipeline"), cl::cat(category),
             cl::desc("Run passes before those of a stage, for every target that has it; may be repeated")),
      after("insert-after", cl::value_desc("stage=pipeline"), cl::cat(category),
            cl::desc("Run passes after those of a stage, before its contract is checked; may be repeated")) {}

llvm::Expected<SmallVector<StageHook>> HookOptions::get() const {
  SmallVector<StageHook> hooks;
  for (auto [place, list] : {std::pair(StageHook::Before, &before), std::pair(StageHook::After, &after)})
    for (const std::string &text : *list) {
      llvm::Expected<StageHook> hook = parseStageHook(place, text);
      if (!hook)
        return hook.takeError();
      hooks.push_back(std::move(*hook));
    }
  return hooks;
}

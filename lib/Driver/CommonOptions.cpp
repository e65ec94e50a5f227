#include "CommonOptions.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/Timing.h"
#include "llvm/ADT/DenseMap.h"

using namespace mlir;
using namespace mlir::colt5;
namespace cl = llvm::cl;

void driver::dropForeignOptions(llvm::ArrayRef<llvm::StringRef> names) {
  llvm::DenseMap<llvm::StringRef, cl::Option *> &options = cl::getRegisteredOptions();
  for (llvm::StringRef name : names)
    if (cl::Option *option = options.lookup(name))
      option->removeArgument();
}

void driver::parseCommandLine(int argc, char **argv, cl::OptionCategory &category, llvm::StringRef overview) {
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

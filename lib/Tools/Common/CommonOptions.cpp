#include "colt5/Tools/Common/CommonOptions.h"
#include "colt5/Support/Error.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/Timing.h"
#include "mlir/Tools/Plugins/DialectPlugin.h"
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

driver::DialectPlugins::DialectPlugins(cl::OptionCategory &category)
    : paths("load-dialect-plugin", cl::desc("Library with a dialect that the input uses; may be repeated"),
            cl::value_desc("file"), cl::cat(category)) {}

llvm::Error driver::DialectPlugins::load(DialectRegistry &registry) const {
  for (const std::string &path : paths) {
    llvm::Expected<DialectPlugin> plugin = DialectPlugin::load(path);
    if (!plugin)
      return makeError("--load-dialect-plugin=" + path + ": " + llvm::toString(plugin.takeError()));
    plugin->registerDialectRegistryCallbacks(registry);
  }
  return llvm::Error::success();
}

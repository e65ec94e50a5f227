#include "colt5/Compiler/SourceFile.h"
#include "colt5/Support/Error.h"
#include "colt5/Support/OutputFile.h"
#include "colt5/Tools/Common/CommonOptions.h"
#include "colt5/Tools/Common/Plugins.h"
#include "colt5/Tools/Opt/Opt.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

int driver::optMain(int argc, char **argv, DialectRegistry &registry) {
  llvm::InitLLVM init(argc, argv);
  reportFileSizeLimits();
  std::string help = registerCLIOptions("colt5 modular optimizer driver\n", registry);
  // Upstream goes on without a plugin that cannot be loaded.
  dropForeignOptions({"load-dialect-plugin", "load-pass-plugin"});
  PluginOptions plugins("colt5-opt", registry);
  auto [input, output] = parseCLIOptions(argc, argv, help);
  MlirOptMainConfig config = MlirOptMainConfig::createFromCLOptions();
  // These read no input.
  if (config.shouldShowDialects() || config.shouldListPasses())
    return asMainReturnCode(MlirOptMain(argc, argv, input, output, registry));

  std::string message;
  std::unique_ptr<llvm::MemoryBuffer> buffer = openInputFile(input, &message);
  if (!buffer)
    return reportError("colt5-opt", makeError(message));
  if (llvm::Error error = checkNesting(buffer->getBuffer()))
    return reportError("colt5-opt", makeError("'" + input + "': " + llvm::toString(std::move(error))));
  auto file = OutputFile::open(output);
  if (!file)
    return reportError("colt5-opt", file.takeError());
  if (failed(MlirOptMain((*file)->os(), std::move(buffer), registry, config)))
    return 1;
  if (llvm::Error error = (*file)->keep())
    return reportError("colt5-opt", std::move(error));
  return 0;
}

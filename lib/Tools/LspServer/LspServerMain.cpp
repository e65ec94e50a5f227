// The command line of colt5-lsp-server.
#include "colt5/Tools/Common/Plugins.h"
#include "colt5/Tools/LspServer/LspServer.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"

using namespace mlir;
using namespace mlir::colt5;

int colt5::lspServerMain(int argc, char **argv, DialectRegistry &registry) {
  PluginOptions plugins("colt5-lsp-server", registry);
  return failed(MlirLspServerMain(argc, argv, registry));
}

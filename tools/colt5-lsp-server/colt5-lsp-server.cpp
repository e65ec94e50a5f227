// Language server: diagnostics, hover and completion for .mlir files with colt5 ops. The command line is in
// lib/Tools/LspServer.
#include "colt5/InitAll.h"
#include "colt5/Tools/LspServer/LspServer.h"
#include "mlir/IR/DialectRegistry.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::colt5::registerAllDialects(registry);
  mlir::colt5::registerAllPasses();
  return mlir::colt5::lspServerMain(argc, argv, registry);
}

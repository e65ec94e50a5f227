// Language server: diagnostics, hover and completion for .mlir files with colt5 ops.
#include "colt5/InitAll.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Support/LLVM.h"
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::colt5::registerAllDialects(registry);
  mlir::colt5::registerAllPasses();
  return mlir::failed(mlir::MlirLspServerMain(argc, argv, registry));
}

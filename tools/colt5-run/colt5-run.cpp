// The command line is in lib/Tools/Run.
#include "colt5/InitAll.h"
#include "colt5/Tools/Run/Run.h"
#include "mlir/IR/DialectRegistry.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::colt5::registerAllDialects(registry);
  mlir::colt5::registerAllPasses();
  return mlir::colt5::driver::runMain(argc, argv, registry);
}

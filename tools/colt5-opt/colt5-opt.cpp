// The optimizer driver: every upstream dialect and pass, and ours.
#include "colt5/InitAll.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::colt5::registerAllDialects(registry);
  mlir::colt5::registerAllPasses();
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "colt5 modular optimizer driver\n", registry));
}

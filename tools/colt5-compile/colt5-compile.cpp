// The command line is in lib/Tools/Compile.
#include "colt5/InitAll.h"
#include "colt5/Tools/Compile/Compile.h"
#include "mlir/IR/DialectRegistry.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::colt5::registerAllDialects(registry);
  mlir::colt5::registerAllPasses();
  return mlir::colt5::compileMain(argc, argv, registry);
}

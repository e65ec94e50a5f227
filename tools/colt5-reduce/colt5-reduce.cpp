// Shrinks a .mlir file while a script still finds it interesting. The command line is in lib/Tools/Reduce.
#include "colt5/InitAll.h"
#include "colt5/Tools/Reduce/Reduce.h"
#include "mlir/IR/DialectRegistry.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::colt5::registerAllDialects(registry);
  mlir::colt5::registerAllPasses();
  return mlir::colt5::driver::reduceMain(argc, argv, registry);
}

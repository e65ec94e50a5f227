// The optimizer driver: every upstream dialect and pass, and ours.
#include "colt5/InitAll.h"
#include "colt5/Tools/Opt/Opt.h"
#include "mlir/IR/DialectRegistry.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::colt5::registerAllDialects(registry);
  mlir::colt5::registerAllPasses();
  return mlir::colt5::driver::optMain(argc, argv, registry);
}

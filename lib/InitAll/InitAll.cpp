#include "colt5/InitAll.h"

#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Dialect/Colt5/IR/ValueBoundsOpInterfaceImpl.h"
#include "colt5/Dialect/Colt5/Transforms/Passes.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"

using namespace mlir;

void colt5::registerAllDialects(DialectRegistry &registry) {
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registry.insert<mlir::colt5::Colt5Dialect>();
  mlir::colt5::registerValueBoundsOpInterfaceExternalModels(registry);
}

void colt5::registerAllPasses() {
  mlir::registerAllPasses();
  mlir::colt5::registerColt5TransformsPasses();
}

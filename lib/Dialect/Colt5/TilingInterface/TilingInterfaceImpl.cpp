#include "colt5/Dialect/Colt5/TilingInterface/TilingInterfaceImpl.h"

#include "Models.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;

void colt5::registerTilingInterfaceExternalModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, Colt5Dialect *) {
    attachRoutingTiling(*context);
    attachMovementTiling(*context);
    attachScatterTiling(*context);
    attachAttentionTiling(*context);
  });
}

#include "Lowerings.h"

using namespace mlir;
using namespace mlir::colt5;

LogicalResult colt5::lowerSimtAttention(BlockBuilder &b, Operation *op) { return failure(); }

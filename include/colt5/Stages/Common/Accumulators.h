#ifndef COLT5_STAGES_COMMON_ACCUMULATORS_H
#define COLT5_STAGES_COMMON_ACCUMULATORS_H

#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlir::colt5 {

/// Whether output `output` of the op is accumulated over a loop in a type below 32 bits that rounds the
/// partial results. Minima, maxima and selections round nothing.
bool roundsPartialResults(linalg::LinalgOp op, unsigned output);

/// Whether several slots of one route may add to one row in a type that rounds in between.
bool roundsRepeatedRows(ScatterCombineOp op);

/// Reports an op that rounds repeated rows, which no lowering may see.
LogicalResult checkRepeatedRows(ScatterCombineOp op);

} // namespace mlir::colt5

#endif // COLT5_STAGES_COMMON_ACCUMULATORS_H

#ifndef COLT5_LIB_STAGES_INPUT_RAISEGATHER_H
#define COLT5_LIB_STAGES_INPUT_RAISEGATHER_H

#include "mlir/IR/PatternMatch.h"
#include "mlir/Pass/Pass.h"

namespace mlir::colt5::detail {

/// Creates `colt5.gather` of rows of `source` at `indices` (any integer type) into `init`.
Value createGather(OpBuilder &builder, Location loc, Value source, Value indices, Value init,
                   int64_t batchDims);

/// Patterns that raise `tensor.gather`; `count` is the number of ops raised.
void populateRaiseTensorGatherPatterns(RewritePatternSet &patterns, Pass::Statistic &count);

} // namespace mlir::colt5::detail

#endif // COLT5_LIB_STAGES_INPUT_RAISEGATHER_H

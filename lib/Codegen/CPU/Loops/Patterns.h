#ifndef COLT5_LIB_CODEGEN_CPU_LOOPS_PATTERNS_H
#define COLT5_LIB_CODEGEN_CPU_LOOPS_PATTERNS_H

#include "mlir/IR/PatternMatch.h"

namespace mlir::colt5 {
void populateTopKToLoopsPatterns(RewritePatternSet &patterns);
void populateSoftTopKToLoopsPatterns(RewritePatternSet &patterns);
void populateMovementToLoopsPatterns(RewritePatternSet &patterns);
void populateRowsToLoopsPatterns(RewritePatternSet &patterns);
void populateBlockSummaryToLoopsPatterns(RewritePatternSet &patterns);
void populateRopeToLoopsPatterns(RewritePatternSet &patterns);

} // namespace mlir::colt5

#endif // COLT5_LIB_CODEGEN_CPU_LOOPS_PATTERNS_H

#include "colt5/Dialect/Colt5/IR/Colt5.h"

using namespace mlir;
using namespace mlir::colt5;

LogicalResult RouterScoresOp::verify() { return success(); }
LogicalResult SoftTopKOp::verify() { return success(); }
LogicalResult TopKOp::verify() { return success(); }
LogicalResult GatherOp::verify() { return success(); }
LogicalResult ScatterCombineOp::verify() { return success(); }
LogicalResult BlockSummaryOp::verify() { return success(); }
LogicalResult RmsScaleOp::verify() { return success(); }
LogicalResult RmsNormOp::verify() { return success(); }
LogicalResult RopeOp::verify() { return success(); }
LogicalResult AttentionOp::verify() { return success(); }
LogicalResult OnlineAttentionOp::verify() { return success(); }
LogicalResult FfnOp::verify() { return success(); }
LogicalResult ConditionalFfnOp::verify() { return success(); }
LogicalResult ConditionalAttentionOp::verify() { return success(); }
LogicalResult ConditionalOp::verify() { return success(); }
LogicalResult ConditionalOp::verifyRegions() { return success(); }

#include "colt5/Codegen/CPU/Passes.h"

#include "Patterns.h"
#include "colt5/Codegen/Common/LoopBuilder.h"
#include "colt5/Stages/Common/Accumulators.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_CONVERTCOLT5TOLOOPS
#include "colt5/Codegen/CPU/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;

namespace {
struct ConvertColt5ToLoops : colt5::impl::ConvertColt5ToLoopsBase<ConvertColt5ToLoops> {
  using ConvertColt5ToLoopsBase::ConvertColt5ToLoopsBase;

  void runOnOperation() override {
    bool rounds = false;
    getOperation()->walk([&](colt5::ScatterCombineOp op) { rounds |= failed(checkRepeatedRows(op)); });
    if (rounds)
      return signalPassFailure();
    RewritePatternSet patterns(&getContext());
    colt5::populateTopKToLoopsPatterns(patterns);
    colt5::populateSoftTopKToLoopsPatterns(patterns);
    colt5::populateMovementToLoopsPatterns(patterns);
    colt5::populateRowsToLoopsPatterns(patterns);
    colt5::populateBlockSummaryToLoopsPatterns(patterns);
    colt5::populateRopeToLoopsPatterns(patterns);
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};
} // namespace

#include "colt5/Stages/Passes.h"
#include "colt5/Stages/Table.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5VERIFYSTAGE
#include "colt5/Stages/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {
struct VerifyStage final : colt5::impl::Colt5VerifyStageBase<VerifyStage> {
  using Colt5VerifyStageBase::Colt5VerifyStageBase;

  void runOnOperation() override {
    markAllAnalysesPreserved();
    const Stage *known = findStage(stage);
    if (!known) {
      InFlightDiagnostic diagnostic = getOperation()->emitError()
                                      << "unknown stage '" << stage << "', expected one of: ";
      llvm::interleaveComma(getStageNames(), diagnostic);
      return signalPassFailure();
    }
    if (failed(known->contract->check(getOperation())))
      signalPassFailure();
  }
};
} // namespace

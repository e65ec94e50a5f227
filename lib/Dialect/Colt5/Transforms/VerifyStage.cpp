#include "colt5/Dialect/Colt5/Transforms/Passes.h"
#include "colt5/Dialect/Colt5/Transforms/StageContracts.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5VERIFYSTAGE
#include "colt5/Dialect/Colt5/Transforms/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {
struct VerifyStage final : colt5::impl::Colt5VerifyStageBase<VerifyStage> {
  using Colt5VerifyStageBase::Colt5VerifyStageBase;

  void runOnOperation() override {
    markAllAnalysesPreserved();
    const StageContract *contract = findStageContract(stage);
    if (!contract) {
      InFlightDiagnostic diagnostic = getOperation()->emitError()
                                      << "unknown stage '" << stage << "', expected one of: ";
      llvm::interleaveComma(getStageContracts(), diagnostic,
                            [&](const StageContract &known) { diagnostic << known.stage; });
      return signalPassFailure();
    }
    if (failed(contract->check(getOperation())))
      signalPassFailure();
  }
};
} // namespace

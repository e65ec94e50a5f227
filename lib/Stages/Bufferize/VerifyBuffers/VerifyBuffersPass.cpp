#include "Numbers.h"
#include "VerifyBuffers.h"
#include "colt5/Stages/Bufferize/Passes.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5VERIFYBUFFERS
#include "colt5/Stages/Bufferize/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {
struct VerifyBuffers : colt5::impl::Colt5VerifyBuffersBase<VerifyBuffers> {
  using Base::Base;

  void runOnOperation() override {
    markAllAnalysesPreserved();
    SymbolTable symbols(getOperation());
    int64_t numPairs = 0, unmodelled = 0;
    for (auto func : getOperation().getOps<func::FuncOp>()) {
      auto tensors = symbols.lookup<func::FuncOp>(getValuesName(func.getName()));
      if (!tensors || func.isDeclaration() || tensors.isDeclaration())
        continue;
      ++numPairs;
      if (failed(verifyBuffers(tensors, func, unmodelled)))
        signalPassFailure();
    }
    numUnmodelled += unmodelled;
    if (numPairs == 0) {
      getOperation().emitError(
          "expected functions @f and @f.values, as `colt5-bufferize{keep-values=true}` leaves "
          "them, found none");
      signalPassFailure();
    }
  }
};
} // namespace

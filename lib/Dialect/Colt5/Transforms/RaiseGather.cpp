#include "colt5/Dialect/Colt5/Transforms/Passes.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5RAISEGATHER
#include "colt5/Dialect/Colt5/Transforms/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {
struct RaiseGather final : colt5::impl::Colt5RaiseGatherBase<RaiseGather> {
  using Colt5RaiseGatherBase::Colt5RaiseGatherBase;
  void runOnOperation() override {}
};
} // namespace

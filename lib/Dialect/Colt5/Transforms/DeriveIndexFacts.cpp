#include "colt5/Dialect/Colt5/Transforms/Passes.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5DERIVEINDEXFACTS
#include "colt5/Dialect/Colt5/Transforms/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {
struct DeriveIndexFacts final : colt5::impl::Colt5DeriveIndexFactsBase<DeriveIndexFacts> {
  using Colt5DeriveIndexFactsBase::Colt5DeriveIndexFactsBase;
  void runOnOperation() override {}
};
} // namespace

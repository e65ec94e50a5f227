// Which families there are, and how many ops of each a program has.
#include "Builder.h"

using namespace mlir::colt5;
using namespace mlir::colt5::fuzz;

namespace {
struct Family {
  unsigned weight;
  bool (*add)(Builder &builder);
};
} // namespace

static const Family kFamilies[] = {
    {20, addElementwise},
    {10, addGeneric},
    {5, addConversion},
    {9, addContraction},
    {4, addReduction},
    {6, addReshape},
    {6, addSlice},
    {9, addMovement},
    {5, addRouting},
    {6, addSelection},
    {6, addGather},
    {6, addScatter},
    {2, addBlockSummary},
    {4, addNorm},
    {2, addRope},
    {4, addAttention},
    {2, addOnlineAttention},
    {3, addFfn},
    {3, addConditional},
    {2, addConditionalFfn},
    {2, addConditionalAttention},
    {5, addControl},
};

bool fuzz::addOp(Builder &builder) {
  unsigned total = 0;
  for (const Family &family : kFamilies)
    total += family.weight;
  unsigned drawn = builder.random.range(0, total - 1);
  for (const Family &family : kFamilies) {
    if (drawn < family.weight)
      return family.add(builder);
    drawn -= family.weight;
  }
  return false;
}

Program fuzz::generate(uint64_t seed) {
  Builder builder(seed);
  unsigned wanted = builder.random.pick<unsigned>({1, 2, 2, 3, 3, 4, 5, 6, 8, 10});
  for (unsigned tries = 0; wanted && tries < 200; ++tries)
    wanted -= addOp(builder);
  builder.finish();
  return std::move(builder.program);
}

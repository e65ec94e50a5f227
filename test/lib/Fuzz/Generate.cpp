// Which families there are, and how many ops of each a program has.
#include "Builder.h"

using namespace mlir::colt5;
using namespace mlir::colt5::fuzz;

static const Family kFamilies[] = {
    {"elementwise", 20, addElementwise},
    {"generic", 10, addGeneric},
    {"conversion", 5, addConversion},
    {"contraction", 9, addContraction},
    {"reduction", 4, addReduction},
    {"reshape", 6, addReshape},
    {"slice", 6, addSlice},
    {"movement", 9, addMovement},
    {"routing", 5, addRouting},
    {"selection", 6, addSelection},
    {"gather", 6, addGather},
    {"scatter", 6, addScatter},
    {"block_summary", 2, addBlockSummary},
    {"norm", 4, addNorm},
    {"rope", 2, addRope},
    {"attention", 4, addAttention},
    {"online_attention", 2, addOnlineAttention},
    {"ffn", 3, addFfn},
    {"conditional", 3, addConditional},
    {"conditional_ffn", 2, addConditionalFfn},
    {"conditional_attention", 2, addConditionalAttention},
    {"control", 5, addControl},
};

llvm::ArrayRef<Family> fuzz::getFamilies() { return kFamilies; }

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

// The family `simt`: every kernel, op by op, as scalar code that the threads of a block share.
#include "SimtFamily.h"

#include "SimtSchedule.h"
#include "colt5/Stages/Common/ModuleMachine.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace mlir::colt5;

SmallVector<int64_t> colt5::getSimtDefaults(const Machine &machine) {
  return {/*threads=*/machine.threads, /*block_rows=*/128, /*block_columns=*/128, /*block_k=*/16,
          /*query_block=*/64,          /*key_block=*/32,   /*head_chunk=*/64};
}

SimtScheduleAttr colt5::getSimtSchedule(Operation *op) {
  Machine machine = findMachineOf(op).value_or(getDefaultMachine(MachineKind::GPU));
  return completeSchedule<SimtScheduleAttr>(op->getContext(), findSchedule(op), {}, getSimtDefaults(machine));
}

/// Moves router scores right behind what computes their tokens, before other users, so that both can share a
/// kernel.
static void hoistRouterScores(Operation *top) {
  SmallVector<RouterScoresOp> ops;
  top->walk([&](RouterScoresOp scores) { ops.push_back(scores); });
  IRRewriter rewriter(top->getContext());
  for (RouterScoresOp scores : ops) {
    Operation *producer = scores.getX().getDefiningOp();
    if (!producer || !isComputeOp(producer) || producer->getBlock() != scores->getBlock() || getPlan(scores))
      continue;
    Operation *behind = producer->getNextNode();
    if (behind != scores && succeeded(moveOperationDependencies(rewriter, scores, behind)))
      rewriter.moveOpBefore(scores, behind);
  }
}

/// The numbers that a kernel with this anchor reads; 0 for the others.
static SmallVector<int64_t> chooseNumbers(Operation *heavy, const Machine &machine) {
  SmallVector<int64_t> numbers = getSimtDefaults(machine);
  bool isContraction = heavy && classify(heavy) == OpKind::Contraction, isAttention = heavy && !isContraction;
  auto part = MutableArrayRef(numbers).drop_front();
  if (!isContraction)
    llvm::fill(part.take_front(3), 0);
  if (!isAttention)
    llvm::fill(part.drop_front(3), 0);
  return numbers;
}

void SimtFamily::prepare(Operation *function, const Machine &) const { hoistRouterScores(function); }

bool SimtFamily::mayFuse(const KernelDraft &draft, Fusion &fusion, const Machine &) const {
  // Whole rows of what a contraction reads do not fit beside its tiles in shared memory.
  FusionRules rules;
  rules.scoresRows = true;
  return colt5::mayFuse(draft, fusion, rules);
}

ScheduleChoice SimtFamily::choose(const KernelDraft &draft, ScheduleAttrInterface given,
                                  const Machine &machine) const {
  SmallVector<int64_t> numbers = chooseNumbers(draft.getHeavy(), machine);
  auto schedule = completeSchedule<SimtScheduleAttr>(draft.root->getContext(), given, {}, numbers);
  TileRules rules;
  // The outputs of a contraction wait for its epilogue in shared memory.
  rules.accumulatorBytes = machine.sharedBytes;
  rules.accumulatorPlace = "shared memory";
  rules.fewestRows = 32;
  // A block splits k among its threads where a tile is small.
  rules.fewestColumns = [](int64_t rows) { return std::max<int64_t>(32, rows); };
  // A warp takes a row; a block has many.
  rules.fewestScoredRows = schedule.getThreads() / kWarpSize;
  TileChoice tile = chooseTile(draft, machine, rules);
  if (schedule.getTile().empty())
    return {schedule.withTile(tile.sizes), tile.reason};
  return {schedule, tile.reason};
}

std::optional<std::string> SimtFamily::check(const KernelDraft &draft, ScheduleAttrInterface schedule,
                                             const Machine &machine) const {
  return findUnreadNumber(cast<SimtScheduleAttr>(schedule), chooseNumbers(draft.getHeavy(), machine));
}

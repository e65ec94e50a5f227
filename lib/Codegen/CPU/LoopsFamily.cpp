// The family `loops`: every kernel, as loops and vectors of a task.
#include "LoopsSchedule.h"

#include "colt5/Codegen/CPU/Families.h"
#include "colt5/Stages/Plan/KernelFamily.h"

using namespace mlir;
using namespace mlir::colt5;

ArrayRef<int64_t> colt5::getLoopsDefaults() {
  static constexpr int64_t defaults[] = {
      /*block_rows=*/264,  /*block_columns=*/64, /*block_k=*/256,
      /*query_block=*/256, /*key_block=*/64,     /*head_chunk=*/128};
  return defaults;
}

LoopsScheduleAttr colt5::getLoopsSchedule(Operation *op) {
  return completeSchedule<LoopsScheduleAttr>(op->getContext(), findSchedule(op), {}, getLoopsDefaults());
}

namespace {
class LoopsFamily : public KernelFamily {
public:
  LoopsFamily() : KernelFamily("loops") {}

  bool runsOn(const Machine &machine) const override { return machine.kind == MachineKind::CPU; }
  bool takesAll() const override { return true; }
  bool suits(Operation *, const Machine &) const override { return true; }

  bool mayFuse(const KernelDraft &draft, Fusion &fusion, const Machine &) const override {
    return colt5::mayFuse(draft, fusion, {/*gathersOperands=*/true, /*computesOperands=*/true});
  }

  ScheduleChoice choose(const KernelDraft &draft, ScheduleAttrInterface given,
                        const Machine &machine) const override {
    TileRules rules;
    rules.accumulatorBytes = machine.l2Bytes / 2;
    rules.accumulatorPlace = "half of L2";
    rules.fewestRows = 64;
    rules.fewestColumns = [&](int64_t) { return 16 * machine.vectorBytes / 4; };
    TileChoice tile = chooseTile(draft, machine, rules);
    ScheduleAttrInterface schedule = completeSchedule<LoopsScheduleAttr>(
        draft.root->getContext(), given, tile.sizes, chooseNumbers(draft.getHeavy()));
    return {schedule, tile.reason};
  }

  std::optional<std::string> check(const KernelDraft &draft, ScheduleAttrInterface schedule,
                                   const Machine &) const override {
    auto loops = cast<LoopsScheduleAttr>(schedule);
    if (std::optional<std::string> unread = findUnreadNumber(loops, chooseNumbers(draft.getHeavy())))
      return unread;
    auto reason = [&](StringRef name, int64_t size, int64_t most) {
      return (name + " x block_k is " + Twine(size) + ", more than the " + Twine(most) +
              " elements that fit the stack of a task")
          .str();
    };
    int64_t left = loops.getBlockRows() * loops.getBlockK(),
            right = loops.getBlockColumns() * loops.getBlockK();
    if (left > kMaxLeftElements)
      return reason("block_rows", left, kMaxLeftElements);
    if (right > kMaxRightElements)
      return reason("block_columns", right, kMaxRightElements);
    return std::nullopt;
  }

private:
  /// The numbers that a kernel with this anchor reads; 0 for the others.
  static SmallVector<int64_t> chooseNumbers(Operation *heavy) {
    ArrayRef<int64_t> all = getLoopsDefaults();
    SmallVector<int64_t> numbers(all.size(), 0);
    if (heavy && classify(heavy) == OpKind::Contraction)
      llvm::copy(all.take_front(3), numbers.begin());
    else if (heavy)
      llvm::copy(all.drop_front(3), numbers.begin() + 3);
    return numbers;
  }
};
} // namespace

void colt5::registerCPUFamilies(DialectRegistry &registry) { registerKernelFamily<LoopsFamily>(registry); }

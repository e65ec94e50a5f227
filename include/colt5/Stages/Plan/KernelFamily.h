// Families of kernels: who can compute what, how ops are grouped for them, and with which schedule.
#ifndef COLT5_STAGES_PLAN_KERNELFAMILY_H
#define COLT5_STAGES_PLAN_KERNELFAMILY_H

#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Stages/Plan/KernelDraft.h"
#include "mlir/IR/DialectInterface.h"
#include "mlir/IR/DialectRegistry.h"

namespace mlir::colt5 {

/// A schedule, and why it is this one.
struct ScheduleChoice {
  ScheduleAttrInterface schedule;
  std::string reason;
};

/// A way to compute kernels on machines of some kind. `colt5-plan` gives every anchor (a contraction, an
/// attention, a selection) the first family of the machine that suits it, groups ops by the rules of that
/// family, and asks it for a schedule. Where there is none, the anchor moves on to its next family and the
/// ops are grouped again. The last family of a machine computes every kernel.
class KernelFamily {
public:
  /// `name`: the mnemonic of its schedules.
  explicit KernelFamily(StringRef name) : name(name) {}
  virtual ~KernelFamily();

  StringRef getName() const { return name; }
  virtual bool runsOn(const Machine &machine) const = 0;
  /// Whether it computes every kernel of its machines; every machine has one such family.
  virtual bool takesAll() const { return false; }
  /// Whether it writes kernels as a whole; loops of other families are lowered op by op.
  virtual bool writesWholeKernels() const { return false; }

  /// Rewrites a function before its ops are grouped, without changing a number.
  virtual void prepare(Operation *function, const Machine &machine) const {}
  /// Whether a kernel with this anchor may be one of its own.
  virtual bool suits(Operation *anchor, const Machine &machine) const = 0;
  /// Whether an op joins `draft`, which is one of this family or becomes one by it.
  virtual bool mayFuse(const KernelDraft &draft, Fusion &fusion, const Machine &machine) const = 0;
  /// The schedule of `draft`. `given`, null or one of this family's or #colt5.tiles, wins where it says
  /// something.
  virtual ScheduleChoice choose(const KernelDraft &draft, ScheduleAttrInterface given,
                                const Machine &machine) const = 0;
  /// Why `draft` cannot be computed with `schedule`, which `choose` made; nothing when it can.
  virtual std::optional<std::string> check(const KernelDraft &draft, ScheduleAttrInterface schedule,
                                           const Machine &machine) const {
    return std::nullopt;
  }

private:
  StringRef name;
};

/// The families of a context. Extensions of the dialect add them.
class KernelFamilies : public DialectInterface::Base<KernelFamilies> {
public:
  explicit KernelFamilies(Dialect *dialect) : Base(dialect) {}

  /// Puts `family` before those that are there already, and behind them if it takes all kernels.
  void add(std::unique_ptr<KernelFamily> family);
  ArrayRef<std::unique_ptr<KernelFamily>> getAll() const { return families; }

  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(KernelFamilies)

private:
  SmallVector<std::unique_ptr<KernelFamily>> families;
};

/// The schedule of type `AttrT` with the tile and the numbers that `given` says, else with `tile` and
/// `values`.
template <typename AttrT>
AttrT completeSchedule(MLIRContext *context, ScheduleAttrInterface given, ArrayRef<int64_t> tile,
                       ArrayRef<int64_t> values) {
  SmallVector<int64_t> numbers(values);
  if (auto own = dyn_cast_if_present<AttrT>(given))
    for (auto [number, value] : llvm::zip_equal(numbers, own.getValues()))
      number = value ? value : number;
  return AttrT::fromValues(context, given && !given.getTile().empty() ? given.getTile() : tile, numbers);
}

/// Why `schedule` says too much: a number that is 0 in `read`, so that no code of its kernel reads it.
template <typename AttrT>
std::optional<std::string> findUnreadNumber(AttrT schedule, ArrayRef<int64_t> read) {
  for (auto [number, value, isRead] : llvm::zip_equal(AttrT::getNumbers(), schedule.getValues(), read))
    if (value && !isRead)
      return ("expected no " + number.name + " in the schedule of a kernel that does not read it, found " +
              Twine(value))
          .str();
  return std::nullopt;
}

/// Adds `FamilyT` to every context that is made from `registry`.
template <typename FamilyT> void registerKernelFamily(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *, Colt5Dialect *dialect) {
    auto *families = dialect->getRegisteredInterface<KernelFamilies>();
    if (!families)
      families = &dialect->addInterface<KernelFamilies>();
    const_cast<KernelFamilies *>(families)->add(std::make_unique<FamilyT>());
  });
}

/// The families of `machine`, first choice first; of all machines when it is null.
SmallVector<const KernelFamily *> getFamilies(MLIRContext *context, const Machine *machine);
/// The family called `name`, or null.
const KernelFamily *findFamily(MLIRContext *context, StringRef name);

/// True for the plan of a kernel that its family writes as a whole.
bool isWholeKernelPlan(PlanAttr plan);

/// Reports what the plan on `op`, a compute op or the loop of a kernel, asks for and nothing honours.
/// `machine` is null where it is not known.
LogicalResult checkPlanOf(Operation *op, const Machine *machine);

} // namespace mlir::colt5

#endif // COLT5_STAGES_PLAN_KERNELFAMILY_H

// An example of a pass between two stages: after stage plan it doubles the tile sizes of every kernel that
// gathers rows. The stages that follow make code of what it leaves.
#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Support/Version.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Tools/Plugins/PassPlugin.h"

using namespace mlir;

namespace {
struct DoubleGatherTiles : PassWrapper<DoubleGatherTiles, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(DoubleGatherTiles)

  StringRef getArgument() const override { return "double-gather-tiles"; }
  StringRef getDescription() const override { return "Double the tile sizes of kernels that gather rows"; }

  void runOnOperation() override {
    // The number of a kernel is unique in its function.
    for (Operation &function : *getOperation().getBody()) {
      llvm::DenseSet<int64_t> kernels;
      function.walk([&](colt5::GatherOp gather) {
        if (auto plan = gather->getAttrOfType<colt5::PlanAttr>(colt5::kPlanAttr))
          kernels.insert(plan.getKernel());
      });
      function.walk([&](Operation *op) {
        auto plan = op->getAttrOfType<colt5::PlanAttr>(colt5::kPlanAttr);
        if (plan && plan.getRole() == colt5::KernelRole::Root && kernels.contains(plan.getKernel()))
          doubleTile(op, plan);
      });
    }
  }

  static void doubleTile(Operation *root, colt5::PlanAttr plan) {
    SmallVector<int64_t> tile(plan.getTile());
    // 0 is a loop that is not tiled, and 1 is mostly a batch.
    for (int64_t &size : tile)
      size = size > 1 ? 2 * size : size;
    if (tile == plan.getTile())
      return;
    root->setAttr(colt5::kPlanAttr,
                  colt5::PlanAttr::get(root->getContext(), plan.getKernel(), plan.getRole(),
                                       plan.getSchedule().withTile(tile), plan.getReason()));
    root->emitRemark() << "doubled the tile of kernel " << plan.getKernel();
  }
};
} // namespace

extern "C" LLVM_ATTRIBUTE_WEAK PassPluginLibraryInfo mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "DoubleTiles", COLT5_PLUGIN_VERSION,
          [] { PassRegistration<DoubleGatherTiles>(); }};
}

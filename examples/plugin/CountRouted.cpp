// An example of a pass outside the compiler: it reports the fraction of rows that each gather reads, and
// counts the linalg ops. It matches colt5 and linalg ops by C++ type.
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Support/Version.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Tools/Plugins/PassPlugin.h"

using namespace mlir;

namespace {
struct CountRouted : PassWrapper<CountRouted, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(CountRouted)

  StringRef getArgument() const override { return "count-routed"; }
  StringRef getDescription() const override {
    return "Report the fraction of rows that each colt5.gather reads";
  }

  void runOnOperation() override {
    int64_t linalgOps = 0;
    getOperation().walk([&](Operation *op) {
      if (isa<linalg::LinalgOp>(op))
        ++linalgOps;
      auto gather = dyn_cast<colt5::GatherOp>(op);
      if (!gather)
        return;
      auto source = cast<ShapedType>(gather.getSource().getType());
      auto indices = cast<ShapedType>(gather.getIndices().getType());
      int64_t rows = source.getDimSize(gather.getBatchDims()), slots = indices.getShape().back();
      if (ShapedType::isDynamic(rows) || ShapedType::isDynamic(slots))
        gather.emitRemark() << "routes a number of rows known at run time";
      else
        gather.emitRemark() << "routes " << slots << " of " << rows << " rows";
    });
    getOperation().emitRemark() << "found " << linalgOps << " linalg op(s)";
  }
};
} // namespace

extern "C" LLVM_ATTRIBUTE_WEAK PassPluginLibraryInfo mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "CountRouted", COLT5_PLUGIN_VERSION,
          [] { PassRegistration<CountRouted>(); }};
}

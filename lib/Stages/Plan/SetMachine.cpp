#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Stages/Plan/Passes.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5SETMACHINE
#include "colt5/Stages/Plan/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {
struct SetMachine final : colt5::impl::Colt5SetMachineBase<SetMachine> {
  using Base::Base;

  void runOnOperation() override {
    FailureOr<MachineAttr> wanted = readOptions();
    if (failed(wanted))
      return signalPassFailure();
    ModuleOp module = getOperation();
    auto found = module->getAttrOfType<MachineAttr>(kMachineAttr);
    if (!found) {
      module->setAttr(kMachineAttr, *wanted);
      return;
    }
    bool isSame = found.getName() == wanted->getName() &&
                  (!wanted->getOverrides() || wanted->getOverrides() == found.getOverrides());
    if (isSame)
      return;
    module.emitError("expected a module that is planned for ")
        << *wanted << ", found one for " << found
        << "; name its machine as the target, or start from a stage before plan";
    signalPassFailure();
  }

  /// The options as an attribute, which checks them.
  FailureOr<MachineAttr> readOptions() {
    MLIRContext *context = &getContext();
    auto report = [&] { return getOperation().emitError("colt5-set-machine: "); };
    NamedAttrList numbers;
    for (StringRef entry : overrides) {
      auto [key, text] = entry.split('=');
      int64_t value;
      if (text.getAsInteger(10, value)) {
        report() << "expected overrides of the form NAME=NUMBER, found '" << entry << "'";
        return failure();
      }
      if (numbers.get(key)) {
        report() << "expected one number for " << key << ", found two";
        return failure();
      }
      numbers.set(key, IntegerAttr::get(IntegerType::get(context, 64), value));
    }
    auto attribute =
        MachineAttr::getChecked(report, context, StringRef(name),
                                numbers.empty() ? DictionaryAttr() : numbers.getDictionary(context));
    if (!attribute)
      return failure();
    return attribute;
  }
};
} // namespace

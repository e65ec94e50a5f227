#include "colt5/Reference/SemanticVerifier.h"

#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "mlir/Pass/PassManager.h"
#include <cmath>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::reference;

/// What is wrong with `actual`, or nothing.
static std::optional<std::string> findDifference(const ReferenceResult &expected,
                                                 const ReferenceResult &actual, double tolerance) {
  if (expected.results.size() != actual.results.size())
    return "the number of results changed from " + std::to_string(expected.results.size()) + " to " +
           std::to_string(actual.results.size());
  for (auto [i, want, got] : llvm::enumerate(expected.results, actual.results)) {
    if (want.getShape() != got.getShape() || want.isFloat() != got.isFloat())
      return "result " + std::to_string(i) + " changed from " + describe(want) + " to " + describe(got);
    double scale = 1.0;
    for (int64_t at = 0; at < want.getNumElements(); ++at)
      if (std::isfinite(want.getAsDouble(at)))
        scale = std::max(scale, std::fabs(want.getAsDouble(at)));
    for (int64_t at = 0; at < want.getNumElements(); ++at) {
      double a = want.getAsDouble(at), b = got.getAsDouble(at);
      bool same = a == b || (std::isnan(a) && std::isnan(b)) || std::fabs(a - b) <= tolerance * scale;
      if (!same)
        return "element " + std::to_string(at) + " of result " + std::to_string(i) + " changed from " +
               std::to_string(a) + " to " + std::to_string(b);
    }
  }
  if (expected.errorWord != actual.errorWord)
    return std::string("the index error word changed");
  return std::nullopt;
}

namespace {
class SemanticInstrumentation : public PassInstrumentation {
public:
  SemanticInstrumentation(SemanticVerifierOptions options, std::shared_ptr<SemanticVerdict> verdict)
      : options(std::move(options)), verdict(std::move(verdict)) {}

  void runBeforePass(Pass *pass, Operation *op) override {
    if (expected || verdict->failed())
      return;
    if (ModuleOp module = getModule(op)) {
      FailureOr<ReferenceResult> result = execute(module);
      if (succeeded(result))
        expected = std::move(*result);
      else
        verdict->guiltyPass = "<input>";
    }
  }

  void runAfterPass(Pass *pass, Operation *op) override {
    ModuleOp module = getModule(op);
    // Adaptors only run other passes, which were checked.
    if (!module || !expected || verdict->failed() || pass->getArgument().empty())
      return;
    ++verdict->checkedPasses;
    FailureOr<ReferenceResult> actual = execute(module);
    std::optional<std::string> difference = std::string("the module does not run any more");
    if (succeeded(actual))
      difference = findDifference(*expected, *actual, options.tolerance);
    if (!difference)
      return;
    verdict->guiltyPass = pass->getArgument().str();
    op->emitError() << "pass '" << pass->getArgument()
                    << "' changed the meaning of the module: " << *difference;
  }

private:
  static ModuleOp getModule(Operation *op) {
    ModuleOp module = dyn_cast<ModuleOp>(op);
    return module ? module : op->getParentOfType<ModuleOp>();
  }
  FailureOr<ReferenceResult> execute(ModuleOp module) {
    return interpret(module, options.entry, options.inputs, options.reference);
  }

  SemanticVerifierOptions options;
  std::shared_ptr<SemanticVerdict> verdict;
  std::optional<ReferenceResult> expected;
};
} // namespace

std::shared_ptr<SemanticVerdict> mlir::colt5::addSemanticVerifier(PassManager &pm,
                                                                  SemanticVerifierOptions options) {
  auto verdict = std::make_shared<SemanticVerdict>();
  pm.getContext()->disableMultithreading();
  pm.addInstrumentation(std::make_unique<SemanticInstrumentation>(std::move(options), verdict));
  return verdict;
}

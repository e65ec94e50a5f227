#ifndef COLT5_REFERENCE_SEMANTICVERIFIER_H
#define COLT5_REFERENCE_SEMANTICVERIFIER_H

#include "colt5/Reference/Interpreter.h"

namespace mlir {
class PassManager;
} // namespace mlir

namespace mlir::colt5 {

struct SemanticVerifierOptions {
  /// Function to run; may be empty as in `interpret`.
  std::string entry;
  std::vector<reference::Tensor> inputs;
  /// Largest difference of two elements allowed, relative to the largest magnitude in the result (at least
  /// 1).
  double tolerance = 1e-9;
  ReferenceOptions reference;
};

/// What the verifier found; lives as long as someone holds it.
struct SemanticVerdict {
  /// Command-line argument of the first pass after which the module did not run or meant something else;
  /// empty if none.
  std::string guiltyPass;
  /// Number of passes after which the module was executed.
  unsigned checkedPasses = 0;
  bool failed() const { return !guiltyPass.empty(); }
};

/// Executes the module after every pass of `pm` on the given inputs and compares with its results before the
/// first pass. The first pass that changed the meaning gets an error with its name; checking stops there. A
/// pass instrumentation cannot stop a pass manager: callers look at the verdict after `run`. For modules of
/// stages 0 to 3. Turns multi-threading of the context off, because a pass on one function must not see
/// others change.
std::shared_ptr<SemanticVerdict> addSemanticVerifier(PassManager &pm, SemanticVerifierOptions options);

} // namespace mlir::colt5

#endif // COLT5_REFERENCE_SEMANTICVERIFIER_H

#ifndef COLT5_REFERENCE_INTERPRETER_H
#define COLT5_REFERENCE_INTERPRETER_H

#include "colt5/Reference/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Support/LLVM.h"
#include <functional>
#include <optional>

namespace mlir::colt5 {

enum class ReferencePrecision {
  /// Every floating-point value is f64; only the inputs are rounded to their declared types. The judge.
  Wide,
  /// Every op result is rounded to its declared type; contractions of 16 and 32 bit accumulate in f32.
  Declared
};

/// One selection of tokens: a `colt5.topk`, or a router inside a composite.
struct ReferenceSelection {
  Operation *op;
  /// Number of selections before this one in program order.
  unsigned ordinal;
  /// "" for `colt5.topk`; "q", "kv" or "ffn" for the routers of a composite (in this order).
  StringRef router;
  /// BxRxN.
  const reference::Tensor &scores;
  /// BxN or BxRxN, or null.
  const reference::Tensor *mask;
  /// BxRxK. The hook may replace the tensor by another of this shape (replay); valid and values follow.
  reference::Tensor &indices;
};

/// Called with every selection in program order; failure (after a diagnostic) ends the run.
using RoutingHook = std::function<LogicalResult(ReferenceSelection &)>;

/// Called with every result of an op that carries the string attribute `colt5.part`. A composite that carries
/// `colt5.part = "p"` also reports "p.light" (BxNxD), "p.heavy" (the weighted increment, BxNxD) and the
/// weights "p.weights" (BxK; "p.weights.q" and "p.weights.kv" for attention).
using PartHook =
    std::function<void(StringRef part, Operation *op, unsigned result, const reference::Tensor &)>;

struct ReferenceOptions {
  ReferencePrecision precision = ReferencePrecision::Wide;
  /// Number of threads; 0 means one per core.
  unsigned threads = 0;
  /// Elements that the definition of attention leaves open are NaN (see `reference::Unspecified`): a result
  /// that is NaN with this option only may be NaN in compiled code.
  bool unspecifiedIsNaN = false;
  RoutingHook onSelection;
  PartHook onPart;
};

struct ReferenceResult {
  SmallVector<reference::Tensor> results;
  /// True when some index was out of range (see the index contract) or some mask was not a prefix.
  bool errorWord = false;
  /// Some element was left open.
  bool hasUnspecified = false;
};

/// Executes function `entry` of `module` (IR of stages 0 to 3: func, arith, math, affine, scf, tensor, linalg
/// and colt5 on tensors). `entry` may be empty when the module has exactly one public function. Scalar
/// arguments and results are rank-0 tensors; integer and floating-point inputs must have the declared element
/// kind, and the shape must fit the type. Every failure is a diagnostic on the op concerned.
FailureOr<ReferenceResult> interpret(ModuleOp module, StringRef entry, ArrayRef<reference::Tensor> inputs,
                                     const ReferenceOptions &options = {});

/// The function `interpret` would run, or null after a diagnostic.
FunctionOpInterface findEntry(ModuleOp module, StringRef entry);

} // namespace mlir::colt5

#endif // COLT5_REFERENCE_INTERPRETER_H

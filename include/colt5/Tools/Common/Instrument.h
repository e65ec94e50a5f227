#ifndef COLT5_TOOLS_COMMON_INSTRUMENT_H
#define COLT5_TOOLS_COMMON_INSTRUMENT_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringMap.h"
#include <string>

namespace mlir::colt5::driver {

/// Gives every observed value of a run one name: "attn.light" for result 0 of the first op that carries
/// `colt5.part = "attn.light"`, "attn.light:1" for its result 1, "attn.light[1]" for the second such op.
/// Ops must be asked in program order.
class PartNames {
public:
  std::string get(StringRef part, Operation *op, unsigned result);

private:
  struct Seen {
    Operation *last = nullptr;
    unsigned count = 0;
  };
  llvm::StringMap<Seen> seen;
};

/// What `instrument` added to a function. Arguments: one i32 tensor of indices per selection when `replay`.
/// Results, after the function's own: one per part, then indices and scores of every selection.
struct Instrumentation {
  unsigned numOwnResults = 0;
  SmallVector<std::string> parts;
  /// The `block` of each selection, 0 for none.
  SmallVector<int64_t> selectionBlocks;
};

/// Makes the values of ops with `colt5.part` (when `parts`) and the selections of every `colt5.topk` (when
/// `routing`) results of `function`, which is on tensors and holds no composites. With `replay` every user of
/// a selection reads a new argument instead. Only ops of the function's own block count.
FailureOr<Instrumentation> instrument(func::FuncOp function, bool parts, bool routing, bool replay);

} // namespace mlir::colt5::driver

#endif // COLT5_TOOLS_COMMON_INSTRUMENT_H

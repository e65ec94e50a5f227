#include "colt5/Dialect/Colt5/Interfaces/Aggregated.h"
#include "colt5/Stages/Decompose/Passes.h"

#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/StringSet.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5DECOMPOSE
#include "colt5/Stages/Decompose/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

/// A composite may emit composites; anything deeper than this decomposes to itself.
static constexpr int kMaxRounds = 16;

namespace {
struct Decompose final : colt5::impl::Colt5DecomposeBase<Decompose> {
  using Colt5DecomposeBase::Colt5DecomposeBase;

  /// Checks the option `ops` once the dialects are loaded.
  LogicalResult checkFilter() {
    MLIRContext *context = &getContext();
    for (const std::string &name : ops) {
      std::optional<RegisteredOperationName> found = RegisteredOperationName::lookup(name, context);
      if (found && found->hasInterface<linalg::AggregatedOpInterface>())
        continue;
      InFlightDiagnostic diagnostic = getOperation()->emitError()
                                      << "option 'ops' expects ops that can be decomposed, found '" << name
                                      << "', which " << (found ? "cannot" : "is not a known op");
      Diagnostic &note = diagnostic.attachNote() << "ops that can be: ";
      llvm::interleaveComma(getDecomposable(), note, [&](StringRef op) { note << op; });
      return diagnostic;
    }
    return success();
  }

  SmallVector<StringRef> getDecomposable() {
    SmallVector<StringRef> names;
    for (RegisteredOperationName name : getContext().getRegisteredOperations())
      if (name.hasInterface<linalg::AggregatedOpInterface>())
        names.push_back(name.getStringRef());
    return names;
  }

  void runOnOperation() override {
    if (failed(checkFilter()))
      return signalPassFailure();
    llvm::StringSet<> filter;
    for (const std::string &name : ops)
      filter.insert(name);

    IRRewriter rewriter(&getContext());
    for (int round = 0; round < kMaxRounds; ++round) {
      SmallVector<linalg::AggregatedOpInterface> worklist;
      getOperation()->walk([&](linalg::AggregatedOpInterface op) {
        if (filter.empty() || filter.contains(op->getName().getStringRef()))
          worklist.push_back(op);
      });
      if (worklist.empty())
        return;
      for (linalg::AggregatedOpInterface op : worklist)
        if (failed(decompose(rewriter, op)))
          return signalPassFailure();
    }
    getOperation()->emitError("composite ops are left after ") << kMaxRounds << " rounds of decomposition";
    signalPassFailure();
  }

  LogicalResult decompose(RewriterBase &rewriter, linalg::AggregatedOpInterface op) {
    rewriter.setInsertionPoint(op);
    FailureOr<SmallVector<Value>> replacements = op.decomposeOperation(rewriter);
    if (failed(replacements))
      return op->emitOpError("could not be decomposed");
    // Tools find the parts of a composite by name, also when a part is a composite itself.
    if (Attribute part = op->getDiscardableAttr(kPartAttr))
      for (Value value : *replacements)
        if (Operation *producer = value.getDefiningOp())
          producer->setDiscardableAttr(kPartAttr, part);
    rewriter.replaceOp(op, *replacements);
    ++numDecomposed;
    return success();
  }
};
} // namespace

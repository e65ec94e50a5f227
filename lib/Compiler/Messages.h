// What a compilation says, as data.
#ifndef COLT5_LIB_COMPILER_MESSAGES_H
#define COLT5_LIB_COMPILER_MESSAGES_H

#include "colt5/Compiler/Compiler.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/SourceMgr.h"

namespace mlir::colt5 {

/// While it lives, appends the diagnostics of a context to a list and prints them where that is asked for.
class DiagnosticCollector : public SourceMgrDiagnosticHandler {
public:
  /// `stream` may be null. Printed diagnostics quote the text in `sources`.
  DiagnosticCollector(llvm::SourceMgr &sources, MLIRContext &context, std::vector<CompileDiagnostic> &list,
                      raw_ostream *stream);
};

/// Makes the passes of `context` append their remarks to `list`, which must live as long.
void collectRemarks(MLIRContext &context, std::vector<CompileRemark> &list);

/// Puts what passes on several functions said since `begin` in an order that threads do not change.
void sortRemarks(std::vector<CompileRemark> &list, size_t begin);

} // namespace mlir::colt5

#endif // COLT5_LIB_COMPILER_MESSAGES_H

#ifndef COLT5_COMPILER_SOURCEFILE_H
#define COLT5_COMPILER_SOURCEFILE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Support/LLVM.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/SourceMgr.h"
#include <memory>

namespace mlir::colt5 {

/// Deepest nesting of brackets that the tools accept. The parser is recursive, so that without a bound a
/// hostile file would exhaust the stack.
constexpr unsigned kMaxNesting = 256;

/// Fails, with the line, when brackets of `text` nest deeper than `kMaxNesting`, or at a byte that no text
/// has. Strings and comments do not count; bytecode passes.
llvm::Error checkNesting(StringRef text);

/// Parses and verifies `text` as a module; errors call it `name`. `sourceMgr` must be empty; it then holds
/// the text, so that diagnostics can quote it. Failure comes after diagnostics or as the error.
llvm::Expected<OwningOpRef<ModuleOp>> parseModule(std::unique_ptr<llvm::MemoryBuffer> text, StringRef name,
                                                  MLIRContext &context,
                                                  std::shared_ptr<llvm::SourceMgr> sourceMgr);

/// The same for the file at `path` ("-" is stdin).
llvm::Expected<OwningOpRef<ModuleOp>> loadModule(StringRef path, MLIRContext &context,
                                                 std::shared_ptr<llvm::SourceMgr> sourceMgr);

/// Gives arguments and results of public functions that have no `colt5.name` the names of their values in the
/// text, `x` for `%x`.
void nameArguments(ModuleOp module, const llvm::MemoryBuffer &buffer);

/// An error whose text has already been printed as diagnostics.
llvm::Error makeReportedError(const Twine &summary);

} // namespace mlir::colt5

#endif // COLT5_COMPILER_SOURCEFILE_H

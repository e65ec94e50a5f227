// What colt5-compile writes.
#ifndef COLT5_LIB_DRIVER_EMIT_H
#define COLT5_LIB_DRIVER_EMIT_H

#include "colt5/Driver/Compile.h"

namespace mlir::colt5::driver {

/// One artefact: what the user calls it, how its file ends, whether stdout can take it.
struct EmitKind {
  const char *name;
  const char *suffix;
  bool isText;
};

/// The artefact called `name`; the error lists the valid names.
llvm::Expected<EmitKind> findEmitKind(StringRef name);
/// "mlir, llvm, ...".
std::string listEmitKinds();

/// Writes `module` as `kind` to `path` ("-": stdout). All but mlir need the stage `llvm`. `stem` names the
/// header's include guard.
llvm::Error emitArtefact(ModuleOp module, const EmitKind &kind, StringRef path, StringRef stem,
                         const CpuOptions &options);

} // namespace mlir::colt5::driver

#endif // COLT5_LIB_DRIVER_EMIT_H

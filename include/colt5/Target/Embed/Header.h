#ifndef COLT5_TARGET_EMBED_HEADER_H
#define COLT5_TARGET_EMBED_HEADER_H

#include "colt5/Target/CPU/Object.h"
#include "colt5/Target/Embed/Embed.h"
#include "llvm/Support/Error.h"

namespace mlir::colt5 {

/// Writes a self-contained C header for `entries`: the ABI's structs, the three functions that the object
/// exports per entry, and typed inline wrappers `f_call`, `f_call_sizes` and `f_call_workspace`. `name` (the
/// file's stem) makes the include guard. Fails when an entry's name is not a C identifier.
llvm::Error emitCpuHeader(ArrayRef<CpuEntry> entries, StringRef name, raw_ostream &os);

/// Writes the header of an artefact: everything about how to call it, and nothing else to include. `name`
/// makes the include guard.
void emitEmbedHeader(const EmbedRequest &request, ArrayRef<EmbedEntry> entries, StringRef name,
                     raw_ostream &os);

} // namespace mlir::colt5

#endif // COLT5_TARGET_EMBED_HEADER_H

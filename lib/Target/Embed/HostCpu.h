// What host code is compiled for.
#ifndef COLT5_LIB_TARGET_EMBED_HOSTCPU_H
#define COLT5_LIB_TARGET_EMBED_HOSTCPU_H

#include "colt5/Target/Embed/Embed.h"

namespace mlir::colt5 {

/// Whether the host code of `target` is for the CPU of the request, which is checked when a context is
/// created. Otherwise it runs on every CPU of the architecture: sizes, grids and launches of a GPU are
/// integers. On scalars a function may do more, which without instructions for it would be calls of
/// libraries.
bool needsRequestedCpu(const EmbedTarget &target);

} // namespace mlir::colt5

#endif // COLT5_LIB_TARGET_EMBED_HOSTCPU_H

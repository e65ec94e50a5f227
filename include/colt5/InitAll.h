#ifndef COLT5_INITALL_H
#define COLT5_INITALL_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace mlir::colt5 {

/// Registers the colt5 dialect and the interfaces its ops and passes need, without anything of upstream: what
/// a plugin adds to a tool that has the rest.
void registerColt5Dialects(DialectRegistry &registry);

/// Registers the passes and pipelines of colt5, without upstream's. Calling it twice is harmless.
void registerColt5Passes();

/// Registers every dialect a colt5 tool knows: all of upstream, colt5, and their external models.
void registerAllDialects(DialectRegistry &registry);

/// Registers every pass and pipeline a colt5 tool knows: all of upstream and all of colt5.
void registerAllPasses();

} // namespace mlir::colt5

#endif // COLT5_INITALL_H

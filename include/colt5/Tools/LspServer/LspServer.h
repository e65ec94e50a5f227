#ifndef COLT5_TOOLS_LSPSERVER_LSPSERVER_H
#define COLT5_TOOLS_LSPSERVER_LSPSERVER_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace mlir::colt5 {

/// The program `colt5-lsp-server`; returns the exit status.
int lspServerMain(int argc, char **argv, DialectRegistry &registry);

} // namespace mlir::colt5

#endif // COLT5_TOOLS_LSPSERVER_LSPSERVER_H

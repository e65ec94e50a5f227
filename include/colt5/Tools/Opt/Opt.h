#ifndef COLT5_TOOLS_OPT_OPT_H
#define COLT5_TOOLS_OPT_OPT_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace mlir::colt5::driver {

/// The program `colt5-opt`: MlirOptMain behind a bound on the nesting of its input. Returns the exit status.
int optMain(int argc, char **argv, DialectRegistry &registry);

} // namespace mlir::colt5::driver

#endif // COLT5_TOOLS_OPT_OPT_H

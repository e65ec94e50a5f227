// What the command lines of all drivers share.
#ifndef COLT5_TOOLS_COMMON_COMMONOPTIONS_H
#define COLT5_TOOLS_COMMON_COMMONOPTIONS_H

#include "mlir/IR/DialectRegistry.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Error.h"

namespace mlir::colt5::driver {

/// Takes options that libLLVM registers for its own tools (such as --threads) out of the way of ours. Call it
/// before the driver's options are made.
void dropForeignOptions(llvm::ArrayRef<llvm::StringRef> names);

/// Registers the flags every MLIR tool has, parses the command line, and shows only `category` in --help.
void parseCommandLine(int argc, char **argv, llvm::cl::OptionCategory &category, llvm::StringRef overview);

/// The option of every driver that names libraries with dialects, such as one with an attention pattern.
struct DialectPlugins {
  explicit DialectPlugins(llvm::cl::OptionCategory &category);
  /// Adds the dialects of the libraries that were named.
  llvm::Error load(DialectRegistry &registry) const;

  llvm::cl::list<std::string> paths;
};

} // namespace mlir::colt5::driver

#endif // COLT5_TOOLS_COMMON_COMMONOPTIONS_H

// What the command lines of all drivers share.
#ifndef COLT5_TOOLS_COMMON_COMMONOPTIONS_H
#define COLT5_TOOLS_COMMON_COMMONOPTIONS_H

#include "colt5/Stages/Hooks.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Error.h"

namespace mlir::colt5 {

/// Takes options that libLLVM registers for its own tools (such as --threads) out of the way of ours. Call it
/// before the driver's options are made.
void dropForeignOptions(llvm::ArrayRef<llvm::StringRef> names);

/// Registers the flags every MLIR tool has, parses the command line, and shows only `category` in --help.
void parseCommandLine(int argc, char **argv, llvm::cl::OptionCategory &category, llvm::StringRef overview);

/// The options that put passes between the stages.
class HookOptions {
public:
  explicit HookOptions(llvm::cl::OptionCategory &category);
  bool areGiven() const { return before.getNumOccurrences() || after.getNumOccurrences(); }
  llvm::Expected<SmallVector<StageHook>> get() const;

private:
  llvm::cl::list<std::string> before, after;
};

} // namespace mlir::colt5

#endif // COLT5_TOOLS_COMMON_COMMONOPTIONS_H

#ifndef COLT5_TOOLS_COMMON_PLUGINS_H
#define COLT5_TOOLS_COMMON_PLUGINS_H

#include "mlir/IR/DialectRegistry.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Error.h"
#include <functional>

namespace mlir::colt5 {

/// Adds the dialects of the library at `path`, which `--load-dialect-plugin` names.
llvm::Error loadDialectPlugin(const std::string &path, DialectRegistry &registry);

/// Registers the passes of the library at `path`, which `--load-pass-plugin` names.
llvm::Error loadPassPlugin(const std::string &path);

/// The options of every tool that name plugins. A plugin is loaded when its option is parsed, so that the
/// rest of the command line knows it; one that cannot be loaded ends the program like any wrong option.
class PluginOptions {
public:
  /// `tool` is the name in messages. `category` may be null. `whenLoaded` is called after dialects were
  /// added.
  PluginOptions(StringRef tool, DialectRegistry &registry, llvm::cl::OptionCategory *category = nullptr,
                std::function<void()> whenLoaded = {});
  PluginOptions(const PluginOptions &) = delete;

private:
  llvm::cl::list<std::string> dialects, passes;
};

} // namespace mlir::colt5

#endif // COLT5_TOOLS_COMMON_PLUGINS_H

#include "colt5/Tools/Common/Plugins.h"

#include "colt5/Support/Error.h"
#include "colt5/Support/Version.h"
#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"

using namespace mlir;
using namespace mlir::colt5;
using driver::makeError;
using llvm::Error;
namespace cl = llvm::cl;

/// Fails for a plugin that was built for another colt5 or LLVM. One without the version of colt5 must use
/// nothing but MLIR.
static Error checkVersion(StringRef name, StringRef version) {
  if (version == COLT5_PLUGIN_VERSION || version == LLVM_VERSION_STRING)
    return Error::success();
  return makeError("plugin '" + name + "' was built for '" + version +
                   "', expected '" COLT5_PLUGIN_VERSION
                   "'; build it against this colt5, with COLT5_PLUGIN_VERSION as its version");
}

/// Loads and checks the plugin that `option` names.
template <typename Plugin> static llvm::Expected<Plugin> load(StringRef option, const std::string &path) {
  llvm::Expected<Plugin> plugin = Plugin::load(path);
  Error error =
      plugin ? checkVersion(plugin->getPluginName(), plugin->getPluginVersion()) : plugin.takeError();
  if (error)
    return makeError(option + "=" + path + ": " + llvm::toString(std::move(error)));
  return plugin;
}

Error colt5::loadDialectPlugin(const std::string &path, DialectRegistry &registry) {
  llvm::Expected<DialectPlugin> plugin = load<DialectPlugin>("--load-dialect-plugin", path);
  if (!plugin)
    return plugin.takeError();
  plugin->registerDialectRegistryCallbacks(registry);
  return Error::success();
}

Error colt5::loadPassPlugin(const std::string &path) {
  llvm::Expected<PassPlugin> plugin = load<PassPlugin>("--load-pass-plugin", path);
  if (!plugin)
    return plugin.takeError();
  plugin->registerPassRegistryCallbacks();
  return Error::success();
}

static void endOnError(StringRef tool, Error error) {
  if (error)
    std::exit(driver::reportError(tool, std::move(error)));
}

PluginOptions::PluginOptions(StringRef tool, DialectRegistry &registry, cl::OptionCategory *category,
                             std::function<void()> whenLoaded)
    : dialects("load-dialect-plugin", cl::value_desc("file"),
               cl::desc("Library with a dialect that the input uses; may be repeated")),
      passes("load-pass-plugin", cl::value_desc("file"),
             cl::desc("Library with passes that other options name; may be repeated")) {
  dialects.setCallback([tool, &registry, whenLoaded](const std::string &path) {
    endOnError(tool, loadDialectPlugin(path, registry));
    if (whenLoaded)
      whenLoaded();
  });
  passes.setCallback([tool](const std::string &path) { endOnError(tool, loadPassPlugin(path)); });
  if (category) {
    dialects.addCategory(*category);
    passes.addCategory(*category);
  }
}

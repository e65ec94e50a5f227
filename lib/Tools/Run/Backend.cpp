#include "colt5/Tools/Run/Backend.h"
#include "colt5/Support/Error.h"

#include "BackendDetail.h"
#include "colt5/Stages/Table.h"
#include "mlir/Pass/PassManager.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

namespace {
struct Entry {
  const char *name;
  std::unique_ptr<Backend> (*create)();
};
} // namespace

static const Entry kBackends[] = {{"reference", createReferenceBackend},
                                  {"cpu", createCpuBackend},
                                  {"emulator", createEmulatorBackend},
                                  {"cuda", createCudaBackend}};

std::string driver::listBackends() {
  return llvm::join(llvm::map_range(kBackends, [](const Entry &entry) { return std::string(entry.name); }),
                    ", ");
}

llvm::Expected<std::unique_ptr<Backend>> driver::createBackend(StringRef name) {
  for (const Entry &entry : kBackends)
    if (name == entry.name)
      return entry.create();
  return makeError("unknown backend '" + name + "'; expected one of: " + listBackends());
}

llvm::Expected<func::FuncOp> driver::findEntryFunction(ModuleOp module, StringRef name) {
  SmallVector<func::FuncOp> candidates;
  SmallVector<std::string> names;
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.isExternal())
      continue;
    names.push_back("@" + function.getSymName().str());
    if (name == function.getSymName())
      return function;
    if (function.isPublic())
      candidates.push_back(function);
  }
  std::string listed =
      names.empty() ? "there is no function with a body" : "there is " + llvm::join(names, ", ");
  if (!name.empty())
    return makeError("--entry=" + name + ": no such function; " + listed);
  if (candidates.size() == 1)
    return candidates.front();
  return makeError("expected --entry=FUNCTION because the input does not have exactly one public function; " +
                   listed);
}

LogicalResult driver::runStages(ModuleOp module, StringRef start, StringRef stop,
                                const PipelineOptions &options) {
  PassManager manager(module.getContext());
  if (failed(applyPassManagerCLOptions(manager)))
    return failure();
  if (failed(buildStages(manager, options, start, stop)))
    return failure();
  return manager.run(module);
}

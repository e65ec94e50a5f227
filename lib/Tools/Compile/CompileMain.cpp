// The command line of colt5-compile.
#include "colt5/Support/Error.h"
#include "colt5/Support/OutputFile.h"
#include "colt5/Target/Embed/Embed.h"
#include "colt5/Tools/Common/CommonOptions.h"
#include "colt5/Tools/Common/Plugins.h"
#include "colt5/Tools/Compile/Compile.h"
#include "mlir/IR/DialectRegistry.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace mlir::colt5;
using driver::makeError;
namespace cl = llvm::cl;

namespace {
/// Lives only while the command line is parsed, so that the library has no global options.
struct CommandLine {
  cl::OptionCategory category{"colt5-compile options"};
  cl::opt<std::string> inputFile{cl::Positional, cl::desc("<input .mlir, or - for stdin>"), cl::init("-"),
                                 cl::cat(category)};
  /// Options keep a reference to their text.
  std::string targetsHelp = "What to generate code for, of " + listTargets() + " (default: cpu)";
  cl::list<std::string> targets{"target", cl::CommaSeparated, cl::desc(targetsHelp), cl::cat(category)};
  cl::list<std::string> emit{
      "emit", cl::CommaSeparated,
      cl::desc(
          "What to write (default: obj,header; mlir with --stop-stage). All targets in one artefact: obj, "
          "archive, shared, header, c (the whole artefact as one C file). For each GPU: ptx, cubin; for all: "
          "fatbin; gpu: ptx, and the others where CUDA is. For the CPU: llvm, asm; its plain functions: "
          "cpu-obj, "
          "cpu-header, cpu-shared"),
      cl::cat(category)};
  cl::opt<std::string> output{
      "o", cl::desc("The file, or with several artefacts the common beginning of their names"),
      cl::value_desc("file"), cl::cat(category)};
  cl::opt<bool> listStages{"list-stages", cl::desc("Print the stages with their contracts and exit"),
                           cl::cat(category)};
  cl::opt<bool> inspect{"inspect", cl::desc("Print what the artefact in <input> holds and exit"),
                        cl::cat(category)};
  cl::opt<std::string> startStage{"start-stage", cl::desc("The input is what this stage left"),
                                  cl::value_desc("stage"), cl::cat(category)};
  cl::opt<std::string> stopStage{"stop-stage", cl::desc("Last stage to run"), cl::value_desc("stage"),
                                 cl::cat(category)};
  cl::opt<std::string> dumpStages{"dump-stages", cl::desc("Write the module after every stage"),
                                  cl::value_desc("folder"), cl::cat(category)};
  cl::list<std::string> overrides{"override-stage",
                                  cl::desc("Put the module in a file in place of a stage's result"),
                                  cl::value_desc("stage=file"), cl::cat(category)};
  cl::opt<std::string> cpu{
      "cpu",
      cl::desc("CPU to generate code for, or native (default: what the target's row in the table says, "
               "x86-64-v3 for cpu on x86-64)"),
      cl::cat(category)};
  cl::opt<std::string> toolkit{
      "toolkit",
      cl::desc("Folder of the CUDA toolkit (default: COLT5_CUDA, else CUDA_HOME, CUDA_PATH, CUDA_ROOT, PATH, "
               "/usr/local/cuda)"),
      cl::value_desc("folder"), cl::cat(category)};
  cl::opt<std::string> prefix{"prefix",
                              cl::desc("What public symbols begin with (default: the output's name)"),
                              cl::value_desc("name"), cl::cat(category)};
  cl::list<std::string> entries{"entry", cl::CommaSeparated,
                                cl::desc("The functions that callers see (default: all public ones)"),
                                cl::value_desc("name"), cl::cat(category)};
  cl::list<std::string> staticShapes{"static-shapes", cl::CommaSeparated,
                                     cl::desc("Make named sizes static, for example n=16384,batch=1 (names: "
                                              "colt5.sizes in the source, --inspect)"),
                                     cl::value_desc("name=size"), cl::cat(category)};
  cl::opt<bool> trusted{
      "trusted",
      cl::desc("Leave out the range checks of indices that callers pass, which cost device time; "
               "an index out of range is then undefined behaviour"),
      cl::cat(category)};
  cl::opt<bool> ptxFallback{"ptx-fallback", cl::desc("PTX next to cubins, for later GPUs"),
                            cl::cat(category)};
  cl::opt<int> optLevel{"opt-level", cl::desc("How hard the code generator works, 0 to 3"), cl::init(3),
                        cl::cat(category)};
  cl::list<int64_t> tileSizes{
      "tile-sizes", cl::CommaSeparated,
      cl::desc("Tile sizes of every kernel instead of the chosen ones (0: not tiled)"), cl::cat(category)};
  cl::opt<bool> verifyStages{"verify-stages", cl::desc("Check the contract after every stage"),
                             cl::init(true), cl::cat(category)};
  cl::opt<std::string> json{"json", cl::desc("Write times, kernels and files per stage"),
                            cl::value_desc("file"), cl::cat(category)};
  cl::opt<bool> report{"report", cl::desc("Print times and kernels per stage and the files to stderr"),
                       cl::cat(category)};
  cl::opt<bool> quiet{"quiet", cl::desc("Print nothing but errors"), cl::cat(category)};
  HookOptions hooks{category};
  PluginOptions plugins;

  explicit CommandLine(DialectRegistry &registry) : plugins("colt5-compile", registry, &category) {}

  llvm::Expected<CompileRequest> get() const {
    CompileRequest request;
    llvm::Expected<SmallVector<StageHook>> inserted = hooks.get();
    if (!inserted)
      return inserted.takeError();
    request.inputFile = inputFile;
    request.output = output;
    request.dumpStages = dumpStages;
    request.overrides.assign(overrides.begin(), overrides.end());
    request.jsonFile = json;
    request.report = report;
    request.quiet = quiet;
    request.options = getOptions();
    request.options.pipeline.hooks = std::move(*inserted);
    return request;
  }

private:
  CompileOptions getOptions() const {
    CompileOptions options;
    if (!targets.empty())
      options.targets.assign(targets.begin(), targets.end());
    options.emit.assign(emit.begin(), emit.end());
    options.startStage = startStage;
    options.stopStage = stopStage;
    options.cpu.cpu = cpu;
    options.cpu.optLevel = optLevel;
    options.prefix = prefix;
    options.entries.assign(entries.begin(), entries.end());
    options.ptxFallback = ptxFallback;
    options.pipeline.staticSizes.assign(staticShapes.begin(), staticShapes.end());
    options.pipeline.trusted = trusted;
    options.pipeline.tileSizes.assign(tileSizes.begin(), tileSizes.end());
    options.pipeline.verifyStages = verifyStages;
    options.pipeline.toolkit = toolkit;
    return options;
  }
};
} // namespace

static void printStages(Target target) {
  for (auto [i, stage] : llvm::enumerate(getStages(target)))
    llvm::outs() << llvm::formatv("{0}  {1,-10} {2}\n", i, stage.name, stage.summary)
                 << llvm::formatv("   {0,-10} contract: {1}\n", "", stage.contract->text);
}

static llvm::Error listStages(ArrayRef<std::string> targets) {
  for (const std::string &name : targets) {
    llvm::Expected<Target> target = findTarget(name);
    if (!target)
      return target.takeError();
    if (targets.size() > 1)
      llvm::outs() << name << "\n";
    printStages(*target);
  }
  return llvm::Error::success();
}

static llvm::Error inspect(StringRef path) {
  auto file = llvm::MemoryBuffer::getFileOrSTDIN(path, /*IsText=*/false);
  llvm::Error error = file ? inspectBundles((*file)->getBuffer(), llvm::outs())
                           : makeError("cannot read it: " + file.getError().message());
  return error ? makeError("'" + path + "': " + llvm::toString(std::move(error))) : llvm::Error::success();
}

static llvm::Error runCommand(const CommandLine &commandLine, DialectRegistry &registry) {
  llvm::Expected<CompileRequest> request = commandLine.get();
  if (!request)
    return request.takeError();
  if (commandLine.listStages)
    return listStages(request->options.targets);
  if (commandLine.inspect)
    return inspect(request->inputFile);
  return compileFiles(std::move(*request), Compiler(registry));
}

int colt5::compileMain(int argc, char **argv, DialectRegistry &registry) {
  llvm::InitLLVM init(argc, argv);
  driver::reportFileSizeLimits();
  CommandLine commandLine(registry);
  parseCommandLine(argc, argv, commandLine.category,
                   "colt5-compile: compiles a module to code that needs libc only\n");
  if (llvm::Error error = runCommand(commandLine, registry))
    return driver::reportError("colt5-compile", std::move(error));
  return 0;
}

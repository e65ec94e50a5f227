// The command line of colt5-compile.
#include "colt5/Support/Error.h"
#include "colt5/Support/OutputFile.h"
#include "colt5/Target/Embed/Embed.h"
#include "colt5/Tools/Common/CommonOptions.h"
#include "colt5/Tools/Compile/Compile.h"
#include "mlir/IR/DialectRegistry.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;
namespace cl = llvm::cl;

namespace {
/// Lives only while the command line is parsed, so that the library has no global options.
struct CommandLine {
  cl::OptionCategory category{"colt5-compile options"};
  cl::opt<std::string> inputFile{cl::Positional, cl::desc("<input .mlir, or - for stdin>"), cl::init("-"),
                                 cl::cat(category)};
  cl::list<std::string> targets{
      "target", cl::CommaSeparated,
      cl::desc("What to generate code for, of " + listTargets() + " (default: cpu)"), cl::cat(category)};
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
  DialectPlugins plugins{category};

  CompileOptions get() const {
    CompileOptions options;
    options.inputFile = inputFile;
    if (!targets.empty())
      options.targets.assign(targets.begin(), targets.end());
    options.emit.assign(emit.begin(), emit.end());
    options.output = output;
    options.startStage = startStage;
    options.stopStage = stopStage;
    options.dumpStages = dumpStages;
    options.overrides.assign(overrides.begin(), overrides.end());
    options.jsonFile = json;
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
    options.report = report;
    options.quiet = quiet;
    return options;
  }
};
} // namespace

int driver::compileMain(int argc, char **argv, DialectRegistry &registry) {
  llvm::InitLLVM init(argc, argv);
  reportFileSizeLimits();
  CommandLine commandLine;
  parseCommandLine(argc, argv, commandLine.category,
                   "colt5-compile: compiles a module to code that needs libc only\n");
  if (llvm::Error error = commandLine.plugins.load(registry))
    return reportError("colt5-compile", std::move(error));
  CompileOptions options = commandLine.get();
  if (commandLine.listStages) {
    for (const std::string &name : options.targets) {
      llvm::Expected<Target> target = findTarget(name);
      if (!target)
        return reportError("colt5-compile", target.takeError());
      if (options.targets.size() > 1)
        llvm::outs() << name << "\n";
      printStages(llvm::outs(), *target);
    }
    return 0;
  }
  if (commandLine.inspect) {
    auto file = llvm::MemoryBuffer::getFileOrSTDIN(options.inputFile, /*IsText=*/false);
    llvm::Error error = file ? inspectBundles((*file)->getBuffer(), llvm::outs())
                             : makeError("cannot read it: " + file.getError().message());
    if (error)
      return reportError("colt5-compile",
                         makeError("'" + options.inputFile + "': " + llvm::toString(std::move(error))));
    return 0;
  }
  if (options.cpu.optLevel < 0 || options.cpu.optLevel > 3)
    return reportError("colt5-compile", makeError("--opt-level: expected 0 to 3, found " +
                                                  std::to_string(options.cpu.optLevel)));
  if (llvm::Error error = compileProgram(options, registry))
    return reportError("colt5-compile", std::move(error));
  return 0;
}

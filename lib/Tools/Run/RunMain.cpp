// The command line of colt5-run.
#include "colt5/Support/Error.h"
#include "colt5/Support/OutputFile.h"
#include "colt5/Tools/Common/CommonOptions.h"
#include "colt5/Tools/Common/Plugins.h"
#include "colt5/Tools/Run/Run.h"
#include "mlir/IR/DialectRegistry.h"
#include "llvm/Support/InitLLVM.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;
namespace cl = llvm::cl;

namespace {
/// Lives only while the command line is parsed, so that the library has no global options.
struct CommandLine {
  cl::OptionCategory category{"colt5-run options"};
  cl::opt<std::string> inputFile{cl::Positional, cl::desc("<input .mlir, or - for stdin>"), cl::init("-"),
                                 cl::cat(category)};
  cl::opt<std::string> entry{"entry", cl::desc("Function to run (default: the only public one)"),
                             cl::value_desc("function"), cl::cat(category)};
  cl::opt<std::string> backend{"backend", cl::desc("Who executes: reference, cpu, emulator or cuda"),
                               cl::init("reference"), cl::cat(category)};
  cl::list<std::string> inputs{"input",
                               cl::desc("One per argument: FILE.npy, bf16:FILE.npy (uint16 bits), "
                                        "random[:seed=,scale=,low=,high=,shape=2x3], "
                                        "zeros, ones, iota or value=V (each [:shape=2x3])"),
                               cl::cat(category)};
  cl::list<std::string> shapes{"shape", cl::desc("Shape of a generated argument with dynamic sizes"),
                               cl::value_desc("argument:2x3"), cl::cat(category)};
  cl::opt<std::string> compare{"compare",
                               cl::desc("Compare with a backend, or with the 0.npy, 1.npy, ... of a folder"),
                               cl::value_desc("backend|folder"), cl::cat(category)};
  cl::opt<double> rtol{"rtol",
                       cl::desc("Bound on the normalised error ||a-b||/||b|| of a result (default by type: "
                                "f64 1e-12, f32 1e-5, 16 bit 1e-2)"),
                       cl::cat(category)};
  cl::opt<double> atol{"atol", cl::desc("A result with no absolute error above this bound passes too"),
                       cl::cat(category)};
  cl::opt<bool> nanEqual{"nan-equal", cl::desc("Accept NaN where the expected value is NaN"),
                         cl::cat(category)};
  cl::opt<bool> parts{"parts",
                      cl::desc("Compare and write the values of ops with a colt5.part attribute too; "
                               "the reference then runs the decomposed program"),
                      cl::cat(category)};
  cl::opt<std::string> outputDir{"output-dir", cl::desc("Write the results as 0.npy, 1.npy, ..."),
                                 cl::value_desc("folder"), cl::cat(category)};
  cl::opt<bool> bf16Bits{"bf16-bits",
                         cl::desc("Write bf16 results as their bits in uint16 instead of float32"),
                         cl::cat(category)};
  cl::opt<std::string> json{"json", cl::desc("Write errors per result and part and the times"),
                            cl::value_desc("file"), cl::cat(category)};
  cl::opt<std::string> recordRouting{"record-routing", cl::desc("Store what every topk selected"),
                                     cl::value_desc("folder"), cl::cat(category)};
  cl::opt<std::string> replayRouting{"replay-routing",
                                     cl::desc("Use stored selections instead of the program's own"),
                                     cl::value_desc("folder"), cl::cat(category)};
  cl::opt<double> routingMargin{
      "routing-margin",
      cl::desc("How far from the k-th score the score of a replayed token may be (default 0: ties only)"),
      cl::init(0.0), cl::cat(category)};
  cl::opt<Precision> precision{
      "precision", cl::desc("How the reference rounds"), cl::init(Precision::Wide),
      cl::values(clEnumValN(Precision::Wide, "wide", "every float is f64, only the inputs are rounded"),
                 clEnumValN(Precision::Declared, "declared", "every result is rounded to its declared type")),
      cl::cat(category)};
  cl::opt<unsigned> threads{"threads", cl::desc("Threads (0: one per core)"), cl::init(0), cl::cat(category)};
  cl::opt<std::string> chip{"chip", cl::desc("The chip that --backend=emulator compiles for"),
                            cl::init(getDefaultMachine(MachineKind::GPU).name.str()), cl::cat(category)};
  cl::opt<uint64_t> emulatorSeed{"emulator-seed",
                                 cl::desc("Draw the order of GPU threads and the completion of asynchronous "
                                          "work from this seed (0: in turn, and "
                                          "as late as allowed)"),
                                 cl::init(0), cl::cat(category)};
  cl::opt<unsigned> cudaDevice{"cuda-device", cl::desc("The GPU that --backend=cuda uses"), cl::init(0),
                               cl::cat(category)};
  cl::opt<std::string> cudaLibrary{"cuda-library",
                                   cl::desc("The library that --backend=cuda opens (default: libcuda.so.1)"),
                                   cl::value_desc("path"), cl::cat(category)};
  cl::opt<unsigned> repeat{"repeat", cl::desc("Runs; the fastest is reported"), cl::init(1),
                           cl::cat(category)};
  cl::opt<bool> verifySemantics{"verify-semantics",
                                cl::desc("Execute the module with the reference after every pass up to the "
                                         "tiled program; an error names the first pass that changed it"),
                                cl::cat(category)};
  cl::opt<bool> print{"print", cl::desc("Print the values of the results"), cl::cat(category)};
  cl::opt<bool> quiet{"quiet", cl::desc("Print nothing but errors"), cl::cat(category)};
  HookOptions hooks{category};
  PluginOptions plugins;

  explicit CommandLine(DialectRegistry &registry) : plugins("colt5-run", registry, &category) {}

  /// Fails for an option that was given and that nothing reads beside the others.
  llvm::Error checkRead() const {
    auto runs = [&](llvm::StringRef name) { return backend == name || compare == name; };
    struct Row {
      const cl::Option &option;
      bool isRead;
      const char *reader;
    };
    const Row rows[] = {
        {chip, runs("emulator"), "--backend=emulator or --compare=emulator"},
        {emulatorSeed, runs("emulator"), "--backend=emulator or --compare=emulator"},
        {cudaDevice, runs("cuda"), "--backend=cuda or --compare=cuda"},
        {cudaLibrary, runs("cuda"), "--backend=cuda or --compare=cuda"},
        {precision, runs("reference") || verifySemantics, "--backend=reference or --compare=reference"},
        {rtol, !compare.empty(), "--compare"},
        {atol, !compare.empty(), "--compare"},
        {nanEqual, !compare.empty(), "--compare"},
        {routingMargin, !replayRouting.empty() || !compare.empty(), "--compare or --replay-routing"},
        {bf16Bits, !outputDir.empty(), "--output-dir"},
    };
    for (const Row &row : rows)
      if (row.option.getNumOccurrences() && !row.isRead)
        return makeError("--" + row.option.ArgStr + ": nothing reads it here; expected it together with " +
                         row.reader);
    if (hooks.areGiven() && !runs("cpu") && !runs("emulator") && !runs("cuda"))
      return makeError("--insert-before and --insert-after: the reference runs no stages; expected them "
                       "together with --backend or --compare=cpu, emulator or cuda");
    return llvm::Error::success();
  }

  llvm::Expected<RunOptions> get() const {
    RunOptions options;
    llvm::Expected<SmallVector<StageHook>> inserted = hooks.get();
    if (!inserted)
      return inserted.takeError();
    options.hooks = std::move(*inserted);
    options.inputFile = inputFile;
    options.entry = entry;
    options.backend = backend;
    options.compare = compare;
    options.inputs.assign(inputs.begin(), inputs.end());
    options.shapes.assign(shapes.begin(), shapes.end());
    options.outputDir = outputDir;
    options.jsonFile = json;
    options.recordRouting = recordRouting;
    options.replayRouting = replayRouting;
    options.routingMargin = routingMargin;
    if (rtol.getNumOccurrences())
      options.tolerance.rtol = rtol;
    if (atol.getNumOccurrences())
      options.tolerance.atol = atol;
    options.tolerance.nanEqual = nanEqual;
    options.precision = precision;
    options.threads = threads;
    options.repeat = repeat;
    options.chip = chip;
    options.emulatorSeed = emulatorSeed;
    options.cudaDevice = cudaDevice;
    options.cudaLibrary = cudaLibrary;
    options.parts = parts;
    options.verifySemantics = verifySemantics;
    options.print = print;
    options.quiet = quiet;
    options.bf16Bits = bf16Bits;
    return options;
  }
};
} // namespace

int driver::runMain(int argc, char **argv, DialectRegistry &registry) {
  llvm::InitLLVM init(argc, argv);
  reportFileSizeLimits();
  dropForeignOptions({"threads"});
  CommandLine commandLine(registry);
  parseCommandLine(argc, argv, commandLine.category,
                   "colt5-run: executes a function and checks its results\n");
  if (llvm::Error error = commandLine.checkRead())
    return reportError("colt5-run", std::move(error));
  llvm::Expected<RunOptions> options = commandLine.get();
  if (!options)
    return reportError("colt5-run", options.takeError());
  if (llvm::Error error = runProgram(*options, registry))
    return reportError("colt5-run", std::move(error));
  return 0;
}

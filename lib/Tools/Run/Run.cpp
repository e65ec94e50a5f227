#include "BackendDetail.h"
#include "RunDetail.h"

#include "colt5/Compiler/SourceFile.h"
#include "colt5/Stages/Hooks.h"
#include "colt5/Support/Error.h"
#include "colt5/Tools/Common/Progress.h"
#include "colt5/Tools/Run/Inputs.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include <map>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;
using llvm::Error;
using llvm::Expected;

/// The workspace grows with the number of threads.
static constexpr unsigned kMaxThreads = 1024;

static bool isBackend(StringRef name) {
  Expected<std::unique_ptr<Backend>> backend = createBackend(name);
  if (backend)
    return true;
  llvm::consumeError(backend.takeError());
  return false;
}

/// Refuses options that no input could make right, before any work is done.
static Error checkOptions(const RunOptions &options) {
  if (Error error = checkTolerance(options.tolerance.rtol, "--rtol"))
    return error;
  if (Error error = checkTolerance(options.tolerance.atol, "--atol"))
    return error;
  if (Error error = checkTolerance(options.routingMargin, "--routing-margin"))
    return error;
  if (options.repeat == 0)
    return makeError("--repeat: expected at least 1 run, found 0");
  std::optional<Target> chip = symbolizeTarget(options.chip);
  if (!chip || !chip->isGPU()) {
    return makeError("--chip=" + options.chip +
                     ": unknown chip; expected one of: " + listMachines(MachineKind::GPU));
  }
  if (options.threads > kMaxThreads)
    return makeError("--threads: expected 0 (one per core) to " + Twine(kMaxThreads) + ", found " +
                     Twine(options.threads));
  if (!isBackend(options.backend))
    return createBackend(options.backend).takeError();
  if (!options.compare.empty() && !isBackend(options.compare) &&
      !llvm::sys::fs::is_directory(options.compare))
    return makeError("--compare=" + options.compare + ": expected a backend (" + listBackends() +
                     ") or a folder of .npy files");
  return Error::success();
}

/// The stages that run before kernels do.
static ArrayRef<Stage> getGpuStages(Target chip) {
  ArrayRef<Stage> stages = getStages(chip);
  const Stage *last = llvm::find_if(stages, [](const Stage &stage) { return stage.name == kLastGpuStage; });
  return stages.take_front(last - stages.begin() + 1);
}

/// Refuses hooks that no compiled backend of `options` runs.
static Error checkHooks(const RunOptions &options) {
  SmallVector<ArrayRef<Stage>> running;
  for (StringRef name : {StringRef(options.backend), StringRef(options.compare)}) {
    if (name == "cpu")
      running.push_back(getStages());
    if (name == "emulator" || name == "cuda")
      running.push_back(getGpuStages(*symbolizeTarget(options.chip)));
  }
  return checkStageHooks(options.hooks, running);
}

static Expected<std::vector<HostTensor>> makeInputs(const RunOptions &options, func::FuncOp entry) {
  if (options.inputs.size() != entry.getNumArguments()) {
    std::string text;
    llvm::raw_string_ostream(text) << entry.getFunctionType();
    return makeError("@" + entry.getSymName() + " has type " + text + ": expected " +
                     Twine(entry.getNumArguments()) + " --input options, found " +
                     Twine(options.inputs.size()));
  }
  std::map<unsigned, SmallVector<int64_t>> shapes;
  for (const std::string &text : options.shapes) {
    auto shape = parseArgumentShape(text);
    if (!shape)
      return shape.takeError();
    if (shape->first >= entry.getNumArguments())
      return makeError("--shape=" + text + ": @" + entry.getSymName() + " has only " +
                       Twine(entry.getNumArguments()) + " arguments");
    shapes[shape->first] = shape->second;
  }
  std::vector<HostTensor> inputs;
  for (auto [i, text] : llvm::enumerate(options.inputs)) {
    Expected<InputSpec> spec = parseInputSpec(text);
    if (!spec)
      return spec.takeError();
    std::optional<ArrayRef<int64_t>> shape;
    if (auto found = shapes.find(i); found != shapes.end())
      shape = ArrayRef<int64_t>(found->second);
    Expected<HostTensor> input = makeInput(*spec, entry.getArgumentTypes()[i], i, shape);
    if (!input)
      return input.takeError();
    inputs.push_back(std::move(*input));
  }
  return inputs;
}

static Expected<RunOutcome> runBackend(StringRef name, RunRequest request, bool quiet) {
  Expected<std::unique_ptr<Backend>> backend = createBackend(name);
  if (!backend)
    return backend.takeError();
  Progress progress("running @" + request.entry.getSymName().str() + " with " + name.str(), quiet);
  FailureOr<RunOutcome> outcome = (*backend)->run(request);
  if (failed(outcome))
    return makeReportedError("running @" + request.entry.getSymName() + " with backend " + name + " failed");
  return std::move(*outcome);
}

/// Checks that what `outcome` was made to use instead of its own selections was a choice it could have made.
static Error checkRouting(const RoutingRecord &replayed, const RunOutcome &outcome, const RunOptions &options,
                          RunReport &report) {
  Expected<ReplayReport> replay = checkReplay(replayed, outcome.routing, options.routingMargin);
  if (!replay)
    return replay.takeError();
  report.replay = *replay;
  if (!options.quiet)
    llvm::outs() << llvm::formatv(
        "routing: {0} selections replayed, {1} swaps, largest distance from the k-th score "
        "{2}, margin {3}\n",
        replayed.selections.size(), replay->swaps, llvm::format("%.3g", replay->largestDistance),
        llvm::format("%.3g", options.routingMargin));
  return Error::success();
}

/// Runs or reads what to compare with and fills in the comparison.
static Error compare(const RunOptions &options, RunRequest request, const RunOutcome &outcome,
                     RunReport &report) {
  report.compared = options.compare;
  Expected<RunOutcome> expected = RunOutcome();
  if (isBackend(options.compare)) {
    // With equal routing only rounding differs; which tokens were taken is checked on its own.
    bool replays = !request.replay && !outcome.routing.selections.empty();
    if (replays)
      request.replay = &outcome.routing;
    expected = runBackend(options.compare, request, options.quiet);
    if (expected && replays)
      if (Error error = checkRouting(outcome.routing, *expected, options, report))
        return error;
  } else {
    expected = loadExpected(options.compare, outcome);
  }
  if (!expected)
    return expected.takeError();
  compareOutcomes(outcome, *expected, request.entry, options.tolerance, report);
  return Error::success();
}

/// The verdict as an error.
static Error getVerdict(RunReport &report) {
  SmallVector<std::string> failures;
  for (const auto *group : {&report.results, &report.parts})
    for (const Difference &difference : *group)
      if (!difference.passed)
        failures.push_back(difference.name + ": " + difference.reason);
  for (const std::string &name : report.unmatchedParts)
    failures.push_back("part " + name + ": only one of the two has it");
  report.passed = failures.empty() && !report.errorWord;
  if (report.errorWord)
    return makeError(
        "the index error word is set: an index given to the program is neither -1 nor in range; it "
        "counted as -1");
  if (!failures.empty())
    return makeError("comparison with " + report.compared + " failed: " + failures.front() +
                     (failures.size() > 1 ? " (and " + Twine(failures.size() - 1) + " more)" : Twine()));
  return Error::success();
}

Error driver::runProgram(const RunOptions &options, DialectRegistry &registry) {
  if (Error error = checkOptions(options))
    return error;
  if (Error error = checkHooks(options))
    return error;
  MLIRContext context(registry);
  auto sourceMgr = std::make_shared<llvm::SourceMgr>();
  SourceMgrDiagnosticHandler handler(*sourceMgr, &context);
  Expected<OwningOpRef<ModuleOp>> module = loadModule(options.inputFile, context, sourceMgr);
  if (!module)
    return module.takeError();
  Expected<func::FuncOp> entry = findEntryFunction(**module, options.entry);
  if (!entry)
    return entry.takeError();
  Expected<std::vector<HostTensor>> inputs = makeInputs(options, *entry);
  if (!inputs)
    return inputs.takeError();
  Expected<RoutingRecord> stored = RoutingRecord();
  if (!options.replayRouting.empty())
    stored = RoutingRecord::load(options.replayRouting);
  if (!stored)
    return stored.takeError();

  bool comparesRuns = isBackend(options.compare);
  RunRequest request{**module, *entry, *inputs};
  request.precision = options.precision;
  request.threads = options.threads;
  request.repeat = options.repeat;
  request.chip = options.chip;
  request.emulatorSeed = options.emulatorSeed;
  request.cudaDevice = options.cudaDevice;
  request.cudaLibrary = options.cudaLibrary;
  request.hooks = options.hooks;
  request.wantParts = options.parts;
  request.recordRouting = !options.recordRouting.empty() || comparesRuns;
  request.replay = options.replayRouting.empty() ? nullptr : &*stored;
  if (options.verifySemantics) {
    FailureOr<unsigned> passes = verifySemantics(request);
    if (failed(passes))
      return makeReportedError("verifying the semantics of @" + entry->getSymName() + " failed");
    if (!options.quiet)
      llvm::outs() << "semantics: unchanged after each of " << *passes << " passes\n";
  }
  Expected<RunOutcome> outcome = runBackend(options.backend, request, options.quiet);
  if (!outcome)
    return outcome.takeError();

  RunReport report;
  report.entry = entry->getSymName().str();
  report.backend = options.backend;
  report.compileSeconds = outcome->compileSeconds;
  report.runSeconds = outcome->runSeconds;
  report.errorWord = outcome->errorWord;
  for (const HostTensor &result : outcome->results)
    report.resultTypes.push_back(formatType(result.shape, result.kind));
  if (request.replay)
    if (Error error = checkRouting(*stored, *outcome, options, report))
      return error;
  if (!options.recordRouting.empty())
    if (Error error = outcome->routing.save(options.recordRouting))
      return error;
  if (Error error = writeOutputs(options, *outcome, report))
    return error;
  if (options.print)
    printValues(*outcome);
  if (!options.compare.empty()) {
    if (Error error = compare(options, request, *outcome, report))
      return error;
    if (!options.quiet)
      printTable(llvm::outs(), report);
  }
  report.peakBytes = getPeakMemory();
  Error verdict = getVerdict(report);
  if (!options.jsonFile.empty())
    if (Error error = writeJson(options.jsonFile, report))
      return llvm::joinErrors(std::move(verdict), std::move(error));
  return verdict;
}

// Random programs, run on the reference and on every backend; see docs/testing.md.
#include "Builder.h"
#include "Campaign.h"

#include "colt5/Driver/Inputs.h"
#include "colt5/InitAll.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include <random>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::fuzz;
namespace cl = llvm::cl;

static cl::list<std::string> files(cl::Positional,
                                   cl::desc("<programs with '// INPUT:' lines to run instead>"));
static cl::opt<uint64_t> seed("seed", cl::desc("first seed; the default is a new one"));
static cl::opt<uint64_t> count("count", cl::desc("number of programs"), cl::init(300));
static cl::opt<double> minutes("minutes", cl::desc("run for so long instead"), cl::init(0));
static cl::opt<uint64_t> only("only", cl::desc("the program of this seed"));
static cl::opt<bool> all("all", cl::desc("every backend for every program, instead of some in turn"));
static cl::list<std::string> backendNames("backends", cl::CommaSeparated,
                                          cl::desc("cpu, source, sm_80, sm_90a: only these"));
static cl::opt<bool> show("print", cl::desc("print the program of --only"));
static cl::opt<std::string>
    shrinkFolder("shrink", cl::desc("make failing programs small and write them to this folder"));
static cl::opt<std::string> resume("resume", cl::desc("file that keeps the state; go on where it ends"));
static cl::opt<std::string>
    openFile("open",
             cl::desc("file of texts, one a line: faults with one of them are counted and fail nothing"));
static cl::opt<unsigned> limit("limit", cl::desc("seconds that a program may take"), cl::init(120));
static cl::opt<std::string> harm("harm", cl::Hidden,
                                 cl::desc("what to do to the CPU's run, so that it must be noticed"));
static cl::opt<bool> verbose("verbose", cl::desc("print whole diagnostics"));

static int fail(const llvm::Twine &message) {
  llvm::errs() << "colt5-fuzz: error: " << message << "\n";
  return 2;
}

static void printVerdict(const Verdict &verdict) {
  for (const std::string &refusal : verdict.refusals)
    llvm::outs() << "refused by " << refusal << "\n";
  if (verdict.kind == Verdict::Failed)
    llvm::outs() << "FAULT " << verdict.signature << "\n  " << verdict.detail << "\n";
  else if (verdict.kind == Verdict::Passed)
    llvm::outs() << "passed\n";
}

/// Inputs as the lines "// INPUT: random:seed=1" of a program say, in order.
static llvm::Expected<std::vector<HostTensor>> readInputs(llvm::StringRef text,
                                                          const DialectRegistry &registry) {
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
  if (!module)
    return llvm::createStringError("the program cannot be parsed");
  func::FuncOp entry = *module->getOps<func::FuncOp>().begin();
  std::vector<HostTensor> inputs;
  SmallVector<llvm::StringRef> lines;
  text.split(lines, '\n');
  for (llvm::StringRef line : lines) {
    if (!line.consume_front("// INPUT: "))
      continue;
    if (inputs.size() >= entry.getNumArguments())
      return llvm::createStringError("expected " + llvm::Twine(entry.getNumArguments()) +
                                     " lines '// INPUT:', found more");
    auto spec = driver::parseInputSpec(line.trim());
    if (!spec)
      return spec.takeError();
    auto input =
        driver::makeInput(*spec, entry.getArgumentTypes()[inputs.size()], inputs.size(), std::nullopt);
    if (!input)
      return input.takeError();
    inputs.push_back(std::move(*input));
  }
  if (inputs.size() != entry.getNumArguments())
    return llvm::createStringError("expected " + llvm::Twine(entry.getNumArguments()) +
                                   " lines '// INPUT:', found " + llvm::Twine(inputs.size()));
  return inputs;
}

/// Runs programs of files on every backend.
static int runFiles(const DialectRegistry &registry) {
  unsigned faults = 0;
  for (const std::string &path : files) {
    auto file = llvm::MemoryBuffer::getFile(path);
    if (!file)
      return fail("'" + path + "': cannot be read");
    auto inputs = readInputs((*file)->getBuffer(), registry);
    if (!inputs)
      return fail("'" + path + "': " + llvm::toString(inputs.takeError()));
    Verdict verdict = judgeIsolated((*file)->getBuffer(), *inputs, Backends::all(1), registry, limit);
    llvm::outs() << path << ": ";
    printVerdict(verdict);
    faults += verdict.kind == Verdict::Failed;
  }
  llvm::outs() << files.size() << " files, " << faults << " faults\n";
  return faults ? 1 : 0;
}

static int runOnly(const CampaignOptions &options, const DialectRegistry &registry) {
  Program program = generate(only);
  if (show) {
    llvm::outs() << program.print();
    if (shrinkFolder.empty())
      return 0;
  }
  Backends backends = Campaign(options, registry).getBackends(only);
  Verdict verdict = judgeIsolated(program, backends, registry, limit);
  printVerdict(verdict);
  if (verdict.kind != Verdict::Failed)
    return 0;
  if (!shrinkFolder.empty()) {
    Program small = shrink(program, backends, verdict.signature, registry, limit);
    llvm::outs() << small.print()
                 << writeCase(small, verdict.signature, shrinkFolder,
                              llvm::formatv("seed{0}", only.getValue()).str())
                 << "\n";
  }
  return 1;
}

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv, "Random programs for colt5\n");
  DialectRegistry registry;
  colt5::registerAllDialects(registry);
  colt5::registerAllPasses();
  if (!files.empty())
    return runFiles(registry);
  plantedHarm = harm;
  CampaignOptions options;
  options.seed = seed.getNumOccurrences() ? seed.getValue() : (uint64_t(std::random_device()()) << 20);
  options.count = count;
  options.minutes = minutes;
  options.allBackends = all;
  options.limit = limit;
  options.backends.assign(backendNames.begin(), backendNames.end());
  for (const std::string &name : options.backends)
    if (!llvm::is_contained(getBackendNames(), name))
      return fail("--backends: expected names of " + llvm::join(getBackendNames(), ", ") + ", found '" +
                  name + "'");
  options.resume = resume;
  options.shrinkFolder = shrinkFolder;
  options.verbose = verbose;
  if (!openFile.empty()) {
    auto file = llvm::MemoryBuffer::getFile(openFile);
    if (!file)
      return fail("--open=" + openFile + ": cannot be read");
    SmallVector<llvm::StringRef> lines;
    (*file)->getBuffer().split(lines, '\n');
    for (llvm::StringRef line : lines)
      if (!line.trim().empty() && !line.starts_with("#"))
        options.open.push_back(line.trim().str());
  }
  if (only.getNumOccurrences())
    return runOnly(options, registry);
  return Campaign(options, registry).run() ? 0 : 1;
}

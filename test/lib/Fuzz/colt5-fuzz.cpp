// Random programs, run on the reference and on every backend; see docs/testing.md.
#include "Builder.h"
#include "Campaign.h"

#include "colt5/InitAll.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::fuzz;
namespace cl = llvm::cl;

namespace {
/// What the tool does: runs programs of files, prints or runs the program of a seed, runs many.
enum Mode : unsigned { Files = 1, Print = 2, Only = 4, Many = 8 };

struct Options {
  cl::OptionCategory category{"colt5-fuzz options"};
  cl::list<std::string> files{cl::Positional,
                              cl::desc("<programs with '// INPUT:' lines, to run instead of random ones>"),
                              cl::cat(category)};
  cl::opt<uint64_t> seed{"seed", cl::desc("Seed of the first program (default: a new one, which is printed)"),
                         cl::cat(category)};
  cl::opt<uint64_t> count{"count", cl::desc("Number of programs (default: 300)"), cl::init(300),
                          cl::cat(category)};
  cl::opt<double> minutes{"minutes", cl::desc("Run programs for so long, instead of --count of them"),
                          cl::value_desc("number"), cl::init(0), cl::cat(category)};
  cl::opt<uint64_t> only{"only", cl::desc("Run the program of this seed, on the backends of its turn"),
                         cl::value_desc("seed"), cl::cat(category)};
  cl::opt<bool> print{"print", cl::desc("Print the program of --only, and do not run it"), cl::cat(category)};
  cl::opt<bool> all{"all",
                    cl::desc("Run every backend, chip and order of threads for every program, with LLVM's "
                             "optimisation, instead of some in turn"),
                    cl::cat(category)};
  cl::list<std::string> backends{"backends", cl::CommaSeparated,
                                 cl::desc("Run these for every program, and no others: cpu, source, sm_80, "
                                          "sm_90a"),
                                 cl::value_desc("names"), cl::cat(category)};
  cl::opt<unsigned> limit{"limit", cl::desc("Seconds that a step of a program may take (default: 120)"),
                          cl::init(kDefaultLimit), cl::cat(category)};
  cl::opt<std::string> shrink{"shrink",
                              cl::desc("Make failing programs small, write them and run what was written"),
                              cl::value_desc("folder"), cl::cat(category)};
  cl::opt<std::string> resume{"resume",
                              cl::desc("Keep the state in this file, and go on where the one there ends"),
                              cl::value_desc("file"), cl::cat(category)};
  cl::opt<std::string> open{"open",
                            cl::desc("Texts, one a line: faults whose message has one are counted as open "
                                     "and fail nothing"),
                            cl::value_desc("file"), cl::cat(category)};
  cl::opt<bool> verbose{"verbose", cl::desc("Print whole diagnostics of faults"), cl::cat(category)};
  cl::opt<std::string> harm{"harm",
                            cl::desc("For tests: what to do to a run so that it must be noticed, and "
                                     "in the program of which seed only"),
                            cl::value_desc("kind[@seed]"), cl::Hidden, cl::cat(category)};

  Mode getMode() const {
    return !files.empty() ? Files : print ? Print : only.getNumOccurrences() ? Only : Many;
  }
};
} // namespace

static int fail(const llvm::Twine &message) {
  llvm::errs() << "colt5-fuzz: error: " << message << "\n";
  return 2;
}

static llvm::Error makeError(const llvm::Twine &message) { return llvm::createStringError(message); }

/// Every option is read or refused.
static llvm::Error checkOptions(const Options &options) {
  const std::pair<const cl::Option *, unsigned> reads[] = {{&options.seed, Many},
                                                           {&options.count, Many},
                                                           {&options.minutes, Many},
                                                           {&options.only, Print | Only},
                                                           {&options.print, Print},
                                                           {&options.all, Only | Many},
                                                           {std::addressof(options.backends), Only | Many},
                                                           {&options.limit, Files | Only | Many},
                                                           {&options.shrink, Only | Many},
                                                           {&options.resume, Many},
                                                           {&options.open, Many},
                                                           {&options.verbose, Many},
                                                           {&options.harm, Files | Only | Many}};
  Mode mode = options.getMode();
  const char *with = mode == Files ? "files" : mode == Print ? "--print" : "--only";
  for (auto [option, modes] : reads)
    if (option->getNumOccurrences() && !(modes & mode))
      return makeError("--" + option->ArgStr + ": has no effect together with " + with +
                       "; leave one of them out");
  if (mode == Print && !options.only.getNumOccurrences())
    return makeError("--print: expected --only=SEED with it, found none");
  if (options.minutes.getNumOccurrences() && options.count.getNumOccurrences())
    return makeError("--count: has no effect together with --minutes; leave one of them out");
  if (options.minutes.getNumOccurrences() && !(options.minutes > 0 && options.minutes < 1e6))
    return makeError("--minutes: expected a number above 0, found " + std::to_string(options.minutes));
  if (options.limit < 1 || options.limit > 100000)
    return makeError("--limit: expected 1 to 100000 seconds, found " + llvm::Twine(options.limit));
  for (const std::string &name : options.backends)
    if (!llvm::is_contained(getBackendNames(), name))
      return makeError("--backends: expected names of " + llvm::join(getBackendNames(), ", ") + ", found '" +
                       name + "'");
  return llvm::Error::success();
}

/// What to plant, as "KIND" or "KIND@SEED".
static llvm::Error readHarm(llvm::StringRef text, CampaignOptions &campaign) {
  auto [kind, seed] = text.split('@');
  uint64_t number = 0;
  if (!llvm::is_contained(getHarmNames(), kind))
    return makeError("--harm: expected one of " + llvm::join(getHarmNames(), ", ") + ", found '" + kind +
                     "'");
  if (text.contains('@') && seed.getAsInteger(10, number))
    return makeError("--harm: expected the seed of a program after '@', found '" + seed + "'");
  campaign.harm = kind.str();
  if (text.contains('@'))
    campaign.harmedSeed = number;
  return llvm::Error::success();
}

static llvm::Error readOpen(const std::string &path, std::vector<std::string> &open) {
  auto file = llvm::MemoryBuffer::getFile(path);
  if (!file)
    return makeError("--open=" + path + ": cannot be read: " + file.getError().message());
  SmallVector<llvm::StringRef> lines;
  (*file)->getBuffer().split(lines, '\n');
  for (llvm::StringRef line : lines)
    if (!line.trim().empty() && !line.starts_with("#"))
      open.push_back(line.trim().str());
  return llvm::Error::success();
}

static llvm::Expected<CampaignOptions> getCampaign(const Options &options) {
  CampaignOptions campaign;
  if (options.seed.getNumOccurrences())
    campaign.seed = options.seed;
  campaign.count = options.count;
  campaign.minutes = options.minutes;
  campaign.allBackends = options.all;
  campaign.limit = options.limit;
  campaign.backends.assign(options.backends.begin(), options.backends.end());
  campaign.resume = options.resume;
  campaign.shrinkFolder = options.shrink;
  campaign.verbose = options.verbose;
  if (options.harm.getNumOccurrences())
    if (llvm::Error error = readHarm(options.harm, campaign))
      return error;
  if (campaign.harmedSeed && options.getMode() != Many)
    return makeError("--harm: a seed after '@' has no effect on one program; leave it out");
  if (options.open.getNumOccurrences())
    if (llvm::Error error = readOpen(options.open, campaign.open))
      return error;
  return campaign;
}

static void printVerdict(const Verdict &verdict) {
  for (const std::string &refusal : verdict.refusals)
    llvm::outs() << "refused by " << refusal << "\n";
  if (verdict.kind == Verdict::Failed)
    llvm::outs() << "FAULT " << verdict.signature << "\n  " << verdict.detail << "\n";
  else if (verdict.kind == Verdict::Passed)
    llvm::outs() << "passed\n";
}

static int runFiles(const Options &options, const DialectRegistry &registry) {
  unsigned counts[3] = {0, 0, 0};
  for (const std::string &path : options.files) {
    auto program = readCase(path, registry);
    if (!program)
      return fail(llvm::toString(program.takeError()));
    Verdict verdict =
        judgeIsolated(program->text, program->inputs, program->backends, registry, options.limit);
    llvm::outs() << path << ": ";
    printVerdict(verdict);
    ++counts[verdict.kind];
  }
  llvm::outs() << options.files.size() << " files, " << counts[Verdict::Passed] << " passed, "
               << counts[Verdict::Refused] << " refused, " << counts[Verdict::Failed] << " faults\n";
  return counts[Verdict::Failed] || !counts[Verdict::Passed] ? 1 : 0;
}

static int runOnly(const Options &options, const Campaign &campaign, const DialectRegistry &registry) {
  Program program = generate(options.only);
  Backends backends = campaign.getBackends(options.only);
  Verdict verdict = judgeIsolated(program, backends, registry, options.limit);
  printVerdict(verdict);
  if (verdict.kind != Verdict::Failed)
    return 0;
  if (options.shrink.getNumOccurrences())
    shrinkAndWrite(program, backends, verdict.signature, options.shrink, options.only, registry,
                   options.limit);
  return 1;
}

int main(int argc, char **argv) {
  Options options;
  cl::HideUnrelatedOptions(options.category);
  cl::ParseCommandLineOptions(argc, argv,
                              "colt5-fuzz: random programs, on the reference and every backend\n");
  if (llvm::Error error = checkOptions(options))
    return fail(llvm::toString(std::move(error)));
  if (options.print) {
    llvm::outs() << generate(options.only).print();
    return 0;
  }
  auto campaignOptions = getCampaign(options);
  if (!campaignOptions)
    return fail(llvm::toString(campaignOptions.takeError()));
  DialectRegistry registry;
  colt5::registerAllDialects(registry);
  colt5::registerAllPasses();
  plantedHarm = campaignOptions->harm;
  if (options.getMode() == Files)
    return runFiles(options, registry);
  Campaign campaign(*campaignOptions, registry);
  if (llvm::Error error = campaign.prepare())
    return fail(llvm::toString(std::move(error)));
  if (options.getMode() == Only)
    return runOnly(options, campaign, registry);
  return campaign.run() ? 0 : 1;
}

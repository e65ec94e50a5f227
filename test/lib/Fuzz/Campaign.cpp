#include "Campaign.h"

#include "Builder.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include <chrono>
#include <random>
#include <set>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::fuzz;

/// Programs per worker: a crash costs no more than the worker's start, and memory of a context is given back.
static constexpr uint64_t kBatch = 50;

static double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Backends Campaign::getBackends(uint64_t seed) const {
  if (!options.allBackends)
    return options.backends.empty() ? Backends::rotate(seed) : Backends::named(options.backends, seed);
  Backends backends = Backends::all(seed);
  if (!options.backends.empty())
    backends.keep(options.backends);
  return backends;
}

std::string Campaign::getBackendOptions() const {
  std::string names = llvm::join(options.backends, ",");
  return std::string(options.allBackends ? "--all" : "no --all") +
         (names.empty() ? ", no --backends" : ", --backends=" + names);
}

void Campaign::plant(uint64_t seed) const {
  plantedHarm = !options.harmedSeed || *options.harmedSeed == seed ? options.harm : "";
}

void Campaign::record(uint64_t seed, const Verdict &verdict) {
  ++tally.done;
  if (verdict.kind == Verdict::Passed)
    ++tally.passed;
  if (verdict.kind == Verdict::Refused)
    ++tally.refused;
  for (const std::string &refusal : verdict.refusals)
    ++tally.refusals[refusal];
  if (verdict.kind != Verdict::Failed)
    return;
  for (const std::string &text : options.open)
    if (StringRef(verdict.signature + "\n" + verdict.detail).contains(text)) {
      ++tally.open[text];
      return;
    }
  tally.failures.push_back({seed, verdict.signature, verdict.detail});
  llvm::outs() << "FAULT seed " << seed << " (program " << tally.done << "): " << verdict.signature << "\n  "
               << StringRef(verdict.detail).take_front(options.verbose ? 2000 : 300) << "\n";
  llvm::outs().flush();
}

void Campaign::runBatch(uint64_t end) {
  uint64_t first = tally.done;
  Ending ending = runWorker(
      [&](Reporter &reporter) {
        MLIRContext context(registry, MLIRContext::Threading::DISABLED);
        for (uint64_t i = first; i < end; ++i) {
          reporter.phase("generator");
          Program program = generate(seed + i);
          plant(seed + i);
          reporter.verdict(judge(program.print(), program.makeInputs(), getBackends(seed + i), context,
                                 [&](StringRef phase) { reporter.phase(phase); }));
        }
      },
      [&](const Verdict &verdict) {
        record(seed + tally.done, verdict);
        return true;
      },
      options.limit);
  if (ending.how.empty() && tally.done == end)
    return;
  Verdict verdict;
  verdict.kind = Verdict::Failed;
  verdict.signature = ending.phase + ": " + (ending.how.empty() ? "no verdict" : ending.how);
  record(seed + tally.done, verdict);
}

// The state: one line of numbers, then lines "backends OPTIONS", "refusal COUNT TEXT", "open COUNT TEXT" and
// "failure SEED SIGNATURE".
bool Campaign::readLine(StringRef line) {
  SmallVector<StringRef> fields;
  line.split(fields, '\t');
  auto read = [&](size_t field, uint64_t &number) { return !fields[field].getAsInteger(10, number); };
  if (fields.size() == 5 && fields[0] == "state")
    return read(1, seed) && read(2, tally.done) && read(3, tally.passed) && read(4, tally.refused);
  if (fields.size() == 2 && fields[0] == "backends") {
    backendOptions = fields[1].str();
    return true;
  }
  if (fields.size() != 3)
    return false;
  if (fields[0] == "refusal")
    return read(1, tally.refusals[fields[2].str()]);
  if (fields[0] == "open")
    return read(1, tally.open[fields[2].str()]);
  tally.failures.push_back({0, fields[2].str(), ""});
  return fields[0] == "failure" && read(1, tally.failures.back().seed);
}

llvm::Error Campaign::load() {
  auto file = llvm::MemoryBuffer::getFile(options.resume);
  if (!file) {
    if (file.getError() == std::errc::no_such_file_or_directory)
      return llvm::Error::success();
    return llvm::createStringError("cannot be read: " + file.getError().message());
  }
  SmallVector<StringRef> lines;
  (*file)->getBuffer().split(lines, '\n', -1, false);
  if (lines.empty() || !lines.front().starts_with("state\t") ||
      !llvm::all_of(lines, [&](StringRef line) { return readLine(line); }))
    return llvm::createStringError("expected a state that colt5-fuzz wrote, found something else; remove the "
                                   "file or name another one");
  if (options.seed && *options.seed != seed)
    return llvm::createStringError("expected --seed=" + Twine(seed) + ", with which the state began, found " +
                                   Twine(*options.seed) + "; leave --seed out or name another file");
  if (backendOptions != getBackendOptions())
    return llvm::createStringError("expected the options with which the state began, " + backendOptions +
                                   ", found " + getBackendOptions() + "; name another file for these");
  llvm::outs() << "resumed after " << tally.done << " programs\n";
  return llvm::Error::success();
}

llvm::Error Campaign::save() const {
  if (options.resume.empty())
    return llvm::Error::success();
  std::error_code error;
  llvm::raw_fd_ostream os(options.resume + ".new", error);
  if (error)
    return llvm::createStringError("cannot be written: " + error.message());
  os << "state\t" << seed << "\t" << tally.done << "\t" << tally.passed << "\t" << tally.refused << "\n";
  os << "backends\t" << getBackendOptions() << "\n";
  for (const auto &[text, count] : tally.refusals)
    os << "refusal\t" << count << "\t" << text << "\n";
  for (const auto &[text, count] : tally.open)
    os << "open\t" << count << "\t" << text << "\n";
  for (const Failure &failure : tally.failures)
    os << "failure\t" << failure.seed << "\t" << failure.signature << "\n";
  os.close();
  if (!os.error())
    error = llvm::sys::fs::rename(options.resume + ".new", options.resume);
  if (os.error() || error) {
    std::string why = (os.error() ? os.error() : error).message();
    os.clear_error();
    return llvm::createStringError("cannot be written: " + why);
  }
  return llvm::Error::success();
}

llvm::Error Campaign::prepare() {
  seed = options.seed ? *options.seed : uint64_t(std::random_device()()) << 20;
  if (!options.resume.empty()) {
    llvm::Error error = load();
    if (!error)
      error = save();
    if (error)
      return llvm::createStringError("--resume=" + options.resume + ": " + llvm::toString(std::move(error)));
  }
  before = tally;
  if (options.shrinkFolder.empty())
    return llvm::Error::success();
  if (std::error_code error = llvm::sys::fs::create_directories(options.shrinkFolder))
    return llvm::createStringError("--shrink=" + options.shrinkFolder +
                                   ": cannot be made: " + error.message());
  if (llvm::sys::fs::access(options.shrinkFolder, llvm::sys::fs::AccessMode::Write))
    return llvm::createStringError("--shrink=" + options.shrinkFolder + ": expected a folder to write to");
  return llvm::Error::success();
}

void Campaign::print() const {
  for (const auto &[text, count] : tally.refusals)
    llvm::outs() << "  refused " << count << " times by " << text << "\n";
  uint64_t numOpen = 0;
  for (const auto &[text, count] : tally.open) {
    llvm::outs() << "  open " << count << " times: " << text << "\n";
    numOpen += count;
  }
  std::map<std::string, std::vector<uint64_t>> bySignature;
  for (const Failure &failure : tally.failures)
    bySignature[failure.signature].push_back(failure.seed);
  for (const auto &[signature, seeds] : bySignature)
    llvm::outs() << "  " << seeds.size() << " faults, --only=" << seeds.front() << ": " << signature << "\n";
  llvm::outs() << tally.done << " programs, " << tally.passed << " passed, " << tally.refused << " refused, "
               << numOpen << " open, " << tally.failures.size() << " faults\n";
}

/// A program that the generator does not end has no text to run or to make smaller.
static bool hasProgram(const Failure &failure) {
  return !StringRef(failure.signature).starts_with("generator");
}

void Campaign::repeatFailures() {
  llvm::erase_if(tally.failures, [&](const Failure &failure) {
    plant(failure.seed);
    return hasProgram(failure) &&
           judgeIsolated(generate(failure.seed), getBackends(failure.seed), registry, options.limit).kind !=
               Verdict::Failed;
  });
}

bool Campaign::run() {
  repeatFailures();
  llvm::outs() << "seed " << seed << "\n";
  llvm::outs().flush();
  size_t known = tally.failures.size();
  double end = now() + 60 * options.minutes;
  while (options.minutes > 0 ? now() < end : tally.done < options.count) {
    uint64_t last = tally.done + kBatch;
    runBatch(options.minutes > 0 ? last : std::min(last, options.count));
    if (llvm::Error error = save()) {
      llvm::errs() << "colt5-fuzz: error: --resume=" << options.resume << ": "
                   << llvm::toString(std::move(error)) << "\n";
      return false;
    }
  }
  std::set<std::string> seen;
  for (const Failure &failure : ArrayRef<Failure>(tally.failures).drop_front(known))
    if (!options.shrinkFolder.empty() && hasProgram(failure) && seen.insert(failure.signature).second) {
      plant(failure.seed);
      shrinkAndWrite(generate(failure.seed), getBackends(failure.seed), failure.signature,
                     options.shrinkFolder, failure.seed, registry, options.limit);
    }
  print();
  if (tally.done == before.done)
    llvm::errs() << "colt5-fuzz: error: no program was run"
                 << (before.done ? " beyond those of the state" : "")
                 << "; expected a larger --count or more --minutes\n";
  else if (tally.passed == before.passed)
    llvm::errs() << "colt5-fuzz: error: no program passed, of " << tally.done - before.done << "\n";
  return tally.failures.empty() && tally.passed > before.passed;
}

#include "Campaign.h"

#include "Builder.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include <chrono>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::fuzz;

/// Programs per worker: a crash costs no more than the worker's start, and memory of a context is given back.
static constexpr uint64_t kBatch = 50;

static double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Backends Campaign::getBackends(uint64_t seed) const {
  Backends backends = options.allBackends ? Backends::all(seed) : Backends::rotate(seed);
  if (!options.backends.empty())
    backends.keep(options.backends);
  return backends;
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
          uint64_t seed = options.seed + i;
          reporter.phase("generator");
          Program program = generate(seed);
          reporter.verdict(judge(program.print(), program.makeInputs(), getBackends(seed), context,
                                 [&](StringRef phase) { reporter.phase(phase); }));
        }
      },
      [&](const Verdict &verdict) {
        record(options.seed + tally.done, verdict);
        return true;
      },
      options.limit);
  if (ending.how.empty() && tally.done == end)
    return;
  Verdict verdict;
  verdict.kind = Verdict::Failed;
  verdict.signature = ending.phase + ": " + (ending.how.empty() ? "no verdict" : ending.how);
  record(options.seed + tally.done, verdict);
}

// The state: one line of numbers, then lines "refusal COUNT TEXT", "open COUNT TEXT" and "failure SEED
// SIGNATURE".
bool Campaign::load() {
  auto file = llvm::MemoryBuffer::getFile(options.resume);
  if (!file)
    return false;
  SmallVector<StringRef> lines;
  (*file)->getBuffer().split(lines, '\n', -1, false);
  if (lines.empty())
    return false;
  auto number = [](StringRef text) {
    uint64_t value = 0;
    text.getAsInteger(10, value);
    return value;
  };
  for (StringRef line : lines) {
    SmallVector<StringRef> fields;
    line.split(fields, '\t');
    if (fields[0] == "state" && fields.size() == 5) {
      options.seed = number(fields[1]);
      tally.done = number(fields[2]);
      tally.passed = number(fields[3]);
      tally.refused = number(fields[4]);
    } else if (fields[0] == "refusal" && fields.size() == 3) {
      tally.refusals[fields[2].str()] = number(fields[1]);
    } else if (fields[0] == "open" && fields.size() == 3) {
      tally.open[fields[2].str()] = number(fields[1]);
    } else if (fields[0] == "failure" && fields.size() == 3) {
      tally.failures.push_back({number(fields[1]), fields[2].str(), ""});
    }
  }
  return true;
}

void Campaign::save() const {
  if (options.resume.empty())
    return;
  std::error_code error;
  llvm::raw_fd_ostream os(options.resume + ".new", error);
  if (error)
    return;
  os << "state\t" << options.seed << "\t" << tally.done << "\t" << tally.passed << "\t" << tally.refused
     << "\n";
  for (const auto &[text, count] : tally.refusals)
    os << "refusal\t" << count << "\t" << text << "\n";
  for (const auto &[text, count] : tally.open)
    os << "open\t" << count << "\t" << text << "\n";
  for (const Failure &failure : tally.failures)
    os << "failure\t" << failure.seed << "\t" << failure.signature << "\n";
  os.close();
  llvm::sys::fs::rename(options.resume + ".new", options.resume);
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

bool Campaign::run() {
  if (!options.resume.empty() && load()) {
    llvm::outs() << "resumed after " << tally.done << " programs\n";
    // What was put right since then is no fault any more.
    llvm::erase_if(tally.failures, [&](const Failure &failure) {
      return judgeIsolated(generate(failure.seed), getBackends(failure.seed), registry, options.limit).kind !=
             Verdict::Failed;
    });
  }
  llvm::outs() << "seed " << options.seed << "\n";
  llvm::outs().flush();
  size_t known = tally.failures.size();
  double end = now() + 60 * options.minutes;
  while (options.minutes > 0 ? now() < end : tally.done < options.count) {
    uint64_t last = tally.done + kBatch;
    runBatch(options.minutes > 0 ? last : std::min(last, options.count));
    save();
  }
  if (!options.shrinkFolder.empty()) {
    std::map<std::string, bool> seen;
    for (const Failure &failure : ArrayRef<Failure>(tally.failures).drop_front(known))
      if (!seen[failure.signature]) {
        seen[failure.signature] = true;
        Program small = shrink(generate(failure.seed), getBackends(failure.seed), failure.signature, registry,
                               options.limit);
        llvm::outs() << small.print()
                     << writeCase(small, failure.signature, options.shrinkFolder,
                                  "seed" + std::to_string(failure.seed))
                     << "\n";
      }
  }
  print();
  return tally.failures.empty();
}

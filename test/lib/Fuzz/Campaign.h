// Many programs, one after the other, in processes of their own.
#ifndef COLT5_TEST_LIB_FUZZ_CAMPAIGN_H
#define COLT5_TEST_LIB_FUZZ_CAMPAIGN_H

#include "Judge.h"
#include "mlir/IR/DialectRegistry.h"
#include <map>
#include <optional>

namespace mlir::colt5::fuzz {

/// Seconds that a program may take.
constexpr unsigned kDefaultLimit = 120;

struct CampaignOptions {
  /// The first seed; a new one, or that of the state, where there is none.
  std::optional<uint64_t> seed;
  uint64_t count = 300;
  /// Run until so many minutes have passed, whatever `count` is; 0: no bound.
  double minutes = 0;
  /// Every backend for every program, instead of some in turn.
  bool allBackends = false;
  /// Names of the only backends to run; empty: all.
  std::vector<std::string> backends;
  /// Seconds that one program may take.
  unsigned limit = kDefaultLimit;
  /// Where the state is kept; a run goes on where the file ends.
  std::string resume;
  /// Where shrunk programs go; empty: failures are not shrunk.
  std::string shrinkFolder;
  /// Texts by which faults are known that are being worked on; they are counted and fail nothing.
  std::vector<std::string> open;
  bool verbose = false;
  /// What to plant, and in which program only.
  std::string harm;
  std::optional<uint64_t> harmedSeed;
};

struct Failure {
  uint64_t seed = 0;
  std::string signature, detail;
};

/// What a campaign has found so far.
struct Tally {
  /// Programs that are done; the next one has the seed `seed` + `done`.
  uint64_t done = 0, passed = 0, refused = 0;
  std::map<std::string, uint64_t> refusals, open;
  std::vector<Failure> failures;
};

class Campaign {
public:
  Campaign(const CampaignOptions &options, const DialectRegistry &registry)
      : options(options), registry(registry) {}

  /// Reads the state and makes sure that it and the folder for programs can be written.
  llvm::Error prepare();
  /// Returns whether programs passed, and every other one was refused for a known reason or is open.
  bool run();
  Backends getBackends(uint64_t seed) const;

private:
  /// The options that choose backends. A failure is repeated on those on which it was found.
  std::string getBackendOptions() const;
  /// What a line of the state says; returns whether it is one.
  bool readLine(StringRef line);
  llvm::Error load();
  llvm::Error save() const;
  void print() const;
  /// Drops failures of earlier runs that were put right since then.
  void repeatFailures();
  void plant(uint64_t seed) const;
  /// Runs seeds from `tally.done` on in one worker.
  void runBatch(uint64_t end);
  void record(uint64_t seed, const Verdict &verdict);

  CampaignOptions options;
  const DialectRegistry &registry;
  uint64_t seed = 0;
  /// With which the state began.
  std::string backendOptions = "which it does not name";
  Tally tally;
  /// What `tally` said when the run began.
  Tally before;
};

/// Judges in a process of its own: a signal or a hang is a failure like others.
Verdict judgeIsolated(const Program &program, const Backends &backends, const DialectRegistry &registry,
                      unsigned limit);
Verdict judgeIsolated(llvm::StringRef text, const std::vector<HostTensor> &inputs, const Backends &backends,
                      const DialectRegistry &registry, unsigned limit);

/// Runs `work`, which reports verdicts through its argument, in a process of its own; `received` is told of
/// each. Returns how the process ended when it did not end well, "signal 11" or "hang", and in which phase.
struct Ending {
  std::string how, phase;
};
class Reporter {
public:
  explicit Reporter(int file) : file(file) {}
  void phase(llvm::StringRef name);
  void verdict(const Verdict &verdict);

private:
  int file;
};
Ending runWorker(llvm::function_ref<void(Reporter &)> work,
                 llvm::function_ref<bool(const Verdict &)> received, unsigned limit);

/// A program in a file. Lines "// INPUT: " are as `--input` of colt5-run, with paths beside the file; lines
/// "// BACKEND: " say what to run it on, without them it is everything.
struct Case {
  std::string text;
  std::vector<HostTensor> inputs;
  Backends backends;
};
llvm::Expected<Case> readCase(llvm::StringRef path, const DialectRegistry &registry);

/// A smaller program that fails in the same way.
Program shrink(Program program, const Backends &backends, const std::string &signature,
               const DialectRegistry &registry, unsigned limit);
/// Makes a failing program smaller, prints it and writes it to `folder`; runs what was written and prints
/// the command for it, and whether it fails in the same way.
void shrinkAndWrite(const Program &program, Backends backends, const std::string &signature,
                    llvm::StringRef folder, uint64_t seed, const DialectRegistry &registry, unsigned limit);

} // namespace mlir::colt5::fuzz

#endif // COLT5_TEST_LIB_FUZZ_CAMPAIGN_H

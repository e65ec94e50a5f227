// Runs a program on the reference and the backends, and compares.
#ifndef COLT5_TEST_LIB_FUZZ_JUDGE_H
#define COLT5_TEST_LIB_FUZZ_JUDGE_H

#include "Program.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"

namespace mlir::colt5::fuzz {

/// What a program is run on besides the reference.
struct Backends {
  bool cpu = true, source = false;
  /// Of LLVM for the CPU. Without optimisation a program takes a third of the time.
  int optLevel = 3;
  struct Emulator {
    llvm::StringRef chip;
    /// Order of threads, see EmulatorOptions.
    uint64_t seed;
  };
  llvm::SmallVector<Emulator> emulators;

  /// Everything.
  static Backends all(uint64_t seed);
  /// The CPU and, in turn, one chip and order or the C source, so that many programs take little time.
  static Backends rotate(uint64_t seed);
  /// Those with these names, with one order each in turn.
  static Backends named(llvm::ArrayRef<std::string> names, uint64_t seed);
  /// Nothing but the reference.
  static Backends none();

  /// Leaves out those that `names` does not have.
  void keep(llvm::ArrayRef<std::string> names);
  /// Leaves out those that a failure says nothing about; all stay where it is one of the parser or the like.
  void keepFailing(llvm::StringRef signature);
  /// One line each, as "cpu opt-level=0" or "emulator sm_80 seed=7".
  std::vector<std::string> describe() const;
  /// Adds what such a line says.
  llvm::Error add(llvm::StringRef line);
};

/// Harm that is done on purpose to a run, so that tests see that it is noticed; empty: none.
extern std::string plantedHarm;
llvm::ArrayRef<llvm::StringRef> getHarmNames();

struct Verdict {
  enum Kind {
    Passed,
    Refused, ///< by some backend, with a diagnostic that is on the list of known ones
    Failed,
  };
  Kind kind = Passed;
  /// Per backend that refused, "cpu: reason".
  std::vector<std::string> refusals;
  /// What kind of failure it is: "emulator sm_80: result". Programs that fail for one reason agree in it.
  std::string signature;
  std::string detail;
};

/// What the text of a program did in one go, with `phase` told before each step.
Verdict judge(llvm::StringRef text, const std::vector<HostTensor> &inputs, const Backends &backends,
              MLIRContext &context, llvm::function_ref<void(llvm::StringRef)> phase);

/// The known reason that a diagnostic gives for not supporting a program, or empty.
llvm::StringRef findKnownRefusal(llvm::StringRef backend, llvm::StringRef diagnostic);
/// A diagnostic without names, numbers and types.
std::string normalise(llvm::StringRef diagnostic);

/// What one backend made of a program.
struct Outcome {
  std::string backend;
  /// The diagnostic or what was wrong about the run; empty: results are there.
  std::string refusal, failure;
  std::vector<HostTensor> results;
  bool errorWord = false;
};
/// "cpu", "source" and the chips.
llvm::ArrayRef<llvm::StringRef> getBackendNames();
Outcome runReference(ModuleOp module, const std::vector<HostTensor> &inputs, bool wide);
Outcome runCpu(ModuleOp module, const std::vector<HostTensor> &inputs, int optLevel);
Outcome runSource(ModuleOp module, const std::vector<HostTensor> &inputs);
Outcome runEmulator(ModuleOp module, const std::vector<HostTensor> &inputs,
                    const Backends::Emulator &emulator);

} // namespace mlir::colt5::fuzz

#endif // COLT5_TEST_LIB_FUZZ_JUDGE_H

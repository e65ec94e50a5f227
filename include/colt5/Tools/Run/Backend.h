#ifndef COLT5_TOOLS_RUN_BACKEND_H
#define COLT5_TOOLS_RUN_BACKEND_H

#include "colt5/Machine/Machine.h"
#include "colt5/Stages/Table.h"
#include "colt5/Support/HostTensor.h"
#include "colt5/Tools/Run/RoutingRecord.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"
#include <memory>

namespace mlir::colt5::driver {

/// How the reference rounds; see `ReferencePrecision`.
enum class Precision { Wide, Declared };

/// One run of one function.
struct RunRequest {
  /// User input (stage 0). A backend works on a copy.
  ModuleOp module;
  func::FuncOp entry;
  /// One per argument, of the argument's element kind and a shape that fits its type.
  ArrayRef<HostTensor> inputs;
  Precision precision = Precision::Wide;
  /// 0 = one per core.
  unsigned threads = 0;
  /// The chip that the emulator backend compiles for.
  std::string chip = getDefaultMachine(MachineKind::GPU).name.str();
  /// How the emulator orders threads; see `EmulatorOptions`.
  uint64_t emulatorSeed = 0;
  /// The CUDA backend's device, and the path of the driver's library ("": the system's).
  unsigned cudaDevice = 0;
  std::string cudaLibrary;
  /// Passes of users between the stages of compiled backends.
  ArrayRef<StageHook> hooks;
  /// Runs of the compiled program; the fastest is reported.
  unsigned repeat = 1;
  /// Return the values of ops that carry `colt5.part`.
  bool wantParts = false;
  /// Return what was selected, with the scores.
  bool recordRouting = false;
  /// Use these selections in place of the program's own (which are still recorded).
  const RoutingRecord *replay = nullptr;
};

/// The value of an op that carries `colt5.part`.
struct Part {
  std::string name;
  HostTensor value;
};

struct RunOutcome {
  std::vector<HostTensor> results;
  std::vector<Part> parts;
  /// The program's own selections in program order, even when others were replayed.
  RoutingRecord routing;
  /// Some index was out of range (index contract).
  bool errorWord = false;
  double compileSeconds = 0.0, runSeconds = 0.0;
};

/// Something that executes functions.
class Backend {
public:
  virtual ~Backend() = default;
  virtual StringRef getName() const = 0;
  /// Failure comes after a diagnostic.
  virtual FailureOr<RunOutcome> run(RunRequest request) = 0;
};

/// The backend called `name`; the error lists the valid names.
llvm::Expected<std::unique_ptr<Backend>> createBackend(StringRef name);
/// "reference, cpu, emulator, cuda".
std::string listBackends();

std::unique_ptr<Backend> createReferenceBackend();
std::unique_ptr<Backend> createCpuBackend();
std::unique_ptr<Backend> createEmulatorBackend();
std::unique_ptr<Backend> createCudaBackend();

/// The function `name` of `module`, or its only public function when `name` is empty; the error lists the
/// functions there are.
llvm::Expected<func::FuncOp> findEntryFunction(ModuleOp module, StringRef name);

} // namespace mlir::colt5::driver

#endif // COLT5_TOOLS_RUN_BACKEND_H

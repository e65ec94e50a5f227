// The compiler as a library: text or a module in, bytes and messages out.
#ifndef COLT5_COMPILER_COMPILER_H
#define COLT5_COMPILER_COMPILER_H

#include "colt5/Compiler/CompileOptions.h"
#include "colt5/Target/GPU/GpuCode.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/DialectRegistry.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

namespace mlir::colt5 {

/// One result of a compilation.
struct Artefact {
  /// As in `CompileOptions::emit`: "obj", "ptx", ...
  std::string kind;
  /// "" for one that is made from several targets.
  std::string target;
  /// A file name for it.
  std::string name;
  bool isText = false, isExecutable = false;
  std::string bytes;
};

/// Where something is in a source. Line and column count from 1; 0 means unknown.
struct SourcePlace {
  std::string file;
  unsigned line = 0, column = 0;
};

struct CompileDiagnostic {
  DiagnosticSeverity severity;
  SourcePlace place;
  std::string text;
  std::vector<CompileDiagnostic> notes;
};

/// What a pass decided.
struct CompileRemark {
  /// "Passed", "Missed", "Failure" or "Analysis".
  std::string kind;
  /// The pass, and which of its remarks this is.
  std::string category, name;
  SourcePlace place;
  std::string text;
};

/// What one stage of one target did, or the emission of one artefact.
struct StageRecord {
  /// "" for an artefact of several targets.
  std::string target;
  /// "plan", "emit obj", ...
  std::string name;
  double seconds = 0;
  /// Mapped foralls that stand in no other.
  int64_t kernels = 0;
  /// With `keepStages`: the module, and how the name of a file with it ends.
  std::string text, suffix;
};

/// A kernel and the target it was compiled for.
struct TargetKernel {
  std::string target;
  KernelReport report;
};

/// What came of a compilation. After an error it holds what was made before.
struct CompileResult {
  /// Empty on success.
  std::vector<std::string> errors;
  std::vector<CompileDiagnostic> diagnostics;
  /// What is worth knowing about the options, such as a prefix that was chosen.
  std::vector<std::string> notes;
  std::vector<CompileRemark> remarks;
  std::vector<StageRecord> stages;
  std::vector<TargetKernel> kernels;
  std::vector<Artefact> artefacts;
  /// The input is a valid module.
  bool hasInput = false;

  bool succeeded() const { return errors.empty(); }
};

/// Follows a compilation from its thread. What it is shown goes to the result afterwards; an error ends the
/// compilation.
class CompileListener {
public:
  virtual ~CompileListener();
  /// Work begins that may take long, for example "cpu: stage plan". `end` is called in any case.
  virtual void begin(StringRef what) {}
  virtual void end() {}
  virtual void handleNote(StringRef text) {}
  virtual llvm::Error handleStage(StageRecord &record) { return llvm::Error::success(); }
  virtual llvm::Error handleArtefact(Artefact &artefact) { return llvm::Error::success(); }
  /// Where diagnostics are printed as they come, with the lines they are about; null: nowhere.
  virtual raw_ostream *getDiagnosticStream() { return nullptr; }
};

/// An artefact to come.
struct PlannedArtefact {
  std::string kind, target, name;
  bool isText = false;
};

/// Compiles modules. Prints nothing and has no state between two calls: objects of this class, and the calls
/// of one object, can be used by several threads at once. Every call has an MLIR context of its own.
class Compiler {
public:
  /// Knows everything that colt5 and MLIR have.
  Compiler();
  /// Knows the dialects of `registry`; the passes of the stages must have been registered.
  explicit Compiler(const DialectRegistry &registry);

  /// What `options` ask for, in the order it is made. Fails on options that no input makes right.
  llvm::Expected<std::vector<PlannedArtefact>> plan(const CompileOptions &options) const;

  /// Compiles text or bytecode. Diagnostics call it by the identifier of the buffer.
  CompileResult compile(std::unique_ptr<llvm::MemoryBuffer> input, const CompileOptions &options,
                        CompileListener *listener = nullptr) const;
  CompileResult compile(StringRef text, const CompileOptions &options,
                        CompileListener *listener = nullptr) const;
  /// Compiles a copy of `module`, made in the context of the compilation.
  CompileResult compile(ModuleOp module, const CompileOptions &options,
                        CompileListener *listener = nullptr) const;

private:
  DialectRegistry registry;
};

/// The target called `name`; the error lists the targets.
llvm::Expected<Target> findTarget(StringRef name);

/// The name that files are called after: that of the input without folder and ending.
std::string getInputStem(const CompileOptions &options);

} // namespace mlir::colt5

#endif // COLT5_COMPILER_COMPILER_H

#include "colt5/Compiler/Compiler.h"

#include "Compilation.h"
#include "colt5/InitAll.h"
#include "colt5/Support/Error.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "llvm/Support/Path.h"
#include <mutex>

using namespace mlir;
using namespace mlir::colt5;
using driver::makeError;
using llvm::Error;
using llvm::Expected;

CompileListener::~CompileListener() = default;

Expected<Target> colt5::findTarget(StringRef name) {
  if (std::optional<Target> target = symbolizeTarget(name))
    return *target;
  return makeError("--target=" + name + ": unknown target; expected one of: " + listTargets());
}

std::string colt5::getInputStem(const CompileOptions &options) {
  return options.inputName == "-" ? "stdin" : llvm::sys::path::stem(options.inputName).str();
}

Compiler::Compiler() {
  static std::once_flag once;
  std::call_once(once, registerAllPasses);
  registerAllDialects(registry);
}

Compiler::Compiler(const DialectRegistry &known) { known.appendTo(registry); }

Expected<std::vector<PlannedArtefact>> Compiler::plan(const CompileOptions &options) const {
  Compilation compilation(options);
  if (Error error = compilation.check())
    return std::move(error);
  return compilation.getPlan();
}

static void addErrors(Error error, CompileResult &result) {
  llvm::handleAllErrors(std::move(error),
                        [&](const llvm::ErrorInfoBase &info) { result.errors.push_back(info.message()); });
}

CompileResult Compiler::compile(std::unique_ptr<llvm::MemoryBuffer> input, const CompileOptions &options,
                                CompileListener *listener) const {
  CompileResult result;
  CompileListener silent;
  Compilation compilation(options);
  Error error = compilation.check();
  if (!error)
    error = compilation.run(std::move(input), registry, {result, listener ? *listener : silent});
  addErrors(std::move(error), result);
  return result;
}

CompileResult Compiler::compile(StringRef text, const CompileOptions &options,
                                CompileListener *listener) const {
  return compile(llvm::MemoryBuffer::getMemBufferCopy(text, options.inputName), options, listener);
}

CompileResult Compiler::compile(ModuleOp module, const CompileOptions &options,
                                CompileListener *listener) const {
  std::string bytecode;
  llvm::raw_string_ostream os(bytecode);
  if (failed(writeBytecodeToFile(module, os))) {
    CompileResult result;
    result.errors.push_back("the module cannot be written as bytecode, which the compiler reads");
    return result;
  }
  return compile(bytecode, options, listener);
}

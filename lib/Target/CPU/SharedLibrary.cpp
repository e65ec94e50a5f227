#include "colt5/Target/CPU/Object.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"

using namespace mlir;
using namespace mlir::colt5;

LogicalResult colt5::linkSharedLibrary(StringRef object, StringRef path,
                                       llvm::function_ref<InFlightDiagnostic()> emitError) {
  std::string compiler = llvm::sys::Process::GetEnv("CC").value_or("cc");
  llvm::ErrorOr<std::string> program = llvm::sys::findProgramByName(compiler);
  if (!program)
    return emitError()
           << "a shared library needs the system's C compiler to link, but '" << compiler
           << "' is not on the path; install one (Debian: gcc) or name it in CC, or emit an object";

  SmallString<128> objectPath;
  int descriptor;
  if (std::error_code error = llvm::sys::fs::createTemporaryFile("colt5", "o", descriptor, objectPath))
    return emitError() << "cannot create a temporary file: " << error.message();
  llvm::FileRemover remover(objectPath);
  {
    llvm::raw_fd_ostream os(descriptor, /*shouldClose=*/true);
    os << object;
  }
  std::string output = path.str(), message;
  SmallVector<StringRef> arguments{*program, "-shared", "-o", output, objectPath, "-Wl,--no-undefined"};
  if (llvm::sys::ExecuteAndWait(*program, arguments, std::nullopt, {}, 0, 0, &message))
    return emitError() << "linking '" << path << "' with '" << *program << "' failed"
                       << (message.empty() ? "" : ": ") << message;
  return success();
}

LogicalResult colt5::emitCpuSharedLibrary(ModuleOp module, const CpuOptions &options, StringRef path) {
  SmallVector<char, 0> object;
  llvm::raw_svector_ostream os(object);
  if (failed(emitCpuCode(module, options, CpuFormat::Object, os)))
    return failure();
  return linkSharedLibrary(StringRef(object.data(), object.size()), path, [&] { return module.emitError(); });
}

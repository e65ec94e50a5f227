#include "colt5/Target/CPU/Object.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"

using namespace mlir;
using namespace mlir::colt5;

/// Writes `bytes` to a new temporary file; returns its path.
static llvm::ErrorOr<SmallString<128>> makeTemporaryFile(StringRef suffix, StringRef bytes) {
  SmallString<128> path;
  int descriptor;
  if (std::error_code error = llvm::sys::fs::createTemporaryFile("colt5", suffix, descriptor, path))
    return error;
  llvm::raw_fd_ostream os(descriptor, /*shouldClose=*/true);
  os << bytes;
  os.close();
  if (!os.has_error())
    return path;
  std::error_code error = os.error();
  os.clear_error();
  llvm::sys::fs::remove(path);
  return error;
}

FailureOr<std::string> colt5::linkSharedLibrary(StringRef object,
                                                llvm::function_ref<InFlightDiagnostic()> emitError) {
  std::string compiler = llvm::sys::Process::GetEnv("CC").value_or("cc");
  llvm::ErrorOr<std::string> program = llvm::sys::findProgramByName(compiler);
  if (!program)
    return emitError()
           << "a shared library needs the system's C compiler to link, but '" << compiler
           << "' is not on the path; install one (Debian: gcc) or name it in CC, or emit an object";

  llvm::ErrorOr<SmallString<128>> input = makeTemporaryFile("o", object);
  if (!input)
    return emitError() << "cannot write a temporary file: " << input.getError().message();
  llvm::FileRemover inputRemover(*input);
  llvm::ErrorOr<SmallString<128>> output = makeTemporaryFile("so", "");
  if (!output)
    return emitError() << "cannot write a temporary file: " << output.getError().message();
  llvm::FileRemover outputRemover(*output);
  std::string message;
  SmallVector<StringRef> arguments{*program, "-shared", "-o", *output, *input, "-Wl,--no-undefined"};
  if (llvm::sys::ExecuteAndWait(*program, arguments, std::nullopt, {}, 0, 0, &message))
    return emitError() << "linking a shared library with '" << *program << "' failed"
                       << (message.empty() ? "" : ": ") << message
                       << "; the environment variable CC names another compiler, which code for another "
                          "architecture needs";
  auto library = llvm::MemoryBuffer::getFile(*output, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!library)
    return emitError() << "cannot read the library that '" << *program
                       << "' linked: " << library.getError().message();
  return (*library)->getBuffer().str();
}

FailureOr<std::string> colt5::emitCpuSharedLibrary(ModuleOp module, const CpuOptions &options) {
  SmallVector<char, 0> object;
  llvm::raw_svector_ostream os(object);
  if (failed(emitCpuCode(module, options, CpuFormat::Object, os)))
    return failure();
  return linkSharedLibrary(StringRef(object.data(), object.size()), [&] { return module.emitError(); });
}

#include "colt5/Support/OutputFile.h"

#include "colt5/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"
#include <cerrno>
#include <climits>
#include <csignal>
#include <sys/stat.h>
#include <unistd.h>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;
using llvm::Error;
using llvm::Expected;
namespace fs = llvm::sys::fs;

/// The place that `path` leads to, which is no loop of links; there may be nothing yet. Nothing when it is
/// one of the process's open files.
static std::optional<std::string> followLinks(StringRef path) {
  SmallString<256> place(path);
  char buffer[PATH_MAX];
  while (!StringRef(place).starts_with("/proc/") && !StringRef(place).starts_with("/dev/fd/")) {
    ssize_t size = ::readlink(place.c_str(), buffer, sizeof buffer);
    if (size < 0)
      return std::string(place);
    StringRef target(buffer, size);
    if (llvm::sys::path::is_absolute(target)) {
      place = target;
    } else {
      llvm::sys::path::remove_filename(place);
      llvm::sys::path::append(place, target);
    }
  }
  return std::nullopt;
}

void driver::reportFileSizeLimits() { std::signal(SIGXFSZ, SIG_IGN); }

OutputFile::OutputFile(StringRef path, StringRef label)
    : path(path), label(label.empty() ? ("'" + path + "'").str() : label.str()) {}

OutputFile::~OutputFile() {
  if (stream)
    llvm::consumeError(finish());
  if (!temporary.empty()) {
    fs::remove(temporary);
    llvm::sys::DontRemoveFileOnSignal(temporary);
  }
}

Error OutputFile::makeError(std::error_code code) const {
  return driver::makeError(label + ": cannot write: " + code.message());
}

Error OutputFile::openBeside(bool isExecutable) {
  struct stat old;
  bool replaces = ::stat(path.c_str(), &old) == 0;
  if (replaces && ::access(path.c_str(), W_OK) != 0)
    return makeError(llvm::errnoAsErrorCode());
  SmallString<256> model(path), found;
  llvm::sys::path::remove_filename(model);
  // The name says nothing about the file's, which may be as long as names can be.
  llvm::sys::path::append(model, ".colt5-%%%%%%%%");
  int descriptor;
  unsigned mode = fs::all_read | fs::all_write | (isExecutable ? fs::all_exe : 0);
  if (std::error_code code = fs::createUniqueFile(model, descriptor, found, fs::OF_None, mode))
    return makeError(code);
  temporary = std::string(found);
  owned = std::make_unique<llvm::raw_fd_ostream>(descriptor, /*shouldClose=*/true);
  stream = owned.get();
  llvm::sys::RemoveFileOnSignal(temporary);
  if (replaces && ::fchmod(descriptor, old.st_mode & 0777) != 0)
    return makeError(llvm::errnoAsErrorCode());
  return Error::success();
}

Expected<std::unique_ptr<OutputFile>> OutputFile::open(StringRef path, StringRef label, bool isExecutable) {
  std::unique_ptr<OutputFile> file(new OutputFile(path, label));
  if (path == "-") {
    file->stream = &llvm::outs();
    return file;
  }
  fs::file_status status;
  std::optional<std::string> place;
  if (std::error_code code = fs::status(path, status); code && code != std::errc::no_such_file_or_directory)
    return file->makeError(code);
  if (!fs::exists(status) || fs::is_regular_file(status))
    place = followLinks(path);
  if (place) {
    file->path = *place;
    if (Error error = file->openBeside(isExecutable))
      return std::move(error);
  } else {
    std::error_code code;
    auto stream = std::make_unique<llvm::raw_fd_ostream>(path, code);
    if (code)
      return file->makeError(code);
    file->owned = std::move(stream);
    file->stream = file->owned.get();
  }
  return file;
}

Error OutputFile::finish() {
  if (!stream)
    return Error::success();
  if (owned)
    owned->close();
  else
    stream->flush();
  std::error_code code = stream->error();
  // A stream that is destroyed with an error ends the process.
  stream->clear_error();
  stream = nullptr;
  owned = nullptr;
  return code ? makeError(code) : Error::success();
}

Error OutputFile::keep() {
  if (Error error = finish())
    return error;
  if (temporary.empty())
    return Error::success();
  if (std::error_code code = fs::rename(temporary, path))
    return makeError(code);
  llvm::sys::DontRemoveFileOnSignal(temporary);
  temporary.clear();
  return Error::success();
}

Error driver::writeFile(StringRef path, StringRef bytes, bool isExecutable) {
  Expected<std::unique_ptr<OutputFile>> file = OutputFile::open(path, {}, isExecutable);
  if (!file)
    return file.takeError();
  (*file)->os() << bytes;
  return (*file)->keep();
}

Error driver::keepAll(ArrayRef<std::unique_ptr<OutputFile>> files) {
  for (const auto &file : files)
    if (Error error = file->finish())
      return error;
  for (const auto &file : files)
    if (Error error = file->keep())
      return error;
  return Error::success();
}

#include "colt5/Driver/JsonFile.h"

#include "colt5/Driver/Error.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::colt5;

llvm::Error driver::writeJsonFile(StringRef path, llvm::json::Object root) {
  std::error_code error;
  llvm::raw_fd_ostream stream(path, error);
  if (error)
    return makeError("--json=" + path + ": cannot write: " + error.message());
  stream << llvm::formatv("{0:2}", llvm::json::Value(std::move(root))) << "\n";
  stream.flush();
  // A stream that is destroyed with an error ends the process.
  if (stream.has_error()) {
    std::string reason = stream.error().message();
    stream.clear_error();
    return makeError("--json=" + path + ": cannot write: " + reason);
  }
  return llvm::Error::success();
}

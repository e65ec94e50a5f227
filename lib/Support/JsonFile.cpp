#include "colt5/Support/JsonFile.h"

#include "colt5/Support/OutputFile.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::colt5;

llvm::Error driver::writeJsonFile(StringRef path, llvm::json::Object root) {
  auto file = OutputFile::open(path, ("--json=" + path).str());
  if (!file)
    return file.takeError();
  (*file)->os() << llvm::formatv("{0:2}", llvm::json::Value(std::move(root))) << "\n";
  return (*file)->keep();
}

// The command line of colt5-reduce.
#include "colt5/Driver/Error.h"
#include "colt5/Driver/Reduce.h"
#include "colt5/Driver/SourceFile.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Tools/mlir-reduce/MlirReduceMain.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace mlir::colt5;

/// Checks every word of the command line that names a readable file and may be the input; which one is,
/// upstream finds out only when it parses.
static llvm::Error checkFiles(ArrayRef<char *> words) {
  for (size_t i = 0; i < words.size(); ++i) {
    StringRef word = words[i];
    if (word == "-o" || word == "--o")
      ++i;
    if (word.starts_with("-"))
      continue;
    llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> buffer = llvm::MemoryBuffer::getFile(word);
    if (!buffer)
      continue;
    if (llvm::Error error = driver::checkNesting((*buffer)->getBuffer()))
      return driver::makeError("'" + word + "': " + llvm::toString(std::move(error)));
  }
  return llvm::Error::success();
}

int driver::reduceMain(int argc, char **argv, DialectRegistry &registry) {
  if (llvm::Error error = checkFiles(ArrayRef<char *>(argv, argc).drop_front()))
    return driver::reportError("colt5-reduce", std::move(error));
  MLIRContext context(registry);
  return failed(mlirReduceMain(argc, argv, context));
}

// The command line of colt5-reduce.
#include "colt5/Compiler/SourceFile.h"
#include "colt5/Support/Error.h"
#include "colt5/Support/OutputFile.h"
#include "colt5/Tools/Common/Plugins.h"
#include "colt5/Tools/Reduce/Reduce.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Tools/mlir-reduce/MlirReduceMain.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace mlir::colt5;
using driver::OutputFile;

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
    if (llvm::Error error = checkNesting((*buffer)->getBuffer()))
      return driver::makeError("'" + word + "': " + llvm::toString(std::move(error)));
  }
  return llvm::Error::success();
}

/// The word of the command line that names the output, and where in it the name begins.
static std::optional<std::pair<size_t, size_t>> findOutput(ArrayRef<std::string> words) {
  for (size_t i = 1; i < words.size(); ++i) {
    StringRef word = words[i];
    if (!word.consume_front("--") && !word.consume_front("-"))
      continue;
    if (word == "o" && i + 1 < words.size())
      return std::make_pair(i + 1, size_t(0));
    if (word.consume_front("o="))
      return std::make_pair(i, words[i].size() - word.size());
  }
  return std::nullopt;
}

int driver::reduceMain(int argc, char **argv, DialectRegistry &registry) {
  if (llvm::Error error = checkFiles(ArrayRef<char *>(argv, argc).drop_front()))
    return driver::reportError("colt5-reduce", std::move(error));
  std::vector<std::string> words(argv, argv + argc);
  // Upstream opens the output itself, and before it reads anything. It may end the process, which removes
  // what is static.
  static std::unique_ptr<OutputFile> output;
  if (auto place = findOutput(words)) {
    auto file = OutputFile::open(StringRef(words[place->first]).drop_front(place->second));
    if (!file)
      return driver::reportError("colt5-reduce", file.takeError());
    output = std::move(*file);
    driver::reportFileSizeLimits();
    words[place->first].replace(place->second, std::string::npos, output->getWrittenPath().str());
  }
  SmallVector<char *> arguments;
  for (std::string &word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  MLIRContext context(registry);
  PluginOptions plugins("colt5-reduce", registry, /*category=*/nullptr,
                        [&] { context.appendDialectRegistry(registry); });
  if (failed(mlirReduceMain(argc, arguments.data(), context)))
    return 1;
  // A module that was written is not empty; help leaves nothing.
  uint64_t size = 1;
  if (output && !llvm::sys::fs::file_size(output->getWrittenPath(), size) && size == 0)
    return 0;
  llvm::Error error = output ? output->keep() : llvm::Error::success();
  return error ? driver::reportError("colt5-reduce", std::move(error)) : 0;
}

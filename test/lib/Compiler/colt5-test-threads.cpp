// Compiles the files that are named for the CPU and two chips, one after the other and then all at once, a
// thread for each, and compares every artefact. With --race as the first word the threads also write one
// variable, which ThreadSanitizer must see.
#include "colt5/Compiler/Compiler.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <thread>

using namespace mlir::colt5;

static CompileResult compileFile(const Compiler &compiler, const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  CompileOptions options;
  options.inputName = path;
  options.targets = {"cpu", "sm_80", "sm_90a"};
  options.emit = {"obj", "header", "c", "mlir", "asm", "ptx"};
  options.output = "program";
  if (buffer)
    return compiler.compile(std::move(*buffer), options);
  CompileResult result;
  result.errors.push_back("'" + path + "': " + buffer.getError().message());
  return result;
}

/// Prints what differs; returns whether nothing does.
static bool areEqual(const std::string &path, const CompileResult &alone, const CompileResult &together) {
  bool equal = alone.artefacts.size() == together.artefacts.size() &&
               alone.remarks.size() == together.remarks.size() && together.succeeded();
  for (const std::string &error : together.errors)
    llvm::outs() << path << ": " << error << "\n";
  for (size_t i = 0; i < alone.artefacts.size() && i < together.artefacts.size(); ++i)
    if (alone.artefacts[i].bytes != together.artefacts[i].bytes) {
      llvm::outs() << path << ": " << together.artefacts[i].name << " differs\n";
      equal = false;
    }
  return equal;
}

int main(int argc, char **argv) {
  std::vector<std::string> paths(argv + 1, argv + argc);
  bool races = !paths.empty() && paths.front() == "--race";
  if (races)
    paths.erase(paths.begin());
  volatile unsigned shared = 0;
  Compiler compiler;
  std::vector<CompileResult> alone, together(paths.size());
  for (const std::string &path : paths)
    alone.push_back(compileFile(compiler, path));
  std::vector<std::thread> threads;
  for (size_t i = 0; i < paths.size(); ++i)
    threads.emplace_back([&, i] {
      if (races)
        shared = i;
      together[i] = compileFile(compiler, paths[i]);
    });
  for (std::thread &thread : threads)
    thread.join();
  size_t artefacts = 0;
  bool equal = true;
  for (size_t i = 0; i < paths.size(); ++i) {
    equal &= areEqual(paths[i], alone[i], together[i]);
    artefacts += together[i].artefacts.size();
  }
  llvm::outs() << paths.size() << " programs, " << artefacts
               << " artefacts: " << (equal ? "equal" : "different") << "\n";
  return !equal;
}

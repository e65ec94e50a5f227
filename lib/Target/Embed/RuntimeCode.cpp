#include "RuntimeCode.h"
#include <string>

// An array in C++ would take the compiler longer than everything else.
#define EMBED(name, file)                                                                                    \
  __asm__(".pushsection .rodata\n"                                                                           \
          ".balign 16\n"                                                                                     \
          ".hidden " name "_begin\n"                                                                         \
          ".globl " name "_begin\n" name "_begin:\n"                                                         \
          ".incbin \"" file "\"\n"                                                                           \
          ".hidden " name "_end\n"                                                                           \
          ".globl " name "_end\n" name "_end:\n"                                                             \
          ".popsection\n")

EMBED("colt5_runtime_text", COLT5_RUNTIME_TEXT);
extern "C" const char colt5_runtime_text_begin[], colt5_runtime_text_end[];

#define ROW(architecture, file)                                                                              \
  EMBED("colt5_runtime_" #architecture, file);                                                               \
  extern "C" const char colt5_runtime_##architecture##_begin[], colt5_runtime_##architecture##_end[];
#include COLT5_RUNTIME_ROWS
#undef ROW

namespace {
struct Bitcode {
  llvm::StringRef architecture;
  const char *begin, *end;
};
} // namespace

static const Bitcode kBitcode[] = {
#define ROW(architecture, file)                                                                              \
  {#architecture, colt5_runtime_##architecture##_begin, colt5_runtime_##architecture##_end},
#include COLT5_RUNTIME_ROWS
#undef ROW
};

static llvm::StringRef getBytes(const char *begin, const char *end) {
  return {begin, static_cast<size_t>(end - begin)};
}

llvm::StringRef mlir::colt5::getRuntimeBitcode() { return getBytes(kBitcode[0].begin, kBitcode[0].end); }

llvm::Expected<llvm::StringRef> mlir::colt5::getRuntimeBitcode(llvm::StringRef architecture) {
  std::string known;
  for (const Bitcode &row : kBitcode) {
    if (row.architecture == architecture)
      return getBytes(row.begin, row.end);
    known += (known.empty() ? "" : ", ") + row.architecture.str();
  }
  return llvm::createStringError("expected an architecture that this colt5 was built with the runtime of, " +
                                 known + ", found " + architecture +
                                 "; use --emit=c, or build colt5 where the headers of its C library are");
}

llvm::StringRef mlir::colt5::getRuntimeText() {
  return getBytes(colt5_runtime_text_begin, colt5_runtime_text_end);
}

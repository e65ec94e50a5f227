#include "RuntimeCode.h"

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

EMBED("colt5_runtime_bitcode", COLT5_RUNTIME_BITCODE);
EMBED("colt5_runtime_text", COLT5_RUNTIME_TEXT);

extern "C" const char colt5_runtime_bitcode_begin[], colt5_runtime_bitcode_end[];
extern "C" const char colt5_runtime_text_begin[], colt5_runtime_text_end[];

llvm::StringRef mlir::colt5::getRuntimeBitcode() {
  return {colt5_runtime_bitcode_begin,
          static_cast<size_t>(colt5_runtime_bitcode_end - colt5_runtime_bitcode_begin)};
}

llvm::StringRef mlir::colt5::getRuntimeText() {
  return {colt5_runtime_text_begin, static_cast<size_t>(colt5_runtime_text_end - colt5_runtime_text_begin)};
}

#include "RuntimeCode.h"

// An array in C++ would take the compiler longer than everything else.
__asm__(".pushsection .rodata\n"
        ".balign 16\n"
        ".hidden colt5_runtime_bitcode_begin\n"
        ".globl colt5_runtime_bitcode_begin\n"
        "colt5_runtime_bitcode_begin:\n"
        ".incbin \"" COLT5_RUNTIME_BITCODE "\"\n"
        ".hidden colt5_runtime_bitcode_end\n"
        ".globl colt5_runtime_bitcode_end\n"
        "colt5_runtime_bitcode_end:\n"
        ".popsection\n");

extern "C" const char colt5_runtime_bitcode_begin[], colt5_runtime_bitcode_end[];

llvm::StringRef mlir::colt5::getRuntimeBitcode() {
  return {colt5_runtime_bitcode_begin,
          static_cast<size_t>(colt5_runtime_bitcode_end - colt5_runtime_bitcode_begin)};
}

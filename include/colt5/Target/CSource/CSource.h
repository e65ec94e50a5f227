#ifndef COLT5_TARGET_CSOURCE_CSOURCE_H
#define COLT5_TARGET_CSOURCE_CSOURCE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace llvm {
class Function;
class FunctionType;
class Module;
class TargetMachine;
class raw_ostream;
} // namespace llvm

namespace mlir::colt5 {

/// Calls of pointers whose function type in C says more than the one in LLVM does.
struct CIndirectCall {
  llvm::FunctionType *type;
  /// A C function that takes the pointer and then the arguments, pointers as void *.
  std::string name;
};

struct CSourceOptions {
  /// What the names of the module's functions, constants and helpers begin with.
  std::string prefix;
  llvm::SmallVector<CIndirectCall> indirectCalls;
};

/// Optimizes `module` for printing it as C, at level 0 to 3, with vectors of up to `vectorBits` bits.
llvm::Error optimizeForC(llvm::Module &module, llvm::TargetMachine &machine, int level, unsigned vectorBits);

/// Splits what computes vectors of more than `bits` bits lane by lane into parts of at most `bits` bits, as
/// the back-end of LLVM would. Every lane is computed as before.
void splitVectors(llvm::Function &function, unsigned bits);

/// Prints the functions of `module` as static C functions with GNU vectors, for gcc and clang on 64-bit
/// little-endian machines. They expect `getCSourceSupport()` before them. The name of a function in C is
/// `getCSourceName`; its parameters are `void *`, `int64_t` and so on. What cannot be printed exactly is an
/// error that names the instruction and its function.
llvm::Error emitCSource(const llvm::Module &module, const CSourceOptions &options, llvm::raw_ostream &os);

/// The C name of function `name`, which has letters, digits and _ only.
std::string getCSourceName(const CSourceOptions &options, llvm::StringRef name);

/// C functions for what C has no operator for: once per file, behind <stdint.h>.
llvm::StringRef getCSourceSupport();

} // namespace mlir::colt5

#endif // COLT5_TARGET_CSOURCE_CSOURCE_H

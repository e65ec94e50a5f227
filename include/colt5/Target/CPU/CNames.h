#ifndef COLT5_TARGET_CPU_CNAMES_H
#define COLT5_TARGET_CPU_CNAMES_H

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/StringSet.h"

namespace mlir::colt5 {

/// Makes names for headers that C99 and C++ take, whatever else a program includes.
class CNames {
public:
  /// `own`: names that the code around uses itself.
  explicit CNames(ArrayRef<StringRef> own);
  /// A name like `wanted` that is new, also with each of `suffixes` behind it.
  std::string make(StringRef wanted, ArrayRef<StringRef> suffixes = {});

private:
  bool isTaken(StringRef name, ArrayRef<StringRef> suffixes) const;
  llvm::StringSet<> own, used;
};

/// Whether `name` is an identifier of C; it may be a keyword.
bool isCIdentifier(StringRef name);

} // namespace mlir::colt5

#endif // COLT5_TARGET_CPU_CNAMES_H

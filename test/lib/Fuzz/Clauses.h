// Ops whose operands stand in groups, as "ins($0, $1 : #0, #1) mask($2 : #2)".
#ifndef COLT5_TEST_LIB_FUZZ_CLAUSES_H
#define COLT5_TEST_LIB_FUZZ_CLAUSES_H

#include "Builder.h"

namespace mlir::colt5::fuzz {

/// The operands and attributes of one op.
class Clauses {
public:
  explicit Clauses(llvm::ArrayRef<ValueId> ins) { add("ins", ins); }

  void add(llvm::StringRef name, llvm::ArrayRef<ValueId> ids);
  void addAttribute(llvm::StringRef attribute);
  /// Appends the op: one result per destination, of its type. Returns the first.
  ValueId emit(Builder &b, llvm::StringRef op, llvm::ArrayRef<ValueId> outs, llvm::StringRef region = "");

private:
  std::string text, attributes;
  std::vector<ValueId> operands;
};

} // namespace mlir::colt5::fuzz

#endif // COLT5_TEST_LIB_FUZZ_CLAUSES_H

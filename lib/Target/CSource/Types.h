// Types of LLVM in C.
#ifndef COLT5_LIB_TARGET_CSOURCE_TYPES_H
#define COLT5_LIB_TARGET_CSOURCE_TYPES_H

#include "llvm/ADT/StringRef.h"
#include "llvm/IR/DerivedTypes.h"
#include <map>
#include <string>

namespace mlir::colt5 {

/// What holds a value in C.
struct CType {
  enum Kind { Void, Unsigned, Signed, Float, Pointer } kind = Void;
  /// Of one lane: 8, 16, 32, 64, and 128 for scalars.
  unsigned bits = 0;
  /// Lanes of a GNU vector, a power of two; 0: a scalar.
  unsigned lanes = 0;

  CType withLanes(unsigned number) const { return {kind, bits, number}; }
  CType withKind(Kind other) const { return {other, bits, lanes}; }
  CType getLane() const { return withLanes(0); }
  bool operator==(const CType &other) const {
    return kind == other.kind && bits == other.bits && lanes == other.lanes;
  }
  bool operator!=(const CType &other) const { return !(*this == other); }
};

/// The type of C for `type`. f16 and bf16 are their bits. Integers without a type of their own are the next
/// wider one, zero-extended. Vectors are padded to a power of two. i1 is 0 or 1; a vector of i1 has lanes of
/// `maskBits` bits, 0 or -1; a vector of pointers has their addresses. Void for what has no type in C.
CType getCType(llvm::Type *type, unsigned maskBits = 32);

/// The number of lanes in LLVM, 1 for scalars.
unsigned getNumLanes(llvm::Type *type);

/// Names of types, and the typedefs that they need.
class CTypeNames {
public:
  /// "uint32_t", "f32x8". `Void` is "void".
  std::string get(CType type);
  /// A type for memory that is aligned to `align` bytes and may alias everything: "mem_f32x8_4".
  std::string getMemory(CType type, uint64_t align);
  /// "f32x8": part of the names of helpers.
  static std::string getShort(CType type);
  void print(llvm::raw_ostream &os) const;

private:
  /// Name to text; sorted, so that the order does not depend on use.
  std::map<std::string, std::string> typedefs;
};

} // namespace mlir::colt5

#endif // COLT5_LIB_TARGET_CSOURCE_TYPES_H

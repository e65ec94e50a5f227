// The element types of tensors that programs exchange with their callers, and what each is called where.
#ifndef COLT5_SUPPORT_ELEMENTKIND_H
#define COLT5_SUPPORT_ELEMENTKIND_H

#include "mlir/IR/Types.h"
#include <optional>

namespace mlir::colt5 {

/// Floating-point kinds come last. `U16` is only raw bits on their way into `BF16`.
enum class ElementKind : uint8_t { I1, I8, I16, I32, I64, Index, U16, F16, BF16, F32, F64 };

struct ElementTraits {
  ElementKind kind;
  llvm::StringLiteral name; ///< in MLIR: "i1", "bf16"
  unsigned bits;
  llvm::StringLiteral npyDescr; ///< of NumPy; empty for bf16, which it lacks
  llvm::StringLiteral cType;    ///< in memory; 16-bit floats are their bits
  int32_t abiType;              ///< `colt5_type`, or -1
  llvm::StringLiteral abiName;  ///< of `abiType`; empty without one
  bool (*isKindOf)(Type);       ///< true for the MLIR type

  unsigned getBytes() const { return (bits + 7) / 8; }
};

const ElementTraits &getTraits(ElementKind kind);

inline StringRef getKindName(ElementKind kind) { return getTraits(kind).name; }
inline bool isFloatKind(ElementKind kind) { return kind >= ElementKind::F16; }

/// The MLIR types that have a kind, for messages: scalars and elements that compiled functions take and
/// return.
inline constexpr llvm::StringLiteral kElementTypes = "i1, i8, i16, i32, i64, index, f16, bf16, f32 or f64";

/// The kind of the scalar type `type`, or none.
std::optional<ElementKind> getElementKind(Type type);
/// The first kind with this `npyDescr`, whatever the byte order in front.
std::optional<ElementKind> getKindOfNpy(StringRef descr);
/// The name of a `colt5_type`.
StringRef getAbiName(int32_t abiType);

} // namespace mlir::colt5

#endif // COLT5_SUPPORT_ELEMENTKIND_H

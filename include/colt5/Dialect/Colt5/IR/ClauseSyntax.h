#ifndef COLT5_DIALECT_COLT5_IR_CLAUSESYNTAX_H
#define COLT5_DIALECT_COLT5_IR_CLAUSESYNTAX_H

#include "mlir/IR/OpImplementation.h"

namespace mlir::colt5 {

/// One named clause of an op's syntax. The clauses of an op list its ODS operand groups in order.
struct Clause {
  /// What a clause holds.
  enum Kind {
    Required, ///< exactly one operand per group
    Optional, ///< one operand per group, or the whole clause is absent
    Variadic, ///< any number of operands in one group; absent when empty
  };

  /// The word before the parenthesis; empty for the leading operand of a composite.
  StringRef keyword;
  Kind kind = Required;
  /// Number of operand groups in the clause.
  unsigned numGroups = 1;
  /// Composites only: one label per group. "" is positional, "in=" is written `in = %x`, "bias" is written
  /// `bias %x`; a trailing `?` in the label makes the item optional within its clause.
  ArrayRef<StringRef> labels = {};
};

using SegmentSetter = function_ref<void(ArrayRef<int32_t>)>;

/// Parses and prints a structured op:
/// `ins(%a, %b : types) [clause(%c : types)]... outs(...) {dictionary} [-> types] [region]`.
ParseResult parseClauses(OpAsmParser &parser, OperationState &result, ArrayRef<Clause> clauses,
                         SegmentSetter setSegments);
void printClauses(OpAsmPrinter &printer, Operation *op, ArrayRef<Clause> clauses, ArrayRef<int32_t> segments,
                  DictionaryAttr defaults);

/// Parses and prints a composite: `%x clause(%a, in = %b) ... {dictionary} : types -> type`.
ParseResult parseComposite(OpAsmParser &parser, OperationState &result, ArrayRef<Clause> clauses,
                           SegmentSetter setSegments);
void printComposite(OpAsmPrinter &printer, Operation *op, ArrayRef<Clause> clauses,
                    ArrayRef<int32_t> segments, DictionaryAttr defaults);

/// Parses and prints the one dictionary of an op, in which enumerated options are bare keywords and
/// defaults are left out: `{tie = lowest_index, unique, eps = 1.0}`.
ParseResult parseOptionDict(OpAsmParser &parser, NamedAttrList &attributes);
void printOptionDict(OpAsmPrinter &printer, Operation *op, DictionaryAttr defaults);

namespace detail {
/// The constraint `options_c1` of every op: there is no option that it does not know.
LogicalResult verifyOptions(Operation *op);

template <typename OpTy>
using has_defaults_t = decltype(OpTy::populateDefaultProperties(std::declval<OperationName>(),
                                                                std::declval<typename OpTy::Properties &>()));
} // namespace detail

/// The options an op of this kind has when none is written.
template <typename OpTy> DictionaryAttr getDefaultOptions(Operation *op) {
  typename OpTy::Properties properties;
  if constexpr (llvm::is_detected<detail::has_defaults_t, OpTy>::value)
    OpTy::populateDefaultProperties(op->getName(), properties);
  Attribute options = OpTy::getPropertiesAsAttr(op->getContext(), properties);
  return dyn_cast_or_null<DictionaryAttr>(options);
}

} // namespace mlir::colt5

#endif // COLT5_DIALECT_COLT5_IR_CLAUSESYNTAX_H

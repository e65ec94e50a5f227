// Parameter lists of attributes: `name = value` in any order, each at most once.
#ifndef COLT5_LIB_DIALECT_COLT5_IR_ATTRIBUTESYNTAX_H
#define COLT5_LIB_DIALECT_COLT5_IR_ATTRIBUTESYNTAX_H

#include "colt5/Dialect/Colt5/IR/Colt5.h"

namespace mlir::colt5 {

/// One `name = value` of a parameter list; `parse` is called after the equal sign.
struct AttributeParameter {
  StringRef name;
  std::function<ParseResult()> parse;
};

/// Parses `, name = value` until `>`; without the first comma where `isFirst`.
ParseResult parseParameters(AsmParser &parser, ArrayRef<AttributeParameter> parameters, bool isFirst = false);

template <typename EnumTy> ParseResult parseEnum(AsmParser &parser, EnumTy &value) {
  StringRef word;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseKeyword(&word))
    return failure();
  std::optional<EnumTy> parsed = symbolizeEnum<EnumTy>(word);
  if (!parsed)
    return parser.emitError(loc) << "unknown value '" << word << "'";
  value = *parsed;
  return success();
}

/// `[8, 0]`.
ParseResult parseTileSizes(AsmParser &parser, SmallVector<int64_t> &tile);
void printTileSizes(AsmPrinter &printer, ArrayRef<int64_t> tile);

} // namespace mlir::colt5

#endif // COLT5_LIB_DIALECT_COLT5_IR_ATTRIBUTESYNTAX_H

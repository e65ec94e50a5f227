#include "AttributeSyntax.h"

#include "llvm/ADT/DenseSet.h"

using namespace mlir;
using namespace mlir::colt5;

static ParseResult parseParameter(AsmParser &parser, ArrayRef<AttributeParameter> parameters,
                                  llvm::SmallDenseSet<StringRef> &seen) {
  StringRef name;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseKeyword(&name) || parser.parseEqual())
    return failure();
  const AttributeParameter *found =
      llvm::find_if(parameters, [&](const AttributeParameter &p) { return p.name == name; });
  if (found == parameters.end()) {
    InFlightDiagnostic diag = parser.emitError(loc) << "unknown parameter '" << name << "', expected one of ";
    llvm::interleaveComma(parameters, diag, [&](const AttributeParameter &known) { diag << known.name; });
    return diag;
  }
  if (!seen.insert(name).second)
    return parser.emitError(loc) << "parameter '" << name << "' is given twice";
  return found->parse();
}

ParseResult colt5::parseParameters(AsmParser &parser, ArrayRef<AttributeParameter> parameters, bool isFirst) {
  llvm::SmallDenseSet<StringRef> seen;
  while (isFirst || succeeded(parser.parseOptionalComma())) {
    isFirst = false;
    if (parseParameter(parser, parameters, seen))
      return failure();
  }
  return parser.parseGreater();
}

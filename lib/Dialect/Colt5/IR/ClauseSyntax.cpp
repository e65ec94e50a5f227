#include "colt5/Dialect/Colt5/IR/Colt5.h"

using namespace mlir;
using namespace mlir::colt5;

//===----------------------------------------------------------------------===//
// The option dictionary
//===----------------------------------------------------------------------===//

namespace {
/// Parser and printer of one enumerated option.
struct EnumOption {
  StringRef name;
  Attribute (*parse)(MLIRContext *, StringRef);
  StringRef (*print)(Attribute);
};

template <typename AttrTy, typename EnumTy> constexpr EnumOption makeEnumOption(StringRef name) {
  return {name,
          [](MLIRContext *context, StringRef word) -> Attribute {
            if (std::optional<EnumTy> value = symbolizeEnum<EnumTy>(word))
              return AttrTy::get(context, *value);
            return {};
          },
          [](Attribute attr) -> StringRef {
            auto typed = dyn_cast<AttrTy>(attr);
            return typed ? stringifyEnum(typed.getValue()) : StringRef();
          }};
}
} // namespace

static const EnumOption kEnumOptions[] = {
    makeEnumOption<SimilarityAttr, Similarity>("similarity"),
    makeEnumOption<DescentInitAttr, DescentInit>("init"),
    makeEnumOption<OverflowAttr, Overflow>("overflow"),
    makeEnumOption<SolverAttr, Solver>("solver"),
    makeEnumOption<TieBreakAttr, TieBreak>("tie"),
    makeEnumOption<SlotOrderAttr, SlotOrder>("order"),
    makeEnumOption<CombineKindAttr, CombineKind>("combine"),
    makeEnumOption<RopeLayoutAttr, RopeLayout>("layout"),
    makeEnumOption<BlockReduceAttr, BlockReduce>("reduce"),
    makeEnumOption<OrphansAttr, Orphans>("orphans"),
    makeEnumOption<ActivationAttr, Activation>("activation"),
    makeEnumOption<KvScaleAttr, KvScale>("kv_scale"),
    makeEnumOption<QScaleAttr, QScale>("q_scale"),
};

static const EnumOption *findEnumOption(StringRef name) {
  for (const EnumOption &option : kEnumOptions)
    if (option.name == name)
      return &option;
  return nullptr;
}

ParseResult colt5::parseOptionDict(OpAsmParser &parser, NamedAttrList &attributes) {
  llvm::SmallDenseSet<StringAttr> seen;
  auto parseOption = [&]() -> ParseResult {
    std::string name;
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseKeywordOrString(&name))
      return failure();
    StringAttr nameAttr = parser.getBuilder().getStringAttr(name);
    if (!seen.insert(nameAttr).second)
      return parser.emitError(loc) << "option '" << name << "' is given twice";
    if (parser.parseOptionalEqual()) {
      attributes.append(nameAttr, parser.getBuilder().getUnitAttr());
      return success();
    }
    if (const EnumOption *option = findEnumOption(name)) {
      StringRef word;
      SMLoc wordLoc = parser.getCurrentLocation();
      if (succeeded(parser.parseOptionalKeyword(&word))) {
        Attribute attr = option->parse(parser.getContext(), word);
        if (!attr)
          return parser.emitError(wordLoc) << "unknown value '" << word << "' of option '" << name << "'";
        attributes.append(nameAttr, attr);
        return success();
      }
    }
    Attribute attr;
    if (parser.parseAttribute(attr))
      return failure();
    attributes.append(nameAttr, attr);
    return success();
  };
  if (failed(parser.parseOptionalLBrace()))
    return success();
  if (succeeded(parser.parseOptionalRBrace()))
    return success();
  if (parser.parseCommaSeparatedList(parseOption))
    return failure();
  return parser.parseRBrace();
}

static bool isSegmentSizes(StringAttr name) {
  return name == "operandSegmentSizes" || name == "odsOperandSegmentSizes";
}

static void printOption(OpAsmPrinter &printer, NamedAttribute option) {
  printer.printKeywordOrString(option.getName().getValue());
  Attribute value = option.getValue();
  if (isa<UnitAttr>(value))
    return;
  printer << " = ";
  if (const EnumOption *enumOption = findEnumOption(option.getName())) {
    StringRef word = enumOption->print(value);
    if (!word.empty()) {
      printer << word;
      return;
    }
  }
  auto integer = dyn_cast<IntegerAttr>(value);
  auto real = dyn_cast<FloatAttr>(value);
  if ((integer && integer.getType().isSignlessInteger(64)) || (real && real.getType().isF64()))
    printer.printAttributeWithoutType(value);
  else
    printer.printAttribute(value);
}

void colt5::printOptionDict(OpAsmPrinter &printer, Operation *op, DictionaryAttr defaults) {
  SmallVector<NamedAttribute> options;
  for (NamedAttribute attr : op->getAttrDictionary()) {
    bool isDefault = defaults && defaults.get(attr.getName()) == attr.getValue();
    if (!isSegmentSizes(attr.getName()) && !isDefault)
      options.push_back(attr);
  }
  if (options.empty())
    return;
  printer << " {";
  llvm::interleaveComma(options, printer, [&](NamedAttribute option) { printOption(printer, option); });
  printer << "}";
}

LogicalResult colt5::detail::verifyOptions(Operation *op) {
  for (NamedAttribute attr : op->getDiscardableAttrs()) {
    // Others may mark an op, with the name of their dialect in front; upstream's own marks begin with "__".
    StringRef name = attr.getName().getValue();
    if (name.contains('.') || name.starts_with("__"))
      continue;
    SmallVector<StringRef> known;
    for (StringAttr option : op->getName().getAttributeNames())
      if (!isSegmentSizes(option))
        known.push_back(option.getValue());
    if (known.empty())
      return op->emitOpError() << "options_c1: expected no option, found '" << name << "'";
    return op->emitOpError() << "options_c1: expected an option out of " << llvm::join(known, ", ")
                             << ", found '" << name << "'";
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Structured ops
//===----------------------------------------------------------------------===//

using Operands = SmallVector<OpAsmParser::UnresolvedOperand, 4>;

/// Parses `(%a, %b : t0, t1)` of `clause` and resolves the operands.
static ParseResult parseTypedClause(OpAsmParser &parser, OperationState &result, const Clause &clause,
                                    SmallVectorImpl<int32_t> &sizes) {
  Operands operands;
  SmallVector<Type, 4> types;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLParen() || parser.parseOperandList(operands) || parser.parseColonTypeList(types) ||
      parser.parseRParen())
    return failure();
  if (clause.kind == Clause::Variadic) {
    sizes.push_back(operands.size());
  } else {
    if (operands.size() != clause.numGroups)
      return parser.emitError(loc) << "'" << clause.keyword << "' takes " << clause.numGroups
                                   << " operand(s), found " << operands.size();
    sizes.append(clause.numGroups, 1);
  }
  return parser.resolveOperands(operands, types, loc, result.operands);
}

/// "the clauses of 'colt5.topk' are, in this order, ins, mask, outs"
static std::string describeClauses(OperationName name, ArrayRef<Clause> clauses) {
  std::string text = "the clauses of '" + name.getStringRef().str() + "' are, in this order, ";
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(clauses, os, [&](const Clause &clause) { os << clause.keyword; });
  return text;
}

/// Without this check an option of a wrong type would be lost on its way into the properties.
static ParseResult verifyOptions(OpAsmParser &parser, OperationState &result, SMLoc loc) {
  return result.name.verifyInherentAttrs(result.attributes, [&] {
    return parser.emitError(loc) << "'" << result.name.getStringRef() << "' op ";
  });
}

ParseResult colt5::parseClauses(OpAsmParser &parser, OperationState &result, ArrayRef<Clause> clauses,
                                SegmentSetter setSegments) {
  SmallVector<int32_t> sizes;
  SMLoc opLoc = parser.getNameLoc();
  for (const Clause &clause : clauses) {
    SMLoc loc = parser.getCurrentLocation();
    if (failed(parser.parseOptionalKeyword(clause.keyword))) {
      if (clause.kind == Clause::Required || clause.keyword == "outs")
        return parser.emitError(loc) << "expected '" << clause.keyword << "' here; "
                                     << describeClauses(result.name, clauses);
      sizes.append(clause.numGroups, 0);
      continue;
    }
    if (parseTypedClause(parser, result, clause, sizes))
      return failure();
  }
  if (parseOptionDict(parser, result.attributes) || verifyOptions(parser, result, opLoc))
    return failure();
  SMLoc arrowLoc = parser.getCurrentLocation();
  if (succeeded(parser.parseOptionalArrow())) {
    if (succeeded(parser.parseOptionalLParen())) {
      if (parser.parseTypeList(result.types) || parser.parseRParen())
        return failure();
    } else if (parser.parseType(result.types.emplace_back())) {
      return failure();
    }
  } else if (parser.getNumResults() > 0) {
    return parser.emitError(arrowLoc)
           << "expected '->' and the result types here; " << describeClauses(result.name, clauses);
  }
  bool hasRegion = result.name.isRegistered() && !result.name.getStringRef().empty() &&
                   (result.name.getStringRef() == AttentionOp::getOperationName() ||
                    result.name.getStringRef() == OnlineAttentionOp::getOperationName());
  if (hasRegion) {
    Region *region = result.addRegion();
    OptionalParseResult parsed = parser.parseOptionalRegion(*region);
    if (parsed.has_value() && failed(*parsed))
      return failure();
  }
  setSegments(sizes);
  return success();
}

void colt5::printClauses(OpAsmPrinter &printer, Operation *op, ArrayRef<Clause> clauses,
                         ArrayRef<int32_t> segments, DictionaryAttr defaults) {
  unsigned operand = 0;
  for (const Clause &clause : clauses) {
    unsigned count = 0;
    for (int32_t size : segments.take_front(clause.numGroups))
      count += size;
    segments = segments.drop_front(clause.numGroups);
    if (count == 0)
      continue;
    OperandRange operands = op->getOperands().slice(operand, count);
    operand += count;
    printer << " " << clause.keyword << "(" << operands << " : " << operands.getTypes() << ")";
  }
  printOptionDict(printer, op, defaults);
  if (op->getNumResults() == 1)
    printer << " -> " << op->getResult(0).getType();
  else if (op->getNumResults() > 1)
    printer << " -> (" << op->getResultTypes() << ")";
  for (Region &region : op->getRegions()) {
    if (region.empty())
      continue;
    printer << " ";
    printer.printRegion(region);
  }
}

//===----------------------------------------------------------------------===//
// Composites
//===----------------------------------------------------------------------===//

/// Parses the items of one clause of a composite: `%a, %b bias %c` or `in = %a, out = %b`.
static ParseResult parseItems(OpAsmParser &parser, const Clause &clause, Operands &operands,
                              SmallVectorImpl<int32_t> &sizes) {
  SmallVector<std::optional<OpAsmParser::UnresolvedOperand>> items(clause.numGroups);
  auto label = [&](unsigned group) { return clause.labels.empty() ? StringRef() : clause.labels[group]; };
  auto isTrailing = [&](unsigned group) { return !label(group).empty() && !label(group).contains('='); };
  unsigned next = 0;
  auto parseItem = [&]() -> ParseResult {
    SMLoc loc = parser.getCurrentLocation();
    if (next < clause.numGroups && label(next).contains('=')) {
      StringRef word;
      if (parser.parseKeyword(&word))
        return failure();
      while (next < clause.numGroups && label(next).split('=').first != word)
        ++next;
      if (next < clause.numGroups && parser.parseEqual())
        return failure();
    }
    if (next >= clause.numGroups || isTrailing(next))
      return parser.emitError(loc) << "unexpected item in '" << clause.keyword << "'";
    return parser.parseOperand(items[next++].emplace());
  };
  if (parser.parseCommaSeparatedList(parseItem))
    return failure();
  for (unsigned i = 0; i < clause.numGroups; ++i) {
    if (isTrailing(i) && succeeded(parser.parseOptionalKeyword(label(i).split('?').first)) &&
        parser.parseOperand(items[i].emplace()))
      return failure();
    if (!items[i] && !label(i).ends_with("?"))
      return parser.emitError(parser.getCurrentLocation())
             << "'" << clause.keyword << "' lacks "
             << (label(i).empty() ? "operand " + std::to_string(i + 1)
                                  : "'" + label(i).split('=').first.str() + "'");
    if (items[i])
      operands.push_back(*items[i]);
    sizes.push_back(items[i] ? 1 : 0);
  }
  return success();
}

ParseResult colt5::parseComposite(OpAsmParser &parser, OperationState &result, ArrayRef<Clause> clauses,
                                  SegmentSetter setSegments) {
  Operands operands;
  SmallVector<int32_t> sizes;
  SMLoc loc = parser.getCurrentLocation();
  for (const Clause &clause : clauses) {
    if (clause.keyword.empty()) {
      if (parser.parseOperand(operands.emplace_back()))
        return failure();
      sizes.push_back(1);
      continue;
    }
    SMLoc clauseLoc = parser.getCurrentLocation();
    if (failed(parser.parseOptionalKeyword(clause.keyword))) {
      if (clause.kind == Clause::Required)
        return parser.emitError(clauseLoc) << "expected '" << clause.keyword << "' here; "
                                           << describeClauses(result.name, clauses.drop_front());
      sizes.append(clause.numGroups, 0);
      continue;
    }
    if (parser.parseLParen() || parseItems(parser, clause, operands, sizes) || parser.parseRParen())
      return failure();
  }
  SmallVector<Type> types;
  if (parseOptionDict(parser, result.attributes) || verifyOptions(parser, result, parser.getNameLoc()) ||
      parser.parseColonTypeList(types) || parser.parseArrow() ||
      parser.parseType(result.types.emplace_back()) ||
      parser.resolveOperands(operands, types, loc, result.operands))
    return failure();
  setSegments(sizes);
  return success();
}

void colt5::printComposite(OpAsmPrinter &printer, Operation *op, ArrayRef<Clause> clauses,
                           ArrayRef<int32_t> segments, DictionaryAttr defaults) {
  unsigned operand = 0;
  for (const Clause &clause : clauses) {
    ArrayRef<int32_t> sizes = segments.take_front(clause.numGroups);
    segments = segments.drop_front(clause.numGroups);
    if (llvm::all_of(sizes, [](int32_t size) { return size == 0; }))
      continue;
    if (clause.keyword.empty()) {
      printer << " " << op->getOperand(operand++);
      continue;
    }
    printer << " " << clause.keyword << "(";
    bool first = true;
    for (unsigned i = 0; i < clause.numGroups; ++i) {
      if (sizes[i] == 0)
        continue;
      StringRef label = clause.labels.empty() ? StringRef() : clause.labels[i];
      label.consume_back("?");
      bool named = label.consume_back("=");
      if (!named && !label.empty())
        printer << " " << label << " ";
      else if (!first)
        printer << ", ";
      if (named)
        printer << label << " = ";
      printer << op->getOperand(operand++);
      first = false;
    }
    printer << ")";
  }
  printOptionDict(printer, op, defaults);
  printer << " : " << op->getOperandTypes() << " -> " << op->getResult(0).getType();
}

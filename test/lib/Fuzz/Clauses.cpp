#include "Clauses.h"

using namespace mlir::colt5::fuzz;

/// `sigil` and a number per item, "$2, $3".
static std::string list(char sigil, size_t first, size_t count) {
  std::string text;
  for (size_t i = first; i < first + count; ++i)
    text += (i > first ? ", " : "") + (sigil + std::to_string(i));
  return text;
}

void Clauses::add(llvm::StringRef name, llvm::ArrayRef<ValueId> ids) {
  size_t first = operands.size();
  text += " " + name.str() + "(" + list('$', first, ids.size()) + " : " + list('#', first, ids.size()) + ")";
  operands.insert(operands.end(), ids.begin(), ids.end());
}

void Clauses::addAttribute(llvm::StringRef attribute) {
  if (!attribute.empty())
    attributes += (attributes.empty() ? "" : ", ") + attribute.str();
}

ValueId Clauses::emit(Builder &b, llvm::StringRef op, llvm::ArrayRef<ValueId> outs, llvm::StringRef region) {
  add("outs", outs);
  std::vector<ValueType> types;
  for (ValueId id : outs)
    types.push_back(b[id].type);
  std::string results = list('@', 0, outs.size());
  return b.emit(op.str() + text + (attributes.empty() ? "" : " {" + attributes + "}") + " -> " +
                    (outs.size() > 1 ? "(" + results + ")" : results) + region.str(),
                operands, types);
}

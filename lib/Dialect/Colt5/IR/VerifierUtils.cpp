#include "colt5/Dialect/Colt5/IR/VerifierUtils.h"

#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::detail;

std::string colt5::detail::formatShape(ArrayRef<int64_t> shape) {
  if (shape.empty())
    return "no dimensions";
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleave(
      shape, os,
      [&](int64_t size) {
        if (ShapedType::isDynamic(size))
          os << "?";
        else
          os << size;
      },
      "x");
  return text;
}

bool colt5::detail::isCompatible(ArrayRef<int64_t> lhs, ArrayRef<int64_t> rhs) {
  return succeeded(verifyCompatibleShape(lhs, rhs));
}

/// "BxHxBuckets"
static std::string formatLetters(StringRef letters) {
  std::string text;
  for (char letter : letters) {
    if (!text.empty())
      text += "x";
    if (letter == 'U')
      text += "Buckets";
    else if (letter == 'V')
      text += "D2";
    else
      text += letter;
  }
  return text.empty() ? "no dimensions" : text;
}

/// "1", "1 or 2", "f16, bf16 or f32"
template <typename Range, typename Print> static std::string formatChoice(const Range &range, Print print) {
  std::string text;
  llvm::raw_string_ostream os(text);
  for (auto [i, item] : llvm::enumerate(range)) {
    if (i > 0)
      os << (i + 1 == range.size() ? " or " : ", ");
    print(os, item);
  }
  return text;
}

int64_t OperandVerifier::getSize(char letter) const {
  if (letter == '1')
    return 1;
  auto it = letters.find(letter);
  return it == letters.end() ? ShapedType::kDynamic : it->second.size;
}

bool SizeRule::holds(int64_t size, int64_t otherSize) const {
  if (ShapedType::isDynamic(size) || (other && ShapedType::isDynamic(otherSize)))
    return true;
  int64_t side = getSide(otherSize);
  switch (kind) {
  case OneOr:
    return size == 1 || size == side;
  case Equal:
    return size == side;
  case Multiple:
    return side == 0 ? size == 0 : size % side == 0;
  case AtLeast:
    return size >= side;
  case AtMost:
    return size <= side;
  }
  llvm_unreachable("every kind is listed");
}

InFlightDiagnostic SizeRule::emitError(Operation *op, int64_t size, int64_t otherSize) const {
  static const StringRef words[] = {"1 or ", "", "a multiple of ", "at least ", "at most "};
  InFlightDiagnostic diag = op->emitOpError();
  diag << label << ": expected " << name << " to be " << words[kind] << getSide(otherSize);
  if (!side.empty())
    diag << ", " << side;
  diag << ", found " << size;
  return diag;
}

SmallVector<SizeRef> colt5::detail::getSizeRefs(Value value) {
  SmallVector<SizeRef> refs;
  for (int64_t dim = 0, rank = cast<ShapedType>(value.getType()).getRank(); dim < rank; ++dim)
    refs.push_back({value, dim});
  return refs;
}

void OperandVerifier::same(SizeRef a, SizeRef b) {
  if (observer)
    observer->observeEqual(a, b);
}

void OperandVerifier::same(ArrayRef<SizeRef> a, ArrayRef<SizeRef> b) {
  for (auto [first, second] : llvm::zip(a, b))
    same(first, second);
}

LogicalResult OperandVerifier::rule(const SizeRule &rule) {
  if (observer && rule.size)
    observer->observeRule(rule);
  int64_t size = rule.size.getStatic(), other = rule.other.getStatic();
  if (rule.holds(size, other))
    return success();
  return rule.emitError(op, size, other);
}

void OperandVerifier::count(Value scalar) {
  if (observer && scalar)
    observer->observeCount(scalar);
}

LogicalResult OperandVerifier::rank(StringRef label, StringRef name, Value value,
                                    ArrayRef<int64_t> ranks) const {
  auto type = value ? dyn_cast<ShapedType>(value.getType()) : ShapedType();
  if (!type || llvm::is_contained(ranks, type.getRank()))
    return success();
  return op->emitOpError() << label << ": expected " << name << " to have rank "
                           << formatChoice(ranks, [](raw_ostream &os, int64_t rank) { os << rank; })
                           << ", found " << type.getRank();
}

LogicalResult OperandVerifier::shape(StringRef label, StringRef name, Value value,
                                     ArrayRef<StringRef> shapes) {
  if (!value)
    return success();
  ArrayRef<int64_t> found;
  if (auto type = dyn_cast<ShapedType>(value.getType()))
    found = type.getShape();
  for (StringRef letters : shapes) {
    if (letters.size() != found.size())
      continue;
    auto expected = llvm::map_to_vector(letters, [&](char letter) { return getSize(letter); });
    if (!isCompatible(expected, found))
      break;
    // A letter that occurs twice in one shape must agree with itself.
    bool agrees = true;
    for (auto [dim, letter, size] : llvm::enumerate(letters, found)) {
      SizeRef place{value, static_cast<int64_t>(dim)};
      int64_t bound = getSize(letter);
      agrees &= ShapedType::isDynamic(size) || ShapedType::isDynamic(bound) || bound == size;
      if (letter != '1')
        connect(this->letters[letter], place, size);
      else if (observer)
        observer->observeExact(place, 1);
    }
    if (agrees)
      return success();
    break;
  }
  auto printLetters = [](raw_ostream &os, StringRef letters) { os << formatLetters(letters); };
  auto printSizes = [&](raw_ostream &os, StringRef letters) {
    os << formatShape(llvm::map_to_vector(letters, [&](char letter) { return getSize(letter); }));
  };
  return op->emitOpError() << label << ": expected " << name << " to have shape "
                           << formatChoice(shapes, printLetters) << " = " << formatChoice(shapes, printSizes)
                           << ", found " << formatShape(found);
}

void OperandVerifier::connect(Letter &letter, SizeRef place, int64_t size) {
  if (observer && letter.place.value)
    observer->observeEqual(letter.place, place);
  else if (observer && !ShapedType::isDynamic(letter.size))
    observer->observeExact(place, letter.size);
  // A static size says more than a dynamic one.
  if (!letter.place.value || (ShapedType::isDynamic(letter.size) && !ShapedType::isDynamic(size)))
    letter.place = place;
  if (!ShapedType::isDynamic(size))
    letter.size = size;
}

LogicalResult OperandVerifier::shape(StringRef label, StringRef name, Value value, ArrayRef<SizeRef> expected,
                                     const Twine &like) {
  if (!value)
    return success();
  ArrayRef<int64_t> found;
  if (auto type = dyn_cast<ShapedType>(value.getType()))
    found = type.getShape();
  auto sizes = llvm::map_to_vector(expected, [](SizeRef ref) { return ref.getStatic(); });
  if (isCompatible(sizes, found)) {
    if (!found.empty())
      same(expected, getSizeRefs(value));
    return success();
  }
  return op->emitOpError() << label << ": expected " << name << " to have shape " << formatShape(sizes) << " "
                           << like << ", found " << formatShape(found);
}

LogicalResult OperandVerifier::elementType(StringRef label, StringRef name, Value value,
                                           ArrayRef<Type> types) const {
  if (!value)
    return success();
  Type found = getElementTypeOrSelf(value.getType());
  if (llvm::is_contained(types, found))
    return success();
  llvm::SmallSetVector<Type, 4> distinct(types.begin(), types.end());
  return op->emitOpError() << label << ": expected " << name << " to have element type "
                           << formatChoice(distinct, [](raw_ostream &os, Type type) { os << type; })
                           << ", found " << found;
}

LogicalResult OperandVerifier::floatType(StringRef label, StringRef name, Value value) const {
  Builder b(op->getContext());
  return elementType(label, name, value, {b.getF16Type(), b.getBF16Type(), b.getF32Type(), b.getF64Type()});
}

LogicalResult OperandVerifier::multiple(StringRef label, char letter, char divisor) {
  if (!getPlace(letter) || !getPlace(divisor))
    return success();
  return rule({label.str(), std::string(1, letter), std::string(1, divisor), SizeRule::Multiple,
               getPlace(letter), getPlace(divisor)});
}

LogicalResult OperandVerifier::blocks(StringRef label, std::optional<int64_t> block) {
  if (!block)
    return success();
  if (*block < 1)
    return op->emitOpError() << label << ": expected block >= 1, found " << *block;
  return rule({label.str(), "N", "one full block", SizeRule::AtLeast, getPlace('N'), {}, *block});
}

LogicalResult OperandVerifier::perBlock(StringRef label, StringRef name, SizeRef count,
                                        std::optional<int64_t> block) {
  if (!block || *block < 1)
    return success();
  return rule({label.str(), name.str(), "the number of full blocks", SizeRule::Multiple, count, getPlace('N'),
               *block});
}

LogicalResult OperandVerifier::named(StringRef label, char letter) {
  SizeRef place = getPlace(letter);
  return place.value ? named(label, place) : success();
}

LogicalResult OperandVerifier::named(StringRef label, SizeRef place) {
  return rule({label.str(),
               "the number of rows",
               "which an index of type i32 can name",
               SizeRule::AtMost,
               place,
               {},
               kMaxPosition});
}

LogicalResult OperandVerifier::indices(StringRef label, StringRef name, Value value, int64_t extent) const {
  DenseIntElementsAttr constant;
  if (!value || !matchPattern(value, m_Constant(&constant)) || constant.empty())
    return success();
  auto check = [&](const APInt &element) -> LogicalResult {
    int64_t index = element.getSExtValue();
    if (index >= kNoToken && (ShapedType::isDynamic(extent) || index < extent))
      return success();
    InFlightDiagnostic diag = op->emitOpError() << label << ": expected constant " << name << " to be -1 or ";
    if (ShapedType::isDynamic(extent))
      diag << "not negative";
    else
      diag << "in [0, " << extent << ")";
    return diag << ", found " << index;
  };
  if (constant.isSplat())
    return check(constant.getSplatValue<APInt>());
  for (const APInt &element : constant.getValues<APInt>())
    if (failed(check(element)))
      return failure();
  return success();
}

LogicalResult OperandVerifier::numOuts(StringRef label, size_t found, size_t lo, size_t hi) const {
  if (lo <= found && found <= hi)
    return success();
  InFlightDiagnostic diag = op->emitOpError() << label << ": expected " << lo;
  if (hi != lo)
    diag << " or " << hi;
  return diag << (hi == 1 ? " outs operand" : " outs operands") << ", found " << found;
}

LogicalResult colt5::detail::verifyStructuredOp(Operation *op) {
  std::string label = (op->getName().stripDialect() + "_c0").str();
  bool hasTensor = false, hasMemRef = false;
  for (Type type : op->getOperandTypes()) {
    hasTensor |= isa<TensorType>(type);
    hasMemRef |= isa<BaseMemRefType>(type);
  }
  if (hasTensor && hasMemRef)
    return op->emitOpError() << label
                             << ": expected operands that are all tensors or all memrefs, found both";
  SmallVector<Type> expected;
  for (Value init : cast<DestinationStyleOpInterface>(op).getDpsInits())
    if (isa<TensorType>(init.getType()))
      expected.push_back(init.getType());
  if (expected.size() != op->getNumResults())
    return op->emitOpError() << label << ": expected " << expected.size()
                             << " result(s), one for each tensor in outs, found " << op->getNumResults();
  for (auto [i, type] : llvm::enumerate(expected))
    if (op->getResult(i).getType() != type)
      return op->emitOpError() << label << ": expected result " << i
                               << " to have the type of its outs operand, " << type << ", found "
                               << op->getResult(i).getType();
  return success();
}

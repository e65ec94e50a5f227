#include "OperandShapes.h"

using namespace mlir;
using namespace mlir::colt5::reference;

OperandShapes &OperandShapes::require(bool condition, const Twine &message) {
  if (!failed && !condition) {
    failed = true;
    op->emitOpError("does not fit at run time: ") << message;
  }
  return *this;
}

OperandShapes &OperandShapes::requireBlocks(int64_t block) {
  int64_t tokens = extents.lookup('N');
  return require(tokens >= block, "N = " + Twine(tokens) + ", expected at least one full block of " +
                                      Twine(block) + " tokens");
}

OperandShapes &OperandShapes::requirePerBlock(int64_t block, int64_t count, StringRef name) {
  int64_t blocks = block > 0 ? extents.lookup('N') / block : 1;
  return require(isMultiple(count, blocks),
                 name + " = " + Twine(count) + " is not a multiple of the " + Twine(blocks) + " full blocks");
}

OperandShapes &OperandShapes::fit(const Tensor *tensor, StringRef name, ArrayRef<StringRef> patterns) {
  if (!tensor || failed)
    return *this;
  auto describePattern = [&](StringRef pattern) {
    std::string text = pattern.str();
    for (auto [letter, extent] : extents)
      if (size_t at = pattern.find(letter); at != StringRef::npos)
        text += std::string(", ") + letter + " = " + std::to_string(extent);
    return text;
  };
  for (StringRef pattern : patterns) {
    ArrayRef<int64_t> shape = tensor->getShape();
    StringRef letters = pattern;
    bool anyBatch = letters.consume_front("*");
    if (anyBatch ? shape.size() < letters.size() : shape.size() != letters.size())
      continue;
    bool fits = true;
    if (anyBatch) {
      ArrayRef<int64_t> leading = shape.drop_back(letters.size());
      Tensor::Shape leadingShape(leading.begin(), leading.end());
      fits = !batch || *batch == leadingShape;
      batch = leadingShape;
      shape = shape.take_back(letters.size());
    }
    for (auto [letter, extent] : llvm::zip_equal(letters, shape))
      if (letter != '1')
        fits &= extents.try_emplace(letter, extent).first->second == extent;
    return require(fits, "'" + name + "' is " + describe(*tensor) + ", expected " + describePattern(pattern));
  }
  return require(false, "'" + name + "' is " + describe(*tensor) + ", expected " +
                            describePattern(patterns.front()));
}

#include "Program.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <set>

using namespace mlir::colt5;
using namespace mlir::colt5::fuzz;

void Program::updateSizes() {
  for (SizeRule &size : sizes) {
    if (size.how == SizeRule::Free || size.how == SizeRule::Fixed)
      continue;
    int64_t a = get(size.a), b = get(size.b);
    size.value = size.how == SizeRule::Product      ? a * b
                 : size.how == SizeRule::Sum        ? a + b
                 : size.how == SizeRule::Difference ? std::max<int64_t>(a - b, 0)
                                                    : (b > 0 ? a / b : 0);
  }
}

int64_t Program::count(const ValueType &type) const {
  int64_t result = 1;
  for (Size dim : type.dims)
    result *= get(dim);
  return result;
}

std::string Program::printType(const ValueType &type) const {
  std::string element = type.isIndex ? "index" : getKindName(type.element).str();
  if (!type.isTensor)
    return element;
  std::string text = "tensor<";
  for (auto [dim, dynamic] : llvm::zip_equal(type.dims, type.dynamic))
    text += (dynamic ? "?" : std::to_string(get(dim))) + "x";
  return text + element + ">";
}

namespace {
/// Prints one program.
class Printer {
public:
  explicit Printer(const Program &program) : program(program), os(text) {}

  std::string run() {
    os << "func.func @f(";
    llvm::interleaveComma(program.body.arguments, os, [&](ValueId id) {
      os << "%v" << id << ": " << program.printType(program.values[id].type);
    });
    os << ") -> (";
    printTypes(program.body.yields);
    os << ") {\n";
    printOps(program.body, 1);
    os << "  return";
    printYields(program.body);
    os << "\n}\n";
    return text;
  }

private:
  void printTypes(llvm::ArrayRef<ValueId> ids) {
    llvm::interleaveComma(ids, os, [&](ValueId id) { os << program.printType(program.values[id].type); });
  }

  void printYields(const Block &block) {
    if (block.yields.empty())
      return;
    os << " ";
    llvm::interleaveComma(block.yields, os, [&](ValueId id) { os << "%v" << id; });
    os << " : ";
    printTypes(block.yields);
  }

  void printOps(const Block &block, unsigned depth) {
    for (const Op &op : block.ops) {
      os.indent(2 * depth);
      llvm::interleaveComma(op.results, os, [&](ValueId id) { os << "%v" << id; });
      if (!op.results.empty())
        os << " = ";
      printText(op, depth);
      os << "\n";
    }
  }

  void printText(const Op &op, unsigned depth) {
    llvm::StringRef rest = op.text;
    while (!rest.empty()) {
      size_t at = rest.find_first_of("$#@~!&");
      os << rest.take_front(at);
      if (at == llvm::StringRef::npos)
        return;
      char what = rest[at];
      rest = rest.drop_front(at + 1);
      unsigned number;
      if (rest.consumeInteger(10, number)) {
        os << what;
        continue;
      }
      switch (what) {
      case '$':
        os << "%v" << op.operands[number];
        break;
      case '#':
        os << program.printType(program.values[op.operands[number]].type);
        break;
      case '@':
        os << program.printType(program.values[op.results[number]].type);
        break;
      case '~':
        os << program.get(number);
        rest.consume_front("~");
        break;
      case '&': {
        unsigned argument = 0;
        rest.consume_front(".");
        rest.consumeInteger(10, argument);
        os << "%v" << op.regions[number].arguments[argument];
        break;
      }
      default:
        printRegion(op.regions[number], depth);
      }
    }
  }

  void printRegion(const Block &block, unsigned depth) {
    os << "\n";
    printOps(block, depth + 1);
    os.indent(2 * depth + 2);
    if (block.terminator.find('$') != std::string::npos) {
      // An op of its own kind, whose operands are what the block yields.
      printText({block.terminator, block.yields, {}, {}}, depth + 1);
    } else {
      os << block.terminator;
      printYields(block);
    }
    os << "\n";
    os.indent(2 * depth);
  }

  const Program &program;
  std::string text;
  llvm::raw_string_ostream os;
};

/// Removes what is not in `used`, from the end; operands of what stays are used.
void removeDeadOps(Block &block, std::set<ValueId> &used) {
  for (size_t i = block.ops.size(); i-- > 0;) {
    Op &op = block.ops[i];
    if (llvm::none_of(op.results, [&](ValueId id) { return used.count(id); })) {
      block.ops.erase(block.ops.begin() + i);
      continue;
    }
    used.insert(op.operands.begin(), op.operands.end());
    for (Block &region : op.regions) {
      used.insert(region.yields.begin(), region.yields.end());
      removeDeadOps(region, used);
    }
  }
}

/// Cuts the ties between tensors and their sizes.
void forgetSizes(Block &block) {
  for (Op &op : block.ops) {
    if (llvm::StringRef(op.text).starts_with("tensor.dim"))
      op.operands.clear();
    for (Block &region : op.regions)
      forgetSizes(region);
  }
}
} // namespace

std::string Program::print() const { return Printer(*this).run(); }

void Program::removeDead() {
  std::set<ValueId> used(body.yields.begin(), body.yields.end());
  removeDeadOps(body, used);
  llvm::erase_if(body.arguments, [&](ValueId id) { return !used.count(id); });
}

void Program::dropUnseenErrors() {
  Program copy = *this;
  std::set<ValueId> used(copy.body.yields.begin(), copy.body.yields.end());
  forgetSizes(copy.body);
  removeDeadOps(copy.body, used);
  for (ValueId id : body.arguments)
    if (!used.count(id))
      values[id].data.withBad = false;
}

size_t fuzz::countOps(const Block &block) {
  size_t result = block.ops.size();
  for (const Op &op : block.ops)
    for (const Block &region : op.regions)
      result += countOps(region);
  return result;
}

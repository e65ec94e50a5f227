// What values are called in the source, for the names of arguments and results in C.
#include "colt5/Compiler/SourceFile.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// The lines of the text that a module was parsed from.
class SourceText {
public:
  explicit SourceText(const llvm::MemoryBuffer &buffer) : file(buffer.getBufferIdentifier()) {
    buffer.getBuffer().split(lines, '\n');
  }

  /// The name at `location`, where an argument is declared.
  StringRef getArgument(Location location) const {
    auto [before, after] = split(location);
    return takeName(after);
  }

  /// The name of a result of the op at `location`: `%a, %b:2 = ` stands before it.
  StringRef getResult(Location location, unsigned number) const {
    StringRef before = split(location).first.rtrim();
    if (!before.consume_back("="))
      return {};
    SmallVector<StringRef> groups;
    before.trim().split(groups, ',');
    for (StringRef group : groups) {
      auto [name, count] = group.trim().split(':');
      unsigned size = 1;
      if (!count.empty() && count.getAsInteger(10, size))
        return {};
      if (number < size)
        return size == 1 ? takeName(name) : StringRef();
      number -= size;
    }
    return {};
  }

private:
  /// The line of `location` up to its column, and from there on; empty when it is not a place in this text.
  std::pair<StringRef, StringRef> split(Location location) const {
    auto place = dyn_cast<FileLineColLoc>(location);
    if (!place || place.getFilename() != file || place.getLine() == 0 || place.getLine() > lines.size())
      return {};
    StringRef line = lines[place.getLine() - 1];
    size_t column = std::min<size_t>(std::max(place.getColumn(), 1u) - 1, line.size());
    return {line.take_front(column), line.drop_front(column)};
  }

  /// `%name`; numbers and the names that the printer gives are none.
  static StringRef takeName(StringRef text) {
    if (!text.consume_front("%"))
      return {};
    StringRef name = text.take_while([](char c) { return llvm::isAlnum(c) || c == '_'; });
    StringRef number = name;
    number.consume_front("arg");
    return !name.empty() && llvm::all_of(number, llvm::isDigit) ? StringRef() : name;
  }

  StringRef file;
  SmallVector<StringRef> lines;
};
} // namespace

void colt5::nameArguments(ModuleOp module, const llvm::MemoryBuffer &buffer) {
  SourceText source(buffer);
  for (auto func : module.getOps<func::FuncOp>()) {
    if (!func.isPublic() || func.isDeclaration() || !func.getBody().hasOneBlock())
      continue;
    auto *context = func.getContext();
    for (BlockArgument argument : func.getArguments()) {
      StringRef name = source.getArgument(argument.getLoc());
      if (!name.empty() && !func.getArgAttr(argument.getArgNumber(), kNameAttr))
        func.setArgAttr(argument.getArgNumber(), kNameAttr, StringAttr::get(context, name));
    }
    for (auto [index, value] : llvm::enumerate(func.front().getTerminator()->getOperands())) {
      auto result = dyn_cast<OpResult>(value);
      if (!result || index >= func.getNumResults() || func.getResultAttr(index, kNameAttr))
        continue;
      StringRef name = source.getResult(result.getOwner()->getLoc(), result.getResultNumber());
      if (!name.empty())
        func.setResultAttr(index, kNameAttr, StringAttr::get(context, name));
    }
  }
}

#include "colt5/Compiler/SourceFile.h"
#include "colt5/Support/Error.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace mlir::colt5;
using driver::makeError;

llvm::Error colt5::makeReportedError(const Twine &summary) { return makeError(summary); }

llvm::Error colt5::checkNesting(StringRef text) {
  if (text.starts_with("ML\xefR"))
    return llvm::Error::success();
  unsigned depth = 0, line = 1;
  for (size_t i = 0, e = text.size(); i < e; ++i) {
    char next = i + 1 < e ? text[i + 1] : '\0';
    switch (text[i]) {
    case '\n':
      ++line;
      break;
    case '\0':
      // The parser takes it for the end of the file.
      return makeError("line " + Twine(line) + ": expected MLIR text or bytecode, found a zero byte");
    case '/':
      if (next == '/')
        i = std::min(text.find('\n', i), e) - 1;
      break;
    case '"':
      for (++i; i < e && text[i] != '"' && text[i] != '\n'; ++i)
        i += text[i] == '\\';
      break;
    case '-':
      i += next == '>';
      break;
    case '<':
      if (next == '=')
        break;
      [[fallthrough]];
    case '(':
    case '[':
    case '{':
      if (++depth > kMaxNesting)
        return makeError("line " + Twine(line) + ": brackets are nested deeper than " + Twine(kMaxNesting) +
                         " levels; flatten the input");
      break;
    case '>':
      if (next == '=')
        break;
      [[fallthrough]];
    case ')':
    case ']':
    case '}':
      depth -= depth > 0;
      break;
    default:
      break;
    }
  }
  return llvm::Error::success();
}

llvm::Expected<OwningOpRef<ModuleOp>> colt5::parseModule(std::unique_ptr<llvm::MemoryBuffer> text,
                                                         StringRef name, MLIRContext &context,
                                                         std::shared_ptr<llvm::SourceMgr> sourceMgr) {
  if (llvm::Error error = checkNesting(text->getBuffer()))
    return makeError("'" + name + "': " + llvm::toString(std::move(error)));
  sourceMgr->AddNewSourceBuffer(std::move(text), llvm::SMLoc());
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(sourceMgr, ParserConfig(&context));
  if (!module)
    return makeReportedError("'" + name + "': not a valid module");
  nameArguments(*module, *sourceMgr->getMemoryBuffer(sourceMgr->getMainFileID()));
  return module;
}

llvm::Expected<OwningOpRef<ModuleOp>> colt5::loadModule(StringRef path, MLIRContext &context,
                                                        std::shared_ptr<llvm::SourceMgr> sourceMgr) {
  std::string message;
  std::unique_ptr<llvm::MemoryBuffer> buffer = openInputFile(path, &message);
  if (!buffer)
    return makeError(message);
  return parseModule(std::move(buffer), path, context, std::move(sourceMgr));
}

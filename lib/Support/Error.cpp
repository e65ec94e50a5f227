#include "colt5/Support/Error.h"

#include "llvm/Support/Process.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

using namespace mlir;
using namespace mlir::colt5;

llvm::Error driver::makeError(const Twine &text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text);
}

int driver::reportError(StringRef tool, llvm::Error error) {
  bool colour = llvm::sys::Process::StandardErrHasColors() && !std::getenv("NO_COLOR");
  llvm::handleAllErrors(std::move(error), [&](const llvm::ErrorInfoBase &info) {
    llvm::errs() << tool << ": ";
    llvm::WithColor(llvm::errs(), llvm::HighlightColor::Error,
                    colour ? llvm::ColorMode::Enable : llvm::ColorMode::Disable)
        << "error: ";
    llvm::errs() << info.message() << "\n";
  });
  return 1;
}

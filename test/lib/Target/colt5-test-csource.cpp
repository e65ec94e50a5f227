// colt5-test-csource IN.ll [--split=BITS]: prints the functions of a file of LLVM IR as C, each with a public
// function `c_NAME` that calls it; with --split the module is printed as LLVM IR after vectors were split.
#include "colt5/Target/CSource/CSource.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir::colt5;

static int fail(const llvm::Twine &message) {
  llvm::errs() << "error: " << message << "\n";
  return 1;
}

int main(int argc, char **argv) {
  if (argc < 2)
    return fail("expected colt5-test-csource IN.ll [--split=BITS]");
  llvm::LLVMContext context;
  llvm::SMDiagnostic diagnostic;
  std::unique_ptr<llvm::Module> module = llvm::parseIRFile(argv[1], diagnostic, context);
  if (!module) {
    diagnostic.print("colt5-test-csource", llvm::errs());
    return 1;
  }
  llvm::StringRef option = argc > 2 ? argv[2] : "";
  unsigned bits = 0;
  if (option.consume_front("--split=")) {
    if (option.getAsInteger(10, bits))
      return fail("expected a number of bits, found '" + option + "'");
    for (llvm::Function &function : *module)
      if (!function.isDeclaration())
        splitVectors(function, bits);
    if (llvm::verifyModule(*module, &llvm::errs()))
      return fail("splitting vectors left a broken module");
    module->print(llvm::outs(), nullptr);
    return 0;
  }
  CSourceOptions options;
  options.prefix = "t_";
  std::string text;
  llvm::raw_string_ostream os(text);
  if (llvm::Error error = emitCSource(*module, options, os))
    return fail(llvm::toString(std::move(error)));
  llvm::outs() << "#include <stdint.h>\n#if defined(__x86_64__)\n#include <immintrin.h>\n#endif\n"
               << "#if defined(__clang__)\n#pragma STDC FP_CONTRACT OFF\n#else\n"
               << "#pragma GCC optimize(\"-ffp-contract=off\")\n#endif\n"
               << getCSourceSupport() << text;
  for (const llvm::Function &function : *module)
    if (!function.isDeclaration() && !function.hasLocalLinkage())
      llvm::outs() << "void c_" << function.getName() << "(void *in, void *out) { "
                   << getCSourceName(options, function.getName()) << "(in, out); }\n";
  return 0;
}

// LLVM's code generator for GPUs in a process of its own, because it may end its process. The compiler starts
// it.
#include "Generate.h"
#include "colt5/Target/GPU/WorkerProtocol.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <cerrno>
#include <sys/resource.h>
#include <unistd.h>

using namespace llvm;
using namespace mlir::colt5;

static void writeAll(StringRef text) {
  while (!text.empty()) {
    ssize_t count = ::write(STDIN_FILENO, text.data(), text.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return;
    text = text.drop_front(count);
  }
}

static void answer(StringRef kind, StringRef text) { writeAll((kAnswerMark + kind + text).str()); }

/// LLVM calls this where it would end the process.
static void answerFatalError(void *, const char *reason, bool) {
  answer(kFailed, reason);
  ::_exit(1);
}

/// Leaves only `kernel` and what it calls with a body.
static void keepOnly(Module &module, StringRef kernel) {
  for (Function &function : module)
    if (function.getCallingConv() == CallingConv::PTX_Kernel && function.getName() != kernel)
      function.deleteBody();
}

static Expected<std::string> generate(StringRef chip, StringRef version, StringRef kernel) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> bitcode = MemoryBuffer::getSTDIN();
  if (!bitcode)
    return createStringError("cannot read the kernels: " + bitcode.getError().message());
  LLVMContext context;
  Expected<std::unique_ptr<Module>> module = parseBitcodeFile(**bitcode, context);
  if (!module)
    return module.takeError();
  if (!kernel.empty())
    keepOnly(**module, kernel);
  return generatePtx(**module, chip, version);
}

int main(int argc, char **argv) {
  if (argc != 4) {
    errs()
        << "colt5-ptx-worker is a part of colt5, which starts it with a chip, a PTX version and a kernel\n";
    return 2;
  }
  // A crash is a message of the compiler, no file.
  rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  install_fatal_error_handler(answerFatalError);
  Expected<std::string> ptx = generate(argv[1], argv[2], argv[3]);
  if (ptx)
    answer(kDone, *ptx);
  else
    answer(kFailed, toString(ptx.takeError()));
  // Nothing is left to clean up.
  ::_exit(0);
}

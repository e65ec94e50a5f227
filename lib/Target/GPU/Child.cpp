#include "Child.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/ErrorHandling.h"
#include <cerrno>
#include <csignal>
#include <cstring>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mlir::colt5;

namespace {
/// What the child sends before its text.
enum Outcome : char { kDone = 'd', kFailed = 'f' };
} // namespace

static void writeAll(int descriptor, llvm::StringRef text) {
  while (!text.empty()) {
    ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return;
    text = text.drop_front(count);
  }
}

/// LLVM calls this where it would end the process; `state` is the pipe.
static void sendFatalError(void *state, const char *reason, bool) {
  int descriptor = *static_cast<int *>(state);
  writeAll(descriptor, std::string(1, kFailed) + reason);
  ::_exit(1);
}

[[noreturn]] static void runChild(llvm::function_ref<llvm::Error(llvm::raw_ostream &)> work, int descriptor) {
  // No stack trace, no core file, no clean-up of the parent's files: the parent turns the end into a message.
  for (int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGINT, SIGTERM, SIGPIPE})
    ::signal(signal, SIG_DFL);
  rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  llvm::remove_fatal_error_handler();
  llvm::install_fatal_error_handler(sendFatalError, &descriptor);

  std::string text(1, kDone);
  llvm::raw_string_ostream stream(text);
  if (llvm::Error error = work(stream))
    text = std::string(1, kFailed) + llvm::toString(std::move(error));
  writeAll(descriptor, text);
  // Not exit: buffers and exit handlers are the parent's.
  ::_exit(0);
}

llvm::Expected<std::string>
mlir::colt5::runInChild(llvm::function_ref<llvm::Error(llvm::raw_ostream &)> work) {
  int ends[2];
  if (::pipe(ends))
    return llvm::createStringError(std::string("cannot create a pipe: ") + std::strerror(errno));
  pid_t child = ::fork();
  if (child < 0) {
    ::close(ends[0]);
    ::close(ends[1]);
    return llvm::createStringError(std::string("cannot start a process: ") + std::strerror(errno));
  }
  if (child == 0) {
    ::close(ends[0]);
    runChild(work, ends[1]);
  }
  ::close(ends[1]);
  std::string text;
  char buffer[1 << 16];
  for (;;) {
    ssize_t count = ::read(ends[0], buffer, sizeof(buffer));
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      break;
    text.append(buffer, count);
  }
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR)
    continue;
  if (WIFSIGNALED(status))
    return llvm::createStringError(std::string("the code generator crashed: ") +
                                   ::strsignal(WTERMSIG(status)));
  if (!text.empty() && text.front() == kDone && WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return text.substr(1);
  if (!text.empty() && text.front() == kFailed)
    return llvm::createStringError(llvm::StringRef(text).drop_front().trim());
  return llvm::createStringError("the code generator ended with status " +
                                 std::to_string(WIFEXITED(status) ? WEXITSTATUS(status) : -1));
}

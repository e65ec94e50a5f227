#include "PtxWorker.h"

#include "colt5/Target/GPU/WorkerProtocol.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include <cerrno>
#include <csignal>
#include <cstring>
#include <dlfcn.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mlir::colt5;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

extern char **environ;

/// Names another worker, for colt5 in a place of its own.
static constexpr const char *kVariable = "COLT5_PTX_WORKER";

namespace {
/// An open file that closes itself.
class Descriptor {
public:
  explicit Descriptor(int number) : number(number) {}
  Descriptor(const Descriptor &) = delete;
  ~Descriptor() { close(); }
  int get() const { return number; }
  void close() {
    if (number >= 0)
      ::close(number);
    number = -1;
  }

private:
  int number;
};

/// How a worker ended, and all that it wrote.
struct Ending {
  std::string output;
  /// As waitpid says; nothing where somebody else has waited for it.
  std::optional<int> status;
};
} // namespace

static std::string describeError(int code) { return std::strerror(code); }

/// The library or program that this code is part of.
static std::string getOwnPath() {
  void *here = reinterpret_cast<void *>(&runPtxWorker);
  Dl_info info;
  // A program is called as the user did, which may be a word that was looked up.
  if (::dladdr(here, &info) && StringRef(info.dli_fname).contains('/'))
    return info.dli_fname;
  return llvm::sys::fs::getMainExecutable(nullptr, here);
}

static std::string getDefaultPath() {
  llvm::SmallString<256> path;
  // Seen from where a link leads to.
  llvm::sys::fs::real_path(getOwnPath(), path);
  llvm::sys::path::remove_filename(path);
  llvm::sys::path::append(path, COLT5_PTX_WORKER);
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  return std::string(path);
}

static Expected<std::string> findWorker() {
  std::optional<std::string> named = llvm::sys::Process::GetEnv(kVariable);
  bool isNamed = named && !named->empty();
  std::string path = isNamed ? *named : getDefaultPath();
  if (llvm::sys::fs::can_execute(path))
    return path;
  std::string advice = isNamed
                           ? "; correct or remove the environment variable " + std::string(kVariable)
                           : "; install colt5 completely, or name the program in the environment variable " +
                                 std::string(kVariable);
  return createStringError("expected the program colt5-ptx-worker, which generates PTX, at '" + path +
                           "', found no executable file" + advice);
}

/// Starts `path` with `socket` as its standard input, output and error output.
static Expected<pid_t> start(const std::string &path, llvm::ArrayRef<std::string> arguments, int socket) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawnattr_init(&attributes);
  for (int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    ::posix_spawn_file_actions_adddup2(&files, socket, descriptor);
  // The worker inherits nothing of how this program treats signals.
  sigset_t none, all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  llvm::SmallVector<char *> words{const_cast<char *>(path.c_str())};
  for (const std::string &argument : arguments)
    words.push_back(const_cast<char *>(argument.c_str()));
  words.push_back(nullptr);
  pid_t child = 0;
  int code = ::posix_spawn(&child, path.c_str(), &files, &attributes, words.data(), environ);
  ::posix_spawn_file_actions_destroy(&files);
  ::posix_spawnattr_destroy(&attributes);
  if (code)
    return createStringError("cannot start '" + path + "': " + describeError(code));
  return child;
}

/// Sends `bytes` and says that there are no more. A worker that has ended takes none, which its answer or its
/// absence tells.
static void sendAll(int socket, StringRef bytes) {
  while (!bytes.empty()) {
    // Without a signal, which is the program's.
    ssize_t count = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      break;
    bytes = bytes.drop_front(count);
  }
  ::shutdown(socket, SHUT_WR);
}

static std::string receiveAll(int socket) {
  std::string text;
  char buffer[1 << 16];
  for (;;) {
    ssize_t count = ::recv(socket, buffer, sizeof(buffer), 0);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return text;
    text.append(buffer, count);
  }
}

static std::optional<int> waitFor(pid_t child) {
  int status = 0;
  pid_t ended;
  do
    ended = ::waitpid(child, &status, 0);
  while (ended < 0 && errno == EINTR);
  return ended == child ? std::optional(status) : std::nullopt;
}

/// Runs the worker at `path` on `input`.
static Expected<Ending> run(const std::string &path, llvm::ArrayRef<std::string> arguments, StringRef input) {
  int ends[2];
  // No other program that a thread starts meanwhile keeps an end open.
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
    return createStringError("cannot connect to a process: " + describeError(errno));
  Descriptor ours(ends[0]), theirs(ends[1]);
  Expected<pid_t> child = start(path, arguments, theirs.get());
  if (!child)
    return child.takeError();
  theirs.close();
  sendAll(ours.get(), input);
  std::string output = receiveAll(ours.get());
  return Ending{std::move(output), waitFor(*child)};
}

/// The answer in what a worker wrote, if it is whole.
static std::optional<PtxAnswer> readAnswer(const Ending &ending) {
  // A crash may have cut it short.
  if (ending.status && WIFSIGNALED(*ending.status))
    return PtxAnswer{false,
                     std::string("the code generator crashed: ") + ::strsignal(WTERMSIG(*ending.status))};
  StringRef answer = StringRef(ending.output).split(kAnswerMark).second;
  if (answer.consume_front(kDone))
    return PtxAnswer{true, answer.str()};
  if (answer.consume_front(kFailed))
    return PtxAnswer{false, answer.trim().str()};
  return std::nullopt;
}

Expected<PtxAnswer> mlir::colt5::runPtxWorker(const PtxRequest &request) {
  Expected<std::string> path = findWorker();
  if (!path)
    return path.takeError();
  std::string arguments[] = {request.chip.str(), "+ptx" + std::to_string(request.ptxVersion),
                             request.kernel.str()};
  Expected<Ending> ending = run(*path, arguments, request.bitcode);
  if (!ending)
    return ending.takeError();
  if (std::optional<PtxAnswer> answer = readAnswer(*ending))
    return *answer;
  std::string text = "'" + *path + "' ended without an answer";
  if (ending->status)
    text += ", with status " + std::to_string(WEXITSTATUS(*ending->status));
  StringRef printed = StringRef(ending->output).trim();
  if (!printed.empty())
    text += "; it printed: " + printed.str();
  return createStringError(text + "; expected the colt5-ptx-worker of this version, install colt5 again");
}

// Processes that judge programs.
#include "Campaign.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/StringExtras.h"
#include <cerrno>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::fuzz;

// A message is one line whose fields are separated by tabs: "phase NAME", "verdict KIND SIGNATURE DETAIL
// REFUSAL...".

static std::string clean(StringRef text) {
  std::string result = text.take_front(4000).str();
  for (char &c : result)
    if (c == '\n' || c == '\t')
      c = c == '\n' ? '\1' : ' ';
  return result;
}

static void writeLine(int file, std::string line) {
  line += "\n";
  for (size_t at = 0; at < line.size();) {
    ssize_t written = write(file, line.data() + at, line.size() - at);
    if (written < 0 && errno != EINTR)
      _exit(3);
    at += std::max<ssize_t>(written, 0);
  }
}

void Reporter::phase(StringRef name) { writeLine(file, "phase\t" + name.str()); }

void Reporter::verdict(const Verdict &verdict) {
  std::string line = "verdict\t" + std::to_string(verdict.kind) + "\t" + clean(verdict.signature) + "\t" +
                     clean(verdict.detail);
  for (const std::string &refusal : verdict.refusals)
    line += "\t" + clean(refusal);
  writeLine(file, line);
}

static Verdict parseVerdict(ArrayRef<StringRef> fields) {
  Verdict verdict;
  unsigned kind = 0;
  fields[1].getAsInteger(10, kind);
  verdict.kind = static_cast<Verdict::Kind>(kind);
  verdict.signature = fields[2].str();
  verdict.detail = fields[3].str();
  std::replace(verdict.detail.begin(), verdict.detail.end(), '\1', '\n');
  for (StringRef refusal : fields.drop_front(4))
    verdict.refusals.push_back(refusal.str());
  return verdict;
}

/// A program must not take the machine's memory.
static constexpr rlim_t kMemory = rlim_t(12) << 30;

Ending fuzz::runWorker(llvm::function_ref<void(Reporter &)> work,
                       llvm::function_ref<bool(const Verdict &)> received, unsigned limit) {
  int pipes[2];
  fflush(nullptr);
  if (pipe(pipes) != 0)
    return {"no pipe", ""};
  pid_t child = fork();
  if (child < 0)
    return {"no process", ""};
  if (child == 0) {
    close(pipes[0]);
    rlimit memory = {kMemory, kMemory}, none = {0, 0};
    setrlimit(RLIMIT_AS, &memory);
    setrlimit(RLIMIT_CORE, &none);
    Reporter reporter(pipes[1]);
    work(reporter);
    _exit(0);
  }
  close(pipes[1]);
  Ending ending;
  std::string pending;
  bool stopped = false;
  while (true) {
    pollfd waiting = {pipes[0], POLLIN, 0};
    int ready = poll(&waiting, 1, static_cast<int>(limit) * 1000);
    if (ready < 0 && errno == EINTR)
      continue;
    if (ready <= 0) {
      ending.how = "hang";
      kill(child, SIGKILL);
      break;
    }
    char buffer[4096];
    ssize_t got = read(pipes[0], buffer, sizeof(buffer));
    if (got <= 0)
      break;
    pending.append(buffer, got);
    for (size_t end; !stopped && (end = pending.find('\n')) != std::string::npos; pending.erase(0, end + 1)) {
      std::string line = pending.substr(0, end);
      SmallVector<StringRef> fields;
      StringRef(line).split(fields, '\t');
      if (fields[0] == "phase")
        ending.phase = fields[1].str();
      else if (fields.size() >= 4)
        stopped = !received(parseVerdict(fields));
    }
    if (stopped) {
      kill(child, SIGKILL);
      break;
    }
  }
  close(pipes[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (stopped || !ending.how.empty())
    return ending;
  if (WIFSIGNALED(status))
    ending.how = std::string("signal ") + strsignal(WTERMSIG(status));
  else if (WEXITSTATUS(status) != 0)
    ending.how = "exit status " + std::to_string(WEXITSTATUS(status));
  return ending;
}

Verdict fuzz::judgeIsolated(StringRef text, const std::vector<HostTensor> &inputs, const Backends &backends,
                            const DialectRegistry &registry, unsigned limit) {
  Verdict result;
  bool reported = false;
  Ending ending = runWorker(
      [&](Reporter &reporter) {
        MLIRContext context(registry, MLIRContext::Threading::DISABLED);
        reporter.verdict(
            judge(text, inputs, backends, context, [&](StringRef phase) { reporter.phase(phase); }));
      },
      [&](const Verdict &verdict) {
        result = verdict;
        reported = true;
        return false;
      },
      limit);
  if (reported)
    return result;
  result.kind = Verdict::Failed;
  result.signature = ending.phase + ": " + (ending.how.empty() ? "no verdict" : ending.how);
  return result;
}

Verdict fuzz::judgeIsolated(const Program &program, const Backends &backends, const DialectRegistry &registry,
                            unsigned limit) {
  return judgeIsolated(program.print(), program.makeInputs(), backends, registry, limit);
}

#include "colt5/Tools/Common/Progress.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

Progress::Progress(std::string what, bool quiet)
    : what(std::move(what)), start(std::chrono::steady_clock::now()) {
  if (!quiet && llvm::sys::Process::StandardErrIsDisplayed())
    thread = std::thread([this] { show(); });
}

Progress::~Progress() {
  if (!thread.joinable())
    return;
  {
    std::lock_guard<std::mutex> lock(mutex);
    done = true;
  }
  wakeUp.notify_one();
  thread.join();
}

double Progress::getSeconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void Progress::show() {
  std::unique_lock<std::mutex> lock(mutex);
  bool shown = false;
  while (!wakeUp.wait_for(lock, std::chrono::seconds(1), [this] { return done; })) {
    llvm::errs() << llvm::formatv("\r{0} ... {1} s", what, static_cast<int64_t>(getSeconds()));
    shown = true;
  }
  if (shown)
    llvm::errs() << llvm::formatv("\r{0} ... {1:f1} s\n", what, getSeconds());
}

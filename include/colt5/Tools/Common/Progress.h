#ifndef COLT5_TOOLS_COMMON_PROGRESS_H
#define COLT5_TOOLS_COMMON_PROGRESS_H

#include "mlir/Support/LLVM.h"
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace mlir::colt5::driver {

/// While it lives, shows on a terminal what is being done once that takes more than a second. Silent when
/// stderr is not a terminal or `quiet` is set. No colours, so NO_COLOR needs no care here.
class Progress {
public:
  Progress(std::string what, bool quiet);
  ~Progress();

  /// Seconds since the start.
  double getSeconds() const;

private:
  void show();

  std::string what;
  std::chrono::steady_clock::time_point start;
  std::mutex mutex;
  std::condition_variable wakeUp;
  bool done = false;
  std::thread thread;
};

} // namespace mlir::colt5::driver

#endif // COLT5_TOOLS_COMMON_PROGRESS_H

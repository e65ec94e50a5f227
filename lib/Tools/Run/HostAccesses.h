#ifndef COLT5_LIB_TOOLS_RUN_HOSTACCESSES_H
#define COLT5_LIB_TOOLS_RUN_HOSTACCESSES_H

#include "mlir/IR/BuiltinOps.h"
#include <string>
#include <vector>

namespace mlir::colt5::driver {

/// Watches what host code of this process touches, so that memory that stands for a device's can be kept
/// apart.
class HostAccesses {
public:
  virtual ~HostAccesses() = default;
  /// Lets the host code of `module`, at stage `nvvm`, tell this object of every load, store and copy but
  /// those of its own stack. The code must not outlive the object.
  void watch(ModuleOp module);

protected:
  /// `where`: the operation, its function and its location.
  virtual void touch(const char *address, uint64_t bytes, bool isWrite, StringRef where) = 0;

private:
  static void announce(HostAccesses *self, const char *address, uint64_t bytes, int64_t isWrite,
                       uint64_t site);
  std::vector<std::string> sites;
};

} // namespace mlir::colt5::driver

#endif // COLT5_LIB_TOOLS_RUN_HOSTACCESSES_H

#ifndef COLT5_LIB_STAGES_BUFFERIZE_VERIFYWORKSPACE_BUFFERLIFETIMES_H
#define COLT5_LIB_STAGES_BUFFERIZE_VERIFYWORKSPACE_BUFFERLIFETIMES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace mlir::colt5 {

/// A buffer in planned memory and the ops between which it is in use.
struct PlannedBuffer {
  memref::ViewOp view;
  /// The memory that it is part of: an argument, or the stack of an iteration.
  Value memory;
  /// The kernel in whose iterations it lives, or null.
  Operation *kernel;
  int64_t begin, end;

  bool isAliveWith(const PlannedBuffer &other) const { return begin <= other.end && other.begin <= end; }
};

/// All buffers of a function that something uses.
SmallVector<PlannedBuffer> findPlannedBuffers(func::FuncOp func);

} // namespace mlir::colt5

#endif // COLT5_LIB_STAGES_BUFFERIZE_VERIFYWORKSPACE_BUFFERLIFETIMES_H

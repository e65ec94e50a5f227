// What the ops of a kernel with one contraction compute, on tensors: before tiling, and in a colt5.kernel.
#ifndef COLT5_LIB_CODEGEN_GPU_FAMILIES_MMASYNC_CONTRACTIONVIEW_H
#define COLT5_LIB_CODEGEN_GPU_FAMILIES_MMASYNC_CONTRACTIONVIEW_H

#include "colt5/Codegen/Common/ContractionSpec.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::colt5::mma_sync {

/// A contraction of 16-bit floats with sums in f32, and the elementwise ops around it.
struct ContractionView {
  linalg::LinalgOp op;
  /// Its operands, which are tensors.
  ContractionSpec spec;
  /// Loops by kind, each list in the order of an operand's memory: those of rows (m) in A's, those of columns
  /// (n) in B's, those of k in A's unless only B has k innermost.
  SmallVector<unsigned> batch, rows, columns, k;
  /// Extents of the loops, kDynamic where unknown.
  SmallVector<int64_t> extents;
  /// The type of A and B.
  FloatType element;
  /// For every tensor of the kernel but A and B the loop of the contraction that each dimension follows.
  llvm::MapVector<Value, SmallVector<unsigned>> loopsOf;
  /// The root when it scatters rows of sums; null if it does not.
  ScatterCombineOp scatter;

  int64_t getNumProducts() const { return spec.c.size(); }
  /// The number of points of `loops`, kDynamic where unknown.
  int64_t getExtent(ArrayRef<unsigned> loops) const;
};

/// Looks at `ops`, the ops of a kernel in order; `reason` says why they are nothing for this family. Other
/// ops than linalg and colt5 ones are not looked at.
FailureOr<ContractionView> viewContraction(ArrayRef<Operation *> ops, std::string &reason);

} // namespace mlir::colt5::mma_sync

#endif // COLT5_LIB_CODEGEN_GPU_FAMILIES_MMASYNC_CONTRACTIONVIEW_H

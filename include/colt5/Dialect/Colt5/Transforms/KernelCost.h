// What a kernel computes and moves, as far as its static sizes tell.
#ifndef COLT5_DIALECT_COLT5_TRANSFORMS_KERNELCOST_H
#define COLT5_DIALECT_COLT5_TRANSFORMS_KERNELCOST_H

#include "colt5/Dialect/Colt5/Transforms/Kernels.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include <optional>

namespace mlir::colt5 {

/// On a kernel, first its loop and then its function: the plan's family (string). "mma_sync" and "wgmma"
/// kernels must not spill.
inline constexpr llvm::StringLiteral kFamilyAttr = "colt5.family";
/// Bytes that its tiles move from and to global memory (i64). An estimate: caches are not counted.
inline constexpr llvm::StringLiteral kBytesAttr = "colt5.bytes";
/// Bytes of every tensor that it reads and every result that it writes, each once (i64).
inline constexpr llvm::StringLiteral kMinBytesAttr = "colt5.min_bytes";
/// Useful floating-point operations of its contractions and attentions (i64); absent where there are none.
inline constexpr llvm::StringLiteral kFlopsAttr = "colt5.flops";

/// Useful floating-point operations of the contractions and attentions among `kernel.ops`, a multiply-add
/// counting 2. Of attention the keys that its pattern allows count, whatever masks and indices say. Nothing
/// when there are none, or a size or a position is only known at run time.
std::optional<int64_t> countFlops(const Kernel &kernel);

/// Bytes of the tensors that `kernel` reads from outside and of the results that it writes, each once; of a
/// gather the rows taken, of a scatter the rows written. Nothing when a size is only known at run time.
std::optional<int64_t> countMinBytes(const Kernel &kernel);

/// Bytes that the iterations of the tiled kernel `loop` read and write, each tile by itself. Cut tiles count
/// as whole ones. Nothing when a size is only known at run time.
std::optional<int64_t> countTileBytes(scf::ForallOp loop);

/// Hands the attributes above from one form of a kernel to the next.
void copyKernelCost(Operation *from, Operation *to);

} // namespace mlir::colt5

#endif // COLT5_DIALECT_COLT5_TRANSFORMS_KERNELCOST_H

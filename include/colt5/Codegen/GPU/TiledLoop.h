// What a builder family reads from a tiled loop: its ops, and where their tiles lie in the tensors outside.
#ifndef COLT5_CODEGEN_GPU_TILEDLOOP_H
#define COLT5_CODEGEN_GPU_TILEDLOOP_H

#include "mlir/Dialect/SCF/IR/SCF.h"

namespace mlir::colt5 {

/// A box of `source`, a tensor from outside of the loop. A scalar has no offsets; a null size is all of a
/// dynamic dimension.
struct TileBox {
  Value source;
  SmallVector<OpFoldResult> offsets, sizes;

  /// Whether dimension `dim` of the box is all of the dimension of `source`.
  bool isWhole(unsigned dim) const;
};

/// A mapped forall on tensors: slices of what it reads, ops on them, and one insertion per result.
class TiledLoop {
public:
  /// What becomes of one result of the loop.
  struct Output {
    /// The tile that is inserted; the result of an op of the loop.
    Value tile;
    /// Where: its source is the tensor that the result starts from.
    TileBox box;
  };

  /// Reads `loop`. Returns nothing and says why in `reason` when it is of another form.
  static std::optional<TiledLoop> read(scf::ForallOp loop, std::string &reason);

  scf::ForallOp getLoop() const { return loop; }
  /// The ops of the loop that compute tiles, in order.
  ArrayRef<Operation *> getComputeOps() const { return computeOps; }
  /// By number of the result of the loop.
  ArrayRef<Output> getOutputs() const { return outputs; }
  /// The number of the result of the loop that `value` is inserted into.
  std::optional<unsigned> findOutput(Value value) const;

  /// Where `value`, used in the loop, lies outside; nothing when it is computed inside.
  std::optional<TileBox> locate(Value value) const;
  /// The dimension of the loop that numbers the elements of dimension `dim` of `box` one by one, from 0.
  std::optional<unsigned> getPointDimension(const TileBox &box, unsigned dim) const;

private:
  explicit TiledLoop(scf::ForallOp loop) : loop(loop) {}

  /// The value outside that `value` stands for: itself, or the start of a result.
  Value toOutside(Value value) const;

  mutable scf::ForallOp loop; // generated accessors are not const
  SmallVector<Operation *> computeOps;
  SmallVector<Output> outputs;
};

} // namespace mlir::colt5

#endif // COLT5_CODEGEN_GPU_TILEDLOOP_H

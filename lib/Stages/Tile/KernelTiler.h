// How one kernel is tiled: the root's tiles (KernelTiling.cpp), then its fused producers
// (KernelProducers.cpp).
#ifndef COLT5_LIB_STAGES_TILE_KERNELTILER_H
#define COLT5_LIB_STAGES_TILE_KERNELTILER_H

#include "colt5/Dialect/Colt5/Interfaces/StructuredTiling.h"
#include "colt5/Stages/Common/Kernels.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/TilingInterface.h"

namespace mlir::colt5 {

/// One result of the kernel's loop.
struct KernelResult {
  OpResult original;
  /// The tensor that the result is written into, and its block argument in the loop.
  Value init;
  BlockArgument shared;
  /// The tile of one iteration and where it lies. No value for a scatter whose slots are spread.
  Value tile;
  Box box;
};

/// A producer tile that was computed for some consumer.
struct ProducerTile {
  Operation *op;
  Box loops;
  TilingResult result;
};

class KernelTiler {
public:
  KernelTiler(RewriterBase &rewriter, const Kernel &kernel)
      : rewriter(rewriter), kernel(kernel), root(kernel.root), loc(kernel.root->getLoc()) {}

  LogicalResult run();

private:
  LogicalResult checkPlan();
  LogicalResult checkDestinations();
  LogicalResult collectResults();
  void createLoop();
  LogicalResult tileRoot();
  void tileSpreadScatter(ScatterCombineOp scatter);
  LogicalResult fuseProducers();
  FailureOr<const ProducerTile *> getProducerTile(Operation *producer, const Box &loops);
  LogicalResult placeProducerResults(const ProducerTile &tile);
  bool isDisjoint(const Box &box) const;
  LogicalResult useSharedOutputs();
  LogicalResult cleanUpBody();
  void unifySizes();
  void createTerminator();
  void describeCost(std::optional<int64_t> flops, std::optional<int64_t> minBytes);
  void replaceOps();
  Value peelInit(OpResult result) const;

  RewriterBase &rewriter;
  const Kernel &kernel;
  Operation *root;
  Location loc;

  SmallVector<Range> domain;
  /// The tile size of every loop of the root; 0 when the whole loop is one tile.
  SmallVector<int64_t> tileSizes;
  SmallVector<Value> ivs;
  Box rootTile;
  scf::ForallOp loop;
  SmallVector<KernelResult> results;
  /// Ops whose operands may still be producers of the kernel.
  SmallVector<Operation *> worklist;
  SmallVector<std::unique_ptr<ProducerTile>> producerTiles;
};

} // namespace mlir::colt5

#endif // COLT5_LIB_STAGES_TILE_KERNELTILER_H

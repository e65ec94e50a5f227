#include "colt5/Dialect/Colt5/Interfaces/Bufferization.h"

#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::bufferization;
using namespace mlir::colt5;

namespace {
struct ParallelScatterBufferization
    : BufferizableOpInterface::ExternalModel<ParallelScatterBufferization, ParallelScatterOp> {
  // The loop returns the destination; this op has no results.
  AliasingValueList getAliasingValues(Operation *, OpOperand &, const AnalysisState &) const { return {}; }

  bool bufferizesToMemoryRead(Operation *, OpOperand &, const AnalysisState &) const { return true; }

  bool bufferizesToMemoryWrite(Operation *op, OpOperand &operand, const AnalysisState &) const {
    return operand == cast<ParallelScatterOp>(op).getDestMutable();
  }

  bool mustBufferizeInPlace(Operation *, OpOperand &, const AnalysisState &) const { return true; }

  LogicalResult bufferize(Operation *operation, RewriterBase &rewriter, const BufferizationOptions &options,
                          BufferizationState &state) const {
    auto op = cast<ParallelScatterOp>(operation);
    OpBuilder::InsertionGuard guard(rewriter);
    // The region of the terminator holds combining ops only.
    rewriter.setInsertionPoint(op->getParentOp());
    SmallVector<Value> buffers;
    auto getOptionalBuffer = [&](Value tensor) -> LogicalResult {
      if (!tensor) {
        buffers.push_back({});
        return success();
      }
      FailureOr<Value> buffer = getBuffer(rewriter, tensor, options, state);
      if (failed(buffer))
        return failure();
      buffers.push_back(*buffer);
      return success();
    };
    for (Value tensor : {Value(op.getUpdates()), Value(op.getIndices()), Value(op.getValid()),
                         Value(op.getWeight()), Value(op.getDest())})
      if (failed(getOptionalBuffer(tensor)))
        return failure();

    Location loc = op.getLoc();
    SmallVector<OpFoldResult> updates = memref::getMixedSizes(rewriter, loc, buffers[0]);
    OpFoldResult zero = rewriter.getIndexAttr(0), one = rewriter.getIndexAttr(1);
    Value rows = memref::SubViewOp::create(
        rewriter, loc, buffers[4], ArrayRef<OpFoldResult>{op.getBatch(), zero, op.getColumn()},
        ArrayRef<OpFoldResult>{updates.front(), memref::getMixedSize(rewriter, loc, buffers[4], 1),
                               updates.back()},
        ArrayRef<OpFoldResult>{one, one, one});
    ScatterCombineOp::create(rewriter, loc, TypeRange{}, buffers[0], buffers[1], buffers[2], buffers[3], rows,
                             op.getCombineAttr(), op.getUniqueAttr(), op.getSortedAttr(),
                             op.getTrustedAttr());
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void colt5::registerParallelScatterBufferization(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, Colt5Dialect *) {
    ParallelScatterOp::attachInterface<ParallelScatterBufferization>(*context);
  });
}

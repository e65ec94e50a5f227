#include "Structured.h"
#include "colt5/Dialect/Colt5/Interfaces/Bufferization.h"

#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"

using namespace mlir;
using namespace mlir::bufferization;
using namespace mlir::colt5;

LogicalResult colt5::bufferizeStructured(Operation *op, RewriterBase &rewriter,
                                         const BufferizationOptions &options, BufferizationState &state) {
  auto dps = cast<DestinationStyleOpInterface>(op);
  if (dps.hasPureBufferSemantics())
    return success();

  SmallVector<Value> operands;
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<TensorType>(operand.get().getType())) {
      operands.push_back(operand.get());
      continue;
    }
    FailureOr<Value> buffer = getBuffer(rewriter, operand.get(), options, state);
    if (failed(buffer))
      return op->emitOpError("operand #") << operand.getOperandNumber() << " has no buffer";
    operands.push_back(*buffer);
  }
  SmallVector<Value> results(operands.end() - dps.getNumDpsInits(), operands.end());

  rewriter.setInsertionPoint(op);
  // Properties hold the operand segments, so the generic copy keeps every clause in its place.
  OperationState newState(op->getLoc(), op->getName(), operands, TypeRange(),
                          op->getDiscardableAttrDictionary().getValue());
  newState.propertiesAttr = op->getPropertiesAsAttribute();
  for (Region &region : op->getRegions())
    newState.addRegion()->takeBody(region);
  rewriter.create(newState);
  replaceOpWithBufferizedValues(rewriter, op, results);
  return success();
}

namespace {

/// `ReadsInit`: whether the op reads what its `outs` held before.
template <typename OpTy, bool ReadsInit>
struct StructuredModel : DstBufferizableOpInterfaceExternalModel<StructuredModel<OpTy, ReadsInit>, OpTy> {
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand, const AnalysisState &) const {
    return ReadsInit || !cast<DestinationStyleOpInterface>(op).isDpsInit(&operand);
  }
  LogicalResult bufferize(Operation *op, RewriterBase &rewriter, const BufferizationOptions &options,
                          BufferizationState &state) const {
    return bufferizeStructured(op, rewriter, options, state);
  }
};

template <bool ReadsInit, typename... Ops> void attach(MLIRContext *context) {
  (Ops::template attachInterface<StructuredModel<Ops, ReadsInit>>(*context), ...);
}

} // namespace

void colt5::registerBufferizableOpInterfaceExternalModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, Colt5Dialect *) {
    attach</*ReadsInit=*/false, RouterScoresOp, SoftTopKOp, TopKOp, GatherOp, BlockSummaryOp, RmsScaleOp,
           RopeOp, AttentionOp>(context);
    attach</*ReadsInit=*/true, ScatterCombineOp, OnlineAttentionOp, LaunchOp>(context);
  });
}

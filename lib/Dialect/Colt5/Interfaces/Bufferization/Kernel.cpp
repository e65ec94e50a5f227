#include "Structured.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Dialect/Colt5/Interfaces/Bufferization.h"
#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"

using namespace mlir;
using namespace mlir::bufferization;
using namespace mlir::colt5;

namespace {
/// The operands become buffers of any layout. The region says what the kernel computes and stays on tensors.
struct KernelBufferization : DstBufferizableOpInterfaceExternalModel<KernelBufferization, KernelOp> {
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand, const AnalysisState &) const {
    return cast<KernelOp>(op).readsOperand(operand);
  }

  // The arguments of the region do not count.
  bool hasTensorSemantics(Operation *op) const {
    return cast<DestinationStyleOpInterface>(op).hasPureTensorSemantics();
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter, const BufferizationOptions &options,
                          BufferizationState &state) const {
    return bufferizeStructured(op, rewriter, options, state);
  }
};
} // namespace

void colt5::registerKernelBufferization(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, Colt5Dialect *) {
    KernelOp::attachInterface<KernelBufferization>(*context);
  });
}

#ifndef COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_KERNELBODY_H
#define COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_KERNELBODY_H

#include "Terms.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"

namespace mlir::colt5 {

/// What the region of a kernel computes from its arguments: equal terms compute the same. Null where there
/// are branches between blocks.
const Term *getKernelBody(TermBuilder &terms, KernelOp op);

} // namespace mlir::colt5

#endif // COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_KERNELBODY_H

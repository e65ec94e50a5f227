#ifndef COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_SCALARVALUES_H
#define COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_SCALARVALUES_H

#include "Terms.h"
#include "mlir/IR/Operation.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mlir::colt5 {

using GetTerm = llvm::function_ref<const Term *(Value)>;

/// The scalar that `result` of an op is, or null when the op is not of this kind. `get` of a tensor or memref
/// is what it holds.
const Term *getScalar(TermBuilder &terms, OpResult result, GetTerm get);

/// What the regions of a structured op compute, or null when it cannot be said. An op without regions gets a
/// term too.
const Term *getPayload(TermBuilder &terms, Operation *op, GetTerm get);

/// What a region yields for these arguments; nothing where it cannot be said.
FailureOr<Terms> getYielded(TermBuilder &terms, Region &region, ArrayRef<const Term *> arguments,
                            GetTerm get);

/// Name and attributes, without the number of the op.
Attribute getSignature(Operation *op);

const Term *getIndex(TermBuilder &terms, OpFoldResult value, GetTerm get);
/// The box of a slice with its full rank, and what dropping dimensions makes of it (or null).
const Term *getBox(TermBuilder &terms, OffsetSizeAndStrideOpInterface op, GetTerm get);
const Term *getReducedShape(TermBuilder &terms, const Term *box, const llvm::SmallBitVector &dropped);
/// Sizes of a collapsed shape.
const Term *getCollapsedShape(TermBuilder &terms, ArrayRef<const Term *> shape,
                              ArrayRef<SmallVector<int64_t, 2>> groups);

} // namespace mlir::colt5

#endif // COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_SCALARVALUES_H

#include "colt5/Dialect/Colt5/IR/Colt5.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::colt5;

MutableOperandRange ParallelScatterOp::getUpdatedDestinations() { return getDestMutable(); }

Operation *ParallelScatterOp::getIteratingParent() {
  auto inParallel = dyn_cast_or_null<InParallelOpInterface>((*this)->getParentOp());
  return inParallel ? inParallel->getParentOp() : nullptr;
}

LogicalResult ParallelScatterOp::verify() {
  auto loop = dyn_cast_or_null<scf::ForallOp>(getIteratingParent());
  if (!loop || !loop.getMapping())
    return emitOpError(
               "parallel_scatter_c1: expected to be in the in_parallel region of an scf.forall with a "
               "mapping, found it in '")
           << (*this)->getParentOp()->getName() << "'" << (loop ? " without a mapping" : "");
  // The loop itself verifies that `dest` is one of its shared outputs.
  auto destType = cast<RankedTensorType>(getDest().getType());
  if (destType.getRank() != 3 || !isa<FloatType>(destType.getElementType()))
    return emitOpError(
               "parallel_scatter_c2: expected a destination of rank 3 and floating-point type, found ")
           << destType;
  auto updatesType = cast<RankedTensorType>(getUpdates().getType());
  if ((updatesType.getRank() != 3 && updatesType.getRank() != 4) ||
      !isa<FloatType>(updatesType.getElementType()))
    return emitOpError("parallel_scatter_c3: expected updates of rank 3 or 4 and floating-point type, found ")
           << updatesType;
  ArrayRef<int64_t> slots = updatesType.getShape().drop_back();
  auto verifySlots = [&](Value value, StringRef label, StringRef name, Type element) -> LogicalResult {
    auto type = cast<RankedTensorType>(value.getType());
    if (type.getElementType() != element || failed(verifyCompatibleShape(type.getShape(), slots)))
      return emitOpError() << label << ": expected " << name << " to have element type " << element
                           << " and the leading dimensions of " << updatesType << ", found " << type;
    return success();
  };
  Builder builder(getContext());
  if (failed(verifySlots(getIndices(), "parallel_scatter_c3", "idx", builder.getI32Type())))
    return failure();
  if (getValid() && failed(verifySlots(getValid(), "parallel_scatter_c4", "valid", builder.getI1Type())))
    return failure();
  if (getWeight() && failed(verifySlots(getWeight(), "parallel_scatter_c4", "weight",
                                        getScoreType(updatesType.getElementType()))))
    return failure();
  return success();
}

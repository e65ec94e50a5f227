// rms_norm: colt5.rms_scale, then one generic that applies it.
#include "Models.h"
#include "colt5/Dialect/Colt5/Interfaces/TensorBuilders.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
struct RmsNormModel final : linalg::AggregatedOpInterface::ExternalModel<RmsNormModel, RmsNormOp> {
  FailureOr<SmallVector<Value>> decomposeOperation(Operation *operation, OpBuilder &builder) const {
    auto op = cast<RmsNormOp>(operation);
    if (!op.hasPureTensorSemantics() || op->getNumResults() != 1)
      return operation->emitOpError("can only be decomposed on tensors; decompose before bufferization");
    ImplicitLocOpBuilder b(op.getLoc(), builder);
    Value x = op.getX(), mask = op.getMask(), init = op.getOuts()[0];
    Type type = getElementType(x), scoreType = getScoreType(type);
    unsigned rank = cast<ShapedType>(x.getType()).getRank();
    Sizes sizes = tensor::getMixedSizes(b, b.getLoc(), init);
    Sizes rowSizes(ArrayRef<OpFoldResult>(sizes).drop_back());

    Value scaleInit = createEmpty(b, rowSizes, scoreType);
    Value scale =
        RmsScaleOp::create(b, TypeRange{scaleInit.getType()}, x, mask, ValueRange{scaleInit}, op.getEps())
            ->getResult(0);

    SmallVector<unsigned, 4> all = llvm::to_vector<4>(llvm::seq(0u, rank));
    SmallVector<unsigned, 4> row(ArrayRef<unsigned>(all).drop_back());
    SmallVector<Indexed> inputs{{x, all}, {scale, row}, {op.getG(), {rank - 1}}};
    if (mask)
      inputs.push_back({mask, row});
    Value result = createElementwise(b, sizes, inputs, type, [&](ImplicitLocOpBuilder &b, ValueRange args) {
      Value value = arith::MulFOp::create(b, convertFloat(b, args[0], scoreType), args[1]);
      value = arith::MulFOp::create(b, value, convertFloat(b, args[2], scoreType));
      value = convertFloat(b, value, type);
      // A factor of 0 would not silence NaN or infinity behind the mask.
      return mask ? arith::SelectOp::create(b, args[3], value, createFloat(b, 0.0, type)).getResult() : value;
    });
    return SmallVector<Value>{castTo(b, result, op->getResult(0).getType())};
  }
};
} // namespace

void colt5::detail::attachRmsNormModel(MLIRContext &context) {
  RmsNormOp::attachInterface<RmsNormModel>(context);
}

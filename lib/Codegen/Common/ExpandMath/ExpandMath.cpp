// The pass and its patterns: which op is computed in which precision.
#include "MathBuilder.h"
#include "NarrowDouble.h"
#include "colt5/Codegen/Common/Passes.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_EXPANDMATH
#include "colt5/Codegen/Common/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// Rewrites one math op by `emit`, in f32 or f64 as the type says, or always in f64.
template <typename OpTy> struct Expand : OpRewritePattern<OpTy> {
  using Emit = std::function<Value(MathBuilder &, ValueRange)>;
  Expand(MLIRContext *context, bool alwaysF64, bool device, Emit emit)
      : OpRewritePattern<OpTy>(context), alwaysF64(alwaysF64), device(device), emit(std::move(emit)) {}

  LogicalResult matchAndRewrite(OpTy op, PatternRewriter &rewriter) const override {
    Type type = op.getType();
    auto element = dyn_cast<FloatType>(getElementTypeOrSelf(type));
    if (!element || !(element.isF16() || element.isBF16() || element.isF32() || element.isF64()))
      return rewriter.notifyMatchFailure(op, "the element type is not f16, bf16, f32 or f64");
    if (isa<ShapedType>(type) && !isa<VectorType>(type))
      return rewriter.notifyMatchFailure(op, "neither a scalar nor a vector");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    FloatType compute = element.isF64() || (alwaysF64 && element.isF32()) ? b.getF64Type() : b.getF32Type();
    auto vector = dyn_cast<VectorType>(type);
    Type computeType = vector ? Type(vector.clone(compute)) : compute;
    SmallVector<Value> operands(op->getOperands());
    if (computeType != type)
      for (Value &operand : operands)
        operand = arith::ExtFOp::create(b, computeType, operand);
    Value result;
    if (alwaysF64 && !compute.isF64()) {
      // 16-bit types: leave the f32 op to this pattern's next application.
      result = OpTy::create(b, computeType, operands);
    } else {
      MathBuilder m(b, computeType, device);
      result = emit(m, operands);
    }
    if (computeType != type)
      result = arith::TruncFOp::create(b, type, result);
    rewriter.replaceOp(op, result);
    return success();
  }
  bool alwaysF64, device;
  Emit emit;
};

struct ExpandMath : colt5::impl::ExpandMathBase<ExpandMath> {
  using ExpandMathBase::ExpandMathBase;

  template <typename OpTy>
  void addUnary(RewritePatternSet &patterns, bool alwaysF64, Value (*emit)(MathBuilder &, Value)) {
    patterns.add<Expand<OpTy>>(patterns.getContext(), alwaysF64, device,
                               [emit](MathBuilder &m, ValueRange args) { return emit(m, args[0]); });
  }

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    addUnary<math::ExpOp>(patterns, false, emitExp);
    addUnary<math::Exp2Op>(patterns, false, emitExp2);
    addUnary<math::TanhOp>(patterns, false, emitTanh);
    addUnary<math::ErfOp>(patterns, false, emitErf);
    addUnary<math::LogOp>(patterns, true, emitLog);
    addUnary<math::Log2Op>(patterns, true, emitLog2);
    addUnary<math::Log1pOp>(patterns, true, emitLog1p);
    addUnary<math::SinOp>(patterns, true, emitSin);
    addUnary<math::CosOp>(patterns, true, emitCos);
    addUnary<math::RsqrtOp>(
        patterns, false, +[](MathBuilder &m, Value x) { return m.divF(m.constant(1.0), m.sqrt(x)); });
    patterns.add<Expand<math::PowFOp>>(&getContext(), true, device, [](MathBuilder &m, ValueRange args) {
      return emitPow(m, args[0], args[1]);
    });
    if (!device)
      populateNarrowDoublePatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns)))) {
      getOperation()->emitError("colt5-expand-math: the rewrite did not converge");
      signalPassFailure();
    }
  }
};
} // namespace

#include "VerifyBuffers/Numbers.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Transforms/Passes.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotModuleBufferize.h"
#include "mlir/Dialect/Bufferization/Transforms/Transforms.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5BUFFERIZE
#include "colt5/Transforms/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {

/// Steps over static reshapes at the end of the chain that produces a result, by reshaping the output buffer
/// instead, so that the producer can write to it directly.
void reshapeOutput(OpBuilder &builder, Location loc, Value &value, Value &buffer) {
  while (Operation *def = value.getDefiningOp()) {
    if (!value.hasOneUse())
      return;
    if (auto cast = dyn_cast<tensor::CastOp>(def)) {
      if (!isa<RankedTensorType>(cast.getSource().getType()))
        return;
      value = cast.getSource();
      continue;
    }
    auto sourceType =
        def->getNumOperands() ? dyn_cast<RankedTensorType>(def->getOperand(0).getType()) : nullptr;
    if (!isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(def) || !sourceType.hasStaticShape() ||
        !cast<MemRefType>(buffer.getType()).hasStaticShape())
      return;
    auto newType = MemRefType::get(sourceType.getShape(), sourceType.getElementType());
    if (auto expand = dyn_cast<tensor::ExpandShapeOp>(def))
      buffer =
          memref::CollapseShapeOp::create(builder, loc, newType, buffer, expand.getReassociationIndices());
    else
      buffer = memref::ExpandShapeOp::create(builder, loc, newType, buffer,
                                             cast<tensor::CollapseShapeOp>(def).getReassociationIndices());
    value = def->getOperand(0);
  }
}

/// The operand from which the destination-style chain that ends in `value` starts, or null.
OpOperand *getChainStart(Value value) {
  OpOperand *start = nullptr;
  while (auto result = dyn_cast<OpResult>(value)) {
    Operation *def = result.getOwner();
    if (auto dps = dyn_cast<DestinationStyleOpInterface>(def))
      start = dps.getTiedOpOperand(result);
    else if (auto loop = dyn_cast<LoopLikeOpInterface>(def))
      start = loop.getTiedLoopInit(result);
    else if (isa<tensor::CastOp>(def))
      start = &def->getOpOperand(0);
    else
      break;
    if (!start)
      return nullptr;
    value = start->get();
  }
  return start;
}

/// A result that starts from an input or a constant, which must not change, starts from a copy in the output
/// instead. Left alone it would be copied to memory of its own first and to the output at the end.
void copyReadOnlyStart(OpBuilder &builder, Value value) {
  OpOperand *start = getChainStart(value);
  if (!start || !isa<RankedTensorType>(start->get().getType()))
    return;
  Value base = start->get();
  auto arg = dyn_cast<BlockArgument>(base);
  if (!arg && !base.getDefiningOp<arith::ConstantOp>())
    return;
  auto func = arg ? dyn_cast<func::FuncOp>(arg.getOwner()->getParentOp()) : nullptr;
  StringRef writable = bufferization::BufferizationDialect::kWritableAttrName;
  if (func && func.getArgAttrOfType<BoolAttr>(arg.getArgNumber(), writable).getValue())
    return;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(start->getOwner());
  Location loc = start->getOwner()->getLoc();
  auto type = cast<RankedTensorType>(base.getType());
  Value empty =
      tensor::EmptyOp::create(builder, loc, tensor::getMixedSizes(builder, loc, base), type.getElementType());
  bufferization::BufferizationOptions options;
  bufferization::AnalysisState state(options);
  auto owner = dyn_cast<bufferization::BufferizableOpInterface>(start->getOwner());
  bool isRead =
      !owner || isa<LoopLikeOpInterface>(start->getOwner()) || owner.bufferizesToMemoryRead(*start, state);
  start->set(isRead ? linalg::CopyOp::create(builder, loc, base, empty).getResult(0) : empty);
}

/// Turns the results of `func` into arguments, see the pass description.
LogicalResult addOutputArguments(func::FuncOp func) {
  if (!func.getBody().hasOneBlock())
    return func.emitError("expected one block in the body of a public function, found ")
           << func.getBody().getBlocks().size() << "; use scf instead of branches";
  auto ret = cast<func::ReturnOp>(func.front().getTerminator());
  OpBuilder builder(ret);
  for (auto [index, result] : llvm::enumerate(llvm::to_vector(ret.getOperands()))) {
    Value value = result;
    if (!isa<ShapedType>(value.getType())) {
      Value empty = tensor::EmptyOp::create(builder, ret.getLoc(), ArrayRef<int64_t>(), value.getType());
      value = tensor::InsertOp::create(builder, ret.getLoc(), value, empty, ValueRange());
    }
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type)
      return func.emitError("expected result #")
             << index << " to be a ranked tensor or a scalar, found " << value.getType();
    auto memref = MemRefType::get(type.getShape(), type.getElementType());
    NamedAttrList attrs;
    attrs.set(kOutputAttr, builder.getUnitAttr());
    for (StringRef kept : {kNameAttr, kSizesAttr})
      if (Attribute attr = func.getResultAttr(index, kept))
        attrs.set(kept, attr);
    if (failed(func.insertArgument(func.getNumArguments(), memref, attrs.getDictionary(func.getContext()),
                                   func.getLoc())))
      return func.emitError("cannot add an output argument");
    Value buffer = func.getArguments().back();
    // A reshaped view has to stand before everything that will write through it.
    OpBuilder entry = OpBuilder::atBlockBegin(&func.front());
    reshapeOutput(entry, ret.getLoc(), value, buffer);
    copyReadOnlyStart(builder, value);
    auto write =
        bufferization::MaterializeInDestinationOp::create(builder, ret.getLoc(), Type(), value, buffer);
    write.setRestrict(true);
    write.setWritable(true);
  }
  ret.getOperandsMutable().clear();
  func.setResAttrsAttr(nullptr);
  func.setFunctionType(FunctionType::get(func.getContext(), func.getArgumentTypes(), {}));
  return success();
}

void setReadOnlyArguments(func::FuncOp func) {
  StringRef writable = bufferization::BufferizationDialect::kWritableAttrName;
  for (BlockArgument arg : func.getArguments())
    if (isa<TensorType>(arg.getType()) && !func.getArgAttr(arg.getArgNumber(), writable))
      func.setArgAttr(arg.getArgNumber(), writable, BoolAttr::get(func.getContext(), false));
}

/// CSE merges equal fills. Two accumulators that start from one fill would each be a copy of it, so every use
/// gets a fill of its own again.
void separateFills(ModuleOp module) {
  SmallVector<linalg::FillOp> fills;
  module.walk([&](linalg::FillOp fill) {
    if (fill.hasPureTensorSemantics() && !fill->getResult(0).hasOneUse())
      fills.push_back(fill);
  });
  for (linalg::FillOp fill : fills) {
    for (OpOperand &use : llvm::make_early_inc_range(llvm::drop_begin(fill->getUses()))) {
      auto dps = dyn_cast<DestinationStyleOpInterface>(use.getOwner());
      if (!dps || !dps.isDpsInit(&use))
        continue;
      OpBuilder builder(fill);
      Operation *init = fill.getDpsInits()[0].getDefiningOp();
      IRMapping mapping;
      if (isa_and_present<tensor::EmptyOp>(init))
        builder.clone(*init, mapping);
      use.set(builder.clone(*fill, mapping)->getResult(0));
    }
  }
}

/// The results of public functions become arguments and only they get a workspace, so no call may be left.
/// What the inliner leaves is recursion.
LogicalResult checkCalls(ModuleOp module) {
  SymbolTable symbols(module);
  WalkResult result =
      module.walk(
          [&](func::CallOp call) {
            auto callee = symbols.lookup<func::FuncOp>(call.getCallee());
            if (!callee || callee.isDeclaration())
              return WalkResult::advance();
            call.emitOpError("calls '")
                << call.getCallee()
                << "', which was not inlined; expected a program without recursion, after `inline`";
            return WalkResult::interrupt();
          });
  return failure(result.wasInterrupted());
}

struct Bufferize : colt5::impl::Colt5BufferizeBase<Bufferize> {
  using Base::Base;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkCalls(module)))
      return signalPassFailure();
    NumberedFunctions numbered;
    if (verify || keepValues)
      numbered.record(module);
    for (auto func : module.getOps<func::FuncOp>()) {
      if (func.isDeclaration())
        continue;
      setReadOnlyArguments(func);
      if (func.isPublic() && failed(addOutputArguments(func)))
        return signalPassFailure();
    }
    RewritePatternSet patterns(&getContext());
    tensor::populateDecomposeTensorConcatPatterns(patterns);
    if (failed(applyPatternsGreedily(module, std::move(patterns))))
      return signalPassFailure();

    separateFills(module);
    IRRewriter rewriter(&getContext());
    if (failed(bufferization::eliminateEmptyTensors(rewriter, module)) || failed(bufferize(module)))
      return signalPassFailure();
    // A tile is read and inserted through two equal views; seen as one, the copy between them goes away.
    DominanceInfo dominance(module);
    eliminateCommonSubExpressions(rewriter, dominance, module);
    cleanCopies(module);
    for (auto func : module.getOps<func::FuncOp>())
      for (BlockArgument arg : func.getArguments())
        func.removeArgAttr(arg.getArgNumber(), bufferization::BufferizationDialect::kWritableAttrName);
    int64_t unmodelled = 0;
    if (failed(numbered.verify(module, verify, keepValues, unmodelled)))
      return signalPassFailure();
    numUnmodelled += unmodelled;
  }

  LogicalResult bufferize(ModuleOp module) {
    // Upstream's bufferization of scf.forall drops attributes that it does not know; it keeps the ops in
    // order.
    SmallVector<DictionaryAttr> attrs;
    module.walk<WalkOrder::PreOrder>(
        [&](scf::ForallOp forall) { attrs.push_back(forall->getDiscardableAttrDictionary()); });

    bufferization::OneShotBufferizationOptions options;
    options.bufferizeFunctionBoundaries = true;
    options.setFunctionBoundaryTypeConversion(bufferization::LayoutMapOption::IdentityLayoutMap);
    options.bufferAlignment = 64;
    bufferization::BufferizationState state;
    if (failed(bufferization::runOneShotModuleBufferize(module, options, state)))
      return failure();

    SmallVector<scf::ForallOp> foralls;
    module.walk<WalkOrder::PreOrder>([&](scf::ForallOp forall) { foralls.push_back(forall); });
    if (foralls.size() != attrs.size())
      return module.emitError("expected ")
             << attrs.size() << " scf.forall after bufferization, found " << foralls.size();
    for (auto [forall, dict] : llvm::zip_equal(foralls, attrs))
      forall->setDiscardableAttrs(dict);
    return success();
  }

  /// `memref.copy` between strided views would become a call of a runtime library, linalg vectorizes it.
  /// Between dense buffers it becomes memcpy.
  void cleanCopies(ModuleOp module) {
    auto isDense = [](Value buffer) {
      auto type = dyn_cast<MemRefType>(buffer.getType());
      return type && type.getLayout().isIdentity();
    };
    module.walk([&](Operation *op) {
      if (!isa<memref::CopyOp, linalg::CopyOp>(op))
        return;
      Value source = op->getOperand(0), target = op->getOperand(1);
      OpBuilder builder(op);
      if (source != target) {
        ++numCopies;
        bool dense = isDense(source) && isDense(target) && source.getType() == target.getType();
        if (dense == isa<memref::CopyOp>(op))
          return;
        if (dense)
          memref::CopyOp::create(builder, op->getLoc(), source, target);
        else
          linalg::CopyOp::create(builder, op->getLoc(), source, target);
      }
      op->erase();
    });
  }
};

} // namespace

#include "VerifyBuffers/Numbers.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Stages/Bufferize/Passes.h"
#include "colt5/Stages/Common/Contract.h"
#include "colt5/Stages/Common/Kernels.h"

#include "Destinations.h"
#include "OutputArguments.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotModuleBufferize.h"
#include "mlir/Dialect/Bufferization/Transforms/Transforms.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Interfaces/ParallelCombiningOpInterface.h"
#include "mlir/Interfaces/SubsetOpInterface.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5BUFFERIZE
#include "colt5/Stages/Bufferize/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {

void setReadOnlyArguments(func::FuncOp func) {
  StringRef writable = bufferization::BufferizationDialect::kWritableAttrName;
  for (BlockArgument arg : func.getArguments())
    if (isa<TensorType>(arg.getType()) && !func.getArgAttr(arg.getArgNumber(), writable))
      func.setArgAttr(arg.getArgNumber(), writable, BoolAttr::get(func.getContext(), false));
}

/// True for a tensor that nobody has written to.
bool isUndefined(Value value) {
  Operation *def = value.getDefiningOp();
  while (
      isa_and_present<tensor::CastOp, tensor::CollapseShapeOp, tensor::ExpandShapeOp, tensor::ExtractSliceOp>(
          def))
    def = def->getOperand(0).getDefiningOp();
  return isa_and_present<tensor::EmptyOp>(def);
}

/// Upstream turns concatenations and paddings into insertions, which its verifier refuses at the end of a
/// dimension and where there are no elements. It takes the size of a collapsed group from a 0 in it, although
/// its verifier wants `?` where another size of the group is not known.
void dropEmptyPieces(ModuleOp module) {
  auto isEmpty = [](Value value) { return hasNoElements(value.getType()); };
  module.walk([&](tensor::ConcatOp concat) {
    OpBuilder builder(concat);
    SmallVector<Value> pieces = llvm::to_vector(
        llvm::make_filter_range(concat.getInputs(), [&](Value piece) { return !isEmpty(piece); }));
    // Upstream moves a fill behind a concatenation; its pieces then hold nothing to copy.
    bool holdsNothing = isEmpty(concat) || llvm::all_of(concat.getInputs(), isUndefined);
    if (pieces.size() == concat.getInputs().size() && !holdsNothing)
      return;
    Location loc = concat.getLoc();
    Type type = concat.getType();
    ReifiedRankedShapedTypeDims sizes;
    if (!holdsNothing)
      concat.replaceAllUsesWith(
          tensor::ConcatOp::create(builder, loc, type, concat.getDim(), pieces).getResult());
    else if (succeeded(concat.reifyResultShapes(builder, sizes)))
      concat.replaceAllUsesWith(builder.createOrFold<tensor::CastOp>(
          loc, type, tensor::EmptyOp::create(builder, loc, sizes[0], getElementTypeOrSelf(type))));
    else
      return;
    concat.erase();
  });
  module.walk([&](tensor::CollapseShapeOp collapse) {
    OpBuilder builder(collapse);
    ReifiedRankedShapedTypeDims sizes;
    if (!isEmpty(collapse.getSrc()) || failed(reifyResultShapes(builder, collapse, sizes)))
      return;
    Location loc = collapse.getLoc();
    Type type = collapse.getType();
    Value empty = tensor::EmptyOp::create(builder, loc, sizes[0], getElementTypeOrSelf(type));
    collapse.replaceAllUsesWith(builder.createOrFold<tensor::CastOp>(loc, type, empty));
    collapse.erase();
  });
  module.walk([&](tensor::PadOp pad) {
    if (!isEmpty(pad.getSource()))
      return;
    OpBuilder builder(pad);
    ReifiedRankedShapedTypeDims sizes;
    if (failed(pad.reifyResultShapes(builder, sizes)))
      return;
    SmallVector<Value> dynamic;
    for (auto [dim, size] : llvm::enumerate(sizes[0]))
      if (pad.getResultType().isDynamicDim(dim))
        dynamic.push_back(getValueOrCreateConstantIndexOp(builder, pad.getLoc(), size));
    auto generate = tensor::GenerateOp::create(builder, pad.getLoc(), pad.getResultType(), dynamic);
    generate.getBody().takeBody(pad.getRegion());
    pad.replaceAllUsesWith(generate.getResult());
    pad.erase();
  });
}

/// One op may start two accumulators from one fill. Each would be a copy of it, so every use gets a fill of
/// its own.
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

bufferization::OneShotBufferizationOptions getBufferizationOptions() {
  bufferization::OneShotBufferizationOptions options;
  options.bufferizeFunctionBoundaries = true;
  // What a kernel computes is said on tensors.
  options.opFilter.denyOperation([](Operation *op) { return isInKernelOp(op); });
  return options;
}

/// Places in memory are decided block by block.
LogicalResult checkBlocks(ModuleOp module) {
  for (auto func : module.getOps<func::FuncOp>())
    if (!func.isDeclaration() && !func.getBody().hasOneBlock())
      return func.emitError("expected one block in the body of a ")
             << (func.isPublic() ? "public" : "private") << " function, found "
             << func.getBody().getBlocks().size() << "; use scf instead of branches";
  return success();
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
    if (failed(checkCalls(module)) || failed(checkBlocks(module)))
      return signalPassFailure();
    dropEmptyPieces(module);
    NumberedFunctions numbered;
    if (verify || keepValues)
      numbered.record(module);
    RewritePatternSet patterns(&getContext());
    tensor::populateDecomposeTensorConcatPatterns(patterns);
    if (failed(applyPatternsGreedily(module, std::move(patterns))))
      return signalPassFailure();
    separateFills(module);

    SmallVector<OutputArguments> outputs;
    for (auto func : module.getOps<func::FuncOp>()) {
      if (func.isDeclaration())
        continue;
      mergeEqualScalars(func);
      setReadOnlyArguments(func);
      DestinationOwner owner(func);
      if (failed(owner.run()))
        return signalPassFailure();
      if (!func.isPublic())
        continue;
      outputs.emplace_back(func);
      if (failed(outputs.back().add(owner)))
        return signalPassFailure();
    }
    DenseSet<Value> undefined;
    if (failed(computeInSlices(module, undefined)))
      return signalPassFailure();
    for (OutputArguments &arguments : outputs)
      arguments.writeResults();
    if (failed(bufferize(module, undefined)))
      return signalPassFailure();
    // A tile is read and inserted through two equal views; seen as one, the copy between them goes away.
    IRRewriter rewriter(&getContext());
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

  /// Computes what is inserted into a slice there, if it starts from undefined memory in the same block.
  /// Copies stay: they keep apart what would else overwrite each other.
  /// Collects the slices in `undefined`: nothing has been written there.
  LogicalResult computeInSlices(ModuleOp module, DenseSet<Value> &undefined) {
    bufferization::OneShotBufferizationOptions options = getBufferizationOptions();
    options.allowReturnAllocsFromLoops = true;
    bufferization::OneShotAnalysisState state(module, options);
    if (failed(bufferization::analyzeModuleOp(module, state)))
      return failure();
    auto build = [&undefined](RewriterBase &rewriter, SubsetInsertionOpInterface insertion,
                              tensor::EmptyOp empty, Operation *user) -> Value {
      Operation *op = insertion;
      if (isa<linalg::CopyOp>(op))
        return Value();
      if (isa<ParallelCombiningOpInterface>(op))
        op = op->getParentOp();
      if (user->getBlock() != op->getBlock())
        return Value();
      Value slice = bufferization::buildSubsetExtraction(rewriter, insertion, empty, user);
      if (slice)
        undefined.insert(slice);
      return slice;
    };
    IRRewriter rewriter(&getContext());
    return bufferization::eliminateEmptyTensors(rewriter, module, state, build);
  }

  /// What cannot be computed in its slice after all gets memory of its own, which starts from nothing.
  static void dropUndefinedCopies(ModuleOp module, const DenseSet<Value> &undefined) {
    SmallVector<bufferization::AllocTensorOp> copies;
    module.walk([&](bufferization::AllocTensorOp alloc) {
      Value value = alloc.getCopy();
      while (value && !undefined.contains(value))
        value = isView(value.getDefiningOp()) ? value.getDefiningOp()->getOperand(0) : Value();
      if (value)
        copies.push_back(alloc);
    });
    for (bufferization::AllocTensorOp alloc : copies) {
      OpBuilder builder(alloc);
      alloc.replaceAllUsesWith(createEmptyLike(builder, alloc.getLoc(), alloc.getCopy()));
      alloc.erase();
    }
  }

  LogicalResult bufferize(ModuleOp module, const DenseSet<Value> &undefined) {
    // Upstream's bufferization of scf.forall drops attributes that it does not know; it keeps the ops in
    // order.
    SmallVector<DictionaryAttr> attrs;
    module.walk<WalkOrder::PreOrder>(
        [&](scf::ForallOp forall) { attrs.push_back(forall->getDiscardableAttrDictionary()); });

    bufferization::OneShotBufferizationOptions options = getBufferizationOptions();
    options.setFunctionBoundaryTypeConversion(bufferization::LayoutMapOption::IdentityLayoutMap);
    options.bufferAlignment = 64;
    bufferization::BufferizationState state;
    if (failed(bufferization::insertTensorCopies(module, options, state)))
      return failure();
    dropUndefinedCopies(module, undefined);
    if (failed(bufferization::bufferizeModuleOp(module, options, state)))
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
    // A reshape of dynamic sizes becomes a view with strides in stage llvm.
    auto isDense = [](Value buffer) {
      auto type = dyn_cast<MemRefType>(buffer.getType());
      bool isReshaped =
          buffer.getDefiningOp<memref::ExpandShapeOp>() || buffer.getDefiningOp<memref::CollapseShapeOp>();
      return type && type.getLayout().isIdentity() && (type.hasStaticShape() || !isReshaped);
    };
    auto stripCasts = [](Value buffer) {
      while (auto cast = buffer.getDefiningOp<memref::CastOp>())
        buffer = cast.getSource();
      return buffer;
    };
    module.walk([&](Operation *op) {
      if (!isa<memref::CopyOp, linalg::CopyOp>(op))
        return;
      Value source = op->getOperand(0), target = op->getOperand(1);
      OpBuilder builder(op);
      if (stripCasts(source) != stripCasts(target)) {
        ++numCopies;
        // Canonicalisation folds casts into the copy later.
        bool dense = isDense(stripCasts(source)) && isDense(stripCasts(target)) &&
                     source.getType() == target.getType();
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

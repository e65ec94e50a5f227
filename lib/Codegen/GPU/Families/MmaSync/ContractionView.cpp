#include "ContractionView.h"

#include "colt5/Stages/Plan/KernelDraft.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::mma_sync;

int64_t ContractionView::getExtent(ArrayRef<unsigned> loops) const {
  int64_t total = 1;
  for (unsigned loop : loops) {
    if (ShapedType::isDynamic(extents[loop]))
      return ShapedType::kDynamic;
    total *= extents[loop];
  }
  return total;
}

namespace {
class Viewer {
public:
  Viewer(ArrayRef<Operation *> ops, std::string &reason)
      : ops(ops), inKernel(ops.begin(), ops.end()), reason(reason) {}
  FailureOr<ContractionView> run();

private:
  LogicalResult refuse(const Twine &why) {
    reason = why.str();
    return failure();
  }
  LogicalResult sortOps();
  LogicalResult readContraction();
  void sortLoops();
  LogicalResult readScatter();
  LogicalResult follow(Value value, ArrayRef<unsigned> loops);
  LogicalResult followElementwise(linalg::LinalgOp op, bool &isResolved);
  LogicalResult followAll();
  LogicalResult checkEscapes();

  ArrayRef<Operation *> ops;
  DenseSet<Operation *> inKernel;
  std::string &reason;
  ContractionView view;
  SmallVector<linalg::LinalgOp> elementwise;
};
} // namespace

LogicalResult Viewer::sortOps() {
  for (Operation *op : ops) {
    auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
    OpKind kind = classify(op);
    if (kind == OpKind::Contraction && !view.op)
      view.op = linalgOp;
    else if (auto scatter = dyn_cast<ScatterCombineOp>(op); scatter && !view.scatter)
      view.scatter = scatter;
    else if (kind == OpKind::Elementwise && linalgOp && !linalgOp.hasIndexSemantics())
      elementwise.push_back(linalgOp);
    else if (kind != OpKind::Fill && (linalgOp || isa<Colt5Dialect>(op->getDialect())) && !isa<YieldOp>(op))
      return refuse("expected one contraction with elementwise ops that do not read their position, found " +
                    op->getName().getStringRef());
  }
  return view.op ? success() : refuse("expected a contraction");
}

LogicalResult Viewer::readContraction() {
  StringRef why;
  FailureOr<ContractionSpec> spec = matchContraction(view.op, why);
  if (failed(spec))
    return refuse("expected a contraction of the form out + a * b: " + why);
  view.spec = *spec;
  view.extents = view.op.getStaticLoopRanges();
  view.element = dyn_cast<FloatType>(getElementTypeOrSelf(spec->a.memref.getType()));
  bool isHalf = view.element && (view.element.isBF16() || view.element.isF16());
  if (!isHalf || !spec->type.isF32())
    return refuse("expected operands of type bf16 or f16 with sums in f32");
  SmallVector<Value> operands{spec->a.memref};
  for (const ContractionOperand &b : spec->b)
    operands.push_back(b.memref);
  for (Value operand : operands) {
    if (getElementTypeOrSelf(operand.getType()) != view.element)
      return refuse("expected operands of one type");
    if (Operation *producer = operand.getDefiningOp(); producer && inKernel.contains(producer))
      return refuse("expected operands that the kernel does not compute itself");
  }
  for (auto [result, c] : llvm::zip_equal(view.op->getResults(), spec->c))
    if (failed(follow(result, c.loops)) || failed(follow(c.memref, c.loops)))
      return failure();
  sortLoops();
  return success();
}

void Viewer::sortLoops() {
  const ContractionSpec &spec = view.spec;
  auto isK = [&](unsigned loop) { return spec.a.dimOf(loop) >= 0 && spec.c[0].dimOf(loop) < 0; };
  bool isAInner = isK(spec.a.loops.back()), isBInner = isK(spec.b[0].loops.back());
  for (unsigned loop : spec.a.loops) {
    bool inB = spec.b[0].dimOf(loop) >= 0, inC = spec.c[0].dimOf(loop) >= 0;
    if (inB && inC)
      view.batch.push_back(loop);
    else if (inC)
      view.rows.push_back(loop);
    else if (isAInner || !isBInner)
      view.k.push_back(loop);
  }
  for (unsigned loop : spec.b[0].loops) {
    if (spec.a.dimOf(loop) < 0)
      view.columns.push_back(loop);
    else if (isK(loop) && !isAInner && isBInner)
      view.k.push_back(loop);
  }
}

/// Notes that dimension i of `value` follows `loops[i]`.
LogicalResult Viewer::follow(Value value, ArrayRef<unsigned> loops) {
  auto [place, isNew] = view.loopsOf.try_emplace(value, loops);
  if (!isNew && ArrayRef(place->second) != loops)
    return refuse("expected every tensor to be read at one place for each sum");
  return success();
}

LogicalResult Viewer::readScatter() {
  ScatterCombineOp scatter = view.scatter;
  auto updates = cast<ShapedType>(scatter.getUpdates().getType());
  auto indices = cast<ShapedType>(scatter.getIndices().getType());
  if (!scatter.getTrusted() || !scatter.getUnique() || updates.getRank() != 3 || indices.getRank() != 2)
    return refuse("expected a scatter of one route with unique, trusted indices");
  auto found = view.loopsOf.find(scatter.getUpdates());
  if (found == view.loopsOf.end())
    return refuse("expected the updates of the scatter to be indexed like the sums");
  SmallVector<unsigned> slots(ArrayRef(found->second).take_front(2));
  if (llvm::is_contained(view.columns, slots[0]) || llvm::is_contained(view.columns, slots[1]))
    return refuse("expected rows of sums as the updates of the scatter");
  for (Value value : {scatter.getIndices(), scatter.getValid(), scatter.getWeight()})
    if (value && failed(follow(value, slots)))
      return failure();
  return success();
}

/// Finds out what the tensors around `op` follow once one of them is known.
LogicalResult Viewer::followElementwise(linalg::LinalgOp op, bool &isResolved) {
  SmallVector<std::pair<Value, AffineMap>> tensors;
  for (OpOperand &operand : op->getOpOperands())
    if (isa<RankedTensorType>(operand.get().getType()))
      tensors.push_back({operand.get(), op.getMatchingIndexingMap(&operand)});
  for (OpResult result : op->getResults())
    tensors.push_back({result, op.getIndexingMapMatchingResult(result)});
  SmallVector<int64_t> loops(op.getNumLoops(), -1);
  for (auto &[value, map] : tensors) {
    if (!map.isProjectedPermutation())
      return refuse("expected elementwise ops with projected permutations as indexing maps");
    auto found = view.loopsOf.find(value);
    if (found == view.loopsOf.end())
      continue;
    for (auto [expr, loop] : llvm::zip_equal(map.getResults(), found->second)) {
      int64_t &mine = loops[cast<AffineDimExpr>(expr).getPosition()];
      if (mine >= 0 && mine != int64_t(loop))
        return refuse("expected elementwise ops that are indexed like the sums");
      mine = loop;
    }
  }
  isResolved = !llvm::is_contained(loops, -1);
  if (!isResolved)
    return success();
  for (auto &[value, map] : tensors) {
    auto dims = llvm::map_to_vector(map.getResults(), [&](AffineExpr expr) {
      return static_cast<unsigned>(loops[cast<AffineDimExpr>(expr).getPosition()]);
    });
    if (failed(follow(value, dims)))
      return failure();
  }
  return success();
}

LogicalResult Viewer::followAll() {
  SmallVector<linalg::LinalgOp> open(elementwise);
  while (!open.empty()) {
    SmallVector<linalg::LinalgOp> rest;
    for (linalg::LinalgOp op : open) {
      bool isResolved = false;
      if (failed(followElementwise(op, isResolved)))
        return failure();
      if (!isResolved)
        rest.push_back(op);
    }
    // The weight of a scatter is known by its slots only.
    bool isNew = view.scatter && view.loopsOf.contains(view.scatter.getUpdates()) &&
                 !view.loopsOf.contains(view.scatter.getIndices());
    if (isNew && failed(readScatter()))
      return failure();
    if (rest.size() == open.size() && !isNew)
      return refuse("expected elementwise ops that are indexed like the sums");
    open = std::move(rest);
  }
  if (view.scatter && !view.loopsOf.contains(view.scatter.getIndices()))
    return readScatter();
  return success();
}

/// What leaves the kernel is written once.
LogicalResult Viewer::checkEscapes() {
  for (auto &entry : view.loopsOf) {
    Value value = entry.first;
    ArrayRef<unsigned> loops = entry.second;
    Operation *op = value.getDefiningOp();
    if (!op || !inKernel.contains(op) || !isa<linalg::LinalgOp>(op))
      continue;
    bool escapes = llvm::any_of(value.getUsers(), [&](Operation *user) { return !inKernel.contains(user); });
    SmallVector<unsigned> all(view.batch);
    llvm::append_range(all, view.rows);
    llvm::append_range(all, view.columns);
    bool isWhole = llvm::all_of(
        all, [&](unsigned loop) { return view.extents[loop] == 1 || llvm::is_contained(loops, loop); });
    if (escapes && !isWhole)
      return refuse("expected one element for each sum in what the kernel gives out");
  }
  return success();
}

FailureOr<ContractionView> Viewer::run() {
  if (failed(sortOps()) || failed(readContraction()) || failed(followAll()) || failed(checkEscapes()))
    return failure();
  return view;
}

FailureOr<ContractionView> mma_sync::viewContraction(ArrayRef<Operation *> ops, std::string &reason) {
  return Viewer(ops, reason).run();
}

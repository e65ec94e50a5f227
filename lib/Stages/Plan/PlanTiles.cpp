// How large the tiles of a kernel are.
#include "colt5/Stages/Plan/KernelDraft.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::colt5;

SmallVector<int64_t> colt5::getLoopExtents(Operation *op) {
  std::optional<LoopSpace> space = getLoopSpaceOf(op);
  if (!space)
    return SmallVector<int64_t>(cast<TilingInterface>(op).getLoopIteratorTypes().size(),
                                ShapedType::kDynamic);
  SmallVector<int64_t> extents(space->iterators.size(), ShapedType::kDynamic);
  for (auto [operand, dims] : llvm::zip_equal(op->getOperands(), space->operands))
    for (auto [dim, map] : llvm::enumerate(dims))
      if (map.kind == DimMap::Loop && ShapedType::isDynamic(extents[map.loop]))
        extents[map.loop] = cast<ShapedType>(operand.getType()).getDimSize(dim);
  return extents;
}

/// The tile size for `extent` that makes the fewest tiles of at most `cap`, and those of equal size: equal
/// tiles beat a small last one. A multiple of `quantum` where `cap` allows it.
static int64_t balance(int64_t extent, int64_t cap, int64_t quantum) {
  if (cap >= quantum)
    cap = cap / quantum * quantum;
  if (ShapedType::isDynamic(extent))
    return cap;
  int64_t count = llvm::divideCeil(extent, cap);
  return std::min<int64_t>(llvm::alignTo(llvm::divideCeil(extent, count), quantum), cap);
}

/// Shares `budget` points among `loops`, innermost last, from the inside out; 0 keeps a loop whole.
static void shareBudget(ArrayRef<int64_t> loops, ArrayRef<int64_t> extents, int64_t budget, int64_t quantum,
                        MutableArrayRef<int64_t> sizes) {
  for (int64_t loop : llvm::reverse(loops)) {
    int64_t extent = extents[loop];
    if (budget > 1 && !ShapedType::isDynamic(extent) && extent <= budget) {
      sizes[loop] = 0;
      budget /= std::max<int64_t>(extent, 1);
      continue;
    }
    sizes[loop] = budget > 1 ? balance(extent, budget, quantum) : 1;
    budget = 1;
    quantum = 1;
  }
}

static int64_t countTiles(ArrayRef<int64_t> extents, ArrayRef<int64_t> sizes) {
  int64_t count = 1;
  for (auto [extent, size] : llvm::zip_equal(extents, sizes))
    if (size != 0)
      // An unknown extent is assumed to keep the cores busy.
      count *= ShapedType::isDynamic(extent) ? 64 : llvm::divideCeil(extent, size);
  return count;
}

static int64_t getElementBytes(Value value) {
  Type type = getElementTypeOrSelf(value.getType());
  return type.isIntOrFloat() ? std::max<int64_t>(1, type.getIntOrFloatBitWidth() / 8) : 8;
}

/// Bytes that one point of the root's loops moves: every tensor of full rank that the kernel reads or makes.
static int64_t getBytesPerPoint(const KernelDraft &kernel) {
  int64_t rank = cast<RankedTensorType>(kernel.root->getResult(0).getType()).getRank(), bytes = 0;
  SmallPtrSet<Value, 8> seen;
  auto count = [&](Value value) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (type && type.getRank() >= rank && seen.insert(value).second)
      bytes += getElementBytes(value);
  };
  for (auto &[op, loops] : kernel.loops) {
    llvm::for_each(op->getResults(), count);
    for (OpOperand *input : cast<DestinationStyleOpInterface>(op).getDpsInputOperands())
      count(input->get());
  }
  return std::max<int64_t>(bytes, 1);
}

static SmallVector<int64_t> getOpenLoops(const KernelDraft &kernel) {
  SmallVector<int64_t> loops;
  for (auto [i, tilable] : llvm::enumerate(getTilableLoops(kernel.root)))
    if (tilable && !kernel.keepWhole[i])
      loops.push_back(i);
  return loops;
}

/// The work of the loops that stay whole, per point of the others; 1 when unknown.
static int64_t getInnerWork(const KernelDraft &kernel, ArrayRef<int64_t> extents) {
  int64_t work = 1;
  for (auto [i, tilable] : llvm::enumerate(getTilableLoops(kernel.root)))
    if (!tilable || kernel.keepWhole[i])
      work *= ShapedType::isDynamic(extents[i]) ? 512 : std::max<int64_t>(extents[i], 1);
  return work;
}

static TileChoice tileContraction(const KernelDraft &kernel, ArrayRef<int64_t> extents,
                                  const Machine &machine, const TileRules &rules) {
  auto op = cast<linalg::LinalgOp>(kernel.getHeavy());
  const RootLoops &toRoot = kernel.loops.find(op)->second;
  SmallVector<int64_t> rows, columns, sizes(extents.size(), 0), open = getOpenLoops(kernel);
  auto hasLoop = [&](OpOperand *operand, unsigned loop) {
    return op.getMatchingIndexingMap(operand).isFunctionOfDim(loop);
  };
  SmallVector<OpOperand *> inputs = op.getDpsInputOperands();
  for (unsigned loop = 0; loop < toRoot.size(); ++loop) {
    if (!llvm::is_contained(open, toRoot[loop]))
      continue;
    bool inFirst = hasLoop(inputs.front(), loop);
    bool inOther =
        llvm::any_of(ArrayRef(inputs).drop_front(), [&](OpOperand *input) { return hasLoop(input, loop); });
    if (inFirst && inOther)
      sizes[toRoot[loop]] = 1;
    else
      (inFirst ? rows : columns).push_back(toRoot[loop]);
  }
  llvm::sort(rows);
  llvm::sort(columns);
  int64_t vector = machine.vectorBytes / 4;
  int64_t accumulatorBytes = op.getNumDpsInits() * getElementBytes(op.getDpsInits().front());
  int64_t rowBudget = machine.contractionRows;
  int64_t columnBudget =
      std::min(machine.contractionColumns, rules.accumulatorBytes / (rowBudget * accumulatorBytes));
  bool shrunk = false;
  while (true) {
    shareBudget(rows, extents, rowBudget, 4, sizes);
    shareBudget(columns, extents, columnBudget, 2 * vector, sizes);
    if (countTiles(extents, sizes) >= machine.cores)
      break;
    if (columnBudget > rules.fewestColumns(rowBudget))
      columnBudget /= 2;
    else if (rowBudget > rules.fewestRows)
      rowBudget /= 2;
    else
      break;
    shrunk = true;
  }
  std::string reason =
      llvm::formatv("{0} x {1} accumulators fit {2}", rowBudget, columnBudget, rules.accumulatorPlace);
  if (shrunk)
    reason += llvm::formatv("; shrunk for {0} cores", machine.cores);
  return {sizes, reason};
}

/// The largest tile of at most `cap` queries that holds whole blocks of `kv_idx`, or lies in one.
static int64_t tileQueryBlocks(int64_t queries, int64_t blocks, int64_t cap) {
  if (blocks == 1)
    return cap;
  if (ShapedType::isDynamic(queries) || ShapedType::isDynamic(blocks) || blocks == 0)
    return 0;
  int64_t block = std::max<int64_t>(queries / blocks, 1);
  if (block <= cap)
    return cap / block * block;
  while (block % cap != 0)
    --cap;
  return cap;
}

static TileChoice tileAttention(const KernelDraft &kernel, ArrayRef<int64_t> extents,
                                const Machine &machine) {
  Operation *op = kernel.getHeavy();
  Value kvIdx =
      isa<AttentionOp>(op) ? cast<AttentionOp>(op).getKvIdx() : cast<OnlineAttentionOp>(op).getKvIdx();
  const RootLoops &toRoot = kernel.loops.find(op)->second;
  SmallVector<int64_t> sizes(extents.size(), 0), open = getOpenLoops(kernel);
  int64_t queries = machine.attentionQueries;
  if (kvIdx)
    queries = tileQueryBlocks(cast<ShapedType>(op->getOperand(0).getType()).getDimSize(2),
                              cast<ShapedType>(kvIdx.getType()).getDimSize(2), queries);
  int64_t wanted[] = {1, 1, queries};
  for (auto [loop, size] : llvm::enumerate(wanted))
    if (llvm::is_contained(open, toRoot[loop]))
      sizes[toRoot[loop]] = size;
  return {sizes, "one head and " + (queries ? std::to_string(queries) : std::string("all")) + " queries"};
}

TileChoice colt5::chooseTile(const KernelDraft &kernel, const Machine &machine, const TileRules &rules) {
  SmallVector<int64_t> extents = getLoopExtents(kernel.root), open = getOpenLoops(kernel);
  if (llvm::any_of(kernel.root->getOperandTypes(), hasNoElements))
    return {SmallVector<int64_t>(extents.size(), 0), "an operand without elements cannot be sliced"};
  if (kernel.getHeavy() && classify(kernel.getHeavy()) == OpKind::Attention)
    return tileAttention(kernel, extents, machine);
  if (kernel.getHeavy())
    return tileContraction(kernel, extents, machine, rules);
  SmallVector<int64_t> sizes(extents.size(), 0);
  if (classify(kernel.root) == OpKind::Selection || isa<BlockSummaryOp>(kernel.root)) {
    for (int64_t loop : open)
      sizes[loop] = 1;
    return {sizes, "one problem per row"};
  }
  // Rows of the last dimension stay together: rope and router scores read whole rows as well.
  int64_t inner = getInnerWork(kernel, extents);
  if (isa<RopeOp, RouterScoresOp, RmsScaleOp>(kernel.root)) {
    int64_t width = cast<ShapedType>(kernel.root->getOperand(0).getType()).getShape().back();
    inner *= ShapedType::isDynamic(width) ? 512 : std::max<int64_t>(width, 1);
  }
  int64_t budget = std::max<int64_t>(machine.getStreamBytes() / (getBytesPerPoint(kernel) * inner), 1);
  if (isa<RouterScoresOp, RmsScaleOp>(kernel.root))
    budget = std::max<int64_t>(budget, rules.fewestScoredRows);
  shareBudget(open, extents, budget, machine.vectorBytes / 4, sizes);
  return {sizes, llvm::formatv("tiles of about {0} KiB", machine.getStreamBytes() >> 10)};
}

// The loops around the packed kernel.
#include "EmitContraction.h"
#include "../LoopsSchedule.h"
#include "colt5/Codegen/CPU/MicroKernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
struct Blocking {
  MicroTile tile;
  int64_t mc, nc, kc;
  /// How many iterations of the innermost outer k loop share one block of panels.
  int64_t kFold;
  /// For few rows: the tile that reads the right operand in place; the panels serve only the columns it
  /// leaves.
  std::optional<MicroTile> rowTile;
};

class Emitter {
public:
  Emitter(ArithmeticBuilder &b, linalg::LinalgOp op, const ContractionSpec &info, bool zeroInit,
          int64_t vectorBytes)
      : b(b), op(op), info(info), zeroInit(zeroInit), ranges(op.getStaticLoopRanges()) {
    chooseBlocking(vectorBytes);
  }
  void emit();

private:
  void chooseBlocking(int64_t vectorBytes);
  void emitRowBlock(Value m0, Value mCount);
  void emitDepthBlock(Value m0, Value mCount, Value k0, Value kCount, Value isFirst);
  void emitColumnBlocks(Value m0, Value mCount, Value k0, Value kCount, Value kPacked, Value accumulate);
  void multiply(const ContractionOperand &bOperand, const ContractionOperand &cOperand, Value m0,
                Value mCount, Value n0, Value nCount, Value k0, Value kCount, Value kPacked,
                Value accumulate);
  void pack(const ContractionOperand &operand, unsigned laneLoop, Value lane0, Value laneCount, Value k0,
            Value kCount, Value panels);

  Value extent(unsigned loop);
  void loop(Value to, int64_t step, function_ref<void(Value)> body);
  void loops(ArrayRef<unsigned> which, function_ref<void()> body);
  Value blockCount(Value extent, Value from, int64_t size) {
    return b.min(b.sub(extent, from), b.index(size));
  }
  SmallVector<Value> indicesOf(const ContractionOperand &operand,
                               ArrayRef<std::pair<unsigned, Value>> offsets);

  ArithmeticBuilder &b;
  linalg::LinalgOp op;
  const ContractionSpec &info;
  bool zeroInit;
  SmallVector<int64_t> ranges;
  Blocking block;
  Value aPanels, bPanels, edge, rowEdge;
  /// Current value of each outer loop.
  llvm::SmallDenseMap<unsigned, Value> current;
};
} // namespace

/// Few rows do not pay for packing a right operand that can be read in place.
static std::optional<MicroTile> chooseRowTile(const ContractionSpec &info, const MicroTile &tile, int64_t m,
                                              int64_t n, int64_t vectorBytes) {
  if (ShapedType::isDynamic(m) || m < 1 || m != tile.mr || m > getMicroTile(tile.type, vectorBytes).mr)
    return std::nullopt;
  for (const ContractionOperand &b : info.b)
    if (!isContiguousDim(cast<MemRefType>(b.memref.getType()), b.dimOf(info.n)))
      return std::nullopt;
  MicroTile rowTile = getRowTile(tile.type, vectorBytes, m);
  if (!ShapedType::isDynamic(n) && n < rowTile.nr)
    return std::nullopt;
  return rowTile;
}

void Emitter::chooseBlocking(int64_t vectorBytes) {
  LoopsScheduleAttr schedule = getLoopsSchedule(op);
  int64_t m = ranges[info.m], n = ranges[info.n], k = ranges[info.k], maxK = schedule.getBlockK();
  FloatType type = info.type;
  int64_t scale = type.getWidth() / 32;
  block.tile = getMicroTile(type, vectorBytes, m, n);
  // Blocks of equal size: 768 is three blocks of 256, 300 two of 152.
  auto even = [](int64_t size, int64_t limit, int64_t multiple) {
    if (ShapedType::isDynamic(size) || size <= 0)
      return limit;
    int64_t part = llvm::divideCeil(size, llvm::divideCeil(size, limit));
    return std::min<int64_t>(llvm::alignTo(part, multiple), limit);
  };
  block.kc = even(k, maxK, 4);
  // Several short k loops (heads times head size): fold the innermost outer one into the block.
  block.kFold = 1;
  if (!info.outerK.empty() && !ShapedType::isDynamic(k) && k > 0 && k <= maxK / 2) {
    block.kFold = maxK / k;
    int64_t outer = ranges[info.outerK.back()];
    if (!ShapedType::isDynamic(outer) && outer > 0)
      block.kFold = llvm::divideCeil(outer, llvm::divideCeil(outer, block.kFold));
    block.kc = k * block.kFold;
  }
  auto whole = [&](int64_t size, int64_t part) { return std::max(size / scale / part, int64_t(1)) * part; };
  block.mc = even(m, whole(schedule.getBlockRows(), block.tile.mr), block.tile.mr);
  block.nc = even(n, whole(schedule.getBlockColumns(), block.tile.nr), block.tile.nr);
  if (block.kFold == 1)
    block.rowTile = chooseRowTile(info, block.tile, m, n, vectorBytes);
}

Value Emitter::extent(unsigned loop) {
  if (!ShapedType::isDynamic(ranges[loop]))
    return b.index(ranges[loop]);
  for (const ContractionOperand *operand : {&info.a, &info.b[0], &info.c[0]})
    if (int64_t dim = operand->dimOf(loop); dim >= 0)
      return b.createOrFold<memref::DimOp>(operand->memref, dim);
  llvm_unreachable("every loop indexes an operand");
}

void Emitter::loop(Value to, int64_t step, function_ref<void(Value)> body) {
  auto forOp = scf::ForOp::create(b, b.index(0), to, b.index(step));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(forOp.getBody());
  body(forOp.getInductionVar());
}

void Emitter::loops(ArrayRef<unsigned> which, function_ref<void()> body) {
  if (which.empty())
    return body();
  loop(extent(which.front()), 1, [&](Value iv) {
    current[which.front()] = iv;
    loops(which.drop_front(), body);
  });
}

SmallVector<Value> Emitter::indicesOf(const ContractionOperand &operand,
                                      ArrayRef<std::pair<unsigned, Value>> offsets) {
  SmallVector<Value> indices;
  for (unsigned loop : operand.loops) {
    const auto *offset = llvm::find_if(offsets, [&](auto &pair) { return pair.first == loop; });
    indices.push_back(offset != offsets.end() ? offset->second : current.lookup(loop));
  }
  return indices;
}

/// Packs k [k0, k0 + kCount): of the innermost k loop, or, when folding, of the innermost outer k loop, each
/// iteration of which brings a whole range of the inner one.
void Emitter::pack(const ContractionOperand &operand, unsigned laneLoop, Value lane0, Value laneCount,
                   Value k0, Value kCount, Value panels) {
  auto packOne = [&](Value k0, Value count, Value offset) {
    MatrixView view{operand.memref, indicesOf(operand, {{laneLoop, lane0}, {info.k, k0}}),
                    operand.dimOf(laneLoop), operand.dimOf(info.k)};
    packPanels(b, view, laneCount, count, panels, offset);
  };
  if (block.kFold == 1)
    return packOne(k0, kCount, b.index(0));
  int64_t k = ranges[info.k];
  loop(kCount, 1, [&](Value i) {
    current[info.outerK.back()] = arith::AddIOp::create(b, k0, i);
    packOne(b.index(0), b.index(k), b.mul(i, b.index(k)));
  });
}

/// One block of columns: packs B and multiplies.
void Emitter::multiply(const ContractionOperand &bOperand, const ContractionOperand &cOperand, Value m0,
                       Value mCount, Value n0, Value nCount, Value k0, Value kCount, Value kPacked,
                       Value accumulate) {
  pack(bOperand, info.n, n0, nCount, k0, kCount, bPanels);
  ProductView product{cOperand.memref, indicesOf(cOperand, {{info.m, m0}, {info.n, n0}}),
                      cOperand.dimOf(info.m), cOperand.dimOf(info.n)};
  multiplyPanels(b, block.tile, aPanels, bPanels, mCount, nCount, kPacked, product, accumulate, edge);
}

void Emitter::emitColumnBlocks(Value m0, Value mCount, Value k0, Value kCount, Value kPacked,
                               Value accumulate) {
  loops(info.outerN, [&] {
    Value n = extent(info.n), start = b.index(0);
    if (block.rowTile) {
      Value left = arith::RemUIOp::create(b, n, b.index(block.rowTile->nr));
      start = b.sub(n, left);
      for (auto [bOperand, cOperand] : llvm::zip_equal(info.b, info.c)) {
        SmallVector<std::pair<unsigned, Value>> offsets = {{info.m, m0}, {info.n, b.index(0)}, {info.k, k0}};
        MatrixView view{bOperand.memref, indicesOf(bOperand, offsets), bOperand.dimOf(info.n),
                        bOperand.dimOf(info.k)};
        ProductView product{cOperand.memref, indicesOf(cOperand, offsets), cOperand.dimOf(info.m),
                            cOperand.dimOf(info.n)};
        multiplyInPlace(b, *block.rowTile, aPanels, view, mCount, start, kCount, product, accumulate,
                        rowEdge);
      }
    }
    Value rest = b.sub(n, start);
    loop(rest, block.nc, [&](Value offset) {
      Value n0 = b.createOrFold<arith::AddIOp>(start, offset);
      Value nCount = blockCount(rest, offset, block.nc);
      for (auto [bOperand, cOperand] : llvm::zip_equal(info.b, info.c))
        multiply(bOperand, cOperand, m0, mCount, n0, nCount, k0, kCount, kPacked, accumulate);
    });
  });
}

void Emitter::emitDepthBlock(Value m0, Value mCount, Value k0, Value kCount, Value isFirst) {
  Value kPacked = block.kFold == 1 ? kCount : b.mul(kCount, b.index(ranges[info.k]));
  Value always = arith::ConstantOp::create(b, b.getBoolAttr(true));
  Value accumulate = zeroInit ? arith::XOrIOp::create(b, isFirst, always).getResult() : always;
  pack(info.a, info.m, m0, mCount, k0, kCount, aPanels);
  emitColumnBlocks(m0, mCount, k0, kCount, kPacked, accumulate);
}

void Emitter::emitRowBlock(Value m0, Value mCount) {
  bool folded = block.kFold != 1;
  unsigned blocked = folded ? info.outerK.back() : info.k;
  int64_t step = folded ? block.kFold : block.kc;
  ArrayRef<unsigned> outer = folded ? ArrayRef(info.outerK).drop_back() : ArrayRef(info.outerK);
  loops(outer, [&] {
    Value isFirst = arith::ConstantOp::create(b, b.getBoolAttr(true));
    auto isZero = [&](Value v) -> Value { return b.compare(arith::CmpIPredicate::eq, v, b.index(0)); };
    for (unsigned loop : outer)
      isFirst = b.andI(isFirst, isZero(current[loop]));
    Value k = extent(blocked);
    // One block even if k is empty, so that outputs that start from zero are written.
    Value limit = b.max(k, b.index(1));
    loop(limit, step, [&](Value k0) {
      Value first = b.andI(isFirst, isZero(k0));
      emitDepthBlock(m0, mCount, k0, blockCount(k, k0, step), first);
    });
  });
}

void Emitter::emit() {
  {
    OpBuilder::InsertionGuard guard(b);
    setInsertionPointToScratch(b, op);
    aPanels = createPanels(b, info.type, block.mc, block.kc, block.tile.mr);
    bPanels = createPanels(b, info.type, block.nc, block.kc, block.tile.nr);
    edge = createEdgeBuffer(b, block.tile);
    if (block.rowTile)
      rowEdge = createEdgeBuffer(b, *block.rowTile);
  }
  loops(info.batch, [&] {
    loops(info.outerM, [&] {
      Value m = extent(info.m);
      loop(m, block.mc, [&](Value m0) { emitRowBlock(m0, blockCount(m, m0, block.mc)); });
    });
  });
}

void colt5::emitContraction(OpBuilder &builder, linalg::LinalgOp op, const ContractionSpec &info,
                            bool zeroInit, int64_t vectorBytes) {
  ArithmeticBuilder b(op.getLoc(), builder);
  b.setInsertionPoint(op);
  Emitter(b, op, info, zeroInit, vectorBytes).emit();
}

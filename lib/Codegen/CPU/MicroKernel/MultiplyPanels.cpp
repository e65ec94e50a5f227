// The register-blocked kernel over packed panels.
#include "colt5/Codegen/CPU/MicroKernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
constexpr int64_t kUnroll = 4;

struct Multiplier {
  ArithmeticBuilder &b;
  const MicroTile &tile;
  Value aPanels, bPanels;
  const ProductView &c;
  Value accumulate, edge;
  /// If set, B is read here instead of from its panels, at the lanes from `lane0`.
  const MatrixView *inPlace = nullptr;
  Value lane0;

  /// Folded away where one is 0, as offsets often are.
  Value addFolded(Value x, Value y) { return b.createOrFold<arith::AddIOp>(x, y); }
  VectorType vectorType() { return VectorType::get({tile.lanes}, tile.type); }
  int64_t vectorsPerRow() { return tile.nr / tile.lanes; }

  SmallVector<Value> at(Value i, Value j) {
    SmallVector<Value> indices = c.indices;
    indices[c.mDim] = addFolded(indices[c.mDim], i);
    indices[c.nDim] = addFolded(indices[c.nDim], j);
    return indices;
  }
  Value loadB(Value bPanel, Value k, int64_t offset);
  SmallVector<Value> step(Value aPanel, Value bPanel, Value k, ValueRange accumulators);
  SmallVector<Value> sumOverK(Value aPanel, Value bPanel, Value kCount);
  void store(ValueRange accumulators, Value i0, Value j0, Value rows, Value columns);
  void storeFull(ValueRange accumulators, Value i0, Value j0);
  void storeEdgeVectors(Value i, Value i0, Value j0, Value columns);
  void storeEdgeScalars(Value i, Value i0, Value j0, Value columns);
  void storeEdge(ValueRange accumulators, Value i0, Value j0, Value rows, Value columns);
};

void forLoop(ArithmeticBuilder &b, Value to, int64_t step, function_ref<void(Value)> body) {
  auto loop = scf::ForOp::create(b, arith::ConstantIndexOp::create(b, 0), to,
                                 arith::ConstantIndexOp::create(b, step));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}
} // namespace

Value Multiplier::loadB(Value bPanel, Value k, int64_t offset) {
  if (!inPlace)
    return vector::LoadOp::create(b, vectorType(), bPanels, ValueRange{bPanel, k, b.index(offset)});
  SmallVector<Value> indices = inPlace->indices;
  indices[inPlace->laneDim] = addFolded(addFolded(indices[inPlace->laneDim], lane0), b.index(offset));
  indices[inPlace->kDim] = addFolded(indices[inPlace->kDim], k);
  Type element = cast<MemRefType>(inPlace->memref.getType()).getElementType();
  Value v = vector::LoadOp::create(b, VectorType::get({tile.lanes}, element), inPlace->memref, indices);
  return element == tile.type ? v : arith::ExtFOp::create(b, vectorType(), v).getResult();
}

/// accumulators += outer product of column k of the A panel and row k of the B panel.
SmallVector<Value> Multiplier::step(Value aPanel, Value bPanel, Value k, ValueRange accumulators) {
  SmallVector<Value> row, result;
  for (int64_t j = 0; j < vectorsPerRow(); ++j)
    row.push_back(loadB(bPanel, k, j * tile.lanes));
  for (int64_t i = 0; i < tile.mr; ++i) {
    Value scalar = memref::LoadOp::create(b, aPanels, ValueRange{aPanel, k, b.index(i)});
    Value splat = vector::BroadcastOp::create(b, vectorType(), scalar);
    for (int64_t j = 0; j < vectorsPerRow(); ++j)
      result.push_back(vector::FMAOp::create(b, splat, row[j], accumulators[i * vectorsPerRow() + j]));
  }
  return result;
}

SmallVector<Value> Multiplier::sumOverK(Value aPanel, Value bPanel, Value kCount) {
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(vectorType()));
  SmallVector<Value> accumulators(tile.mr * vectorsPerRow(), zero);
  bool even = isKnownMultiple(kCount, kUnroll);
  Value kMain =
      even
          ? kCount
          : arith::SubIOp::create(b, kCount, arith::RemUIOp::create(b, kCount, b.index(kUnroll))).getResult();
  auto loop = [&](Value from, Value to, int64_t unroll) {
    auto loop = scf::ForOp::create(b, from, to, b.index(unroll), accumulators);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    SmallVector<Value> values(loop.getRegionIterArgs());
    for (int64_t u = 0; u < unroll; ++u)
      values = step(aPanel, bPanel, addFolded(loop.getInductionVar(), b.index(u)), values);
    scf::YieldOp::create(b, values);
    accumulators.assign(loop.getResults().begin(), loop.getResults().end());
  };
  loop(b.index(0), kMain, kUnroll);
  if (!even)
    loop(kMain, kCount, 1);
  return accumulators;
}

/// A complete tile whose rows are contiguous in C.
void Multiplier::storeFull(ValueRange accumulators, Value i0, Value j0) {
  auto store = [&](bool add) {
    for (int64_t i = 0; i < tile.mr; ++i)
      for (int64_t j = 0; j < vectorsPerRow(); ++j) {
        Value v = accumulators[i * vectorsPerRow() + j];
        SmallVector<Value> indices = at(addFolded(i0, b.index(i)), addFolded(j0, b.index(j * tile.lanes)));
        if (add)
          v = b.addF(v, vector::LoadOp::create(b, vectorType(), c.memref, indices));
        vector::StoreOp::create(b, v, c.memref, indices);
      }
  };
  auto branch = scf::IfOp::create(b, accumulate, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  store(true);
  b.setInsertionPointToStart(branch.elseBlock());
  store(false);
}

void Multiplier::storeEdgeVectors(Value i, Value i0, Value j0, Value columns) {
  auto maskType = VectorType::get({tile.lanes}, b.getI1Type());
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(vectorType()));
  for (int64_t j = 0; j < vectorsPerRow(); ++j) {
    Value offset = b.index(j * tile.lanes);
    Value v = vector::LoadOp::create(b, vectorType(), edge, ValueRange{i, offset});
    Value left = b.sub(columns, offset);
    Value mask = vector::CreateMaskOp::create(b, maskType, ValueRange{left});
    SmallVector<Value> indices = at(addFolded(i0, i), addFolded(j0, offset));
    auto branch = scf::IfOp::create(b, TypeRange{vectorType()}, accumulate, /*withElseRegion=*/true);
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(branch.thenBlock());
      Value old = vector::MaskedLoadOp::create(b, vectorType(), c.memref, indices, mask, zero);
      scf::YieldOp::create(b, ValueRange{b.addF(old, v)});
      b.setInsertionPointToStart(branch.elseBlock());
      scf::YieldOp::create(b, ValueRange{v});
    }
    vector::MaskedStoreOp::create(b, c.memref, indices, mask, branch.getResult(0));
  }
}

void Multiplier::storeEdgeScalars(Value i, Value i0, Value j0, Value columns) {
  Value width = b.index(tile.nr);
  forLoop(b, b.min(columns, width), 1, [&](Value j) {
    Value v = memref::LoadOp::create(b, edge, ValueRange{i, j});
    SmallVector<Value> indices = at(addFolded(i0, i), addFolded(j0, j));
    auto branch = scf::IfOp::create(b, TypeRange{tile.type}, accumulate, /*withElseRegion=*/true);
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(branch.thenBlock());
      Value old = memref::LoadOp::create(b, c.memref, indices);
      scf::YieldOp::create(b, ValueRange{b.addF(old, v)});
      b.setInsertionPointToStart(branch.elseBlock());
      scf::YieldOp::create(b, ValueRange{v});
    }
    memref::StoreOp::create(b, branch.getResult(0), c.memref, indices);
  });
}

/// An incomplete tile, or one whose rows are not contiguous in C: through the edge buffer.
void Multiplier::storeEdge(ValueRange accumulators, Value i0, Value j0, Value rows, Value columns) {
  for (int64_t i = 0; i < tile.mr; ++i)
    for (int64_t j = 0; j < vectorsPerRow(); ++j)
      vector::StoreOp::create(b, accumulators[i * vectorsPerRow() + j], edge,
                              ValueRange{b.index(i), b.index(j * tile.lanes)});
  bool contiguous = isContiguousDim(cast<MemRefType>(c.memref.getType()), c.nDim);
  forLoop(b, b.min(rows, b.index(tile.mr)), 1, [&](Value i) {
    if (contiguous)
      storeEdgeVectors(i, i0, j0, columns);
    else
      storeEdgeScalars(i, i0, j0, columns);
  });
}

/// Stores one tile: directly if it is complete and contiguous in C.
void Multiplier::store(ValueRange accumulators, Value i0, Value j0, Value rows, Value columns) {
  if (!edge)
    return storeFull(accumulators, i0, j0);
  if (!isContiguousDim(cast<MemRefType>(c.memref.getType()), c.nDim))
    return storeEdge(accumulators, i0, j0, rows, columns);
  if (isKnownMultiple(rows, tile.mr) && isKnownMultiple(columns, tile.nr))
    return storeFull(accumulators, i0, j0);
  auto atLeast = [&](Value left, int64_t size) -> Value {
    return b.compare(arith::CmpIPredicate::sge, left, b.index(size));
  };
  Value full = b.andI(atLeast(rows, tile.mr), atLeast(columns, tile.nr));
  auto branch = scf::IfOp::create(b, full, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  storeFull(accumulators, i0, j0);
  b.setInsertionPointToStart(branch.elseBlock());
  storeEdge(accumulators, i0, j0, rows, columns);
}

void colt5::multiplyPanels(ArithmeticBuilder &b, const MicroTile &tile, Value aPanels, Value bPanels, Value m,
                           Value n, Value k, const ProductView &c, Value accumulate, Value edge) {
  Multiplier mul{b, tile, aPanels, bPanels, c, accumulate, edge, nullptr, Value()};
  // The B panel of one j0 stays in L1 while the A panels stream from L2.
  forLoop(b, n, tile.nr, [&](Value j0) {
    Value columns = b.sub(n, j0);
    Value bPanel = arith::DivUIOp::create(b, j0, b.index(tile.nr));
    forLoop(b, m, tile.mr, [&](Value i0) {
      Value rows = b.sub(m, i0);
      Value aPanel = arith::DivUIOp::create(b, i0, b.index(tile.mr));
      mul.store(mul.sumOverK(aPanel, bPanel, k), i0, j0, rows, columns);
    });
  });
}

void colt5::multiplyInPlace(ArithmeticBuilder &b, const MicroTile &tile, Value aPanels,
                            const MatrixView &bView, Value m, Value n, Value k, const ProductView &c,
                            Value accumulate, Value edge) {
  forLoop(b, n, tile.nr, [&](Value j0) {
    Multiplier mul{b, tile, aPanels, Value(), c, accumulate, edge, &bView, j0};
    Value zero = b.index(0);
    mul.store(mul.sumOverK(zero, zero, k), zero, j0, m, b.index(tile.nr));
  });
}

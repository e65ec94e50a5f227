// Packing of a strided matrix into zero-padded panels.
#include "colt5/Codegen/CPU/MicroKernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// One packing job with its constants at hand.
struct Packer {
  ArithmeticBuilder &b;
  const MatrixView &source;
  Value panels, kOffset;
  FloatType panelType;
  int64_t width;

  /// Folded away where one is 0, as offsets often are.
  Value addFolded(Value x, Value y) { return b.createOrFold<arith::AddIOp>(x, y); }

  SmallVector<Value> at(Value lane, Value k) {
    SmallVector<Value> indices = source.indices;
    indices[source.laneDim] = addFolded(indices[source.laneDim], lane);
    indices[source.kDim] = addFolded(indices[source.kDim], k);
    return indices;
  }
  Type elementType() { return cast<MemRefType>(source.memref.getType()).getElementType(); }

  Value widen(Value v) {
    if (elementType() == panelType)
      return v;
    Type type = panelType;
    if (auto vector = dyn_cast<VectorType>(v.getType()))
      type = VectorType::get(vector.getShape(), panelType);
    return arith::ExtFOp::create(b, type, v);
  }
  Value loadVector(int64_t size, Value lane, Value k) {
    auto type = VectorType::get({size}, elementType());
    return widen(vector::LoadOp::create(b, type, source.memref, at(lane, k)));
  }
  void loop(Value from, Value to, int64_t step, function_ref<void(Value)> body) {
    auto loop = scf::ForOp::create(b, from, to, b.index(step));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    body(loop.getInductionVar());
  }

  void packScalars(Value panel, Value lane0, Value kFrom, Value kTo, Value lanes);
  void packAlongLanes(Value panel, Value lane0, Value kCount);
  void packAlongK(Value panel, Value lane0, Value kCount);
};
} // namespace

/// Element by element; lanes from `lanes` to the width become zero.
void Packer::packScalars(Value panel, Value lane0, Value kFrom, Value kTo, Value lanes) {
  Value zero = arith::ConstantOp::create(b, b.getFloatAttr(panelType, 0.0));
  loop(kFrom, kTo, 1, [&](Value k) {
    Value kPacked = addFolded(kOffset, k);
    loop(b.index(0), lanes, 1, [&](Value i) {
      Value v = widen(memref::LoadOp::create(b, source.memref, at(addFolded(lane0, i), k)));
      memref::StoreOp::create(b, v, panels, ValueRange{panel, kPacked, i});
    });
    loop(lanes, b.index(width), 1,
         [&](Value i) { memref::StoreOp::create(b, zero, panels, ValueRange{panel, kPacked, i}); });
  });
}

/// The lanes are contiguous in the source: copy rows.
void Packer::packAlongLanes(Value panel, Value lane0, Value kCount) {
  int64_t chunk = width % 16 == 0 ? 16 : width;
  loop(b.index(0), kCount, 1, [&](Value k) {
    Value kPacked = addFolded(kOffset, k);
    for (int64_t i = 0; i < width; i += chunk) {
      Value v = loadVector(chunk, addFolded(lane0, b.index(i)), k);
      vector::StoreOp::create(b, v, panels, ValueRange{panel, kPacked, b.index(i)});
    }
  });
}

/// k is contiguous in the source: transpose blocks of 4 k by 4, 2 or 1 lanes in registers.
void Packer::packAlongK(Value panel, Value lane0, Value kCount) {
  constexpr int64_t step = 4;
  Value remainder = arith::RemUIOp::create(b, kCount, b.index(step));
  Value kMain = b.sub(kCount, remainder);
  loop(b.index(0), kMain, step, [&](Value k) {
    Value kPacked = addFolded(kOffset, k);
    for (int64_t lane = 0, group; lane < width; lane += group) {
      int64_t left = width - lane;
      group = left >= 4 ? 4 : left >= 2 ? 2 : 1;
      SmallVector<Value> rows;
      for (int64_t r = 0; r < group; ++r)
        rows.push_back(loadVector(step, addFolded(lane0, b.index(lane + r)), k));
      // Concatenate the rows, then take column j of the block.
      while (rows.size() > 1) {
        SmallVector<Value> joined;
        for (size_t i = 0; i < rows.size(); i += 2) {
          int64_t size = 2 * cast<VectorType>(rows[i].getType()).getDimSize(0);
          joined.push_back(
              vector::ShuffleOp::create(b, rows[i], rows[i + 1], llvm::to_vector(llvm::seq(size))));
        }
        rows = joined;
      }
      for (int64_t j = 0; j < step; ++j) {
        SmallVector<int64_t> mask;
        for (int64_t r = 0; r < group; ++r)
          mask.push_back(r * step + j);
        Value column = vector::ShuffleOp::create(b, rows[0], rows[0], mask);
        vector::StoreOp::create(b, column, panels,
                                ValueRange{panel, addFolded(kPacked, b.index(j)), b.index(lane)});
      }
    }
  });
  if (!isKnownMultiple(kCount, step))
    packScalars(panel, lane0, kMain, kCount, b.index(width));
}

void colt5::packPanels(ArithmeticBuilder &b, const MatrixView &source, Value laneCount, Value kCount,
                       Value panels, Value kOffset) {
  auto panelsType = cast<MemRefType>(panels.getType());
  auto sourceType = cast<MemRefType>(source.memref.getType());
  Packer packer{
      b, source, panels, kOffset, cast<FloatType>(panelsType.getElementType()), panelsType.getDimSize(2)};
  Value width = b.index(packer.width);
  auto packFull = [&](Value panel, Value lane0) {
    if (isContiguousDim(sourceType, source.laneDim))
      packer.packAlongLanes(panel, lane0, kCount);
    else if (isContiguousDim(sourceType, source.kDim))
      packer.packAlongK(panel, lane0, kCount);
    else
      packer.packScalars(panel, lane0, b.index(0), kCount, width);
  };
  packer.loop(b.index(0), laneCount, packer.width, [&](Value lane0) {
    Value panel = arith::DivUIOp::create(b, lane0, width);
    if (isKnownMultiple(laneCount, packer.width))
      return packFull(panel, lane0);
    Value left = b.sub(laneCount, lane0);
    Value full = b.compare(arith::CmpIPredicate::sge, left, width);
    auto branch = scf::IfOp::create(b, full, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.thenBlock());
    packFull(panel, lane0);
    b.setInsertionPointToStart(branch.elseBlock());
    packer.packScalars(panel, lane0, b.index(0), kCount, left);
  });
}

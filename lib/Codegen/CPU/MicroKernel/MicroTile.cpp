#include "colt5/Codegen/CPU/MicroKernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace mlir::colt5;

MicroTile colt5::getMicroTile(FloatType type, int64_t vectorBytes, int64_t m, int64_t n) {
  int64_t bytes = type.getWidth() / 8;
  int64_t lanes = std::max<int64_t>(vectorBytes / bytes, 2);
  // 16 registers: 12 accumulators, 2 for B, 1 broadcast. 32 registers (AVX-512): 24 accumulators.
  int64_t mr = vectorBytes >= 64 ? 12 : 6;
  int64_t nr = 2 * lanes;
  if (!ShapedType::isDynamic(n) && n <= lanes)
    nr = lanes;
  // The same number of panels, spread evenly: 64 rows are 6 panels of 11, not 5 of 12 and one of 4.
  if (!ShapedType::isDynamic(m) && m > 0)
    mr = llvm::divideCeil(m, llvm::divideCeil(m, mr));
  return {type, mr, nr, lanes};
}

MicroTile colt5::getRowTile(FloatType type, int64_t vectorBytes, int64_t m) {
  MicroTile tile = getMicroTile(type, vectorBytes);
  int64_t accumulators = tile.mr * tile.nr / tile.lanes;
  return {type, m, tile.lanes * (accumulators / m), tile.lanes};
}

bool colt5::isContiguousDim(MemRefType type, int64_t dim) {
  if (dim != type.getRank() - 1)
    return false;
  SmallVector<int64_t> strides;
  int64_t offset;
  return succeeded(type.getStridesAndOffset(strides, offset)) && strides.back() == 1;
}

Value colt5::createPanels(ArithmeticBuilder &b, FloatType type, int64_t lanes, int64_t kc, int64_t width) {
  int64_t panels = llvm::divideCeil(std::max<int64_t>(lanes, 1), width);
  auto memref = MemRefType::get({panels, std::max<int64_t>(kc, 1), width}, type);
  return memref::AllocaOp::create(b, memref, ValueRange{}, b.getI64IntegerAttr(64));
}

Value colt5::createEdgeBuffer(ArithmeticBuilder &b, const MicroTile &tile) {
  auto memref = MemRefType::get({tile.mr, tile.nr}, tile.type);
  return memref::AllocaOp::create(b, memref, ValueRange{}, b.getI64IntegerAttr(64));
}

void colt5::setInsertionPointToScratch(OpBuilder &b, Operation *op) {
  Block *block = op->getBlock();
  bool inForall = false;
  for (Operation *parent = op->getParentOp(); parent; parent = parent->getParentOp()) {
    if (auto forall = dyn_cast<scf::ForallOp>(parent)) {
      block = forall.getBody();
      inForall = true;
    } else if (auto function = dyn_cast<FunctionOpInterface>(parent)) {
      if (!inForall)
        block = &function.getFunctionBody().front();
      break;
    }
  }
  b.setInsertionPointToStart(block);
}

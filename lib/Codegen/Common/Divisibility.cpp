#include "colt5/Codegen/Common/Divisibility.h"

#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "colt5/Stages/Bufferize/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"
#include <numeric>

using namespace mlir;
using namespace mlir::colt5;

/// Divides every number of interest; stands for the divisor of zero.
static constexpr int64_t kAnyDivisor = int64_t(1) << 30;
/// What the C interface asks of tensors (COLT5_GPU_TENSOR_ALIGNMENT), what the planner of the workspace
/// gives, and what stage gpu gives to shared memory.
static constexpr int64_t kArgumentAlignment = 16, kWorkspaceAlignment = 64, kSharedAlignment = 128;

static int64_t getDivisor(int64_t value) {
  return value == 0 ? kAnyDivisor : std::min(std::abs(value), kAnyDivisor);
}

static int64_t multiply(int64_t a, int64_t b) { return a > kAnyDivisor / b ? kAnyDivisor : a * b; }

static int64_t getDivisor(AffineExpr expr, ArrayRef<int64_t> dims, ArrayRef<int64_t> symbols) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return getDivisor(constant.getValue());
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return dims[dim.getPosition()];
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return symbols[symbol.getPosition()];
  auto binary = cast<AffineBinaryOpExpr>(expr);
  int64_t lhs = getDivisor(binary.getLHS(), dims, symbols), rhs = getDivisor(binary.getRHS(), dims, symbols);
  switch (expr.getKind()) {
  case AffineExprKind::Add:
  case AffineExprKind::Mod:
    return std::gcd(lhs, rhs);
  case AffineExprKind::Mul:
    return multiply(lhs, rhs);
  default:
    return 1;
  }
}

static int64_t getDivisor(AffineMap map, ValueRange operands) {
  SmallVector<int64_t> known =
      llvm::map_to_vector(operands, [](Value operand) { return getKnownDivisor(operand); });
  ArrayRef<int64_t> dims = ArrayRef(known).take_front(map.getNumDims());
  ArrayRef<int64_t> symbols = ArrayRef(known).drop_front(map.getNumDims());
  int64_t divisor = kAnyDivisor;
  for (AffineExpr expr : map.getResults())
    divisor = std::gcd(divisor, getDivisor(expr, dims, symbols));
  return divisor;
}

int64_t colt5::getKnownDivisor(OpFoldResult index) {
  if (std::optional<int64_t> constant = getConstantIntValue(index))
    return getDivisor(*constant);
  auto value = cast<Value>(index);
  auto common = [](Value lhs, Value rhs) { return std::gcd(getKnownDivisor(lhs), getKnownDivisor(rhs)); };
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    auto loop = dyn_cast<LoopLikeOpInterface>(argument.getOwner()->getParentOp());
    std::optional<SmallVector<Value>> ivs = loop ? loop.getLoopInductionVars() : std::nullopt;
    if (!ivs || !llvm::is_contained(*ivs, value))
      return 1;
    size_t position = llvm::find(*ivs, value) - ivs->begin();
    return std::gcd(getKnownDivisor((*loop.getLoopLowerBounds())[position]),
                    getKnownDivisor((*loop.getLoopSteps())[position]));
  }
  return llvm::TypeSwitch<Operation *, int64_t>(value.getDefiningOp())
      .Case<arith::AddIOp, arith::SubIOp, arith::MinSIOp, arith::MaxSIOp, arith::RemUIOp, arith::RemSIOp>(
          [&](auto op) { return common(op.getLhs(), op.getRhs()); })
      .Case([](arith::MulIOp op) {
        return multiply(getKnownDivisor(op.getLhs()), getKnownDivisor(op.getRhs()));
      })
      .Case([](arith::IndexCastOp op) { return getKnownDivisor(op.getIn()); })
      .Case([&](arith::SelectOp op) { return common(op.getTrueValue(), op.getFalseValue()); })
      .Case<affine::AffineApplyOp, affine::AffineMinOp, affine::AffineMaxOp>(
          [](auto op) { return getDivisor(op.getAffineMap(), op.getMapOperands()); })
      .Default([](Operation *) { return 1; });
}

static int64_t getElementBytes(MemRefType type) {
  Type element = type.getElementType();
  return element.isIndex() ? 8 : std::max<int64_t>(1, element.getIntOrFloatBitWidth() / 8);
}

static int64_t getArgumentAlignment(BlockArgument argument, int64_t otherwise) {
  auto function = dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp());
  if (!function || argument.getOwner() != &function.front())
    return otherwise;
  if (function.getArgAttr(argument.getArgNumber(), kWorkspaceAttr))
    return kWorkspaceAlignment;
  // What other functions hand over may start anywhere in a tensor.
  bool isEntry = function.isPublic() &&
                 SymbolTable::symbolKnownUseEmpty(function, function->getParentOfType<ModuleOp>());
  return isEntry ? kArgumentAlignment : otherwise;
}

int64_t colt5::getKnownAlignment(Value memref) {
  int64_t bytes = getElementBytes(cast<MemRefType>(memref.getType()));
  if (auto argument = dyn_cast<BlockArgument>(memref))
    return getArgumentAlignment(argument, bytes);
  return llvm::TypeSwitch<Operation *, int64_t>(memref.getDefiningOp())
      .Case([](memref::AllocaOp op) {
        auto space = dyn_cast_if_present<gpu::AddressSpaceAttr>(op.getType().getMemorySpace());
        bool isShared = space && space.getValue() == gpu::AddressSpace::Workgroup;
        return isShared ? kSharedAlignment : int64_t(op.getAlignment().value_or(1));
      })
      .Case([](memref::ViewOp op) {
        return std::gcd(getKnownAlignment(op.getSource()), getKnownDivisor(op.getByteShift()));
      })
      .Case<memref::SubViewOp>([&](memref::SubViewOp op) {
        SmallVector<int64_t> strides;
        int64_t offset, alignment = getKnownAlignment(op.getSource());
        if (failed(op.getSourceType().getStridesAndOffset(strides, offset)))
          return bytes;
        for (auto [index, stride] : llvm::zip_equal(op.getMixedOffsets(), strides)) {
          int64_t step = ShapedType::isDynamic(stride) ? 1 : getDivisor(stride);
          alignment = std::gcd(alignment, multiply(multiply(getKnownDivisor(index), step), bytes));
        }
        return alignment;
      })
      .Case<memref::CastOp, memref::MemorySpaceCastOp, memref::CollapseShapeOp, memref::ExpandShapeOp>(
          [](auto op) { return getKnownAlignment(op->getOperand(0)); })
      .Default([&](Operation *) { return bytes; });
}

/// A divisor of the size of `dim`.
static int64_t getSizeDivisor(Value memref, int64_t dim) {
  auto type = cast<MemRefType>(memref.getType());
  if (!type.isDynamicDim(dim))
    return getDivisor(type.getDimSize(dim));
  auto subview = memref.getDefiningOp<memref::SubViewOp>();
  bool keepsRank = subview && subview.getSourceType().getRank() == type.getRank();
  return keepsRank ? getKnownDivisor(subview.getMixedSizes()[dim]) : 1;
}

int64_t colt5::getVectorWidth(Value memref, int64_t dim, int64_t maxBytes) {
  auto type = cast<MemRefType>(memref.getType());
  // Masks take a byte in memory but a bit in a vector.
  if (!type.getElementType().isIntOrFloat() || type.getElementTypeBitWidth() % 8 != 0)
    return 1;
  int64_t offset, bytes = getElementBytes(type), width = std::max<int64_t>(1, maxBytes / bytes);
  SmallVector<int64_t> strides;
  if (failed(type.getStridesAndOffset(strides, offset)) || strides[dim] != 1)
    return 1;
  int64_t divisor = std::gcd(getSizeDivisor(memref, dim), getKnownAlignment(memref) / bytes);
  for (int64_t other = 0; other < type.getRank(); ++other)
    if (other != dim && type.getDimSize(other) != 1)
      divisor = std::gcd(divisor, ShapedType::isDynamic(strides[other]) ? 1 : getDivisor(strides[other]));
  while (width > 1 && divisor % width != 0)
    width /= 2;
  return width;
}

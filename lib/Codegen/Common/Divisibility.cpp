#include "colt5/Codegen/Common/Divisibility.h"

#include "colt5/Dialect/Colt5/Interfaces/KnownDivisor.h"

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

/// What the C interface asks of tensors (COLT5_GPU_TENSOR_ALIGNMENT), what the planner of the workspace
/// gives, and what stage gpu gives to shared memory.
static constexpr int64_t kArgumentAlignment = 16, kWorkspaceAlignment = 64, kSharedAlignment = 128;

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
          int64_t step = ShapedType::isDynamic(stride) ? 1 : getDivisorOf(stride);
          alignment =
              std::gcd(alignment, multiplyDivisors(multiplyDivisors(getKnownDivisor(index), step), bytes));
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
    return getDivisorOf(type.getDimSize(dim));
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
      divisor = std::gcd(divisor, ShapedType::isDynamic(strides[other]) ? 1 : getDivisorOf(strides[other]));
  while (width > 1 && divisor % width != 0)
    width /= 2;
  return width;
}

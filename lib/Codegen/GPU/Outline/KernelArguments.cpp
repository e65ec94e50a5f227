#include "colt5/Codegen/GPU/KernelArguments.h"

#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// Strides and offset of a buffer that can be handed over.
struct Layout {
  SmallVector<int64_t> strides;
  int64_t offset;
};

std::optional<Layout> getLayout(MemRefType type) {
  Layout layout;
  if (type.getMemorySpace() || !type.getElementType().isIntOrIndexOrFloat() ||
      failed(type.getStridesAndOffset(layout.strides, layout.offset)))
    return std::nullopt;
  return layout;
}

int64_t getElementBytes(Type type) {
  return type.isIndex() ? 8 : llvm::divideCeil(type.getIntOrFloatBitWidth(), 8);
}

/// i1 travels as a byte, bf16 as its bits.
Type getParameterType(Type type) {
  if (type.isIndex())
    return IntegerType::get(type.getContext(), 64);
  if (type.isInteger(1))
    return IntegerType::get(type.getContext(), 8);
  if (type.isBF16())
    return IntegerType::get(type.getContext(), 16);
  return type;
}
} // namespace

std::optional<SmallVector<Type>> colt5::getParameterTypes(Type type) {
  if (type.isIntOrIndexOrFloat())
    return SmallVector<Type>{getParameterType(type)};
  auto memref = dyn_cast<MemRefType>(type);
  std::optional<Layout> layout = memref ? getLayout(memref) : std::nullopt;
  if (!layout)
    return std::nullopt;
  int64_t dynamic = memref.getNumDynamicDims() + llvm::count_if(layout->strides, ShapedType::isDynamic);
  SmallVector<Type> types{LLVM::LLVMPointerType::get(type.getContext())};
  types.append(dynamic, IntegerType::get(type.getContext(), 64));
  return types;
}

SmallVector<Value> colt5::packArgument(ImplicitLocOpBuilder &b, Value value) {
  Type type = value.getType(), i64 = b.getI64Type();
  auto toI64 = [&](Value index) -> Value { return arith::IndexCastOp::create(b, i64, index); };
  if (!isa<MemRefType>(type)) {
    if (type.isIndex())
      return {toI64(value)};
    if (type.isInteger(1))
      return {arith::ExtUIOp::create(b, b.getI8Type(), value)};
    if (type.isBF16())
      return {arith::BitcastOp::create(b, b.getI16Type(), value)};
    return {value};
  }
  auto memref = cast<MemRefType>(type);
  Layout layout = *getLayout(memref);
  auto metadata = memref::ExtractStridedMetadataOp::create(b, value);
  Value address = memref::ExtractAlignedPointerAsIndexOp::create(b, value);
  // An offset in the type need not travel: the kernel's type names it too.
  if (ShapedType::isDynamic(layout.offset)) {
    Value bytes = arith::ConstantIndexOp::create(b, getElementBytes(memref.getElementType()));
    address = arith::AddIOp::create(b, address, arith::MulIOp::create(b, metadata.getOffset(), bytes));
  }
  SmallVector<Value> parameters{
      LLVM::IntToPtrOp::create(b, LLVM::LLVMPointerType::get(b.getContext()), toI64(address))};
  for (int64_t dim = 0; dim < memref.getRank(); ++dim)
    if (memref.isDynamicDim(dim))
      parameters.push_back(toI64(metadata.getSizes()[dim]));
  for (auto [dim, stride] : llvm::enumerate(layout.strides))
    if (ShapedType::isDynamic(stride))
      parameters.push_back(toI64(metadata.getStrides()[dim]));
  return parameters;
}

Value colt5::unpackArgument(ImplicitLocOpBuilder &b, Type type, ValueRange parameters) {
  auto memref = dyn_cast<MemRefType>(type);
  if (!memref) {
    Value value = parameters.front();
    if (type.isIndex())
      return arith::IndexCastOp::create(b, type, value);
    if (type.isInteger(1))
      return arith::TruncIOp::create(b, type, value);
    if (type.isBF16())
      return arith::BitcastOp::create(b, type, value);
    return value;
  }
  return UnrealizedConversionCastOp::create(b, type, parameters).getResult(0);
}

void colt5::expandBufferArgument(UnrealizedConversionCastOp cast) {
  auto memref = cast.getNumResults() == 1 ? dyn_cast<MemRefType>(cast.getResult(0).getType()) : nullptr;
  if (!memref || cast.getNumOperands() == 0 || !isa<LLVM::LLVMPointerType>(cast.getOperand(0).getType()))
    return;
  ImplicitLocOpBuilder b(cast.getLoc(), cast);
  ValueRange parameters = cast.getOperands();
  LLVMTypeConverter converter(b.getContext());
  Layout layout = *getLayout(memref);
  auto descriptor = MemRefDescriptor::poison(b, b.getLoc(), converter.convertType(memref));
  descriptor.setAllocatedPtr(b, b.getLoc(), parameters.front());
  descriptor.setAlignedPtr(b, b.getLoc(), parameters.front());
  descriptor.setConstantOffset(b, b.getLoc(), ShapedType::isDynamic(layout.offset) ? 0 : layout.offset);
  auto next = parameters.drop_front().begin();
  auto constant = [&](int64_t value) -> Value {
    return LLVM::ConstantOp::create(b, b.getI64Type(), b.getI64IntegerAttr(value));
  };
  for (int64_t dim = 0; dim < memref.getRank(); ++dim)
    descriptor.setSize(b, b.getLoc(), dim,
                       memref.isDynamicDim(dim) ? *next++ : constant(memref.getDimSize(dim)));
  for (auto [dim, stride] : llvm::enumerate(layout.strides))
    descriptor.setStride(b, b.getLoc(), dim, ShapedType::isDynamic(stride) ? *next++ : constant(stride));
  Value whole = UnrealizedConversionCastOp::create(b, memref, Value(descriptor)).getResult(0);
  cast.getResult(0).replaceAllUsesWith(whole);
  cast.erase();
}

#include "colt5/Codegen/GPU/BlockBuilder.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using namespace mlir::colt5;

Operation *colt5::getEnclosingKernel(Operation *op) {
  Operation *kernel = nullptr;
  for (Operation *parent = op; parent; parent = parent->getParentOp()) {
    auto forall = dyn_cast<scf::ForallOp>(parent);
    if (isa<gpu::GPUFuncOp>(parent) || (forall && forall.getMapping()))
      kernel = parent;
  }
  return kernel;
}

Value BlockBuilder::thread() { return gpu::ThreadIdOp::create(*this, gpu::Dimension::x); }

Value BlockBuilder::lane() { return arith::RemUIOp::create(*this, thread(), index(kWarpSize)); }

Value BlockBuilder::warp() { return floorDiv(thread(), index(kWarpSize)); }

void BlockBuilder::barrier() { gpu::BarrierOp::create(*this); }

void BlockBuilder::distribute(Value count, function_ref<void(Value)> body) {
  loop(thread(), count, numThreads, {}, [&](Value i, ValueRange) -> SmallVector<Value> {
    body(i);
    return {};
  });
}

void BlockBuilder::distribute(ArrayRef<Value> sizes, function_ref<void(ValueRange)> body) {
  if (sizes.empty())
    return once([&] { body({}); });
  distribute(product(sizes), [&](Value i) { body(delinearize(i, sizes)); });
}

void BlockBuilder::distribute(ArrayRef<Value> sizes, int64_t width, function_ref<void(ValueRange)> body) {
  if (width == 1)
    return distribute(sizes, body);
  SmallVector<Value> vectors(sizes);
  vectors.back() = createOrFold<arith::DivUIOp>(vectors.back(), index(width));
  distribute(vectors, [&](ValueRange at) {
    SmallVector<Value> first(at);
    first.back() = mul(first.back(), index(width));
    body(first);
  });
}

static llvm::MaybeAlign getAlignment(VectorType type) {
  return llvm::MaybeAlign(type.getNumElements() * llvm::divideCeil(type.getElementTypeBitWidth(), 8));
}

Value BlockBuilder::loadAligned(Value memref, ValueRange at, int64_t width) {
  if (width == 1)
    return load(memref, at);
  auto type = VectorType::get({width}, cast<MemRefType>(memref.getType()).getElementType());
  return vector::LoadOp::create(*this, type, memref, at, /*nontemporal=*/false, getAlignment(type));
}

void BlockBuilder::storeAligned(Value value, Value memref, ValueRange at) {
  auto type = dyn_cast<VectorType>(value.getType());
  if (!type)
    return store(value, memref, at);
  vector::StoreOp::create(*this, value, memref, at, /*nontemporal=*/false, getAlignment(type));
}

void BlockBuilder::distributeToWarps(Value count, function_ref<void(Value)> body) {
  loop(warp(), count, getNumWarps(), {}, [&](Value i, ValueRange) -> SmallVector<Value> {
    body(i);
    return {};
  });
}

void BlockBuilder::once(function_ref<void()> body) {
  ifThen(compare(arith::CmpIPredicate::eq, thread(), index(0)), body);
}

/// Applies `move` to 32-bit pieces of `value`.
static Value moveBits(BlockBuilder &b, Value value, function_ref<Value(Value)> move) {
  Type type = value.getType();
  if (type.isIndex())
    return b.toIndex(moveBits(b, b.fromIndex(b.getI64Type(), value), move));
  unsigned width = type.getIntOrFloatBitWidth();
  Type bits = b.getIntegerType(width);
  Value plain = type == bits ? value : arith::BitcastOp::create(b, bits, value).getResult();
  Value moved;
  if (width == 32) {
    moved = move(plain);
  } else if (width < 32) {
    Value wide = arith::ExtUIOp::create(b, b.getI32Type(), plain);
    moved = arith::TruncIOp::create(b, bits, move(wide));
  } else {
    Value shift = b.integer(bits, 32);
    Value low = move(arith::TruncIOp::create(b, b.getI32Type(), plain));
    Value high = move(arith::TruncIOp::create(b, b.getI32Type(), arith::ShRUIOp::create(b, plain, shift)));
    Value wideHigh = arith::ShLIOp::create(b, arith::ExtUIOp::create(b, bits, high), shift);
    moved = arith::OrIOp::create(b, wideHigh, arith::ExtUIOp::create(b, bits, low));
  }
  return type == bits ? moved : arith::BitcastOp::create(b, type, moved).getResult();
}

Value BlockBuilder::shuffleXor(Value value, int64_t distance) {
  return moveBits(*this, value, [&](Value bits) -> Value {
    Value offset = integer(getI32Type(), distance), width = integer(getI32Type(), kWarpSize);
    return gpu::ShuffleOp::create(*this, bits, offset, width, gpu::ShuffleMode::XOR).getShuffleResult();
  });
}

Value BlockBuilder::broadcastLane(Value value, Value from) {
  Value source = fromIndex(getI32Type(), from);
  return moveBits(*this, value, [&](Value bits) -> Value {
    Value width = integer(getI32Type(), kWarpSize);
    return gpu::ShuffleOp::create(*this, bits, source, width, gpu::ShuffleMode::IDX).getShuffleResult();
  });
}

Value BlockBuilder::reduceWarp(Value value, Combine combine) {
  for (int64_t distance = kWarpSize / 2; distance > 0; distance /= 2)
    value = combine(*this, value, shuffleXor(value, distance));
  return value;
}

Value BlockBuilder::reduceBlock(Value value, Value scratch, Combine combine) {
  Value ofWarp = reduceWarp(value, combine);
  if (getNumWarps() == 1)
    return ofWarp;
  ifThen(compare(arith::CmpIPredicate::eq, lane(), index(0)), [&] { store(ofWarp, scratch, warp()); });
  barrier();
  Value total = load(scratch, index(0));
  for (int64_t i = 1; i < getNumWarps(); ++i)
    total = combine(*this, total, load(scratch, index(i)));
  return total;
}

Value BlockBuilder::ballot(Value condition) {
  Value all = integer(getI32Type(), -1);
  return NVVM::VoteSyncOp::create(*this, getI32Type(), all, condition, NVVM::VoteSyncKind::ballot);
}

Value BlockBuilder::scanWarp(Value value) {
  Value none = integer(getI32Type(), 0), width = integer(getI32Type(), kWarpSize);
  for (int64_t distance = 1; distance < kWarpSize; distance *= 2) {
    Value offset = integer(getI32Type(), distance);
    auto moved = gpu::ShuffleOp::create(*this, value, offset, width, gpu::ShuffleMode::UP);
    value = add(value, select(moved.getValid(), moved.getShuffleResult(), none));
  }
  return value;
}

Value BlockBuilder::scanBlock(Value value, Value scratch) {
  Value upTo = scanWarp(value);
  ifThen(compare(arith::CmpIPredicate::eq, lane(), index(kWarpSize - 1)),
         [&] { store(upTo, scratch, warp()); });
  barrier();
  // Every warp adds up the warps before it.
  Value none = integer(getI32Type(), 0);
  Value isBefore = compare(arith::CmpIPredicate::ult, lane(), warp());
  Value others = ifElse(
      isBefore, getI32Type(), [&]() -> SmallVector<Value> { return {load(scratch, lane())}; },
      [&]() -> SmallVector<Value> { return {none}; })[0];
  Value before = reduceWarp(others, [](LoopBuilder &b, Value x, Value y) { return b.add(x, y); });
  return add(before, sub(upTo, value));
}

SmallVector<Value> BlockBuilder::delinearize(Value linear, ArrayRef<Value> sizes) {
  SmallVector<Value> position(sizes.size());
  for (int64_t dim = sizes.size() - 1; dim > 0; --dim) {
    if (getConstantIntValue(sizes[dim]) == 1) {
      position[dim] = index(0);
      continue;
    }
    position[dim] = createOrFold<arith::RemUIOp>(linear, sizes[dim]);
    linear = createOrFold<arith::DivUIOp>(linear, sizes[dim]);
  }
  if (!sizes.empty())
    position[0] = linear;
  return position;
}

SmallVector<Value> BlockBuilder::sizesOf(Value memref) {
  SmallVector<Value> sizes;
  auto type = cast<MemRefType>(memref.getType());
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    sizes.push_back(type.isDynamicDim(dim) ? size(memref, dim) : index(type.getDimSize(dim)));
  return sizes;
}

Value BlockBuilder::product(ArrayRef<Value> values) {
  Value total = index(1);
  for (Value value : values)
    total = createOrFold<arith::MulIOp>(total, value);
  return total;
}

Value BlockBuilder::allocateShared(Operation *op, ArrayRef<int64_t> shape, Type element) {
  OpBuilder::InsertionGuard guard(*this);
  Operation *kernel = getEnclosingKernel(op);
  setInsertionPointToStart(&kernel->getRegion(0).front());
  auto space = gpu::AddressSpaceAttr::get(getContext(), gpu::AddressSpace::Workgroup);
  auto type = MemRefType::get(shape, element, MemRefLayoutAttrInterface(), space);
  return memref::AllocaOp::create(*this, type, ValueRange(), getI64IntegerAttr(16));
}

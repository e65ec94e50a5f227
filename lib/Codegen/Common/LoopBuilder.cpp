#include "colt5/Codegen/Common/LoopBuilder.h"

#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "colt5/Stages/Bufferize/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace mlir::colt5;

Value LoopBuilder::multiplyFloats(Value value, Value factor) {
  Type score = getScoreType(getElementTypeOrSelf(value.getType())), other = getScoreType(factor.getType());
  Type wide = score.getIntOrFloatBitWidth() >= other.getIntOrFloatBitWidth() ? score : other;
  auto vector = dyn_cast<VectorType>(value.getType());
  Value wideFactor = splat(vector ? vector.getNumElements() : 1, convertFloat(factor, wide));
  return arith::MulFOp::create(*this, convertFloat(value, wide), wideFactor);
}

SmallVector<Value> LoopBuilder::loop(Value lo, Value hi, int64_t step, ValueRange inits,
                                     function_ref<SmallVector<Value>(Value, ValueRange)> body) {
  auto loop = scf::ForOp::create(*this, lo, hi, index(step), inits,
                                 [&](OpBuilder &nested, Location loc, Value iv, ValueRange carried) {
                                   OpBuilder::InsertionGuard guard(*this);
                                   restoreInsertionPoint(nested.saveInsertionPoint());
                                   SmallVector<Value> next = body(iv, carried);
                                   scf::YieldOp::create(*this, next);
                                 });
  return loop.getResults();
}

void LoopBuilder::loop(Value lo, Value hi, function_ref<void(Value)> body) {
  loop(lo, hi, 1, {}, [&](Value iv, ValueRange) -> SmallVector<Value> {
    body(iv);
    return {};
  });
}

void LoopBuilder::nest(ArrayRef<Value> sizes, function_ref<void(ValueRange)> body) {
  SmallVector<Value> ivs;
  std::function<void(unsigned)> descend = [&](unsigned depth) {
    if (depth == sizes.size())
      return body(ivs);
    loop(index(0), sizes[depth], [&](Value iv) {
      ivs.push_back(iv);
      descend(depth + 1);
      ivs.pop_back();
    });
  };
  descend(0);
}

SmallVector<Value> LoopBuilder::whileLoop(ValueRange inits, function_ref<Value(ValueRange)> condition,
                                          function_ref<SmallVector<Value>(ValueRange)> body) {
  auto loop = scf::WhileOp::create(
      *this, TypeRange(inits), inits,
      [&](OpBuilder &nested, Location, ValueRange values) {
        OpBuilder::InsertionGuard guard(*this);
        restoreInsertionPoint(nested.saveInsertionPoint());
        scf::ConditionOp::create(*this, condition(values), values);
      },
      [&](OpBuilder &nested, Location, ValueRange values) {
        OpBuilder::InsertionGuard guard(*this);
        restoreInsertionPoint(nested.saveInsertionPoint());
        SmallVector<Value> next = body(values);
        scf::YieldOp::create(*this, next);
      });
  return loop.getResults();
}

void LoopBuilder::ifThen(Value condition, function_ref<void()> then, function_ref<void()> otherwise) {
  auto op = scf::IfOp::create(*this, condition, /*withElseRegion=*/bool(otherwise));
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(op.thenBlock());
  then();
  if (otherwise) {
    setInsertionPointToStart(op.elseBlock());
    otherwise();
  }
}

SmallVector<Value> LoopBuilder::ifElse(Value condition, TypeRange types,
                                       function_ref<SmallVector<Value>()> then,
                                       function_ref<SmallVector<Value>()> otherwise) {
  auto op = scf::IfOp::create(*this, types, condition, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPointToStart(op.thenBlock());
  scf::YieldOp::create(*this, then());
  setInsertionPointToStart(op.elseBlock());
  scf::YieldOp::create(*this, otherwise());
  return op.getResults();
}

Value LoopBuilder::reduce(Value lo, Value hi, int64_t width, Value init, vector::CombiningKind kind,
                          function_ref<Value(Value, int64_t, Value)> body) {
  Value acc = init;
  Value tail = lo;
  if (width > 1) {
    Value length = arith::MaxSIOp::create(*this, sub(hi, lo), index(0));
    tail = add(lo, mul(floorDiv(length, index(width)), index(width)));
    // Lane 0 starts at `init`, the others at the neutral element of the combination.
    auto type = VectorType::get({width}, init.getType());
    TypedAttr neutral = arith::getIdentityValueAttr(
        kind == vector::CombiningKind::ADD
            ? (isa<FloatType>(init.getType()) ? arith::AtomicRMWKind::addf : arith::AtomicRMWKind::addi)
        : kind == vector::CombiningKind::MINNUMF ? arith::AtomicRMWKind::minnumf
                                                 : arith::AtomicRMWKind::maxnumf,
        init.getType(), *this, getLoc());
    Value lanes = arith::ConstantOp::create(*this, DenseElementsAttr::get(type, cast<Attribute>(neutral)));
    Value result = loop(lo, tail, width, lanes, [&](Value i, ValueRange carried) -> SmallVector<Value> {
      return {body(i, width, carried[0])};
    })[0];
    acc = vector::ReductionOp::create(*this, kind, result, init);
  }
  return loop(tail, hi, 1, acc,
              [&](Value i, ValueRange carried) -> SmallVector<Value> { return {body(i, 1, carried[0])}; })[0];
}

void LoopBuilder::visit(Value lo, Value hi, int64_t width, function_ref<void(Value, int64_t)> body) {
  Value tail = lo;
  if (width > 1) {
    Value length = arith::MaxSIOp::create(*this, sub(hi, lo), index(0));
    tail = add(lo, mul(floorDiv(length, index(width)), index(width)));
    loop(lo, tail, width, {}, [&](Value i, ValueRange) -> SmallVector<Value> {
      body(i, width);
      return {};
    });
  }
  loop(tail, hi, [&](Value i) { body(i, 1); });
}

/// The verifier of slices has no place for an offset in a static dimension without elements.
static Value hideEmptyDims(OpBuilder &b, Location loc, Value memref) {
  auto type = cast<MemRefType>(memref.getType());
  if (!hasNoElements(type))
    return memref;
  SmallVector<int64_t> shape(type.getShape());
  llvm::replace(shape, int64_t(0), ShapedType::kDynamic);
  // Strides that follow from the shape are static.
  auto [strides, offset] = type.getStridesAndOffset();
  auto layout = StridedLayoutAttr::get(b.getContext(), offset, strides);
  auto hidden = MemRefType::get(shape, type.getElementType(), layout, type.getMemorySpace());
  return memref::CastOp::create(b, loc, hidden, memref);
}

Value LoopBuilder::row(Value memref, ValueRange at) {
  memref = hideEmptyDims(*this, getLoc(), memref);
  auto type = cast<MemRefType>(memref.getType());
  int64_t rank = type.getRank(), leading = at.size();
  SmallVector<OpFoldResult> offsets(at.begin(), at.end()), sizes(leading, getIndexAttr(1)),
      strides(rank, getIndexAttr(1));
  SmallVector<int64_t> shape;
  for (int64_t dim = leading; dim < rank; ++dim) {
    offsets.push_back(getIndexAttr(0));
    shape.push_back(type.getDimSize(dim));
    sizes.push_back(type.isDynamicDim(dim) ? OpFoldResult(size(memref, dim))
                                           : getIndexAttr(type.getDimSize(dim)));
  }
  // Upstream infers which dimensions stay from their sizes, so that of several of size 1 it may keep a
  // leading one.
  auto full = cast<MemRefType>(memref::SubViewOp::inferResultType(type, offsets, sizes, strides));
  auto layout = cast<StridedLayoutAttr>(full.getLayout());
  auto result = MemRefType::get(
      shape, type.getElementType(),
      StridedLayoutAttr::get(getContext(), layout.getOffset(), layout.getStrides().drop_front(leading)),
      type.getMemorySpace());
  return memref::SubViewOp::create(*this, result, memref, offsets, sizes, strides);
}

bool colt5::isContiguousLast(Value memref) {
  auto type = cast<MemRefType>(memref.getType());
  int64_t offset;
  SmallVector<int64_t> strides;
  return type.getRank() > 0 && succeeded(type.getStridesAndOffset(strides, offset)) && strides.back() == 1;
}

/// `mask` as the bytes that it consists of: an i1 takes a byte in memory but a bit in a vector, so vectors of
/// i1 cannot be loaded. Both types become the same descriptor, and the cast folds away at the end.
static Value asBytes(LoopBuilder &b, Value mask) {
  auto type = cast<MemRefType>(mask.getType());
  Type bytes = MemRefType::Builder(type).setElementType(b.getI8Type());
  return UnrealizedConversionCastOp::create(b, bytes, mask).getResult(0);
}

Value colt5::loadMask(LoopBuilder &b, Value mask, ValueRange at, int64_t width) {
  if (width == 1)
    return b.load(mask, at);
  auto laneType = VectorType::get({width}, b.getI8Type());
  if (isContiguousLast(mask)) {
    Value bytes = vector::LoadOp::create(b, laneType, asBytes(b, mask), at);
    Value zero = arith::ConstantOp::create(b, b.getZeroAttr(laneType));
    return b.compare(arith::CmpIPredicate::ne, bytes, zero);
  }
  SmallVector<Value> lanes, subscripts(at);
  for (int64_t lane = 0; lane < width; ++lane) {
    subscripts.back() = b.add(at.back(), b.index(lane));
    lanes.push_back(b.load(mask, subscripts));
  }
  return vector::FromElementsOp::create(b, VectorType::get({width}, b.getI1Type()), lanes);
}

Value colt5::loadMask(LoopBuilder &b, Value mask, Value batch, Value route, Value i, int64_t width) {
  if (!mask)
    return b.splat(width, b.boolean(true));
  if (cast<MemRefType>(mask.getType()).getRank() == 3)
    return loadMask(b, mask, ValueRange{batch, route, i}, width);
  return loadMask(b, mask, ValueRange{batch, i}, width);
}

/// Blocks of a GPU may store at the same time.
static void storeError(LoopBuilder &b, Operation *op, Value word) {
  Value one = b.integer(b.getI32Type(), 1), first = b.index(0);
  auto kernel = op->getParentOfType<scf::ForallOp>();
  if (kernel && kernel->hasAttr(kThreadsAttr))
    memref::AtomicRMWOp::create(b, arith::AtomicRMWKind::ori, one, word, first);
  else
    b.store(one, word, first);
}

void colt5::setErrorWord(LoopBuilder &b, Operation *op, Value condition) {
  auto function = op->getParentOfType<func::FuncOp>();
  if (!function)
    return;
  for (BlockArgument argument : function.getArguments())
    if (function.getArgAttr(argument.getArgNumber(), kErrorWordAttr))
      b.ifThen(condition, [&] { storeError(b, op, argument); });
}

std::pair<Value, Value> colt5::loadCheckedIndex(LoopBuilder &b, Operation *op, Value indices, ValueRange at,
                                                Value limit, bool trusted, Value valid) {
  Value raw = b.load(indices, at);
  Value index = b.toIndex(raw);
  Value named = b.compare(arith::CmpIPredicate::ne, raw, b.integer(raw.getType(), kNoToken));
  Value live = valid ? b.load(valid, at) : Value();
  if (live)
    named = b.andI(named, live);
  if (trusted)
    return {index, named};
  // One unsigned comparison covers both ends.
  Value inside = b.compare(arith::CmpIPredicate::ult, index, limit);
  setErrorWord(b, op, b.andI(named, b.compare(arith::CmpIPredicate::uge, index, limit)));
  return {index, live ? b.andI(inside, live) : inside};
}

void colt5::elementwise(LoopBuilder &b, ValueRange ins, Value out,
                        function_ref<Value(LoopBuilder &, ValueRange, Value)> body) {
  int64_t rank = cast<MemRefType>(out.getType()).getRank();
  SmallVector<AffineMap> maps(ins.size() + 1, b.getMultiDimIdentityMap(rank));
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
  linalg::GenericOp::create(b, ins, ValueRange{out}, maps, iterators,
                            [&](OpBuilder &nested, Location loc, ValueRange elements) {
                              LoopBuilder inner(loc, nested);
                              Value result = body(inner, elements.drop_back(), elements.back());
                              linalg::YieldOp::create(inner, result);
                            });
}

#include "SampledSizes.h"

#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Stages/Bufferize/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/CheckedArithmetic.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace mlir::colt5;

using Number = std::optional<int64_t>;

int64_t SampledSizes::choose(StringRef key, int64_t smallest) {
  hasChoice = true;
  static constexpr int64_t kRanges[][2] = {{1, 1},  {9, 7},   {65, 63},  {1025, 1000},
                                           {64, 1}, {3, 200}, {4096, 3}, {0, 3}};
  auto [from, count] = kRanges[sample % std::size(kRanges)];
  uint64_t hash = llvm::xxh3_64bits(key) + sample * 0x9E3779B97F4A7C15ull;
  return std::max<int64_t>(smallest, from + (hash >> 7) % count);
}

std::string SampledSizes::getKey(unsigned argument, int64_t dim) {
  if (dim < 0) {
    if (auto name = entry.getArgAttrOfType<StringAttr>(argument, kSizeAttr))
      return ("size " + name.getValue()).str();
    return ("scalar " + Twine(argument)).str();
  }
  auto names = entry.getArgAttrOfType<ArrayAttr>(argument, kSizesAttr);
  if (names && dim < int64_t(names.size()))
    if (auto name = dyn_cast<StringAttr>(names[dim]); name && name.getValue() != "?")
      return ("size " + name.getValue()).str();
  return ("dim " + Twine(argument) + " " + Twine(dim)).str();
}

Number SampledSizes::get(Value value, Frame *frame) {
  auto &cache = frame ? frame->known : known;
  if (auto found = cache.find(value); found != cache.end())
    return found->second;
  Number number = compute(value, frame);
  return cache[value] = number;
}

Number SampledSizes::call(func::FuncOp callee, ArrayRef<int64_t> more, unsigned result) {
  if (!callee || callee.isDeclaration() || !callee.getBody().hasOneBlock())
    return std::nullopt;
  Frame frame;
  frame.func = callee;
  frame.more = more;
  auto ret = dyn_cast<func::ReturnOp>(callee.front().getTerminator());
  if (!ret || result >= ret.getNumOperands())
    return std::nullopt;
  return get(ret.getOperand(result), &frame);
}

Number SampledSizes::compute(Value value, Frame *frame) {
  if (!value.getType().isIntOrIndex())
    return std::nullopt;
  if (auto arg = dyn_cast<BlockArgument>(value))
    return computeArgument(arg, frame);
  return computeOp(cast<OpResult>(value), frame);
}

Number SampledSizes::computeArgument(BlockArgument arg, Frame *frame) {
  Operation *owner = arg.getOwner()->getParentOp();
  unsigned number = arg.getArgNumber();
  if (isa<func::FuncOp>(owner)) {
    // A companion has the inputs of the entry as arguments, and more behind them.
    if (frame && number + frame->more.size() >= frame->func.getNumArguments())
      return frame->more[number + frame->more.size() - frame->func.getNumArguments()];
    return choose(getKey(number, -1), 1);
  }
  OpFoldResult lower, upper, step;
  OpBuilder builder(owner->getContext());
  if (auto forall = dyn_cast<scf::ForallOp>(owner); forall && number < forall.getRank()) {
    lower = forall.getMixedLowerBound()[number];
    upper = forall.getMixedUpperBound()[number];
    step = forall.getMixedStep()[number];
  } else if (auto loop = dyn_cast<scf::ForOp>(owner); loop && number == 0) {
    lower = loop.getLowerBound();
    upper = loop.getUpperBound();
    step = loop.getStep();
  } else {
    return choose("carried", 0);
  }
  auto bound = [&](OpFoldResult bound) -> Number {
    if (auto attr = dyn_cast<Attribute>(bound))
      return cast<IntegerAttr>(attr).getInt();
    return get(cast<Value>(bound), frame);
  };
  Number first = bound(lower), end = bound(upper), stride = bound(step);
  // A loop that does not run has no iterations to look at.
  if (!first || !end || !stride || *stride <= 0 || *end <= *first)
    return std::nullopt;
  int64_t count = (*end - *first - 1) / *stride + 1;
  if (count == 1)
    return first;
  hasChoice = true;
  // First and last iterations are where sizes change.
  int64_t chosen = sample % 3 == 0 ? 0 : sample % 3 == 1 ? count - 1 : count / 2;
  return *first + chosen * *stride;
}

Number SampledSizes::countIterations(Operation *op, Frame *frame) {
  auto forall = cast<scf::ForallOp>(op);
  int64_t total = 1;
  for (auto [lower, upper, step] :
       llvm::zip_equal(forall.getMixedLowerBound(), forall.getMixedUpperBound(), forall.getMixedStep())) {
    int64_t bounds[3];
    for (auto [number, bound] : llvm::enumerate(ArrayRef<OpFoldResult>{lower, upper, step})) {
      Number known = getConstantIntValue(bound);
      if (!known)
        known = get(cast<Value>(bound), frame);
      if (!known)
        return std::nullopt;
      bounds[number] = *known;
    }
    if (bounds[2] <= 0 || bounds[1] <= bounds[0])
      return std::nullopt;
    total *= (bounds[1] - bounds[0] - 1) / bounds[2] + 1;
  }
  return total;
}

Number SampledSizes::computeThread(Operation *op, Frame *frame) {
  hasChoice = true;
  Number count = numThreads;
  if (!numThreads) {
    Operation *kernel = nullptr;
    for (Operation *parent = op; parent; parent = parent->getParentOp())
      if (isa<scf::ForallOp>(parent))
        kernel = parent;
    count = kernel ? countIterations(kernel, frame) : Number();
  }
  return !count ? count : lastThread ? *count - 1 : 0;
}

Number SampledSizes::computeDim(Value shaped, int64_t dim, Frame *frame) {
  auto type = dyn_cast<ShapedType>(shaped.getType());
  if (!type || !type.hasRank() || dim < 0 || dim >= type.getRank())
    return std::nullopt;
  if (!type.isDynamicDim(dim))
    return type.getDimSize(dim);
  if (auto arg = dyn_cast<BlockArgument>(shaped)) {
    if (!isa<func::FuncOp>(arg.getOwner()->getParentOp()))
      return std::nullopt;
    unsigned number = arg.getArgNumber();
    if (frame || !entry.getArgAttr(number, kOutputAttr))
      return choose(getKey(number, dim), 0);
    // The size of an output is what the companion says.
    unsigned result = dim;
    for (unsigned other = 0; other < number; ++other)
      if (entry.getArgAttr(other, kOutputAttr))
        result += cast<ShapedType>(entry.getArgument(other).getType()).getRank();
    auto companion = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
        entry, StringAttr::get(entry.getContext(), getResultSizesName(entry.getName())));
    Number size = call(companion, {}, result);
    return size ? size : Number(choose(getKey(number, dim), 0));
  }
  return computeDimOfView(shaped.getDefiningOp(), type, dim, frame);
}

Number SampledSizes::computeDimOfView(Operation *def, ShapedType type, int64_t dim, Frame *frame) {
  auto ofMixed = [&](OpFoldResult size) {
    Number known = getConstantIntValue(size);
    return known ? known : get(cast<Value>(size), frame);
  };
  if (auto expand = dyn_cast<memref::ExpandShapeOp>(def))
    return ofMixed(expand.getMixedOutputShape()[dim]);
  if (auto collapse = dyn_cast<memref::CollapseShapeOp>(def)) {
    Number product = 1;
    for (int64_t source : collapse.getReassociationIndices()[dim]) {
      Number size = computeDim(collapse.getSrc(), source, frame);
      product = size && product ? llvm::checkedMul(*product, *size) : std::nullopt;
    }
    return product;
  }
  if (auto subview = dyn_cast<memref::SubViewOp>(def)) {
    llvm::SmallBitVector dropped = subview.getDroppedDims();
    for (auto [source, size] : llvm::enumerate(subview.getMixedSizes()))
      if (!dropped[source] && dim-- == 0)
        return ofMixed(size);
    return std::nullopt;
  }
  unsigned index = 0;
  for (int64_t before = 0; before < dim; ++before)
    index += type.isDynamicDim(before);
  if (auto view = dyn_cast<memref::ViewOp>(def))
    return get(view.getSizes()[index], frame);
  if (isa<memref::CastOp, memref::MemorySpaceCastOp>(def))
    return computeDim(def->getOperand(0), dim, frame);
  return std::nullopt;
}

Number SampledSizes::computeOp(OpResult result, Frame *frame) {
  Operation *op = result.getOwner();
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    auto value = dyn_cast<IntegerAttr>(constant.getValue());
    return value ? Number(value.getValue().getSExtValue()) : Number();
  }
  if (isa<memref::DimOp, tensor::DimOp>(op)) {
    Number dim = get(op->getOperand(1), frame);
    return dim ? computeDim(op->getOperand(0), *dim, frame) : Number();
  }
  if (isa<ThreadIdOp>(op))
    return computeThread(op, frame);
  if (auto callOp = dyn_cast<func::CallOp>(op)) {
    auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(op, callOp.getCalleeAttr());
    return call(callee, {}, result.getResultNumber());
  }
  if (isa<memref::LoadOp>(op))
    return choose("loaded", 0);
  if (auto select = dyn_cast<arith::SelectOp>(op)) {
    Number condition = get(select.getCondition(), frame);
    return condition ? get(*condition ? select.getTrueValue() : select.getFalseValue(), frame) : Number();
  }
  AffineMap map = llvm::TypeSwitch<Operation *, AffineMap>(op)
                      .Case<affine::AffineApplyOp, affine::AffineMinOp, affine::AffineMaxOp>(
                          [](auto affine) { return affine.getMap(); })
                      .Default([](Operation *) { return AffineMap(); });
  if (!map)
    return computeArith(op, frame);
  SmallVector<Attribute> operands;
  OpBuilder builder(op->getContext());
  for (Value operand : op->getOperands()) {
    Number number = get(operand, frame);
    if (!number)
      return std::nullopt;
    operands.push_back(builder.getIndexAttr(*number));
  }
  SmallVector<Attribute> results;
  if (failed(map.constantFold(operands, results)))
    return std::nullopt;
  SmallVector<int64_t> numbers;
  for (Attribute attr : results)
    numbers.push_back(cast<IntegerAttr>(attr).getInt());
  return isa<affine::AffineMaxOp>(op) ? *llvm::max_element(numbers) : *llvm::min_element(numbers);
}

Number SampledSizes::computeArith(Operation *op, Frame *frame) {
  SmallVector<int64_t> in;
  for (Value operand : op->getOperands()) {
    Number number = get(operand, frame);
    if (!number)
      return std::nullopt;
    in.push_back(*number);
  }
  bool divides = in.size() == 2 && in[1] > 0;
  auto check = [](bool ok, int64_t value) { return ok ? Number(value) : Number(); };
  return llvm::TypeSwitch<Operation *, Number>(op)
      .Case([&](arith::AddIOp) { return llvm::checkedAdd(in[0], in[1]); })
      .Case([&](arith::SubIOp) { return llvm::checkedSub(in[0], in[1]); })
      .Case([&](arith::MulIOp) { return llvm::checkedMul(in[0], in[1]); })
      .Case<arith::MinSIOp, arith::MinUIOp>([&](auto) { return std::min(in[0], in[1]); })
      .Case<arith::MaxSIOp, arith::MaxUIOp>([&](auto) { return std::max(in[0], in[1]); })
      .Case<arith::DivSIOp, arith::DivUIOp>([&](auto) { return check(divides, divides ? in[0] / in[1] : 0); })
      .Case<arith::RemSIOp, arith::RemUIOp>([&](auto) { return check(divides, divides ? in[0] % in[1] : 0); })
      .Case<arith::CeilDivSIOp, arith::CeilDivUIOp>(
          [&](auto) { return check(divides, divides ? llvm::divideCeilSigned(in[0], in[1]) : 0); })
      .Case([&](arith::FloorDivSIOp) {
        return check(divides, divides ? llvm::divideFloorSigned(in[0], in[1]) : 0);
      })
      .Case([&](arith::AndIOp) { return in[0] & in[1]; })
      .Case([&](arith::OrIOp) { return in[0] | in[1]; })
      .Case([&](arith::ShLIOp) { return check(in[1] >= 0 && in[1] < 32, in[0] << (in[1] & 31)); })
      .Case<arith::IndexCastOp, arith::IndexCastUIOp, arith::ExtSIOp, arith::ExtUIOp>(
          [&](auto) { return in[0]; })
      .Case([&](arith::CmpIOp cmp) -> Number {
        return arith::applyCmpPredicate(cmp.getPredicate(), APInt(64, in[0], true), APInt(64, in[1], true))
                   ? 1
                   : 0;
      })
      .Default([](Operation *) { return Number(); });
}

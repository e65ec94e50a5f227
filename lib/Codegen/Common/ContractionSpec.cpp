// Recognition of contractions: from the indexing maps and the body, not from op names.
#include "colt5/Codegen/Common/ContractionSpec.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::colt5;

int64_t ContractionOperand::dimOf(unsigned loop) const {
  const auto *it = llvm::find(loops, loop);
  return it == loops.end() ? -1 : it - loops.begin();
}

/// The block argument behind any number of float extensions, or null.
static BlockArgument stripExtensions(Value value, Block *body) {
  while (auto ext = value.getDefiningOp<arith::ExtFOp>())
    value = ext.getIn();
  auto arg = dyn_cast<BlockArgument>(value);
  return arg && arg.getOwner() == body ? arg : BlockArgument();
}

/// Matches `value = out + x * y` and returns the block arguments behind x and y.
static FailureOr<std::pair<BlockArgument, BlockArgument>> matchMulAdd(Value value, BlockArgument out) {
  Value x, y;
  if (auto fma = value.getDefiningOp<math::FmaOp>(); fma && fma.getC() == out) {
    x = fma.getA();
    y = fma.getB();
  } else if (auto add = value.getDefiningOp<arith::AddFOp>()) {
    Value product = add.getLhs() == out ? add.getRhs() : add.getRhs() == out ? add.getLhs() : Value();
    auto mul = product ? product.getDefiningOp<arith::MulFOp>() : arith::MulFOp();
    if (!mul)
      return failure();
    x = mul.getLhs();
    y = mul.getRhs();
  } else {
    return failure();
  }
  BlockArgument a = stripExtensions(x, out.getOwner()), b = stripExtensions(y, out.getOwner());
  if (!a || !b || a == b || a == out || b == out)
    return failure();
  return std::make_pair(a, b);
}

static FailureOr<ContractionOperand> getOperand(linalg::LinalgOp op, OpOperand *operand) {
  ContractionOperand result{operand->get(), {}};
  if (!isa<ShapedType>(operand->get().getType()))
    return failure();
  for (AffineExpr expr : op.getMatchingIndexingMap(operand).getResults()) {
    auto dim = dyn_cast<AffineDimExpr>(expr);
    if (!dim || llvm::is_contained(result.loops, dim.getPosition()))
      return failure();
    result.loops.push_back(dim.getPosition());
  }
  return result;
}

/// Finds the loop of `loops` to put into the register tile: the one that is last in `operand` among those
/// that are not of static size 1, and moves it out of the list.
static unsigned takeInnermost(SmallVectorImpl<unsigned> &loops, const ContractionOperand &operand,
                              ArrayRef<int64_t> ranges) {
  auto best = llvm::max_element(loops, [&](unsigned x, unsigned y) {
    return std::make_pair(ranges[x] != 1, operand.dimOf(x)) <
           std::make_pair(ranges[y] != 1, operand.dimOf(y));
  });
  unsigned loop = *best;
  loops.erase(best);
  return loop;
}

/// Fills the loop lists; fails on a loop that fits no class.
static LogicalResult classifyLoops(ContractionSpec &info, unsigned numLoops) {
  for (unsigned loop = 0; loop < numLoops; ++loop) {
    bool inA = info.a.dimOf(loop) >= 0, inB = info.b[0].dimOf(loop) >= 0, inC = info.c[0].dimOf(loop) >= 0;
    if (inA && inB)
      (inC ? info.batch : info.outerK).push_back(loop);
    else if (inC && (inA || inB))
      (inA ? info.outerM : info.outerN).push_back(loop);
    else
      return failure();
  }
  return success();
}

FailureOr<ContractionSpec> colt5::matchContraction(linalg::LinalgOp op, StringRef &reason) {
  if (!op.hasPureBufferSemantics() && !op.hasPureTensorSemantics())
    return reason = "on tensors and memrefs", failure();
  int64_t numOutputs = op.getNumDpsInits();
  if (numOutputs > 2 || op.getNumDpsInputs() != numOutputs + 1)
    return reason = "not two inputs and one output, or three and two", failure();

  Block *body = op.getBlock();
  SmallVector<std::pair<BlockArgument, BlockArgument>> products;
  for (int64_t i = 0; i < numOutputs; ++i) {
    BlockArgument out = op.getMatchingBlockArgument(op.getDpsInitOperand(i));
    auto product = matchMulAdd(body->getTerminator()->getOperand(i), out);
    if (failed(product))
      return reason = "the body is not out + a * b", failure();
    products.push_back(*product);
  }
  ContractionSpec info;
  info.type = dyn_cast<FloatType>(op.getMatchingBlockArgument(op.getDpsInitOperand(0)).getType());
  if (!info.type || !(info.type.isF32() || info.type.isF64()))
    return reason = "the output is neither f32 nor f64", failure();

  // The input that all products share comes first.
  BlockArgument shared = products[0].first;
  if (numOutputs == 2) {
    auto has = [&](BlockArgument arg) { return products[1].first == arg || products[1].second == arg; };
    shared = has(products[0].first) ? products[0].first : products[0].second;
    if (!has(shared))
      return reason = "the two products share no input", failure();
  }
  auto other = [&](const std::pair<BlockArgument, BlockArgument> &p) {
    return p.first == shared ? p.second : p.first;
  };
  auto operandOf = [&](BlockArgument arg) { return getOperand(op, &op->getOpOperand(arg.getArgNumber())); };

  FailureOr<ContractionOperand> a = operandOf(shared);
  if (failed(a))
    return reason = "an indexing map is no projected permutation", failure();
  info.a = *a;
  for (int64_t i = 0; i < numOutputs; ++i) {
    FailureOr<ContractionOperand> b = operandOf(other(products[i]));
    FailureOr<ContractionOperand> c = getOperand(op, op.getDpsInitOperand(i));
    if (failed(b) || failed(c))
      return reason = "an indexing map is no projected permutation", failure();
    if (cast<ShapedType>(c->memref.getType()).getElementType() != info.type)
      return reason = "the outputs have different types", failure();
    info.b.push_back(*b);
    info.c.push_back(*c);
  }
  if (numOutputs == 2 && (info.b[0].loops != info.b[1].loops || info.c[0].loops != info.c[1].loops))
    return reason = "the two products are indexed differently", failure();
  if (info.c[0].loops.empty())
    return reason = "the output is a scalar", failure();

  // n should be contiguous in C: with one product the roles of the inputs are free.
  SmallVector<int64_t> ranges = op.getStaticLoopRanges();
  unsigned innermost = info.c[0].loops.back();
  for (unsigned loop : llvm::reverse(info.c[0].loops))
    if (ranges[loop] != 1) {
      innermost = loop;
      break;
    }
  if (numOutputs == 1 && info.b[0].dimOf(innermost) < 0)
    std::swap(info.a, info.b[0]);
  if (failed(classifyLoops(info, op.getNumLoops())))
    return reason = "a loop is neither batch, m, n nor k", failure();
  if (info.outerM.empty() || info.outerN.empty() || info.outerK.empty())
    return reason = "no m, no n or no k loop", failure();
  info.m = takeInnermost(info.outerM, info.c[0], ranges);
  info.n = takeInnermost(info.outerN, info.c[0], ranges);
  // Prefer the k that is contiguous in an operand whose lanes are not.
  const ContractionOperand &kOperand =
      info.b[0].dimOf(info.n) == int64_t(info.b[0].loops.size()) - 1 ? info.a : info.b[0];
  info.k = takeInnermost(info.outerK, kOperand, ranges);
  if (ranges[info.k] == 1 || (ranges[info.n] >= 0 && ranges[info.n] < 4))
    return reason = "too thin for packing", failure();
  // One row times columns that are not contiguous is a set of dot products.
  if (ranges[info.m] == 1 && &kOperand != &info.a)
    return reason = "dot products", failure();
  return info;
}

/// True for +0.0: 0.0 + x differs from -0.0 + x for x = -0.0.
static bool isZeroFill(linalg::FillOp fill) {
  FloatAttr value;
  return matchPattern(fill.getInputs().front(), m_Constant(&value)) && value.getValue().isPosZero();
}

/// The zero fill of `buffer` with nothing between it and `op` that touches memory but other zero fills.
static linalg::FillOp findZeroFill(linalg::LinalgOp op, Value buffer) {
  for (Operation *prev = op->getPrevNode(); prev; prev = prev->getPrevNode()) {
    if (auto fill = dyn_cast<linalg::FillOp>(prev)) {
      if (!isZeroFill(fill))
        return nullptr;
      if (fill.getOutputs().front() == buffer)
        return fill;
    } else if (!isMemoryEffectFree(prev) && !isa<memref::AllocaOp>(prev)) {
      return nullptr;
    }
  }
  return nullptr;
}

SmallVector<linalg::FillOp> colt5::findZeroFills(linalg::LinalgOp op, const ContractionSpec &info) {
  SmallVector<linalg::FillOp> fills;
  for (const ContractionOperand &c : info.c) {
    linalg::FillOp fill = findZeroFill(op, c.memref);
    if (!fill)
      return {};
    fills.push_back(fill);
  }
  return fills;
}

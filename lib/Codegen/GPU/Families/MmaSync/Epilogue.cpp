#include "Emit.h"

#include "colt5/Codegen/Common/Divisibility.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::mma_sync;

static constexpr int64_t kWidth = 8;

Epilogue::Epilogue(BlockBuilder &b, KernelWriter &writer, KernelOp op, const ContractionView &view,
                   Value sums)
    : b(b), writer(writer), op(op), view(view), sums(sums), laneLoop(view.columns.back()) {
  int64_t extent = view.extents[laneLoop];
  width = !ShapedType::isDynamic(extent) && extent % kWidth == 0 ? kWidth : 1;
}

SmallVector<Value> Epilogue::at(Value tensor, int64_t lane) {
  return llvm::map_to_vector(view.loopsOf.find(tensor)->second, [&](unsigned loop) -> Value {
    return loop == laneLoop && lane > 0 ? b.add(position[loop], b.index(lane)) : position[loop];
  });
}

Value Epilogue::getHost(Value argument) const {
  return op->getOperand(cast<BlockArgument>(argument).getArgNumber());
}

/// Elements of one load or store of 16 bytes, of the `width` that are read or written together.
static int64_t getPiece(Value memref, int64_t width) {
  Type element = cast<MemRefType>(memref.getType()).getElementType();
  return element.isIntOrFloat() ? std::min<int64_t>(width, 128 / element.getIntOrFloatBitWidth()) : width;
}

/// Whether `width` elements from a multiple of it on can be moved as pieces along dimension `dim`.
static bool hasPieces(Value host, int64_t dim, int64_t width) {
  return width > 1 && getVectorWidth(host, dim) >= getPiece(host, width);
}

bool Epilogue::isVector(Value tensor, Value host) const {
  ArrayRef<unsigned> loops = view.loopsOf.find(tensor)->second;
  return !loops.empty() && loops.back() == laneLoop && hasPieces(host, int64_t(loops.size()) - 1, width);
}

static SmallVector<Value> unpack(BlockBuilder &b, Value vector, int64_t width) {
  return llvm::map_to_vector(llvm::seq<int64_t>(0, width),
                             [&](int64_t i) -> Value { return vector::ExtractOp::create(b, vector, i); });
}

/// `width` elements from `at` on, in loads of at most 16 bytes.
static SmallVector<Value> loadPieces(BlockBuilder &b, Value memref, SmallVector<Value> at, int64_t width) {
  int64_t piece = getPiece(memref, width);
  SmallVector<Value> elements;
  Value first = at.back();
  for (int64_t start = 0; start < width; start += piece) {
    at.back() = b.add(first, b.index(start));
    llvm::append_range(elements, unpack(b, b.loadAligned(memref, at, piece), piece));
  }
  return elements;
}

static void storePieces(BlockBuilder &b, ArrayRef<Value> elements, Value memref, SmallVector<Value> at) {
  int64_t width = elements.size(), piece = getPiece(memref, width);
  Value first = at.back();
  for (int64_t start = 0; start < width; start += piece) {
    at.back() = b.add(first, b.index(start));
    auto type = VectorType::get({piece}, elements[0].getType());
    b.storeAligned(vector::FromElementsOp::create(b, type, elements.slice(start, piece)), memref, at);
  }
}

SmallVector<Value> Epilogue::loadParameter(Value argument) {
  Value parameter = writer.getParameter(argument);
  if (!isa<MemRefType>(parameter.getType()))
    return SmallVector<Value>(width, parameter);
  if (isVector(argument, getHost(argument)))
    return loadPieces(b, parameter, at(argument, 0), width);
  if (!llvm::is_contained(view.loopsOf.find(argument)->second, laneLoop))
    return SmallVector<Value>(width, b.load(parameter, at(argument, 0)));
  return llvm::map_to_vector(llvm::seq<int64_t>(0, width),
                             [&](int64_t lane) -> Value { return b.load(parameter, at(argument, lane)); });
}

SmallVector<Value> Epilogue::computeSums(OpResult result) {
  unsigned product = result.getResultNumber();
  SmallVector<Value> place{b.index(product), row, column}, totals;
  totals = width == 1 ? SmallVector<Value>{b.load(sums, place)} : loadPieces(b, sums, place, width);
  Value init = view.spec.c[product].memref;
  if (auto fill = init.getDefiningOp<linalg::FillOp>();
      fill && matchPattern(fill.getInputs().front(), m_AnyZeroFloat()))
    return totals;
  for (auto [total, start] : llvm::zip_equal(totals, evaluate(init)))
    total = arith::AddFOp::create(b, start, total);
  return totals;
}

SmallVector<Value> Epilogue::computeElementwise(OpResult result) {
  auto linalgOp = cast<linalg::LinalgOp>(result.getOwner());
  Block &body = linalgOp->getRegion(0).front();
  SmallVector<SmallVector<Value>> inputs;
  for (auto [operand, argument] : llvm::zip_equal(linalgOp->getOperands(), body.getArguments()))
    inputs.push_back(argument.use_empty() ? SmallVector<Value>() : evaluate(operand));
  SmallVector<SmallVector<Value>> results(linalgOp->getNumResults());
  for (int64_t lane = 0; lane < width; ++lane) {
    IRMapping mapping;
    for (auto [argument, lanes] : llvm::zip_equal(body.getArguments(), inputs))
      if (!lanes.empty())
        mapping.map(argument, lanes[lane]);
    for (Operation &inner : body.without_terminator()) {
      // Scalars from outside of the op are arguments or constants of the kernel.
      for (Value operand : inner.getOperands())
        if (operand.getParentBlock() != &body && !mapping.contains(operand))
          mapping.map(operand, evaluate(operand)[0]);
      b.clone(inner, mapping);
    }
    for (auto [list, value] : llvm::zip_equal(results, body.getTerminator()->getOperands())) {
      bool isOutside = value.getParentBlock() != &body;
      list.push_back(isOutside ? evaluate(value)[0] : mapping.lookup(value));
    }
  }
  for (auto [other, list] : llvm::zip_equal(linalgOp->getResults(), results))
    values[other] = list;
  return values[result];
}

/// The elements of `tensor`, or `width` times the scalar, for the neighbours at hand.
SmallVector<Value> Epilogue::evaluate(Value tensor) {
  if (auto known = values.find(tensor); known != values.end())
    return known->second;
  SmallVector<Value> elements;
  Operation *producer = tensor.getDefiningOp();
  if (!producer)
    elements = loadParameter(tensor);
  else if (producer == view.op)
    elements = computeSums(cast<OpResult>(tensor));
  else if (auto fill = dyn_cast<linalg::FillOp>(producer))
    elements = evaluate(fill.getInputs().front());
  else if (isa<linalg::LinalgOp>(producer))
    elements = computeElementwise(cast<OpResult>(tensor));
  else
    elements = SmallVector<Value>(width, b.clone(*producer)->getResult(0));
  values[tensor] = elements;
  return elements;
}

void Epilogue::store(Value value, unsigned out) {
  SmallVector<Value> elements = evaluate(value);
  if (isVector(value, op.getOuts()[out]))
    return storePieces(b, elements, writer.getOut(out), at(value, 0));
  for (int64_t lane = 0; lane < width; ++lane)
    b.store(elements[lane], writer.getOut(out), at(value, lane));
}

/// base[batch, index, channel] (+)= weight * update, as colt5.scatter_combine rounds it.
void Epilogue::scatter(unsigned out) {
  ScatterCombineOp scatter = view.scatter;
  Value base = writer.getOut(out);
  Type element = cast<MemRefType>(base.getType()).getElementType(), wide = getScoreType(element);
  ArrayRef<unsigned> loops = view.loopsOf.find(scatter.getUpdates())->second;
  Value token = evaluate(scatter.getIndices())[0];
  Value isNamed = b.compare(arith::CmpIPredicate::sge, token, b.integer(token.getType(), 0));
  if (scatter.getValid())
    isNamed = b.andI(isNamed, evaluate(scatter.getValid())[0]);
  SmallVector<Value> updates = evaluate(scatter.getUpdates());
  Value weight = scatter.getWeight() ? evaluate(scatter.getWeight())[0] : Value();
  b.ifThen(isNamed, [&] {
    auto to = [&](int64_t lane) -> SmallVector<Value> {
      Value channel = position[loops[2]];
      bool isLane = loops[2] == laneLoop && lane > 0;
      return {position[loops[0]], b.toIndex(token), isLane ? b.add(channel, b.index(lane)) : channel};
    };
    bool isWhole = loops[2] == laneLoop && hasPieces(op.getOuts()[out], 2, width);
    bool isAdd = scatter.getCombine() == CombineKind::Add;
    SmallVector<Value> old, results;
    if (isAdd && isWhole)
      old = loadPieces(b, base, to(0), width);
    for (int64_t lane = 0; lane < width; ++lane) {
      Value value = weight ? b.multiplyFloats(updates[lane], weight) : b.convertFloat(updates[lane], wide);
      if (isAdd) {
        Value before = isWhole ? old[lane] : b.load(base, to(lane));
        value = arith::AddFOp::create(b, b.convertFloat(before, value.getType()), value);
      }
      results.push_back(b.convertFloat(value, element));
    }
    if (isWhole)
      return storePieces(b, results, base, to(0));
    for (int64_t lane = 0; lane < width; ++lane)
      b.store(results[lane], base, to(lane));
  });
}

void Epilogue::emit(const Position &where, Value inRow, Value inColumn) {
  position = where;
  row = inRow;
  column = inColumn;
  values.clear();
  // What one out holds before may be what another is computed from.
  for (Value value : op.getYielded())
    if (!view.scatter || value.getDefiningOp() != view.scatter)
      evaluate(value);
  for (auto [out, value] : llvm::enumerate(op.getYielded())) {
    if (view.scatter && value.getDefiningOp() == view.scatter)
      scatter(out);
    else
      store(value, out);
  }
}

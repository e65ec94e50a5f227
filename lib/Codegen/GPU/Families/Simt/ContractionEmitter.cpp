// The loops around the stages of a contraction, and what a thread does with a stage.
#include "ContractionEmitter.h"

#include "colt5/Codegen/Common/Divisibility.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::colt5;

ContractionEmitter::ContractionEmitter(BlockBuilder &b, linalg::LinalgOp op, const ContractionSpec &info,
                                       bool zeroInit, const ContractionTiling &tiling)
    : b(b), op(op), info(info), zeroInit(zeroInit), tiling(tiling), ranges(op.getStaticLoopRanges()),
      current(ranges.size()) {
  loaders.reserve(1 + info.b.size());
  loaders.emplace_back(b, op, info, info.a, info.m, tiling.rows, tiling.depth);
  for (const ContractionOperand &operand : info.b)
    loaders.emplace_back(b, op, info, operand, info.n, tiling.columns, tiling.depth);
  if (tiling.slices > 1)
    partials =
        b.allocateShared(op, {int64_t(info.c.size()), tiling.slices, tiling.rows, tiling.columns}, info.type);
}

Value ContractionEmitter::extent(unsigned loop) {
  if (!ShapedType::isDynamic(ranges[loop]))
    return b.index(ranges[loop]);
  for (const ContractionOperand *operand : {&info.a, &info.b[0], &info.c[0]})
    if (int64_t dim = operand->dimOf(loop); dim >= 0)
      return b.size(operand->memref, dim);
  llvm_unreachable("every loop indexes an operand");
}

void ContractionEmitter::loops(ArrayRef<unsigned> which, function_ref<void()> body) {
  if (which.empty())
    return body();
  unsigned loop = which.front();
  auto inside = [&](Value iv) {
    current[loop] = iv;
    loops(which.drop_front(), body);
  };
  if (ranges[loop] == 1)
    return inside(b.index(0));
  b.loop(b.index(0), extent(loop), inside);
}

Value ContractionEmitter::rowOf(int64_t i) {
  int64_t start = i / tiling.group * tiling.group * tiling.getThreadsDown() + i % tiling.group;
  return b.add(b.mul(threadRow, b.index(tiling.group)), b.index(start));
}

Value ContractionEmitter::columnOf(int64_t j) {
  return b.add(b.mul(threadColumn, b.index(tiling.group)),
               b.index(j * tiling.group * tiling.getThreadsAcross()));
}

SmallVector<Value> ContractionEmitter::loadStage(Value stage, Value m0, Value n0) {
  SmallVector<Value> sizes;
  for (unsigned loop : info.outerK)
    sizes.push_back(extent(loop));
  sizes.push_back(kSteps);
  SmallVector<Value> position = b.delinearize(stage, sizes);
  for (auto [loop, value] : llvm::zip_equal(info.outerK, ArrayRef(position).drop_back()))
    current[loop] = value;
  Value k0 = b.mul(position.back(), b.index(tiling.depth)), k = extent(info.k);
  SmallVector<Value> values = loaders[0].load(current, m0, k0, extent(info.m), k);
  for (StageLoader &loader : llvm::drop_begin(loaders))
    llvm::append_range(values, loader.load(current, n0, k0, extent(info.n), k));
  return values;
}

SmallVector<Value> ContractionEmitter::multiply(Value buffer, ValueRange accumulators) {
  SmallVector<Value> sums(accumulators);
  int64_t perSlice = tiling.depth / tiling.slices;
  Value first = b.mul(slice, b.index(perSlice));
  for (int64_t step = 0; step < perSlice; ++step) {
    Value k = b.add(first, b.index(step));
    SmallVector<Value> rows;
    for (int64_t i = 0; i < tiling.threadRows; i += tiling.group) {
      Value group = loaders[0].read(buffer, k, rowOf(i), tiling.group);
      for (int64_t lane = 0; lane < tiling.group; ++lane)
        rows.push_back(vector::BroadcastOp::create(b, groupType(),
                                                   vector::ExtractOp::create(b, group, lane).getResult()));
    }
    auto *sum = sums.begin();
    for (StageLoader &loader : llvm::drop_begin(loaders)) {
      SmallVector<Value> columns;
      for (int64_t j = 0; j < groupsAcross(); ++j)
        columns.push_back(loader.read(buffer, k, columnOf(j), tiling.group));
      for (Value row : rows)
        for (Value column : columns) {
          *sum = math::FmaOp::create(b, row, column, *sum);
          ++sum;
        }
    }
  }
  return sums;
}

void ContractionEmitter::storeOutput(unsigned output, Value value, Value m, Value n) {
  const ContractionOperand &c = info.c[output];
  bool fullRows = !ShapedType::isDynamic(ranges[info.m]) && ranges[info.m] % tiling.rows == 0;
  bool fullColumns = !ShapedType::isDynamic(ranges[info.n]) && ranges[info.n] % tiling.columns == 0;
  auto indicesAt = [&](Value column) {
    SmallVector<Value> indices;
    for (unsigned loop : c.loops)
      indices.push_back(loop == info.m ? m : loop == info.n ? column : current[loop]);
    return indices;
  };
  auto guarded = [&](Value condition, function_ref<void()> body) {
    condition ? b.ifThen(condition, body) : body();
  };
  auto isInside = [&](Value position, unsigned loop) {
    return b.compare(arith::CmpIPredicate::slt, position, extent(loop));
  };
  auto storeAll = [&] {
    if (getVectorWidth(c.memref, c.dimOf(info.n)) >= tiling.group) {
      guarded(fullColumns ? Value() : isInside(n, info.n), [&] {
        llvm::MaybeAlign alignment(16);
        Value total = value;
        if (!zeroInit)
          total = arith::AddFOp::create(b,
                                        vector::LoadOp::create(b, groupType(), c.memref, indicesAt(n),
                                                               /*nontemporal=*/false, alignment),
                                        value);
        vector::StoreOp::create(b, total, c.memref, indicesAt(n), /*nontemporal=*/false, alignment);
      });
      return;
    }
    for (int64_t lane = 0; lane < tiling.group; ++lane) {
      Value column = b.add(n, b.index(lane));
      guarded(fullColumns ? Value() : isInside(column, info.n), [&] {
        Value total = vector::ExtractOp::create(b, value, lane);
        if (!zeroInit)
          total = arith::AddFOp::create(b, b.load(c.memref, indicesAt(column)), total);
        b.store(total, c.memref, indicesAt(column));
      });
    }
  };
  guarded(fullRows ? Value() : isInside(m, info.m), storeAll);
}

void ContractionEmitter::storeTile(ValueRange accumulators, Value m0, Value n0) {
  auto sum = accumulators.begin();
  for (unsigned output = 0; output < info.c.size(); ++output)
    for (int64_t i = 0; i < tiling.threadRows; ++i)
      for (int64_t j = 0; j < groupsAcross(); ++j)
        storeOutput(output, *sum++, b.add(m0, rowOf(i)), b.add(n0, columnOf(j)));
}

/// The sets of threads put their sums side by side; the block adds them up in the order of the sets.
void ContractionEmitter::storeSlices(ValueRange accumulators, Value m0, Value n0) {
  auto sum = accumulators.begin();
  llvm::MaybeAlign alignment(16);
  for (unsigned output = 0; output < info.c.size(); ++output)
    for (int64_t i = 0; i < tiling.threadRows; ++i)
      for (int64_t j = 0; j < groupsAcross(); ++j) {
        SmallVector<Value> at{b.index(output), slice, rowOf(i), columnOf(j)};
        vector::StoreOp::create(b, *sum++, partials, at, /*nontemporal=*/false, alignment);
      }
  b.barrier();
  SmallVector<Value> sizes{b.index(tiling.rows), b.index(tiling.columns / tiling.group)};
  for (unsigned output = 0; output < info.c.size(); ++output)
    b.distribute(sizes, [&](ValueRange at) {
      Value row = at[0], column = b.mul(at[1], b.index(tiling.group)), total;
      for (int64_t i = 0; i < tiling.slices; ++i) {
        Value part = vector::LoadOp::create(b, groupType(), partials,
                                            ValueRange{b.index(output), b.index(i), row, column},
                                            /*nontemporal=*/false, alignment);
        total = total ? arith::AddFOp::create(b, total, part).getResult() : part;
      }
      storeOutput(output, total, b.add(m0, row), b.add(n0, column));
    });
}

void ContractionEmitter::emitTile(Value m0, Value n0) {
  Value steps = kSteps, one = b.index(1), none = b.index(0);
  for (unsigned loop : info.outerK)
    steps = b.createOrFold<arith::MulIOp>(steps, extent(loop));
  SmallVector<Type> types;
  for (StageLoader &loader : loaders)
    llvm::append_range(types, loader.getTypes());
  auto zeros = [&]() -> SmallVector<Value> {
    return llvm::map_to_vector(
        types, [&](Type type) -> Value { return arith::ConstantOp::create(b, b.getZeroAttr(type)); });
  };
  auto loadIf = [&](Value condition, Value stage) {
    return b.ifElse(condition, types, [&] { return loadStage(stage, m0, n0); }, zeros);
  };
  std::optional<int64_t> knownSteps = getConstantIntValue(steps);
  SmallVector<Value> carried = knownSteps && *knownSteps > 0
                                   ? loadStage(none, m0, n0)
                                   : loadIf(b.compare(arith::CmpIPredicate::sgt, steps, none), none);
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(groupType()));
  carried.append(info.c.size() * tiling.threadRows * groupsAcross(), zero);

  // While a stage is multiplied, the next one is on its way to registers. Two buffers take turns, so that one
  // barrier per stage suffices.
  SmallVector<Value> results =
      b.loop(none, steps, 1, carried, [&](Value stage, ValueRange values) -> SmallVector<Value> {
        Value buffer = arith::RemUIOp::create(b, stage, b.index(2));
        ValueRange rest = values.take_front(types.size());
        for (StageLoader &loader : loaders) {
          size_t count = loader.getTypes().size();
          loader.store(rest.take_front(count), buffer);
          rest = rest.drop_front(count);
        }
        b.barrier();
        Value next = b.add(stage, one);
        SmallVector<Value> yielded = loadIf(b.compare(arith::CmpIPredicate::slt, next, steps), next);
        llvm::append_range(yielded, multiply(buffer, values.drop_front(types.size())));
        return yielded;
      });
  ValueRange sums = ValueRange(results).drop_front(types.size());
  if (tiling.slices > 1)
    storeSlices(sums, m0, n0);
  else
    storeTile(sums, m0, n0);
}

void ContractionEmitter::emit() {
  Value t = b.thread(), across = b.index(tiling.getThreadsAcross()), down = b.index(tiling.getThreadsDown());
  threadColumn = arith::RemUIOp::create(b, t, across);
  Value rest = arith::DivUIOp::create(b, t, across);
  threadRow = arith::RemUIOp::create(b, rest, down);
  slice = arith::DivUIOp::create(b, rest, down);
  kSteps = b.createOrFold<arith::CeilDivUIOp>(extent(info.k), b.index(tiling.depth));
  auto tiles = [&](unsigned loop, int64_t step, function_ref<void(Value)> body) {
    if (!ShapedType::isDynamic(ranges[loop]) && ranges[loop] > 0 && ranges[loop] <= step)
      return body(b.index(0));
    b.loop(b.index(0), extent(loop), step, {}, [&](Value iv, ValueRange) -> SmallVector<Value> {
      body(iv);
      // The buffers are taken again.
      b.barrier();
      return {};
    });
  };
  loops(info.batch, [&] {
    loops(info.outerM, [&] {
      loops(info.outerN, [&] {
        tiles(info.m, tiling.rows,
              [&](Value m0) { tiles(info.n, tiling.columns, [&](Value n0) { emitTile(m0, n0); }); });
        b.barrier();
      });
    });
  });
}

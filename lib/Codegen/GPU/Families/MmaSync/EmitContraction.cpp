// The kernel around the stages: which block computes what, the loop over k, and the sums.
#include "Emit.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::mma_sync;

namespace {
class Emitter {
public:
  Emitter(KernelOp op, const ContractionView &view, const Shape &shape, gpu::GPUModuleOp kernels)
      : op(op), view(view), shape(shape), writer(op, kernels, "mma_sync", shape.getThreads()),
        b(writer.getBuilder()) {}
  void emit();

private:
  LoopGroup group(ArrayRef<unsigned> loops);
  Value extent(unsigned loop);
  void placeBlock();
  void createStages();
  void load(Value step, Value stage);
  SmallVector<Value> multiply(Value stage, ValueRange sums);
  Value multiplyTile(ArrayRef<Value> a, ArrayRef<Value> columns, ValueRange sums);
  SmallVector<Value> loopOverK();
  Value storeSums(ValueRange totals);
  void writeOuts(Value sums);
  Value countBlocks();

  int64_t tilesDown() const { return shape.warpRows / 16; }
  int64_t tilesAcross() const { return shape.warpColumns / 8; }
  /// Where the sums of a product, row and column of 16x8 tiles begin among those of a thread.
  int64_t sumsOf(int64_t product, int64_t i, int64_t j) const {
    return 4 * ((product * tilesDown() + i) * tilesAcross() + j);
  }

  KernelOp op;
  const ContractionView &view;
  Shape shape;
  KernelWriter writer;
  BlockBuilder &b;
  LoopGroup batch, rows, columns, k;
  Position position;
  Value row0, column0, warpRow, warpColumn, steps, memory;
  std::optional<OperandStages> a;
  SmallVector<OperandStages, 2> right;
};
} // namespace

Value Emitter::extent(unsigned loop) {
  if (!ShapedType::isDynamic(view.extents[loop]))
    return b.index(view.extents[loop]);
  for (const ContractionOperand *operand : {&view.spec.a, &view.spec.b[0]})
    if (int64_t dim = operand->dimOf(loop); dim >= 0)
      return b.size(writer.getParameter(operand->memref), dim);
  llvm_unreachable("every loop indexes an operand");
}

LoopGroup Emitter::group(ArrayRef<unsigned> loops) {
  LoopGroup group{SmallVector<unsigned>(loops), {}, {}, view.getExtent(loops)};
  for (unsigned loop : loops)
    group.sizes.push_back(extent(loop));
  group.total = b.product(group.sizes);
  return group;
}

/// Blocks of neighbouring columns follow each other, so that their rows of A are in the cache.
void Emitter::placeBlock() {
  batch = group(view.batch);
  rows = group(view.rows);
  columns = group(view.columns);
  k = group(view.k);
  position.assign(view.extents.size(), Value());
  Value across = b.createOrFold<arith::CeilDivUIOp>(columns.total, b.index(shape.blockColumns));
  Value down = b.createOrFold<arith::CeilDivUIOp>(rows.total, b.index(shape.blockRows));
  Value id = gpu::BlockIdOp::create(b, gpu::Dimension::x), rest = b.floorDiv(id, across);
  column0 = b.mul(arith::RemUIOp::create(b, id, across), b.index(shape.blockColumns));
  row0 = b.mul(arith::RemUIOp::create(b, rest, down), b.index(shape.blockRows));
  setPosition(b, batch, b.floorDiv(rest, down), position);
  steps = b.createOrFold<arith::CeilDivUIOp>(k.total, b.index(shape.blockK));
  Value warpsAcross = b.index(shape.getWarpsAcross()), warp = b.warp();
  warpRow = b.mul(b.floorDiv(warp, warpsAcross), b.index(shape.warpRows));
  warpColumn = b.mul(arith::RemUIOp::create(b, warp, warpsAcross), b.index(shape.warpColumns));
}

void Emitter::createStages() {
  memory = writer.allocateShared({shape.getSharedBytes(view.getNumProducts())}, b.getI8Type());
  int64_t offset = 0;
  auto make = [&](const ContractionOperand &operand, const LoopGroup &lanes, int64_t blockLanes) {
    unsigned number = cast<BlockArgument>(operand.memref).getArgNumber();
    OperandStages stages(b, writer.getParameter(operand.memref), op->getOperand(number), operand.loops, lanes,
                         k, shape, blockLanes, memory, offset);
    offset += stages.getBytes();
    return stages;
  };
  a.emplace(make(view.spec.a, rows, shape.blockRows));
  for (const ContractionOperand &operand : view.spec.b)
    right.push_back(make(operand, columns, shape.blockColumns));
  a->prepareReads(warpRow, shape.warpRows, /*isA=*/true);
  for (OperandStages &operand : right)
    operand.prepareReads(warpColumn, shape.warpColumns, /*isA=*/false);
}

/// A group of copies per step, also behind the last step, so that waiting can count groups.
void Emitter::load(Value step, Value stage) {
  b.ifThen(b.compare(arith::CmpIPredicate::ult, step, steps), [&] {
    a->load(position, row0, step, stage);
    for (OperandStages &operand : right)
      operand.load(position, column0, step, stage);
  });
  NVVM::CpAsyncCommitGroupOp::create(b);
}

/// `value`, two elements of 16 bits, as mma.sync takes it.
static Value toRegister(BlockBuilder &b, Value value) {
  if (!cast<VectorType>(value.getType()).getElementType().isBF16())
    return value;
  auto word = vector::BitCastOp::create(b, VectorType::get({1}, b.getI32Type()), value);
  return vector::ExtractOp::create(b, word, 0);
}

/// Sums + A * B for 16 x 16 of A and 16 x 8 of B, as the struct that mma.sync gives.
Value Emitter::multiplyTile(ArrayRef<Value> aTile, ArrayRef<Value> bTile, ValueRange sums) {
  Type f32 = b.getF32Type();
  auto result = LLVM::LLVMStructType::getLiteral(b.getContext(), {f32, f32, f32, f32});
  NVVM::MMATypes type = view.element.isBF16() ? NVVM::MMATypes::bf16 : NVVM::MMATypes::f16;
  return NVVM::MmaOp::create(b, result, aTile, bTile, sums, ArrayRef<int64_t>{16, 8, 16},
                             /*b1Op=*/std::nullopt, /*intOverflow=*/std::nullopt,
                             std::array<NVVM::MMATypes, 2>{type, type},
                             std::array<NVVM::MMALayout, 2>{NVVM::MMALayout::row, NVVM::MMALayout::col});
}

/// Adds the products of one step to the sums.
SmallVector<Value> Emitter::multiply(Value stage, ValueRange sums) {
  SmallVector<Value> totals(sums);
  for (int64_t part = 0; part < shape.blockK / 16; ++part) {
    SmallVector<SmallVector<Value>> aTiles;
    for (int64_t i = 0; i < tilesDown(); ++i) {
      SmallVector<Value> tile = a->read(stage, i, part);
      for (Value &value : tile)
        value = toRegister(b, value);
      aTiles.push_back(tile);
    }
    for (auto [product, operand] : llvm::enumerate(right))
      for (int64_t j = 0; j < tilesAcross(); j += 2) {
        SmallVector<Value> pair = operand.read(stage, j / 2, part);
        for (Value &value : pair)
          value = toRegister(b, value);
        for (int64_t half = 0; half < 2; ++half)
          for (int64_t i = 0; i < tilesDown(); ++i) {
            auto part4 = MutableArrayRef(totals).slice(sumsOf(product, i, j + half), 4);
            Value result =
                multiplyTile(aTiles[i], ArrayRef(pair).slice(2 * half, 2), SmallVector<Value>(part4));
            for (auto [number, total] : llvm::enumerate(part4))
              total = LLVM::ExtractValueOp::create(b, result, number);
          }
      }
  }
  return totals;
}

/// A step has enough instructions to hide what a loop costs; several of them would not fit in the cache.
static void keepRolled(Operation *loop) {
  MLIRContext *context = loop->getContext();
  auto unroll =
      LLVM::LoopUnrollAttr::get(context, /*disable=*/BoolAttr::get(context, true), {}, {}, {}, {}, {}, {});
  auto annotation =
      LLVM::LoopAnnotationAttr::get(context, {}, {}, {}, unroll, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {});
  loop->setAttr(kLoopAnnotationAttr, annotation);
}

/// While a step is multiplied, the next ones are on their way: one barrier per step shows what has arrived to
/// all threads, and lets the stage that was read before be filled again.
SmallVector<Value> Emitter::loopOverK() {
  int64_t ahead = shape.stages - 1;
  for (int64_t step = 0; step < ahead; ++step)
    load(b.index(step), b.index(step));
  SmallVector<Value> zeros(sumsOf(view.getNumProducts(), 0, 0), b.real(b.getF32Type(), 0.0));
  auto body = [&](Value step, ValueRange sums) -> SmallVector<Value> {
    NVVM::CpAsyncWaitGroupOp::create(b, ahead - 1);
    b.barrier();
    Value next = b.add(step, b.index(ahead)), stages = b.index(shape.stages);
    load(next, arith::RemUIOp::create(b, next, stages));
    return multiply(arith::RemUIOp::create(b, step, stages), sums);
  };
  SmallVector<Value> sums = b.loop(b.index(0), steps, 1, zeros, body);
  keepRolled(sums.front().getDefiningOp());
  return sums;
}

/// Puts the sums of all threads side by side.
Value Emitter::storeSums(ValueRange totals) {
  b.barrier();
  auto space = gpu::AddressSpaceAttr::get(b.getContext(), gpu::AddressSpace::Workgroup);
  auto type = MemRefType::get({view.getNumProducts(), shape.blockRows, shape.getSumStride()}, b.getF32Type(),
                              MemRefLayoutAttrInterface(), space);
  Value sums = memref::ViewOp::create(b, type, memory, b.index(0), ValueRange());
  Value lane = b.lane(), four = b.index(4);
  Value inRow = b.add(warpRow, b.floorDiv(lane, four));
  Value inColumn = b.add(warpColumn, b.mul(arith::RemUIOp::create(b, lane, four), b.index(2)));
  auto pairType = VectorType::get({2}, b.getF32Type());
  for (int64_t product = 0; product < view.getNumProducts(); ++product)
    for (int64_t i = 0; i < tilesDown(); ++i)
      for (int64_t j = 0; j < tilesAcross(); ++j)
        for (int64_t half = 0; half < 2; ++half) {
          ValueRange two = totals.slice(sumsOf(product, i, j) + 2 * half, 2);
          SmallVector<Value> at{b.index(product), b.add(inRow, b.index(16 * i + 8 * half)),
                                b.add(inColumn, b.index(8 * j))};
          b.storeAligned(vector::FromElementsOp::create(b, pairType, SmallVector<Value>(two)), sums, at);
        }
  b.barrier();
  return sums;
}

void Emitter::writeOuts(Value sums) {
  Epilogue epilogue(b, writer, op, view, sums);
  int64_t width = epilogue.getWidth();
  auto divides = [](const LoopGroup &loops, int64_t block) {
    return !ShapedType::isDynamic(loops.extent) && loops.extent % block == 0;
  };
  b.distribute({b.index(shape.blockRows), b.index(shape.blockColumns)}, width, [&](ValueRange at) {
    Value row = b.add(row0, at[0]), column = b.add(column0, at[1]), inside = b.boolean(true);
    if (!divides(rows, shape.blockRows))
      inside = b.andI(inside, b.compare(arith::CmpIPredicate::ult, row, rows.total));
    if (!divides(columns, shape.blockColumns))
      inside = b.andI(inside, b.compare(arith::CmpIPredicate::ult, column, columns.total));
    b.ifThen(inside, [&] {
      Position here(position);
      setPosition(b, rows, row, here);
      setPosition(b, columns, column, here);
      epilogue.emit(here, at[0], at[1]);
    });
  });
}

/// On the host, before the kernel.
Value Emitter::countBlocks() {
  ImplicitLocOpBuilder host(op.getLoc(), op);
  auto count = [&](ArrayRef<unsigned> loops) -> Value {
    Value total = arith::ConstantIndexOp::create(host, 1);
    for (unsigned loop : loops) {
      Value size;
      for (const ContractionOperand *operand : {&view.spec.a, &view.spec.b[0]})
        if (int64_t dim = operand->dimOf(loop); dim >= 0 && !size)
          size = host.createOrFold<memref::DimOp>(
              op->getOperand(cast<BlockArgument>(operand->memref).getArgNumber()), dim);
      total = host.createOrFold<arith::MulIOp>(total, size);
    }
    return total;
  };
  auto blocks = [&](ArrayRef<unsigned> loops, int64_t block) -> Value {
    return host.createOrFold<arith::CeilDivUIOp>(count(loops), arith::ConstantIndexOp::create(host, block));
  };
  Value total = host.createOrFold<arith::MulIOp>(blocks(view.rows, shape.blockRows),
                                                 blocks(view.columns, shape.blockColumns));
  return host.createOrFold<arith::MulIOp>(total, count(view.batch));
}

void Emitter::emit() {
  placeBlock();
  createStages();
  writeOuts(storeSums(loopOverK()));
  writer.launch(countBlocks());
}

LogicalResult mma_sync::emitContraction(KernelOp op, const ContractionView &view, const Shape &shape,
                                        gpu::GPUModuleOp kernels) {
  ScatterCombineOp scatter = view.scatter;
  for (auto [number, value] : llvm::enumerate(op.getYielded())) {
    bool isScattered =
        scatter && value.getDefiningOp() == scatter && scatter.getOuts()[0] == op.getOutArguments()[number];
    if (!isScattered && (!value.getDefiningOp<linalg::LinalgOp>() || !view.loopsOf.contains(value)))
      return op.emitOpError("expected value ")
             << number << " of the region to be computed from the sums, or a scatter into its out";
  }
  Emitter(op, view, shape, kernels).emit();
  return success();
}

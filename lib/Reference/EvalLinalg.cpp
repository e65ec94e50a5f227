#include "InterpreterImpl.h"
#include "Parallel.h"
#include "Strided.h"

#include <cmath>
#include <limits>
#include <mutex>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::reference;

namespace {
/// How one operand of a linalg op is addressed from the loop indices.
struct Access {
  AffineMap map;
  SmallVector<int64_t> strides; ///< of the operand
  Tensor *tensor = nullptr;
  /// The position is base + sum of coefficients[d] * index[d]; else the map is evaluated for every element.
  bool isLinear = true;
  int64_t base = 0;
  SmallVector<int64_t> coefficients;

  /// Linear position for one point, or -1 when it is out of bounds.
  int64_t locate(ArrayRef<int64_t> point) const;
};

/// Walks the loops of a linalg op and runs its body on runs of elements along one parallel loop.
class LoopRunner {
public:
  LoopRunner(linalg::LinalgOp op, const ScalarProgram &program, LinalgOperands &operands, unsigned numInputs);

  /// Checks that every access stays inside its operand.
  LogicalResult checkBounds();
  /// Runs all points whose index in loop `splitDim` is in [begin, end).
  void run(int64_t begin, int64_t end, Lanes &lanes) const;
  /// A parallel loop that may be split among threads, or -1.
  int64_t splitDim = -1;

private:
  void runRun(MutableArrayRef<int64_t> point, int64_t count, Lanes &lanes) const;

  linalg::LinalgOp op;
  const ScalarProgram &program;
  LinalgOperands &operands;
  unsigned numInputs;
  SmallVector<Access> accesses;
  int64_t vectorDim = -1;
};
} // namespace

static int64_t evaluate(AffineExpr expr, ArrayRef<int64_t> point) {
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return point[dim.getPosition()];
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return constant.getValue();
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return -1;
  int64_t lhs = evaluate(binary.getLHS(), point), rhs = evaluate(binary.getRHS(), point);
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    return lhs + rhs;
  case AffineExprKind::Mul:
    return lhs * rhs;
  case AffineExprKind::FloorDiv:
    return rhs > 0 ? llvm::divideFloorSigned(lhs, rhs) : -1;
  case AffineExprKind::CeilDiv:
    return rhs > 0 ? llvm::divideCeilSigned(lhs, rhs) : -1;
  case AffineExprKind::Mod:
    return rhs > 0 ? llvm::mod(lhs, rhs) : -1;
  default:
    return -1;
  }
}

int64_t Access::locate(ArrayRef<int64_t> point) const {
  int64_t position = 0;
  for (auto [d, expr] : llvm::enumerate(map.getResults())) {
    int64_t index = evaluate(expr, point);
    if (index < 0 || index >= tensor->getDim(d))
      return -1;
    position += index * strides[d];
  }
  return position;
}

static bool isLinear(AffineExpr expr) {
  bool linear = true;
  expr.walk([&](AffineExpr part) {
    linear &= part.getKind() != AffineExprKind::FloorDiv && part.getKind() != AffineExprKind::CeilDiv &&
              part.getKind() != AffineExprKind::Mod;
  });
  return linear;
}

LoopRunner::LoopRunner(linalg::LinalgOp op, const ScalarProgram &program, LinalgOperands &operands,
                       unsigned numInputs)
    : op(op), program(program), operands(operands), numInputs(numInputs) {
  int64_t numLoops = operands.bounds.size();
  SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  for (int64_t d = 0; d < numLoops; ++d)
    if (iterators[d] == utils::IteratorType::parallel)
      vectorDim = d;
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  for (size_t i = 0; i < maps.size(); ++i) {
    AffineMap map = maps[i];
    Access access;
    access.map = map;
    access.tensor = &operands.tensors[i];
    access.strides = getStrides(access.tensor->getShape());
    access.isLinear = llvm::all_of(map.getResults(), isLinear);
    if (access.isLinear) {
      SmallVector<int64_t> point(numLoops, 0);
      auto position = [&] {
        int64_t sum = 0;
        for (auto [d, expr] : llvm::enumerate(map.getResults()))
          sum += evaluate(expr, point) * access.strides[d];
        return sum;
      };
      access.base = position();
      for (int64_t d = 0; d < numLoops; ++d) {
        point[d] = 1;
        access.coefficients.push_back(position() - access.base);
        point[d] = 0;
      }
    }
    accesses.push_back(std::move(access));
  }
  // Threads may share a parallel loop only when it tells their outputs apart.
  for (int64_t d = 0; d < numLoops && splitDim < 0; ++d) {
    bool separates =
        d != vectorDim && iterators[d] == utils::IteratorType::parallel && operands.bounds[d] > 1;
    for (AffineMap map : ArrayRef<AffineMap>(maps).drop_front(numInputs))
      separates &= map.isProjectedPermutation() && map.isFunctionOfDim(d);
    if (separates)
      splitDim = d;
  }
}

LogicalResult LoopRunner::checkBounds() {
  if (llvm::is_contained(operands.bounds, 0))
    return success();
  for (auto [i, access] : llvm::enumerate(accesses)) {
    for (auto [d, expr] : llvm::enumerate(access.map.getResults())) {
      int64_t extent = access.tensor->getDim(d);
      if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
        if (operands.bounds[dim.getPosition()] != extent)
          return op.emitOpError("has operands that do not fit: loop ")
                 << dim.getPosition() << " runs to " << operands.bounds[dim.getPosition()] << ", but operand "
                 << i << " is " << describe(*access.tensor);
        continue;
      }
      if (!isLinear(expr))
        continue;
      // A linear expression takes its extremes at corners.
      SmallVector<int64_t> point(operands.bounds.size(), 0);
      int64_t zero = evaluate(expr, point), low = zero, high = zero;
      for (size_t loop = 0; loop < point.size(); ++loop) {
        point[loop] = operands.bounds[loop] - 1;
        int64_t change = evaluate(expr, point) - zero;
        (change < 0 ? low : high) += change;
        point[loop] = 0;
      }
      if (low < 0 || high >= extent)
        return op.emitOpError("reaches index ")
               << (low < 0 ? low : high) << " in dimension " << d << " of operand " << i << ", which is "
               << describe(*access.tensor);
    }
  }
  return success();
}

void LoopRunner::runRun(MutableArrayRef<int64_t> point, int64_t count, Lanes &lanes) const {
  lanes.count = count;
  int64_t start = vectorDim >= 0 ? point[vectorDim] : 0;
  SmallVector<SmallVector<int64_t>> outputPositions;
  for (size_t i = 0; i < accesses.size(); ++i) {
    const Access &access = accesses[i];
    Register reg = program.arguments[i];
    bool isOutput = i >= numInputs;
    auto load = [&](int64_t lane, int64_t position) {
      if (reg.isFloat())
        lanes.floats(reg)[lane] = access.tensor->floats()[position];
      else
        lanes.ints(reg)[lane] = access.tensor->ints()[position];
    };
    SmallVector<int64_t> *positions = isOutput ? &outputPositions.emplace_back(count) : nullptr;
    if (access.isLinear) {
      int64_t position = access.base, stride = vectorDim >= 0 ? access.coefficients[vectorDim] : 0;
      for (size_t d = 0; d < point.size(); ++d)
        position += access.coefficients[d] * point[d];
      for (int64_t lane = 0; lane < count; ++lane, position += stride) {
        load(lane, position);
        if (isOutput)
          (*positions)[lane] = position;
      }
      continue;
    }
    for (int64_t lane = 0; lane < count; ++lane) {
      if (vectorDim >= 0)
        point[vectorDim] = start + lane;
      int64_t position = access.locate(point);
      if (position < 0) {
        lanes.fault = "an indexing map leaves its operand";
        lanes.faultOp = op;
        return;
      }
      load(lane, position);
      if (isOutput)
        (*positions)[lane] = position;
    }
    if (vectorDim >= 0)
      point[vectorDim] = start;
  }
  for (auto [dim, reg] : program.indices)
    for (int64_t lane = 0; lane < count; ++lane)
      lanes.ints(reg)[lane] = point[dim] + (dim == vectorDim ? lane : 0);
  program.run(lanes);
  if (lanes.fault)
    return;
  for (auto [o, reg] : llvm::enumerate(program.results)) {
    Tensor &output = *accesses[numInputs + o].tensor;
    // Unshared before the threads started.
    if (reg.isFloat()) {
      double *data = const_cast<double *>(output.floats());
      for (int64_t lane = 0; lane < count; ++lane)
        data[outputPositions[o][lane]] = lanes.floats(reg)[lane];
    } else {
      int64_t *data = const_cast<int64_t *>(output.ints());
      for (int64_t lane = 0; lane < count; ++lane)
        data[outputPositions[o][lane]] = lanes.ints(reg)[lane];
    }
  }
}

void LoopRunner::run(int64_t begin, int64_t end, Lanes &lanes) const {
  SmallVector<int64_t> low(operands.bounds.size(), 0), high(operands.bounds);
  if (splitDim >= 0) {
    low[splitDim] = begin;
    high[splitDim] = end;
  }
  SmallVector<int64_t> point = low;
  int64_t length = vectorDim >= 0 ? high[vectorDim] : 1;
  while (true) {
    for (int64_t at = 0; at < length && !lanes.fault; at += Lanes::kWidth) {
      if (vectorDim >= 0)
        point[vectorDim] = at;
      runRun(point, std::min(Lanes::kWidth, length - at), lanes);
    }
    if (lanes.fault)
      return;
    if (vectorDim >= 0)
      point[vectorDim] = 0;
    int64_t d = point.size() - 1;
    for (; d >= 0; --d) {
      if (d == vectorDim)
        continue;
      if (++point[d] < high[d])
        break;
      point[d] = low[d];
    }
    if (d < 0)
      return;
  }
}

bool mlir::colt5::reference::accumulatesInF32(linalg::LinalgOp op) {
  return op.getNumReductionLoops() > 0 && llvm::any_of(op.getRegionOutputArgs(), [](BlockArgument argument) {
           return argument.getType().isF16() || argument.getType().isBF16();
         });
}

LogicalResult Interpreter::runStructured(linalg::LinalgOp op, Frame &frame) {
  if (!op.hasPureTensorSemantics())
    return op.emitOpError("works on memrefs; the reference executes tensors only (stages input to tile)");
  unsigned numInputs = op.getNumDpsInputs();
  LinalgOperands operands;
  for (OpOperand &operand : op->getOpOperands())
    operands.tensors.push_back(op.isDpsInit(&operand) ? take(frame, operand) : get(frame, operand.get()));

  SmallVector<Attribute> extents, bounds;
  Builder builder(op.getContext());
  for (const Tensor &tensor : operands.tensors)
    for (int64_t extent : tensor.getShape())
      extents.push_back(builder.getIndexAttr(extent));
  // An op without loops has no map to them.
  AffineMap shapesToLoops = op.getShapesToLoopsMap();
  if (op.getNumLoops() > 0 && (!shapesToLoops || failed(shapesToLoops.constantFold(extents, bounds))))
    return op.emitOpError("has loop bounds that the reference cannot derive from its operands");
  for (Attribute bound : bounds)
    operands.bounds.push_back(std::max<int64_t>(cast<IntegerAttr>(bound).getInt(), 0));

  FailureOr<const ScalarProgram *> program = getBlockProgram(*op.getBlock());
  if (failed(program))
    return failure();
  LoopRunner runner(op, **program, operands, numInputs);
  if (failed(runner.checkBounds()))
    return failure();

  if (!llvm::is_contained(operands.bounds, 0) && !tryContraction(op, operands, options)) {
    int64_t total = 1;
    for (int64_t bound : operands.bounds)
      total *= bound;
    // Shared storage is copied now, not by several threads at once.
    for (Tensor &output : llvm::MutableArrayRef<Tensor>(operands.tensors).drop_front(numInputs)) {
      if (output.isFloat())
        output.mutableFloats();
      else
        output.mutableInts();
    }
    int64_t extent = runner.splitDim >= 0 ? operands.bounds[runner.splitDim] : 1;
    int64_t chunks = total < (1 << 16) ? 1 : std::min<int64_t>(extent, 16);
    std::mutex mutex;
    std::optional<Lanes> failed;
    parallelFor(chunks, chunks == 1 ? 1 : options.threads, [&](int64_t chunk) {
      Lanes lanes = (*program)->makeLanes();
      lanes.count = Lanes::kWidth;
      loadCaptures(**program, frame, lanes);
      runner.run(extent * chunk / chunks, extent * (chunk + 1) / chunks, lanes);
      if (!lanes.fault)
        return;
      std::lock_guard<std::mutex> lock(mutex);
      failed = lanes;
    });
    if (failed)
      return reportFault(*failed);
  }
  bool rounds = accumulatesInF32(op);
  for (auto [i, result] : llvm::enumerate(op->getResults()))
    if (mlir::failed(set(frame, result, std::move(operands.tensors[numInputs + i]), rounds)))
      return failure();
  return success();
}

/// exp(x - max) / sum along `dim`; a row that holds no finite number gives NaN, as the upstream
/// decomposition.
static Tensor softmax(const Tensor &input, int64_t dim) {
  Tensor result = input;
  double *data = result.mutableFloats();
  int64_t extent = input.getDim(dim), stride = getStrides(input.getShape())[dim];
  int64_t rows = extent == 0 ? 0 : input.getNumElements() / extent;
  for (int64_t row = 0; row < rows; ++row) {
    double *first = data + row / stride * stride * extent + row % stride;
    double largest = -std::numeric_limits<double>::infinity(), sum = 0.0;
    for (int64_t i = 0; i < extent; ++i)
      largest = std::fmax(largest, first[i * stride]);
    for (int64_t i = 0; i < extent; ++i)
      sum += first[i * stride] = std::exp(first[i * stride] - largest);
    for (int64_t i = 0; i < extent; ++i)
      first[i * stride] /= sum;
  }
  return result;
}

LogicalResult Interpreter::runSoftmax(linalg::SoftmaxOp op, Frame &frame) {
  if (!op.hasPureTensorSemantics())
    return op.emitOpError("works on memrefs; the reference executes tensors only (stages input to tile)");
  const Tensor &input = get(frame, op.getInput()), &output = get(frame, op.getOutput());
  if (!input.isFloat() || input.getShape() != output.getShape())
    return op.emitOpError("expects floating-point operands of one shape, found ")
           << describe(input) << " and " << describe(output);
  return set(frame, op->getResult(0), softmax(input, op.getDimension()), /*rounds=*/true);
}

Interpreter::Outcome Interpreter::runLinalg(Operation *op, Frame &frame) {
  if (auto structured = dyn_cast<linalg::LinalgOp>(op))
    return runStructured(structured, frame);
  if (auto softmaxOp = dyn_cast<linalg::SoftmaxOp>(op))
    return runSoftmax(softmaxOp, frame);
  return std::nullopt;
}

#include "BufferLifetimes.h"
#include "SampledSizes.h"
#include "colt5/Stages/Bufferize/Passes.h"
#include "colt5/Stages/Common/ModuleMachine.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"
#include "llvm/Support/CheckedArithmetic.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5VERIFYWORKSPACE
#include "colt5/Stages/Bufferize/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {

constexpr unsigned kNumSamples = 8;

/// Bytes from the start of the memory.
struct Range {
  int64_t begin, end;
  bool overlaps(const Range &other) const {
    return begin < other.end && other.begin < end && begin < end && other.begin < other.end;
  }
};

class Verifier {
public:
  Verifier(func::FuncOp func, func::FuncOp companion, bool perBlock)
      : func(func), companion(companion), perBlock(perBlock), buffers(findPlannedBuffers(func)) {}

  /// Whether every sample that could be computed keeps the rules.
  LogicalResult run();
  /// A buffer whose place could not be computed in any sample, or null.
  Operation *findUnchecked() const {
    auto found =
        llvm::find_if(buffers, [&](const PlannedBuffer &buffer) { return !checked.contains(buffer.view); });
    return found == buffers.end() ? nullptr : memref::ViewOp(found->view);
  }
  size_t numBuffers() const { return buffers.size(); }

private:
  LogicalResult check(unsigned sample, bool &isSampled);
  std::optional<Range> getRange(const PlannedBuffer &buffer, SampledSizes &sizes);
  /// The size of the memory, or nothing for one that no size is known of.
  std::optional<int64_t> getCapacity(const PlannedBuffer &buffer, SampledSizes &sizes, int64_t numThreads);
  LogicalResult reportOverlap(const PlannedBuffer &a, const Range &ra, const PlannedBuffer &b,
                              const Range &rb, StringRef when);

  func::FuncOp func, companion;
  bool perBlock;
  SmallVector<PlannedBuffer> buffers;
  llvm::SmallPtrSet<Operation *, 16> checked;
};

std::optional<Range> Verifier::getRange(const PlannedBuffer &buffer, SampledSizes &sizes) {
  memref::ViewOp view = buffer.view;
  auto type = cast<MemRefType>(view.getType());
  std::optional<int64_t> begin = sizes.get(view.getByteShift());
  std::optional<int64_t> bytes = DataLayout::closest(view).getTypeSize(type.getElementType()).getFixedValue();
  auto dynamic = view.getSizes().begin();
  for (int64_t size : type.getShape()) {
    std::optional<int64_t> known = ShapedType::isDynamic(size) ? sizes.get(*dynamic++) : size;
    if (!known || *known < 0 || !bytes)
      return std::nullopt;
    bytes = llvm::checkedMul(*bytes, *known);
  }
  std::optional<int64_t> end = begin && bytes ? llvm::checkedAdd(*begin, *bytes) : std::nullopt;
  return end ? std::optional<Range>({*begin, *end}) : std::nullopt;
}

std::optional<int64_t> Verifier::getCapacity(const PlannedBuffer &buffer, SampledSizes &sizes,
                                             int64_t numThreads) {
  auto type = cast<MemRefType>(buffer.memory.getType());
  if (type.hasStaticShape())
    return type.getNumElements();
  return companion ? sizes.call(companion, {perBlock ? 1 : numThreads}, 0) : std::nullopt;
}

LogicalResult Verifier::reportOverlap(const PlannedBuffer &a, const Range &ra, const PlannedBuffer &b,
                                      const Range &rb, StringRef when) {
  memref::ViewOp view = b.view;
  InFlightDiagnostic diag =
      view.emitError("this is a fault of colt5, please report it: the buffer lies in bytes ");
  diag << rb.begin << " to " << rb.end << " of its memory and overlaps another one " << when;
  memref::ViewOp other = a.view;
  diag.attachNote(other.getLoc()) << "which lies in bytes " << ra.begin << " to " << ra.end;
  return diag;
}

LogicalResult Verifier::check(unsigned sample, bool &isSampled) {
  int64_t numThreads = perBlock ? 0 : 3;
  SampledSizes first(func, sample, numThreads, /*lastThread=*/false);
  SampledSizes last(func, sample, numThreads, /*lastThread=*/true);
  SmallVector<std::optional<Range>> ranges, ofLast;
  for (const PlannedBuffer &buffer : buffers) {
    ranges.push_back(getRange(buffer, first));
    ofLast.push_back(getRange(buffer, last));
    if (!ranges.back() || !ofLast.back())
      continue;
    checked.insert(buffer.view);
    std::optional<int64_t> capacity = getCapacity(buffer, last, numThreads);
    memref::ViewOp view = buffer.view;
    const Range &range = *ofLast.back();
    bool isEmpty = range.begin == range.end;
    if (ranges.back()->begin < 0 || (!isEmpty && capacity && range.end > *capacity))
      return view.emitError("this is a fault of colt5, please report it: the buffer lies in bytes ")
             << range.begin << " to " << range.end << " of a memory of " << capacity.value_or(0) << " bytes";
  }
  isSampled = first.isSampled() || last.isSampled();
  for (auto [i, a] : llvm::enumerate(buffers)) {
    for (size_t j = 0; j <= i; ++j) {
      const PlannedBuffer &b = buffers[j];
      if (a.memory != b.memory || !ranges[i] || !ranges[j] || !ofLast[i] || !ofLast[j])
        continue;
      bool differ = i != j && a.isAliveWith(b);
      if (differ && ranges[i]->overlaps(*ranges[j]))
        return reportOverlap(b, *ranges[j], a, *ranges[i], "that is in use at the same time");
      // Iterations of a kernel run at the same time; what stands on the stack has a memory for each.
      bool isShared = a.kernel && a.kernel == b.kernel && isa<BlockArgument>(a.memory);
      bool isAlone = isShared && perBlock && first.countIterations(a.kernel) == 1;
      if (!isShared || isAlone)
        continue;
      if (ranges[i]->overlaps(*ofLast[j]) || ranges[j]->overlaps(*ofLast[i]))
        return reportOverlap(b, *ofLast[j], a, *ranges[i], "of another thread");
    }
  }
  return success();
}

LogicalResult Verifier::run() {
  bool isSampled = true;
  for (unsigned sample = 0; sample < kNumSamples && isSampled; ++sample)
    if (failed(check(sample, isSampled)))
      return failure();
  return success();
}

struct VerifyWorkspace : colt5::impl::Colt5VerifyWorkspaceBase<VerifyWorkspace> {
  using Base::Base;

  void runOnOperation() override {
    // On a GPU every iteration of a kernel has memory of its own.
    std::optional<Machine> machine = findMachineOf(getOperation());
    bool perBlock = machine && machine->isGPU();
    markAllAnalysesPreserved();
    SymbolTable symbols(getOperation());
    for (auto func : getOperation().getOps<func::FuncOp>()) {
      if (func.isDeclaration() || !func.isPublic())
        continue;
      Verifier verifier(func, symbols.lookup<func::FuncOp>(getWorkspaceSizeName(func.getName())), perBlock);
      if (failed(verifier.run()))
        return signalPassFailure();
      numBuffers += verifier.numBuffers();
      if (Operation *unchecked = verifier.findUnchecked()) {
        ++numUnmodelled;
        InFlightDiagnostic diag = func.emitWarning("the workspace of '")
                                  << func.getName() << "' was not verified";
        diag.attachNote(unchecked->getLoc()) << "the place of this buffer cannot be computed";
      }
    }
  }
};

} // namespace

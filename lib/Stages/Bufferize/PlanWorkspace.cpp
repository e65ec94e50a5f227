#include "colt5/Stages/Bufferize/Passes.h"
#include "colt5/Stages/Common/ModuleMachine.h"
#include "colt5/Stages/Input/SizeFunctions.h"

#include "EntrySizes.h"
#include "WorkspaceLayout.h"
#include "WorkspaceSizeFunction.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Dialect/Bufferization/Transforms/BufferViewFlowAnalysis.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"
#include "mlir/Interfaces/LoopLikeInterface.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5PLANWORKSPACE
#include "colt5/Stages/Bufferize/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

std::string colt5::getWorkspaceSizeName(StringRef name) { return (name + ".workspace_size").str(); }

namespace {

/// What the static sizes of one buffer may take, in bytes: offsets in the workspace stay far from 2^63.
constexpr int64_t kMaxBufferBytes = int64_t(1) << 56;

/// A size of the layout: `unitBytes` times a product of values at the function's entry.
struct Region {
  SmallVector<Value> factors;
};

/// The buffers of one memory: the workspace of the function, or the scratch memory of one kernel.
struct Arena {
  SmallVector<memref::AllocOp> allocs;
  SmallVector<BufferRequest> requests;
  /// First and last operation of the arena's block that uses the buffer.
  SmallVector<std::pair<Operation *, Operation *>> uses;
  SmallVector<Region> groups;
  WorkspaceLayout layout;

  bool isStatic() const {
    return llvm::all_of(groups, [](const Region &group) { return group.factors.empty(); });
  }
  int64_t getStaticBytes() const { return layout.groupBytes.empty() ? 0 : layout.groupBytes.front(); }
};

/// Plans one function.
class Planner {
public:
  Planner(func::FuncOp func, int64_t maxStackBytes, int64_t sharedBytes)
      : func(func), maxStackBytes(maxStackBytes), sharedBytes(sharedBytes), sizes(func), aliases(func) {}

  LogicalResult run();

  Value workspaceBytes, scratchBytes;
  int64_t numBuffers = 0, staticBytes = 0, numStack = 0;

private:
  LogicalResult collect();
  LogicalResult addBuffer(Arena &arena, memref::AllocOp alloc, Block *scope, bool inKernel);
  /// `bytes` units of the group, rounded up to the alignment, plus `depth` times the alignment.
  Value scale(int64_t bytes, int64_t depth, const Region &group);
  Value add(Value a, Value b);
  /// Offsets of all buffers from the start of the arena, and its size, as values at the entry.
  SmallVector<Value> materializeOffsets(Arena &arena, Value &bytes);
  void replace(memref::AllocOp alloc, Value memory, Value offset);
  /// Memory of one iteration of a kernel that no other running iteration sees.
  Value createLocalMemory(OpBuilder &builder, Location loc, int64_t bytes);
  /// An upper bound of the number of iterations of `kernel`, at the entry.
  FailureOr<Value> countBlocks(scf::ForallOp kernel);
  void remark(StringRef where, const Arena &arena);

  func::FuncOp func;
  int64_t maxStackBytes, sharedBytes;
  EntrySizes sizes;
  BufferViewFlowAnalysis aliases;
  Arena workspace;
  llvm::MapVector<scf::ForallOp, Arena> kernels;
};

/// The outermost scf.forall around `op`, or null.
scf::ForallOp getKernel(Operation *op) {
  scf::ForallOp kernel;
  for (Operation *parent = op->getParentOp(); parent; parent = parent->getParentOp())
    if (auto forall = dyn_cast<scf::ForallOp>(parent))
      kernel = forall;
  return kernel;
}

LogicalResult Planner::addBuffer(Arena &arena, memref::AllocOp alloc, Block *scope, bool inKernel) {
  MemRefType type = alloc.getType();
  if (!type.getLayout().isIdentity() || type.getMemorySpace())
    return alloc.emitOpError("expected a buffer with identity layout in the default memory space, found ")
           << type;

  BufferRequest request;
  DataLayout dataLayout = DataLayout::closest(alloc);
  request.bytes = dataLayout.getTypeSize(type.getElementType()).getFixedValue();
  bool isTooLarge = false;
  auto multiply = [&](int64_t size) {
    isTooLarge |= llvm::MulOverflow(request.bytes, size, request.bytes) || request.bytes > kMaxBufferBytes;
  };
  Region region;
  for (int64_t dim = 0, rank = type.getRank(); dim < rank; ++dim) {
    if (!type.isDynamicDim(dim)) {
      multiply(type.getDimSize(dim));
      continue;
    }
    Value size = alloc.getDynamicSizes()[type.getDynamicDimIndex(dim)];
    FailureOr<OpFoldResult> bound = sizes.getUpperBound(size, /*preferConstant=*/inKernel);
    if (failed(bound)) {
      InFlightDiagnostic diag =
          alloc.emitOpError("dimension ")
          << dim << " of this buffer has no upper bound that is known when the function starts; "
          << "let the size depend on shapes and scalar arguments only";
      diag.attachNote(size.getLoc()) << "this is the size";
      return diag;
    }
    if (std::optional<int64_t> constant = getConstantIntValue(*bound))
      multiply(*constant);
    else
      region.factors.push_back(cast<Value>(*bound));
  }
  if (isTooLarge)
    return alloc.emitOpError("expected a buffer with static sizes of at most 2^56 bytes, found ") << type;
  llvm::sort(region.factors, [](Value a, Value b) {
    auto key = [](Value v) {
      auto arg = dyn_cast<BlockArgument>(v);
      return arg ? std::make_pair(-1, arg.getArgNumber()) : std::make_pair(0, 0u);
    };
    if (a == b || key(a) != key(b))
      return key(a) < key(b);
    Operation *opA = a.getDefiningOp(), *opB = b.getDefiningOp();
    return opA && opB && opA != opB && opA->isBeforeInBlock(opB);
  });
  auto group =
      llvm::find_if(arena.groups, [&](const Region &other) { return other.factors == region.factors; });
  request.group = group - arena.groups.begin();
  if (group == arena.groups.end())
    arena.groups.push_back(region);

  // Program order within the scope; what happens inside nested regions counts as happening at the operation
  // that holds them, so a buffer used in a loop lives as long as the loop.
  Operation *first = nullptr, *last = nullptr;
  auto include = [&](Operation *user) {
    Operation *top = scope->findAncestorOpInBlock(*user);
    if (!top)
      return;
    first = !first || top->isBeforeInBlock(first) ? top : first;
    last = !last || last->isBeforeInBlock(top) ? top : last;
  };
  for (Value alias : aliases.resolve(alloc.getResult())) {
    if (auto result = dyn_cast<OpResult>(alias))
      if (isa<LoopLikeOpInterface>(result.getOwner()) && result.getOwner()->isProperAncestor(alloc))
        return alloc.emitOpError("this buffer, allocated in a loop, is still used after its iteration; "
                                 "carry a buffer allocated before the loop instead");
    for (Operation *user : alias.getUsers())
      if (user != alloc)
        include(user);
  }
  include(first ? first : alloc.getOperation());
  arena.uses.push_back({first, last});
  arena.allocs.push_back(alloc);
  arena.requests.push_back(request);
  ++numBuffers;
  return success();
}

LogicalResult Planner::collect() {
  // Group 0 of every arena is the static one.
  workspace.groups.emplace_back();
  WalkResult result = func.walk([&](memref::AllocOp alloc) -> WalkResult {
    scf::ForallOp kernel = getKernel(alloc);
    if (!kernel)
      return addBuffer(workspace, alloc, &func.front(), /*inKernel=*/false);
    Arena &arena = kernels[kernel];
    if (arena.groups.empty())
      arena.groups.emplace_back();
    return addBuffer(arena, alloc, kernel.getBody(), /*inKernel=*/true);
  });
  // Numbers are taken when nothing is inserted any more.
  auto number = [](Arena &arena, Block &block) {
    DenseMap<Operation *, int64_t> position;
    for (auto [index, op] : llvm::enumerate(block))
      position[&op] = index;
    for (auto [request, use] : llvm::zip_equal(arena.requests, arena.uses)) {
      request.begin = position.lookup(use.first);
      request.end = position.lookup(use.second);
    }
  };
  number(workspace, func.front());
  for (auto &[kernel, arena] : kernels)
    number(arena, *kernel.getBody());
  return failure(result.wasInterrupted());
}

Value Planner::add(Value a, Value b) {
  return arith::AddIOp::create(sizes.getBuilder(), sizes.getLoc(), a, b);
}

Value Planner::scale(int64_t bytes, int64_t depth, const Region &group) {
  auto constant = [&](int64_t value) { return sizes.materialize(sizes.getBuilder().getIndexAttr(value)); };
  if (group.factors.empty() || bytes == 0)
    return constant(llvm::alignTo(bytes, kBufferAlignment) + depth * kBufferAlignment);
  Value result = constant(bytes);
  for (Value factor : group.factors)
    result = arith::MulIOp::create(sizes.getBuilder(), sizes.getLoc(), result, factor);
  if (bytes % kBufferAlignment == 0)
    return depth ? add(result, constant(depth * kBufferAlignment)) : result;
  result = add(result, constant((depth + 1) * kBufferAlignment - 1));
  return arith::AndIOp::create(sizes.getBuilder(), sizes.getLoc(), result, constant(-kBufferAlignment));
}

SmallVector<Value> Planner::materializeOffsets(Arena &arena, Value &bytes) {
  arena.layout = planLayout(arena.requests, arena.groups.size());
  SmallVector<Value> starts;
  Value next = sizes.materialize(sizes.getBuilder().getIndexAttr(0));
  const WorkspaceLayout &layout = arena.layout;
  for (auto [group, size, depth] : llvm::zip_equal(arena.groups, layout.groupBytes, layout.groupDepths)) {
    starts.push_back(next);
    next = add(next, scale(size, depth, group));
  }
  bytes = next;
  SmallVector<Value> offsets;
  for (auto [request, offset, depth] : llvm::zip_equal(arena.requests, layout.offsets, layout.depths))
    offsets.push_back(add(starts[request.group], scale(offset, depth, arena.groups[request.group])));
  return offsets;
}

void Planner::replace(memref::AllocOp alloc, Value memory, Value offset) {
  OpBuilder builder(alloc);
  auto view = memref::ViewOp::create(builder, alloc.getLoc(), alloc.getType(), memory, offset,
                                     alloc.getDynamicSizes());
  alloc.replaceAllUsesWith(view.getResult());
  alloc.erase();
}

Value Planner::createLocalMemory(OpBuilder &builder, Location loc, int64_t bytes) {
  IntegerAttr alignment = builder.getI64IntegerAttr(kBufferAlignment);
  auto type = MemRefType::get({bytes}, builder.getI8Type());
  if (!sharedBytes)
    return memref::AllocaOp::create(builder, loc, type, alignment);
  auto space = gpu::AddressSpaceAttr::get(builder.getContext(), gpu::AddressSpace::Workgroup);
  auto sharedType = MemRefType::get({bytes}, builder.getI8Type(), MemRefLayoutAttrInterface(), space);
  Value shared = memref::AllocaOp::create(builder, loc, sharedType, alignment);
  return memref::MemorySpaceCastOp::create(builder, loc, type, shared);
}

FailureOr<Value> Planner::countBlocks(scf::ForallOp kernel) {
  OpBuilder builder(kernel);
  Location loc = kernel.getLoc();
  Value total = sizes.materialize(builder.getIndexAttr(1));
  for (auto [lower, upper, step] : llvm::zip_equal(kernel.getLowerBound(builder),
                                                   kernel.getUpperBound(builder), kernel.getStep(builder))) {
    Value distance = builder.createOrFold<arith::SubIOp>(loc, upper, lower);
    Value count = builder.createOrFold<arith::CeilDivSIOp>(loc, distance, step);
    FailureOr<OpFoldResult> bound = sizes.getUpperBound(count, /*preferConstant=*/false);
    if (failed(bound))
      return kernel.emitOpError(
          "the number of blocks of this kernel has no upper bound that is known when the "
          "function starts; let it depend on shapes and scalar arguments only");
    total = arith::MulIOp::create(sizes.getBuilder(), sizes.getLoc(), total, sizes.materialize(*bound));
  }
  return total;
}

void Planner::remark(StringRef where, const Arena &arena) {
  if (arena.allocs.empty())
    return;
  std::string text;
  llvm::raw_string_ostream os(text);
  os << func.getName() << ": " << where << " holds " << arena.allocs.size() << " buffers in "
     << arena.getStaticBytes() << " static bytes";
  for (auto [index, group] : llvm::enumerate(arena.groups))
    if (!group.factors.empty())
      os << " + " << arena.layout.groupBytes[index] << " bytes per unit of " << group.factors.size()
         << " dynamic sizes";
  os << ":";
  for (auto [alloc, request, offset] : llvm::zip_equal(arena.allocs, arena.requests, arena.layout.offsets))
    os << " " << alloc->getResult(0).getType() << " at " << offset
       << (arena.groups[request.group].factors.empty() ? "" : " units") << " alive [" << request.begin << ", "
       << request.end << "];";
  remark::analysis(func.getLoc(), remark::RemarkOpts::name("colt5-plan-workspace").category("workspace"))
      << text;
}

LogicalResult Planner::run() {
  func.walk([](memref::DeallocOp dealloc) { dealloc.erase(); });
  if (failed(collect()))
    return failure();

  SmallVector<Value> offsets = materializeOffsets(workspace, workspaceBytes);
  remark("workspace", workspace);
  staticBytes = workspace.getStaticBytes();
  scratchBytes = sizes.materialize(sizes.getBuilder().getIndexAttr(0));
  OpBuilder hidden(func.getContext());
  auto bytesType = MemRefType::get({ShapedType::kDynamic}, hidden.getI8Type());
  auto addArgument = [&](Type type, StringRef name) {
    return func.insertArgument(func.getNumArguments(), type,
                               hidden.getDictionaryAttr(hidden.getNamedAttr(name, hidden.getUnitAttr())),
                               func.getLoc());
  };
  if (failed(addArgument(bytesType, kWorkspaceAttr)) ||
      failed(addArgument(MemRefType::get({1}, hidden.getI32Type()), kErrorWordAttr)))
    return func.emitError("cannot add the workspace arguments");
  Value memory = func.getArgument(func.getNumArguments() - 2);

  for (auto &[kernel, arena] : kernels) {
    Value bytes;
    SmallVector<Value> inScratch = materializeOffsets(arena, bytes);
    remark("scratch memory of a kernel", arena);
    OpBuilder builder = OpBuilder::atBlockBegin(kernel.getBody());
    Location loc = kernel.getLoc();
    if (arena.isStatic() && arena.getStaticBytes() <= (sharedBytes ? sharedBytes : maxStackBytes)) {
      ++numStack;
      Value stack = createLocalMemory(builder, loc, arena.getStaticBytes());
      for (auto [alloc, offset] : llvm::zip_equal(arena.allocs, inScratch))
        replace(alloc, stack, offset);
      continue;
    }
    Value allBytes = bytes;
    if (sharedBytes) {
      FailureOr<Value> blocks = countBlocks(kernel);
      if (failed(blocks))
        return failure();
      allBytes = arith::MulIOp::create(sizes.getBuilder(), sizes.getLoc(), bytes, *blocks);
    }
    scratchBytes = arith::MaxSIOp::create(sizes.getBuilder(), sizes.getLoc(), scratchBytes, allBytes);
    Value thread = ThreadIdOp::create(builder, loc, builder.getIndexType());
    Value start = arith::AddIOp::create(builder, loc, workspaceBytes,
                                        arith::MulIOp::create(builder, loc, thread, bytes));
    // All offsets first: the builder stands before an operation that may be an allocation.
    for (Value &offset : inScratch)
      offset = arith::AddIOp::create(builder, loc, start, offset);
    for (auto [alloc, offset] : llvm::zip_equal(arena.allocs, inScratch))
      replace(alloc, memory, offset);
  }
  for (auto [alloc, offset] : llvm::zip_equal(workspace.allocs, offsets))
    replace(alloc, memory, offset);
  return success();
}

struct PlanWorkspace : colt5::impl::Colt5PlanWorkspaceBase<PlanWorkspace> {
  using Base::Base;

  void runOnOperation() override {
    std::optional<Machine> machine = findMachineOf(getOperation());
    bool isGPU = machine && machine->isGPU();
    SymbolTable symbols(getOperation());
    for (auto func : llvm::to_vector(getOperation().getOps<func::FuncOp>())) {
      if (func.isDeclaration())
        continue;
      if (!func.isPublic()) {
        WalkResult result = func.walk([&](memref::AllocOp alloc) {
          alloc.emitOpError("expected no allocation in a private function: ")
              << (func->hasAttr(kCompanionAttr) ? "the sizes of the results depend on data"
                                                : "recursive functions cannot use the workspace");
          return WalkResult::interrupt();
        });
        if (result.wasInterrupted())
          return signalPassFailure();
        continue;
      }
      Planner planner(func, maxStackBytes, isGPU ? machine->sharedBytes : 0);
      if (failed(planner.run()) ||
          failed(emitWorkspaceSizeFunction(symbols, func, planner.workspaceBytes, planner.scratchBytes)))
        return signalPassFailure();
      numBuffers += planner.numBuffers;
      numStatic += planner.staticBytes;
      numStack += planner.numStack;
    }
  }
};

} // namespace

// The contract of every stage: what users read, and the check of it.
#include "colt5/Dialect/Colt5/Transforms/StageContracts.h"

#include "KernelMemory.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Dialect/Colt5/Transforms/Accumulators.h"
#include "colt5/Dialect/Colt5/Transforms/Decompose.h"
#include "colt5/Dialect/Colt5/Transforms/Interface.h"
#include "colt5/Dialect/Colt5/Transforms/KernelCost.h"
#include "colt5/Dialect/Colt5/Transforms/KernelFamilies.h"
#include "colt5/Dialect/Colt5/Transforms/Kernels.h"
#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Interfaces/ShapedOpInterfaces.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace mlir::colt5;

/// Runs `check` on every op under `root`; every op that fails has been reported.
static LogicalResult checkEvery(Operation *root, function_ref<LogicalResult(Operation *)> check) {
  bool failedAny = false;
  root->walk([&](Operation *op) { failedAny |= failed(check(op)); });
  return failure(failedAny);
}

/// An op that does the work of a kernel, on tensors or memrefs: linalg, or a primitive or composite of colt5.
static bool isWorkOp(Operation *op) {
  if (isa<LaunchOp>(op)) // a finished kernel
    return false;
  return isa<linalg::LinalgOp, linalg::AggregatedOpInterface>(op) ||
         (isa<DestinationStyleOpInterface>(op) && isa_and_nonnull<Colt5Dialect>(op->getDialect())) ||
         isa<ParallelScatterOp>(op);
}

//===----------------------------------------------------------------------===//
// input, decompose
//===----------------------------------------------------------------------===//

/// Nothing is accumulated in a type that would round every partial result.
static LogicalResult checkAccumulators(Operation *op) {
  if (auto scatter = dyn_cast<ScatterCombineOp>(op))
    return checkRepeatedRows(scatter);
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  for (unsigned output = 0; linalgOp && output < linalgOp.getNumDpsInits(); ++output)
    if (roundsPartialResults(linalgOp, output))
      return op->emitOpError("accumulates in ") << linalgOp.getRegionOutputArgs()[output].getType()
                                                << ", expected f32; run colt5-widen-accumulators";
  return success();
}

/// Sizes in bytes must not overflow 64 bits later.
static LogicalResult checkElementCount(Operation *op) {
  constexpr int64_t kLimit = int64_t(1) << 48;
  auto check = [&](Type type) -> LogicalResult {
    auto shaped = dyn_cast<ShapedType>(type);
    if (!shaped || !shaped.hasRank())
      return success();
    int64_t count = 1;
    for (int64_t size : shaped.getShape()) {
      if (size <= 0) // dynamic or empty
        continue;
      if (size > kLimit / count)
        return op->emitOpError("has a value of type ") << type << ", expected at most 2^48 elements";
      count *= size;
    }
    return success();
  };
  if (auto function = dyn_cast<FunctionOpInterface>(op))
    for (Type type : function.getArgumentTypes())
      if (failed(check(type)))
        return failure();
  for (Type type : op->getResultTypes())
    if (failed(check(type)))
      return failure();
  return success();
}

/// A function works on tensors and scalars, and what stands beside its arguments says what they are called.
static LogicalResult checkFunction(FunctionOpInterface function) {
  auto check = [&](const Twine &place, Type type, DictionaryAttr attrs) -> LogicalResult {
    if (isa<BaseMemRefType>(type))
      return function.emitOpError() << place << ": expected a tensor or a scalar, found " << type
                                    << "; buffers come after stage bufferize";
    for (NamedAttribute attr : attrs ? attrs : DictionaryAttr::get(function.getContext()))
      if (StringRef name = attr.getName();
          name.starts_with("colt5.") && name != kNameAttr && name != kSizesAttr && name != kSizeAttr)
        return function.emitOpError() << place << ": expected " << kNameAttr << ", " << kSizesAttr << " or "
                                      << kSizeAttr << ", found " << name;
    return success();
  };
  for (auto [i, type] : llvm::enumerate(function.getArgumentTypes()))
    if (failed(check("argument #" + Twine(i), type, function.getArgAttrDict(i))))
      return failure();
  for (auto [i, type] : llvm::enumerate(function.getResultTypes()))
    if (failed(check("result #" + Twine(i), type, function.getResultAttrDict(i))))
      return failure();
  return success();
}

/// Attributes of colt5 are a closed list, as options are: what nobody reads is a mistake.
static LogicalResult checkAttributes(Operation *op) {
  static const StringRef ofLoop[] = {kFamilyAttr, kBytesAttr, kMinBytesAttr, kFlopsAttr};
  for (NamedAttribute attr : op->getDiscardableAttrs()) {
    StringRef name = attr.getName();
    bool isKnown = name == kPlanAttrName || name == kPartAttrName ||
                   (isKernelLoop(op) && llvm::is_contained(ofLoop, name));
    if (name.starts_with("colt5.") && !isKnown)
      return op->emitOpError("expected ")
             << kPlanAttrName << " or " << kPartAttrName << " among its attributes, found " << name
             << ", which nothing reads";
  }
  return success();
}

/// Upstream accepts a constant number of a dimension that is not there.
static LogicalResult checkDim(Operation *op) {
  auto dim = dyn_cast<ShapedDimOpInterface>(op);
  auto type = dim ? dyn_cast<ShapedType>(dim.getShapedValue().getType()) : ShapedType();
  if (!type || !type.hasRank())
    return success();
  std::optional<int64_t> index = getConstantIntValue(dim.getDimension());
  if (index ? *index >= 0 && *index < type.getRank() : type.getRank() > 0)
    return success();
  InFlightDiagnostic diag = op->emitOpError("expected a dimension of ") << type;
  if (type.getRank() > 0)
    diag << ", 0 to " << type.getRank() - 1;
  else
    diag << ", which has none";
  if (index)
    diag << ", found " << *index;
  return diag;
}

static LogicalResult checkInput(Operation *root) {
  if (failed(checkInterface(root)) || failed(checkPlacesOfPlans(root, /*isDecomposed=*/false)))
    return failure();
  return checkEvery(root, [](Operation *op) -> LogicalResult {
    auto function = dyn_cast<func::FuncOp>(op);
    return failure((function && failed(checkFunction(function))) || failed(checkDim(op)) ||
                   failed(checkElementCount(op)) || failed(checkAttributes(op)));
  });
}

static LogicalResult checkDecompose(Operation *root) {
  return checkEvery(root, [](Operation *op) -> LogicalResult {
    if (isa<linalg::AggregatedOpInterface>(op))
      return op->emitOpError("is a composite op, expected primitives and linalg only; run colt5-decompose");
    return checkAccumulators(op);
  });
}

//===----------------------------------------------------------------------===//
// plan, tile
//===----------------------------------------------------------------------===//

static bool isMapped(scf::ForallOp forall) { return forall.getMapping() && !forall.getMapping()->empty(); }

static bool isInMappedForall(Operation *op) {
  for (auto forall = op->getParentOfType<scf::ForallOp>(); forall;
       forall = forall->getParentOfType<scf::ForallOp>())
    if (isMapped(forall))
      return true;
  return false;
}

static LogicalResult checkFunctionPlan(Operation *function) {
  struct Kernel {
    Operation *first = nullptr;
    unsigned numRoots = 0;
  };
  llvm::MapVector<int64_t, Kernel> kernels;
  LogicalResult result = checkEvery(function, [&](Operation *op) -> LogicalResult {
    auto plan = getPlan(op);
    if (plan && failed(checkPlanOf(op, /*target=*/nullptr)))
      return failure();
    // A loop that the user wrote is a kernel already.
    if (!isWorkOp(op) || isInMappedForall(op))
      return success();
    if (!plan)
      return op->emitOpError("has no plan, expected a #colt5.plan attribute 'colt5.plan'; run colt5-plan");
    Kernel &kernel = kernels[plan.getKernel()];
    if (!kernel.first)
      kernel.first = op;
    if (plan.getRole() == KernelRole::Root && ++kernel.numRoots > 1)
      return op->emitOpError("is a second root of kernel ") << plan.getKernel() << ", expected exactly one";
    return success();
  });
  for (auto &[number, kernel] : kernels)
    if (kernel.numRoots == 0)
      result = kernel.first->emitOpError("belongs to kernel ")
               << number << ", which has no root, expected exactly one";
  return result;
}

static LogicalResult checkPlan(Operation *root) {
  if (isa<FunctionOpInterface>(root))
    return checkFunctionPlan(root);
  bool failedAny = false;
  root->walk([&](FunctionOpInterface function) { failedAny |= failed(checkFunctionPlan(function)); });
  return failure(failedAny);
}

/// Whether every pair of iterations of `forall` that differ in a loop with more than one iteration insert at
/// different offsets, as far as the offsets tell: each such loop must appear in one of them.
static LogicalResult checkInsert(scf::ForallOp forall, tensor::ParallelInsertSliceOp insert) {
  llvm::SetVector<Value> used;
  for (OpFoldResult offset : insert.getMixedOffsets()) {
    auto value = dyn_cast<Value>(offset);
    if (!value)
      continue;
    used.insert(value);
    SetVector<Operation *> slice;
    BackwardSliceOptions options;
    options.inclusive = true;
    options.omitBlockArguments = true;
    if (succeeded(getBackwardSlice(value, &slice, options)))
      for (Operation *op : slice)
        used.insert(op->operand_begin(), op->operand_end());
  }
  SmallVector<OpFoldResult> lower = forall.getMixedLowerBound(), upper = forall.getMixedUpperBound(),
                            steps = forall.getMixedStep();
  for (auto [dim, iv] : llvm::enumerate(forall.getInductionVars())) {
    std::optional<int64_t> lo = getConstantIntValue(lower[dim]), hi = getConstantIntValue(upper[dim]),
                           step = getConstantIntValue(steps[dim]);
    bool runsOnce = lo && hi && step && *hi - *lo <= *step;
    if (!runsOnce && !used.contains(iv))
      return insert.emitOpError("inserts at offsets that do not depend on loop ")
             << dim << " of its scf.forall, so that its iterations overlap; expected disjoint slices or "
             << "colt5.parallel_scatter";
  }
  return success();
}

/// The blocks of a kernel are numbered along its loops, the first loop first.
static LogicalResult checkMapping(scf::ForallOp forall) {
  for (auto [dim, attr] :
       llvm::enumerate(forall.getMapping() ? forall.getMapping()->getValue() : ArrayRef<Attribute>()))
    if (auto tile = dyn_cast<TileMappingAttr>(attr); tile && tile.getDim() != int64_t(dim))
      return forall.emitOpError("expected loop ")
             << dim << " to be mapped to #colt5.tile<" << dim << ">, found " << tile
             << "; put the loops into the order of their mapping";
  return success();
}

static LogicalResult checkTile(Operation *root) {
  return checkEvery(root, [](Operation *op) -> LogicalResult {
    if (getPlan(op) && failed(checkPlanOf(op, /*target=*/nullptr)))
      return failure();
    if (auto forall = dyn_cast<scf::ForallOp>(op)) {
      if (!isMapped(forall) && !isInMappedForall(op))
        return op->emitOpError("is not mapped, expected a mapping [#colt5.tile<0>, ...]");
      if (failed(checkMapping(forall)))
        return failure();
      for (Operation &inner : *forall.getTerminator().getBody())
        if (auto insert = dyn_cast<tensor::ParallelInsertSliceOp>(inner))
          if (failed(checkInsert(forall, insert)))
            return failure();
      return success();
    }
    if (isWorkOp(op) && !isInMappedForall(op))
      return op->emitOpError(
          "is outside of every kernel, expected it inside a mapped scf.forall; run colt5-tile");
    return success();
  });
}

//===----------------------------------------------------------------------===//
// bufferize, lower, llvm
//===----------------------------------------------------------------------===//

static LogicalResult checkBufferize(Operation *root) {
  auto isTensor = [](Type type) { return isa<TensorType>(type); };
  return checkEvery(root, [&](Operation *op) -> LogicalResult {
    if (auto function = dyn_cast<FunctionOpInterface>(op))
      if (llvm::any_of(function.getArgumentTypes(), isTensor) ||
          llvm::any_of(function.getResultTypes(), isTensor))
        return op->emitOpError("has a tensor in its type ")
               << function.getFunctionType() << ", expected buffers only";
    for (Type type : op->getResultTypes())
      if (isTensor(type))
        return op->emitOpError("yields a tensor of type ")
               << type << ", expected buffers only; run colt5-bufferize";
    for (Region &region : op->getRegions())
      for (Block &block : region)
        for (Type type : block.getArgumentTypes())
          if (isTensor(type) && !isa<FunctionOpInterface>(op))
            return op->emitOpError("has a region argument of type ") << type << ", expected buffers only";
    if (isa<memref::AllocOp, memref::ReallocOp>(op))
      return op->emitOpError(
          "allocates on the heap, expected a slice of the workspace; run colt5-plan-workspace");
    if (auto alloca = dyn_cast<memref::AllocaOp>(op); alloca && !alloca.getType().hasStaticShape())
      return op->emitOpError("puts a buffer of dynamic shape ")
             << alloca.getType() << " on the stack, expected a static shape or a slice of the workspace";
    return success();
  });
}

static LogicalResult checkLower(Operation *root) {
  return checkEvery(root, [](Operation *op) -> LogicalResult {
    if (isWorkOp(op))
      return op->emitOpError("has not been lowered, expected loops; no lowering of stage 'lower' matched it");
    return success();
  });
}

static LogicalResult checkLlvmOp(Operation *op) {
  static const StringRef allowed[] = {"memcpy", "memset", "memmove"};
  if (!isa_and_nonnull<LLVM::LLVMDialect>(op->getDialect()) && !isa<ModuleOp>(op))
    return op->emitOpError("is not an op of the LLVM dialect");
  if (auto function = dyn_cast<LLVM::LLVMFuncOp>(op))
    if (function.isExternal() && !llvm::is_contained(allowed, function.getName()))
      return op->emitOpError("needs the external symbol '")
             << function.getName() << "', expected none but memcpy, memset and memmove";
  if (auto global = dyn_cast<LLVM::GlobalOp>(op))
    if (!global.getValueAttr() && global.getInitializerRegion().empty() &&
        global.getLinkage() == LLVM::Linkage::External)
      return op->emitOpError("needs the external variable '") << global.getSymName() << "', expected none";
  return success();
}

static LogicalResult checkLlvm(Operation *root) { return checkEvery(root, checkLlvmOp); }

//===----------------------------------------------------------------------===//
// build, gpu, nvvm, binary
//===----------------------------------------------------------------------===//

/// A kernel that is finished holds no op that stands for work to come; `checkTile` finds compute ops.
static LogicalResult checkFinished(gpu::GPUFuncOp kernel) {
  return checkEvery(kernel, [&](Operation *op) -> LogicalResult {
    if (isa<scf::ForallOp, LaunchOp>(op))
      return op->emitOpError("is inside the kernel '")
             << kernel.getName() << "', expected a finished gpu.func";
    return success();
  });
}

static LogicalResult checkBuildOp(Operation *op) {
  if (auto kernel = dyn_cast<gpu::GPUFuncOp>(op))
    return checkFinished(kernel);
  if (isa<LaunchOp>(op) && isInMappedForall(op))
    return op->emitOpError("is inside a kernel, expected kernels not to nest");
  PlanAttr plan = getPlan(op);
  if (isKernelLoop(op) && plan && isBuilderFamily(plan.getFamily()))
    return op->emitOpError("is a loop of the builder family ")
           << stringifyKernelFamily(plan.getFamily())
           << ", expected a colt5.launch of its kernel; run colt5-build-kernels";
  return success();
}

static LogicalResult checkBuild(Operation *root) {
  LogicalResult built = checkEvery(root, checkBuildOp);
  return failure(failed(checkTile(root)) || failed(built));
}

static LogicalResult checkGpu(Operation *root) {
  return checkEvery(root, [](Operation *op) -> LogicalResult {
    if (isa<scf::ForallOp, LaunchOp, ThreadIdOp>(op))
      return op->emitOpError("is left after stage gpu, expected gpu.launch_func; run colt5-outline-gpu");
    if (op->hasAttr("colt5.plan"))
      return op->emitOpError("still carries a plan, expected none after stage gpu");
    if (auto launch = dyn_cast<gpu::LaunchFuncOp>(op))
      return checkKernelMemory(launch);
    bool onDevice = op->getParentOfType<gpu::GPUModuleOp>() != nullptr;
    bool touchesData =
        isa<memref::LoadOp, memref::StoreOp, memref::CopyOp, memref::AtomicRMWOp>(op) || isWorkOp(op);
    if (!onDevice && touchesData)
      return op->emitOpError("computes on device memory in host code, expected it in a kernel");
    if (!onDevice && isa<gpu::ThreadIdOp, gpu::BlockIdOp, gpu::BarrierOp, gpu::ShuffleOp>(op))
      return op->emitOpError("is in host code, expected it in a kernel");
    if (onDevice && isa<memref::AllocOp>(op))
      return op->emitOpError("allocates on the heap of the device, expected shared memory or the workspace");
    return success();
  });
}

static LogicalResult checkDeviceOp(Operation *op) {
  if (isa_and_nonnull<LLVM::LLVMDialect, NVVM::NVVMDialect>(op->getDialect()))
    return success();
  return op->emitOpError("is not an op of the llvm or nvvm dialect");
}

static LogicalResult checkNvvm(Operation *root) {
  bool failedAny = false;
  root->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (auto kernels = dyn_cast<gpu::GPUModuleOp>(op)) {
      kernels.walk([&](Operation *inner) { failedAny |= inner != kernels && failed(checkDeviceOp(inner)); });
      return WalkResult::skip();
    }
    failedAny |= failed(checkLlvmOp(op));
    return WalkResult::advance();
  });
  return failure(failedAny);
}

static LogicalResult checkBinary(Operation *root) {
  bool failedAny = false;
  root->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa<gpu::GPUModuleOp>(op)) {
      failedAny |= failed(op->emitOpError("is left after stage binary, expected gpu.binary"));
      return WalkResult::skip();
    }
    auto binary = dyn_cast<gpu::BinaryOp>(op);
    bool holdsPtx =
        binary && llvm::any_of(binary.getObjects().getAsRange<gpu::ObjectAttr>(), [](gpu::ObjectAttr object) {
          return object.getFormat() == gpu::CompilationTarget::Assembly;
        });
    if (binary && !holdsPtx)
      failedAny |= failed(op->emitOpError("holds no PTX, expected an assembly object"));
    failedAny |= !binary && failed(checkLlvmOp(op));
    return WalkResult::advance();
  });
  return failure(failedAny);
}

ArrayRef<StageContract> colt5::getStageContracts() {
  static const StageContract contracts[] = {
      {"input",
       "parses and verifies; C code can call its public functions; functions of tensors and scalars; every "
       "dimension that is asked for is there; at most 2^48 elements per value; every attribute of colt5 is "
       "where something reads it",
       checkInput},
      {"decompose", "no composite op; partial results of sums and scatters are not rounded to 16 bits",
       checkDecompose},
      {"plan",
       "every compute op outside of a mapped scf.forall carries a plan; every kernel has exactly one root; a "
       "plan asks for nothing that no family honours",
       checkPlan},
      {"tile", "every compute op is inside a mapped scf.forall; no two iterations insert into the same place",
       checkTile},
      {"bufferize", "no tensor type; no heap allocation; stack buffers have a static shape", checkBufferize},
      {"lower", "no linalg and no colt5 compute op", checkLower},
      {"llvm", "only the LLVM dialect; no external symbol but memcpy, memset and memmove", checkLlvm},
      {"build",
       "no kernel of a builder family is a loop; each is a colt5.launch of a finished gpu.func; kernels do "
       "not nest; every other compute op as after tile",
       checkBuild},
      {"gpu",
       "compute only in gpu.module; no scf.forall, no colt5.launch and no plan; kernels get device memory "
       "only",
       checkGpu},
      {"nvvm",
       "device code is llvm and nvvm only; host code is LLVM only and calls no external symbol but memcpy, "
       "memset and memmove",
       checkNvvm},
      {"binary",
       "no gpu.module; its place takes a gpu.binary with the PTX of the chip; host code as after nvvm",
       checkBinary}};
  return contracts;
}

const StageContract *colt5::findStageContract(StringRef stage) {
  ArrayRef<StageContract> contracts = getStageContracts();
  const StageContract *found =
      llvm::find_if(contracts, [&](const StageContract &contract) { return contract.stage == stage; });
  return found == contracts.end() ? nullptr : found;
}

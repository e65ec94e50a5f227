#include "colt5/Codegen/Common/Outlining.h"
#include "colt5/Codegen/GPU/BlockBuilder.h"
#include "colt5/Codegen/GPU/KernelArguments.h"
#include "colt5/Codegen/GPU/Passes.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Stages/Bufferize/Passes.h"
#include "colt5/Stages/Plan/KernelCost.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Transforms/RegionUtils.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5OUTLINEGPU
#include "colt5/Codegen/GPU/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

gpu::GPUModuleOp colt5::getOrCreateKernelModule(ModuleOp module) {
  if (auto found = module.lookupSymbol<gpu::GPUModuleOp>(kKernelModuleName))
    return found;
  OpBuilder builder = OpBuilder::atBlockBegin(module.getBody());
  module->setAttr(gpu::GPUDialect::getContainerModuleAttrName(), builder.getUnitAttr());
  return gpu::GPUModuleOp::create(builder, module.getLoc(), kKernelModuleName);
}

namespace {

/// The operations that make `value` from a constant of the module, the constant first; empty when it comes
/// from anything else.
SmallVector<Operation *> traceConstant(Value value) {
  SmallVector<Operation *> chain;
  for (Operation *def = value.getDefiningOp(); def;) {
    chain.push_back(def);
    if (isa<memref::GetGlobalOp>(def)) {
      std::reverse(chain.begin(), chain.end());
      return chain;
    }
    auto view = dyn_cast<ViewLikeOpInterface>(def);
    def = view ? view.getViewSource().getDefiningOp() : nullptr;
  }
  return {};
}

/// What a kernel has to be handed for `value`: for a view of a constant, which it makes itself, sizes and
/// offsets.
SmallVector<Value> getCaptures(Value value, ArrayRef<Operation *> constant) {
  if (constant.empty())
    return {value};
  SmallVector<Value> captures;
  for (Operation *op : constant)
    for (Value operand : op->getOperands())
      if (!isRematerializable(operand.getDefiningOp()) &&
          !llvm::is_contained(constant, operand.getDefiningOp()))
        captures.push_back(operand);
  return captures;
}

/// Makes `value` from a constant of the kernel module; `mapping` has the captures.
Value rebuildConstant(OpBuilder &builder, Value value, ArrayRef<Operation *> constant, IRMapping &mapping) {
  for (Operation *op : constant) {
    for (Value operand : op->getOperands())
      if (!mapping.contains(operand))
        builder.clone(*operand.getDefiningOp(), mapping);
    builder.clone(*op, mapping);
  }
  return mapping.lookup(value);
}

/// Views of constants move into the kernel: their memory is the kernel module's, not the host's.
void sinkConstants(scf::ForallOp forall) {
  SetVector<Value> used;
  getUsedValuesDefinedAbove(forall.getRegion(), used);
  OpBuilder builder = OpBuilder::atBlockBegin(forall.getBody());
  for (Value value : used) {
    SmallVector<Operation *> constant = traceConstant(value);
    if (constant.size() < 2)
      continue;
    IRMapping mapping;
    for (Operation *op : constant)
      builder.clone(*op, mapping);
    replaceAllUsesInRegionWith(value, mapping.lookup(value), forall.getRegion());
  }
}

class Outliner {
public:
  Outliner(ModuleOp module, func::FuncOp func)
      : module(module), func(func), kernels(getOrCreateKernelModule(module)), symbols(kernels) {}

  LogicalResult outline(scf::ForallOp forall);
  LogicalResult outline(LaunchOp launch);

  /// Launches of kernels that a family wrote, with the names that it gave them.
  SmallVector<std::pair<gpu::LaunchFuncOp, std::string>> named;

private:
  gpu::GPUFuncOp createKernel(Location loc, ArrayRef<Type> parameters, int64_t threads);
  gpu::LaunchFuncOp launchKernel(ImplicitLocOpBuilder &b, gpu::GPUFuncOp kernel, ArrayRef<Value> grid,
                                 ArrayRef<Value> parameters);
  /// The module-level constants that `kernel` names, also in the kernel module.
  void importGlobals(gpu::GPUFuncOp kernel);

  ModuleOp module;
  func::FuncOp func;
  gpu::GPUModuleOp kernels;
  SymbolTable symbols;
};

gpu::GPUFuncOp Outliner::createKernel(Location loc, ArrayRef<Type> parameters, int64_t threads) {
  OpBuilder builder(module.getContext());
  std::string name = func.getName().str();
  for (char &c : name)
    if (!llvm::isAlnum(c))
      c = '_';
  // PTX takes no dots in names, which symbol tables add to make names differ.
  unsigned number = 0;
  std::string unique;
  do {
    unique = name + "_kernel" + std::to_string(number++);
  } while (symbols.lookup(unique));
  auto kernel = gpu::GPUFuncOp::create(builder, loc, unique, builder.getFunctionType(parameters, {}));
  kernel->setAttr(gpu::GPUDialect::getKernelFuncAttrName(), builder.getUnitAttr());
  kernel.setKnownBlockSize(ArrayRef<int32_t>{static_cast<int32_t>(threads), 1, 1});
  symbols.insert(kernel);
  return kernel;
}

void Outliner::importGlobals(gpu::GPUFuncOp kernel) {
  kernel.walk([&](memref::GetGlobalOp op) {
    if (symbols.lookup(op.getName()))
      return;
    auto global = module.lookupSymbol<memref::GlobalOp>(op.getNameAttr());
    Operation *copy = global->clone();
    kernels.getBody()->push_front(copy);
    symbols.insert(copy);
  });
}

gpu::LaunchFuncOp Outliner::launchKernel(ImplicitLocOpBuilder &b, gpu::GPUFuncOp kernel, ArrayRef<Value> grid,
                                         ArrayRef<Value> parameters) {
  Value one = arith::ConstantIndexOp::create(b, 1), zero = arith::ConstantIndexOp::create(b, 0);
  SmallVector<Value> sizes(grid);
  Value isEmpty;
  for (Value size : grid) {
    if (getConstantIntValue(size).value_or(0) > 0)
      continue;
    Value none = arith::CmpIOp::create(b, arith::CmpIPredicate::sle, size, zero);
    isEmpty = isEmpty ? arith::OrIOp::create(b, isEmpty, none).getResult() : none;
  }
  sizes.resize(3, one);
  OpBuilder::InsertionGuard guard(b);
  if (isEmpty) {
    Value always = arith::ConstantOp::create(b, b.getBoolAttr(true));
    auto ifOp =
        scf::IfOp::create(b, arith::XOrIOp::create(b, isEmpty, always).getResult(), /*withElse=*/false);
    b.setInsertionPointToStart(ifOp.thenBlock());
  }
  SmallVector<Value> block;
  ArrayRef<int32_t> known = *kernel.getKnownBlockSize();
  for (int32_t size : known)
    block.push_back(arith::ConstantIndexOp::create(b, size));
  return gpu::LaunchFuncOp::create(b, kernel, gpu::KernelDim3{sizes[0], sizes[1], sizes[2]},
                                   gpu::KernelDim3{block[0], block[1], block[2]},
                                   /*dynamicSharedMemorySize=*/Value(), parameters);
}

LogicalResult Outliner::outline(scf::ForallOp forall) {
  if (forall.getNumResults())
    return forall.emitOpError(
        "expected a kernel on memrefs, found tensor results; run colt5-bufferize first");
  auto threads = forall->getAttrOfType<IntegerAttr>(kThreadsAttr);
  if (!threads)
    return forall.emitOpError("expected the attribute '") << kThreadsAttr << "'; run colt5-lower-simt first";

  sinkConstants(forall);
  ImplicitLocOpBuilder b(forall.getLoc(), forall);
  SmallVector<Value> lowers = forall.getLowerBound(b), uppers = forall.getUpperBound(b),
                     steps = forall.getStep(b), counts;
  Value total = arith::ConstantIndexOp::create(b, 1), zero = arith::ConstantIndexOp::create(b, 0);
  for (auto [lower, upper, step] : llvm::zip_equal(lowers, uppers, steps)) {
    Value distance = b.createOrFold<arith::MaxSIOp>(b.createOrFold<arith::SubIOp>(upper, lower), zero);
    counts.push_back(b.createOrFold<arith::CeilDivUIOp>(distance, step));
    total = b.createOrFold<arith::MulIOp>(total, counts.back());
  }

  SetVector<Value> used;
  used.insert(lowers.begin(), lowers.end());
  used.insert(steps.begin(), steps.end());
  used.insert(counts.begin(), counts.end());
  getUsedValuesDefinedAbove(forall.getRegion(), used);
  SmallVector<Value> captures, parameters;
  SmallVector<Type> parameterTypes;
  for (Value value : used) {
    if (isRematerializable(value.getDefiningOp()))
      continue;
    std::optional<SmallVector<Type>> types = getParameterTypes(value.getType());
    if (!types)
      return forall.emitOpError("cannot hand a value of type ") << value.getType() << " to a GPU kernel";
    captures.push_back(value);
    llvm::append_range(parameterTypes, *types);
    llvm::append_range(parameters, packArgument(b, value));
  }

  gpu::GPUFuncOp kernel = createKernel(forall.getLoc(), parameterTypes, threads.getInt());
  copyKernelCost(forall, kernel);
  auto k = ImplicitLocOpBuilder::atBlockBegin(forall.getLoc(), &kernel.getBody().front());
  IRMapping mapping;
  ValueRange rest = kernel.getArguments();
  for (Value value : captures) {
    size_t count = getParameterTypes(value.getType())->size();
    mapping.map(value, unpackArgument(k, value.getType(), rest.take_front(count)));
    rest = rest.drop_front(count);
  }
  for (Value value : used)
    if (!mapping.contains(value))
      k.clone(*value.getDefiningOp(), mapping);

  Value block = gpu::BlockIdOp::create(k, gpu::Dimension::x), linear = block;
  for (int64_t dim = forall.getRank() - 1; dim >= 0; --dim) {
    Value position = linear;
    if (dim > 0) {
      position = k.createOrFold<arith::RemUIOp>(linear, mapping.lookup(counts[dim]));
      linear = k.createOrFold<arith::DivUIOp>(linear, mapping.lookup(counts[dim]));
    }
    Value offset = k.createOrFold<arith::MulIOp>(position, mapping.lookup(steps[dim]));
    mapping.map(forall.getInductionVars()[dim],
                k.createOrFold<arith::AddIOp>(mapping.lookup(lowers[dim]), offset));
  }
  for (Operation &op : forall.getBody()->without_terminator())
    k.clone(op, mapping);
  gpu::ReturnOp::create(k);
  kernel.walk([&](ThreadIdOp op) {
    op.replaceAllUsesWith(block);
    op.erase();
  });
  importGlobals(kernel);
  launchKernel(b, kernel, total, parameters);
  forall.erase();
  return success();
}

LogicalResult Outliner::outline(LaunchOp launch) {
  auto written = symbols.lookup<gpu::GPUFuncOp>(launch.getKernel().getLeafReference());
  if (!launch.hasPureBufferSemantics() || !written)
    return launch.emitOpError("expected memref operands and a kernel in @") << kKernelModuleName;
  ImplicitLocOpBuilder b(launch.getLoc(), launch);
  SmallVector<Value> operands = llvm::to_vector(llvm::concat<Value>(launch.getInputs(), launch.getOuts()));
  SmallVector<Value> parameters;
  SmallVector<Type> parameterTypes;
  for (Value operand : operands)
    for (Value value : getCaptures(operand, traceConstant(operand))) {
      std::optional<SmallVector<Type>> types = getParameterTypes(value.getType());
      if (!types)
        return launch.emitOpError("cannot hand a value of type ") << value.getType() << " to a GPU kernel";
      llvm::append_range(parameterTypes, *types);
      llvm::append_range(parameters, packArgument(b, value));
    }
  gpu::GPUFuncOp kernel = createKernel(launch.getLoc(), parameterTypes, (*written.getKnownBlockSize())[0]);
  kernel.setKnownBlockSize(*written.getKnownBlockSize());
  for (NamedAttribute attr : written->getDiscardableAttrs())
    if (attr.getName() != SymbolTable::getSymbolAttrName())
      kernel->setDiscardableAttr(attr.getName(), attr.getValue());

  auto k = ImplicitLocOpBuilder::atBlockBegin(launch.getLoc(), &kernel.getBody().front());
  IRMapping mapping;
  ValueRange rest = kernel.getArguments();
  auto unpack = [&](Type type) {
    size_t count = getParameterTypes(type)->size();
    Value value = unpackArgument(k, type, rest.take_front(count));
    rest = rest.drop_front(count);
    return value;
  };
  for (auto [operand, argument] : llvm::zip_equal(operands, written.getArguments())) {
    SmallVector<Operation *> constant = traceConstant(operand);
    IRMapping views;
    for (Value captured : getCaptures(operand, constant))
      views.map(captured, unpack(captured.getType()));
    Type type = operand.getType();
    Value value = rebuildConstant(k, operand, constant, views);
    if (type != argument.getType()) {
      if (!memref::CastOp::areCastCompatible(type, argument.getType()))
        return launch.emitOpError("operand type ")
               << type << " does not fit parameter type " << argument.getType() << " of the kernel";
      value = memref::CastOp::create(k, argument.getType(), value);
    }
    mapping.map(argument, value);
  }
  written.getBody().cloneInto(&kernel.getBody(), mapping);
  Block &entry = kernel.getBody().front();
  Block *copied = mapping.lookup(&written.getBody().front());
  entry.getOperations().splice(entry.end(), copied->getOperations());
  copied->erase();
  importGlobals(kernel);
  named.push_back(
      {launchKernel(b, kernel, llvm::to_vector(launch.getGrid()), parameters), written.getName().str()});
  launch.erase();
  return success();
}

struct OutlineGpu : colt5::impl::Colt5OutlineGpuBase<OutlineGpu> {
  using Base::Base;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    named.clear();
    SmallVector<gpu::GPUFuncOp> written;
    module.walk([&](gpu::GPUFuncOp kernel) { written.push_back(kernel); });
    for (auto func : llvm::to_vector(module.getOps<func::FuncOp>()))
      if (!func.isDeclaration() && failed(runOnFunction(func)))
        return signalPassFailure();
    // Launches have copies with the types of their operands.
    for (gpu::GPUFuncOp kernel : written)
      if (SymbolTable::symbolKnownUseEmpty(kernel, module))
        kernel.erase();
    restoreNames(module);
  }

  /// Gives the copies the names that the kernels had, which profilers show.
  void restoreNames(ModuleOp module) {
    if (named.empty())
      return;
    gpu::GPUModuleOp kernels = getOrCreateKernelModule(module);
    SymbolTable symbols(kernels);
    for (auto &[launch, name] : named) {
      auto kernel = symbols.lookup<gpu::GPUFuncOp>(launch.getKernelName());
      std::string unique = name;
      for (unsigned number = 0; symbols.lookup(unique); ++number)
        unique = name + "_" + std::to_string(number);
      // Nothing else uses the symbol yet.
      symbols.remove(kernel);
      kernel.setName(unique);
      symbols.insert(kernel);
      launch.setKernelAttr(SymbolRefAttr::get(kernels.getNameAttr(), {FlatSymbolRefAttr::get(kernel)}));
    }
  }

  LogicalResult runOnFunction(func::FuncOp func) {
    MLIRContext *context = &getContext();
    if (func.isPublic()) {
      auto attrs = DictionaryAttr::get(context, NamedAttribute(kPoolAttr, UnitAttr::get(context)));
      if (failed(func.insertArgument(func.getNumArguments(), LLVM::LLVMPointerType::get(context), attrs,
                                     func.getLoc())))
        return func.emitError("cannot add the argument for the launcher");
    }
    SmallVector<Operation *> kernels;
    func.walk<WalkOrder::PreOrder>([&](Operation *op) {
      auto forall = dyn_cast<scf::ForallOp>(op);
      if (!isa<LaunchOp>(op) && !(forall && forall.getMapping()))
        return WalkResult::advance();
      kernels.push_back(op);
      return WalkResult::skip();
    });
    numKernels += kernels.size();
    Outliner outliner(getOperation(), func);
    for (Operation *kernel : kernels) {
      auto forall = dyn_cast<scf::ForallOp>(kernel);
      if (failed(forall ? outliner.outline(forall) : outliner.outline(cast<LaunchOp>(kernel))))
        return failure();
    }
    llvm::append_range(named, outliner.named);
    return success();
  }

  SmallVector<std::pair<gpu::LaunchFuncOp, std::string>> named;
};

} // namespace

// The pass that turns kernels into host code. The attribute it leaves on the module:
//   kernels: dictionary from names to {params = [bytes of each parameter], pointers = [1 for each that is an
//   address],
//            shared = [variables, by number]}
//   shared: [[bytes, alignment, 1 if its size is the launch's dynamic shared memory]]
//   globals: [{name, bytes, constant}] of variables in global and constant memory
//   sites: [operation and location, by the number that runtime calls carry]
#include "../Device/Runtime.h"
#include "RuntimeCalls.h"
#include "colt5/Emulator/Passes.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5EMULATENVVMPASS
#include "colt5/Emulator/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5::emulator;

namespace {
constexpr unsigned kSharedSpace = 3, kConstantSpace = 4;

struct Emulation {
  ModuleOp module;
  RuntimeCalls calls;
  SymbolTable symbols{module};
  Builder b;
  llvm::MapVector<LLVM::GlobalOp, unsigned> sharedNumbers;
  llvm::SmallPtrSet<Operation *, 4> constants;
  SmallVector<LLVM::LLVMFuncOp> kernels;
  SmallVector<SmallVector<int64_t>> paramBytes, paramPointers;
  SmallVector<SmallVector<unsigned>> kernelShared;

  explicit Emulation(ModuleOp module) : module(module), calls(module), b(module.getContext()) {}

  /// Moves device code to the module and drops host code.
  LogicalResult flatten() {
    SmallVector<Operation *> host;
    SmallVector<gpu::GPUModuleOp> device;
    for (Operation &op : *module.getBody())
      if (auto gpuModule = dyn_cast<gpu::GPUModuleOp>(op))
        device.push_back(gpuModule);
      else
        host.push_back(&op);
    if (device.empty())
      return module.emitError("expected at least one gpu.module, found none");
    for (Operation *op : llvm::reverse(host))
      op->erase();
    for (gpu::GPUModuleOp gpuModule : device) {
      module.getBody()->getOperations().splice(module.getBody()->end(), gpuModule.getBody()->getOperations());
      gpuModule.erase();
    }
    llvm::StringMap<Operation *> names;
    for (auto symbol : module.getOps<SymbolOpInterface>())
      if (!names.try_emplace(symbol.getName(), symbol).second)
        return symbol->emitError("expected every symbol once over all gpu.modules, found '")
               << symbol.getName() << "' again; rename one";
    symbols = SymbolTable(module);
    return success();
  }

  LogicalResult checkDialects() {
    WalkResult result = module.walk([&](Operation *op) {
      if (op == module || isa_and_present<LLVM::LLVMDialect, NVVM::NVVMDialect>(op->getDialect()))
        return WalkResult::advance();
      op->emitError("expected operations of the llvm and nvvm dialects only, found '")
          << op->getName() << "'; lower the module to the nvvm stage first";
      return WalkResult::interrupt();
    });
    return failure(result.wasInterrupted());
  }

  void collectShared(LLVM::LLVMFuncOp function, llvm::SetVector<unsigned> &shared,
                     llvm::SmallPtrSetImpl<Operation *> &seen) {
    if (!function || !seen.insert(function).second)
      return;
    function.walk([&](Operation *op) {
      if (auto address = dyn_cast<LLVM::AddressOfOp>(op)) {
        auto global = symbols.lookup<LLVM::GlobalOp>(address.getGlobalName());
        if (global && sharedNumbers.count(global))
          shared.insert(sharedNumbers[global]);
      } else if (auto call = dyn_cast<LLVM::CallOp>(op); call && call.getCallee()) {
        collectShared(symbols.lookup<LLVM::LLVMFuncOp>(*call.getCallee()), shared, seen);
      }
    });
  }

  LogicalResult describe() {
    for (auto global : module.getOps<LLVM::GlobalOp>())
      if (global.getAddrSpace() == kSharedSpace)
        sharedNumbers.insert({global, unsigned(sharedNumbers.size())});
      else if (global.getAddrSpace() == kConstantSpace || global.getConstant())
        constants.insert(global);
    DataLayout layout(module);
    for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
      bool kernel = function->hasAttr(NVVM::NVVMDialect::getKernelFuncAttrName()) ||
                    function->hasAttr(gpu::GPUDialect::getKernelFuncAttrName());
      if (!kernel || function.isExternal())
        continue;
      kernels.push_back(function);
      SmallVector<int64_t> bytes, pointers;
      for (auto [i, type] : llvm::enumerate(function.getArgumentTypes())) {
        auto byValue = function.getArgAttrOfType<TypeAttr>(i, LLVM::LLVMDialect::getByValAttrName());
        bytes.push_back(layout.getTypeSize(byValue ? byValue.getValue() : type));
        pointers.push_back(!byValue && isa<LLVM::LLVMPointerType>(type));
      }
      paramBytes.push_back(bytes);
      paramPointers.push_back(pointers);
      llvm::SetVector<unsigned> shared;
      llvm::SmallPtrSet<Operation *, 8> seen;
      collectShared(function, shared, seen);
      auto numbers = shared.takeVector();
      llvm::sort(numbers);
      kernelShared.emplace_back(numbers.begin(), numbers.end());
    }
    return success();
  }

  /// Every function gets the running thread as first argument.
  void passThread() {
    Type pointer = LLVM::LLVMPointerType::get(b.getContext());
    SmallVector<LLVM::CallOp> callOps;
    module.walk([&](LLVM::CallOp call) { callOps.push_back(call); });
    for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
      if (function.isExternal())
        continue;
      LLVM::LLVMFunctionType type = function.getFunctionType();
      SmallVector<Type> parameters = {pointer};
      llvm::append_range(parameters, type.getParams());
      function.removeArgAttrsAttr();
      function.setFunctionType(
          LLVM::LLVMFunctionType::get(type.getReturnType(), parameters, type.isVarArg()));
      function.getBody().insertArgument(0u, pointer, function.getLoc());
    }
    for (LLVM::CallOp call : callOps) {
      auto callee =
          call.getCallee() ? symbols.lookup<LLVM::LLVMFuncOp>(*call.getCallee()) : LLVM::LLVMFuncOp();
      if (callee && !callee.isExternal()) {
        SmallVector<Value> operands = {call->getParentOfType<LLVM::LLVMFuncOp>().getArgument(0)};
        llvm::append_range(operands, call.getCalleeOperands());
        call.getCalleeOperandsMutable().assign(operands);
      }
    }
  }

  LogicalResult rewrite() {
    if (failed(guardAccumulators(module, calls)))
      return failure();
    SmallVector<Operation *> ops;
    module.walk([&](Operation *op) { ops.push_back(op); });
    for (Operation *op : ops) {
      if (isa_and_present<NVVM::NVVMDialect>(op->getDialect())) {
        if (failed(rewriteNVVMOp(op, calls)))
          return failure();
        continue;
      }
      if (auto address = dyn_cast<LLVM::AddressOfOp>(op)) {
        auto global = symbols.lookup<LLVM::GlobalOp>(address.getGlobalName());
        if (!global || !sharedNumbers.count(global))
          continue;
        ImplicitLocOpBuilder builder(op->getLoc(), op);
        // The pointer's type says that it is shared until address spaces go.
        Value pointer =
            calls.callPure(builder, "colt5_emu_shared", LLVM::LLVMPointerType::get(b.getContext()),
                           RuntimeCalls::constant(builder, sharedNumbers[global]));
        pointer = LLVM::AddrSpaceCastOp::create(builder, address.getType(), pointer);
        address.replaceAllUsesWith(pointer);
        address.erase();
        continue;
      }
      if (isa<LLVM::CallIntrinsicOp, LLVM::InlineAsmOp, LLVM::CallOp>(op)) {
        if (failed(rewriteIntrinsic(op, calls)))
          return failure();
        continue;
      }
      if (failed(announceMemory(op, calls)))
        return failure();
    }
    return success();
  }

  void dropSpaces() {
    AttrTypeReplacer replacer;
    replacer.addReplacement(
        [&](LLVM::LLVMPointerType) { return LLVM::LLVMPointerType::get(b.getContext()); });
    replacer.recursivelyReplaceElementsIn(module, /*replaceAttrs=*/true, /*replaceLocs=*/false,
                                          /*replaceTypes=*/true);
    module.walk([](LLVM::AddrSpaceCastOp cast) {
      cast.replaceAllUsesWith(cast.getArg());
      cast.erase();
    });
    // An invariant load may be moved before the check that it is in bounds.
    module.walk([](LLVM::LoadOp load) { load.setInvariant(false); });
  }

  /// Functions and globals without what only the device's code generator understands.
  void cleanSymbols() {
    for (auto &[global, number] : sharedNumbers)
      global.erase();
    for (auto global : module.getOps<LLVM::GlobalOp>()) {
      global.setAddrSpace(0);
      global.setLinkage(LLVM::Linkage::External);
    }
    for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
      function->setDiscardableAttrs(ArrayRef<NamedAttribute>());
      function.removeArgAttrsAttr();
      function.removeResAttrsAttr();
      function.setCConv(LLVM::CConv::C);
      if (!function.isExternal())
        function.setLinkage(LLVM::Linkage::Internal);
    }
  }

  void addEntries(ArrayRef<SmallVector<bool>> byValue) {
    Type pointer = LLVM::LLVMPointerType::get(b.getContext());
    auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b.getContext()), {pointer, pointer});
    for (auto [kernel, byValueFlags] : llvm::zip(kernels, byValue)) {
      ImplicitLocOpBuilder builder = ImplicitLocOpBuilder::atBlockEnd(kernel.getLoc(), module.getBody());
      auto entry = LLVM::LLVMFuncOp::create(builder, (kEntryPrefix + kernel.getName()).str(), type);
      builder.setInsertionPointToStart(entry.addEntryBlock(builder));
      SmallVector<Value> arguments = {entry.getArgument(0)};
      for (auto [i, argumentType] : llvm::enumerate(kernel.getArgumentTypes().drop_front())) {
        Value slot = LLVM::GEPOp::create(builder, pointer, pointer, entry.getArgument(1),
                                         ArrayRef<LLVM::GEPArg>{int32_t(i)});
        Value address = LLVM::LoadOp::create(builder, pointer, slot);
        arguments.push_back(byValueFlags[i]
                                ? address
                                : LLVM::LoadOp::create(builder, argumentType, address, /*alignment=*/1));
      }
      LLVM::CallOp::create(builder, kernel, arguments);
      LLVM::ReturnOp::create(builder, ValueRange());
    }
  }

  DictionaryAttr summary(ArrayRef<SmallVector<int64_t>> shared) {
    SmallVector<NamedAttribute> kernelAttrs;
    for (auto [kernel, bytes, pointers, variables] :
         llvm::zip_equal(kernels, paramBytes, paramPointers, kernelShared))
      kernelAttrs.push_back(b.getNamedAttr(
          kernel.getName(),
          b.getDictionaryAttr({b.getNamedAttr("params", b.getI64ArrayAttr(bytes)),
                               b.getNamedAttr("pointers", b.getI64ArrayAttr(pointers)),
                               b.getNamedAttr("shared", b.getI64ArrayAttr(SmallVector<int64_t>(
                                                            variables.begin(), variables.end())))})));
    SmallVector<Attribute> sharedAttrs, siteAttrs, globalAttrs;
    for (ArrayRef<int64_t> variable : shared)
      sharedAttrs.push_back(b.getI64ArrayAttr(variable));
    for (const std::string &site : calls.getSites())
      siteAttrs.push_back(b.getStringAttr(site));
    DataLayout layout(module);
    for (auto global : module.getOps<LLVM::GlobalOp>())
      globalAttrs.push_back(b.getDictionaryAttr(
          {b.getNamedAttr("name", global.getSymNameAttr()),
           b.getNamedAttr("bytes", b.getI64IntegerAttr(layout.getTypeSize(global.getType()))),
           b.getNamedAttr("constant", b.getBoolAttr(constants.contains(global)))}));
    return b.getDictionaryAttr({b.getNamedAttr("kernels", b.getDictionaryAttr(kernelAttrs)),
                                b.getNamedAttr("shared", b.getArrayAttr(sharedAttrs)),
                                b.getNamedAttr("globals", b.getArrayAttr(globalAttrs)),
                                b.getNamedAttr("sites", b.getArrayAttr(siteAttrs))});
  }

  LogicalResult run() {
    if (failed(flatten()) || failed(checkDialects()) || failed(describe()))
      return failure();
    SmallVector<SmallVector<int64_t>> shared;
    DataLayout layout(module);
    for (auto &[global, number] : sharedNumbers) {
      uint64_t bytes = layout.getTypeSize(global.getType());
      uint64_t align =
          std::max<uint64_t>(global.getAlignment().value_or(layout.getTypeABIAlignment(global.getType())), 1);
      // An array without elements stands for the launch's dynamic shared memory.
      shared.push_back({int64_t(bytes), int64_t(align), bytes == 0});
    }
    SmallVector<SmallVector<bool>> byValue;
    for (LLVM::LLVMFuncOp kernel : kernels) {
      byValue.emplace_back();
      for (unsigned i = 0; i < kernel.getNumArguments(); ++i)
        byValue.back().push_back(bool(kernel.getArgAttr(i, LLVM::LLVMDialect::getByValAttrName())));
    }
    passThread();
    if (failed(rewrite()))
      return failure();
    dropSpaces();
    cleanSymbols();
    addEntries(byValue);
    addRuntimeCode(module);
    module->setDiscardableAttrs(ArrayRef<NamedAttribute>());
    module->setAttr(kEmulatedAttr, summary(shared));
    return success();
  }
};

struct EmulateNVVMPass : mlir::colt5::impl::Colt5EmulateNVVMPassBase<EmulateNVVMPass> {
  void runOnOperation() override {
    if (failed(Emulation(getOperation()).run()))
      signalPassFailure();
  }
};
} // namespace

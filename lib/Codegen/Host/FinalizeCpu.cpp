#include "colt5/Codegen/Host/Passes.h"

#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "colt5/Stages/Common/ModuleMachine.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/AttrTypeSubElements.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5FINALIZECPU
#include "colt5/Codegen/Host/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;

namespace {

bool isMaskVector(Type type) {
  auto vector = dyn_cast<VectorType>(type);
  return vector && vector.getElementType().isInteger(1);
}

/// A mask in memory is one byte per element; LLVM would pack a vector of i1 into bits.
void storeMasksAsBytes(LLVM::LLVMFuncOp func) {
  func.walk([](Operation *op) {
    OpBuilder b(op);
    if (auto load = dyn_cast<LLVM::LoadOp>(op); load && isMaskVector(load.getType())) {
      Type bytes = cast<VectorType>(load.getType()).clone(b.getI8Type());
      Value loaded = LLVM::LoadOp::create(b, op->getLoc(), bytes, load.getAddr(), /*alignment=*/1);
      load.replaceAllUsesWith(LLVM::TruncOp::create(b, op->getLoc(), load.getType(), loaded).getResult());
      load.erase();
    } else if (auto store = dyn_cast<LLVM::StoreOp>(op); store && isMaskVector(store.getValue().getType())) {
      Type bytes = cast<VectorType>(store.getValue().getType()).clone(b.getI8Type());
      Value wide = LLVM::ZExtOp::create(b, op->getLoc(), bytes, store.getValue());
      LLVM::StoreOp::create(b, op->getLoc(), wide, store.getAddr(), /*alignment=*/1);
      store.erase();
    }
  });
}

/// Holds bf16 as i16. No arithmetic in bf16 is left, but LLVM would call a library for selects and spills of
/// it.
void storeBFloatAsInteger(ModuleOp module) {
  MLIRContext *context = module.getContext();
  Type i16 = IntegerType::get(context, 16);
  AttrTypeReplacer replacer;
  replacer.addReplacement([=](BFloat16Type) -> std::optional<Type> { return i16; });
  replacer.addReplacement([=](FloatAttr attr) -> std::optional<Attribute> {
    if (!attr.getType().isBF16())
      return std::nullopt;
    return IntegerAttr::get(i16, attr.getValue().bitcastToAPInt());
  });
  replacer.addReplacement([=](DenseElementsAttr attr) -> std::optional<Attribute> {
    if (!attr.getElementType().isBF16())
      return std::nullopt;
    return attr.bitcast(i16);
  });
  for (Operation &op : *module.getBody()) {
    if (isa<gpu::GPUModuleOp>(op))
      continue;
    // The signature tells users the types of the tensors, not how the code holds them.
    Attribute signature = op.getAttr(colt5::kSignatureAttr);
    replacer.recursivelyReplaceElementsIn(&op, /*replaceAttrs=*/true, /*replaceLocs=*/false,
                                          /*replaceTypes=*/true);
    if (signature)
      op.setAttr(colt5::kSignatureAttr, signature);
  }
  module.walk([](LLVM::BitcastOp cast) {
    if (cast.getArg().getType() != cast.getType())
      return;
    cast.replaceAllUsesWith(cast.getArg());
    cast.erase();
  });
}

/// Marks like `colt5.pool` mean nothing to LLVM, whose translation warns about them.
void dropOwnArgAttrs(LLVM::LLVMFuncOp func) {
  for (unsigned i = 0, e = func.getNumArguments(); i < e; ++i)
    if (DictionaryAttr attrs = func.getArgAttrDict(i))
      for (NamedAttribute attr : attrs)
        if (attr.getName().strref().starts_with("colt5."))
          func.removeArgAttr(i, attr.getName());
}

struct FinalizeCpu : colt5::impl::Colt5FinalizeCpuBase<FinalizeCpu> {
  using Base::Base;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    WalkResult result = module.walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (isa<gpu::GPUModuleOp>(op)) // device code
        return WalkResult::skip();
      if (op == module || isa<LLVM::LLVMDialect>(op->getDialect()))
        return WalkResult::advance();
      op->emitOpError("expected the LLVM dialect only after stage llvm; no conversion took this operation");
      return WalkResult::interrupt();
    });
    if (result.wasInterrupted())
      return signalPassFailure();

    // Tools of upstream read what is left. On a GPU another stage comes.
    if (std::optional<colt5::Machine> machine = colt5::findMachineOf(module); machine && !machine->isGPU())
      module->removeAttr(colt5::kMachineAttr);
    for (auto func : llvm::make_early_inc_range(module.getOps<LLVM::LLVMFuncOp>())) {
      if (func.isExternal()) {
        if (failed(checkDeclaration(func)))
          return signalPassFailure();
        continue;
      }
      if (func->hasAttr(colt5::kExportAttr))
        continue;
      func.setLinkage(LLVM::Linkage::Internal);
    }
    for (auto global : module.getOps<LLVM::GlobalOp>())
      if (global.getLinkage() == LLVM::Linkage::External && global.getValueOrNull())
        global.setLinkage(LLVM::Linkage::Internal);
    for (auto func : module.getOps<LLVM::LLVMFuncOp>()) {
      if (failed(checkMaskAccess(func)))
        return signalPassFailure();
      storeMasksAsBytes(func);
    }
    storeBFloatAsInteger(module);
    for (auto func : module.getOps<LLVM::LLVMFuncOp>())
      dropOwnArgAttrs(func);
  }

  LogicalResult checkDeclaration(LLVM::LLVMFuncOp func) {
    StringRef name = func.getName();
    if (name == "memcpy" || name == "memmove" || name == "memset" || name.starts_with("llvm."))
      return success();
    if (SymbolTable::symbolKnownUseEmpty(func, getOperation())) {
      func.erase();
      return success();
    }
    InFlightDiagnostic diag = func.emitError("the code calls '")
                              << name
                              << "', which compiled code may not depend on; only memcpy, memmove and memset";
    if (name == "malloc" || name == "free" || name == "aligned_alloc")
      diag << " (an allocation was made after colt5-plan-workspace)";
    if (name == "memrefCopy")
      diag << " (a strided memref.copy was made after colt5-bufferize)";
    return diag;
  }

  /// Masked accesses and arrays of mask vectors have no bytes in memory that could be addressed one by one.
  LogicalResult checkMaskAccess(LLVM::LLVMFuncOp func) {
    WalkResult result = func.walk([&](Operation *op) {
      bool masked =
          isa<LLVM::MaskedLoadOp, LLVM::masked_gather>(op) && isMaskVector(op->getResult(0).getType());
      bool maskedStore =
          isa<LLVM::MaskedStoreOp, LLVM::masked_scatter>(op) && isMaskVector(op->getOperand(0).getType());
      auto gep = dyn_cast<LLVM::GEPOp>(op);
      if (!masked && !maskedStore && !(gep && isMaskVector(gep.getElemType())))
        return WalkResult::advance();
      op->emitOpError("expected masks to be loaded and stored as plain vectors or scalars of i1");
      return WalkResult::interrupt();
    });
    return failure(result.wasInterrupted());
  }
};

} // namespace

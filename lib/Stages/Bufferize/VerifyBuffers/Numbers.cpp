#include "Numbers.h"

#include "VerifyBuffers.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Location.h"

using namespace mlir;
using namespace mlir::colt5;

std::string colt5::getValuesName(StringRef name) { return (name + ".values").str(); }

/// The number in a location, or null.
static IntegerAttr getNumber(Location loc) {
  if (auto fused = dyn_cast<FusedLoc>(loc))
    if (auto dict = dyn_cast_or_null<DictionaryAttr>(fused.getMetadata()))
      return dict.getAs<IntegerAttr>(kValueIdAttr);
  return {};
}

/// Ops in the order of a function, without what is inside of ops that compute.
static SmallVector<Operation *> listOps(func::FuncOp func) {
  SmallVector<Operation *> ops;
  func.getBody().walk<WalkOrder::PreOrder>([&](Operation *op) {
    ops.push_back(op);
    return isa<scf::SCFDialect>(op->getDialect()) ? WalkResult::advance() : WalkResult::skip();
  });
  return ops;
}

static bool usesTensors(func::FuncOp func) {
  auto isTensor = [](Type type) { return isa<TensorType>(type); };
  return func
      .walk<WalkOrder::PreOrder>([&](Operation *op) {
        bool found =
            llvm::any_of(op->getOperandTypes(), isTensor) || llvm::any_of(op->getResultTypes(), isTensor);
        // What a kernel computes is said on tensors.
        if (isa<KernelOp>(op))
          return found ? WalkResult::interrupt() : WalkResult::skip();
        for (Region &region : op->getRegions())
          for (Block &block : region)
            found = found || llvm::any_of(block.getArgumentTypes(), isTensor);
        return found ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

void NumberedFunctions::record(ModuleOp module) {
  Builder builder(module.getContext());
  for (auto func : module.getOps<func::FuncOp>()) {
    if (func.isDeclaration() || !usesTensors(func))
      continue;
    originals.emplace_back(func.clone());
    for (auto [number, op, copy] : llvm::enumerate(listOps(func), listOps(*originals.back()))) {
      IntegerAttr id = builder.getI64IntegerAttr(number);
      copy->setAttr(kValueIdAttr, id);
      op->setLoc(
          FusedLoc::get({op->getLoc()}, builder.getDictionaryAttr({{kValueIdAttr, id}}), op->getContext()));
    }
  }
}

LogicalResult NumberedFunctions::verify(ModuleOp module, bool compare, bool keepValues,
                                        int64_t &numUnmodelled) {
  module.walk([](Operation *op) {
    if (IntegerAttr number = getNumber(op->getLoc())) {
      op->setAttr(kValueIdAttr, number);
      op->setLoc(cast<FusedLoc>(op->getLoc()).getLocations().front());
    }
  });
  SymbolTable symbols(module);
  LogicalResult result = success();
  for (OwningOpRef<func::FuncOp> &original : originals) {
    auto func = symbols.lookup<func::FuncOp>(original->getName());
    if (func && compare && failed(verifyBuffers(*original, func, numUnmodelled)))
      result = failure();
    if (!func || !keepValues)
      continue;
    original->setName(getValuesName(func.getName()));
    original->setPrivate();
    module.insert(func, original.release());
  }
  if (!keepValues)
    module.walk([](Operation *op) { op->removeDiscardableAttr(kValueIdAttr); });
  originals.clear();
  return result;
}

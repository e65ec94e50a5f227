// Breaks good kernels in one place each and counts how many of the broken ones are noticed.
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;

namespace {
struct Mutation {
  const char *name;
  /// Whether it can be applied to the operation.
  bool (*matches)(Operation *);
  void (*apply)(Operation *);
};

void shiftStore(Operation *op) {
  auto store = cast<LLVM::StoreOp>(op);
  ImplicitLocOpBuilder b(op->getLoc(), op);
  Type element = store.getValue().getType();
  store.getAddrMutable().assign(
      LLVM::GEPOp::create(b, store.getAddr().getType(), element, store.getAddr(), ArrayRef<LLVM::GEPArg>{1}));
}

void shiftLoad(Operation *op) {
  auto load = cast<LLVM::LoadOp>(op);
  ImplicitLocOpBuilder b(op->getLoc(), op);
  load.getAddrMutable().assign(LLVM::GEPOp::create(b, load.getAddr().getType(), load.getType(),
                                                   load.getAddr(), ArrayRef<LLVM::GEPArg>{1}));
}

void shiftCopy(Operation *op) {
  auto copy = cast<NVVM::CpAsyncOp>(op);
  ImplicitLocOpBuilder b(op->getLoc(), op);
  copy.getDstMutable().assign(LLVM::GEPOp::create(b, copy.getDst().getType(), b.getI8Type(), copy.getDst(),
                                                  ArrayRef<LLVM::GEPArg>{int32_t(copy.getSize())}));
}

template <typename... Ops> bool is(Operation *op) { return isa<Ops...>(op); }
void erase(Operation *op) { op->erase(); }

constexpr Mutation kMutations[] = {
    {"drop barrier", is<NVVM::Barrier0Op, NVVM::BarrierOp, NVVM::SyncWarpOp>, erase},
    {"drop wait", is<NVVM::CpAsyncWaitGroupOp>, erase},
    {"weaken wait", is<NVVM::CpAsyncWaitGroupOp>,
     [](Operation *op) {
       auto wait = cast<NVVM::CpAsyncWaitGroupOp>(op);
       wait.setN(wait.getN() + 1);
     }},
    {"drop commit", is<NVVM::CpAsyncCommitGroupOp>, erase},
    {"drop copy", is<NVVM::CpAsyncOp>, erase},
    {"shift copy", is<NVVM::CpAsyncOp>, shiftCopy},
    {"drop phase wait", is<NVVM::MBarrierTryWaitParityOp>, erase},
    {"flip parity", is<NVVM::MBarrierTryWaitParityOp>,
     [](Operation *op) {
       auto wait = cast<NVVM::MBarrierTryWaitParityOp>(op);
       ImplicitLocOpBuilder b(op->getLoc(), op);
       Value one = LLVM::ConstantOp::create(b, b.getI32Type(), 1);
       wait.getPhaseMutable().assign(LLVM::XOrOp::create(b, wait.getPhase(), one));
     }},
    {"halve expect_tx", is<NVVM::MBarrierArriveExpectTxOp>,
     [](Operation *op) {
       auto arrive = cast<NVVM::MBarrierArriveExpectTxOp>(op);
       ImplicitLocOpBuilder b(op->getLoc(), op);
       Value one = LLVM::ConstantOp::create(b, b.getI32Type(), 1);
       arrive.getTxcountMutable().assign(LLVM::LShrOp::create(b, arrive.getTxcount(), one));
     }},
    {"drop init", is<NVVM::MBarrierInitOp>, erase},
    {"drop bulk copy", is<NVVM::CpAsyncBulkTensorGlobalToSharedClusterOp>, erase},
    {"drop store", is<LLVM::StoreOp>, erase},
    {"shift store", is<LLVM::StoreOp>, shiftStore},
    {"shift load", is<LLVM::LoadOp>, shiftLoad},
};
} // namespace

namespace mlir::colt5::test {
int runMutants(ModuleOp module, llvm::function_ref<std::string(ModuleOp)> run) {
  unsigned caught = 0, total = 0;
  auto count = [&](const Mutation &mutation, ModuleOp in, std::optional<unsigned> target) {
    unsigned number = 0;
    Operation *found = nullptr;
    in.walk([&](Operation *op) {
      if (mutation.matches(op) && number++ == target.value_or(~0u))
        found = op;
    });
    if (found)
      mutation.apply(found);
    return number;
  };
  for (const Mutation &mutation : kMutations)
    for (unsigned i = 0, n = count(mutation, module, std::nullopt); i < n; ++i) {
      OwningOpRef<ModuleOp> mutant = module.clone();
      count(mutation, *mutant, i);
      std::string problem = run(*mutant);
      ++total;
      caught += !problem.empty();
      llvm::outs() << mutation.name << " " << i << ": " << (problem.empty() ? "MISSED" : problem) << "\n";
    }
  llvm::outs() << "caught " << caught << " of " << total << "\n";
  return 0;
}
} // namespace mlir::colt5::test

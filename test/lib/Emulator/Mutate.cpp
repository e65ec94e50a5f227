// Breaks good kernels in one place each and counts how many of the broken ones are noticed.
#include "Mutate.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
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

/// Also as text.
bool isArrive(Operation *op) {
  if (auto ptx = dyn_cast<NVVM::InlinePtxOp>(op))
    return ptx.getPtxCode().starts_with("mbarrier.arrive");
  return isa<NVVM::MBarrierArriveOp, NVVM::MBarrierArriveExpectTxOp>(op) && op->getNumResults() == 0;
}

/// Every other wgmma gets its matrix B changed instead of A.
void addToDescriptor(Operation *op, int64_t amount) {
  ImplicitLocOpBuilder b(op->getLoc(), op);
  auto mma = cast<NVVM::WgmmaMmaAsyncOp>(op);
  OpOperand &descriptor = mma->getPrevNode() && isa<NVVM::WgmmaMmaAsyncOp>(mma->getPrevNode())
                              ? mma.getDescriptorAMutable()
                              : mma.getDescriptorBMutable();
  Value constant = LLVM::ConstantOp::create(b, b.getI64Type(), amount);
  descriptor.set(LLVM::AddOp::create(b, descriptor.get(), constant));
}

bool isTensorCopy(Operation *op) {
  return isa<NVVM::CpAsyncBulkTensorSharedCTAToGlobalOp, NVVM::CpAsyncBulkTensorGlobalToSharedClusterOp>(op);
}

void shiftBox(Operation *op, bool last) {
  auto load = dyn_cast<NVVM::CpAsyncBulkTensorGlobalToSharedClusterOp>(op);
  MutableOperandRange coordinates =
      load ? load.getCoordinatesMutable()
           : cast<NVVM::CpAsyncBulkTensorSharedCTAToGlobalOp>(op).getCoordinatesMutable();
  ImplicitLocOpBuilder b(op->getLoc(), op);
  Value one = LLVM::ConstantOp::create(b, b.getI32Type(), 1);
  OpOperand &coordinate = coordinates[last ? coordinates.size() - 1 : 0];
  coordinate.set(LLVM::AddOp::create(b, coordinate.get(), one));
}

/// The last wgmma before a commit falls out of its group.
Operation *findCommitted(Operation *op) {
  if (!isa<NVVM::WgmmaGroupSyncAlignedOp>(op))
    return nullptr;
  Operation *before = op->getPrevNode();
  while (before && !isa<NVVM::WgmmaMmaAsyncOp>(before))
    before = before->getPrevNode();
  return before;
}

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
    {"flip test parity", is<NVVM::MBarrierTestWaitOp, NVVM::MBarrierTryWaitOp>,
     [](Operation *op) {
       ImplicitLocOpBuilder b(op->getLoc(), op);
       Value value = op->getOperand(1);
       Value one = LLVM::ConstantOp::create(b, value.getType(), 1);
       op->setOperand(1, LLVM::XOrOp::create(b, value, one));
     }},
    {"drop arrive", isArrive, erase},
    {"drop init fence", is<NVVM::FenceMbarrierInitOp>, erase},
    {"drop proxy fence", is<NVVM::FenceProxyOp>, erase},
    {"drop fence", is<NVVM::MembarOp, LLVM::FenceOp>, erase},
    {"drop cluster arrive", is<NVVM::ClusterArriveOp>, erase},
    {"relax cluster arrive", is<NVVM::ClusterArriveOp>,
     [](Operation *op) {
       ImplicitLocOpBuilder b(op->getLoc(), op);
       NVVM::ClusterArriveRelaxedOp::create(b, UnitAttr());
       op->erase();
     }},
    {"drop cluster wait", is<NVVM::ClusterWaitOp>, erase},
    {"drop bulk commit", is<NVVM::CpAsyncBulkCommitGroupOp>, erase},
    {"drop bulk wait", is<NVVM::CpAsyncBulkWaitGroupOp>, erase},
    {"weaken bulk wait", is<NVVM::CpAsyncBulkWaitGroupOp>,
     [](Operation *op) {
       auto wait = cast<NVVM::CpAsyncBulkWaitGroupOp>(op);
       wait.setGroup(wait.getGroup() + 1);
     }},
    {"drop bulk store", is<NVVM::CpAsyncBulkTensorSharedCTAToGlobalOp>, erase},
    {"shift box", isTensorCopy, [](Operation *op) { shiftBox(op, /*last=*/true); }},
    {"shift box column", isTensorCopy, [](Operation *op) { shiftBox(op, /*last=*/false); }},
    {"drop wgmma fence", is<NVVM::WgmmaFenceAlignedOp>, erase},
    {"drop wgmma commit", is<NVVM::WgmmaGroupSyncAlignedOp>, erase},
    {"early wgmma commit", [](Operation *op) { return findCommitted(op) != nullptr; },
     [](Operation *op) { op->moveBefore(findCommitted(op)); }},
    {"drop wgmma wait", is<NVVM::WgmmaWaitGroupSyncOp>, erase},
    {"weaken wgmma wait", is<NVVM::WgmmaWaitGroupSyncOp>,
     [](Operation *op) {
       auto wait = cast<NVVM::WgmmaWaitGroupSyncOp>(op);
       wait.setGroup(wait.getGroup() + 1);
     }},
    {"drop wgmma", is<NVVM::WgmmaMmaAsyncOp>,
     [](Operation *op) {
       op->getResult(0).replaceAllUsesWith(cast<NVVM::WgmmaMmaAsyncOp>(op).getInouts());
       op->erase();
     }},
    {"shift descriptor", is<NVVM::WgmmaMmaAsyncOp>, [](Operation *op) { addToDescriptor(op, 1); }},
    {"shift descriptor stride", is<NVVM::WgmmaMmaAsyncOp>,
     [](Operation *op) { addToDescriptor(op, int64_t(1) << 32); }},
    {"swap swizzle", is<NVVM::WgmmaMmaAsyncOp>, [](Operation *op) { addToDescriptor(op, int64_t(1) << 62); }},
    {"transpose operand", is<NVVM::WgmmaMmaAsyncOp>,
     [](Operation *op) {
       auto mma = cast<NVVM::WgmmaMmaAsyncOp>(op);
       bool row = mma.getLayoutB() == NVVM::MMALayout::row;
       mma.setLayoutB(row ? NVVM::MMALayout::col : NVVM::MMALayout::row);
     }},
    {"shift shuffle", is<NVVM::ShflOp>,
     [](Operation *op) {
       auto shfl = cast<NVVM::ShflOp>(op);
       ImplicitLocOpBuilder b(op->getLoc(), op);
       Value four = LLVM::ConstantOp::create(b, b.getI32Type(), 4);
       shfl.getOffsetMutable().assign(LLVM::AddOp::create(b, shfl.getOffset(), four));
     }},
    {"drop init", is<NVVM::MBarrierInitOp>, erase},
    {"drop bulk copy", is<NVVM::CpAsyncBulkTensorGlobalToSharedClusterOp>, erase},
    {"drop store", is<LLVM::StoreOp>, erase},
    {"shift store", is<LLVM::StoreOp>, shiftStore},
    {"shift load", is<LLVM::LoadOp>, shiftLoad},
};
} // namespace

namespace mlir::colt5::test {
int runMutants(ModuleOp module, StringRef kernel, ArrayRef<LaunchMutant> launches,
               llvm::function_ref<std::string(ModuleOp)> run) {
  unsigned caught = 0, total = 0;
  auto report = [&](const Twine &name, StringRef problem) {
    ++total;
    caught += !problem.empty();
    llvm::outs() << name << ": " << (problem.empty() ? "MISSED" : problem) << "\n";
  };
  auto count = [&](const Mutation &mutation, ModuleOp in, std::optional<unsigned> target) {
    unsigned number = 0;
    Operation *found = nullptr;
    in.walk([&](Operation *op) {
      auto function = op->getParentOfType<LLVM::LLVMFuncOp>();
      bool other = function && function->hasAttr(NVVM::NVVMDialect::getKernelFuncAttrName()) &&
                   function.getName() != kernel;
      if (!other && mutation.matches(op) && number++ == target.value_or(~0u))
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
      report(Twine(mutation.name) + " " + Twine(i), run(*mutant));
    }
  for (const LaunchMutant &mutant : launches) {
    mutant.set(true);
    report(mutant.name, run(module));
    mutant.set(false);
  }
  llvm::outs() << "caught " << caught << " of " << total << "\n";
  return 0;
}
} // namespace mlir::colt5::test

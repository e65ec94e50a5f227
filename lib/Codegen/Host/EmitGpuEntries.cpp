#include "EntryEmitter.h"
#include "colt5-abi/gpu.h"
#include "colt5/Codegen/Host/Passes.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5EMITGPUENTRIES
#include "colt5/Codegen/Host/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {

/// The hook is a colt5_gpu_launcher. The function gets a pointer to the launcher and the status so far.
class GpuEntryEmitter : public EntryEmitter {
public:
  using EntryEmitter::EntryEmitter;

protected:
  int64_t getWorkspaceAlignment() const override { return COLT5_GPU_WORKSPACE_ALIGNMENT; }
  int64_t getTensorAlignment() const override { return COLT5_GPU_TENSOR_ALIGNMENT; }
  bool hasThreads() const override { return false; }
  Value getThreads(Value) override { return constant(1); }
  Value isBadHook(Value launcher) override { return isNull(launcher); }

  Value call(SmallVector<Value> args, Value launcher) override {
    auto runType = LLVM::LLVMStructType::getLiteral(context, {pointer, b.getI32Type()});
    auto launcherType = LLVM::LLVMStructType::getLiteral(context, {pointer, pointer, pointer});
    Value run = LLVM::AllocaOp::create(b, pointer, runType, constant(1));
    LLVM::StoreOp::create(b, launcher, run);
    Value statusField = LLVM::GEPOp::create(b, pointer, runType, run, ArrayRef<LLVM::GEPArg>{0, 1});
    LLVM::StoreOp::create(b, status(COLT5_CPU_OK), statusField);
    Value errorField = LLVM::GEPOp::create(b, pointer, launcherType, launcher, ArrayRef<LLVM::GEPArg>{0, 2});
    Value error = LLVM::LoadOp::create(b, pointer, errorField);
    auto errorType = cast<MemRefType>(func.getArgument(args.size()).getType());
    args.push_back(makeMemRef(errorType, error, constant(1)));
    args.push_back(run);
    func::CallOp::create(b, func, args);
    return LLVM::LoadOp::create(b, b.getI32Type(), statusField);
  }
};

struct EmitGpuEntries : colt5::impl::Colt5EmitGpuEntriesBase<EmitGpuEntries> {
  using Base::Base;

  void runOnOperation() override {
    if (failed(emitEntries<GpuEntryEmitter>(getOperation())))
      signalPassFailure();
  }
};

} // namespace

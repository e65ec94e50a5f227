#include "EntryEmitter.h"
#include "colt5/Codegen/Host/Passes.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5EMITCPUENTRIES
#include "colt5/Codegen/Host/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {

/// The hook is a thread pool, or null for one thread.
class CpuEntryEmitter : public EntryEmitter {
public:
  using EntryEmitter::EntryEmitter;

protected:
  int64_t getWorkspaceAlignment() const override { return COLT5_CPU_WORKSPACE_ALIGNMENT; }
  bool hasThreads() const override { return true; }

  Value getThreads(Value pool) override {
    auto threads = scf::IfOp::create(b, TypeRange{b.getI64Type()}, isNull(pool), /*withElse=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(threads.thenBlock());
    scf::YieldOp::create(b, constant(1));
    b.setInsertionPointToStart(threads.elseBlock());
    auto poolType = LLVM::LLVMStructType::getLiteral(context, {pointer, b.getI64Type(), pointer});
    Value address = LLVM::GEPOp::create(b, pointer, poolType, pool, ArrayRef<LLVM::GEPArg>{0, 1});
    Value count = LLVM::LoadOp::create(b, b.getI64Type(), address);
    scf::YieldOp::create(b, count);
    return threads.getResult(0);
  }

  Value call(SmallVector<Value> args, Value pool) override {
    auto errorType = cast<MemRefType>(func.getArgument(args.size()).getType());
    Value error = LLVM::AllocaOp::create(b, pointer, b.getI32Type(), constant(1));
    LLVM::StoreOp::create(b, status(COLT5_CPU_OK), error);
    args.push_back(makeMemRef(errorType, error, constant(1)));
    args.push_back(pool);
    func::CallOp::create(b, func, args);
    Value word = LLVM::LoadOp::create(b, b.getI32Type(), error);
    Value isSet = arith::CmpIOp::create(b, arith::CmpIPredicate::ne, word, status(COLT5_CPU_OK));
    return arith::ExtUIOp::create(b, b.getI32Type(), isSet);
  }
};

struct EmitCpuEntries : colt5::impl::Colt5EmitCpuEntriesBase<EmitCpuEntries> {
  using Base::Base;

  void runOnOperation() override {
    if (failed(emitEntries<CpuEntryEmitter>(getOperation())))
      signalPassFailure();
  }
};

} // namespace

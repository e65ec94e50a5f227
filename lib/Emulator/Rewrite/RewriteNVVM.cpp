// Operations of the nvvm dialect as calls of the runtime.
#include "../Device/Runtime.h"
#include "RuntimeCalls.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::colt5::emulator;

namespace {
struct Rewriter {
  Operation *op;
  RuntimeCalls &calls;
  ImplicitLocOpBuilder b;

  Rewriter(Operation *op, RuntimeCalls &calls) : op(op), calls(calls), b(op->getLoc(), op) {}

  Value i32(int64_t value) { return RuntimeCalls::constant(b, value); }
  Value site() { return calls.site(b, op); }

  LogicalResult replace(Value value) {
    if (value)
      op->getResult(0).replaceAllUsesWith(value);
    op->erase();
    return success();
  }
  LogicalResult reg(uint32_t which) {
    return replace(calls.callPure(b, "colt5_emu_register", b.getI32Type(), i32(which)));
  }
  LogicalResult reg(uint32_t first, unsigned axis) { return reg(first + axis); }
  LogicalResult fixed(int64_t value) { return replace(i32(value)); }
  LogicalResult nothing() { return replace(Value()); }
  LogicalResult unsupported(const Twine &what) {
    return op->emitError("the emulator does not know ") << what << " of '" << op->getName() << "'";
  }

  /// Any value of up to 64 bits as an i64.
  Value widen(Value value) {
    Type type = value.getType();
    if (isa<LLVM::LLVMPointerType>(type))
      return LLVM::PtrToIntOp::create(b, b.getI64Type(), value);
    unsigned bits = LLVM::getPrimitiveTypeSizeInBits(type).getFixedValue();
    Type asInt = b.getIntegerType(bits);
    if (type != asInt)
      value = LLVM::BitcastOp::create(b, asInt, value);
    return bits == 64 ? value : LLVM::ZExtOp::create(b, b.getI64Type(), value).getResult();
  }
  Value narrow(Value word, Type type) {
    unsigned bits = LLVM::getPrimitiveTypeSizeInBits(type).getFixedValue();
    Type asInt = b.getIntegerType(bits);
    Value value = bits == 64 ? word : LLVM::TruncOp::create(b, asInt, word).getResult();
    return type == asInt ? value : LLVM::BitcastOp::create(b, type, value).getResult();
  }

  /// Hands `inputs` to the lanes' meeting and replaces the operation by what comes back: one value, or a
  /// struct whose members are words 0, 1, ...
  LogicalResult warp(uint32_t kind, Value mask, ValueRange inputs, uint32_t param = 0) {
    Value slots = calls.slots(op);
    auto word = [&](unsigned i) {
      return LLVM::GEPOp::create(b, slots.getType(), b.getI64Type(), slots,
                                 ArrayRef<LLVM::GEPArg>{int32_t(i)});
    };
    for (auto [i, input] : llvm::enumerate(inputs))
      LLVM::StoreOp::create(b, widen(input), word(i));
    calls.call(b, "colt5_emu_warp", Type(), {i32(kind), i32(param), mask, slots, site()});
    if (!op->getNumResults())
      return nothing();
    auto load = [&](unsigned i, Type type) {
      return narrow(LLVM::LoadOp::create(b, b.getI64Type(), word(i)), type);
    };
    auto structure = dyn_cast<LLVM::LLVMStructType>(op->getResult(0).getType());
    if (!structure)
      return replace(load(0, op->getResult(0).getType()));
    Value result = LLVM::UndefOp::create(b, structure);
    for (auto [i, type] : llvm::enumerate(structure.getBody()))
      result = LLVM::InsertValueOp::create(b, result, load(i, type), ArrayRef<int64_t>{int64_t(i)});
    return replace(result);
  }
  Value allLanes() { return i32(-1); }

  LogicalResult redux(NVVM::ReduxOp redux) {
    static const llvm::DenseMap<NVVM::ReduxKind, uint32_t> kinds = {
        {NVVM::ReduxKind::ADD, ReduxAdd},   {NVVM::ReduxKind::UMIN, ReduxUMin},
        {NVVM::ReduxKind::UMAX, ReduxUMax}, {NVVM::ReduxKind::MIN, ReduxMin},
        {NVVM::ReduxKind::MAX, ReduxMax},   {NVVM::ReduxKind::AND, ReduxAnd},
        {NVVM::ReduxKind::OR, ReduxOr},     {NVVM::ReduxKind::XOR, ReduxXor}};
    auto kind = kinds.find(redux.getKind());
    if (kind == kinds.end() || !redux.getVal().getType().isInteger(32))
      return unsupported("this kind or type");
    return warp(kind->second, redux.getMaskAndClamp(), redux.getVal());
  }

  LogicalResult mma(NVVM::MmaOp mma) {
    auto shape = mma.getShape();
    auto a = mma.getMultiplicandAPtxType(), b = mma.getMultiplicandBPtxType();
    bool layouts = mma.getLayoutA() == NVVM::MMALayout::row && mma.getLayoutB() == NVVM::MMALayout::col;
    auto result = dyn_cast<LLVM::LLVMStructType>(mma.getRes().getType());
    bool single = result && result.getBody().size() == 4 && result.getBody()[0].isF32();
    // Two pairs of f16.
    bool half = result && result.getBody().size() == 2;
    if (a && a == b && layouts && (single || half) && shape.getM() == 16 && shape.getN() == 8) {
      if (shape.getK() == 16 && *a == NVVM::MMATypes::f16)
        return warp(MmaF16, allLanes(), op->getOperands(), half);
      if (shape.getK() == 16 && *a == NVVM::MMATypes::bf16 && single)
        return warp(MmaBF16, allLanes(), op->getOperands());
      if (shape.getK() == 8 && *a == NVVM::MMATypes::tf32 && single)
        return warp(MmaTF32, allLanes(), op->getOperands());
    }
    return unsupported(
        "this shape or type (known: m16n8k16 of bf16 and f16, m16n8k8 of tf32, row by column, f32 "
        "result, of f16 also f16)");
  }

  template <typename MatrixOp> LogicalResult matrix(MatrixOp matrix, uint32_t kind, uint32_t num) {
    auto shape = matrix.getShape();
    if (shape.getM() != 8 || shape.getN() != 8 || matrix.getEltType() != NVVM::LdStMatrixEltType::B16)
      return unsupported("this shape or type (known: 8x8 of b16)");
    return warp(kind, allLanes(), op->getOperands(), num | (matrix.getLayout() == NVVM::MMALayout::col) << 8);
  }

  /// Two f32 to a vector whose element 1 is the first of them.
  template <typename ConvertOp> LogicalResult convertPair(ConvertOp convert) {
    if (convert.getRnd() != NVVM::FPRoundingMode::RN || convert.getRelu() || op->getNumOperands() != 2)
      return unsupported("this rounding (known: rn of two values)");
    StringRef function = isa<NVVM::ConvertF32x2ToBF16x2Op>(op) ? "colt5_emu_bf16" : "colt5_emu_f16";
    auto vector = dyn_cast<VectorType>(op->getResult(0).getType());
    Type pair = VectorType::get(2, b.getI16Type());
    Value result = LLVM::UndefOp::create(b, pair);
    for (unsigned i = 0; i < 2; ++i)
      result = LLVM::InsertElementOp::create(
          b, result, calls.callPure(b, function, b.getI16Type(), op->getOperand(1 - i)), i32(i));
    return replace(LLVM::BitcastOp::create(b, vector ? Type(vector) : op->getResult(0).getType(), result));
  }

  LogicalResult barrier(Value id, Value count, std::optional<NVVM::BarrierReduction> reduction,
                        Value predicate) {
    Value result = calls.call(b, "colt5_emu_barrier", b.getI32Type(),
                              {id ? id : i32(0), count ? count : i32(0), i32(reduction ? int(*reduction) : 3),
                               predicate ? predicate : i32(0), site()});
    return replace(op->getNumResults() ? result : Value());
  }
};
} // namespace

LogicalResult mlir::colt5::emulator::rewriteNVVMOp(Operation *op, RuntimeCalls &calls) {
  Rewriter r(op, calls);
  using namespace NVVM;
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](ThreadIdXOp) { return r.reg(TidX, 0); })
      .Case([&](ThreadIdYOp) { return r.reg(TidX, 1); })
      .Case([&](ThreadIdZOp) { return r.reg(TidX, 2); })
      .Case([&](BlockDimXOp) { return r.reg(NTidX, 0); })
      .Case([&](BlockDimYOp) { return r.reg(NTidX, 1); })
      .Case([&](BlockDimZOp) { return r.reg(NTidX, 2); })
      .Case([&](BlockIdXOp) { return r.reg(CtaIdX, 0); })
      .Case([&](BlockIdYOp) { return r.reg(CtaIdX, 1); })
      .Case([&](BlockIdZOp) { return r.reg(CtaIdX, 2); })
      .Case([&](GridDimXOp) { return r.reg(NCtaIdX, 0); })
      .Case([&](GridDimYOp) { return r.reg(NCtaIdX, 1); })
      .Case([&](GridDimZOp) { return r.reg(NCtaIdX, 2); })
      .Case([&](LaneIdOp) { return r.reg(LaneId); })
      .Case([&](WarpIdOp) { return r.reg(WarpId); })
      .Case([&](WarpDimOp) { return r.reg(NWarpId); })
      .Case([&](WarpSizeOp) { return r.fixed(32); })
      .Case([&](LaneMaskEqOp) { return r.reg(LaneMaskEq); })
      .Case([&](LaneMaskLeOp) { return r.reg(LaneMaskLe); })
      .Case([&](LaneMaskLtOp) { return r.reg(LaneMaskLt); })
      .Case([&](LaneMaskGeOp) { return r.reg(LaneMaskGe); })
      .Case([&](LaneMaskGtOp) { return r.reg(LaneMaskGt); })
      .Case([&](DynamicSmemSize) { return r.reg(DynamicSharedSize); })
      .Case([&](BlockInClusterIdXOp) { return r.reg(ClusterCtaIdX, 0); })
      .Case([&](BlockInClusterIdYOp) { return r.reg(ClusterCtaIdX, 1); })
      .Case([&](BlockInClusterIdZOp) { return r.reg(ClusterCtaIdX, 2); })
      .Case([&](ClusterDimBlocksXOp) { return r.reg(ClusterNCtaIdX, 0); })
      .Case([&](ClusterDimBlocksYOp) { return r.reg(ClusterNCtaIdX, 1); })
      .Case([&](ClusterDimBlocksZOp) { return r.reg(ClusterNCtaIdX, 2); })
      .Case([&](ClusterIdXOp) { return r.reg(ClusterIdX, 0); })
      .Case([&](ClusterIdYOp) { return r.reg(ClusterIdX, 1); })
      .Case([&](ClusterIdZOp) { return r.reg(ClusterIdX, 2); })
      .Case([&](ClusterDimXOp) { return r.reg(NClusterIdX, 0); })
      .Case([&](ClusterDimYOp) { return r.reg(NClusterIdX, 1); })
      .Case([&](ClusterDimZOp) { return r.reg(NClusterIdX, 2); })
      .Case([&](ClusterId) { return r.reg(ClusterCtaRank); })
      .Case([&](ClusterDim) { return r.reg(ClusterNCtaRank); })
      .Case([&](Barrier0Op) { return r.barrier({}, {}, std::nullopt, {}); })
      .Case([&](BarrierOp barrier) {
        return r.barrier(barrier.getBarrierId(), barrier.getNumberOfThreads(), barrier.getReductionOp(),
                         barrier.getReductionPredicate());
      })
      .Case([&](BarrierArriveOp arrive) {
        Value id = arrive.getBarrierId();
        calls.call(r.b, "colt5_emu_barrier_arrive", Type(),
                   {id ? id : r.i32(0), arrive.getNumberOfThreads(), r.site()});
        return r.nothing();
      })
      .Case([&](SyncWarpOp sync) { return r.warp(WarpSync, sync.getMask(), {}); })
      .Case([&](ShflOp shfl) {
        // The order of the enumeration is bfly, up, down, idx, here too.
        return r.warp(ShflBfly + uint32_t(shfl.getKind()), shfl.getThreadMask(),
                      {shfl.getVal(), shfl.getOffset(), shfl.getMaskAndClamp()});
      })
      .Case([&](VoteSyncOp vote) {
        return r.warp(VoteAny + uint32_t(vote.getKind()), vote.getMask(), vote.getPred());
      })
      .Case([&](MatchSyncOp match) {
        return r.warp(match.getKind() == MatchSyncKind::any ? MatchAny : MatchAll, match.getThreadMask(),
                      match.getVal());
      })
      .Case([&](ReduxOp redux) { return r.redux(redux); })
      .Case([&](ElectSyncOp elect) {
        return r.warp(Elect, elect.getMembermask() ? elect.getMembermask() : r.allLanes(), {});
      })
      .Case([&](MmaOp mma) { return r.mma(mma); })
      .Case([&](LdMatrixOp load) { return r.matrix(load, LdMatrix, load.getNum()); })
      .Case([&](StMatrixOp store) { return r.matrix(store, StMatrix, store.getSources().size()); })
      .Case([&](CpAsyncOp copy) {
        Value bytes = r.i32(copy.getSize());
        calls.call(
            r.b, "colt5_emu_cp_async", Type(),
            {copy.getDst(), copy.getSrc(), bytes, copy.getCpSize() ? copy.getCpSize() : bytes, r.site()});
        return r.nothing();
      })
      .Case([&](CpAsyncCommitGroupOp) {
        calls.call(r.b, "colt5_emu_cp_async_commit", Type(), r.site());
        return r.nothing();
      })
      .Case([&](CpAsyncWaitGroupOp wait) {
        calls.call(r.b, "colt5_emu_cp_async_wait", Type(), {r.i32(wait.getN()), r.site()});
        return r.nothing();
      })
      .Case([&](MembarOp membar) {
        calls.call(r.b, "colt5_emu_fence", Type(), {r.i32(membar.getScope() != MemScopeKind::CTA), r.site()});
        return r.nothing();
      })
      .Case([&](ConvertFloatToTF32Op convert) {
        return r.replace(calls.call(r.b, "colt5_emu_tf32", r.b.getI32Type(), convert.getSrc()));
      })
      .Case([&](RcpApproxFtzF32Op rcp) {
        return r.replace(calls.call(r.b, "colt5_emu_rcp", r.b.getF32Type(), rcp.getArg()));
      })
      .Case<ConvertF32x2ToBF16x2Op, ConvertF32x2ToF16x2Op>(
          [&](auto convert) { return r.convertPair(convert); })
      .Case([&](Exit) {
        calls.call(r.b, "colt5_emu_exit", Type(), {});
        return r.nothing();
      })
      .Case([&](InlinePtxOp) { return rewriteIntrinsic(op, calls); })
      .Default([&](Operation *) { return rewriteHopperOp(op, calls); });
}

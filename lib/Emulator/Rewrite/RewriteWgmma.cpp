// wgmma as calls of the runtime. Until they are waited for, its results are tokens that may be handed on but
// not used.
#include "../Device/Wgmma.h"
#include "RuntimeCalls.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::colt5::emulator;

static StringRef assemblyText(Operation *op) {
  if (auto assembly = dyn_cast<LLVM::InlineAsmOp>(op))
    return assembly.getAsmString().trim();
  return "";
}

bool mlir::colt5::emulator::isWgmmaText(Operation *op) { return assemblyText(op).starts_with("wgmma."); }

static bool handsOn(Operation *op) {
  return isa<LLVM::ExtractValueOp, LLVM::InsertValueOp, LLVM::SelectOp, NVVM::WgmmaMmaAsyncOp>(op) ||
         isWgmmaText(op);
}

/// Values that may hold tokens: results of wgmma and what hands them on.
static llvm::SetVector<Value> findTokens(ModuleOp module) {
  llvm::SetVector<Value> tokens;
  module.walk([&](Operation *op) {
    if (isa<NVVM::WgmmaMmaAsyncOp>(op) || isWgmmaText(op))
      tokens.insert(op->result_begin(), op->result_end());
  });
  for (size_t i = 0; i < tokens.size(); ++i)
    for (OpOperand &use : tokens[i].getUses()) {
      Operation *user = use.getOwner();
      if (handsOn(user))
        tokens.insert(user->result_begin(), user->result_end());
      else if (auto branch = dyn_cast<BranchOpInterface>(user))
        if (auto argument = branch.getSuccessorBlockArgument(use.getOperandNumber()))
          tokens.insert(*argument);
    }
  return tokens;
}

static Value guard(ImplicitLocOpBuilder &b, Value value, Value site, RuntimeCalls &calls) {
  Type type = value.getType();
  if (auto structure = dyn_cast<LLVM::LLVMStructType>(type)) {
    for (auto [i, member] : llvm::enumerate(structure.getBody())) {
      SmallVector<int64_t> position = {int64_t(i)};
      Value element = guard(b, LLVM::ExtractValueOp::create(b, value, position), site, calls);
      value = LLVM::InsertValueOp::create(b, value, element, position);
    }
    return value;
  }
  Type i32 = b.getI32Type();
  bool isInteger = type == i32;
  Value bits = isInteger ? value : LLVM::BitcastOp::create(b, i32, value).getResult();
  bits = calls.call(b, "colt5_emu_accumulator", i32, {bits, site});
  return isInteger ? bits : LLVM::BitcastOp::create(b, type, bits).getResult();
}

LogicalResult mlir::colt5::emulator::guardAccumulators(ModuleOp module, RuntimeCalls &calls) {
  SmallVector<OpOperand *> uses;
  for (Value token : findTokens(module))
    for (OpOperand &use : token.getUses()) {
      auto branch = dyn_cast<BranchOpInterface>(use.getOwner());
      bool passed = branch && branch.getSuccessorBlockArgument(use.getOperandNumber());
      if (!handsOn(use.getOwner()) && !passed)
        uses.push_back(&use);
    }
  for (OpOperand *use : uses) {
    ImplicitLocOpBuilder b(use->getOwner()->getLoc(), use->getOwner());
    use->set(guard(b, use->get(), calls.site(b, use->getOwner()), calls));
  }
  return success();
}

namespace {
struct Rewriter {
  Operation *op;
  RuntimeCalls &calls;
  ImplicitLocOpBuilder b;

  Rewriter(Operation *op, RuntimeCalls &calls) : op(op), calls(calls), b(op->getLoc(), op) {}

  LogicalResult unsupported(const Twine &what) {
    return op->emitError("the emulator does not know ") << what << "; add it to lib/Emulator";
  }
  Value word(Value slots, unsigned i) {
    return LLVM::GEPOp::create(b, slots.getType(), b.getI32Type(), slots, ArrayRef<LLVM::GEPArg>{int32_t(i)});
  }
  void callWithSite(StringRef name, SmallVector<Value> arguments) {
    arguments.push_back(calls.site(b, op));
    calls.call(b, name, Type(), arguments);
  }

  /// `accumulators` and `registers` are 32-bit values. Replaces the operation by a struct of the new
  /// accumulators.
  LogicalResult mma(WgmmaConfig config, ValueRange accumulators, ValueRange registers, Value descriptorA,
                    Value descriptorB) {
    auto structure = cast<LLVM::LLVMStructType>(op->getResult(0).getType());
    if (accumulators.size() != config.registersD() || structure.getBody().size() != accumulators.size())
      return unsupported("a wgmma of " + Twine(accumulators.size()) + " registers, expected " +
                         Twine(config.registersD()));
    Value slots = calls.wgmmaSlots(op);
    unsigned next = 0;
    for (ValueRange values : {accumulators, registers})
      for (Value value : values)
        LLVM::StoreOp::create(b, value, word(slots, next++));
    Value zero = RuntimeCalls::constant(b, 0, 64);
    callWithSite("colt5_emu_wgmma", {slots, descriptorA ? descriptorA : zero, descriptorB,
                                     RuntimeCalls::constant(b, config.encode())});
    Value result = LLVM::UndefOp::create(b, structure);
    for (auto [i, type] : llvm::enumerate(structure.getBody()))
      result = LLVM::InsertValueOp::create(b, result, LLVM::LoadOp::create(b, type, word(slots, i)),
                                           ArrayRef<int64_t>{int64_t(i)});
    op->getResult(0).replaceAllUsesWith(result);
    op->erase();
    return success();
  }

  LogicalResult mma(NVVM::WgmmaMmaAsyncOp mma) {
    WgmmaConfig config;
    auto typeA = mma.getTypeA(), typeD = mma.getTypeD();
    if (typeA != mma.getTypeB() || mma.getShape().getM() != 64)
      return unsupported("this shape or type of '" + op->getName().getStringRef() + "'");
    switch (typeA) {
    case NVVM::WGMMATypes::bf16:
      config.type = WgmmaBF16;
      break;
    case NVVM::WGMMATypes::f16:
      config.type = WgmmaF16;
      break;
    case NVVM::WGMMATypes::tf32:
      config.type = WgmmaTF32;
      break;
    default:
      return unsupported("this type of '" + op->getName().getStringRef() + "' (known: bf16, f16, tf32)");
    }
    config.n = mma.getShape().getN();
    config.halfResult = typeD == NVVM::WGMMATypes::f16;
    config.scaleD = mma.getScaleD() == NVVM::WGMMAScaleOut::one;
    config.negateA = mma.getScaleA() == NVVM::WGMMAScaleIn::neg;
    config.negateB = mma.getScaleB() == NVVM::WGMMAScaleIn::neg;
    config.transposeA = mma.getLayoutA() == NVVM::MMALayout::col;
    config.transposeB = mma.getLayoutB() == NVVM::MMALayout::row;
    SmallVector<Value> accumulators;
    auto structure = cast<LLVM::LLVMStructType>(mma.getInouts().getType());
    for (auto [i, type] : llvm::enumerate(structure.getBody()))
      accumulators.push_back(LLVM::ExtractValueOp::create(b, mma.getInouts(), ArrayRef<int64_t>{int64_t(i)}));
    return this->mma(config, accumulators, {}, mma.getDescriptorA(), mma.getDescriptorB());
  }

  /// "wgmma.mma_async.sync.aligned.m64nNk16.f32.T.T {D}, {A} or a, b, scale-d, scale-a, scale-b,
  /// transpose...;" with tied accumulators.
  LogicalResult mmaText(LLVM::InlineAsmOp assembly) {
    StringRef text = assemblyText(op).rtrim("; ");
    WgmmaConfig config;
    StringRef rest = text;
    unsigned k = 0;
    auto malformed = [&] { return unsupported("the PTX '" + text + "'"); };
    if (!rest.consume_front("wgmma.mma_async.sync.aligned.m64n") || rest.consumeInteger(10, config.n) ||
        !rest.consume_front("k") || rest.consumeInteger(10, k))
      return malformed();
    config.halfResult = rest.starts_with(".f16.");
    if (!rest.consume_front(".f32") && !rest.consume_front(".f16"))
      return malformed();
    if (rest.consume_front(".bf16.bf16"))
      config.type = WgmmaBF16;
    else if (rest.consume_front(".f16.f16"))
      config.type = WgmmaF16;
    else if (rest.consume_front(".tf32.tf32"))
      config.type = WgmmaTF32;
    else
      return malformed();
    // Operands: groups in braces or single words.
    SmallVector<SmallVector<StringRef>> groups;
    for (rest = rest.trim(); !rest.empty(); rest = rest.ltrim(", ")) {
      SmallVector<StringRef> &group = groups.emplace_back();
      if (rest.consume_front("{")) {
        auto [inside, after] = rest.split('}');
        inside.split(group, ',');
        rest = after;
      } else {
        auto [single, after] = rest.split(',');
        group.push_back(single);
        rest = after;
      }
    }
    unsigned outputs = config.registersD();
    auto input = [&](StringRef name) -> Value {
      unsigned number;
      name = name.trim();
      if (!name.consume_front("$") || name.getAsInteger(10, number) || number < outputs ||
          number - outputs >= assembly.getOperands().size())
        return Value();
      return assembly.getOperands()[number - outputs];
    };
    if (groups.size() < 6 || groups[0].size() != outputs || k != config.k())
      return malformed();
    SmallVector<Value> registers, accumulators(assembly.getOperands().take_back(outputs));
    for (StringRef name : groups[1])
      registers.push_back(input(name));
    Value descriptorA, descriptorB = input(groups[2][0]);
    config.registersA = registers.size() == 4;
    if (!config.registersA)
      descriptorA = registers.pop_back_val();
    if (!descriptorB || llvm::is_contained(registers, Value()) || (!config.registersA && !descriptorA) ||
        config.type == WgmmaTF32)
      return malformed();
    SmallVector<StringRef> constraints;
    assembly.getConstraints().split(constraints, ',');
    // The tied accumulators come last, in order.
    bool tied = constraints.size() >= 2 * outputs && assembly.getOperands().size() >= outputs;
    for (unsigned i = 0; tied && i < outputs; ++i)
      tied = constraints[assembly.getOperands().size() + i] == std::to_string(i);
    if (!tied)
      return malformed();
    auto immediate = [&](unsigned i) { return i < groups.size() ? groups[i][0].trim() : StringRef("0"); };
    config.scaleD = immediate(3) == "1";
    config.negateA = immediate(4) == "-1";
    config.negateB = immediate(5) == "-1";
    config.transposeA = !config.registersA && immediate(6) == "1";
    config.transposeB = immediate(config.registersA ? 6 : 7) == "1";
    if (!config.scaleD && immediate(3) != "0")
      return malformed();
    return mma(config, accumulators, registers, descriptorA, descriptorB);
  }

  /// "wgmma.wait_group.sync.aligned N;", which may hand its operands on so that nothing is moved above it.
  LogicalResult text(LLVM::InlineAsmOp assembly) {
    StringRef text = assemblyText(op).rtrim("; ");
    uint32_t keep;
    if (text.starts_with("wgmma.mma_async"))
      return mmaText(assembly);
    if (text == "wgmma.fence.sync.aligned" && op->getNumResults() == 0)
      callWithSite("colt5_emu_wgmma_fence", {});
    else if (text == "wgmma.commit_group.sync.aligned" && op->getNumResults() == 0)
      callWithSite("colt5_emu_wgmma_commit", {});
    else if (text.consume_front("wgmma.wait_group.sync.aligned ") && !text.getAsInteger(10, keep))
      callWithSite("colt5_emu_wgmma_wait", {RuntimeCalls::constant(b, keep)});
    else
      return unsupported("the PTX '" + assemblyText(op) + "'");
    if (op->getNumResults()) {
      auto structure = dyn_cast<LLVM::LLVMStructType>(op->getResult(0).getType());
      Value result = structure ? LLVM::UndefOp::create(b, structure).getResult() : assembly.getOperands()[0];
      for (unsigned i = 0; structure && i < structure.getBody().size(); ++i)
        result =
            LLVM::InsertValueOp::create(b, result, assembly.getOperands()[i], ArrayRef<int64_t>{int64_t(i)});
      op->getResult(0).replaceAllUsesWith(result);
    }
    op->erase();
    return success();
  }

  LogicalResult plain(StringRef name, SmallVector<Value> arguments = {}) {
    callWithSite(name, arguments);
    op->erase();
    return success();
  }
};
} // namespace

LogicalResult mlir::colt5::emulator::rewriteWgmmaOp(Operation *op, RuntimeCalls &calls) {
  Rewriter r(op, calls);
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](NVVM::WgmmaMmaAsyncOp mma) { return r.mma(mma); })
      .Case([&](NVVM::WgmmaFenceAlignedOp) { return r.plain("colt5_emu_wgmma_fence"); })
      .Case([&](NVVM::WgmmaGroupSyncAlignedOp) { return r.plain("colt5_emu_wgmma_commit"); })
      .Case([&](NVVM::WgmmaWaitGroupSyncOp wait) {
        return r.plain("colt5_emu_wgmma_wait", {RuntimeCalls::constant(r.b, wait.getGroup())});
      })
      .Case([&](LLVM::InlineAsmOp assembly) { return r.text(assembly); })
      .Default([&](Operation *) {
        return op->emitError("the emulator does not know '") << op->getName() << "'; add it to lib/Emulator";
      });
}

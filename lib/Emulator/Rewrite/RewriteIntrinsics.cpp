// Intrinsics, inline PTX and calls of the target as calls of the runtime.
#include "RuntimeCalls.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace mlir::colt5::emulator;

/// Runtime function for an f32 instruction with one operand, by its PTX mnemonic or the name of its intrinsic
/// without "llvm.nvvm."; empty when not known.
static StringRef unaryFunction(StringRef name) {
  return llvm::StringSwitch<StringRef>(name)
      .Cases({"ex2.approx.f32", "ex2.approx.f"}, "colt5_emu_ex2")
      .Cases({"ex2.approx.ftz.f32", "ex2.approx.ftz.f", "ex2.approx.ftz"}, "colt5_emu_ex2_ftz")
      .Cases({"lg2.approx.ftz.f32", "lg2.approx.f32", "lg2.approx.ftz.f", "lg2.approx.f"}, "colt5_emu_lg2")
      .Cases({"rsqrt.approx.ftz.f32", "rsqrt.approx.f32", "rsqrt.approx.ftz.f", "rsqrt.approx.f"},
             "colt5_emu_rsqrt")
      .Cases({"sqrt.rn.f32", "sqrt.approx.f32", "sqrt.approx.ftz.f32", "sqrt.rn.f", "sqrt.rn.ftz.f",
              "sqrt.approx.f", "sqrt.approx.ftz.f"},
             "colt5_emu_sqrt")
      .Cases({"rcp.approx.ftz.f32", "rcp.approx.f32", "rcp.rn.f32", "rcp.approx.ftz.f", "rcp.rn.f"},
             "colt5_emu_rcp")
      .Cases({"tanh.approx.f32", "tanh.approx.f"}, "colt5_emu_tanh")
      .Cases({"sin.approx.f32", "sin.approx.ftz.f32", "sin.approx.f", "sin.approx.ftz.f"}, "colt5_emu_sin")
      .Cases({"cos.approx.f32", "cos.approx.ftz.f32", "cos.approx.f", "cos.approx.ftz.f"}, "colt5_emu_cos")
      .Default("");
}

static LogicalResult replaceUnary(Operation *op, StringRef what, StringRef name, ValueRange operands,
                                  RuntimeCalls &calls) {
  StringRef function = unaryFunction(name);
  if (function.empty() || op->getNumResults() != 1 || operands.size() != 1 || !operands[0].getType().isF32())
    return op->emitError("the emulator does not know the ")
           << what << " '" << name << "'; add it to lib/Emulator";
  ImplicitLocOpBuilder builder(op->getLoc(), op);
  op->getResult(0).replaceAllUsesWith(calls.call(builder, function, builder.getF32Type(), operands));
  op->erase();
  return success();
}

/// Calls `function` for PTX without operands and results.
static LogicalResult replacePlain(Operation *op, StringRef function, ValueRange arguments,
                                  RuntimeCalls &calls) {
  ImplicitLocOpBuilder builder(op->getLoc(), op);
  SmallVector<Value> all(arguments);
  all.push_back(calls.site(builder, op));
  calls.call(builder, function, Type(), all);
  op->erase();
  return success();
}

/// An arrival at a barrier object as text, without result.
static LogicalResult replaceArrive(Operation *op, Value address, RuntimeCalls &calls) {
  ImplicitLocOpBuilder b(op->getLoc(), op);
  if (address.getType().isInteger()) {
    if (!address.getType().isInteger(64))
      address = LLVM::ZExtOp::create(b, b.getI64Type(), address);
    address =
        calls.callPure(b, "colt5_emu_shared_address", LLVM::LLVMPointerType::get(b.getContext()), address);
  }
  Value zero = RuntimeCalls::constant(b, 0), one = RuntimeCalls::constant(b, 1);
  calls.call(b, "colt5_emu_mbarrier_arrive", b.getI64Type(),
             {address, zero, one, zero, one, calls.site(b, op)});
  op->erase();
  return success();
}

static LogicalResult rewriteText(Operation *op, StringRef text, ValueRange operands, RuntimeCalls &calls) {
  StringRef plain = text.trim().rtrim(';').trim();
  ImplicitLocOpBuilder b(op->getLoc(), op);
  if (isWgmmaText(op))
    return rewriteWgmmaOp(op, calls);
  if (operands.empty() && !op->getNumResults()) {
    if (plain == "cp.async.wait_all")
      return replacePlain(op, "colt5_emu_cp_async_wait_all", {}, calls);
    if (plain == "membar.cta" || plain == "fence.acq_rel.cta" || plain == "fence.sc.cta")
      return replacePlain(op, "colt5_emu_fence", RuntimeCalls::constant(b, 0), calls);
    bool device = plain == "membar.gl" || plain == "membar.sys";
    for (StringRef scope : {"cluster", "gpu", "sys"})
      device |= plain == ("fence.acq_rel." + scope).str() || plain == ("fence.sc." + scope).str();
    if (device)
      return replacePlain(op, "colt5_emu_fence", RuntimeCalls::constant(b, 1), calls);
    if (plain == "fence.proxy.async" || plain.starts_with("fence.proxy.async."))
      return replacePlain(op, "colt5_emu_fence_proxy", {}, calls);
  }
  if (operands.size() == 1 && !op->getNumResults() && plain.starts_with("mbarrier.arrive.") &&
      plain.ends_with(" _, [$0]") && !plain.contains("expect_tx"))
    return replaceArrive(op, operands[0], calls);
  if (text.count(';') > 1)
    return op->emitError("the emulator does not know the PTX '") << text << "'; add it to lib/Emulator";
  return replaceUnary(op, "PTX", text.trim().split(' ').first, operands, calls);
}

LogicalResult mlir::colt5::emulator::rewriteIntrinsic(Operation *op, RuntimeCalls &calls) {
  if (auto call = dyn_cast<LLVM::CallIntrinsicOp>(op)) {
    StringRef name = call.getIntrin();
    if (!name.consume_front("llvm.nvvm."))
      return success();
    return replaceUnary(op, "intrinsic", name, call.getArgs(), calls);
  }
  if (auto ptx = dyn_cast<NVVM::InlinePtxOp>(op))
    return rewriteText(op, ptx.getPtxCode(), ptx.getReadOnlyArgs(), calls);
  if (auto assembly = dyn_cast<LLVM::InlineAsmOp>(op))
    return rewriteText(op, assembly.getAsmString(), assembly.getOperands(), calls);
  if (auto call = dyn_cast<LLVM::CallOp>(op)) {
    std::optional<StringRef> callee = call.getCallee();
    if (!callee)
      return op->emitError("the emulator does not know calls through pointers");
    auto function = SymbolTable::lookupNearestSymbolFrom<LLVM::LLVMFuncOp>(op, call.getCalleeAttr());
    if (!function || (function.isExternal() && !callee->starts_with("colt5_emu_")))
      return op->emitError("the emulator does not know the function '")
             << *callee << "', which the module only declares";
  }
  return success();
}

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
      .Cases({"ex2.approx.ftz.f32", "ex2.approx.f32", "ex2.approx.ftz.f", "ex2.approx.f", "ex2.approx.ftz"},
             "colt5_emu_ex2")
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

/// "cp.async.wait_all;" and fences come as text as well.
static bool isPlainText(StringRef text, StringRef instruction) {
  return text.trim().rtrim(';').trim() == instruction;
}

static LogicalResult rewriteText(Operation *op, StringRef text, ValueRange operands, RuntimeCalls &calls) {
  if (isPlainText(text, "cp.async.wait_all")) {
    ImplicitLocOpBuilder builder(op->getLoc(), op);
    calls.call(builder, "colt5_emu_cp_async_wait_all", Type(), calls.site(builder, op));
    op->erase();
    return success();
  }
  if (text.count(';') > 1)
    return op->emitError("the emulator does not know the PTX '") << text << "'; add it to lib/Emulator";
  return replaceUnary(op, "PTX", text.trim().split(' ').first, operands, calls);
}

/// x86 truncates to bf16 through a library that the host program need not have.
static void truncateToBF16(LLVM::FPTruncOp op, RuntimeCalls &calls) {
  ImplicitLocOpBuilder b(op.getLoc(), op);
  auto convert = [&](Value x) -> Value {
    if (!x.getType().isF32())
      x = LLVM::FPTruncOp::create(b, b.getF32Type(), x);
    return LLVM::BitcastOp::create(b, b.getBF16Type(), calls.call(b, "colt5_emu_bf16", b.getI16Type(), x));
  };
  Value result;
  if (auto type = dyn_cast<VectorType>(op.getType())) {
    result = LLVM::UndefOp::create(b, type);
    for (int64_t i = 0; i < type.getNumElements(); ++i) {
      Value index = RuntimeCalls::constant(b, i);
      Value element = LLVM::ExtractElementOp::create(b, op.getArg(), index);
      result = LLVM::InsertElementOp::create(b, result, convert(element), index);
    }
  } else {
    result = convert(op.getArg());
  }
  op.replaceAllUsesWith(result);
  op.erase();
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
  auto truncation = dyn_cast<LLVM::FPTruncOp>(op);
  if (truncation && getElementTypeOrSelf(truncation.getType()).isBF16())
    truncateToBF16(truncation, calls);
  return success();
}

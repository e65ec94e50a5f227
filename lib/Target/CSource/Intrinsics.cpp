// Calls.
#include "Emitter.h"
#include "llvm/IR/Constants.h"

using namespace mlir;
using namespace mlir::colt5;
using llvm::Intrinsic::ID;
namespace Intrinsic = llvm::Intrinsic;

void FunctionEmitter::emitCall(const llvm::CallInst &inst) {
  const llvm::Function *callee = inst.getCalledFunction();
  std::string arguments;
  for (const llvm::Use &argument : inst.args())
    arguments += (arguments.empty() ? "" : ", ") + use(argument);
  std::string call;
  if (callee) {
    if (callee->isDeclaration())
      return fail(inst, "the function is defined elsewhere");
    call = module.getName(*callee) + "(" + arguments + ")";
  } else if (inst.isInlineAsm()) {
    return fail(inst);
  } else {
    auto *known = llvm::find_if(module.options.indirectCalls, [&](const CIndirectCall &candidate) {
      return candidate.type == inst.getFunctionType();
    });
    // The type that such functions are defined with is not known.
    if (known == module.options.indirectCalls.end())
      return fail(inst, "a call of a pointer to an unknown interface");
    call =
        known->name + "(" + use(inst.getCalledOperand()) + (arguments.empty() ? "" : ", ") + arguments + ")";
  }
  if (inst.getType()->isVoidTy() || inst.use_empty())
    return statement(call + ";");
  define(inst, castTo(getType(&inst), call));
}

/// A fused multiply-add. Vectors wider than the machine's are two halves.
std::string FunctionEmitter::emitFma(const llvm::IntrinsicInst &inst) {
  CType type = getType(&inst);
  std::string arguments;
  for (unsigned i = 0; i < 3; ++i)
    arguments += (i ? ", " : "") + use(inst.getArgOperand(i));
  if (type.kind != CType::Float) {
    fail(inst);
    return "0";
  }
  std::string scalar = "op_fma_" + CTypeNames::getShort(type.getLane());
  if (!type.lanes)
    return scalar + "(" + arguments + ")";
  std::string name = types.get(type);
  std::string text = "(" + name + " a, " + name + " b, " + name + " c) {\n";
  unsigned bits = type.lanes * type.bits;
  if (bits == 128 || bits == 256 || bits == 512) {
    std::string width = bits == 128 ? "" : std::to_string(bits), suffix = type.bits == 32 ? "s" : "d";
    std::string vector = "(__m" + std::to_string(bits) + (type.bits == 32 ? "" : "d") + ")";
    text += "#if OP_FMA >= " + std::to_string(bits) + "\n  return (" + name + ")_mm" + width + "_fmadd_p" +
            suffix + "(" + vector + "a, " + vector + "b, " + vector + "c);\n#else\n";
  }
  text += "  for (int i = 0; i < " + std::to_string(type.lanes) + "; ++i)\n    a[i] = " + scalar +
          "(a[i], b[i], c[i]);\n  return a;\n";
  if (bits == 128 || bits == 256 || bits == 512)
    text += "#endif\n";
  return module.useHelper(name, "fma_" + CTypeNames::getShort(type), text + "}") + "(" + arguments + ")";
}

bool colt5::hasNoNaN(const llvm::Value *value) {
  auto *constant = llvm::dyn_cast<llvm::Constant>(value);
  if (!constant)
    return false;
  for (unsigned i = 0; i < getNumLanes(value->getType()); ++i) {
    auto *lane = llvm::dyn_cast_or_null<llvm::ConstantFP>(
        value->getType()->isVectorTy() ? constant->getAggregateElement(i) : constant);
    if (!lane || lane->isNaN())
      return false;
  }
  return true;
}

/// minnum and maxnum are, to the zero that they pick, what code for x86 computes.
std::string FunctionEmitter::emitMinMax(const llvm::IntrinsicInst &inst) {
  CType type = getType(&inst);
  const llvm::Value *a = inst.getArgOperand(0), *b = inst.getArgOperand(1);
  bool isFloat = type.kind == CType::Float;
  ID id = inst.getIntrinsicID();
  bool isSigned = id == Intrinsic::smin || id == Intrinsic::smax;
  bool isMin = id == Intrinsic::smin || id == Intrinsic::umin || id == Intrinsic::minnum;
  auto get = [&](const llvm::Value *value) { return isSigned ? useSigned(value) : use(value); };
  auto choose = [&](const std::string &condition, const std::string &yes, const std::string &no) {
    if (type.lanes)
      return emitBlend(type, "(" + types.get(type.withKind(CType::Signed)) + ")(" + condition + ")", yes, no);
    return "(" + condition + " ? " + yes + " : " + no + ")";
  };
  auto pick = [&](const llvm::Value *first, const llvm::Value *second) {
    return choose(get(first) + (isMin ? " < " : " > ") + get(second), use(first), use(second));
  };
  if (!isFloat && inst.getType()->isFPOrFPVectorTy()) {
    fail(inst);
    return "0";
  }
  if (!isFloat || inst.hasNoNaNs() || hasNoNaN(b))
    return pick(a, b);
  if (hasNoNaN(a))
    return pick(b, a);
  return choose(use(a) + " != " + use(a), use(b), pick(b, a));
}

/// Functions of floats that are applied lane by lane.
std::string FunctionEmitter::emitFloatIntrinsic(const llvm::IntrinsicInst &inst, llvm::StringRef name) {
  CType type = getType(&inst);
  if (type.kind != CType::Float) {
    fail(inst);
    return "0";
  }
  llvm::SmallVector<std::pair<CType, std::string>> operands;
  for (const llvm::Use &argument : inst.args())
    operands.push_back({type, use(argument)});
  return emitLanewise(type, getNumLanes(inst.getType()),
                      "op_" + name.str() + "_" + CTypeNames::getShort(type.getLane()), operands);
}

/// Functions of integers in 64 bits.
std::string FunctionEmitter::emitIntegerIntrinsic(const llvm::IntrinsicInst &inst) {
  CType type = getType(&inst);
  unsigned width = inst.getType()->getScalarSizeInBits(), lanes = getNumLanes(inst.getType());
  std::string bits = ", " + std::to_string(width);
  auto apply = [&](const std::string &name, bool isSigned, unsigned count, const std::string &last) {
    llvm::SmallVector<std::pair<CType, std::string>> operands;
    for (unsigned i = 0; i < count; ++i) {
      const llvm::Value *value = inst.getArgOperand(i);
      operands.push_back(isSigned ? std::make_pair(type.withKind(CType::Signed), useSigned(value))
                                  : std::make_pair(type, use(value)));
    }
    std::string text = emitLanewise(type, lanes, name, operands, last);
    return type.lanes ? text : wrap(inst.getType(), "(" + types.get(type) + ")" + text);
  };
  bool isMask = inst.getType()->isVectorTy() && width == 1;
  if (!inst.getType()->isIntOrIntVectorTy() || width > 64 || isMask) {
    fail(inst);
    return "0";
  }
  switch (inst.getIntrinsicID()) {
  case Intrinsic::abs:
    return apply("op_abs", true, 1, "");
  case Intrinsic::ctpop:
    return apply("op_popcount", false, 1, "");
  case Intrinsic::ctlz:
    return apply("op_leading_zeros", false, 1, bits);
  case Intrinsic::cttz:
    return apply("op_trailing_zeros", false, 1, bits);
  case Intrinsic::bswap:
    return apply("op_byte_swap", false, 1, bits);
  case Intrinsic::bitreverse:
    return apply("op_bit_reverse", false, 1, bits);
  case Intrinsic::fshl:
    return apply("op_funnel_left", false, 3, bits);
  case Intrinsic::fshr:
    return apply("op_funnel_right", false, 3, bits);
  case Intrinsic::sadd_sat:
    return apply("op_sadd_sat", true, 2, bits);
  case Intrinsic::ssub_sat:
    return apply("op_ssub_sat", true, 2, bits);
  case Intrinsic::uadd_sat:
    return apply("op_uadd_sat", false, 2, bits);
  case Intrinsic::usub_sat:
    return apply("op_usub_sat", false, 2, "");
  default:
    fail(inst);
    return "0";
  }
}

void FunctionEmitter::emitIntrinsic(const llvm::IntrinsicInst &inst) {
  auto copy = [&](const char *name) {
    statement(std::string(name) + "(" + use(inst.getArgOperand(0)) + ", " + use(inst.getArgOperand(1)) +
              ", " + use(inst.getArgOperand(2)) + ");");
  };
  auto isVolatile = [&] {
    auto *memory = llvm::dyn_cast<llvm::MemIntrinsic>(&inst);
    return memory && memory->isVolatile();
  };
  if (isVolatile())
    return fail(inst);
  switch (inst.getIntrinsicID()) {
  case Intrinsic::assume:
  case Intrinsic::lifetime_start:
  case Intrinsic::lifetime_end:
  case Intrinsic::experimental_noalias_scope_decl:
  case Intrinsic::prefetch:
    return;
  case Intrinsic::memcpy:
  case Intrinsic::memcpy_inline:
    return copy("op_memcpy");
  case Intrinsic::memmove:
    return copy("op_memmove");
  case Intrinsic::memset:
  case Intrinsic::memset_inline:
    return copy("op_memset");
  case Intrinsic::masked_load:
  case Intrinsic::masked_gather:
    return define(inst, emitMaskedLoad(inst));
  case Intrinsic::masked_store:
  case Intrinsic::masked_scatter:
    return emitMaskedStore(inst);
  case Intrinsic::fmuladd:
    // Fused by the code generator, but not in half precision.
    if (getType(&inst).kind != CType::Float)
      return fail(inst);
    return define(inst, emitFma(inst));
  case Intrinsic::fma:
    return define(inst, emitFma(inst));
  case Intrinsic::smin:
  case Intrinsic::smax:
  case Intrinsic::umin:
  case Intrinsic::umax:
  case Intrinsic::minnum:
  case Intrinsic::maxnum:
    return define(inst, emitMinMax(inst));
  case Intrinsic::sqrt:
    return define(inst, emitFloatIntrinsic(inst, "sqrt"));
  case Intrinsic::fabs:
    return define(inst, emitFloatIntrinsic(inst, "fabs"));
  case Intrinsic::copysign:
    return define(inst, emitFloatIntrinsic(inst, "copysign"));
  case Intrinsic::floor:
    return define(inst, emitFloatIntrinsic(inst, "floor"));
  case Intrinsic::ceil:
    return define(inst, emitFloatIntrinsic(inst, "ceil"));
  case Intrinsic::trunc:
    return define(inst, emitFloatIntrinsic(inst, "trunc"));
  case Intrinsic::rint:
  case Intrinsic::nearbyint:
  case Intrinsic::roundeven:
    return define(inst, emitFloatIntrinsic(inst, "rint"));
  case Intrinsic::minimum:
    return define(inst, emitFloatIntrinsic(inst, "minimum"));
  case Intrinsic::maximum:
    return define(inst, emitFloatIntrinsic(inst, "maximum"));
  case Intrinsic::vector_reduce_add:
  case Intrinsic::vector_reduce_mul:
  case Intrinsic::vector_reduce_and:
  case Intrinsic::vector_reduce_or:
  case Intrinsic::vector_reduce_xor:
  case Intrinsic::vector_reduce_smax:
  case Intrinsic::vector_reduce_smin:
  case Intrinsic::vector_reduce_umax:
  case Intrinsic::vector_reduce_umin:
  case Intrinsic::vector_reduce_fadd:
  case Intrinsic::vector_reduce_fmul:
  case Intrinsic::vector_reduce_fmax:
  case Intrinsic::vector_reduce_fmin:
  case Intrinsic::vector_reduce_fmaximum:
  case Intrinsic::vector_reduce_fminimum:
    return define(inst, emitReduction(inst));
  default:
    if (inst.getType()->isVoidTy())
      return fail(inst);
    return define(inst, emitIntegerIntrinsic(inst));
  }
}

// Integer and float operations, comparisons, select.
#include "Emitter.h"
#include "llvm/IR/Constants.h"

using namespace mlir;
using namespace mlir::colt5;

static bool isMask(const llvm::Value *value) {
  return value->getType()->isVectorTy() && value->getType()->getScalarType()->isIntegerTy(1);
}
static bool isHalf(llvm::Type *type) {
  return type->getScalarType()->isHalfTy() || type->getScalarType()->isBFloatTy();
}

/// "((u32x4){31, 31, 31, 31})", or the number for scalars.
static std::string splat(CTypeNames &types, CType type, unsigned value) {
  if (!type.lanes)
    return std::to_string(value);
  std::string text = "((" + types.get(type) + "){";
  for (unsigned i = 0; i < type.lanes; ++i)
    text += (i ? ", " : "") + std::to_string(value);
  return text + "})";
}

std::string FunctionEmitter::emitLanewise(CType result, unsigned lanes, const std::string &name,
                                          llvm::ArrayRef<std::pair<CType, std::string>> operands,
                                          const std::string &last) {
  std::string parameters, scalars, arguments;
  for (auto [i, operand] : llvm::enumerate(operands)) {
    std::string letter(1, static_cast<char>('a' + i)), comma = i ? ", " : "";
    parameters += comma + types.get(operand.first) + " " + letter;
    scalars += comma + letter + "[i]";
    arguments += comma + operand.second;
  }
  if (!result.lanes)
    return name + "(" + arguments + last + ")";
  // The lanes of the padding hold 0.
  std::string type = types.get(result), count = std::to_string(lanes);
  std::string suffix =
      CTypeNames::getShort(result) + "_" + CTypeNames::getShort(operands[0].first) + "_" + count;
  std::string helper =
      module.useHelper(type, "each_" + name + "_" + suffix,
                       "(" + parameters + ") {\n  " + type + " x = {0};\n  for (int i = 0; i < " + count +
                           "; ++i)\n    x[i] = (" + types.get(result.getLane()) + ")" + name + "(" + scalars +
                           last + ");\n  return x;\n}");
  return helper + "(" + arguments + ")";
}

std::string FunctionEmitter::emitBlend(CType type, const std::string &mask, const std::string &a,
                                       const std::string &b) {
  CType lanes = type.withKind(CType::Signed);
  std::string name = types.get(type), maskName = types.get(lanes);
  std::string helper =
      module.useHelper(name, "blend_" + CTypeNames::getShort(type),
                       "(" + maskName + " mask, " + name + " a, " + name + " b) {\n  return (" + name +
                           ")((mask & (" + maskName + ")a) | (~mask & (" + maskName + ")b));\n}");
  return helper + "(" + mask + ", " + a + ", " + b + ")";
}

std::string FunctionEmitter::emitShift(const llvm::BinaryOperator &inst) {
  CType type = getType(&inst);
  const llvm::Value *amount = inst.getOperand(1);
  // Larger amounts make poison in LLVM, which may be computed and not used; in C they must not be.
  std::string count = type.bits == 128 ? "(unsigned)" + use(amount) : use(amount);
  count = "(" + count + " & " + splat(types, type, type.bits - 1) + ")";
  bool isNarrow = !type.lanes && type.bits < 32;
  if (inst.getOpcode() == llvm::Instruction::AShr) {
    if (type.lanes)
      count = "(" + types.get(type.withKind(CType::Signed)) + ")" + count;
    return wrap(inst.getType(),
                "(" + types.get(type) + ")(" + useSigned(inst.getOperand(0)) + " >> " + count + ")");
  }
  std::string value = (isNarrow ? "(uint32_t)" : "") + use(inst.getOperand(0));
  return wrap(inst.getType(), value + (inst.getOpcode() == llvm::Instruction::Shl ? " << " : " >> ") + count);
}

std::string FunctionEmitter::emitDivision(const llvm::BinaryOperator &inst) {
  CType type = getType(&inst);
  bool isSigned = inst.getOpcode() == llvm::Instruction::SDiv || inst.getOpcode() == llvm::Instruction::SRem;
  bool isRemainder =
      inst.getOpcode() == llvm::Instruction::URem || inst.getOpcode() == llvm::Instruction::SRem;
  CType operand = isSigned ? type.withKind(CType::Signed) : type;
  auto get = [&](unsigned i) { return isSigned ? useSigned(inst.getOperand(i)) : use(inst.getOperand(i)); };
  if (!type.lanes)
    return wrap(inst.getType(),
                "(" + types.get(type) + ")(" + get(0) + (isRemainder ? " % " : " / ") + get(1) + ")");
  // Lanes of the padding must not divide by 0.
  std::string lane = types.get(operand.getLane());
  std::string divide = module.useHelper(
      lane, std::string(isRemainder ? "rem_" : "div_") + CTypeNames::getShort(operand.getLane()),
      "(" + lane + " a, " + lane + " b) { return (" + lane + ")(a " + (isRemainder ? "%" : "/") + " b); }");
  return emitLanewise(type, getNumLanes(inst.getType()), divide, {{operand, get(0)}, {operand, get(1)}});
}

std::string FunctionEmitter::emitFloatBinary(const llvm::BinaryOperator &inst) {
  const char *op = nullptr;
  switch (inst.getOpcode()) {
  case llvm::Instruction::FAdd:
    op = " + ";
    break;
  case llvm::Instruction::FSub:
    op = " - ";
    break;
  case llvm::Instruction::FMul:
    op = " * ";
    break;
  case llvm::Instruction::FDiv:
    op = " / ";
    break;
  default:
    fail(inst);
    return "0";
  }
  if (!isHalf(inst.getType()))
    return use(inst.getOperand(0)) + op + use(inst.getOperand(1));
  // An f32 has more than twice the bits, so that rounding twice is rounding once.
  CType single = getCType(inst.getType());
  single = {CType::Float, 32, single.lanes};
  std::string value = "(" + useFloat(inst.getOperand(0)) + op + useFloat(inst.getOperand(1)) + ")";
  bool isBrain = inst.getType()->getScalarType()->isBFloatTy();
  return emitLanewise(getType(&inst), getNumLanes(inst.getType()),
                      isBrain ? "op_bf16_of_f32" : "op_f16_of_f32", {{single, value}});
}

std::string FunctionEmitter::emitBinary(const llvm::BinaryOperator &inst) {
  if (inst.getType()->isFPOrFPVectorTy())
    return emitFloatBinary(inst);
  CType type = getType(&inst);
  auto get = [&](unsigned i) {
    return isMask(&inst) ? useMask(inst.getOperand(i), type.bits) : use(inst.getOperand(i));
  };
  const char *op = nullptr;
  switch (inst.getOpcode()) {
  case llvm::Instruction::And:
    op = " & ";
    break;
  case llvm::Instruction::Or:
    op = " | ";
    break;
  case llvm::Instruction::Xor:
    op = " ^ ";
    break;
  case llvm::Instruction::Add:
    op = isMask(&inst) ? " ^ " : " + ";
    break;
  case llvm::Instruction::Sub:
    op = isMask(&inst) ? " ^ " : " - ";
    break;
  case llvm::Instruction::Mul:
    op = isMask(&inst) ? " & " : " * ";
    break;
  case llvm::Instruction::Shl:
  case llvm::Instruction::LShr:
  case llvm::Instruction::AShr:
    if (!isMask(&inst))
      return emitShift(inst);
    break;
  case llvm::Instruction::UDiv:
  case llvm::Instruction::SDiv:
  case llvm::Instruction::URem:
  case llvm::Instruction::SRem:
    if (!isMask(&inst))
      return emitDivision(inst);
    break;
  default:
    break;
  }
  if (!op) {
    fail(inst);
    return "0";
  }
  // Narrow operands would become int, whose products may overflow.
  bool isNarrow = !type.lanes && type.bits < 32;
  return wrap(inst.getType(), (isNarrow ? "(uint32_t)" : "") + get(0) + op + get(1));
}

std::string FunctionEmitter::emitNegation(const llvm::UnaryOperator &inst) {
  CType type = getType(&inst);
  if (!isHalf(inst.getType()))
    return "-" + use(inst.getOperand(0));
  std::string flipped = use(inst.getOperand(0)) + " ^ " + splat(types, type, 0x8000);
  return type.lanes ? flipped : castTo(type, "(" + flipped + ")");
}

/// Of floats; both predicates of a pair agree where neither operand is NaN.
static std::string compareFloats(llvm::CmpInst::Predicate predicate, const std::string &a,
                                 const std::string &b, bool isVector) {
  std::string both = isVector ? " & " : " && ", either = isVector ? " | " : " || ";
  switch (predicate) {
  case llvm::CmpInst::FCMP_OEQ:
    return "(" + a + " == " + b + ")";
  case llvm::CmpInst::FCMP_UNE:
    return "(" + a + " != " + b + ")";
  case llvm::CmpInst::FCMP_OLT:
    return "(" + a + " < " + b + ")";
  case llvm::CmpInst::FCMP_OLE:
    return "(" + a + " <= " + b + ")";
  case llvm::CmpInst::FCMP_OGT:
    return "(" + a + " > " + b + ")";
  case llvm::CmpInst::FCMP_OGE:
    return "(" + a + " >= " + b + ")";
  case llvm::CmpInst::FCMP_ONE:
    return "((" + a + " < " + b + ")" + either + "(" + a + " > " + b + "))";
  case llvm::CmpInst::FCMP_ORD:
    if (a == b)
      return "(" + a + " == " + a + ")";
    return "((" + a + " == " + a + ")" + both + "(" + b + " == " + b + "))";
  case llvm::CmpInst::FCMP_UNO:
    if (a == b)
      return "(" + a + " != " + a + ")";
    return "((" + a + " != " + a + ")" + either + "(" + b + " != " + b + "))";
  default:
    return (isVector ? "~" : "!") +
           compareFloats(llvm::CmpInst::getInversePredicate(predicate), a, b, isVector);
  }
}

static const char *getOperator(llvm::CmpInst::Predicate predicate) {
  switch (predicate) {
  case llvm::CmpInst::ICMP_EQ:
    return " == ";
  case llvm::CmpInst::ICMP_NE:
    return " != ";
  case llvm::CmpInst::ICMP_ULT:
  case llvm::CmpInst::ICMP_SLT:
    return " < ";
  case llvm::CmpInst::ICMP_ULE:
  case llvm::CmpInst::ICMP_SLE:
    return " <= ";
  case llvm::CmpInst::ICMP_UGT:
  case llvm::CmpInst::ICMP_SGT:
    return " > ";
  default:
    return " >= ";
  }
}

std::string FunctionEmitter::emitCompare(const llvm::CmpInst &inst) {
  const llvm::Value *a = inst.getOperand(0), *b = inst.getOperand(1);
  CType result = getType(&inst);
  auto convert = [&](const std::string &text) {
    return result.lanes ? "(" + types.get(result) + ")" + text : text;
  };
  if (llvm::isa<llvm::FCmpInst>(inst)) {
    llvm::CmpInst::Predicate predicate = inst.getPredicate();
    if (predicate == llvm::CmpInst::FCMP_FALSE || predicate == llvm::CmpInst::FCMP_TRUE) {
      fail(inst);
      return "0";
    }
    bool half = isHalf(a->getType());
    // Whether one operand is NaN, where the other is none.
    if ((predicate == llvm::CmpInst::FCMP_ORD || predicate == llvm::CmpInst::FCMP_UNO) && hasNoNaN(b))
      b = a;
    return convert(
        compareFloats(predicate, half ? useFloat(a) : use(a), half ? useFloat(b) : use(b), result.lanes));
  }
  if (isMask(a)) {
    std::string difference = "(" + useMask(a, result.bits) + " ^ " + useMask(b, result.bits) + ")";
    if (!llvm::cast<llvm::ICmpInst>(inst).isEquality())
      fail(inst);
    return inst.getPredicate() == llvm::CmpInst::ICMP_NE ? difference : "~" + difference;
  }
  auto get = [&](const llvm::Value *value) {
    if (value->getType()->isPointerTy())
      return "(uintptr_t)" + use(value);
    return inst.isSigned() ? useSigned(value) : use(value);
  };
  return convert("(" + get(a) + getOperator(inst.getPredicate()) + get(b) + ")");
}

std::string FunctionEmitter::emitSelect(const llvm::SelectInst &inst) {
  CType type = getType(&inst);
  auto get = [&](const llvm::Value *value) { return isMask(&inst) ? useMask(value, type.bits) : use(value); };
  std::string a = get(inst.getTrueValue()), b = get(inst.getFalseValue());
  if (!isMask(inst.getCondition()))
    return wrap(inst.getType(), use(inst.getCondition()) + " ? " + a + " : " + b);
  return emitBlend(type, useMask(inst.getCondition(), type.bits), a, b);
}

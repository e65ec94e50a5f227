// Conversions between types.
#include "Emitter.h"

using namespace mlir;
using namespace mlir::colt5;

static bool isMaskType(llvm::Type *type) {
  return type->isVectorTy() && type->getScalarType()->isIntegerTy(1);
}
static bool isHalf(llvm::Type *type) {
  return type->getScalarType()->isHalfTy() || type->getScalarType()->isBFloatTy();
}
static CType getSingle(CType type) { return {CType::Float, 32, type.lanes}; }

static std::string ones(CTypeNames &types, CType type) {
  std::string text = "((" + types.get(type) + "){1";
  for (unsigned i = 1; i < type.lanes; ++i)
    text += ", 1";
  return text + "})";
}

std::string FunctionEmitter::useFloat(const llvm::Value *value) {
  llvm::Type *type = value->getType();
  CType c = getType(value);
  bool isBrain = type->getScalarType()->isBFloatTy();
  if (!isBrain || !c.lanes)
    return emitLanewise(getSingle(c), getNumLanes(type), isBrain ? "op_f32_of_bf16" : "op_f32_of_f16",
                        {{c, use(value)}});
  CType wide{CType::Unsigned, 32, c.lanes};
  return "((" + types.get(getSingle(c)) + ")(__builtin_convertvector(" + use(value) + ", " + types.get(wide) +
         ") << 16))";
}

std::string FunctionEmitter::emitIntegerCast(const llvm::CastInst &inst) {
  const llvm::Value *value = inst.getOperand(0);
  CType to = getType(&inst), from = getType(value);
  bool isSigned = inst.getOpcode() == llvm::Instruction::SExt;
  if (isMaskType(value->getType())) {
    std::string mask = "(" + types.get(to) + ")" + useMask(value, to.bits);
    return isSigned ? mask : mask + " & " + ones(types, to);
  }
  if (isMaskType(inst.getType()))
    return "-(" + types.get(to) + ")(" + use(value) + " & " + ones(types, from) + ")";
  if (!to.lanes)
    return wrap(inst.getType(), "(" + types.get(to) + ")" + (isSigned ? useSigned(value) : use(value)));
  if (!isSigned)
    return "__builtin_convertvector(" + use(value) + ", " + types.get(to) + ")";
  return "(" + types.get(to) + ")__builtin_convertvector(" + useSigned(value) + ", " +
         types.get(to.withKind(CType::Signed)) + ")";
}

std::string FunctionEmitter::emitFloatToInteger(const llvm::CastInst &inst) {
  const llvm::Value *value = inst.getOperand(0);
  CType to = getType(&inst);
  bool isSigned = inst.getOpcode() == llvm::Instruction::FPToSI;
  std::string number = isHalf(value->getType()) ? useFloat(value) : use(value);
  if (to.bits > 64 || isMaskType(inst.getType())) {
    fail(inst);
    return "0";
  }
  if (to.lanes) {
    CType integer = isSigned ? to.withKind(CType::Signed) : to;
    return "(" + types.get(to) + ")__builtin_convertvector(" + number + ", " + types.get(integer) + ")";
  }
  std::string name = std::string("op_") + (isSigned ? "s" : "u") + (to.bits > 32 ? "64" : "32") + "_of_f64";
  return wrap(inst.getType(), "(" + types.get(to) + ")" + name + "(" + number + ")");
}

std::string FunctionEmitter::emitIntegerToFloat(const llvm::CastInst &inst) {
  const llvm::Value *value = inst.getOperand(0);
  CType to = getType(&inst), from = getType(value);
  bool isSigned = inst.getOpcode() == llvm::Instruction::SIToFP;
  unsigned width = value->getType()->getScalarSizeInBits();
  if (width > 64 || (isHalf(inst.getType()) && width > 32)) {
    fail(inst, "it would round twice");
    return "0";
  }
  std::string number = isSigned ? useSigned(value) : use(value);
  if (isMaskType(value->getType()) && !isSigned)
    number = "(" + number + " & " + ones(types, from) + ")";
  if (isHalf(inst.getType())) {
    CType wide{CType::Float, 64, to.lanes};
    number =
        to.lanes ? "__builtin_convertvector(" + number + ", " + types.get(wide) + ")" : "(double)" + number;
    bool isBrain = inst.getType()->getScalarType()->isBFloatTy();
    return emitLanewise(to, getNumLanes(inst.getType()), isBrain ? "op_bf16_of_f64" : "op_f16_of_f64",
                        {{wide, number}});
  }
  if (to.lanes)
    return "__builtin_convertvector(" + number + ", " + types.get(to) + ")";
  return "(" + types.get(to) + ")" + number;
}

std::string FunctionEmitter::emitFloatCast(llvm::Type *from, llvm::Type *to, const llvm::Value *value) {
  CType c = getCType(to), operand = getCType(from);
  unsigned lanes = getNumLanes(to);
  auto convert = [&](const std::string &text) {
    return c.lanes ? "__builtin_convertvector(" + text + ", " + types.get(c) + ")"
                   : "(" + types.get(c) + ")" + text;
  };
  if (isHalf(to) && !isHalf(from)) {
    std::string name = to->getScalarType()->isBFloatTy() ? "op_bf16_of_f" : "op_f16_of_f";
    return emitLanewise(c, lanes, name + std::to_string(operand.bits), {{operand, use(value)}});
  }
  if (isHalf(to))
    return emitLanewise(c, lanes, to->getScalarType()->isBFloatTy() ? "op_bf16_of_f32" : "op_f16_of_f32",
                        {{getSingle(c), useFloat(value)}});
  if (isHalf(from))
    return c.bits == 32 ? useFloat(value) : convert(useFloat(value));
  return convert(use(value));
}

std::string FunctionEmitter::emitBitCast(const llvm::CastInst &inst) {
  const llvm::Value *value = inst.getOperand(0);
  llvm::Type *source = value->getType(), *result = inst.getType();
  CType from = getType(value), to = getType(&inst);
  std::string name = types.get(to), suffix = CTypeNames::getShort(from) + "_" + CTypeNames::getShort(to);
  std::string lanes = std::to_string(getNumLanes(isMaskType(source) ? source : result));
  if (isMaskType(source) && result->isIntegerTy() && to.bits <= 64) {
    std::string helper = module.useHelper(
        name, "bits_" + suffix + "_" + lanes,
        "(" + types.get(from) + " x) {\n  uint64_t bits = 0;\n  for (int i = 0; i < " + lanes +
            "; ++i)\n    bits |= (uint64_t)(x[i] & 1) << i;\n  return (" + name + ")bits;\n}");
    return helper + "(" + use(value) + ")";
  }
  if (isMaskType(result) && source->isIntegerTy() && from.bits <= 64) {
    std::string helper = module.useHelper(
        name, "mask_" + suffix + "_" + lanes,
        "(" + types.get(from) + " bits) {\n  " + name + " x = {0};\n  for (int i = 0; i < " + lanes +
            "; ++i)\n    x[i] = (" + types.get(to.getLane()) + ")-(bits >> i & 1);\n  return x;\n}");
    return helper + "(" + use(value) + ")";
  }
  if (isMaskType(source) || isMaskType(result)) {
    fail(inst);
    return "0";
  }
  bool isSame = from.lanes && to.lanes && from.lanes * from.bits == to.lanes * to.bits;
  if (isSame || from == to)
    return "(" + name + ")" + use(value);
  // Of the same size in LLVM, but vectors may be padded in C.
  std::string bytes = std::to_string(module.layout.getTypeStoreSize(result).getFixedValue());
  std::string helper =
      module.useHelper(name, "cast_" + suffix + "_" + bytes,
                       "(" + types.get(from) + " x) {\n  " + name + " y = {0};\n  __builtin_memcpy(&y, &x, " +
                           bytes + ");\n  return y;\n}");
  return helper + "(" + use(value) + ")";
}

std::string FunctionEmitter::emitCast(const llvm::CastInst &inst) {
  const llvm::Value *value = inst.getOperand(0);
  switch (inst.getOpcode()) {
  case llvm::Instruction::Trunc:
  case llvm::Instruction::ZExt:
  case llvm::Instruction::SExt:
    return emitIntegerCast(inst);
  case llvm::Instruction::FPToSI:
  case llvm::Instruction::FPToUI:
    return emitFloatToInteger(inst);
  case llvm::Instruction::SIToFP:
  case llvm::Instruction::UIToFP:
    return emitIntegerToFloat(inst);
  case llvm::Instruction::FPExt:
  case llvm::Instruction::FPTrunc:
    return emitFloatCast(value->getType(), inst.getType(), value);
  case llvm::Instruction::BitCast:
    return emitBitCast(inst);
  case llvm::Instruction::PtrToInt:
  case llvm::Instruction::PtrToAddr:
    return wrap(inst.getType(), "(" + types.get(getType(&inst)) + ")(uintptr_t)" + use(value));
  case llvm::Instruction::IntToPtr:
    return "(char *)(uintptr_t)" + use(value);
  default:
    fail(inst);
    return "0";
  }
}

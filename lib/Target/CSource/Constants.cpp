// Constants as literals of C, and constant globals as arrays.
#include "llvm/IR/Constants.h"
#include "Emitter.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Operator.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace mlir::colt5;

static std::string getIntegerLiteral(const llvm::APInt &value, CType type) {
  if (type.bits == 128) {
    std::string low =
        std::to_string(value.extractBitsAsZExtValue(std::min(64u, value.getBitWidth()), 0)) + "ul";
    if (value.getActiveBits() <= 64)
      return "(unsigned __int128)" + low;
    return "((unsigned __int128)" + std::to_string(value.lshr(64).getZExtValue()) + "ul << 64 | " + low + ")";
  }
  std::string digits = std::to_string(value.getZExtValue());
  return type.bits == 64   ? digits + "ul"
         : type.bits == 32 ? digits + "u"
                           : "(uint" + std::to_string(type.bits) + "_t)" + digits;
}

static std::string getFloatLiteral(const llvm::APFloat &value, CType type) {
  bool isSingle = type.bits == 32;
  if (!value.isFinite()) {
    std::string bits = std::to_string(value.bitcastToAPInt().getZExtValue());
    return isSingle ? "op_f32(" + bits + "u)" : "op_f64(" + bits + "ul)";
  }
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%a",
                                                 isSingle ? value.convertToFloat() : value.convertToDouble());
  text += isSingle ? "f" : "";
  return value.isNegative() ? "(" + text + ")" : text;
}

std::string ModuleEmitter::getScalarLiteral(const llvm::Constant *constant, CType type) {
  if (llvm::isa<llvm::UndefValue>(constant) || constant->isNullValue()) {
    if (type.kind == CType::Pointer)
      return "(char *)0";
    return type.kind == CType::Float ? (type.bits == 32 ? "0.0f" : "0.0")
                                     : getIntegerLiteral(llvm::APInt(64, 0), type);
  }
  if (auto *integer = llvm::dyn_cast<llvm::ConstantInt>(constant))
    return getIntegerLiteral(integer->getValue(), type);
  if (auto *number = llvm::dyn_cast<llvm::ConstantFP>(constant)) {
    if (type.kind == CType::Float)
      return getFloatLiteral(number->getValueAPF(), type);
    return getIntegerLiteral(number->getValueAPF().bitcastToAPInt(), type);
  }
  if (auto *global = llvm::dyn_cast<llvm::GlobalValue>(constant)) {
    if (!global->isDeclaration())
      return "(char *)" + getName(*global);
    fail("the address of '" + global->getName() + "', which is defined elsewhere");
    return "0";
  }
  if (auto *address = llvm::dyn_cast<llvm::GEPOperator>(constant)) {
    llvm::APInt offset(64, 0);
    auto *base = llvm::dyn_cast<llvm::Constant>(address->getPointerOperand());
    if (base && type.kind == CType::Pointer && address->accumulateConstantOffset(layout, offset))
      return "op_at(" + getScalarLiteral(base, type) + ", " + std::to_string(offset.getZExtValue()) + "ul)";
  }
  if (auto *expression = llvm::dyn_cast<llvm::ConstantExpr>(constant))
    if (expression->getOpcode() == llvm::Instruction::IntToPtr)
      return "(char *)" +
             getScalarLiteral(expression->getOperand(0), getCType(expression->getOperand(0)->getType()));
  std::string text;
  llvm::raw_string_ostream stream(text);
  constant->printAsOperand(stream, /*PrintType=*/true);
  fail("the constant " + text);
  return "0";
}

std::string ModuleEmitter::getLiteral(const llvm::Constant *constant, unsigned maskBits) {
  CType type = getCType(constant->getType(), maskBits);
  if (type.kind == CType::Void) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    constant->getType()->print(stream);
    fail("a constant of type " + text);
    return "0";
  }
  if (!type.lanes)
    return getScalarLiteral(constant, type);
  std::string text = "(" + types.get(type) + "){";
  if (constant->isNullValue() || llvm::isa<llvm::UndefValue>(constant))
    return "(" + text + "0})";
  for (unsigned i = 0; i < getNumLanes(constant->getType()); ++i) {
    const llvm::Constant *element = constant->getAggregateElement(i);
    if (!element) {
      fail("a constant expression of vectors");
      return "0";
    }
    std::string lane = element->getType()->isIntegerTy(1) ? (element->isOneValue() ? "-1" : "0")
                                                          : getScalarLiteral(element, type.getLane());
    text += (i ? ", " : "") + lane;
  }
  return "(" + text + "})";
}

/// The memory of a constant; false where an address is in it.
bool ModuleEmitter::readBytes(const llvm::Constant *constant, llvm::MutableArrayRef<uint8_t> bytes) {
  llvm::Type *type = constant->getType();
  if (llvm::isa<llvm::UndefValue>(constant) || constant->isNullValue())
    return true;
  auto store = [&](const llvm::APInt &value) {
    for (size_t i = 0; i < bytes.size() && 8 * i < value.getBitWidth(); ++i)
      bytes[i] = value.extractBitsAsZExtValue(std::min<unsigned>(8, value.getBitWidth() - 8 * i), 8 * i);
    return true;
  };
  if (auto *integer = llvm::dyn_cast<llvm::ConstantInt>(constant); integer && type->isIntegerTy())
    return store(integer->getValue());
  if (auto *number = llvm::dyn_cast<llvm::ConstantFP>(constant); number && type->isFloatingPointTy())
    return store(number->getValueAPF().bitcastToAPInt());
  auto readElements = [&](unsigned count, llvm::function_ref<uint64_t(unsigned)> offset) {
    for (unsigned i = 0; i < count; ++i) {
      const llvm::Constant *element = constant->getAggregateElement(i);
      if (!element ||
          !readBytes(element, bytes.slice(offset(i), layout.getTypeStoreSize(element->getType()))))
        return false;
    }
    return true;
  };
  if (auto *array = llvm::dyn_cast<llvm::ArrayType>(type)) {
    uint64_t stride = layout.getTypeAllocSize(array->getElementType());
    return readElements(array->getNumElements(), [&](unsigned i) { return i * stride; });
  }
  if (auto *vector = llvm::dyn_cast<llvm::FixedVectorType>(type)) {
    uint64_t bits = layout.getTypeSizeInBits(vector->getElementType());
    return bits % 8 == 0 && readElements(vector->getNumElements(), [&](unsigned i) { return i * bits / 8; });
  }
  if (auto *structure = llvm::dyn_cast<llvm::StructType>(type)) {
    const llvm::StructLayout *places = layout.getStructLayout(structure);
    return readElements(structure->getNumElements(),
                        [&](unsigned i) { return uint64_t(places->getElementOffset(i)); });
  }
  return false;
}

void ModuleEmitter::printGlobals(llvm::raw_ostream &os) {
  for (const llvm::GlobalVariable &global : module.globals()) {
    if (global.getName().starts_with("llvm."))
      continue;
    uint64_t size = layout.getTypeAllocSize(global.getValueType());
    std::vector<uint8_t> bytes(llvm::alignTo(std::max<uint64_t>(size, 1), 4));
    if (!global.isConstant() || !global.hasInitializer() || !readBytes(global.getInitializer(), bytes))
      return fail("global '" + global.getName() + "', which is not a constant without addresses");
    uint64_t align = std::max<uint64_t>(
        layout.getValueOrABITypeAlignment(global.getAlign(), global.getValueType()).value(), 4);
    os << "static const uint32_t " << getName(global) << "[" << bytes.size() / 4
       << "] __attribute__((aligned(" << align << "))) = {";
    for (size_t i = 0; i < bytes.size(); i += 4) {
      uint32_t word = bytes[i] | bytes[i + 1] << 8 | bytes[i + 2] << 16 | uint32_t(bytes[i + 3]) << 24;
      os << (i ? "," : "") << (i % 48 ? " " : "\n  ") << word << "u";
    }
    os << "};\n";
  }
}

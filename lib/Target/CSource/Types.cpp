#include "Types.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::colt5;

CType colt5::getCType(llvm::Type *type, unsigned maskBits) {
  if (auto *vector = llvm::dyn_cast<llvm::FixedVectorType>(type)) {
    llvm::Type *element = vector->getElementType();
    unsigned lanes = llvm::PowerOf2Ceil(vector->getNumElements());
    CType lane = element->isIntegerTy(1) ? CType{CType::Signed, maskBits} : getCType(element);
    // GNU vectors hold no pointers; their addresses do. Nor do they hold integers of 128 bits.
    if (lane.kind == CType::Pointer)
      lane = {CType::Unsigned, 64};
    if (lane.bits > 64)
      return {};
    return lane.withLanes(lanes);
  }
  if (type->isPointerTy())
    return {CType::Pointer, 64};
  if (type->isFloatTy())
    return {CType::Float, 32};
  if (type->isDoubleTy())
    return {CType::Float, 64};
  if (type->isHalfTy() || type->isBFloatTy())
    return {CType::Unsigned, 16};
  if (type->isIntegerTy() && type->getIntegerBitWidth() <= 128)
    return {CType::Unsigned, std::max(8u, unsigned(llvm::PowerOf2Ceil(type->getIntegerBitWidth())))};
  return {};
}

unsigned colt5::getNumLanes(llvm::Type *type) {
  auto *vector = llvm::dyn_cast<llvm::FixedVectorType>(type);
  return vector ? vector->getNumElements() : 1;
}

static std::string getScalarName(CType type) {
  switch (type.kind) {
  case CType::Void:
    return "void";
  case CType::Pointer:
    return "char *";
  case CType::Float:
    return type.bits == 32 ? "float" : "double";
  case CType::Unsigned:
    return type.bits == 128 ? "unsigned __int128" : "uint" + std::to_string(type.bits) + "_t";
  case CType::Signed:
    return type.bits == 128 ? "__int128" : "int" + std::to_string(type.bits) + "_t";
  }
  return "void";
}

std::string CTypeNames::getShort(CType type) {
  static const char *const kLetters[] = {"void", "u", "i", "f", "p"};
  std::string name = kLetters[type.kind] + std::to_string(type.bits);
  return type.lanes ? name + "x" + std::to_string(type.lanes) : name;
}

std::string CTypeNames::get(CType type) {
  if (!type.lanes)
    return getScalarName(type);
  std::string name = getShort(type);
  typedefs[name] = "typedef " + getScalarName(type.getLane()) + " " + name + " __attribute__((vector_size(" +
                   std::to_string(type.lanes * type.bits / 8) + ")));";
  return name;
}

std::string CTypeNames::getMemory(CType type, uint64_t align) {
  std::string name = "mem_" + getShort(type) + "_" + std::to_string(align);
  std::string attributes = "may_alias, aligned(" + std::to_string(align) + ")";
  if (type.lanes)
    attributes = "vector_size(" + std::to_string(type.lanes * type.bits / 8) + "), " + attributes;
  std::string lane = getScalarName(type.getLane());
  typedefs[name] =
      "typedef " + lane + (lane.back() == '*' ? "" : " ") + name + " __attribute__((" + attributes + "));";
  return name;
}

void CTypeNames::print(llvm::raw_ostream &os) const {
  for (const auto &[name, text] : typedefs)
    os << text << "\n";
}

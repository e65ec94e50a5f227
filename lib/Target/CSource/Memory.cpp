// Addresses, loads and stores.
#include "Emitter.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/IR/Operator.h"
#include <array>

using namespace mlir;
using namespace mlir::colt5;

/// Bytes that a value has in memory where its C type has more; 0 where they are the same.
static uint64_t getOddSize(const llvm::DataLayout &layout, llvm::Type *type, CType c) {
  uint64_t bytes = layout.getTypeStoreSize(type);
  return bytes == uint64_t(c.bits) / 8 * std::max(1u, c.lanes) ? 0 : bytes;
}

/// Whether the C type has bits that are not the value's.
static bool isNarrow(llvm::Type *type, CType c) {
  return type->isIntegerTy() && type->getIntegerBitWidth() < c.bits;
}

static bool isMaskType(llvm::Type *type) {
  return type->isVectorTy() && type->getScalarType()->isIntegerTy(1);
}

std::string FunctionEmitter::emitAddress(const llvm::GetElementPtrInst &inst) {
  llvm::SmallMapVector<llvm::Value *, llvm::APInt, 4> variables;
  llvm::APInt constant(64, 0);
  if (!llvm::cast<llvm::GEPOperator>(inst).collectOffset(module.layout, 64, variables, constant)) {
    fail(inst);
    return "0";
  }
  CType type = getType(&inst);
  if (type.lanes)
    return emitAddresses(inst, type, variables, constant);
  std::string offset;
  auto add = [&](const std::string &term) { offset += (offset.empty() ? "" : " + ") + term; };
  for (const auto &[variable, scale] : variables) {
    std::string value =
        variable->getType()->isIntegerTy(64) ? use(variable) : "(uint64_t)" + useSigned(variable);
    add(scale.isOne() ? value : value + " * " + std::to_string(scale.getZExtValue()) + "ul");
  }
  if (!constant.isZero() || offset.empty())
    add(std::to_string(constant.getZExtValue()) + "ul");
  // Not arithmetic of pointers: C knows none on null pointers nor outside of an object, even if unused.
  return "op_at(" + use(inst.getPointerOperand()) + ", " + offset + ")";
}

std::string
FunctionEmitter::emitAddresses(const llvm::GetElementPtrInst &inst, CType type,
                               const llvm::SmallMapVector<llvm::Value *, llvm::APInt, 4> &variables,
                               const llvm::APInt &constant) {
  auto repeat = [&](const std::string &value) {
    std::string text = "((" + types.get(type) + "){";
    for (unsigned i = 0; i < type.lanes; ++i)
      text += (i ? ", " : "") + value;
    return text + "})";
  };
  const llvm::Value *base = inst.getPointerOperand();
  std::string sum = base->getType()->isVectorTy() ? use(base) : repeat("(uintptr_t)" + use(base));
  for (const auto &[variable, scale] : variables) {
    CType signedType = type.withKind(CType::Signed);
    std::string value = variable->getType()->isVectorTy()
                            ? "(" + types.get(type) + ")__builtin_convertvector(" + useSigned(variable) +
                                  ", " + types.get(signedType) + ")"
                            : repeat("(uint64_t)" + useSigned(variable));
    sum += " + " + value + " * " + repeat(std::to_string(scale.getZExtValue()) + "ul");
  }
  return constant.isZero() ? sum : sum + " + " + repeat(std::to_string(constant.getZExtValue()) + "ul");
}

std::string FunctionEmitter::emitLoad(const llvm::LoadInst &inst) {
  CType type = getType(&inst);
  if (isMaskType(inst.getType()) || inst.isVolatile()) {
    fail(inst);
    return "0";
  }
  std::string address = use(inst.getPointerOperand());
  uint64_t align = inst.getAlign().value();
  if (uint64_t bytes = getOddSize(module.layout, inst.getType(), type)) {
    std::string name = types.get(type), size = std::to_string(bytes);
    std::string helper =
        module.useHelper(name, "load_" + CTypeNames::getShort(type) + "_" + size,
                         "(const char *from) {\n  " + name + " x = {0};\n  __builtin_memcpy(&x, from, " +
                             size + ");\n  return x;\n}");
    return wrap(inst.getType(), helper + "(" + address + ")");
  }
  std::string memory = "(const " + types.getMemory(type, align) + " *)" + address;
  if (!inst.isAtomic())
    return isNarrow(inst.getType(), type) ? wrap(inst.getType(), "*" + memory) : "*" + memory;
  if (type.lanes || type.kind != CType::Unsigned)
    fail(inst);
  return "__atomic_load_n(" + memory + ", __ATOMIC_SEQ_CST)";
}

void FunctionEmitter::emitStore(const llvm::StoreInst &inst) {
  const llvm::Value *value = inst.getValueOperand();
  CType type = getType(value);
  if (isMaskType(value->getType()) || inst.isVolatile())
    return fail(inst);
  std::string address = use(inst.getPointerOperand());
  if (uint64_t bytes = getOddSize(module.layout, value->getType(), type)) {
    std::string size = std::to_string(bytes);
    std::string helper =
        module.useHelper("void", "store_" + CTypeNames::getShort(type) + "_" + size,
                         "(char *to, " + types.get(type) + " x) { __builtin_memcpy(to, &x, " + size + "); }");
    return statement(helper + "(" + address + ", " + use(value) + ");");
  }
  std::string memory = "(" + types.getMemory(type, inst.getAlign().value()) + " *)" + address;
  if (!inst.isAtomic())
    return statement("*" + memory + " = " + use(value) + ";");
  if (type.lanes || type.kind != CType::Unsigned)
    return fail(inst);
  statement("__atomic_store_n(" + memory + ", " + use(value) + ", __ATOMIC_SEQ_CST);");
}

void FunctionEmitter::declareAlloca(const llvm::AllocaInst &inst) {
  const std::string name = names.lookup(&inst);
  uint64_t size = inst.getAllocationSize(module.layout)->getFixedValue();
  os << "  char " << name << "_memory[" << std::max<uint64_t>(1, size) << "] __attribute__((aligned("
     << inst.getAlign().value() << ")));\n"
     << "  char *" << name << " = " << name << "_memory;\n";
}

/// In another block than the first one it is new memory every time.
std::string FunctionEmitter::emitAlloca(const llvm::AllocaInst &inst) {
  llvm::TypeSize size = module.layout.getTypeAllocSize(inst.getAllocatedType());
  const llvm::Value *count = inst.getArraySize();
  if (size.isScalable() || count->getType()->getIntegerBitWidth() > 64) {
    fail(inst);
    return "0";
  }
  // __builtin_alloca_with_align would end with the block that it is in.
  std::string bytes = std::to_string(size.getFixedValue()) + "ul * " + use(count);
  uint64_t align = inst.getAlign().value();
  if (align <= 16)
    return "(char *)__builtin_alloca(" + bytes + ")";
  return "(char *)(((uintptr_t)__builtin_alloca(" + bytes + " + " + std::to_string(align) + "ul) + " +
         std::to_string(align - 1) + "ul) & ~" + std::to_string(align - 1) + "ul)";
}

std::string FunctionEmitter::emitAtomic(const llvm::AtomicRMWInst &inst) {
  const char *name = nullptr;
  switch (inst.getOperation()) {
  case llvm::AtomicRMWInst::Xchg:
    name = "__atomic_exchange_n";
    break;
  case llvm::AtomicRMWInst::Add:
    name = "__atomic_fetch_add";
    break;
  case llvm::AtomicRMWInst::Sub:
    name = "__atomic_fetch_sub";
    break;
  case llvm::AtomicRMWInst::And:
    name = "__atomic_fetch_and";
    break;
  case llvm::AtomicRMWInst::Or:
    name = "__atomic_fetch_or";
    break;
  case llvm::AtomicRMWInst::Xor:
    name = "__atomic_fetch_xor";
    break;
  default:
    break;
  }
  CType type = getType(&inst);
  if (!name || type.kind != CType::Unsigned || type.lanes ||
      getOddSize(module.layout, inst.getType(), type)) {
    fail(inst);
    return "0";
  }
  return std::string(name) + "((" + types.getMemory(type, inst.getAlign().value()) + " *)" +
         use(inst.getPointerOperand()) + ", " + use(inst.getValOperand()) + ", __ATOMIC_SEQ_CST)";
}

/// A loop over the lanes that the mask has: of a masked access, or of a gather or scatter with addresses.
static std::string getLoop(unsigned lanes, bool hasAddresses, const std::string &lane,
                           const std::string &prefix, const std::string &suffix) {
  std::string place = hasAddresses ? "*(" + lane + " *)(uintptr_t)memory[i]" : "((" + lane + " *)memory)[i]";
  return "  for (int i = 0; i < " + std::to_string(lanes) + "; ++i)\n    if (mask[i])\n      " + prefix +
         place + suffix + ";\n";
}

/// "_mm256_mask" and the types of x86 for `lanes` lanes, or nothing. Sanitizers see no access of these
/// instructions.
static std::optional<std::array<std::string, 3>> getX86Masked(CType type, unsigned lanes) {
  unsigned bits = lanes * type.bits;
  if (type.bits < 32 || (bits != 128 && bits != 256) || lanes != type.lanes)
    return std::nullopt;
  return std::array<std::string, 3>{bits == 128 ? "_mm_mask" : "_mm256_mask",
                                    "_epi" + std::to_string(type.bits), "(__m" + std::to_string(bits) + "i)"};
}
static std::string getX86Pointer(CType type) { return type.bits == 32 ? "int *)" : "long long *)"; }

static std::string getMaskedLoad(CType type, unsigned lanes, const std::string &name) {
  auto x86 = getX86Masked(type, lanes);
  if (!x86)
    return "";
  auto &[begin, end, vector] = *x86;
  // Lanes that are not set become 0.
  return "#if OP_MASKED\n  return (" + name + ")((" + vector + "x & ~" + vector + "mask) | " + begin +
         "load" + end + "((const " + getX86Pointer(type) + "memory, " + vector + "mask));\n#endif\n";
}

static std::string getMaskedStore(CType type, unsigned lanes) {
  auto x86 = getX86Masked(type, lanes);
  if (!x86)
    return "";
  auto &[begin, end, vector] = *x86;
  return "#if OP_MASKED\n  " + begin + "store" + end + "((" + getX86Pointer(type) + "memory, " + vector +
         "mask, " + vector + "x);\n  return;\n#endif\n";
}

std::string FunctionEmitter::emitMaskedLoad(const llvm::IntrinsicInst &inst) {
  CType type = getType(&inst);
  const llvm::Value *memory = inst.getArgOperand(0), *mask = inst.getArgOperand(1),
                    *other = inst.getArgOperand(2);
  if (isMaskType(inst.getType()) || inst.arg_size() != 3) {
    fail(inst);
    return "0";
  }
  unsigned lanes = getNumLanes(inst.getType());
  bool isGather = memory->getType()->isVectorTy();
  std::string name = types.get(type), lane = types.getMemory(type.getLane(), 1);
  std::string helper = module.useHelper(
      name,
      (isGather ? "gather_" : "masked_load_") + CTypeNames::getShort(type) + "_" + std::to_string(lanes),
      "(" + (isGather ? types.get(getType(memory)) + " memory, " : "const char *memory, ") +
          types.get(getCType(mask->getType(), type.bits)) + " mask, " + name + " x) {\n" +
          (isGather ? "" : getMaskedLoad(type, lanes, name)) +
          getLoop(lanes, isGather, "const " + lane, "x[i] = ", "") + "  return x;\n}");
  return helper + "(" + use(memory) + ", " + useMask(mask, type.bits) + ", " + use(other) + ")";
}

void FunctionEmitter::emitMaskedStore(const llvm::IntrinsicInst &inst) {
  const llvm::Value *value = inst.getArgOperand(0), *memory = inst.getArgOperand(1),
                    *mask = inst.getArgOperand(2);
  CType type = getType(value);
  if (isMaskType(value->getType()) || inst.arg_size() != 3)
    return fail(inst);
  unsigned lanes = getNumLanes(value->getType());
  bool isScatter = memory->getType()->isVectorTy();
  std::string lane = types.getMemory(type.getLane(), 1);
  std::string helper = module.useHelper(
      "void",
      (isScatter ? "scatter_" : "masked_store_") + CTypeNames::getShort(type) + "_" + std::to_string(lanes),
      "(" + (isScatter ? types.get(getType(memory)) + " memory, " : "char *memory, ") +
          types.get(getCType(mask->getType(), type.bits)) + " mask, " + types.get(type) + " x) {\n" +
          (isScatter ? "" : getMaskedStore(type, lanes)) + getLoop(lanes, isScatter, lane, "", " = x[i]") +
          "}");
  statement(helper + "(" + use(memory) + ", " + useMask(mask, type.bits) + ", " + use(value) + ");");
}

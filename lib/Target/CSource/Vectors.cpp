// Lanes of vectors.
#include "Emitter.h"
#include "llvm/Analysis/VectorUtils.h"
#include "llvm/IR/Constants.h"

using namespace mlir;
using namespace mlir::colt5;

static bool isMask(const llvm::Value *value) {
  return value->getType()->isVectorTy() && value->getType()->getScalarType()->isIntegerTy(1);
}

/// The lane that `index` names, in range whatever it is.
static std::string getIndex(const std::string &index, const llvm::Value *value, CType type) {
  if (auto *constant = llvm::dyn_cast<llvm::ConstantInt>(value))
    return std::to_string(constant->getValue().getLimitedValue(type.lanes - 1));
  return index + " & " + std::to_string(type.lanes - 1);
}

std::string FunctionEmitter::emitExtract(const llvm::ExtractElementInst &inst) {
  const llvm::Value *vector = inst.getVectorOperand();
  CType type = getType(vector);
  std::string index = getIndex(use(inst.getIndexOperand()), inst.getIndexOperand(), type);
  return use(vector) + "[" + index + "]" + (isMask(vector) ? " & 1" : "");
}

std::string FunctionEmitter::emitInsert(const llvm::InsertElementInst &inst) {
  CType type = getType(&inst);
  std::string name = types.get(type),
              lane = types.get(isMask(&inst) ? CType{CType::Unsigned, 8} : type.getLane());
  std::string index = getIndex(use(inst.getOperand(2)), inst.getOperand(2), type);
  std::string helper = module.useHelper(
      name, std::string("insert_") + CTypeNames::getShort(type) + (isMask(&inst) ? "_mask" : ""),
      "(" + name + " x, " + lane + " lane, uint64_t index) {\n  x[index] = " +
          (isMask(&inst) ? "(" + types.get(type.getLane()) + ")-lane" : "lane") + ";\n  return x;\n}");
  std::string vector = isMask(&inst) ? useMask(inst.getOperand(0), type.bits) : use(inst.getOperand(0));
  return helper + "(" + vector + ", " + use(inst.getOperand(1)) + ", " + index + ")";
}

std::string FunctionEmitter::emitShuffle(const llvm::ShuffleVectorInst &inst) {
  CType type = getType(&inst);
  std::string name = types.get(type);
  unsigned given = getNumLanes(inst.getOperand(0)->getType());
  CType operand = getCType(inst.getOperand(0)->getType(), type.bits);
  auto get = [&](unsigned i) {
    return isMask(&inst) ? useMask(inst.getOperand(i), type.bits) : use(inst.getOperand(i));
  };
  if (auto *lane = llvm::getSplatValue(&inst)) {
    std::string value = isMask(&inst) ? "-(" + types.get(type.getLane()) + ")" + use(lane) : use(lane);
    if (isMask(&inst) && type.bits < 32)
      value = "(" + types.get(type.getLane()) + ")(" + value + ")";
    std::string text = "(" + name + "){";
    for (unsigned i = 0; i < type.lanes; ++i)
      text += (i ? ", " : "") + value;
    return text + "}";
  }
  // Operands are padded, and so the lanes of the second one begin later. Lanes that nobody reads repeat lane
  // 0.
  std::string lanes;
  llvm::ArrayRef<int> mask = inst.getShuffleMask();
  for (unsigned i = 0; i < type.lanes; ++i) {
    int lane = i < mask.size() ? mask[i] : -1;
    unsigned from = lane < 0 ? 0 : unsigned(lane) < given ? lane : lane - given + operand.lanes;
    lanes += ", " + std::to_string(from);
  }
  std::string second = llvm::isa<llvm::UndefValue>(inst.getOperand(1)) ? get(0) : get(1);
  return "__builtin_shufflevector(" + get(0) + ", " + second + lanes + ")";
}

namespace {
struct Reduction {
  /// With "a" and "b" for the operands.
  std::string combine;
  bool isSigned = false;
};
} // namespace

static std::optional<Reduction> getReduction(llvm::Intrinsic::ID id, CType lane) {
  std::string suffix = lane.kind == CType::Float ? CTypeNames::getShort(lane.getLane()) : "";
  switch (id) {
  case llvm::Intrinsic::vector_reduce_add:
  case llvm::Intrinsic::vector_reduce_fadd:
    return Reduction{"a + b"};
  case llvm::Intrinsic::vector_reduce_mul:
    // Unsigned even where a and b become int.
    return Reduction{"1u * a * b"};
  case llvm::Intrinsic::vector_reduce_fmul:
    return Reduction{"a * b"};
  case llvm::Intrinsic::vector_reduce_and:
    return Reduction{"a & b"};
  case llvm::Intrinsic::vector_reduce_or:
    return Reduction{"a | b"};
  case llvm::Intrinsic::vector_reduce_xor:
    return Reduction{"a ^ b"};
  case llvm::Intrinsic::vector_reduce_smax:
    return Reduction{"a > b ? a : b", true};
  case llvm::Intrinsic::vector_reduce_smin:
    return Reduction{"a < b ? a : b", true};
  case llvm::Intrinsic::vector_reduce_umax:
    return Reduction{"a > b ? a : b"};
  case llvm::Intrinsic::vector_reduce_umin:
    return Reduction{"a < b ? a : b"};
  case llvm::Intrinsic::vector_reduce_fmax:
    return Reduction{"op_maxnum_" + suffix + "(a, b)"};
  case llvm::Intrinsic::vector_reduce_fmin:
    return Reduction{"op_minnum_" + suffix + "(a, b)"};
  case llvm::Intrinsic::vector_reduce_fmaximum:
    return Reduction{"op_maximum_" + suffix + "(a, b)"};
  case llvm::Intrinsic::vector_reduce_fminimum:
    return Reduction{"op_minimum_" + suffix + "(a, b)"};
  default:
    return std::nullopt;
  }
}

/// The lanes `first`, `first + stride`, ... of `vector`, each with the one half of the vector behind it.
static std::string reduceHalves(const std::string &step, const std::string &vector, unsigned first,
                                unsigned lanes, unsigned stride) {
  if (stride == lanes)
    return vector + "[" + std::to_string(first) + "]";
  return step + "(" + reduceHalves(step, vector, first, lanes, 2 * stride) + ", " +
         reduceHalves(step, vector, first + stride, lanes, 2 * stride) + ")";
}

/// Sums and products without `reassoc` go lane by lane from the start value; everything else halves the
/// vector, as LLVM's ExpandReductions does.
std::string FunctionEmitter::emitReduction(const llvm::IntrinsicInst &inst) {
  llvm::Intrinsic::ID id = inst.getIntrinsicID();
  bool hasStart = id == llvm::Intrinsic::vector_reduce_fadd || id == llvm::Intrinsic::vector_reduce_fmul;
  const llvm::Value *vector = inst.getArgOperand(hasStart ? 1 : 0);
  CType type = getType(vector);
  unsigned count = getNumLanes(vector->getType());
  std::optional<Reduction> reduction = getReduction(id, type);
  bool isHalf = vector->getType()->isFPOrFPVectorTy() && type.kind != CType::Float;
  bool isOrdered = hasStart && !inst.hasAllowReassoc();
  // Halving needs a power of two, for floats exactly as many lanes as LLVM has.
  if (!reduction || isHalf || (isMask(vector) && reduction->combine.size() != 5)) {
    fail(inst);
    return "0";
  }
  bool halves = !isOrdered && count == type.lanes;
  if (!isOrdered && !halves && type.kind == CType::Float) {
    fail(inst, "the order in which an odd number of lanes is reduced is not defined");
    return "0";
  }
  CType lanes = reduction->isSigned ? type.withKind(CType::Signed) : type;
  std::string name = types.get(lanes), lane = types.get(lanes.getLane());
  std::string step = module.useHelper(
      lane, std::string("reduce") + std::to_string(id) + "_" + CTypeNames::getShort(lanes.getLane()),
      "(" + lane + " a, " + lane + " b) { return (" + lane + ")(" + reduction->combine + "); }");
  std::string text = "(" + (hasStart ? lane + " start, " : "") + name + " x) {\n", result;
  if (halves) {
    // Vectors as long as they are wider than any machine's smallest ones.
    CType part = lanes;
    std::string vector = "x";
    for (bool isOperator = reduction->combine.size() == 5; isOperator && part.lanes * part.bits > 128;) {
      part.lanes /= 2;
      std::string next = "x" + std::to_string(part.lanes), low, high;
      for (unsigned i = 0; i < part.lanes; ++i) {
        low += ", " + std::to_string(i);
        high += ", " + std::to_string(i + part.lanes);
      }
      text += "  " + types.get(part) + " " + next + " = __builtin_shufflevector(" + vector + ", " + vector +
              low + ")" + reduction->combine.substr(1, 3) + "__builtin_shufflevector(" + vector + ", " +
              vector + high + ");\n";
      vector = next;
    }
    result = reduceHalves(step, vector, 0, part.lanes, 1);
    if (hasStart)
      result = step + "(start, " + result + ")";
  } else {
    result = hasStart ? "start" : "x[0]";
    for (unsigned i = hasStart ? 0 : 1; i < count; ++i)
      result = step + "(" + result + ", x[" + std::to_string(i) + "])";
  }
  text += "  return " + result + ";\n}";
  std::string helper = module.useHelper(lane,
                                        "reduce" + std::to_string(id) + "_" + CTypeNames::getShort(lanes) +
                                            "_" + std::to_string(count) + (halves ? "" : "_in_order"),
                                        text);
  std::string operand = reduction->isSigned ? useSigned(vector) : use(vector);
  std::string call = helper + "(" + (hasStart ? use(inst.getArgOperand(0)) + ", " : "") + operand + ")";
  return isMask(vector) ? call + " & 1" : "(" + types.get(getType(&inst)) + ")" + call;
}

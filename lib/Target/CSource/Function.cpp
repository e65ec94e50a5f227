// Blocks, branches and the names of values.
#include "Emitter.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Analysis/VectorUtils.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/Constants.h"

using namespace mlir;
using namespace mlir::colt5;
using llvm::cast;
using llvm::dyn_cast;
using llvm::dyn_cast_or_null;
using llvm::isa;

void FunctionEmitter::fail(const llvm::Instruction &inst, const llvm::Twine &why) {
  std::string text, reason = why.str();
  llvm::raw_string_ostream stream(text);
  inst.print(stream);
  module.fail("'" + llvm::StringRef(text).trim() + "' in function '" + function.getName() + "'" +
              (reason.empty() ? "" : " (" + reason + ")"));
}

std::string FunctionEmitter::use(const llvm::Value *value) {
  if (auto *constant = dyn_cast<llvm::Constant>(value))
    return module.getLiteral(constant, getMaskBits(value));
  return names.lookup(value);
}

std::string FunctionEmitter::useMask(const llvm::Value *value, unsigned bits) {
  if (auto *constant = dyn_cast<llvm::Constant>(value))
    return module.getLiteral(constant, bits);
  if (getMaskBits(value) == bits)
    return use(value);
  return "__builtin_convertvector(" + use(value) + ", " + types.get(getCType(value->getType(), bits)) + ")";
}

std::string FunctionEmitter::useSigned(const llvm::Value *value) {
  CType type = getType(value).withKind(CType::Signed);
  unsigned width = value->getType()->getScalarSizeInBits();
  if (width == 1 && !type.lanes)
    return "(-(int32_t)" + use(value) + ")";
  if (width == type.bits || width == 1)
    return "(" + castTo(type, use(value)) + ")";
  std::string shift = std::to_string(type.bits - width);
  return "(" + castTo(type, "(" + use(value) + " << " + shift + ")") + " >> " + shift + ")";
}

std::string FunctionEmitter::wrap(llvm::Type *type, const std::string &expression) {
  CType c = getCType(type);
  if (c.lanes || !type->isIntegerTy())
    return expression;
  unsigned width = type->getIntegerBitWidth();
  if (width == c.bits)
    return width < 32 ? castTo(c, "(" + expression + ")") : expression;
  if (c.bits == 128)
    return "(" + expression + ") & (((unsigned __int128)1 << " + std::to_string(width) + ") - 1)";
  return castTo(c, "((" + expression + ") & " + std::to_string(~uint64_t(0) >> (64 - width)) + "ul)");
}

/// Masks have the lanes of what was compared, so that most of them are never converted.
unsigned FunctionEmitter::getMaskBits(const llvm::Value *value, unsigned depth) {
  if (!value->getType()->isVectorTy() || !value->getType()->getScalarType()->isIntegerTy(1))
    return 32;
  if (auto found = maskBits.find(value); found != maskBits.end())
    return found->second;
  auto *inst = dyn_cast<llvm::Instruction>(value);
  unsigned bits = 32;
  if (inst && depth < 16) {
    unsigned operand = isa<llvm::SelectInst>(inst) ? 1 : 0;
    bool isSame = isa<llvm::BinaryOperator, llvm::ShuffleVectorInst, llvm::SelectInst, llvm::FreezeInst,
                      llvm::InsertElementInst>(inst);
    if (isSame && isa<llvm::Constant>(inst->getOperand(operand)) &&
        isa<llvm::BinaryOperator, llvm::SelectInst>(inst))
      ++operand;
    if (isa<llvm::CmpInst, llvm::TruncInst>(inst)) {
      llvm::Type *type = inst->getOperand(0)->getType();
      bool isHalf = type->getScalarType()->isHalfTy() || type->getScalarType()->isBFloatTy();
      bits = type->getScalarType()->isIntegerTy(1) ? getMaskBits(inst->getOperand(0), depth + 1)
             : isHalf                              ? 32
                                                   : getCType(type).bits;
    } else if (isSame && inst->getOperand(operand)->getType()->getScalarType()->isIntegerTy(1)) {
      bits = getMaskBits(inst->getOperand(operand), depth + 1);
    }
  }
  // Lanes of the type `Void` are an error elsewhere.
  return maskBits[value] = bits ? bits : 32;
}

static bool isStaticAlloca(const llvm::Instruction &inst) {
  auto *place = dyn_cast<llvm::AllocaInst>(&inst);
  return place && place->isStaticAlloca();
}

/// What is used by nothing that is printed: dead values, and vectors that only carry the lane of a splat.
static bool isSkipped(const llvm::Instruction &inst) {
  if (inst.isTerminator() || inst.mayHaveSideEffects())
    return false;
  if (inst.use_empty())
    return !isStaticAlloca(inst) && !isa<llvm::CallInst>(inst);
  return isa<llvm::InsertElementInst>(inst) && llvm::all_of(inst.users(), [](const llvm::User *user) {
           return isa<llvm::ShuffleVectorInst>(user) && llvm::getSplatValue(user);
         });
}

void FunctionEmitter::numberValues() {
  unsigned number = 0;
  for (const llvm::Argument &argument : function.args())
    names[&argument] = "a" + std::to_string(argument.getArgNo());
  unsigned block = 0;
  for (const llvm::BasicBlock &b : function) {
    names[&b] = "b" + std::to_string(block++);
    for (const llvm::Instruction &inst : b) {
      if (inst.getType()->isVoidTy())
        continue;
      names[&inst] = "v" + std::to_string(number++);
      // Phis are written at the end of the blocks before.
      bool isShared = isa<llvm::PHINode>(inst) || llvm::any_of(inst.uses(), [&](const llvm::Use &use) {
                        auto *phi = dyn_cast<llvm::PHINode>(use.getUser());
                        return (phi ? phi->getIncomingBlock(use)
                                    : cast<llvm::Instruction>(use.getUser())->getParent()) != &b;
                      });
      if (isShared && !isStaticAlloca(inst) && !isSkipped(inst))
        shared.insert(&inst);
      // A splat reads the lane itself.
      auto *lane = isa<llvm::ShuffleVectorInst>(inst)
                       ? dyn_cast_or_null<llvm::Instruction>(llvm::getSplatValue(&inst))
                       : nullptr;
      if (lane && lane->getParent() != &b && !isStaticAlloca(*lane))
        shared.insert(lane);
    }
  }
}

void FunctionEmitter::declareValues() {
  for (const llvm::Argument &argument : function.args()) {
    CType type = getType(&argument);
    std::string name = types.get(type);
    os << "  " << name << (name.back() == '*' ? "" : " ") << names.lookup(&argument) << " = "
       << castTo(type, "p" + std::to_string(argument.getArgNo())) << ";\n"
       << "  (void)" << names.lookup(&argument) << ";\n";
  }
  for (const llvm::BasicBlock &block : function)
    for (const llvm::Instruction &inst : block) {
      if (isStaticAlloca(inst))
        declareAlloca(cast<llvm::AllocaInst>(inst));
      if (!shared.contains(&inst))
        continue;
      std::string type = types.get(getType(&inst));
      os << "  " << type << (type.back() == '*' ? "" : " ") << names.lookup(&inst) << ";\n";
    }
}

void FunctionEmitter::define(const llvm::Instruction &inst, const std::string &expression) {
  std::string type = types.get(getType(&inst));
  std::string declaration = shared.contains(&inst) ? "" : type + (type.back() == '*' ? "" : " ");
  os << "    " << declaration << names.lookup(&inst) << " = " << expression << ";\n";
}

/// Gives the phis of `to` their values, all at once, and goes there.
void FunctionEmitter::emitBranch(const llvm::BasicBlock &from, const llvm::BasicBlock &to,
                                 llvm::StringRef indent) {
  llvm::SmallVector<std::pair<const llvm::PHINode *, std::string>> copies;
  bool needsTemporaries = false;
  for (const llvm::PHINode &phi : to.phis()) {
    const llvm::Value *value = phi.getIncomingValueForBlock(&from);
    if (value == &phi || isa<llvm::UndefValue>(value))
      continue;
    auto *other = dyn_cast<llvm::PHINode>(value);
    needsTemporaries |= other && other->getParent() == &to;
    bool isMask = phi.getType()->isVectorTy() && phi.getType()->getScalarType()->isIntegerTy(1);
    copies.push_back({&phi, isMask ? useMask(value, getMaskBits(&phi)) : use(value)});
  }
  if (needsTemporaries && copies.size() > 1) {
    for (auto &[phi, value] : copies) {
      std::string type = types.get(getType(phi)), name = "t" + names.lookup(phi);
      os << indent << type << (type.back() == '*' ? "" : " ") << name << " = " << value << ";\n";
      value = name;
    }
  }
  for (auto &[phi, value] : copies)
    os << indent << names.lookup(phi) << " = " << value << ";\n";
  os << indent << "goto " << names.lookup(&to) << ";\n";
}

void FunctionEmitter::emitTerminator(const llvm::Instruction &inst) {
  const llvm::BasicBlock &block = *inst.getParent();
  if (auto *result = dyn_cast<llvm::ReturnInst>(&inst)) {
    const llvm::Value *value = result->getReturnValue();
    return statement(value ? "return (" + module.getParameter(value->getType()) + ")" + use(value) + ";"
                           : "return;");
  }
  if (auto *branch = dyn_cast<llvm::BranchInst>(&inst)) {
    if (branch->isUnconditional())
      return emitBranch(block, *branch->getSuccessor(0), "    ");
    os << "    if (" << use(branch->getCondition()) << ") {\n";
    emitBranch(block, *branch->getSuccessor(0), "      ");
    os << "    } else {\n";
    emitBranch(block, *branch->getSuccessor(1), "      ");
    os << "    }\n";
    return;
  }
  if (auto *choice = dyn_cast<llvm::SwitchInst>(&inst)) {
    if (choice->getCondition()->getType()->getIntegerBitWidth() > 64)
      return fail(inst);
    os << "    switch (" << use(choice->getCondition()) << ") {\n";
    for (const auto &option : choice->cases()) {
      os << "    case " << option.getCaseValue()->getZExtValue() << "ul: {\n";
      emitBranch(block, *option.getCaseSuccessor(), "      ");
      os << "    }\n";
    }
    os << "    default: {\n";
    emitBranch(block, *choice->getDefaultDest(), "      ");
    os << "    }\n    }\n";
    return;
  }
  if (isa<llvm::UnreachableInst>(inst))
    return statement("__builtin_unreachable();");
  fail(inst);
}

/// Whether C has a type for the value, or the value is none.
static bool hasCType(const llvm::Value *value) {
  llvm::Type *type = value->getType();
  if (type->isVoidTy() || type->isLabelTy() || type->isMetadataTy())
    return true;
  unsigned width = type->getScalarSizeInBits();
  if (type->isVectorTy() && type->getScalarType()->isIntegerTy() && width != 1 && width != 8 && width != 16 &&
      width != 32 && width != 64)
    return false;
  return getCType(type).kind != CType::Void;
}

void FunctionEmitter::emitInstruction(const llvm::Instruction &inst) {
  if (!hasCType(&inst) || !llvm::all_of(inst.operands(), [](const llvm::Use &use) { return hasCType(use); }))
    return fail(inst, "it has a type that C lacks");
  if (inst.isTerminator())
    return emitTerminator(inst);
  if (auto *op = dyn_cast<llvm::BinaryOperator>(&inst))
    return define(inst, emitBinary(*op));
  if (auto *op = dyn_cast<llvm::UnaryOperator>(&inst))
    return define(inst, emitNegation(*op));
  if (auto *op = dyn_cast<llvm::CmpInst>(&inst))
    return define(inst, emitCompare(*op));
  if (auto *op = dyn_cast<llvm::CastInst>(&inst))
    return define(inst, emitCast(*op));
  if (auto *op = dyn_cast<llvm::SelectInst>(&inst))
    return define(inst, emitSelect(*op));
  if (auto *op = dyn_cast<llvm::FreezeInst>(&inst))
    return define(inst, use(op->getOperand(0)));
  if (auto *op = dyn_cast<llvm::GetElementPtrInst>(&inst))
    return define(inst, emitAddress(*op));
  if (auto *op = dyn_cast<llvm::LoadInst>(&inst))
    return define(inst, emitLoad(*op));
  if (auto *op = dyn_cast<llvm::StoreInst>(&inst))
    return emitStore(*op);
  if (auto *op = dyn_cast<llvm::AtomicRMWInst>(&inst))
    return define(inst, emitAtomic(*op));
  if (auto *op = dyn_cast<llvm::ExtractElementInst>(&inst))
    return define(inst, emitExtract(*op));
  if (auto *op = dyn_cast<llvm::InsertElementInst>(&inst))
    return define(inst, emitInsert(*op));
  if (auto *op = dyn_cast<llvm::ShuffleVectorInst>(&inst))
    return define(inst, emitShuffle(*op));
  if (auto *op = dyn_cast<llvm::IntrinsicInst>(&inst))
    return emitIntrinsic(*op);
  if (auto *op = dyn_cast<llvm::CallInst>(&inst))
    return emitCall(*op);
  // Declared at the top.
  if (isa<llvm::PHINode>(inst) || isStaticAlloca(inst))
    return;
  if (auto *op = dyn_cast<llvm::AllocaInst>(&inst))
    return define(inst, emitAlloca(*op));
  fail(inst);
}

void FunctionEmitter::emitBlock(const llvm::BasicBlock &block) {
  os << (block.hasNPredecessorsOrMore(1) ? names.lookup(&block) + ": {\n" : "  {\n");
  for (const llvm::Instruction &inst : block) {
    if (!isSkipped(inst))
      emitInstruction(inst);
    if (module.hasFailed())
      return;
  }
  os << "  }\n";
}

void FunctionEmitter::run() {
  os << "\n" << module.getPrototype(function) << " {\n";
  numberValues();
  declareValues();
  for (const llvm::BasicBlock &block : function) {
    if (&block != &function.getEntryBlock() && llvm::pred_empty(&block))
      continue;
    emitBlock(block);
    if (module.hasFailed())
      return;
  }
  os << "}\n";
}

// Vectors that fit the machine.
#include "colt5/Target/CSource/CSource.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Analysis/VectorUtils.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Transforms/Utils/LoopUtils.h"

using namespace mlir;
using namespace mlir::colt5;
using llvm::cast;
using llvm::dyn_cast;
using llvm::isa;
namespace Intrinsic = llvm::Intrinsic;

namespace {
using Parts = llvm::SmallVector<llvm::Value *>;

class Splitter {
public:
  Splitter(llvm::Function &function, unsigned bits)
      : function(function), bits(bits), builder(function.getContext()) {}
  void run();

private:
  /// Lanes per part for an instruction, 0 where it stays.
  unsigned choose(const llvm::Instruction &inst);
  bool isLanewise(const llvm::Instruction &inst);
  Parts split(llvm::Instruction &inst, unsigned lanes);
  Parts splitLanewise(llvm::Instruction &inst, unsigned lanes);
  Parts splitShuffle(llvm::ShuffleVectorInst &inst, unsigned lanes);
  llvm::Value *takeLanes(llvm::ShuffleVectorInst &inst, llvm::ArrayRef<int> mask);
  Parts splitMemory(llvm::Instruction &inst, unsigned lanes);
  llvm::Value *reduce(llvm::IntrinsicInst &inst, unsigned lanes);
  Parts getParts(llvm::Value *value, unsigned lanes);
  llvm::Value *join(llvm::ArrayRef<llvm::Value *> parts);
  /// The whole vector, for those who do not work on parts.
  llvm::Value *getWhole(llvm::Value *value);

  llvm::Function &function;
  unsigned bits;
  llvm::IRBuilder<> builder;
  llvm::DenseMap<llvm::Value *, Parts> parts;
  llvm::DenseMap<llvm::Value *, llvm::Value *> wholes;
  llvm::SmallVector<llvm::Instruction *> replaced;
};
} // namespace

static unsigned getLanes(const llvm::Type *type) {
  auto *vector = dyn_cast<llvm::FixedVectorType>(type);
  return vector ? vector->getNumElements() : 0;
}

static bool isMinMax(Intrinsic::ID id) {
  switch (id) {
  case Intrinsic::vector_reduce_smax:
  case Intrinsic::vector_reduce_smin:
  case Intrinsic::vector_reduce_umax:
  case Intrinsic::vector_reduce_umin:
  case Intrinsic::vector_reduce_fmax:
  case Intrinsic::vector_reduce_fmin:
  case Intrinsic::vector_reduce_fmaximum:
  case Intrinsic::vector_reduce_fminimum:
    return true;
  default:
    return false;
  }
}

static bool isReduction(const llvm::Instruction &inst) {
  auto *call = dyn_cast<llvm::IntrinsicInst>(&inst);
  if (!call)
    return false;
  switch (call->getIntrinsicID()) {
  case Intrinsic::vector_reduce_add:
  case Intrinsic::vector_reduce_mul:
  case Intrinsic::vector_reduce_and:
  case Intrinsic::vector_reduce_or:
  case Intrinsic::vector_reduce_xor:
  case Intrinsic::vector_reduce_fadd:
  case Intrinsic::vector_reduce_fmul:
    return true;
  default:
    return isMinMax(call->getIntrinsicID());
  }
}

bool Splitter::isLanewise(const llvm::Instruction &inst) {
  if (isa<llvm::BinaryOperator, llvm::UnaryOperator, llvm::CmpInst, llvm::SelectInst, llvm::FreezeInst,
          llvm::PHINode, llvm::GetElementPtrInst>(inst))
    return true;
  if (auto *conversion = dyn_cast<llvm::CastInst>(&inst))
    return getLanes(conversion->getSrcTy()) == getLanes(conversion->getDestTy());
  if (auto *call = dyn_cast<llvm::IntrinsicInst>(&inst))
    return llvm::isTriviallyVectorizable(call->getIntrinsicID()) &&
           llvm::all_of(call->args(), [&](const llvm::Use &use) { return use->getType() == inst.getType(); });
  return false;
}

unsigned Splitter::choose(const llvm::Instruction &inst) {
  unsigned lanes = getLanes(inst.getType()), width = 0;
  auto see = [&](const llvm::Type *type) {
    if (!isa<llvm::FixedVectorType>(type))
      return;
    lanes = std::max(lanes, getLanes(type));
    const llvm::Type *element = type->getScalarType();
    // In C a mask has lanes of what it masks.
    width = std::max(width, element->isPointerTy()    ? 64
                            : element->isIntegerTy(1) ? 32
                                                      : element->getScalarSizeInBits());
  };
  see(inst.getType());
  for (const llvm::Use &use : inst.operands())
    see(use->getType());
  if (width == 0 || width > 64 || !llvm::isPowerOf2_32(lanes))
    return 0;
  unsigned part = bits / llvm::PowerOf2Ceil(std::max(width, 8u));
  if (lanes <= part)
    return 0;
  bool isMemory = false;
  if (auto *load = dyn_cast<llvm::LoadInst>(&inst))
    isMemory = load->isSimple() && width >= 8;
  if (auto *store = dyn_cast<llvm::StoreInst>(&inst))
    isMemory = store->isSimple() && width >= 8;
  if (auto *call = dyn_cast<llvm::IntrinsicInst>(&inst))
    isMemory = llvm::is_contained({Intrinsic::masked_load, Intrinsic::masked_store, Intrinsic::masked_gather},
                                  call->getIntrinsicID());
  bool isShuffle = false;
  if (isa<llvm::ShuffleVectorInst>(inst)) {
    unsigned result = getLanes(inst.getType());
    // What takes a few lanes of a split vector is one part.
    if (result > part && result % part)
      return 0;
    if (result > part || parts.contains(inst.getOperand(0)) || parts.contains(inst.getOperand(1)))
      return std::min(part, result);
  }
  if (auto *insert = dyn_cast<llvm::InsertElementInst>(&inst))
    isShuffle = isa<llvm::ConstantInt>(insert->getOperand(2));
  return isMemory || isShuffle || isLanewise(inst) || isReduction(inst) ? part : 0;
}

llvm::Value *Splitter::join(llvm::ArrayRef<llvm::Value *> pieces) {
  Parts level(pieces);
  while (level.size() > 1) {
    Parts next;
    unsigned lanes = getLanes(level[0]->getType());
    llvm::SmallVector<int> all = llvm::to_vector(llvm::seq<int>(0, 2 * lanes));
    for (size_t i = 0; i < level.size(); i += 2)
      next.push_back(builder.CreateShuffleVector(level[i], level[i + 1], all));
    level = next;
  }
  return level[0];
}

Parts Splitter::getParts(llvm::Value *value, unsigned lanes) {
  unsigned total = getLanes(value->getType());
  Parts result;
  if (auto found = parts.find(value); found != parts.end()) {
    Parts known = found->second;
    unsigned size = getLanes(known[0]->getType());
    if (size == lanes)
      return known;
    if (size < lanes) {
      for (unsigned i = 0; i < known.size(); i += lanes / size)
        result.push_back(join(llvm::ArrayRef(known).slice(i, lanes / size)));
      return result;
    }
    for (llvm::Value *part : known)
      for (unsigned i = 0; i < size; i += lanes)
        result.push_back(builder.CreateShuffleVector(part, llvm::to_vector(llvm::seq<int>(i, i + lanes))));
    return result;
  }
  for (unsigned i = 0; i < total; i += lanes)
    result.push_back(builder.CreateShuffleVector(value, llvm::to_vector(llvm::seq<int>(i, i + lanes))));
  return result;
}

llvm::Value *Splitter::getWhole(llvm::Value *value) {
  auto found = parts.find(value);
  if (found == parts.end())
    return value;
  llvm::Value *&whole = wholes[value];
  if (!whole) {
    llvm::IRBuilder<>::InsertPointGuard guard(builder);
    auto *inst = cast<llvm::Instruction>(value);
    builder.SetInsertPoint(isa<llvm::PHINode>(inst) ? &*inst->getParent()->getFirstInsertionPt() : inst);
    whole = join(found->second);
  }
  return whole;
}

Parts Splitter::splitLanewise(llvm::Instruction &inst, unsigned lanes) {
  llvm::SmallVector<Parts> operands;
  unsigned count = getLanes(inst.getType()) / lanes;
  bool isCall = isa<llvm::CallInst>(inst);
  for (llvm::Use &use : inst.operands())
    if (getLanes(use->getType()))
      operands.push_back(getParts(use.get(), lanes));
    else
      operands.push_back(Parts(count, use.get()));
  Parts result;
  for (unsigned i = 0; i < count; ++i) {
    llvm::Type *element = inst.getType()->getScalarType();
    if (isCall) {
      llvm::SmallVector<llvm::Value *> arguments;
      for (unsigned k = 0; k < cast<llvm::CallInst>(inst).arg_size(); ++k)
        arguments.push_back(operands[k][i]);
      auto *type = llvm::FixedVectorType::get(element, lanes);
      auto *call =
          builder.CreateIntrinsic(cast<llvm::IntrinsicInst>(inst).getIntrinsicID(), {type}, arguments);
      if (isa<llvm::FPMathOperator>(inst))
        call->copyFastMathFlags(inst.getFastMathFlags());
      result.push_back(call);
      continue;
    }
    llvm::Instruction *part = inst.clone();
    for (unsigned k = 0; k < operands.size(); ++k)
      part->setOperand(k, operands[k][i]);
    part->mutateType(llvm::FixedVectorType::get(element, lanes));
    result.push_back(builder.Insert(part));
  }
  return result;
}

/// Lanes of both operands, from two parts where two have them all.
llvm::Value *Splitter::takeLanes(llvm::ShuffleVectorInst &inst, llvm::ArrayRef<int> mask) {
  unsigned given = getLanes(inst.getOperand(0)->getType());
  llvm::SmallVector<llvm::Value *, 2> sources;
  llvm::SmallVector<int> places;
  for (int lane : mask) {
    if (lane < 0) {
      places.push_back(-1);
      continue;
    }
    llvm::Value *operand = inst.getOperand(unsigned(lane) < given ? 0 : 1);
    unsigned place = lane % given;
    if (auto found = parts.find(operand); found != parts.end()) {
      unsigned size = getLanes(found->second[0]->getType());
      operand = found->second[place / size];
      place %= size;
    }
    auto *known = llvm::find(sources, operand);
    if (known == sources.end()) {
      sources.push_back(operand);
      known = sources.end() - 1;
    }
    places.push_back(place + (known - sources.begin()) * getLanes(operand->getType()));
  }
  if (sources.empty() || sources.size() > 2 || sources.front()->getType() != sources.back()->getType())
    return builder.CreateShuffleVector(getWhole(inst.getOperand(0)), getWhole(inst.getOperand(1)), mask);
  return builder.CreateShuffleVector(
      sources.front(),
      sources.size() == 2 ? sources.back() : llvm::PoisonValue::get(sources.front()->getType()), places);
}

Parts Splitter::splitShuffle(llvm::ShuffleVectorInst &inst, unsigned lanes) {
  unsigned count = getLanes(inst.getType()) / lanes;
  if (llvm::Value *lane = llvm::getSplatValue(&inst))
    return Parts(count, builder.CreateVectorSplat(lanes, lane));
  Parts result;
  for (unsigned i = 0; i < count; ++i)
    result.push_back(takeLanes(inst, inst.getShuffleMask().slice(i * lanes, lanes)));
  return result;
}

Parts Splitter::splitMemory(llvm::Instruction &inst, unsigned lanes) {
  auto *call = dyn_cast<llvm::IntrinsicInst>(&inst);
  bool isStore = inst.getType()->isVoidTy();
  llvm::Value *value = isStore ? inst.getOperand(0) : nullptr, *memory = inst.getOperand(isStore ? 1 : 0);
  llvm::Type *element = (isStore ? value->getType() : inst.getType())->getScalarType();
  auto *type = llvm::FixedVectorType::get(element, lanes);
  uint64_t bytes = function.getDataLayout().getTypeStoreSize(element) * lanes;
  Parts values = isStore ? getParts(value, lanes) : Parts(), masks, others, addresses, result;
  if (call) {
    masks = getParts(call->getArgOperand(isStore ? 2 : 1), lanes);
    if (!isStore)
      others = getParts(call->getArgOperand(2), lanes);
  }
  bool isGather = getLanes(memory->getType());
  if (isGather)
    addresses = getParts(memory, lanes);
  llvm::Align align = call      ? call->getParamAlign(isStore ? 1 : 0).valueOrOne()
                      : isStore ? cast<llvm::StoreInst>(inst).getAlign()
                                : cast<llvm::LoadInst>(inst).getAlign();
  unsigned count = getLanes(isStore ? value->getType() : inst.getType()) / lanes;
  for (unsigned i = 0; i < count; ++i) {
    llvm::Value *address =
        isGather ? addresses[i] : builder.CreateConstGEP1_64(builder.getInt8Ty(), memory, i * bytes);
    llvm::Align known = isGather ? align : llvm::commonAlignment(align, i * bytes);
    if (isGather)
      result.push_back(builder.CreateMaskedGather(type, address, known, masks[i], others[i]));
    else if (call && isStore)
      builder.CreateMaskedStore(values[i], address, known, masks[i]);
    else if (call)
      result.push_back(builder.CreateMaskedLoad(type, address, known, masks[i], others[i]));
    else if (isStore)
      builder.CreateAlignedStore(values[i], address, known);
    else
      result.push_back(builder.CreateAlignedLoad(type, address, known));
  }
  return result;
}

/// Pairs the halves first, as LLVM does; sums of floats without `reassoc` go lane by lane.
llvm::Value *Splitter::reduce(llvm::IntrinsicInst &inst, unsigned lanes) {
  Intrinsic::ID id = inst.getIntrinsicID();
  bool hasStart = id == Intrinsic::vector_reduce_fadd || id == Intrinsic::vector_reduce_fmul;
  Parts pieces = getParts(inst.getArgOperand(hasStart ? 1 : 0), lanes);
  if (isa<llvm::FPMathOperator>(inst))
    builder.setFastMathFlags(inst.getFastMathFlags());
  auto reset = llvm::scope_exit([&] { builder.clearFastMathFlags(); });
  auto finish = [&](llvm::Value *start, llvm::Value *piece) -> llvm::Value * {
    llvm::SmallVector<llvm::Value *> arguments;
    if (hasStart)
      arguments.push_back(start);
    arguments.push_back(piece);
    auto *call = builder.CreateIntrinsic(id, {piece->getType()}, arguments);
    if (isa<llvm::FPMathOperator>(inst))
      call->copyFastMathFlags(inst.getFastMathFlags());
    return call;
  };
  if (hasStart && !inst.hasAllowReassoc()) {
    llvm::Value *sum = inst.getArgOperand(0);
    for (llvm::Value *piece : pieces)
      sum = finish(sum, piece);
    return sum;
  }
  for (; pieces.size() > 1; pieces.resize(pieces.size() / 2))
    for (size_t i = 0, half = pieces.size() / 2; i < half; ++i)
      pieces[i] = isMinMax(id) ? builder.CreateBinaryIntrinsic(llvm::getMinMaxReductionIntrinsicOp(id),
                                                               pieces[i], pieces[i + half])
                               : builder.CreateBinOp(static_cast<llvm::Instruction::BinaryOps>(
                                                         llvm::getArithmeticReductionInstruction(id)),
                                                     pieces[i], pieces[i + half]);
  return finish(hasStart ? inst.getArgOperand(0) : nullptr, pieces[0]);
}

Parts Splitter::split(llvm::Instruction &inst, unsigned lanes) {
  if (auto *phi = dyn_cast<llvm::PHINode>(&inst)) {
    auto *type = llvm::FixedVectorType::get(inst.getType()->getScalarType(), lanes);
    Parts result;
    for (unsigned i = 0; i < getLanes(inst.getType()) / lanes; ++i)
      result.push_back(builder.CreatePHI(type, phi->getNumIncomingValues()));
    return result;
  }
  if (auto *shuffle = dyn_cast<llvm::ShuffleVectorInst>(&inst))
    return splitShuffle(*shuffle, lanes);
  if (auto *insert = dyn_cast<llvm::InsertElementInst>(&inst)) {
    Parts result = getParts(insert->getOperand(0), lanes);
    uint64_t index = cast<llvm::ConstantInt>(insert->getOperand(2))->getZExtValue();
    if (index < getLanes(inst.getType()))
      result[index / lanes] =
          builder.CreateInsertElement(result[index / lanes], insert->getOperand(1), index % lanes);
    return result;
  }
  return isLanewise(inst) ? splitLanewise(inst, lanes) : splitMemory(inst, lanes);
}

void Splitter::run() {
  llvm::SmallVector<std::pair<llvm::PHINode *, unsigned>> phis;
  for (llvm::BasicBlock *block : llvm::ReversePostOrderTraversal<llvm::Function *>(&function))
    for (llvm::Instruction &inst : llvm::make_early_inc_range(*block)) {
      builder.SetInsertPoint(&inst);
      unsigned lanes = choose(inst);
      if (lanes && isReduction(inst)) {
        inst.replaceAllUsesWith(reduce(cast<llvm::IntrinsicInst>(inst), lanes));
        replaced.push_back(&inst);
      } else if (lanes) {
        Parts result = split(inst, lanes);
        if (!inst.getType()->isVoidTy())
          parts[&inst] = result;
        replaced.push_back(&inst);
        if (auto *phi = dyn_cast<llvm::PHINode>(&inst))
          phis.push_back({phi, lanes});
      } else if (auto *extract = dyn_cast<llvm::ExtractElementInst>(&inst)) {
        auto *index = dyn_cast<llvm::ConstantInt>(extract->getIndexOperand());
        auto found = parts.find(extract->getVectorOperand());
        if (!index || found == parts.end() || index->uge(getLanes(extract->getVectorOperandType())))
          continue;
        unsigned size = getLanes(found->second[0]->getType());
        uint64_t lane = index->getZExtValue();
        inst.replaceAllUsesWith(builder.CreateExtractElement(found->second[lane / size], lane % size));
        replaced.push_back(&inst);
      }
    }
  for (auto [phi, lanes] : phis)
    for (unsigned k = 0; k < phi->getNumIncomingValues(); ++k) {
      builder.SetInsertPoint(phi->getIncomingBlock(k)->getTerminator());
      Parts incoming = getParts(phi->getIncomingValue(k), lanes);
      for (auto [part, value] : llvm::zip_equal(parts[phi], incoming))
        cast<llvm::PHINode>(part)->addIncoming(value, phi->getIncomingBlock(k));
    }
  // Whoever is left works on whole vectors.
  llvm::DenseSet<llvm::Instruction *> dead(replaced.begin(), replaced.end());
  for (llvm::Instruction *inst : replaced) {
    bool isNeeded = llvm::any_of(
        inst->users(), [&](llvm::User *user) { return !dead.contains(cast<llvm::Instruction>(user)); });
    if (isNeeded)
      inst->replaceUsesWithIf(getWhole(inst), [&](llvm::Use &use) {
        return !dead.contains(cast<llvm::Instruction>(use.getUser()));
      });
  }
  for (llvm::Instruction *inst : replaced) {
    if (!inst->getType()->isVoidTy())
      inst->replaceAllUsesWith(llvm::PoisonValue::get(inst->getType()));
    inst->eraseFromParent();
  }
}

void colt5::splitVectors(llvm::Function &function, unsigned bits) { Splitter(function, bits).run(); }

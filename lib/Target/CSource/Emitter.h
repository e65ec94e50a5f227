// Prints functions of LLVM as C.
#ifndef COLT5_LIB_TARGET_CSOURCE_EMITTER_H
#define COLT5_LIB_TARGET_CSOURCE_EMITTER_H

#include "Types.h"
#include "colt5/Target/CSource/CSource.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"

namespace mlir::colt5 {

/// What the functions of a module share: names, types and helpers that are needed, the first error.
class ModuleEmitter {
public:
  ModuleEmitter(const llvm::Module &module, const CSourceOptions &options)
      : module(module), options(options), layout(module.getDataLayout()) {}

  llvm::Error run(llvm::raw_ostream &os);

  /// The name of a helper, which is printed once: `prefix` + `name`, with `text` behind it ("(int a) {...}")
  /// and `result` before.
  std::string useHelper(const std::string &result, const std::string &name, const std::string &text);
  std::string getName(const llvm::GlobalValue &value);
  /// "static int32_t f(void *a0)".
  std::string getPrototype(const llvm::Function &function);
  /// A type of parameters and results.
  std::string getParameter(llvm::Type *type);
  /// The literal of a constant, or fails; vectors of i1 with lanes of `maskBits`.
  std::string getLiteral(const llvm::Constant *constant, unsigned maskBits = 32);

  /// Keeps the first error. What is printed from then on does not matter.
  void fail(const llvm::Twine &what);
  bool hasFailed() const { return !error.empty(); }

  const llvm::Module &module;
  const CSourceOptions &options;
  const llvm::DataLayout &layout;
  CTypeNames types;

private:
  std::string getScalarLiteral(const llvm::Constant *constant, CType type);
  void printGlobals(llvm::raw_ostream &os);
  bool readBytes(const llvm::Constant *constant, llvm::MutableArrayRef<uint8_t> bytes);

  std::string error;
  llvm::DenseMap<const llvm::GlobalValue *, std::string> names;
  llvm::StringSet<> usedNames, usedHelpers;
  std::string helpers;
};

/// Whether a value is a constant without NaN.
bool hasNoNaN(const llvm::Value *value);

/// Prints the body of one function.
class FunctionEmitter {
public:
  FunctionEmitter(ModuleEmitter &module, const llvm::Function &function, llvm::raw_ostream &os)
      : module(module), types(module.types), function(function), os(os) {}
  void run();

private:
  // Function.cpp
  void numberValues();
  void declareValues();
  void emitBlock(const llvm::BasicBlock &block);
  void emitTerminator(const llvm::Instruction &inst);
  void emitBranch(const llvm::BasicBlock &from, const llvm::BasicBlock &to, llvm::StringRef indent);
  void emitInstruction(const llvm::Instruction &inst);
  /// "value = expression;", with a declaration where the value is used in its block only.
  void define(const llvm::Instruction &inst, const std::string &expression);
  void statement(const std::string &text) { os << "    " << text << "\n"; }
  void fail(const llvm::Instruction &inst, const llvm::Twine &why = "");

  // Function.cpp
  CType getType(const llvm::Value *value) { return getCType(value->getType(), getMaskBits(value)); }
  /// The value as an expression that binds as tightly as a name.
  std::string use(const llvm::Value *value);
  /// A vector of i1 with lanes of `bits` bits.
  std::string useMask(const llvm::Value *value, unsigned bits);
  /// An integer, sign-extended, as a signed type.
  std::string useSigned(const llvm::Value *value);
  unsigned getMaskBits(const llvm::Value *value, unsigned depth = 0);
  /// Clears the bits of a narrow integer's C type that are not its own.
  std::string wrap(llvm::Type *type, const std::string &expression);
  std::string castTo(CType type, const std::string &expression) {
    return "(" + types.get(type) + ")" + expression;
  }

  // Arithmetic.cpp
  std::string emitBinary(const llvm::BinaryOperator &inst);
  std::string emitDivision(const llvm::BinaryOperator &inst);
  std::string emitShift(const llvm::BinaryOperator &inst);
  std::string emitFloatBinary(const llvm::BinaryOperator &inst);
  std::string emitCompare(const llvm::CmpInst &inst);
  std::string emitSelect(const llvm::SelectInst &inst);
  std::string emitNegation(const llvm::UnaryOperator &inst);
  /// Applies scalar function `name` to lanes; `parameters` are values of types like the operands.
  std::string emitLanewise(CType result, unsigned lanes, const std::string &name,
                           llvm::ArrayRef<std::pair<CType, std::string>> operands,
                           const std::string &last = "");
  /// Bitwise: `a` where the mask is set, else `b`.
  std::string emitBlend(CType type, const std::string &mask, const std::string &a, const std::string &b);

  // Casts.cpp
  std::string emitCast(const llvm::CastInst &inst);
  std::string emitIntegerCast(const llvm::CastInst &inst);
  std::string emitFloatToInteger(const llvm::CastInst &inst);
  std::string emitIntegerToFloat(const llvm::CastInst &inst);
  std::string emitFloatCast(llvm::Type *from, llvm::Type *to, const llvm::Value *value);
  std::string emitBitCast(const llvm::CastInst &inst);
  /// A value of f16 or bf16 as f32.
  std::string useFloat(const llvm::Value *value);

  // Memory.cpp
  std::string emitAddress(const llvm::GetElementPtrInst &inst);
  std::string emitAddresses(const llvm::GetElementPtrInst &inst, CType type,
                            const llvm::SmallMapVector<llvm::Value *, llvm::APInt, 4> &variables,
                            const llvm::APInt &constant);
  std::string emitLoad(const llvm::LoadInst &inst);
  void emitStore(const llvm::StoreInst &inst);
  void declareAlloca(const llvm::AllocaInst &inst);
  std::string emitAlloca(const llvm::AllocaInst &inst);
  std::string emitAtomic(const llvm::AtomicRMWInst &inst);
  std::string emitMaskedLoad(const llvm::IntrinsicInst &inst);
  void emitMaskedStore(const llvm::IntrinsicInst &inst);

  // Vectors.cpp
  std::string emitExtract(const llvm::ExtractElementInst &inst);
  std::string emitInsert(const llvm::InsertElementInst &inst);
  std::string emitShuffle(const llvm::ShuffleVectorInst &inst);
  std::string emitReduction(const llvm::IntrinsicInst &inst);

  // Intrinsics.cpp
  void emitCall(const llvm::CallInst &inst);
  void emitIntrinsic(const llvm::IntrinsicInst &inst);
  std::string emitFloatIntrinsic(const llvm::IntrinsicInst &inst, llvm::StringRef name);
  std::string emitIntegerIntrinsic(const llvm::IntrinsicInst &inst);
  std::string emitMinMax(const llvm::IntrinsicInst &inst);
  std::string emitFma(const llvm::IntrinsicInst &inst);

  ModuleEmitter &module;
  CTypeNames &types;
  const llvm::Function &function;
  llvm::raw_ostream &os;
  llvm::DenseMap<const llvm::Value *, std::string> names;
  llvm::DenseMap<const llvm::Value *, unsigned> maskBits;
  /// Instructions that are used in other blocks.
  llvm::DenseSet<const llvm::Value *> shared;
};

} // namespace mlir::colt5

#endif // COLT5_LIB_TARGET_CSOURCE_EMITTER_H

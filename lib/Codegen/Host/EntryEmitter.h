// The C functions of an entry, for any target: the checks of the arguments are the same everywhere.
#ifndef COLT5_LIB_CODEGEN_HOST_ENTRYEMITTER_H
#define COLT5_LIB_CODEGEN_HOST_ENTRYEMITTER_H

#include "colt5-abi/cpu.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::colt5 {

/// Builds the C functions of one entry.
class EntryEmitter {
public:
  EntryEmitter(ModuleOp module, func::FuncOp func, SymbolTable &symbols)
      : module(module), func(func), symbols(symbols), context(module.getContext()), typeConverter(context),
        b(func.getLoc(), context), pointer(LLVM::LLVMPointerType::get(context)) {}
  virtual ~EntryEmitter() = default;

  LogicalResult run();

protected:
  /// What the targets differ in. `hook` is the last argument of `f_run`.
  virtual int64_t getWorkspaceAlignment() const = 0;
  /// What the address of a tensor is a multiple of, in bytes, where that is more than its element needs.
  virtual int64_t getTensorAlignment() const { return 1; }
  /// Whether `f_workspace_size` takes the number of threads.
  virtual bool hasThreads() const = 0;
  /// The number of threads of a run, as i64.
  virtual Value getThreads(Value hook) = 0;
  /// Whether `f_run` must refuse `hook`; null when it never must.
  virtual Value isBadHook(Value hook) { return {}; }
  /// Calls the function with `args`, to which the error word and the hook are added; returns the status of
  /// `f_run`.
  virtual Value call(SmallVector<Value> args, Value hook) = 0;

  LogicalResult checkInterface();
  LogicalResult collectArguments();
  LogicalResult checkCompanions();
  func::FuncOp createEntry(StringRef suffix, ArrayRef<Type> inputs, TypeRange results);
  LogicalResult emitRun();
  void emitResultSizes();
  void emitWorkspaceSize();

  Value constant(int64_t value) { return arith::ConstantIntOp::create(b, value, 64); }
  Value status(int64_t value) { return arith::ConstantIntOp::create(b, value, 32); }
  Value toI64(Value index) { return arith::IndexCastOp::create(b, b.getI64Type(), index); }
  Value isNull(Value p) {
    return LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, p, LLVM::ZeroOp::create(b, pointer));
  }
  /// Whether a companion could not compute a number of bytes in 64 bits (colt5-saturate-sizes).
  Value isTooLarge(Value bytes) {
    return arith::CmpIOp::create(b, arith::CmpIPredicate::eq, bytes, constant(INT64_MAX));
  }
  /// The address of `tensors[index]`.
  Value tensorAt(Value tensors, int64_t index);
  Value loadField(Value tensor, int32_t field);
  /// The argument of type `type` that `tensors[index]` holds.
  Value loadArgument(Value tensors, int64_t index, Type type);
  SmallVector<Value> loadArguments(Value tensors, ArrayRef<Type> types, int64_t first);
  Value makeMemRef(MemRefType type, Value data, ArrayRef<Value> sizes);
  /// The first failing status of `tensors[first...]`; `sizeOf(i, d)` is null where any size will do.
  Value checkTensors(Value tensors, ArrayRef<Type> types, int64_t first, func::FuncOp check,
                     function_ref<Value(unsigned, int64_t)> sizeOf);
  /// Whether a size differs from another one of its name, or a scalar is not the size that it has to be; null
  /// when no two can. `inputs` are the loaded arguments.
  Value hasUnequalSizes(Value tensors, ArrayRef<Value> inputs);
  Value loadSize(Value tensors, int64_t index, int64_t dim);
  SmallVector<Value> callResultSizes(ArrayRef<Value> inputs);
  DictionaryAttr getSignature();

  ModuleOp module;
  func::FuncOp func, resultSizes, workspaceSize, sizeChecks;
  SymbolTable &symbols;
  MLIRContext *context;
  LLVMTypeConverter typeConverter;
  ImplicitLocOpBuilder b;
  Type pointer;
  SmallVector<Type> inputTypes, outputTypes;
  SmallVector<Attribute> inputNames, outputNames;
  /// For each argument the attribute that says its sizes, or an empty array.
  SmallVector<Attribute> inputSizes, outputSizes;
};

/// Runs an emitter on every public function with a body.
template <typename Emitter> LogicalResult emitEntries(ModuleOp module) {
  SymbolTable symbols(module);
  for (auto func : llvm::to_vector(module.getOps<func::FuncOp>()))
    if (func.isPublic() && !func.isDeclaration() && failed(Emitter(module, func, symbols).run()))
      return failure();
  return success();
}

} // namespace mlir::colt5

#endif // COLT5_LIB_CODEGEN_HOST_ENTRYEMITTER_H

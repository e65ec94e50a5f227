#include "RuntimeSupport.h"
#include "colt5-abi/cpu.h"
#include "colt5/Conversion/ToLLVM/Passes.h"
#include "colt5/Transforms/Passes.h"
#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5EMITCPUENTRIES
#include "colt5/Conversion/ToLLVM/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {

/// Builds the C functions of one entry.
class EntryEmitter {
public:
  EntryEmitter(ModuleOp module, func::FuncOp func, SymbolTable &symbols)
      : module(module), func(func), symbols(symbols), context(module.getContext()), typeConverter(context),
        b(func.getLoc(), context), pointer(LLVM::LLVMPointerType::get(context)) {}

  LogicalResult run();

private:
  LogicalResult collectArguments();
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
  SmallVector<Value> callResultSizes(ArrayRef<Value> inputs);
  DictionaryAttr getSignature();

  ModuleOp module;
  func::FuncOp func, resultSizes, workspaceSize;
  SymbolTable &symbols;
  MLIRContext *context;
  LLVMTypeConverter typeConverter;
  ImplicitLocOpBuilder b;
  Type pointer;
  SmallVector<Type> inputTypes, outputTypes;
  SmallVector<Attribute> inputNames, outputNames;
};

LogicalResult EntryEmitter::collectArguments() {
  for (BlockArgument arg : func.getArguments().drop_back(3)) {
    Type type = arg.getType();
    auto memref = dyn_cast<MemRefType>(type);
    Type element = memref ? memref.getElementType() : type;
    if (!element.isIntOrIndexOrFloat() || (memref && !memref.getLayout().isIdentity()))
      return func.emitError("argument #")
             << arg.getArgNumber() << ": expected a dense memref or a scalar of numbers, found " << type;
    bool isOutput = !!func.getArgAttr(arg.getArgNumber(), kOutputAttr);
    SmallVector<Attribute> &names = isOutput ? outputNames : inputNames;
    Attribute name = func.getArgAttr(arg.getArgNumber(), kNameAttr);
    if (!name)
      name = b.getStringAttr((isOutput ? "output" : "input") + Twine(names.size()));
    names.push_back(name);
    (isOutput ? outputTypes : inputTypes).push_back(type);
  }
  return success();
}

func::FuncOp EntryEmitter::createEntry(StringRef suffix, ArrayRef<Type> inputs, TypeRange results) {
  auto entry = func::FuncOp::create(func.getLoc(), (func.getName() + suffix).str(),
                                    b.getFunctionType(inputs, results));
  entry->setAttr(kExportAttr, b.getUnitAttr());
  module.push_back(entry);
  b.setInsertionPointToStart(entry.addEntryBlock());
  return entry;
}

Value EntryEmitter::tensorAt(Value tensors, int64_t index) {
  auto tensorType = LLVM::LLVMStructType::getLiteral(context, {pointer, pointer, pointer});
  return LLVM::GEPOp::create(b, pointer, tensorType, tensors,
                             ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(index)});
}

Value EntryEmitter::loadField(Value tensor, int32_t field) {
  auto tensorType = LLVM::LLVMStructType::getLiteral(context, {pointer, pointer, pointer});
  Value address = LLVM::GEPOp::create(b, pointer, tensorType, tensor, ArrayRef<LLVM::GEPArg>{0, field});
  return LLVM::LoadOp::create(b, pointer, address);
}

Value EntryEmitter::makeMemRef(MemRefType type, Value data, ArrayRef<Value> sizes) {
  auto descriptor = MemRefDescriptor::poison(b, b.getLoc(), typeConverter.convertType(type));
  descriptor.setAllocatedPtr(b, b.getLoc(), data);
  descriptor.setAlignedPtr(b, b.getLoc(), data);
  descriptor.setConstantOffset(b, b.getLoc(), 0);
  Value stride = constant(1);
  for (int64_t dim = type.getRank() - 1; dim >= 0; --dim) {
    descriptor.setSize(b, b.getLoc(), dim, sizes[dim]);
    descriptor.setStride(b, b.getLoc(), dim, stride);
    stride = b.createOrFold<arith::MulIOp>(stride, sizes[dim]);
  }
  return UnrealizedConversionCastOp::create(b, type, Value(descriptor)).getResult(0);
}

Value EntryEmitter::loadArgument(Value tensors, int64_t index, Type type) {
  Value tensor = tensorAt(tensors, index);
  Value data = loadField(tensor, 0);
  auto memref = dyn_cast<MemRefType>(type);
  if (!memref) {
    // i1 is one byte, index eight.
    Type stored = type.isIndex() ? b.getI64Type() : type.isInteger(1) ? b.getI8Type() : type;
    Value value = LLVM::LoadOp::create(b, stored, data);
    if (type.isIndex())
      return arith::IndexCastOp::create(b, type, value);
    return stored == type ? value : arith::TruncIOp::create(b, type, value).getResult();
  }
  SmallVector<Value> sizes;
  Value sizeArray = memref.getNumDynamicDims() ? loadField(tensor, 1) : Value();
  for (int64_t dim = 0; dim < memref.getRank(); ++dim) {
    if (!memref.isDynamicDim(dim)) {
      sizes.push_back(constant(memref.getDimSize(dim)));
      continue;
    }
    Value address = LLVM::GEPOp::create(b, pointer, b.getI64Type(), sizeArray,
                                        ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(dim)});
    sizes.push_back(LLVM::LoadOp::create(b, b.getI64Type(), address));
  }
  return makeMemRef(memref, data, sizes);
}

SmallVector<Value> EntryEmitter::loadArguments(Value tensors, ArrayRef<Type> types, int64_t first) {
  SmallVector<Value> values;
  for (auto [index, type] : llvm::enumerate(types))
    values.push_back(loadArgument(tensors, first + index, type));
  return values;
}

SmallVector<Value> EntryEmitter::callResultSizes(ArrayRef<Value> inputs) {
  SmallVector<Value> sizes;
  for (Value size : func::CallOp::create(b, resultSizes, inputs).getResults())
    sizes.push_back(toI64(size));
  return sizes;
}

Value EntryEmitter::checkTensors(Value tensors, ArrayRef<Type> types, int64_t first, func::FuncOp check,
                                 function_ref<Value(unsigned, int64_t)> sizeOf) {
  Value result = status(COLT5_CPU_OK);
  for (auto [index, type] : llvm::enumerate(types)) {
    auto memref = dyn_cast<MemRefType>(type);
    int64_t rank = memref ? memref.getRank() : 0;
    Value expected = LLVM::AllocaOp::create(b, pointer, b.getI64Type(), constant(std::max<int64_t>(rank, 1)));
    for (int64_t dim = 0; dim < rank; ++dim) {
      Value size = sizeOf(index, dim);
      Value address = LLVM::GEPOp::create(b, pointer, b.getI64Type(), expected,
                                          ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(dim)});
      LLVM::StoreOp::create(b, size ? size : constant(-1), address);
    }
    Value found =
        func::CallOp::create(b, check, ValueRange{tensorAt(tensors, first + index), expected, constant(rank)})
            .getResult(0);
    Value isOk = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, result, status(COLT5_CPU_OK));
    result = arith::SelectOp::create(b, isOk, found, result);
  }
  return result;
}

LogicalResult EntryEmitter::emitRun() {
  FailureOr<func::FuncOp> check = getSupportFunction(module, kCheckTensorName);
  if (failed(check))
    return failure();
  func::FuncOp entry = createEntry("_run", {pointer, pointer, pointer}, b.getI32Type());
  entry->setAttr(kSignatureAttr, getSignature());
  Value tensors = entry.getArgument(0), workspace = entry.getArgument(1), pool = entry.getArgument(2);
  Location loc = b.getLoc();

  // Each block returns a status; the work stands in the innermost one.
  auto guarded = [&](Value bad, Value badStatus, function_ref<Value()> body) -> Value {
    auto ifOp = scf::IfOp::create(b, TypeRange{b.getI32Type()}, bad, /*withElse=*/true);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(ifOp.thenBlock());
    scf::YieldOp::create(b, badStatus);
    b.setInsertionPointToStart(ifOp.elseBlock());
    Value result = body();
    scf::YieldOp::create(b, result);
    return ifOp.getResult(0);
  };
  auto isBad = [&](Value code) -> Value {
    return arith::CmpIOp::create(b, arith::CmpIPredicate::ne, code, status(COLT5_CPU_OK));
  };

  Value result = guarded(isNull(tensors), status(COLT5_CPU_NULL_POINTER), [&] {
    Value inputStatus =
        checkTensors(tensors, inputTypes, 0, *check, [&](unsigned index, int64_t dim) -> Value {
          auto memref = cast<MemRefType>(inputTypes[index]);
          return memref.isDynamicDim(dim) ? Value() : constant(memref.getDimSize(dim));
        });
    return guarded(isBad(inputStatus), inputStatus, [&] {
      SmallVector<Value> inputs = loadArguments(tensors, inputTypes, 0);
      SmallVector<Value> sizes = callResultSizes(inputs);
      SmallVector<int64_t> firstSize;
      int64_t next = 0;
      for (Type type : outputTypes) {
        firstSize.push_back(next);
        next += cast<MemRefType>(type).getRank();
      }
      Value outputStatus =
          checkTensors(tensors, outputTypes, inputTypes.size(), *check,
                       [&](unsigned index, int64_t dim) { return sizes[firstSize[index] + dim]; });
      return guarded(isBad(outputStatus), outputStatus, [&] {
        auto threadsIf = scf::IfOp::create(b, TypeRange{b.getI64Type()}, isNull(pool), /*withElse=*/true);
        {
          OpBuilder::InsertionGuard guard(b);
          b.setInsertionPointToStart(threadsIf.thenBlock());
          scf::YieldOp::create(b, constant(1));
          b.setInsertionPointToStart(threadsIf.elseBlock());
          auto poolType = LLVM::LLVMStructType::getLiteral(context, {pointer, b.getI64Type(), pointer});
          Value address = LLVM::GEPOp::create(b, pointer, poolType, pool, ArrayRef<LLVM::GEPArg>{0, 1});
          Value threads = LLVM::LoadOp::create(b, b.getI64Type(), address);
          scf::YieldOp::create(b, threads);
        }
        Value threads = arith::IndexCastOp::create(b, b.getIndexType(), threadsIf.getResult(0));
        SmallVector<Value> sizeArgs = inputs;
        sizeArgs.push_back(threads);
        Value needed = toI64(func::CallOp::create(b, workspaceSize, sizeArgs).getResult(0));
        Value needsAny = arith::CmpIOp::create(b, arith::CmpIPredicate::ne, needed, constant(0));
        Value missing = arith::AndIOp::create(b, needsAny, isNull(workspace));
        return guarded(missing, status(COLT5_CPU_NULL_POINTER), [&] {
          Value address = LLVM::PtrToIntOp::create(b, b.getI64Type(), workspace);
          Value low = arith::AndIOp::create(b, address, constant(COLT5_CPU_WORKSPACE_ALIGNMENT - 1));
          Value unaligned = arith::CmpIOp::create(b, arith::CmpIPredicate::ne, low, constant(0));
          return guarded(unaligned, status(COLT5_CPU_BAD_ALIGNMENT), [&] {
            SmallVector<Value> args = inputs;
            args.append(loadArguments(tensors, outputTypes, inputTypes.size()));
            unsigned numVisible = args.size();
            args.push_back(
                makeMemRef(cast<MemRefType>(func.getArgument(numVisible).getType()), workspace, needed));
            auto errorType = cast<MemRefType>(func.getArgument(numVisible + 1).getType());
            Value error = LLVM::AllocaOp::create(b, pointer, b.getI32Type(), constant(1));
            LLVM::StoreOp::create(b, status(COLT5_CPU_OK), error);
            args.push_back(makeMemRef(errorType, error, constant(1)));
            args.push_back(pool);
            func::CallOp::create(b, func, args);
            Value word = LLVM::LoadOp::create(b, b.getI32Type(), error);
            Value isSet = isBad(word);
            return arith::ExtUIOp::create(b, b.getI32Type(), isSet).getResult();
          });
        });
      });
    });
  });
  func::ReturnOp::create(b, loc, result);
  return success();
}

void EntryEmitter::emitResultSizes() {
  func::FuncOp entry = createEntry("_result_sizes", {pointer, pointer}, {});
  for (auto [index, size] :
       llvm::enumerate(callResultSizes(loadArguments(entry.getArgument(0), inputTypes, 0)))) {
    Value address = LLVM::GEPOp::create(b, pointer, b.getI64Type(), entry.getArgument(1),
                                        ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(index)});
    LLVM::StoreOp::create(b, size, address);
  }
  func::ReturnOp::create(b);
}

void EntryEmitter::emitWorkspaceSize() {
  func::FuncOp entry = createEntry("_workspace_size", {pointer, b.getI64Type()}, b.getI64Type());
  SmallVector<Value> args = loadArguments(entry.getArgument(0), inputTypes, 0);
  Value threads = arith::MaxSIOp::create(b, entry.getArgument(1), constant(1));
  args.push_back(arith::IndexCastOp::create(b, b.getIndexType(), threads));
  Value bytes = func::CallOp::create(b, workspaceSize, args).getResult(0);
  func::ReturnOp::create(b, toI64(bytes));
}

DictionaryAttr EntryEmitter::getSignature() {
  auto types = [&](ArrayRef<Type> list) -> Attribute {
    return b.getArrayAttr(llvm::map_to_vector(list, [](Type type) -> Attribute {
      auto memref = dyn_cast<MemRefType>(type);
      return TypeAttr::get(memref ? RankedTensorType::get(memref.getShape(), memref.getElementType())
                                  : RankedTensorType::get({}, type));
    }));
  };
  return b.getDictionaryAttr({b.getNamedAttr("name", b.getStringAttr(func.getName())),
                              b.getNamedAttr("inputs", types(inputTypes)),
                              b.getNamedAttr("outputs", types(outputTypes)),
                              b.getNamedAttr("input_names", b.getArrayAttr(inputNames)),
                              b.getNamedAttr("output_names", b.getArrayAttr(outputNames))});
}

LogicalResult EntryEmitter::run() {
  StringRef name = func.getName();
  resultSizes = symbols.lookup<func::FuncOp>(getResultSizesName(name));
  workspaceSize = symbols.lookup<func::FuncOp>(getWorkspaceSizeName(name));
  unsigned numArgs = func.getNumArguments();
  if (!resultSizes || !workspaceSize || numArgs < 3 || !func.getArgAttr(numArgs - 1, kPoolAttr) ||
      !func.getArgAttr(numArgs - 2, kErrorWordAttr) || !func.getArgAttr(numArgs - 3, kWorkspaceAttr))
    return func.emitError("expected the companions of '")
           << name
           << "' and the arguments (..., workspace, error word, pool); run colt5-bufferize-pipeline and "
           << "colt5-outline-parallel first";
  for (StringRef suffix : {"_run", "_result_sizes", "_workspace_size"})
    if (Operation *other = symbols.lookup((name + suffix).str()))
      return other->emitError("the name '")
             << name << suffix << "' is taken by an entry of function '" << name << "'; rename one of them";
  if (failed(collectArguments()) || failed(emitRun()))
    return failure();
  emitResultSizes();
  emitWorkspaceSize();
  func.setPrivate();
  return success();
}

struct EmitCpuEntries : colt5::impl::Colt5EmitCpuEntriesBase<EmitCpuEntries> {
  using Base::Base;

  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    for (auto func : llvm::to_vector(getOperation().getOps<func::FuncOp>())) {
      if (!func.isPublic() || func.isDeclaration())
        continue;
      if (failed(EntryEmitter(getOperation(), func, symbols).run()))
        return signalPassFailure();
    }
  }
};

} // namespace

#include "EntryEmitter.h"

#include "RuntimeSupport.h"
#include "colt5/Codegen/Host/Passes.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Stages/Bufferize/Passes.h"
#include "colt5/Stages/Input/SizeFunctions.h"
#include "colt5/Support/ElementKind.h"
#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::colt5;

LogicalResult EntryEmitter::collectArguments() {
  for (BlockArgument arg : func.getArguments().drop_back(3)) {
    Type type = arg.getType();
    auto memref = dyn_cast<MemRefType>(type);
    Type element = memref ? memref.getElementType() : type;
    if (!getElementKind(element) || (memref && !memref.getLayout().isIdentity()))
      return func.emitError("argument #")
             << arg.getArgNumber() << ": expected a dense memref or a scalar of type " << kElementTypes
             << ", found " << type;
    bool isOutput = !!func.getArgAttr(arg.getArgNumber(), kOutputAttr);
    if (isOutput ? !memref : !outputTypes.empty())
      return func.emitError("argument #")
             << arg.getArgNumber() << ": expected inputs and then outputs, which are memrefs, found an "
             << (isOutput ? "output" : "input") << " of type " << type;
    SmallVector<Attribute> &names = isOutput ? outputNames : inputNames;
    Attribute name = func.getArgAttr(arg.getArgNumber(), kNameAttr);
    if (!name)
      name = b.getStringAttr((isOutput ? "output" : "input") + Twine(names.size()));
    names.push_back(name);
    Attribute sizes = func.getArgAttr(arg.getArgNumber(), memref ? kSizesAttr : kSizeAttr);
    if (!sizes || sizes == b.getStringAttr(kNoSizeName))
      sizes = b.getArrayAttr({});
    (isOutput ? outputSizes : inputSizes).push_back(sizes);
    (isOutput ? outputTypes : inputTypes).push_back(type);
  }
  return success();
}

/// The arguments that every entry has behind its own.
LogicalResult EntryEmitter::checkInterface() {
  unsigned numArgs = func.getNumArguments();
  if (!resultSizes || !workspaceSize || numArgs < 3 || !func.getArgAttr(numArgs - 1, kPoolAttr) ||
      !func.getArgAttr(numArgs - 2, kErrorWordAttr) || !func.getArgAttr(numArgs - 3, kWorkspaceAttr))
    return func.emitError("expected the companions of '")
           << func.getName()
           << "' and the arguments (..., workspace, error word, pool); run colt5-bufferize-stage and "
           << "the outlining pass of the target first";
  Type expected[] = {MemRefType::get(ShapedType::kDynamic, b.getI8Type()), MemRefType::get(1, b.getI32Type()),
                     pointer};
  ArrayRef<Type> found = func.getArgumentTypes().take_back(3);
  if (found != ArrayRef(expected) || func.getNumResults())
    return func.emitError("expected workspace, error word and pool of types ")
           << ArrayRef(expected) << " and no result, found " << found << " and " << func.getNumResults()
           << " results";
  return success();
}

/// They take the inputs, and return as many sizes as there have to be.
LogicalResult EntryEmitter::checkCompanions() {
  int64_t numSizes = 0;
  for (Type type : outputTypes)
    numSizes += cast<MemRefType>(type).getRank();
  SmallVector<Type> withThreads(inputTypes);
  withThreads.push_back(b.getIndexType());
  auto check = [&](func::FuncOp companion, ArrayRef<Type> inputs, std::optional<int64_t> count) {
    TypeRange results = companion.getResultTypes();
    bool fits = companion.getArgumentTypes() == inputs &&
                (count ? int64_t(results.size()) == *count : results.size() % 2 == 0) &&
                llvm::all_of(results, [](Type type) { return type.isIndex(); });
    if (fits)
      return success();
    InFlightDiagnostic diag = companion.emitError("expected a companion of '")
                              << func.getName() << "' that takes (" << inputs << ") and returns ";
    if (count)
      diag << *count << (*count == 1 ? " size" : " sizes");
    else
      diag << "pairs of sizes";
    diag << ", found " << companion.getFunctionType();
    return failure();
  };
  return failure(failed(check(resultSizes, inputTypes, numSizes)) ||
                 failed(check(workspaceSize, withThreads, 1)) ||
                 (sizeChecks && failed(check(sizeChecks, inputTypes, std::nullopt))));
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

Value EntryEmitter::loadSize(Value tensors, int64_t index, int64_t dim) {
  Value address = LLVM::GEPOp::create(b, pointer, b.getI64Type(), loadField(tensorAt(tensors, index), 1),
                                      ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(dim)});
  return LLVM::LoadOp::create(b, b.getI64Type(), address);
}

Value EntryEmitter::hasUnequalSizes(Value tensors, ArrayRef<Value> inputs) {
  Value result;
  auto add = [&](arith::CmpIPredicate predicate, Value found, Value expected) {
    Value bad = arith::CmpIOp::create(b, predicate, found, expected);
    result = result ? arith::OrIOp::create(b, result, bad).getResult() : bad;
  };
  llvm::DenseMap<Attribute, Value> firsts;
  auto compare = [&](Attribute entry, Value found) {
    auto name = dyn_cast<StringAttr>(entry);
    if (name && name.getValue() == kNoSizeName)
      return;
    auto number = dyn_cast<IntegerAttr>(entry);
    auto [place, isFirst] = firsts.try_emplace(entry, number ? constant(number.getInt()) : found);
    if (place->second != found)
      add(arith::CmpIPredicate::ne, found, place->second);
  };
  for (auto [index, type, sizes, input] : llvm::enumerate(inputTypes, inputSizes, inputs)) {
    if (auto memref = dyn_cast<MemRefType>(type)) {
      for (auto [dim, entry] : llvm::enumerate(cast<ArrayAttr>(sizes)))
        if (memref.isDynamicDim(dim))
          compare(entry, loadSize(tensors, index, dim));
    } else if (!isa<ArrayAttr>(sizes)) {
      Value number = input;
      if (type.isIndex())
        number = toI64(input);
      else if (!type.isInteger(64))
        number = arith::ExtSIOp::create(b, b.getI64Type(), input);
      // Negative numbers are large ones without a sign.
      add(arith::CmpIPredicate::ugt, number, constant(kMaxSize));
      compare(sizes, number);
    }
  }
  if (!sizeChecks)
    return result;
  ValueRange pairs = func::CallOp::create(b, sizeChecks, inputs).getResults();
  for (; !pairs.empty(); pairs = pairs.drop_front(2)) {
    add(arith::CmpIPredicate::ne, pairs[0], pairs[1]);
    // Two numbers that are both too large for 64 bits need not be equal.
    add(arith::CmpIPredicate::eq, toI64(pairs[0]), constant(INT64_MAX));
  }
  return result;
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
    Type element = memref ? memref.getElementType() : type;
    int64_t alignment = element.isIndex() ? 8 : llvm::divideCeil(element.getIntOrFloatBitWidth(), 8);
    if (memref)
      alignment = std::max(alignment, getTensorAlignment());
    Value found = func::CallOp::create(b, check,
                                       ValueRange{tensorAt(tensors, first + index), expected, constant(rank),
                                                  constant(alignment)})
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
  Value tensors = entry.getArgument(0), workspace = entry.getArgument(1), hook = entry.getArgument(2);
  Location loc = b.getLoc();

  // Each block returns a status; the work stands in the innermost one. A null `bad` is never true.
  auto guarded = [&](Value bad, Value badStatus, function_ref<Value()> body) -> Value {
    if (!bad)
      return body();
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

  Value missing = isNull(tensors);
  if (Value bad = isBadHook(hook))
    missing = arith::OrIOp::create(b, missing, bad);
  Value result = guarded(missing, status(COLT5_CPU_NULL_POINTER), [&] {
    Value inputStatus =
        checkTensors(tensors, inputTypes, 0, *check, [&](unsigned index, int64_t dim) -> Value {
          auto memref = cast<MemRefType>(inputTypes[index]);
          return memref.isDynamicDim(dim) ? Value() : constant(memref.getDimSize(dim));
        });
    return guarded(isBad(inputStatus), inputStatus, [&] {
      SmallVector<Value> inputs = loadArguments(tensors, inputTypes, 0);
      Value unequal = hasUnequalSizes(tensors, inputs);
      return guarded(unequal, status(COLT5_CPU_BAD_SIZE), [&] {
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
          Value threads = arith::IndexCastOp::create(b, b.getIndexType(), getThreads(hook));
          SmallVector<Value> sizeArgs = inputs;
          sizeArgs.push_back(threads);
          Value needed = toI64(func::CallOp::create(b, workspaceSize, sizeArgs).getResult(0));
          return guarded(isTooLarge(needed), status(COLT5_CPU_TOO_LARGE), [&] {
            Value needsAny = arith::CmpIOp::create(b, arith::CmpIPredicate::ne, needed, constant(0));
            Value missing = arith::AndIOp::create(b, needsAny, isNull(workspace));
            return guarded(missing, status(COLT5_CPU_NULL_POINTER), [&] {
              Value address = LLVM::PtrToIntOp::create(b, b.getI64Type(), workspace);
              Value low = arith::AndIOp::create(b, address, constant(getWorkspaceAlignment() - 1));
              Value unaligned = arith::CmpIOp::create(b, arith::CmpIPredicate::ne, low, constant(0));
              unaligned = arith::AndIOp::create(b, unaligned, needsAny);
              return guarded(unaligned, status(COLT5_CPU_BAD_ALIGNMENT), [&] {
                SmallVector<Value> args = inputs;
                args.append(loadArguments(tensors, outputTypes, inputTypes.size()));
                unsigned numVisible = args.size();
                args.push_back(
                    makeMemRef(cast<MemRefType>(func.getArgument(numVisible).getType()), workspace, needed));
                return call(std::move(args), hook);
              });
            });
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
  SmallVector<Type> types{pointer};
  if (hasThreads())
    types.push_back(b.getI64Type());
  func::FuncOp entry = createEntry("_workspace_size", types, b.getI64Type());
  SmallVector<Value> args = loadArguments(entry.getArgument(0), inputTypes, 0);
  Value unequal = hasUnequalSizes(entry.getArgument(0), args);
  Value threads = constant(1);
  if (hasThreads())
    threads = arith::MaxSIOp::create(b, entry.getArgument(1), threads);
  args.push_back(arith::IndexCastOp::create(b, b.getIndexType(), threads));
  auto compute = [&]() -> Value {
    Value bytes = toI64(func::CallOp::create(b, workspaceSize, args).getResult(0));
    return arith::SelectOp::create(b, isTooLarge(bytes), constant(COLT5_CPU_LARGE_WORKSPACE), bytes);
  };
  if (!unequal) {
    func::ReturnOp::create(b, compute());
    return;
  }
  auto ifOp = scf::IfOp::create(b, TypeRange{b.getI64Type()}, unequal, /*withElse=*/true);
  func::ReturnOp::create(b, ifOp.getResult(0));
  b.setInsertionPointToStart(ifOp.thenBlock());
  scf::YieldOp::create(b, constant(COLT5_CPU_NO_WORKSPACE));
  b.setInsertionPointToStart(ifOp.elseBlock());
  scf::YieldOp::create(b, compute());
}

DictionaryAttr EntryEmitter::getSignature() {
  auto types = [&](ArrayRef<Type> list, ArrayRef<Attribute> sizes) -> Attribute {
    SmallVector<Attribute> attrs;
    for (auto [type, entries] : llvm::zip_equal(list, sizes)) {
      auto memref = dyn_cast<MemRefType>(type);
      if (!memref) {
        attrs.push_back(TypeAttr::get(type));
        continue;
      }
      SmallVector<int64_t> shape(memref.getShape());
      // A dynamic size may be known.
      for (auto [dim, entry] : llvm::enumerate(cast<ArrayAttr>(entries)))
        if (auto number = dyn_cast<IntegerAttr>(entry))
          shape[dim] = number.getInt();
      attrs.push_back(TypeAttr::get(RankedTensorType::get(shape, memref.getElementType())));
    }
    return b.getArrayAttr(attrs);
  };
  return b.getDictionaryAttr({b.getNamedAttr("name", b.getStringAttr(func.getName())),
                              b.getNamedAttr("inputs", types(inputTypes, inputSizes)),
                              b.getNamedAttr("outputs", types(outputTypes, outputSizes)),
                              b.getNamedAttr("input_names", b.getArrayAttr(inputNames)),
                              b.getNamedAttr("output_names", b.getArrayAttr(outputNames)),
                              b.getNamedAttr("input_sizes", b.getArrayAttr(inputSizes)),
                              b.getNamedAttr("output_sizes", b.getArrayAttr(outputSizes))});
}

LogicalResult EntryEmitter::run() {
  StringRef name = func.getName();
  resultSizes = symbols.lookup<func::FuncOp>(getResultSizesName(name));
  workspaceSize = symbols.lookup<func::FuncOp>(getWorkspaceSizeName(name));
  auto checks = func->getAttrOfType<FlatSymbolRefAttr>(kSizeChecksAttr);
  sizeChecks = checks ? symbols.lookup<func::FuncOp>(checks.getAttr()) : func::FuncOp();
  if (checks && !sizeChecks)
    return func.emitError("expected '") << kSizeChecksAttr << "' to name a function, found " << checks;
  if (failed(checkInterface()))
    return failure();
  for (StringRef suffix : {"_run", "_result_sizes", "_workspace_size"})
    if (Operation *other = symbols.lookup((name + suffix).str()))
      return other->emitError("the name '")
             << name << suffix << "' is taken by an entry of function '" << name << "'; rename one of them";
  if (failed(collectArguments()) || failed(checkCompanions()) || failed(emitRun()))
    return failure();
  emitResultSizes();
  emitWorkspaceSize();
  func->removeAttr(kSizeChecksAttr);
  func.setPrivate();
  return success();
}

#include "RuntimeSupport.h"
#include "colt5/Codegen/Common/Outlining.h"
#include "colt5/Codegen/Host/Passes.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Stages/Bufferize/Passes.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/Transforms.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Transforms/RegionUtils.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5OUTLINEPARALLEL
#include "colt5/Codegen/Host/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {

class Outliner {
public:
  Outliner(ModuleOp module, func::FuncOp func, SymbolTable &symbols)
      : module(module), func(func), symbols(symbols), typeConverter(module.getContext()) {}

  LogicalResult outline(scf::ForallOp forall);

private:
  /// Number of steps of one dimension, as i64.
  Value getTripCount(ImplicitLocOpBuilder &b, Value lower, Value upper, Value step);
  func::FuncOp createBody(scf::ForallOp forall, ArrayRef<Value> captures, LLVM::LLVMStructType argType,
                          ArrayRef<Value> counts);

  ModuleOp module;
  func::FuncOp func;
  SymbolTable &symbols;
  LLVMTypeConverter typeConverter;
};

Value Outliner::getTripCount(ImplicitLocOpBuilder &b, Value lower, Value upper, Value step) {
  Value zero = arith::ConstantIndexOp::create(b, 0);
  Value distance = b.createOrFold<arith::MaxSIOp>(b.createOrFold<arith::SubIOp>(upper, lower), zero);
  return b.createOrFold<arith::CeilDivUIOp>(distance, step);
}

/// `captures` are the values that `body` uses from outside, in the order of the fields of `argType`; the
/// first ones are the bounds of the grid.
func::FuncOp Outliner::createBody(scf::ForallOp forall, ArrayRef<Value> captures,
                                  LLVM::LLVMStructType argType, ArrayRef<Value> counts) {
  MLIRContext *context = module.getContext();
  Type pointer = LLVM::LLVMPointerType::get(context);
  Type i64 = IntegerType::get(context, 64);
  std::string name = (func.getName() + ".kernel").str();
  if (auto plan = forall->getAttrOfType<PlanAttr>(kPlanAttr))
    name += std::to_string(plan.getKernel());
  auto body =
      func::FuncOp::create(forall.getLoc(), name, FunctionType::get(context, {pointer, i64, i64}, {}));
  body.setPrivate();
  symbols.insert(body, std::next(Block::iterator(func)));

  Block *entry = body.addEntryBlock();
  auto b = ImplicitLocOpBuilder::atBlockBegin(forall.getLoc(), entry);
  IRMapping mapping;
  Value arg = LLVM::LoadOp::create(b, argType, body.getArgument(0));
  for (auto [index, value] : llvm::enumerate(captures)) {
    Value field = LLVM::ExtractValueOp::create(b, arg, index);
    if (field.getType() != value.getType())
      field = UnrealizedConversionCastOp::create(b, value.getType(), field).getResult(0);
    mapping.map(value, field);
  }
  SetVector<Value> outside;
  getUsedValuesDefinedAbove(forall.getRegion(), outside);
  auto ensure = [&](Value value) {
    if (!mapping.contains(value) && isRematerializable(value.getDefiningOp()))
      b.clone(*value.getDefiningOp(), mapping);
    return mapping.lookup(value);
  };
  for (Value value : outside)
    ensure(value);

  // Row-major position to one index per dimension.
  Value rest = arith::IndexCastOp::create(b, b.getIndexType(), body.getArgument(1));
  SmallVector<Value> lowers = forall.getLowerBound(b), steps = forall.getStep(b);
  for (int64_t dim = forall.getRank() - 1; dim >= 0; --dim) {
    Value position = rest;
    if (dim > 0) {
      Value count = ensure(counts[dim]);
      position = arith::RemUIOp::create(b, rest, count);
      rest = arith::DivUIOp::create(b, rest, count);
    }
    Value offset = arith::MulIOp::create(b, position, ensure(steps[dim]));
    mapping.map(forall.getInductionVars()[dim],
                arith::AddIOp::create(b, ensure(lowers[dim]), offset).getResult());
  }
  Value thread = arith::IndexCastOp::create(b, b.getIndexType(), body.getArgument(2));
  for (Operation &op : forall.getBody()->without_terminator())
    b.clone(op, mapping);
  func::ReturnOp::create(b);
  body.walk([&](ThreadIdOp op) {
    op.replaceAllUsesWith(thread);
    op.erase();
  });
  return body;
}

LogicalResult Outliner::outline(scf::ForallOp forall) {
  FailureOr<func::FuncOp> parallelFor = getSupportFunction(module, kParallelForName);
  if (failed(parallelFor))
    return failure();

  ImplicitLocOpBuilder b(forall.getLoc(), forall);
  SmallVector<Value> lowers = forall.getLowerBound(b), uppers = forall.getUpperBound(b),
                     steps = forall.getStep(b);
  SmallVector<Value> counts;
  Value total = arith::ConstantIndexOp::create(b, 1);
  for (auto [lower, upper, step] : llvm::zip_equal(lowers, uppers, steps)) {
    counts.push_back(getTripCount(b, lower, upper, step));
    total = b.createOrFold<arith::MulIOp>(total, counts.back());
  }

  SetVector<Value> used;
  for (ArrayRef<Value> bounds : {ArrayRef<Value>(lowers), ArrayRef<Value>(steps), ArrayRef<Value>(counts)})
    used.insert(bounds.begin(), bounds.end());
  getUsedValuesDefinedAbove(forall.getRegion(), used);
  SmallVector<Value> captures;
  SmallVector<Type> fields;
  for (Value value : used) {
    if (isRematerializable(value.getDefiningOp()))
      continue;
    Type field = typeConverter.convertType(value.getType());
    if (!field)
      return forall.emitOpError("cannot hand a value of type ")
             << value.getType() << " to the kernel's function";
    captures.push_back(value);
    fields.push_back(field);
  }
  auto argType = LLVM::LLVMStructType::getLiteral(module.getContext(), fields);
  func::FuncOp body = createBody(forall, captures, argType, counts);

  Type pointer = LLVM::LLVMPointerType::get(module.getContext());
  Value arg;
  {
    // Memory of an alloca lives until the function returns, so it must not stand in a loop.
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(&func.front());
    Value one = LLVM::ConstantOp::create(b, b.getI64Type(), b.getI64IntegerAttr(1));
    arg = LLVM::AllocaOp::create(b, pointer, argType, one, /*alignment=*/8);
  }
  Value packed = LLVM::PoisonOp::create(b, argType);
  for (auto [index, value] : llvm::enumerate(captures)) {
    Value field = value;
    if (field.getType() != fields[index])
      field = UnrealizedConversionCastOp::create(b, fields[index], value).getResult(0);
    packed = LLVM::InsertValueOp::create(b, packed, field, index);
  }
  LLVM::StoreOp::create(b, packed, arg);

  Value pool;
  for (BlockArgument candidate : func.getArguments())
    if (func.getArgAttr(candidate.getArgNumber(), kPoolAttr))
      pool = candidate;
  if (!pool)
    pool = LLVM::ZeroOp::create(b, pointer);
  Value function = func::ConstantOp::create(b, body.getFunctionType(), SymbolRefAttr::get(body));
  Value address = UnrealizedConversionCastOp::create(b, pointer, function).getResult(0);
  Value count = arith::IndexCastOp::create(b, b.getI64Type(), total);
  func::CallOp::create(b, *parallelFor, ValueRange{pool, count, address, arg});
  forall.erase();
  return success();
}

struct OutlineParallel : colt5::impl::Colt5OutlineParallelBase<OutlineParallel> {
  using Base::Base;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    SymbolTable symbols(module);
    for (auto func : llvm::to_vector(module.getOps<func::FuncOp>()))
      if (!func.isDeclaration() && failed(runOnFunction(func, symbols)))
        return signalPassFailure();
  }

  LogicalResult runOnFunction(func::FuncOp func, SymbolTable &symbols) {
    MLIRContext *context = &getContext();
    WalkResult tensors = func.walk([](scf::ForallOp forall) {
      if (!forall.getNumResults())
        return WalkResult::advance();
      forall.emitOpError("expected a loop on memrefs, found tensor results; run colt5-bufferize first");
      return WalkResult::interrupt();
    });
    if (tensors.wasInterrupted())
      return failure();
    if (func.isPublic()) {
      auto attrs = DictionaryAttr::get(context, NamedAttribute(kPoolAttr, UnitAttr::get(context)));
      if (failed(func.insertArgument(func.getNumArguments(), LLVM::LLVMPointerType::get(context), attrs,
                                     func.getLoc())))
        return func.emitError("cannot add the argument for the thread hook");
    }
    SmallVector<scf::ForallOp> kernels, loops;
    func.walk<WalkOrder::PreOrder>([&](scf::ForallOp forall) {
      bool isKernel = forall.getMapping() && !forall->getParentOfType<scf::ForallOp>();
      (isKernel ? kernels : loops).push_back(forall);
    });
    IRRewriter rewriter(context);
    for (scf::ForallOp loop : llvm::reverse(loops)) {
      rewriter.setInsertionPoint(loop);
      if (failed(scf::forallToForLoop(rewriter, loop)))
        return loop.emitOpError("expected a forall on memrefs inside of kernels");
    }
    numKernels += kernels.size();
    Outliner outliner(getOperation(), func, symbols);
    for (scf::ForallOp kernel : kernels)
      if (failed(outliner.outline(kernel)))
        return failure();
    // Outside of kernels there is one thread.
    func.walk([](ThreadIdOp op) {
      OpBuilder builder(op);
      op.replaceAllUsesWith(arith::ConstantIndexOp::create(builder, op.getLoc(), 0).getResult());
      op.erase();
    });
    return success();
  }
};

} // namespace

#include "WorkspaceSizeFunction.h"

#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "colt5/Stages/Bufferize/Passes.h"
#include "colt5/Stages/Input/SizeFunctions.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlir::colt5;

/// Copies the computation of `value`, which stands at the entry of a function, to where `builder` is.
static FailureOr<Value> copyComputation(OpBuilder &builder, Value value, IRMapping &mapping,
                                        function_ref<FailureOr<Value>(memref::DimOp)> dimOfOutput) {
  if (Value done = mapping.lookupOrNull(value))
    return done;
  Operation *def = value.getDefiningOp();
  if (!def)
    return failure();
  if (auto dim = dyn_cast<memref::DimOp>(def); dim && !mapping.contains(dim.getSource())) {
    FailureOr<Value> size = dimOfOutput(dim);
    if (succeeded(size))
      mapping.map(value, *size);
    return size;
  }
  for (Value operand : def->getOperands())
    if (failed(copyComputation(builder, operand, mapping, dimOfOutput)))
      return failure();
  builder.clone(*def, mapping);
  return mapping.lookup(value);
}

LogicalResult colt5::emitWorkspaceSizeFunction(SymbolTable &symbols, func::FuncOp func, Value workspaceBytes,
                                               Value scratchBytes) {
  Location loc = func.getLoc();
  OpBuilder builder(func.getContext());
  SmallVector<BlockArgument> inputs;
  SmallVector<int64_t> firstSize(func.getNumArguments(), -1);
  int64_t numSizes = 0;
  for (BlockArgument arg : func.getArguments().drop_back(2)) {
    if (!func.getArgAttr(arg.getArgNumber(), kOutputAttr)) {
      inputs.push_back(arg);
      continue;
    }
    firstSize[arg.getArgNumber()] = numSizes;
    numSizes += cast<MemRefType>(arg.getType()).getRank();
  }
  SmallVector<Type> types = llvm::map_to_vector(inputs, [](Value v) { return v.getType(); });
  types.push_back(builder.getIndexType());
  auto companion = func::FuncOp::create(loc, getWorkspaceSizeName(func.getName()),
                                        builder.getFunctionType(types, builder.getIndexType()));
  companion.setPrivate();
  companion->setAttr(kCompanionAttr, builder.getStringAttr("workspace_size"));
  symbols.insert(companion, std::next(Block::iterator(func)));
  Block *body = companion.addEntryBlock();
  builder.setInsertionPointToStart(body);

  IRMapping mapping;
  for (auto [from, to] : llvm::zip(inputs, body->getArguments()))
    mapping.map(from, to);
  func::CallOp resultSizes;
  auto dimOfOutput = [&](memref::DimOp dim) -> FailureOr<Value> {
    auto arg = dyn_cast<BlockArgument>(dim.getSource());
    auto callee = symbols.lookup<func::FuncOp>(getResultSizesName(func.getName()));
    std::optional<int64_t> index = dim.getConstantIndex();
    if (!arg || !index || firstSize[arg.getArgNumber()] < 0 || !callee)
      return func.emitError(
          "the workspace depends on the size of an output; run colt5-emit-size-functions first");
    if (!resultSizes)
      resultSizes = func::CallOp::create(builder, loc, callee, body->getArguments().drop_back());
    return resultSizes.getResult(firstSize[arg.getArgNumber()] + *index);
  };
  FailureOr<Value> shared = copyComputation(builder, workspaceBytes, mapping, dimOfOutput);
  FailureOr<Value> perThread = copyComputation(builder, scratchBytes, mapping, dimOfOutput);
  if (failed(shared) || failed(perThread))
    return failure();
  Value scratch = arith::MulIOp::create(builder, loc, *perThread, body->getArguments().back());
  Value total = arith::AddIOp::create(builder, loc, *shared, scratch);
  func::ReturnOp::create(builder, loc, total);
  return success();
}

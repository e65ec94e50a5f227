#include "colt5/Codegen/GPU/KernelWriter.h"

#include "colt5/Codegen/GPU/Passes.h"
#include "colt5/Stages/Plan/KernelCost.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::colt5;

static gpu::GPUFuncOp createKernel(Location loc, gpu::GPUModuleOp kernels, StringRef name,
                                   TypeRange parameters, int64_t threads) {
  std::string unique = name.str();
  for (unsigned number = 0; kernels.lookupSymbol(unique); ++number)
    unique = (name + "_" + Twine(number)).str();
  auto builder = OpBuilder::atBlockEnd(kernels.getBody());
  auto kernel =
      gpu::GPUFuncOp::create(builder, loc, unique, builder.getFunctionType(parameters, TypeRange()));
  kernel->setAttr(gpu::GPUDialect::getKernelFuncAttrName(), builder.getUnitAttr());
  kernel.setKnownBlockSize(ArrayRef<int32_t>{static_cast<int32_t>(threads), 1, 1});
  return kernel;
}

/// `parameter` with the sizes that are known of the tensor that it was: a buffer may know fewer, where it is
/// that of a result with unknown sizes.
static Value refineSizes(BlockBuilder &b, Value parameter, Type argument) {
  auto tensor = dyn_cast<RankedTensorType>(argument);
  auto memref = dyn_cast<MemRefType>(parameter.getType());
  if (!tensor || !memref)
    return parameter;
  SmallVector<int64_t> shape(memref.getShape());
  for (auto [size, known] : llvm::zip_equal(shape, tensor.getShape()))
    size = ShapedType::isDynamic(size) ? known : size;
  if (shape == memref.getShape())
    return parameter;
  auto type = MemRefType::get(shape, memref.getElementType(), memref.getLayout(), memref.getMemorySpace());
  return memref::CastOp::create(b, type, parameter);
}

KernelWriter::KernelWriter(KernelOp op, gpu::GPUModuleOp kernels, StringRef name, int64_t threads)
    : op(op), kernel(createKernel(op.getLoc(), kernels, name, op->getOperandTypes(), threads)), builder([&] {
        auto start = OpBuilder::atBlockBegin(&kernel.getBody().front());
        return BlockBuilder(op.getLoc(), start, threads);
      }()) {
  copyKernelCost(op, kernel);
  for (auto [parameter, argument] : llvm::zip_equal(kernel.getArguments(), op.getBody().getArguments()))
    parameters.push_back(refineSizes(builder, parameter, argument.getType()));
}

Value KernelWriter::getParameter(Value argument) {
  return argument ? parameters[cast<BlockArgument>(argument).getArgNumber()] : Value();
}

/// Memory that the code did not need after all takes no place.
static void eraseUnusedMemory(gpu::GPUFuncOp kernel) {
  for (auto alloca : llvm::make_early_inc_range(kernel.getBody().front().getOps<memref::AllocaOp>()))
    if (alloca->use_empty())
      alloca.erase();
}

void KernelWriter::launch(Value blocks) {
  gpu::ReturnOp::create(builder);
  eraseUnusedMemory(kernel);
  OpBuilder host(op);
  auto name = SymbolRefAttr::get(host.getContext(), kKernelModuleName,
                                 {FlatSymbolRefAttr::get(kernel.getNameAttr())});
  LaunchOp::create(host, op.getLoc(), TypeRange(), name, blocks, op.getInputs(), op.getOuts());
  op.erase();
}

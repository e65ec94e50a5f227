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

KernelWriter::KernelWriter(KernelOp op, gpu::GPUModuleOp kernels, StringRef name, int64_t threads)
    : op(op), kernel(createKernel(op.getLoc(), kernels, name, op->getOperandTypes(), threads)), builder([&] {
        auto start = OpBuilder::atBlockBegin(&kernel.getBody().front());
        return BlockBuilder(op.getLoc(), start, threads);
      }()) {
  copyKernelCost(op, kernel);
}

Value KernelWriter::getParameter(Value argument) {
  return argument ? kernel.getArgument(cast<BlockArgument>(argument).getArgNumber()) : Value();
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

#include "colt5/Codegen/GPU/KernelWriter.h"

#include "colt5/Codegen/GPU/Passes.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Stages/Plan/KernelCost.h"

using namespace mlir;
using namespace mlir::colt5;

static Type getParameterType(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return type;
  SmallVector<int64_t> dynamic(tensor.getRank(), ShapedType::kDynamic);
  auto layout = StridedLayoutAttr::get(type.getContext(), ShapedType::kDynamic, dynamic);
  return MemRefType::get(dynamic, tensor.getElementType(), layout);
}

static gpu::GPUFuncOp createKernel(Location loc, gpu::GPUModuleOp kernels, StringRef name,
                                   ArrayRef<Type> parameters, int64_t threads) {
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

KernelWriter::KernelWriter(scf::ForallOp loop, gpu::GPUModuleOp kernels, StringRef name, ArrayRef<Value> ins,
                           ArrayRef<Value> outs, int64_t threads)
    : loop(loop), ins(ins), outs(outs),
      kernel(createKernel(loop.getLoc(), kernels, name,
                          llvm::map_to_vector(llvm::concat<const Value>(ins, outs),
                                              [](Value v) { return getParameterType(v.getType()); }),
                          threads)),
      builder([&] {
        auto start = OpBuilder::atBlockBegin(&kernel.getBody().front());
        return BlockBuilder(loop.getLoc(), start, threads);
      }()) {
  copyKernelCost(loop, kernel);
}

void KernelWriter::launch(Value blocks, ArrayRef<unsigned> results) {
  gpu::ReturnOp::create(builder);
  OpBuilder host(loop);
  auto name = SymbolRefAttr::get(host.getContext(), kKernelModuleName,
                                 {FlatSymbolRefAttr::get(kernel.getNameAttr())});
  auto launch = LaunchOp::create(host, loop.getLoc(), TypeRange(ValueRange(outs)), name, blocks, ins, outs);
  for (auto [result, out] : llvm::zip_equal(loop.getResults(), results))
    result.replaceAllUsesWith(launch.getResult(out));
  loop.erase();
}

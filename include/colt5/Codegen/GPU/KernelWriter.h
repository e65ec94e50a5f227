// A gpu.func while a builder family writes it, and the colt5.launch that runs it.
#ifndef COLT5_CODEGEN_GPU_KERNELWRITER_H
#define COLT5_CODEGEN_GPU_KERNELWRITER_H

#include "colt5/Codegen/GPU/BlockBuilder.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"

namespace mlir::colt5 {

/// Operands of the launch: scalars and tensors. A tensor is a memref parameter with dynamic sizes and
/// strides, so that any buffer fits; `colt5-outline-gpu` makes it as static as the buffer is.
class KernelWriter {
public:
  /// Starts a kernel called like `name` for `loop` in `kernels`. `scratch` are further tensors to write, from
  /// outside of the loop, which nobody reads afterwards.
  KernelWriter(scf::ForallOp loop, gpu::GPUModuleOp kernels, StringRef name, ArrayRef<Value> ins,
               ArrayRef<Value> outs, int64_t threads);

  /// Inserts at the end of the kernel.
  BlockBuilder &getBuilder() { return builder; }
  gpu::GPUFuncOp getKernel() { return kernel; }
  Value getInput(unsigned number) { return kernel.getArgument(number); }
  Value getOut(unsigned number) { return kernel.getArgument(ins.size() + number); }
  /// Shared memory of static shape.
  Value allocateShared(ArrayRef<int64_t> shape, Type element) {
    return builder.allocateShared(kernel, shape, element);
  }

  /// Ends the kernel and replaces the loop by its launch on `blocks` blocks. The result of the loop with
  /// number n is the out with number `results[n]`.
  void launch(Value blocks, ArrayRef<unsigned> results);

private:
  scf::ForallOp loop;
  SmallVector<Value> ins, outs;
  gpu::GPUFuncOp kernel;
  BlockBuilder builder;
};

} // namespace mlir::colt5

#endif // COLT5_CODEGEN_GPU_KERNELWRITER_H

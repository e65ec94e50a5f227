// A gpu.func while a family writes it, and the colt5.launch that runs it.
#ifndef COLT5_CODEGEN_GPU_KERNELWRITER_H
#define COLT5_CODEGEN_GPU_KERNELWRITER_H

#include "colt5/Codegen/GPU/BlockBuilder.h"
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"

namespace mlir::colt5 {

/// On a loop: its #llvm.loop_annotation, which upstream's conversions leave on a branch and
/// `colt5-convert-device` makes one of the branch.
inline constexpr llvm::StringLiteral kLoopAnnotationAttr = "llvm.loop_annotation";

/// Writes the code of a `colt5.kernel` on buffers. The parameters of the function are the operands of the
/// kernel with their types, which say all that is known of sizes, strides and offsets.
class KernelWriter {
public:
  /// Starts a function called like `name` in `kernels`, for blocks of `threads` threads.
  KernelWriter(KernelOp op, gpu::GPUModuleOp kernels, StringRef name, int64_t threads);

  /// Inserts at the end of the function.
  BlockBuilder &getBuilder() { return builder; }
  gpu::GPUFuncOp getKernel() { return kernel; }
  /// The parameter for `argument`, an argument of the region of the kernel; null for null.
  Value getParameter(Value argument);
  /// The parameter for out `number`.
  Value getOut(unsigned number) { return parameters[op.getInputs().size() + number]; }
  /// Shared memory of static shape.
  Value allocateShared(ArrayRef<int64_t> shape, Type element) {
    return builder.allocateShared(kernel, shape, element);
  }

  /// Ends the function and replaces the `colt5.kernel` by its launch on `blocks` blocks.
  void launch(Value blocks);

private:
  KernelOp op;
  gpu::GPUFuncOp kernel;
  BlockBuilder builder;
  /// With the sizes that the region knows.
  SmallVector<Value> parameters;
};

} // namespace mlir::colt5

#endif // COLT5_CODEGEN_GPU_KERNELWRITER_H

// How values reach a kernel: a buffer is a pointer to its first element plus what its type does not say.
#ifndef COLT5_CODEGEN_GPU_KERNELARGUMENTS_H
#define COLT5_CODEGEN_GPU_KERNELARGUMENTS_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::colt5 {

/// Types of the kernel parameters that carry a value of type `type`; nothing when it cannot be handed over.
std::optional<SmallVector<Type>> getParameterTypes(Type type);

/// On the host: the parameters for `value`, of the types of `getParameterTypes`.
SmallVector<Value> packArgument(ImplicitLocOpBuilder &b, Value value);

/// In the kernel: the value of type `type` that `parameters` carry. A buffer is a
/// `builtin.unrealized_conversion_cast` of its parameters until `colt5-convert-device` expands it.
Value unpackArgument(ImplicitLocOpBuilder &b, Type type, ValueRange parameters);

/// Replaces the cast that stands for a buffer by its descriptor; does nothing to other casts.
void expandBufferArgument(UnrealizedConversionCastOp cast);

} // namespace mlir::colt5

#endif // COLT5_CODEGEN_GPU_KERNELARGUMENTS_H

#ifndef COLT5_LIB_CODEGEN_HOST_RUNTIMESUPPORT_H
#define COLT5_LIB_CODEGEN_HOST_RUNTIMESUPPORT_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::colt5 {

/// `(pool, count, body, arg)`: runs `body(arg, index, thread)` for every index, through the pool if there is
/// one.
inline constexpr llvm::StringLiteral kParallelForName = "colt5.parallel_for";
/// `(tensor, expected, rank) -> status`: compares a C tensor with sizes, of which negative ones are free.
inline constexpr llvm::StringLiteral kCheckTensorName = "colt5.check_tensor";

/// The private function `name` of the support code, which is added to `module` when it is not there yet.
FailureOr<func::FuncOp> getSupportFunction(ModuleOp module, StringRef name);

} // namespace mlir::colt5

#endif // COLT5_LIB_CODEGEN_HOST_RUNTIMESUPPORT_H

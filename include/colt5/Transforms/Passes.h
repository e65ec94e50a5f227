#ifndef COLT5_TRANSFORMS_PASSES_H
#define COLT5_TRANSFORMS_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace mlir {
class OpPassManager;
}

namespace mlir::colt5 {

/// Names of the argument and function attributes by which the stages after bufferization know an entry
/// function. An entry has the arguments (inputs..., outputs..., workspace, error word, pool); the last three
/// are hidden.
inline constexpr llvm::StringLiteral kOutputAttr = "colt5.output";
inline constexpr llvm::StringLiteral kWorkspaceAttr = "colt5.workspace";
inline constexpr llvm::StringLiteral kErrorWordAttr = "colt5.error_word";
inline constexpr llvm::StringLiteral kPoolAttr = "colt5.pool";
/// On an `scf.forall`: the kernel's plan.
inline constexpr llvm::StringLiteral kPlanAttr = "colt5.plan";

/// On an `scf.forall` whose body is code of a thread block: its threads (i64).
inline constexpr llvm::StringLiteral kThreadsAttr = "colt5.threads";

/// Symbol of the companion that computes the result sizes of entry `name`.
std::string getResultSizesName(StringRef name);
/// Symbol of the companion that computes the workspace size of entry `name`.
std::string getWorkspaceSizeName(StringRef name);

#define GEN_PASS_DECL
#include "colt5/Transforms/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "colt5/Transforms/Passes.h.inc"

/// Stage `bufferize`: tensors become memrefs, results become output arguments, allocations become slices of
/// one workspace argument. Runs on a module whose compute stands in mapped `scf.forall` ops.
/// With `sharedBytes` an iteration of a kernel is a block of a GPU that may put so many bytes into shared
/// memory.
void buildBufferizePipeline(OpPassManager &pm, int64_t sharedBytes = 0);

/// Registers `buildBufferizePipeline` as `colt5-bufferize-pipeline` and, for a GPU,
/// `colt5-bufferize-gpu-pipeline`.
void registerColt5BuffersPipelines();

} // namespace mlir::colt5

#endif // COLT5_TRANSFORMS_PASSES_H

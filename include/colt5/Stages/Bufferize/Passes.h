#ifndef COLT5_STAGES_BUFFERIZE_PASSES_H
#define COLT5_STAGES_BUFFERIZE_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace mlir {
class OpPassManager;
}

namespace mlir::colt5 {

/// Symbol of the companion that computes the result sizes of entry `name`.
std::string getResultSizesName(StringRef name);
/// Symbol of the companion that computes the workspace size of entry `name`.
std::string getWorkspaceSizeName(StringRef name);

#define GEN_PASS_DECL
#include "colt5/Stages/Bufferize/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "colt5/Stages/Bufferize/Passes.h.inc"

/// Stage `bufferize`: tensors become memrefs, results become output arguments, allocations become slices of
/// one workspace argument. Runs on a module whose compute stands in mapped `scf.forall` ops.
/// In a module for a GPU an iteration of a kernel is a block that may put some of its buffers into shared
/// memory.
void buildBufferizeStage(OpPassManager &pm);

/// Registers `buildBufferizeStage` as `colt5-bufferize-stage`.
void registerBufferizeStage();

} // namespace mlir::colt5

#endif // COLT5_STAGES_BUFFERIZE_PASSES_H

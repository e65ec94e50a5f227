// Passes of users between the stages.
#ifndef COLT5_STAGES_HOOKS_H
#define COLT5_STAGES_HOOKS_H

#include "colt5/Stages/Table.h"
#include "llvm/Support/Error.h"

namespace mlir::colt5 {

/// The options `--insert-before` and `--insert-after`: "STAGE=PIPELINE". The pipeline may have
/// `builtin.module(...)` around it.
llvm::Expected<StageHook> parseStageHook(StageHook::Place place, StringRef text);

/// Fails for a hook with an unknown stage, with a stage that is in none of `running` (the stages of one
/// target each), and with a pipeline that does not parse.
llvm::Error checkStageHooks(ArrayRef<StageHook> hooks, ArrayRef<ArrayRef<Stage>> running);

} // namespace mlir::colt5

#endif // COLT5_STAGES_HOOKS_H

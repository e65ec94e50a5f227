//===- Passes.td - From planned loops to LLVM --------------*- tablegen -*-===//

#ifndef COLT5_CODEGEN_HOST_PASSES_TD
#define COLT5_CODEGEN_HOST_PASSES_TD

include "mlir/Pass/PassBase.td"

def Colt5HoistAllocas : Pass<"colt5-hoist-allocas", "::mlir::func::FuncOp"> {
  let summary = "Allocate stack memory once per function, not once per iteration";
  let description = [{
    **Precondition.** Bufferized code. **Effect.** Moves every `memref.alloca` of static size to the function's
    entry, because LLVM frees the memory of an alloca at the end of the function only. Allocas of dynamic size
    inside a loop are errors. **Postcondition.** No alloca is in a loop. Numbers do not change.
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
  let statistics = [Statistic<"numHoisted", "hoisted", "Allocas moved to the entry of their function">];
}

def Colt5ExpandReshapes : Pass<"colt5-expand-reshapes"> {
  let summary = "Reshapes with several dynamic sizes become casts with strides";
  let description = [{
    **Precondition.** Bufferized code. **Effect.** A `memref.expand_shape` that makes more than one dynamic size from one
    dimension becomes a `memref.reinterpret_cast` with computed strides, because upstream's expansion of strided
    metadata computes the one size that is not known and takes for granted that there is no second one.
    **Postcondition.** No group of an expansion has two dynamic sizes. Numbers do not change.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect"];
  let statistics = [Statistic<"numExpanded", "expanded", "Reshapes expanded">];
}

def Colt5OutlineParallel : Pass<"colt5-outline-parallel", "::mlir::ModuleOp"> {
  let summary = "Turn kernels into functions that the caller's thread hook runs";
  let description = [{
    **Precondition.** Bufferized functions with kernels that are `scf.forall` ops. **Effect.** The body of each outermost
    mapped forall is a private function `(arg, index, thread)`; `index` counts the grid in row-major order, `arg`
    points to the values that the body uses. Public functions have one more argument, `%pool` (a pointer to
    `colt5_parallel` or null), and run kernels with more than one task through it, others and everything without a
    pool in a loop. Nested and unmapped foralls become loops. **Postcondition.** No `scf.forall` and no
    `colt5.thread_id` is left. Numbers do not change.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::LLVM::LLVMDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"
  ];
  let statistics = [Statistic<"numKernels", "kernels", "Kernels outlined">];
}

def Colt5MergeKernels : Pass<"colt5-merge-kernels", "::mlir::ModuleOp"> {
  let summary = "Keep one of several private functions with equal bodies";
  let description = [{
    **Precondition.** Kernels are private functions, as `colt5-outline-parallel` leaves them. **Effect.** Of private
    functions with equal bodies, locations aside, the first stays and all uses name it: layers of one shape share
    their kernels, so that code is generated once. Public functions and functions with attributes of their own are
    left alone. **Postcondition.** No two such functions are equal. Numbers do not change.
  }];
  let statistics = [Statistic<"numMerged", "merged", "Functions merged into an equal one">];
}

def Colt5EmitCpuEntries : Pass<"colt5-emit-cpu-entries", "::mlir::ModuleOp"> {
  let summary = "Add the C functions of colt5-abi/cpu.h";
  let description = [{
    **Precondition.** Public functions as `colt5-outline-parallel` leaves them, with their companions. **Effect.**
    Adds for every public `@f` the functions `@f_run`, `@f_result_sizes` and `@f_workspace_size`. `@f_run` checks
    null pointers, sizes, strides and the workspace before anything runs. **Postcondition.** Only C entries are
    public; `@f` is private. Numbers do not change.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::LLVM::LLVMDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"
  ];
}

def Colt5EmitGpuEntries : Pass<"colt5-emit-gpu-entries", "::mlir::ModuleOp"> {
  let summary = "Add the C functions of colt5-abi/gpu.h";
  let description = [{
    **Precondition.** Public functions as `colt5-launches-to-calls` leaves them, with their companions. **Effect.**
    Adds for every public `@f` the functions `@f_run`, `@f_result_sizes` and `@f_workspace_size`. `@f_run` checks
    null pointers, sizes, strides, alignment and the workspace before anything is launched. **Postcondition.** Only
    C entries are public; `@f` is private. Numbers do not change.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::LLVM::LLVMDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"
  ];
}

def Colt5SaturateSizes : Pass<"colt5-saturate-sizes", "::mlir::func::FuncOp"> {
  let summary = "Let functions that compute sizes say when 64 bits are too few";
  let description = [{
    **Precondition.** Size computations are arith ops. **Effect.** In the companions of a function
    (`@f.result_sizes`, `@f.workspace_size`, `@f.size_checks`) 64-bit arithmetic that overflows yields 2^63 -
    1, and so does arithmetic on that number, but for a product with 0. **Postcondition.** A companion returns the right
    number, or 2^63 - 1. Smaller sizes do not change.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
  let statistics = [Statistic<"numOps", "ops", "Operations that saturate">];
}

def Colt5FinalizeCpu : Pass<"colt5-finalize-cpu", "::mlir::ModuleOp"> {
  let summary = "Set linkage, hold masks as bytes, and check the contract of stage llvm";
  let description = [{
    **Precondition.** A module in the LLVM dialect. **Effect.** Makes only exported functions visible; loads and
    stores vectors of i1 as bytes, as the scalars are; holds bf16 as i16. Takes
    `colt5.machine` from a module for a CPU. **Postcondition.** The module holds the
    LLVM dialect only and declares no function but memcpy, memmove and memset, or the pass has failed. Numbers do
    not change.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // COLT5_CODEGEN_HOST_PASSES_TD

//===- Passes.td - From planned loops to LLVM --------------*- tablegen -*-===//

#ifndef COLT5_CONVERSION_TOLLVM_PASSES_TD
#define COLT5_CONVERSION_TOLLVM_PASSES_TD

include "mlir/Pass/PassBase.td"

def Colt5HoistAllocas : Pass<"colt5-hoist-allocas", "::mlir::func::FuncOp"> {
  let summary = "stack memory is allocated once per function, not once per iteration";
  let description = [{
    **Before:** `memref.alloca` of static size anywhere. **After:** all of them stand at the function's entry, because
    LLVM frees the memory of an alloca at the end of the function only. Allocas of dynamic size inside a loop are
    errors. Numbers do not change.
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
}

def Colt5OutlineParallel : Pass<"colt5-outline-parallel", "::mlir::ModuleOp"> {
  let summary = "kernels become functions that the caller's thread hook runs";
  let description = [{
    **Before:** bufferized functions whose kernels are `scf.forall`. **After:** no `scf.forall` and no
    `colt5.thread_id` is left. The body of each outermost mapped forall is a private function `(arg, index, thread)`;
    `index` counts the grid in row-major order, `arg` points to the values that the body uses. Public functions
    have one more argument, `%pool` (a pointer to `colt5_parallel` or null), and run kernels with more than one task
    through it, others and everything without a pool in a loop. Nested and unmapped foralls become loops.
    Numbers do not change.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::LLVM::LLVMDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"
  ];
  let statistics = [Statistic<"numKernels", "kernels", "Kernels outlined">];
}

def Colt5MergeKernels : Pass<"colt5-merge-kernels", "::mlir::ModuleOp"> {
  let summary = "equal private functions become one";
  let description = [{
    **Before:** kernels are private functions, as `colt5-outline-parallel` leaves them. **After:** of private functions
    with equal bodies (locations aside) only the first is left, and all uses name it. Public functions and functions
    with attributes of their own stay. Numbers do not change.
  }];
  let statistics = [Statistic<"numMerged", "merged", "Functions merged into an equal one">];
}

def Colt5EmitCpuEntries : Pass<"colt5-emit-cpu-entries", "::mlir::ModuleOp"> {
  let summary = "add the C functions of colt5-abi/cpu.h";
  let description = [{
    **Before:** public functions as `colt5-outline-parallel` leaves them, with their companions. **After:** for every
    public `@f` the functions `@f_run`, `@f_result_sizes` and `@f_workspace_size`; `@f` is private. `@f_run` checks
    null pointers, sizes, strides and the workspace before anything runs. Numbers do not change.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::LLVM::LLVMDialect",
    "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect"
  ];
}

def Colt5FinalizeCpu : Pass<"colt5-finalize-cpu", "::mlir::ModuleOp"> {
  let summary = "linkage, masks as bytes, and the contract of stage llvm";
  let description = [{
    **Before:** a module in the LLVM dialect. **After:** only exported functions are visible; vectors of i1 are loaded
    and stored as bytes, as the scalars are; bf16 is held as i16. Fails unless the module holds LLVM dialect only and declares no function
    but memcpy, memmove and memset.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // COLT5_CONVERSION_TOLLVM_PASSES_TD

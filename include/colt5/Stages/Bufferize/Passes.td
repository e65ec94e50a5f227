//===- Passes.td - From tensors to planned memory ----------*- tablegen -*-===//

#ifndef COLT5_STAGES_BUFFERIZE_PASSES_TD
#define COLT5_STAGES_BUFFERIZE_PASSES_TD

include "mlir/Pass/PassBase.td"

def Colt5EmitSizeFunctions : Pass<"colt5-emit-size-functions", "::mlir::ModuleOp"> {
  let summary = "Add a function that computes the result sizes of every public function";
  let description = [{
    **Precondition.** Functions on tensors. **Effect.** Every public function `@f` with a body gets a private
    companion `@f.result_sizes` with the same arguments, which returns the sizes of all tensor results of `@f`, one
    result after the other, as `index` values. **Postcondition.** The companion holds only what the sizes depend on,
    usually `tensor.dim` of arguments. Numbers do not change.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::tensor::TensorDialect"];
}

def Colt5Bufferize : Pass<"colt5-bufferize", "::mlir::ModuleOp"> {
  let summary = "Turn tensors into memrefs and results into output arguments";
  let description = [{
    **Precondition.** Functions on tensors; calls between functions are inlined; compute is in mapped
    `scf.forall`. **Effect.** Every public function returns nothing; its results are written to arguments marked
    `colt5.output`, added after the inputs, scalars as memrefs of rank 0. Where the producer of a result starts from
    `tensor.empty`, it writes to the output argument directly. Arguments are read-only unless they carry
    `bufferization.writable = true`. Strided copies are `linalg.copy`. `colt5.plan` stays on the foralls, and the
    region of a `colt5.kernel` on tensors.

    What is needed later is never overwritten: a destination (`outs`, what a loop starts from or inserts into) with
    uses that have not all finished is copied first. Both branches of an `scf.if` write a result to one place, and
    loops carry each tensor in one place, so its sizes may not change. Every copy leaves a remark (category
    `colt5-bufferize`) that says why. **Postcondition.** No tensor is left but in those regions. Numbers do not change.

    With `verify` the pass compares the functions before and after it as `colt5-verify-buffers` does.
  }];
  let options = [
    Option<"verify", "verify", "bool", "true",
           "Prove that every op finds the values in memory that it has on tensors">,
    Option<"keepValues", "keep-values", "bool", "false",
           "Leave the numbers of ops and, as @f.values, the functions on tensors, for colt5-verify-buffers">];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect", "::mlir::bufferization::BufferizationDialect",
    "::mlir::func::FuncDialect", "::mlir::linalg::LinalgDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"
  ];
  let statistics = [
    Statistic<"numCopies", "copies", "Copies between buffers that are left">,
    Statistic<"numUnmodelled", "unmodelled", "Functions that could not be verified">];
}

def Colt5VerifyBuffers : Pass<"colt5-verify-buffers", "::mlir::ModuleOp"> {
  let summary = "Prove that buffers hold the values of the tensors they come from";
  let description = [{
    **Precondition.** Functions `@f` on buffers next to `@f.values`, the same on tensors, with numbers
    (`colt5.value_id`) on their ops, as `colt5-bufferize{keep-values=true}` leaves them. **Effect.** Runs both on
    terms instead of numbers: the term of a tensor says which op computed it, or how it is made of parts of others.
    An op on buffers must find in each operand that it reads contents with the term of its operand on tensors, on
    every path and in every iteration of a loop; no op writes what another iteration of a parallel loop reads, or
    what it reads itself; at the end every output must hold the term of what is returned. A `colt5.kernel` must have
    the same region in both, up to the order of ops. What does not hold is an
    error with the op that wrote last. It shares nothing with the pass it judges.

    Not modelled, reported with a warning and counted: branches between blocks, calls, a loop that carries another
    buffer on or changes sizes, `scf.index_switch`, unranked memrefs, globals that are no constants, dimensions that
    are no constants, and ops outside of `arith`, `affine`, `math`, `tensor`, `memref`, `scf`, `linalg` and `colt5`
    that touch memory.
  }];
  let statistics = [Statistic<"numUnmodelled", "unmodelled", "Functions that could not be verified">];
}

def Colt5CopyConstants : Pass<"colt5-copy-constants", "::mlir::func::FuncOp"> {
  let summary = "Give constants that host code chooses between a buffer on the device";
  let description = [{
    **Precondition.** Bufferized code. **Effect.** None in a module for a CPU. On a GPU a kernel has a copy of every constant that it names, but
    not of one that host code passes on: through `scf.if`, a loop or `arith.select`. Such a constant is copied into a
    buffer first; the copy becomes a kernel. **Postcondition.** Every constant in host code is used by kernels,
    copies and views only. Numbers do not change.
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect"];
  let statistics = [Statistic<"numCopies", "copies", "Constants copied into a buffer">];
}

def Colt5PlanWorkspace : Pass<"colt5-plan-workspace", "::mlir::ModuleOp"> {
  let summary = "Replace allocations by slices of one workspace argument";
  let description = [{
    **Precondition.** Public functions on memrefs that `colt5-bufferize` made. **Effect.** Every public function
    gets two more arguments: `%workspace: memref<?xi8>`, which the buffers are slices of, and `%error:
    memref<1xi32>`, into which the lowerings store 1 when an index that the caller supplied is out of range. Buffers
    that are not alive together share memory; a buffer used in a loop is alive during the whole loop. Buffers
    allocated inside a kernel become a slice of the running thread's own scratch memory (`colt5.thread_id`), or
    stack memory when the kernel needs at most `max-stack-bytes`. With `shared-bytes`, one iteration of a kernel is
    a block of a GPU: the slice is the block's, and what would be stack memory is shared memory, an alloca in
    `#gpu.address_space<workgroup>`; the number of threads in `@f.workspace_size` is then 1.

    Sizes may depend on the function's arguments. A size that depends on a loop is replaced by an upper bound; when
    there is none, the pass fails and says for which buffer.

    The companion `@f.workspace_size`, private, has the inputs of `@f` and the number of threads as arguments and
    returns the bytes needed. A remark (category `workspace`) lists the buffers. **Postcondition.** No
    `memref.alloc` is left. Numbers do not change.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::gpu::GPUDialect", "::mlir::memref::MemRefDialect", "::mlir::colt5::Colt5Dialect"
  ];
  let options = [
    Option<"maxStackBytes", "max-stack-bytes", "int64_t", "4096",
           "Kernels that need no more scratch memory than this many bytes have it on the stack">
  ];
  let statistics = [
    Statistic<"numBuffers", "buffers", "Allocations placed in the workspace">,
    Statistic<"numStatic", "static-bytes", "Bytes of the workspace that do not depend on sizes at run time">,
    Statistic<"numStack", "stack-kernels", "Kernels with scratch memory on the stack">
  ];
}

def Colt5VerifyWorkspace : Pass<"colt5-verify-workspace", "::mlir::ModuleOp"> {
  let summary = "Check that buffers in use at the same time do not overlap";
  let description = [{
    **Precondition.** What `colt5-plan-workspace` left, before equal views are merged. **Effect.** Finds, from the final
    code and without the plan, between which ops each buffer is in use, and computes places and sizes of all buffers for
    eight choices of sizes, scalars and iterations (one where everything is static). It is an error when two buffers
    overlap that are in use at the same time, in a function, in an iteration of a kernel, or in two iterations of a kernel
    that run on two threads (blocks of a GPU with `per-block`), or when a buffer lies outside of its stack memory or of
    what `@f.workspace_size` returns. A buffer used in a loop and made outside of it is in use during the whole loop.

    A function with a buffer that has no computable place gets a warning and counts.
  }];
  let statistics = [
    Statistic<"numBuffers", "buffers", "Buffers that were compared">,
    Statistic<"numUnmodelled", "unmodelled", "Functions that could not be verified">];
}

#endif // COLT5_STAGES_BUFFERIZE_PASSES_TD

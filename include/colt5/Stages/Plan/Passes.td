//===- Passes.td - Passes on the colt5 dialect -------------*- tablegen -*-===//

#ifndef COLT5_STAGES_PLAN_PASSES_TD
#define COLT5_STAGES_PLAN_PASSES_TD

include "mlir/Pass/PassBase.td"

def Colt5DetachDestinations : Pass<"colt5-detach-destinations"> {
  let summary = "Give ops a destination of their own where they would overwrite a shared value";
  let description = [{
    **Precondition.** No composite op. **Effect.** Every `outs` operand of a compute op that the op does not read,
    and that is anything but a value with no other use, becomes a `tensor.empty` of the same sizes. In

    ```mlir
    %r = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    %s = linalg.abs ins(%r : tensor<4xf32>) outs(%r : tensor<4xf32>) -> tensor<4xf32>
    ```

    `%s` no longer overwrites `%r`. The kernels that `colt5-plan` forms can then compute both without a copy, in any
    order. A destination that is read (the base of a scatter, an accumulator) stays; `colt5-plan` does not fuse what
    computes it if it is needed elsewhere too, and `colt5-bufferize` copies it. Arguments with
    `bufferization.writable = true` stay as well. **Postcondition.** A destination that is not read has one use.
    Numbers do not change.
  }];
  let dependentDialects = ["::mlir::colt5::Colt5Dialect", "::mlir::tensor::TensorDialect"];
  let statistics = [Statistic<"numDetached", "detached", "Destinations replaced by a new one">];
}

def Colt5SetMachine : Pass<"colt5-set-machine", "::mlir::ModuleOp"> {
  let summary = "Say which machine a module is for";
  let description = [{
    **Precondition.** None. **Effect.** Writes `colt5.machine = #colt5.machine<"name">` on the module, with the
    overrides; where there is one already, it must name the same machine, and the same overrides if the option gives
    any. All stages from plan on begin with this pass, so that no module is lowered for another machine than it was
    planned for; `colt5-finalize-cpu`, the end of stage llvm, takes the attribute away. **Postcondition.** The module has a machine. Numbers do not change.
  }];
  let dependentDialects = ["::mlir::colt5::Colt5Dialect"];
  let options = [
    Option<"name", "name", "std::string", "", "A row of the table of machines: cpu-generic, sm_80, ...">,
    ListOption<"overrides", "overrides", "std::string", "NAME=NUMBER for every number of the row that is another one">,
  ];
}

def Colt5Plan : Pass<"colt5-plan"> {
  let summary = "Decide kernels, tile sizes and families";
  let description = [{
    **Precondition.** No composite op. **Effect.** Writes a `#colt5.plan` into the attribute `colt5.plan` of every
    compute op (linalg ops and colt5 primitives on tensors). A kernel grows from its last op, the root, towards its
    producers: fills, gathers and elementwise ops join the kernel of their users, row statistics that of the
    elementwise op they scale, contractions and attention that of their elementwise or scatter epilogue.
    Contractions and attention never join one another. A producer with a result that is needed outside too joins only if
    its tiles are disjoint. Tile sizes come from the plan on the op if there is one, else from `tile-sizes`, else
    from the machine of the module (`colt5-set-machine`; without one, the default CPU); `reason` says why. The family
    comes from the plan on the op, else from `family`, else it is the first of the machine's that takes the kernel with
    its tile sizes. What a plan or an option asks for and
    nothing can honour is an error. The only other changes: a `linalg.fill` with several users is
    copied, so that each copy belongs to one kernel, and an op that static sizes of 0 leave nothing to do is
    replaced by its inits. **Postcondition.** Every compute op belongs to exactly one kernel and every kernel has
    one root. Numbers do not change.

    Remarks: one per kernel, category `colt5-plan` (`--remarks-filter=colt5-plan`).
  }];
  let dependentDialects = ["::mlir::colt5::Colt5Dialect"];
  let options = [
    ListOption<"tileSizes", "tile-sizes", "int64_t",
               "Tile sizes of every kernel that has as many loops in its root, one at least; 0 leaves a loop whole">,
    Option<"family", "family", "std::string", "",
           "Code generation family of all kernels, loops on a CPU, simt or select on a GPU; empty: chosen for each">,
  ];
  let statistics = [
    Statistic<"numKernels", "kernels", "Kernels">,
    Statistic<"numFused", "fused", "Ops fused into the kernel of another op">,
    Statistic<"numUserPlans", "user-plans", "Ops that came with a plan">,
  ];
}

#endif // COLT5_STAGES_PLAN_PASSES_TD

//===- Colt5RuntimeOps.td - What running kernels ask for ---*- tablegen -*-===//

#ifndef COLT5_DIALECT_COLT5_IR_COLT5RUNTIMEOPS_TD
#define COLT5_DIALECT_COLT5_IR_COLT5RUNTIMEOPS_TD

include "colt5/Dialect/Colt5/IR/Colt5Base.td"

def Colt5_ThreadIdOp : Colt5_Op<"thread_id"> {
  let summary = "number of the thread that runs this task";
  let description = [{
    A number in `[0, num_threads)` that no other task running at the same time has; 0 outside of kernels.
    `colt5-plan-workspace` uses it to give each thread its own scratch memory, `colt5-outline-parallel`
    replaces it by the number that the thread hook passes.

    Example:
    ```mlir
    %t = colt5.thread_id : index
    ```
  }];
  let results = (outs Index:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
}

#endif // COLT5_DIALECT_COLT5_IR_COLT5RUNTIMEOPS_TD

//===- Passes.td - Passes on the colt5 dialect -------------*- tablegen -*-===//

#ifndef COLT5_STAGES_PASSES_TD
#define COLT5_STAGES_PASSES_TD

include "mlir/Pass/PassBase.td"

def Colt5VerifyStage : Pass<"colt5-verify-stage"> {
  let summary = "Check the contract of a stage";
  let description = [{
    **Precondition.** Any IR. **Effect.** None. Reports, with its location, every op that breaks what must hold
    after `stage`: see the table of stages. **Postcondition.** The contract holds, or the pass has failed.
  }];
  let options = [
    Option<"stage", "stage", "std::string", "", "The stage that has the contract, for example decompose">,
  ];
}

#endif // COLT5_STAGES_PASSES_TD

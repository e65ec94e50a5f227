// The reference after every pass of the stages whose programs it can execute.
#include "BackendDetail.h"
#include "colt5/Reference/SemanticVerifier.h"
#include "colt5/Stages/Table.h"
#include "mlir/Pass/PassManager.h"

using namespace mlir;
using namespace mlir::colt5;

FailureOr<unsigned> driver::verifySemantics(const RunRequest &request) {
  ModuleOp input = request.module;
  OwningOpRef<ModuleOp> module(input.clone());
  func::FuncOp entry = request.entry;
  SemanticVerifierOptions options;
  options.entry = entry.getSymName().str();
  options.inputs = makeReferenceInputs(request);
  options.reference.threads = request.threads;
  // Passes write constants of the composites (1 / C, the terms of an activation) as f32 into the program.
  options.tolerance = 1e-6;
  PassManager manager(module->getContext());
  bool wasMultithreaded = module->getContext()->isMultithreadingEnabled();
  std::shared_ptr<SemanticVerdict> verdict = addSemanticVerifier(manager, std::move(options));
  LogicalResult ran = buildStages(manager, PipelineOptions(), /*start=*/"", /*stop=*/"tile");
  if (succeeded(ran))
    ran = manager.run(*module);
  module->getContext()->enableMultithreading(wasMultithreaded);
  if (failed(ran) || verdict->failed())
    return failure();
  return verdict->checkedPasses;
}

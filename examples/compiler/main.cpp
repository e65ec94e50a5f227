// Compiles a text for two targets without a file: prints what came of it.
#include "colt5/Compiler/Compiler.h"
#include "llvm/Support/raw_ostream.h"

static constexpr const char *kText = R"(
func.func @norm(%x: tensor<2x3xf32>, %g: tensor<3xf32>) -> tensor<2x3xf32> {
  %e = tensor.empty() : tensor<2x3xf32>
  %y = colt5.rms_norm ins(%x, %g : tensor<2x3xf32>, tensor<3xf32>) outs(%e : tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}
)";

int main() {
  mlir::colt5::CompileOptions options;
  options.inputName = "norm.mlir";
  options.targets = {"cpu", "sm_80"};
  options.emit = {"obj", "header", "ptx"};
  // As --insert-after=decompose=cse.
  options.pipeline.hooks = {{mlir::colt5::StageHook::After, "decompose", "cse"}};
  mlir::colt5::CompileResult result = mlir::colt5::Compiler().compile(kText, options);
  for (const std::string &error : result.errors)
    llvm::outs() << "error: " << error << "\n";
  for (const mlir::colt5::Artefact &artefact : result.artefacts)
    llvm::outs() << artefact.kind << " " << artefact.name << ": "
                 << (artefact.bytes.empty() ? "empty" : "made") << "\n";
  for (const mlir::colt5::TargetKernel &kernel : result.kernels)
    llvm::outs() << kernel.target << " has kernel " << kernel.report.name << "\n";
  return !result.succeeded();
}

// A C interface to GPU code in the emulator, for tests in Python. Every function returns 0, or -1 after
// writing a message.
#include "colt5/InitAll.h"
#include "colt5/Stages/Table.h"
#include "colt5/Tools/Run/EmulatedProgram.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/TargetSelect.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
struct Program {
  std::unique_ptr<MLIRContext> context;
  OwningOpRef<ModuleOp> module;
  std::unique_ptr<driver::EmulatedProgram> code;
};

int fail(const std::string &text, char *message, size_t size) {
  snprintf(message, size, "%s", text.c_str());
  return -1;
}

MLIRContext &registerOnce(std::unique_ptr<MLIRContext> &context) {
  static const DialectRegistry registry = [] {
    DialectRegistry all;
    colt5::registerAllDialects(all);
    colt5::registerAllPasses();
    return all;
  }();
  context = std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
  return *context;
}

SmallVector<CpuTensor> toTensors(const colt5_cpu_tensor *tensors, ArrayRef<CpuTensorType> types) {
  SmallVector<CpuTensor> result;
  for (auto [tensor, type] : llvm::zip(ArrayRef(tensors, types.size()), types))
    result.push_back({tensor.data, SmallVector<int64_t>(tensor.sizes, tensor.sizes + type.type.getRank())});
  return result;
}
} // namespace

extern "C" {
/// Compiles the file `path` for `chip`; `seed` as in EmulatorOptions.
__attribute__((visibility("default"))) int emulated_load(const char *path, const char *chip, uint64_t seed,
                                                         void **result, char *message, size_t size) {
  auto program = std::make_unique<Program>();
  MLIRContext &context = registerOnce(program->context);
  std::string diagnostics;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diag) {
    diagnostics += diag.str() + "\n";
    return success();
  });
  std::optional<Target> target = symbolizeTarget(chip);
  if (!target || !target->isGPU())
    return fail(std::string("unknown chip ") + chip, message, size);
  program->module = parseSourceFile<ModuleOp>(path, &context);
  if (!program->module)
    return fail(diagnostics, message, size);
  PassManager manager(&context);
  PipelineOptions options;
  options.target = *target;
  EmulatorOptions emulator;
  emulator.seed = seed;
  emulator.hostThreads = 2;
  if (failed(buildStages(manager, options, /*start=*/"", /*stop=*/"nvvm")) ||
      failed(manager.run(*program->module)))
    return fail(diagnostics, message, size);
  auto code = driver::EmulatedProgram::compile(*program->module, emulator);
  if (failed(code))
    return fail(diagnostics, message, size);
  program->code = std::move(*code);
  *result = program.release();
  return 0;
}

__attribute__((visibility("default"))) void emulated_free(void *program) {
  delete static_cast<Program *>(program);
}

/// Sizes of the results of function `f`, as in colt5-abi/cpu.h.
__attribute__((visibility("default"))) int emulated_result_sizes(void *program,
                                                                 const colt5_cpu_tensor *inputs,
                                                                 int64_t *sizes, char *message, size_t size) {
  const HostEntries &entries = static_cast<Program *>(program)->code->getEntries();
  auto found = entries.find("f");
  if (!found)
    return fail(llvm::toString(found.takeError()), message, size);
  auto shapes = entries.getResultShapes("f", toTensors(inputs, found->first->inputs));
  if (!shapes)
    return fail(llvm::toString(shapes.takeError()), message, size);
  for (ArrayRef<int64_t> shape : *shapes)
    sizes = std::copy(shape.begin(), shape.end(), sizes);
  return 0;
}

/// Runs function `f`; `status` receives what `f_run` of the CPU would return.
__attribute__((visibility("default"))) int emulated_run(void *program, const colt5_cpu_tensor *tensors,
                                                        int32_t *status, char *message, size_t size) {
  driver::EmulatedProgram &code = *static_cast<Program *>(program)->code;
  auto found = code.getEntries().find("f");
  if (!found)
    return fail(llvm::toString(found.takeError()), message, size);
  const CpuEntry &entry = *found->first;
  auto ran = code.run("f", toTensors(tensors, entry.inputs),
                      toTensors(tensors + entry.inputs.size(), entry.outputs));
  if (!ran)
    return fail(llvm::toString(ran.takeError()), message, size);
  *status = ran->badIndex ? COLT5_CPU_BAD_INDEX : COLT5_CPU_OK;
  return 0;
}
}

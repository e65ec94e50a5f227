// Runs a function as colt5-run --backend=cuda does, on the mock driver, whose kernels run in the emulator,
// and compares with the emulator alone.
//   colt5-test-cuda FILE CHIP SIZE: function @f of FILE; every dynamic size is SIZE. Inputs are made from
//   their index.
#include "KernelRunner.h"
#include "colt5/InitAll.h"
#include "colt5/Tools/Run/CudaProgram.h"
#include "colt5/Tools/Run/EmulatedProgram.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

namespace {
int fail(const Twine &text) {
  llvm::errs() << "colt5-test-cuda: " << text << "\n";
  return 1;
}

/// Memory for tensors of `types`, filled with small numbers of the element type.
struct Tensors {
  std::vector<std::vector<char>> storage;
  SmallVector<CpuTensor> tensors;

  void add(const CpuTensorType &type, ArrayRef<int64_t> shape) {
    int64_t count = 1;
    for (int64_t size : shape)
      count *= size;
    Type element = type.type.getElementType();
    unsigned bytes = element.isIndex() ? 8 : llvm::divideCeil(element.getIntOrFloatBitWidth(), 8);
    storage.emplace_back(count * bytes);
    for (int64_t i = 0; i < count; ++i) {
      float value = static_cast<float>((i * 37 + tensors.size() * 11) % 64) / 64 - 0.5f;
      uint32_t bits = llvm::bit_cast<uint32_t>(value);
      int64_t index = i % 3;
      if (element.isBF16())
        bits >>= 16;
      if (isa<FloatType>(element))
        memcpy(&storage.back()[i * bytes], &bits, std::min(bytes, 4u));
      else
        memcpy(&storage.back()[i * bytes], &index, bytes);
    }
    tensors.push_back({storage.back().data(), SmallVector<int64_t>(shape)});
  }
};
} // namespace

int main(int argc, char **argv) {
  int64_t dynamicSize = 0;
  if (argc != 4 || StringRef(argv[3]).getAsInteger(10, dynamicSize))
    return fail("expected FILE CHIP SIZE");
  DialectRegistry registry;
  colt5::registerAllDialects(registry);
  colt5::registerAllPasses();
  MLIRContext context(registry);
  auto module = parseSourceFile<ModuleOp>(argv[1], &context);
  std::optional<Target> target = symbolizeTarget(argv[2]);
  if (!module || !target)
    return fail("expected a module and a chip");
  PassManager manager(&context);
  PipelineOptions options;
  options.target = *target;
  if (failed(buildStages(manager, options, "", "nvvm")) || failed(manager.run(*module)))
    return 1;

  int chip = atoi(argv[2] + 3);
  mock_set_devices(1, &chip);
  auto opened = CudaDevice::open(0, COLT5_MOCK_LIBRARY);
  if (!opened)
    return fail(llvm::toString(opened.takeError()));
  auto emulated = EmulatedProgram::compile(*module);
  auto kernels = EmulatedModule::create(*module);
  auto program = CudaProgram::compile(*module, *target, *opened);
  if (failed(emulated) || failed(kernels) || failed(program))
    return 1;
  mock_set_kernel_runner(
      [](void *state, const mock_launch *launch) {
        return runInEmulator(*static_cast<EmulatedModule *>(state), *launch);
      },
      kernels->get());

  auto found = (*program)->getEntries().find("f");
  if (!found)
    return fail(llvm::toString(found.takeError()));
  const CpuEntry &entry = *found->first;
  Tensors inputs, outputs, expected;
  for (const CpuTensorType &type : entry.inputs) {
    SmallVector<int64_t> shape(type.type.getShape());
    llvm::replace(shape, ShapedType::kDynamic, dynamicSize);
    inputs.add(type, shape);
  }
  auto shapes = (*program)->getEntries().getResultShapes("f", inputs.tensors);
  if (!shapes)
    return fail(llvm::toString(shapes.takeError()));
  for (auto [type, shape] : llvm::zip_equal(entry.outputs, *shapes)) {
    outputs.add(type, shape);
    expected.add(type, shape);
  }
  auto ran = (*program)->run("f", inputs.tensors, outputs.tensors);
  if (!ran)
    return fail(llvm::toString(ran.takeError()));
  auto reference = (*emulated)->run("f", inputs.tensors, expected.tensors);
  if (!reference)
    return fail(llvm::toString(reference.takeError()));
  bool same = outputs.storage == expected.storage && ran->badIndex == reference->badIndex;
  llvm::outs() << mock_num_launches() << " launches, " << outputs.storage.size() << " results "
               << (same ? "equal" : "differ") << "\n";
  program->reset();
  opened->reset();
  llvm::outs() << mock_num_live_objects()
               << " objects left, misuse: " << (mock_first_misuse() ? mock_first_misuse() : "none") << "\n";
  return same ? 0 : 1;
}

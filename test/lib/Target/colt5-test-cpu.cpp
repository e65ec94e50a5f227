// Emits or runs a module at stage llvm, for tests of lib/Target/CPU.
#include "colt5/InitAll.h"
#include "colt5/Support/OutputFile.h"
#include "colt5/Target/CPU/Jit.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;
using namespace mlir::colt5;
namespace cl = llvm::cl;

static cl::opt<std::string> input(cl::Positional, cl::desc("<module at stage llvm, or object>"),
                                  cl::init("-"));
static cl::opt<std::string> emit("emit", cl::desc("llvm, asm, obj or shared"));
static cl::opt<std::string> output("o", cl::init("-"));
static cl::opt<std::string> cpu("cpu", cl::init("native"));
static cl::opt<std::string> entryName("run", cl::desc("run this entry on i % 7 - 2 and print the results"));
static cl::list<int64_t> dims("dims", cl::CommaSeparated, cl::desc("dynamic sizes of the inputs, in order"));
static cl::opt<int64_t> threads("num-threads", cl::init(1));
static cl::opt<bool> checkSymbols("check-symbols", cl::desc("check the symbols of an object file"));

static int fail(llvm::Error error) {
  llvm::errs() << "error: " << llvm::toString(std::move(error)) << "\n";
  return 1;
}

static int64_t count(ArrayRef<int64_t> shape) {
  int64_t result = 1;
  for (int64_t size : shape)
    result *= std::max<int64_t>(size, 0);
  return result;
}

/// Memory for one tensor; inputs count -2 .. 4 and start again.
static std::vector<char> makeData(Type element, int64_t n, bool fill) {
  unsigned bytes = element.isIndex() ? 8 : std::max(element.getIntOrFloatBitWidth() / 8, 1u);
  std::vector<char> data(n * bytes + 1, '\xff');
  for (int64_t i = 0; fill && i < n; ++i) {
    int64_t value = i % 7 - 2;
    if (element.isF32())
      reinterpret_cast<float *>(data.data())[i] = value;
    else if (element.isF64())
      reinterpret_cast<double *>(data.data())[i] = value;
    else if (element.isIndex() || element.isInteger(64))
      reinterpret_cast<int64_t *>(data.data())[i] = value;
    else if (element.isInteger(32))
      reinterpret_cast<int32_t *>(data.data())[i] = value;
    else if (element.isInteger(1))
      data[i] = i % 2;
  }
  return data;
}

static void printElement(Type element, const char *data, int64_t i) {
  if (element.isF32())
    llvm::outs() << llvm::format(" %g", reinterpret_cast<const float *>(data)[i]);
  else if (element.isF64())
    llvm::outs() << llvm::format(" %g", reinterpret_cast<const double *>(data)[i]);
  else if (element.isInteger(32))
    llvm::outs() << " " << reinterpret_cast<const int32_t *>(data)[i];
  else if (element.isInteger(1))
    llvm::outs() << " " << int(data[i]);
  else
    llvm::outs() << " " << reinterpret_cast<const int64_t *>(data)[i];
}

static int run(ModuleOp module, const CpuOptions &options) {
  FailureOr<std::unique_ptr<CpuProgram>> program = CpuProgram::compile(module, options);
  if (failed(program))
    return 1;
  SmallVector<CpuTensor> inputs, outputs;
  std::vector<std::vector<char>> memory;
  size_t nextDim = 0;
  auto add = [&](SmallVector<CpuTensor> &tensors, ArrayRef<int64_t> shape, Type element, bool fill) {
    memory.push_back(makeData(element, count(shape), fill));
    tensors.push_back({memory.back().data(), SmallVector<int64_t>(shape)});
  };
  const CpuEntry *entry = (*program)->lookup(entryName);
  if (entry)
    for (const CpuTensorType &type : entry->inputs) {
      SmallVector<int64_t> shape(type.type.getShape());
      for (int64_t &size : shape)
        if (ShapedType::isDynamic(size))
          size = nextDim < dims.size() ? dims[nextDim++] : 1;
      add(inputs, shape, type.type.getElementType(), /*fill=*/true);
    }
  auto shapes = (*program)->getResultShapes(entryName, inputs);
  if (!shapes)
    return fail(shapes.takeError());
  for (auto [shape, type] : llvm::zip(*shapes, entry->outputs))
    add(outputs, shape, type.type.getElementType(), /*fill=*/false);
  llvm::outs() << "workspace: "
               << llvm::cantFail(
                      (*program)->getWorkspaceSize(entryName, inputs, std::max<int64_t>(threads, 1)))
               << "\n";
  auto result = (*program)->run(entryName, inputs, outputs, threads);
  if (!result)
    return fail(result.takeError());
  if (result->badIndex)
    llvm::outs() << "bad index\n";
  for (auto [tensor, type] : llvm::zip(outputs, entry->outputs)) {
    llvm::outs() << type.name << " [";
    llvm::interleave(tensor.shape, llvm::outs(), "x");
    llvm::outs() << "]:";
    for (int64_t i = 0; i < count(tensor.shape); ++i)
      printElement(type.type.getElementType(), static_cast<char *>(tensor.data), i);
    llvm::outs() << "\n";
  }
  return 0;
}

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv);
  if (checkSymbols) {
    auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(input);
    if (!buffer)
      return fail(llvm::errorCodeToError(buffer.getError()));
    llvm::Error error = checkObjectSymbols(**buffer);
    return error ? fail(std::move(error)) : 0;
  }
  DialectRegistry registry;
  mlir::colt5::registerAllDialects(registry);
  MLIRContext context(registry);
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(input, &context);
  if (!module)
    return 1;
  CpuOptions options;
  options.cpu = cpu;
  if (!entryName.empty())
    return run(*module, options);
  if (emit == "shared") {
    FailureOr<std::string> library = emitCpuSharedLibrary(*module, options);
    if (failed(library))
      return 1;
    llvm::Error error = driver::writeFile(output, *library, /*isExecutable=*/true);
    return error ? fail(std::move(error)) : 0;
  }
  CpuFormat format = emit == "llvm"  ? CpuFormat::LLVMIR
                     : emit == "asm" ? CpuFormat::Assembly
                                     : CpuFormat::Object;
  std::error_code error;
  llvm::ToolOutputFile file(output, error, llvm::sys::fs::OF_None);
  if (error)
    return fail(llvm::errorCodeToError(error));
  if (failed(emitCpuCode(*module, options, format, file.os())))
    return 1;
  file.keep();
  return 0;
}

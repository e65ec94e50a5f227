// What colt5-compile tells about its work.
#include "CompileTarget.h"
#include "colt5/Support/JsonFile.h"
#include "colt5/Target/GPU/GpuCode.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;
using llvm::Error;

namespace {
/// A kernel and the target it was compiled for.
struct NamedKernel {
  std::string target;
  KernelReport report;
};
} // namespace

static std::vector<NamedKernel> collectKernelReports(ArrayRef<std::unique_ptr<TargetCompilation>> targets) {
  std::vector<NamedKernel> kernels;
  for (const auto &target : targets) {
    if (!target->module || !target->getTarget().isGPU())
      continue;
    FailureOr<GpuCode> code = getGpuCode(*target->module);
    if (failed(code))
      continue;
    for (KernelReport &report : code->kernels)
      kernels.push_back({target->getTarget().name.str(), std::move(report)});
  }
  return kernels;
}

static void printReport(ArrayRef<StageRecord> stages, ArrayRef<NamedKernel> kernels,
                        ArrayRef<std::string> files, bool namesTarget) {
  llvm::errs() << "stage          seconds  kernels\n";
  for (const StageRecord &record : stages) {
    std::string name =
        namesTarget && !record.target.empty() ? record.target + " " + record.name : record.name;
    llvm::errs() << llvm::format("%-14s %7.2f", name.c_str(), record.seconds);
    if (record.kernels)
      llvm::errs() << llvm::format("  %7d", static_cast<int>(record.kernels));
    llvm::errs() << "\n";
  }
  if (!kernels.empty())
    llvm::errs() << "chip    registers  shared static  dynamic  stack  spills         bytes     min bytes    "
                    "      FLOPs  kernel\n";
  auto print = [](int width, std::optional<int64_t> value) {
    llvm::errs() << llvm::right_justify(value ? std::to_string(*value) : "-", width);
  };
  for (const NamedKernel &kernel : kernels) {
    const KernelReport &report = kernel.report;
    llvm::errs() << llvm::left_justify(kernel.target, 8);
    print(9, report.registers);
    print(15, report.staticSharedBytes);
    print(9, report.dynamicSharedBytes);
    print(7, report.stackBytes);
    print(8, report.spillBytes);
    print(14, report.bytes);
    print(14, report.minBytes);
    print(15, report.flops);
    llvm::errs() << "  " << report.name << "\n";
  }
  for (const std::string &file : files)
    llvm::errs() << "wrote " << file << "\n";
}

static llvm::json::Object toJson(const NamedKernel &kernel) {
  const KernelReport &report = kernel.report;
  llvm::json::Object object{{"target", kernel.target},
                            {"name", report.name},
                            {"static_shared_bytes", report.staticSharedBytes},
                            {"dynamic_shared_bytes", report.dynamicSharedBytes}};
  auto add = [&](StringRef name, std::optional<int64_t> value) {
    if (value)
      object[name] = *value;
  };
  add("registers", report.registers);
  add("stack_bytes", report.stackBytes);
  add("spill_bytes", report.spillBytes);
  add("bytes", report.bytes);
  add("min_bytes", report.minBytes);
  add("flops", report.flops);
  return object;
}

Error driver::writeReports(const CompileOptions &options,
                           ArrayRef<std::unique_ptr<TargetCompilation>> targets,
                           ArrayRef<StageRecord> emitted, ArrayRef<std::string> written) {
  std::vector<StageRecord> stages;
  std::vector<std::string> files;
  for (const auto &target : targets) {
    stages.insert(stages.end(), target->records.begin(), target->records.end());
    files.insert(files.end(), target->files.begin(), target->files.end());
  }
  stages.insert(stages.end(), emitted.begin(), emitted.end());
  files.insert(files.end(), written.begin(), written.end());
  std::vector<NamedKernel> kernels = collectKernelReports(targets);
  if (options.report && !options.quiet)
    printReport(stages, kernels, files, targets.size() > 1);
  if (options.jsonFile.empty())
    return Error::success();

  llvm::json::Array stageList, kernelList;
  for (const StageRecord &record : stages) {
    llvm::json::Object stage{{"name", record.name}, {"seconds", record.seconds}, {"kernels", record.kernels}};
    if (!record.target.empty())
      stage["target"] = record.target;
    stageList.push_back(std::move(stage));
  }
  for (const NamedKernel &kernel : kernels)
    kernelList.push_back(toJson(kernel));
  llvm::json::Object root{{"target", llvm::join(options.targets, ",")},
                          {"stages", std::move(stageList)},
                          {"files", llvm::json::Array(files)}};
  if (!kernelList.empty())
    root["kernels"] = std::move(kernelList);
  return writeJsonFile(options.jsonFile, std::move(root));
}

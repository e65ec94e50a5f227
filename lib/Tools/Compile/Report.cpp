#include "Report.h"

#include "colt5/Support/JsonFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace mlir::colt5;
using llvm::Error;

static void printReport(ArrayRef<StageRecord> stages, ArrayRef<TargetKernel> kernels,
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
  for (const TargetKernel &kernel : kernels) {
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

static llvm::json::Object toJson(const TargetKernel &kernel) {
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

static llvm::json::Object toJson(const StageRecord &record) {
  llvm::json::Object object{{"name", record.name}, {"seconds", record.seconds}, {"kernels", record.kernels}};
  if (!record.target.empty())
    object["target"] = record.target;
  return object;
}

template <typename Record> static llvm::json::Array toJson(const std::vector<Record> &records) {
  llvm::json::Array array;
  for (const Record &record : records)
    array.push_back(toJson(record));
  return array;
}

Error colt5::writeReports(const CompileRequest &request, const CompileResult &result,
                          ArrayRef<std::string> files) {
  const std::vector<std::string> &targets = request.options.targets;
  if (request.report && !request.quiet)
    printReport(result.stages, result.kernels, files, targets.size() > 1);
  if (request.jsonFile.empty())
    return Error::success();
  llvm::json::Object root{{"target", llvm::join(targets, ",")},
                          {"stages", toJson(result.stages)},
                          {"files", llvm::json::Array(files)}};
  if (!result.kernels.empty())
    root["kernels"] = toJson(result.kernels);
  return driver::writeJsonFile(request.jsonFile, std::move(root));
}

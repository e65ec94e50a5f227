#include "colt5/Support/Error.h"
#include "colt5/Target/CPU/CNames.h"
#include "colt5/Target/Embed/Header.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;

namespace mlir::colt5 {
/// The text of include/colt5-abi/cpu.h.
extern const char kCpuAbiText[];
} // namespace mlir::colt5

namespace {
/// Writes what belongs to one entry.
class EntryWriter {
public:
  EntryWriter(const CpuEntry &entry, raw_ostream &os) : entry(entry), os(os), names(getOwnNames(entry.name)) {
    for (const CpuTensorType &input : entry.inputs)
      inputNames.push_back(makeName(input.name));
    for (const CpuTensorType &output : entry.outputs) {
      outputNames.push_back(makeName(output.name));
      numSizes += output.type.getRank();
    }
  }

  void write() {
    writeComment();
    os << "int32_t " << entry.name
       << "_run(const colt5_cpu_tensor *tensors, void *workspace, const colt5_parallel *pool);\n"
       << "void " << entry.name << "_result_sizes(const colt5_cpu_tensor *inputs, int64_t *sizes);\n"
       << "int64_t " << entry.name
       << "_workspace_size(const colt5_cpu_tensor *inputs, int64_t num_threads);\n\n";
    writeSizes();
    writeWorkspace();
    writeCall();
  }

private:
  /// What the functions call, declare and take besides.
  static CNames getOwnNames(const std::string &name) {
    std::string run = name + "_run", sizes = name + "_result_sizes", workspace = name + "_workspace_size",
                callSizes = name + "_call_sizes";
    return CNames({"workspace", "pool", "sizes", "num_threads", "tensors", "computed", "int8_t", "int16_t",
                   "int32_t", "int64_t", "uint8_t", "uint16_t", "colt5_cpu_tensor", "colt5_parallel", run,
                   sizes, workspace, callSizes});
  }

  /// The names of parameters, next to which those of sizes stand.
  std::string makeName(StringRef wanted) { return names.make(wanted, {"_sizes"}); }

  void writeComment() {
    os << "/* @" << entry.name << "\n";
    auto list = [&](StringRef title, ArrayRef<CpuTensorType> types, ArrayRef<std::string> names) {
      os << " *\n * " << title << ":\n";
      for (auto [type, name] : llvm::zip_equal(types, names)) {
        os << " *   " << name << ": ";
        if (type.type.getRank() == 0)
          os << type.type.getElementType();
        else
          os << type.type;
        os << "\n";
      }
    };
    list("inputs", entry.inputs, inputNames);
    list("outputs", entry.outputs, outputNames);
    os << " *\n * 16-bit floats are passed as their bits. NAME_sizes is needed where a size is '?'. */\n";
  }

  /// "const float *x, const int64_t x_sizes[2], " for every input; scalars go by value.
  void writeInputParameters() {
    for (auto [input, name] : llvm::zip_equal(entry.inputs, inputNames)) {
      StringRef element = input.getElement().cType;
      if (input.type.getRank() == 0) {
        os << element << " " << name << ", ";
        continue;
      }
      os << "const " << element << " *" << name << ", ";
      if (!input.type.hasStaticShape())
        os << "const int64_t " << name << "_sizes[" << input.type.getRank() << "], ";
    }
  }

  void writeInputNames() {
    for (auto [input, name] : llvm::zip_equal(entry.inputs, inputNames))
      os << name << ", " << (input.type.hasStaticShape() ? "" : name + "_sizes, ");
  }

  void writeStaticSizes(const CpuTensorType &tensor, StringRef name) {
    if (tensor.type.getRank() == 0 || !tensor.type.hasStaticShape())
      return;
    os << "  static const int64_t " << name << "_sizes[] = {";
    llvm::interleaveComma(tensor.type.getShape(), os);
    os << "};\n";
  }

  /// Fills `tensors` with the inputs.
  void writeInputTensors(size_t count) {
    for (auto [input, name] : llvm::zip_equal(entry.inputs, inputNames))
      writeStaticSizes(input, name);
    os << "  colt5_cpu_tensor tensors[" << std::max<size_t>(count, 1) << "];\n";
    for (auto [i, input] : llvm::enumerate(entry.inputs)) {
      const std::string &name = inputNames[i];
      bool scalar = input.type.getRank() == 0;
      os << "  tensors[" << i << "].data = (void *)" << (scalar ? "&" : "") << name << ";\n"
         << "  tensors[" << i << "].sizes = " << (scalar ? "0" : name + "_sizes") << ";\n"
         << "  tensors[" << i << "].strides = 0;\n";
    }
  }

  void writeSizes() {
    os << "/* The sizes of all outputs, one output after the other. */\n"
       << "static inline void " << entry.name << "_call_sizes(";
    writeInputParameters();
    os << "int64_t sizes[" << std::max<int64_t>(numSizes, 1) << "]) {\n";
    writeInputTensors(entry.inputs.size());
    os << "  " << entry.name << "_result_sizes(tensors, sizes);\n}\n\n";
  }

  void writeWorkspace() {
    os << "/* Bytes of workspace for a run with num_threads threads (1 without a pool). */\n"
       << "static inline int64_t " << entry.name << "_call_workspace(";
    writeInputParameters();
    os << "int64_t num_threads) {\n";
    writeInputTensors(entry.inputs.size());
    os << "  return " << entry.name << "_workspace_size(tensors, num_threads);\n}\n\n";
  }

  void writeCall() {
    os << "/* Runs it. workspace: aligned to COLT5_CPU_WORKSPACE_ALIGNMENT; pool: may be NULL. Returns "
          "COLT5_CPU_OK or "
          "why not. */\n"
       << "static inline int32_t " << entry.name << "_call(";
    writeInputParameters();
    for (auto [output, name] : llvm::zip_equal(entry.outputs, outputNames))
      os << output.getElement().cType << " *" << name << ", ";
    os << "void *workspace, const colt5_parallel *pool) {\n";
    bool dynamic =
        llvm::any_of(entry.outputs, [](const CpuTensorType &type) { return !type.type.hasStaticShape(); });
    writeInputTensors(entry.inputs.size() + entry.outputs.size());
    for (auto [output, name] : llvm::zip_equal(entry.outputs, outputNames))
      writeStaticSizes(output, name);
    if (dynamic) {
      os << "  int64_t computed[" << numSizes << "];\n  " << entry.name << "_call_sizes(";
      writeInputNames();
      os << "computed);\n";
    }
    int64_t offset = 0;
    for (auto [i, output] : llvm::enumerate(entry.outputs)) {
      size_t slot = entry.inputs.size() + i;
      os << "  tensors[" << slot << "].data = " << outputNames[i] << ";\n  tensors[" << slot << "].sizes = ";
      if (output.type.getRank() == 0)
        os << "0";
      else if (output.type.hasStaticShape())
        os << outputNames[i] << "_sizes";
      else
        os << "computed + " << offset;
      os << ";\n  tensors[" << slot << "].strides = 0;\n";
      offset += output.type.getRank();
    }
    os << "  return " << entry.name << "_run(tensors, workspace, pool);\n}\n\n";
  }

  const CpuEntry &entry;
  raw_ostream &os;
  SmallVector<std::string> inputNames, outputNames;
  CNames names;
  int64_t numSizes = 0;
};
} // namespace

llvm::Error colt5::emitCpuHeader(ArrayRef<CpuEntry> entries, StringRef name, raw_ostream &os) {
  for (const CpuEntry &entry : entries)
    if (!isCIdentifier(entry.name))
      return makeError("@" + entry.name + " is not a C identifier; rename the function to emit a header");
  std::string guard = "COLT5_GENERATED_";
  for (char c : name)
    guard += llvm::isAlnum(c) ? llvm::toUpper(c) : '_';
  os << "/* Generated by colt5-compile. Link with the object of the same name; it needs libc only. */\n"
     << "#ifndef " << guard << "_H\n#define " << guard << "_H\n\n"
     << kCpuAbiText << "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
  for (const CpuEntry &entry : entries)
    EntryWriter(entry, os).write();
  os << "#ifdef __cplusplus\n}\n#endif\n\n#endif /* " << guard << "_H */\n";
  return llvm::Error::success();
}

// The table of artefacts, and those of one target.
#include "EmitKinds.h"

#include "colt5/Compiler/SourceFile.h"
#include "colt5/Support/Error.h"
#include "colt5/Target/Embed/Header.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::colt5;
using driver::makeError;
using llvm::Error;

Error colt5::makeEmitError(const EmitSource &source) {
  return makeReportedError("emitting " + source.kind + " failed");
}

std::string colt5::printModule(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream os(text);
  module.print(os);
  os << "\n";
  return text;
}

static EmittedBytes emitModule(const EmitSource &source) { return printModule(source.modules.front()); }

template <CpuFormat format> static EmittedBytes emitCpu(const EmitSource &source) {
  // A stream that can seek, for object files.
  SmallVector<char, 0> buffer;
  llvm::raw_svector_ostream os(buffer);
  if (failed(emitCpuCode(source.modules.front(), source.options.cpu, format, os)))
    return makeEmitError(source);
  return std::string(buffer.data(), buffer.size());
}

static EmittedBytes emitFunctionsHeader(const EmitSource &source) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (Error error = emitCpuHeader(getCpuEntries(source.modules.front()), source.stem, os))
    return std::move(error);
  return text;
}

static EmittedBytes emitFunctionsLibrary(const EmitSource &source) {
  FailureOr<std::string> library = emitCpuSharedLibrary(source.modules.front(), source.options.cpu);
  if (failed(library))
    return makeEmitError(source);
  return std::move(*library);
}

static EmittedBytes emitPtxText(const EmitSource &source) {
  FailureOr<GpuCode> code = getGpuCode(source.modules.front());
  if (failed(code))
    return makeEmitError(source);
  return code->ptx.str();
}

static EmittedBytes emitCubin(const EmitSource &source) {
  FailureOr<GpuCode> code = getGpuCode(source.modules.front());
  if (failed(code))
    return makeEmitError(source);
  return code->cubin.empty() ? std::nullopt : std::optional(code->cubin.str());
}

static EmittedBytes emitFatbinFile(const EmitSource &source) {
  SmallVector<GpuCode> codes;
  for (ModuleOp module : source.modules) {
    FailureOr<GpuCode> code = getGpuCode(module);
    if (failed(code))
      return makeEmitError(source);
    codes.push_back(*code);
  }
  if (llvm::any_of(codes, [](const GpuCode &code) { return code.cubin.empty(); }))
    return std::nullopt;
  std::string bytes;
  llvm::raw_string_ostream os(bytes);
  if (Error error = emitFatbin(codes, source.options.pipeline.toolkit, os))
    return std::move(error);
  return bytes;
}

ArrayRef<EmitKind> colt5::getEmitKinds() {
  using Scope = EmitScope;
  constexpr std::nullopt_t none = std::nullopt;
  constexpr GpuFormat ptx = GpuFormat::Ptx, best = GpuFormat::Auto, cubin = GpuFormat::Cubin;
  static const EmitKind kinds[] = {
      // name, suffix, isText, isExecutable, scope, gpuFormat, make
      {"mlir", ".mlir", true, false, Scope::AnyTarget, none, emitModule},
      {"llvm", ".ll", true, false, Scope::Cpu, none, emitCpu<CpuFormat::LLVMIR>},
      {"asm", ".s", true, false, Scope::Cpu, none, emitCpu<CpuFormat::Assembly>},
      {"obj", ".o", false, false, Scope::AllTargets, best, emitObject},
      {"archive", ".a", false, false, Scope::AllTargets, best, emitArchive},
      {"c", ".c", true, false, Scope::AllTargets, best, emitSource},
      {"header", ".h", true, false, Scope::AllTargets, none, emitHeader},
      {"cpu-obj", ".cpu.o", false, false, Scope::Cpu, none, emitCpu<CpuFormat::Object>},
      {"cpu-header", ".cpu.h", true, false, Scope::Cpu, none, emitFunctionsHeader},
      {"ptx", ".ptx", true, false, Scope::Gpu, ptx, emitPtxText},
      {"shared", ".so", false, true, Scope::AllTargets, best, emitShared},
      {"cpu-shared", ".cpu.so", false, true, Scope::Cpu, none, emitFunctionsLibrary},
      {"cubin", ".cubin", false, false, Scope::Gpu, cubin, emitCubin},
      {"fatbin", ".fatbin", false, false, Scope::AllGpus, cubin, emitFatbinFile}};
  return kinds;
}

llvm::Expected<const EmitKind *> colt5::findEmitKind(StringRef name) {
  for (const EmitKind &kind : getEmitKinds())
    if (name == kind.name)
      return &kind;
  std::string names =
      llvm::join(llvm::map_range(getEmitKinds(), [](const EmitKind &kind) { return kind.name.str(); }), ", ");
  return makeError("--emit=" + name + ": expected one of: " + names + ", gpu");
}

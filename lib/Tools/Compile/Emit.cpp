#include "Emit.h"

#include "colt5/Support/Error.h"
#include "colt5/Support/OutputFile.h"
#include "colt5/Target/Embed/Header.h"
#include "colt5/Target/GPU/GpuCode.h"
#include "colt5/Tools/Common/SourceFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;
using llvm::Error;

// What needs no tool of the system first.
static const EmitKind kKinds[] = {{"mlir", ".mlir", true, EmitScope::AnyTarget},
                                  {"llvm", ".ll", true, EmitScope::Cpu},
                                  {"asm", ".s", true, EmitScope::Cpu},
                                  {"obj", ".o", false, EmitScope::AllTargets},
                                  {"archive", ".a", false, EmitScope::AllTargets},
                                  {"c", ".c", true, EmitScope::AllTargets},
                                  {"header", ".h", true, EmitScope::AllTargets},
                                  {"cpu-obj", ".cpu.o", false, EmitScope::Cpu},
                                  {"cpu-header", ".cpu.h", true, EmitScope::Cpu},
                                  {"ptx", ".ptx", true, EmitScope::Gpu},
                                  {"shared", ".so", false, EmitScope::AllTargets},
                                  {"cpu-shared", ".cpu.so", false, EmitScope::Cpu},
                                  {"cubin", ".cubin", false, EmitScope::Gpu},
                                  {"fatbin", ".fatbin", false, EmitScope::AllGpus}};

std::string driver::listEmitKinds() {
  return llvm::join(llvm::map_range(kKinds, [](const EmitKind &kind) { return std::string(kind.name); }),
                    ", ") +
         ", gpu";
}

llvm::Expected<EmitKind> driver::findEmitKind(StringRef name) {
  for (const EmitKind &kind : kKinds)
    if (name == kind.name)
      return kind;
  return makeError("--emit=" + name + ": expected one of: " + listEmitKinds());
}

size_t driver::getEmitOrder(const EmitKind &kind) {
  return llvm::find_if(kKinds, [&](const EmitKind &known) { return StringRef(known.name) == kind.name; }) -
         kKinds;
}

/// Makes one artefact of one target but the shared library.
static Error writeTo(ModuleOp module, StringRef kind, StringRef stem, const CpuOptions &options,
                     llvm::raw_pwrite_stream &os) {
  if (kind == "mlir") {
    module.print(os);
    os << "\n";
    return Error::success();
  }
  if (kind == "cpu-header")
    return emitCpuHeader(getCpuEntries(module), stem, os);
  if (kind == "ptx") {
    FailureOr<GpuCode> code = getGpuCode(module);
    if (failed(code))
      return makeReportedError("emitting ptx failed");
    os << code->ptx;
    return Error::success();
  }
  CpuFormat format = kind == "llvm"  ? CpuFormat::LLVMIR
                     : kind == "asm" ? CpuFormat::Assembly
                                     : CpuFormat::Object;
  if (failed(emitCpuCode(module, options, format, os)))
    return makeReportedError("emitting " + kind + " failed");
  return Error::success();
}

Error driver::emitArtefact(ModuleOp module, const EmitKind &kind, StringRef path, StringRef stem,
                           const CpuOptions &options) {
  StringRef name = kind.name;
  if (name == "cpu-shared") {
    FailureOr<std::string> library = emitCpuSharedLibrary(module, options);
    if (failed(library))
      return makeReportedError("emitting cpu-shared failed");
    return writeFile(path, *library, /*isExecutable=*/true);
  }
  // Collected first: stdout cannot seek.
  SmallVector<char, 0> buffer;
  llvm::raw_svector_ostream stream(buffer);
  if (Error error = writeTo(module, name, stem, options, stream))
    return error;
  return writeFile(path, StringRef(buffer.data(), buffer.size()));
}

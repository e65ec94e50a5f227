#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Bytecode/BytecodeImplementation.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// The version of the dialect that a bytecode file was written with. A new minor version can still be read by
/// every tool of the same major version; a new major version cannot.
struct Colt5DialectVersion : DialectVersion {
  uint64_t major = 2;
  uint64_t minor = 1;
};

/// Attributes travel as text inside the bytecode; what this interface adds is the version.
struct Colt5BytecodeInterface : BytecodeDialectInterface {
  explicit Colt5BytecodeInterface(Dialect *dialect) : BytecodeDialectInterface(dialect) {}

  void writeVersion(DialectBytecodeWriter &writer) const final {
    Colt5DialectVersion version;
    writer.writeVarInt(version.major);
    writer.writeVarInt(version.minor);
  }

  std::unique_ptr<DialectVersion> readVersion(DialectBytecodeReader &reader) const final {
    auto version = std::make_unique<Colt5DialectVersion>();
    if (failed(reader.readVarInt(version->major)) || failed(reader.readVarInt(version->minor)))
      return nullptr;
    Colt5DialectVersion current;
    if (version->major != current.major) {
      InFlightDiagnostic diag = reader.emitError();
      diag << "expected bytecode of colt5 version " << current.major << ".x, found version " << version->major
           << "." << version->minor << "; ";
      if (version->major > current.major)
        diag << "read it with the colt5 tools that wrote it or newer ones";
      else
        diag << "plans have changed since: let the colt5 tools that wrote it print it as text";
      return nullptr;
    }
    return version;
  }
};
} // namespace

void Colt5Dialect::registerBytecode() { addInterfaces<Colt5BytecodeInterface>(); }

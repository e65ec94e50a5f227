// The files of an artefact that holds all targets.
#include "CompileTarget.h"
#include "Emit.h"
#include "colt5/Support/Error.h"
#include "colt5/Support/OutputFile.h"
#include "colt5/Target/CPU/CNames.h"
#include "colt5/Target/Embed/Header.h"
#include "colt5/Tools/Common/SourceFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;
using llvm::Error;
using llvm::Expected;

/// The interface's own names begin so.
static bool isOfInterface(StringRef name) { return name == "colt5" || name.starts_with("colt5_"); }

/// The name of a file without "lib" and ending, as far as C takes it.
static std::string makeName(StringRef path) {
  StringRef stem = llvm::sys::path::filename(path);
  stem = stem.take_front(stem.find('.'));
  stem.consume_front("lib");
  std::string name;
  for (char c : stem)
    name += llvm::isAlnum(c) ? c : '_';
  return name;
}

Expected<Prefix> driver::choosePrefix(const CompileOptions &options) {
  StringRef given = options.prefix;
  if (!given.empty()) {
    if (isCIdentifier(given) && !isOfInterface(given))
      return Prefix{given.str(), ""};
    return makeError("--prefix: expected a C identifier other than colt5 and those that begin with colt5_, "
                     "found '" +
                     given + "'");
  }
  bool isStdout = options.output.empty() || options.output == "-";
  std::string name = makeName(isStdout ? getInputStem(options) : options.output);
  if (isOfInterface(name))
    return Prefix{"my_" + name, "names that begin with 'colt5_' are the interface's own"};
  // C reserves names that begin with an underscore.
  if (name.empty() || !llvm::isAlpha(name.front()))
    return Prefix{"my_" + name, "'" + name + "' is no name for a C program"};
  return Prefix{name, ""};
}

/// An archive with `object` as its only member; no time stamp, no owner.
static Expected<std::string> makeArchive(StringRef object, StringRef prefix) {
  std::string name = (prefix + ".o").str();
  SmallVector<llvm::NewArchiveMember> members;
  members.emplace_back(llvm::MemoryBufferRef(object, name));
  auto buffer =
      llvm::writeArchiveToBuffer(members, llvm::SymtabWritingMode::NormalSymtab, llvm::object::Archive::K_GNU,
                                 /*Deterministic=*/true, /*Thin=*/false);
  if (!buffer)
    return buffer.takeError();
  return (*buffer)->getBuffer().str();
}

Error driver::emitEmbedded(const EmbedRequest &request, const EmitKind &kind, StringRef path) {
  Expected<std::vector<EmbedEntry>> entries = getEmbedEntries(request);
  if (!entries)
    return entries.takeError();
  StringRef name = kind.name;
  std::string header;
  llvm::raw_string_ostream os(header);
  emitEmbedHeader(request, *entries, request.prefix, os);
  if (name == "header")
    return writeFile(path, header);
  if (name == "c") {
    Expected<std::string> source =
        makeEmbedSource(request, *entries, describeEntries(request, *entries), header);
    return source ? writeFile(path, *source) : source.takeError();
  }
  Expected<std::string> object = makeEmbedObject(request, *entries, describeEntries(request, *entries));
  if (!object)
    return object.takeError();
  if (name == "obj")
    return writeFile(path, *object);
  if (name == "archive") {
    Expected<std::string> archive = makeArchive(*object, request.prefix);
    return archive ? writeFile(path, *archive) : archive.takeError();
  }
  ModuleOp module = request.targets.front().module;
  FailureOr<std::string> library = linkSharedLibrary(*object, [&] { return module.emitError(); });
  if (failed(library))
    return makeReportedError("emitting shared failed");
  return writeFile(path, *library, /*isExecutable=*/true);
}

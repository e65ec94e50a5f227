// The artefacts that hold all targets.
#include "EmitKinds.h"
#include "colt5/Support/Error.h"
#include "colt5/Target/CPU/CNames.h"
#include "colt5/Target/Embed/Header.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mlir::colt5;
using driver::makeError;
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

Expected<Prefix> colt5::choosePrefix(const CompileOptions &options) {
  StringRef given = options.prefix;
  if (!given.empty()) {
    if (isCIdentifier(given) && !isOfInterface(given))
      return Prefix{given.str(), ""};
    return makeError("--prefix: expected a C identifier other than colt5 and those that begin with colt5_, "
                     "found '" +
                     given + "'");
  }
  std::string name = makeName(options.output.empty() ? getInputStem(options) : options.output);
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

/// The parts of an artefact that all files of it are made from.
namespace {
struct Parts {
  std::vector<EmbedEntry> entries;
  std::string header, description;
};
} // namespace

static Expected<Parts> makeParts(const EmbedRequest &request) {
  Expected<std::vector<EmbedEntry>> entries = getEmbedEntries(request);
  if (!entries)
    return entries.takeError();
  Parts parts{std::move(*entries), "", ""};
  llvm::raw_string_ostream os(parts.header);
  emitEmbedHeader(request, parts.entries, request.prefix, os);
  parts.description = describeEntries(request, parts.entries);
  return parts;
}

static Expected<std::string> makeObject(const EmbedRequest &request) {
  Expected<Parts> parts = makeParts(request);
  if (!parts)
    return parts.takeError();
  return makeEmbedObject(request, parts->entries, parts->description);
}

/// `bytes` as a row of the table returns them.
static EmittedBytes wrap(Expected<std::string> bytes) {
  if (!bytes)
    return bytes.takeError();
  return std::move(*bytes);
}

EmittedBytes colt5::emitHeader(const EmitSource &source) {
  Expected<Parts> parts = makeParts(source.request);
  if (!parts)
    return parts.takeError();
  return std::move(parts->header);
}

EmittedBytes colt5::emitSource(const EmitSource &source) {
  Expected<Parts> parts = makeParts(source.request);
  if (!parts)
    return parts.takeError();
  return wrap(makeEmbedSource(source.request, parts->entries, parts->description, parts->header));
}

EmittedBytes colt5::emitObject(const EmitSource &source) { return wrap(makeObject(source.request)); }

EmittedBytes colt5::emitArchive(const EmitSource &source) {
  Expected<std::string> object = makeObject(source.request);
  if (!object)
    return object.takeError();
  return wrap(makeArchive(*object, source.request.prefix));
}

EmittedBytes colt5::emitShared(const EmitSource &source) {
  Expected<std::string> object = makeObject(source.request);
  if (!object)
    return object.takeError();
  ModuleOp module = source.request.targets.front().module;
  FailureOr<std::string> library = linkSharedLibrary(*object, [&] { return module.emitError(); });
  if (failed(library))
    return makeEmitError(source);
  return std::move(*library);
}

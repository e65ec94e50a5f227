// The files of an artefact that holds all targets.
#include "Emit.h"
#include "colt5/Driver/Error.h"
#include "colt5/Driver/Header.h"
#include "colt5/Driver/SourceFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::driver;
using llvm::Error;
using llvm::Expected;

std::string driver::makePrefix(StringRef path) {
  StringRef stem = llvm::sys::path::filename(path);
  stem = stem.take_front(stem.find('.'));
  stem.consume_front("lib");
  std::string prefix;
  for (char c : stem)
    prefix += llvm::isAlnum(c) ? c : '_';
  return prefix;
}

static Error checkPrefix(StringRef prefix) {
  bool isIdentifier = !prefix.empty() && !llvm::isDigit(prefix.front()) &&
                      llvm::all_of(prefix, [](char c) { return llvm::isAlnum(c) || c == '_'; });
  if (isIdentifier && prefix != "colt5" && !prefix.starts_with("colt5_"))
    return Error::success();
  return makeError(
      "--prefix: expected a C identifier that does not begin with colt5 to begin public symbols with, "
      "found '" +
      prefix + "'");
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
  if (Error error = checkPrefix(request.prefix))
    return error;
  Expected<std::vector<EmbedEntry>> entries = getEmbedEntries(request);
  if (!entries)
    return entries.takeError();
  StringRef name = kind.name;
  std::string header;
  llvm::raw_string_ostream os(header);
  emitEmbedHeader(request, *entries, request.prefix, os);
  if (name == "header")
    return writeBytes(path, header);
  if (name == "c") {
    Expected<std::string> source =
        makeEmbedSource(request, *entries, describeEntries(request, *entries), header);
    return source ? writeBytes(path, *source) : source.takeError();
  }
  Expected<std::string> object = makeEmbedObject(request, *entries, describeEntries(request, *entries));
  if (!object)
    return object.takeError();
  if (name == "obj")
    return writeBytes(path, *object);
  if (name == "archive") {
    Expected<std::string> archive = makeArchive(*object, request.prefix);
    return archive ? writeBytes(path, *archive) : archive.takeError();
  }
  ModuleOp module = request.targets.front().module;
  if (failed(linkSharedLibrary(*object, path, [&] { return module.emitError(); })))
    return makeReportedError("emitting shared failed");
  return Error::success();
}

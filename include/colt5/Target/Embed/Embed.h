#ifndef COLT5_TARGET_EMBED_EMBED_H
#define COLT5_TARGET_EMBED_EMBED_H

#include "colt5/Target/CPU/Object.h"
#include "llvm/Support/Error.h"

namespace mlir::colt5 {

/// One target of an artefact.
struct EmbedTarget {
  /// "cpu", or the name of the chip.
  std::string name;
  bool isGPU = false;
  /// At the last stage of the target.
  ModuleOp module;
};

/// What an artefact is made of.
struct EmbedRequest {
  SmallVector<EmbedTarget> targets;
  /// The beginning of every public symbol; a C identifier.
  std::string prefix;
  /// Public functions to keep; empty: all.
  SmallVector<std::string> entries;
  CpuOptions cpu;
  /// PTX goes in next to a cubin, for later GPUs. Without a cubin it always does.
  bool ptxFallback = false;
};

/// One function of an artefact.
struct EmbedEntry {
  /// "layer" or "layer_NAME": what its C functions begin with.
  std::string symbol;
  CpuEntry entry;
  /// For every input and then every output its sizes: >= 0 is exact, -1 - s is symbol s. A scalar that is a
  /// size has one entry.
  SmallVector<SmallVector<int64_t>> sizes;
  /// Names of inputs and outputs in C, unique, and of symbols.
  SmallVector<std::string> arguments, symbols;
};

/// The version that bundles carry.
StringRef getEmbedVersion();

/// The functions of the artefact. Fails when targets disagree, a name is unknown or something does not fit
/// the interface.
llvm::Expected<std::vector<EmbedEntry>> getEmbedEntries(const EmbedRequest &request);

/// Signatures, kernels and images as one block of bytes; see lib/Runtime/Bundle.h. Same request, same bytes.
llvm::Expected<std::string> makeBundle(const EmbedRequest &request, ArrayRef<EmbedEntry> entries);

/// The artefact as a relocatable object: code of all targets, bundle and runtime. Its only public symbols
/// begin with the prefix, what it needs from elsewhere is in libc. `describe` is what PREFIX_describe
/// returns. Same request, same bytes.
llvm::Expected<std::string> makeEmbedObject(const EmbedRequest &request, ArrayRef<EmbedEntry> entries,
                                            StringRef describe);

/// The same artefact as one C file for gcc and clang on 64-bit little-endian POSIX machines. `header` is the
/// text of its header. Same request, same bytes. Fails, with what to use instead, on code that C cannot
/// express.
llvm::Expected<std::string> makeEmbedSource(const EmbedRequest &request, ArrayRef<EmbedEntry> entries,
                                            StringRef describe, StringRef header);

/// The signatures as JSON, in the form of PREFIX_describe.
std::string describeEntries(const EmbedRequest &request, ArrayRef<EmbedEntry> entries);

/// Prints every bundle in the bytes of a file, which may be an object, a library or a program. Fails when
/// there is none, and when one is damaged.
llvm::Error inspectBundles(StringRef file, llvm::raw_ostream &os);

} // namespace mlir::colt5

#endif // COLT5_TARGET_EMBED_EMBED_H

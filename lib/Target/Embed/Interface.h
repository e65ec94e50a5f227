// The public functions of an artefact.
#ifndef COLT5_LIB_TARGET_EMBED_INTERFACE_H
#define COLT5_LIB_TARGET_EMBED_INTERFACE_H

#include "colt5/Target/Embed/Embed.h"

namespace mlir::colt5 {

enum class PublicType { I32, I64, Pointer };

struct PublicParameter {
  PublicType type;
  /// The declaration in C: "int32_t status".
  std::string text;
  /// "status"
  StringRef getName() const;
};

/// A function that calls one of the runtime (lib/Runtime/Embed.h, gpu_runtime.h) with its own parameters and
/// one that the compiler adds.
struct PublicFunction {
  enum Extra { Nothing, Artefact, Entry };

  std::string name;
  /// In the runtime.
  std::string callee;
  /// "int32_t ": the result in C, up to the name.
  std::string resultText;
  PublicType result;
  SmallVector<PublicParameter> parameters;
  Extra extra = Nothing;
  /// The number of an entry, and where the added argument goes.
  unsigned entry = 0, position = 0;
};

/// All of them but PREFIX_describe, which returns a text.
std::vector<PublicFunction> getPublicFunctions(const EmbedRequest &request, ArrayRef<EmbedEntry> entries);

} // namespace mlir::colt5

#endif // COLT5_LIB_TARGET_EMBED_INTERFACE_H

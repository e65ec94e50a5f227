#ifndef COLT5_TOOLS_RUN_INPUTS_H
#define COLT5_TOOLS_RUN_INPUTS_H

#include "colt5/Support/HostTensor.h"
#include "llvm/Support/Error.h"
#include <optional>

namespace mlir::colt5::driver {

/// One `--input=...`:
///   x.npy               the file; an f32 file for a 16-bit float argument is rounded
///   bf16:x.npy          a uint16 file that holds the bits of bf16 values
///   random[:k=v,...]    floats: normal, mean 0; integers: uniform in [low, high). Keys: seed (0), scale (1),
///                       low (0), high (2 for i1, else 100), shape (2x3)
///   zeros, ones, iota, value=V   each also with `:shape=2x3`
struct InputSpec {
  enum class Source { File, BFloat16Bits, Random, Iota, Value };
  Source source = Source::File;
  std::string path;
  uint64_t seed = 0;
  double scale = 1.0;
  int64_t low = 0;
  std::optional<int64_t> high;
  double value = 0.0;
  std::optional<SmallVector<int64_t>> shape;
};

llvm::Expected<InputSpec> parseInputSpec(StringRef text);

/// "2x3x4" -> {2, 3, 4}; "" -> {} (a scalar).
llvm::Expected<SmallVector<int64_t>> parseShape(StringRef text);

/// One `--shape=ARG:2x3`.
llvm::Expected<std::pair<unsigned, SmallVector<int64_t>>> parseArgumentShape(StringRef text);

/// The value of argument `number` of type `type` (ranked tensor, memref or scalar). `shape` (from
/// `--shape`) or the one in `spec` fills in dynamic sizes. Random values depend on the seed and on
/// `number` only, and are the same on every machine.
llvm::Expected<HostTensor> makeInput(const InputSpec &spec, Type type, unsigned number,
                                     std::optional<ArrayRef<int64_t>> shape);

/// The shape (dynamic: ShapedType::kDynamic) and element kind of an entry argument or result; an error
/// when the tools cannot pass values of this type. `what` ("argument 2") serves the message.
llvm::Expected<std::pair<SmallVector<int64_t>, ElementKind>> describeType(Type type, const Twine &what);

} // namespace mlir::colt5::driver

#endif // COLT5_TOOLS_RUN_INPUTS_H

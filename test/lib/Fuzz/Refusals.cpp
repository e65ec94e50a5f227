// Diagnostics that say that something is not supported. A program that is refused with one of them counts by
// itself, every other diagnostic is a failure.
#include "Judge.h"

using namespace mlir::colt5;
using namespace mlir::colt5::fuzz;

namespace {
struct Refusal {
  /// The backend's name begins with it.
  const char *backend;
  const char *text;
};
} // namespace

static const Refusal kRefusals[] = {
    // Loops over tensors that were not tiled by the compiler.
    {"", "op is not mapped, expected a mapping"},
    // arith and math on whole tensors.
    {"", "op was not bufferized"},
    // Documented: a width that only the data tells.
    {"", "cannot derive a dynamic result width without a base"},
    // Loops whose carried tensors get other sizes, or sizes that only the data tells.
    {"", "expected every iteration to keep the sizes of the tensors that it carries on"},
    // Carried values that are new ones in each turn.
    {"", "is not equivalent to the corresponding iter bbArg"},
    {"", "expected no allocation in a private function: the sizes of the results depend on data"},
    {"emulator", "'linalg.map' op has not been lowered"},
    // One size, static in one operand of an op and dynamic in another.
    {"", "cannot tile the root of kernel"},
    {"", "it cannot be tiled as its consumer needs"},
    // Sizes of buffers that are quotients of others.
    {"", "has no upper bound that is known when the function starts"},
    // LLVM makes integers of more than 64 bits of vectors.
    {"source", "cannot be written as C"},
};

llvm::StringRef fuzz::findKnownRefusal(llvm::StringRef backend, llvm::StringRef diagnostic) {
  for (const Refusal &refusal : kRefusals)
    if (backend.starts_with(refusal.backend) && diagnostic.contains(refusal.text))
      return refusal.text;
  return {};
}

#ifndef COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_MEMORY_H
#define COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_MEMORY_H

#include "Terms.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/MapVector.h"
#include <memory>

namespace mlir::colt5 {

/// Where a memref is: a part of a buffer, or one of two places by a condition.
struct Place {
  /// The buffer: the result of its allocation, an argument, the first use of a global.
  Value base;
  /// Boxes and shapes, from the buffer to the part.
  Terms path;
  /// With a condition, the place is one of two.
  const Term *condition = nullptr;
  std::shared_ptr<Place> first, second;

  /// The place that a further view shows.
  Place through(const Term *view) const;
  /// All buffers and parts that it may be.
  void forEach(llvm::function_ref<void(const Place &)> visit) const;
  bool operator==(const Place &other) const;
};

/// Whether two places have no element in common, in so far as the terms tell.
bool areDisjoint(TermBuilder &terms, const Place &a, const Place &b);

/// What the buffers hold at one point of the program.
class Memory {
public:
  explicit Memory(TermBuilder &terms) : terms(&terms) {}

  void set(Value base, const Term *content) { contents[base] = content; }
  const Term *get(Value base) const { return contents.lookup(base); }
  const Term *read(const Place &place) const;
  void write(const Place &place, const Term *part, Operation *writer);
  /// The op that wrote last to a buffer, or null.
  Operation *getWriter(Value base) const { return writers.lookup(base); }
  /// The contents after a branch.
  void merge(const Term *condition, const Memory &a, const Memory &b);

private:
  TermBuilder *terms;
  llvm::MapVector<Value, const Term *> contents;
  llvm::DenseMap<Value, Operation *> writers;
};

} // namespace mlir::colt5

#endif // COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_MEMORY_H

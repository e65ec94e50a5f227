#include "ParallelAccesses.h"

using namespace mlir;
using namespace mlir::colt5;

using Kind = Term::Kind;

void ParallelAccesses::add(Operation *op, const Place &place, bool isWrite, Operation *scatter) {
  if (values.getLoop(tensors).runsOnce())
    return;
  place.forEach([&](const Place &part) {
    // A buffer of the iteration is its own.
    Value base = part.base;
    if (!forall->isAncestor(base.getParentRegion()->getParentOp()))
      (isWrite ? writes : reads)[base].push_back({op, part, scatter});
  });
}

/// The coefficient of `variable` in an index.
static int64_t getCoefficient(const Term *index, const Term *variable) {
  if (index == variable)
    return 1;
  if (index->is(Kind::Linear))
    for (auto [atom, coefficient] : llvm::zip_equal(index->operands, index->ints.drop_front()))
      if (atom == variable)
        return coefficient;
  return 0;
}

/// Whether a size is at most `factor` times `unit`.
static bool isAtMost(TermBuilder &terms, const Term *size, int64_t factor, const Term *unit) {
  if (size->is(Kind::Min))
    return llvm::any_of(size->operands,
                        [&](const Term *part) { return isAtMost(terms, part, factor, unit); });
  std::optional<int64_t> rest = getInt(terms.subtract(terms.multiply(unit, terms.integer(factor)), size));
  return rest && *rest >= 0;
}

bool ParallelAccesses::areSeparate(const Term *a, const Term *b, SmallPtrSetImpl<const Term *> &found) {
  const ParallelLoop &loop = values.getLoop(tensors);
  if (values.isInvariant(a, tensors) && values.isInvariant(b, tensors))
    return areDisjoint(terms, a, b);
  for (auto [o1, n1, s1, o2, n2, s2] : llvm::zip_equal(getOffsets(a), getSizes(a), getStrides(a),
                                                       getOffsets(b), getSizes(b), getStrides(b))) {
    std::optional<int64_t> apart = getInt(terms.subtract(o2, o1));
    if (!apart || getInt(s1) != 1 || getInt(s2) != 1)
      continue;
    const Term *variable = nullptr, *step = nullptr;
    int64_t factor = 0, variables = 0;
    for (auto [induction, distance] : loop.steps) {
      if (int64_t coefficient = getCoefficient(o1, induction)) {
        variable = induction;
        step = distance;
        factor = std::abs(coefficient);
        ++variables;
      }
    }
    if (variables != 1)
      continue;
    int64_t coefficient = getCoefficient(o1, variable);
    const Term *rest = terms.subtract(o1, terms.multiply(variable, terms.integer(coefficient)));
    if (!values.isInvariant(rest, tensors))
      continue;
    // Both lie in one window that moves on by its length.
    const Term *shift = terms.integer(std::abs(*apart));
    const Term *first = *apart >= 0 ? n1 : n2, *second = *apart >= 0 ? n2 : n1;
    bool fits = *apart == 0 ? isAtMost(terms, n1, factor, step) && isAtMost(terms, n2, factor, step)
                            : isAtMost(terms, first, factor, step) &&
                                  isAtMost(terms, terms.add(second, shift), factor, step);
    if (fits)
      found.insert(variable);
  }
  return llvm::all_of(loop.steps, [&](auto &entry) { return found.contains(entry.first); });
}

bool ParallelAccesses::areSeparate(const Access &a, const Access &b) {
  if (a.scatter && a.scatter == b.scatter)
    return true;
  const ParallelLoop &loop = values.getLoop(tensors);
  SmallPtrSet<const Term *, 4> found;
  for (auto [x, y] : llvm::zip(a.place.path, b.place.path)) {
    if (x == y && loop.boxes.contains(x))
      return true;
    if (x->is(Kind::Box) && y->is(Kind::Box)) {
      if (areSeparate(x, y, found))
        return true;
    }
    if (x != y || !values.isInvariant(x, tensors))
      return false;
  }
  return false;
}

void ParallelAccesses::check(llvm::function_ref<void(Operation *, Operation *)> report) {
  for (auto &[base, list] : writes)
    for (const Access &read : reads.lookup(base))
      for (const Access &write : list)
        if (!areSeparate(read, write)) {
          report(read.op, write.op);
          break;
        }
}

bool ParallelAccesses::mayCollide(Value base) {
  SmallVector<Access> list = writes.lookup(base);
  for (const Access &a : list)
    for (const Access &b : list)
      if (!areSeparate(a, b))
        return true;
  return false;
}

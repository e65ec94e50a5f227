#include "Memory.h"

using namespace mlir;
using namespace mlir::colt5;

Place Place::through(const Term *view) const {
  Place result = *this;
  if (condition) {
    result.first = std::make_shared<Place>(first->through(view));
    result.second = std::make_shared<Place>(second->through(view));
  } else {
    result.path.push_back(view);
  }
  return result;
}

void Place::forEach(llvm::function_ref<void(const Place &)> visit) const {
  if (!condition)
    return visit(*this);
  first->forEach(visit);
  second->forEach(visit);
}

bool Place::operator==(const Place &other) const {
  if (condition || other.condition)
    return condition == other.condition && *first == *other.first && *second == *other.second;
  return base == other.base && path == other.path;
}

static bool arePartsDisjoint(TermBuilder &terms, const Place &a, const Place &b) {
  if (a.base != b.base)
    return true;
  for (auto [x, y] : llvm::zip(a.path, b.path)) {
    if (x == y)
      continue;
    return x->is(Term::Kind::Box) && y->is(Term::Kind::Box) && areDisjoint(terms, x, y);
  }
  return false;
}

bool colt5::areDisjoint(TermBuilder &terms, const Place &a, const Place &b) {
  bool result = true;
  a.forEach([&](const Place &x) {
    b.forEach([&](const Place &y) { result = result && arePartsDisjoint(terms, x, y); });
  });
  return result;
}

const Term *Memory::read(const Place &place) const {
  if (place.condition)
    return terms->phi(place.condition, read(*place.first), read(*place.second));
  const Term *content = contents.lookup(place.base);
  for (const Term *view : place.path)
    content = terms->view(content, view);
  return content;
}

void Memory::write(const Place &place, const Term *part, Operation *writer) {
  if (!place.condition) {
    contents[place.base] = terms->write(contents.lookup(place.base), place.path, part);
    writers[place.base] = writer;
    return;
  }
  Memory second = *this;
  write(*place.first, part, writer);
  second.write(*place.second, part, writer);
  Memory first = *this;
  merge(place.condition, first, second);
}

void Memory::merge(const Term *condition, const Memory &a, const Memory &b) {
  for (auto &[base, content] : contents) {
    const Term *x = a.contents.lookup(base), *y = b.contents.lookup(base);
    content = x && y ? terms->phi(condition, x, y) : content;
    Operation *before = writers.lookup(base), *inA = a.writers.lookup(base), *inB = b.writers.lookup(base);
    writers[base] = inB != before ? inB : inA;
  }
  // Buffers of one side that it passes on.
  for (const Memory *side : {&a, &b})
    for (auto &[base, content] : side->contents)
      if (contents.try_emplace(base, content).second)
        writers[base] = side->writers.lookup(base);
}

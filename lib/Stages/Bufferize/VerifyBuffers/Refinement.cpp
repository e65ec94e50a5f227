#include "Terms.h"

using namespace mlir;
using namespace mlir::colt5;

using Kind = Term::Kind;

bool Refinement::holds(const Term *found, const Term *expected) { return check(found, expected); }

const Term *Refinement::choose(const Term *term) {
  while (term->is(Kind::Phi)) {
    auto known = assumed.find(term->operand(0));
    if (known == assumed.end())
      break;
    term = term->operand(known->second ? 1 : 2);
  }
  if (!term->is(Kind::Slice))
    return term;
  // A slice of one of two tensors by the size of whichever it is.
  const Term *box = term->operand(1);
  auto chooseAll = [&](ArrayRef<const Term *> list) {
    return Terms(llvm::map_range(list, [&](const Term *part) { return choose(part); }));
  };
  const Term *chosen =
      terms.box(chooseAll(getOffsets(box)), chooseAll(getSizes(box)), chooseAll(getStrides(box)));
  return chosen == box ? term : choose(terms.slice(term->operand(0), chosen));
}

bool Refinement::check(const Term *found, const Term *expected) {
  if (found == expected)
    return true;
  if (!assumed.empty()) {
    found = choose(found);
    expected = choose(expected);
  }
  found = terms.ignoreCasts(found);
  expected = terms.ignoreCasts(expected);
  if (found == expected || expected->is(Kind::Undef) || llvm::is_contained(expected->shape, terms.integer(0)))
    return true;
  if (found->shape.size() != expected->shape.size() || found->type != expected->type)
    return false;
  std::pair<const Term *, const Term *> key(found, expected);
  if (assumed.empty())
    if (auto result = known.find(key); result != known.end())
      return result->second;

  if (!open.insert({found, expected, assumed.size()}).second)
    return false;
  bool result = checkKinds(found, expected);
  open.erase({found, expected, assumed.size()});
  if (assumed.empty())
    known[key] = result;
  return result;
}

bool Refinement::checkKinds(const Term *found, const Term *expected) {
  if (found->is(Kind::Phi) || expected->is(Kind::Phi))
    return checkPhi(found, expected);
  if (expected->is(Kind::LoopInsert) && found->is(Kind::LoopInsert))
    return checkLoop(found, expected);
  if (expected->is(Kind::Insert) || found->is(Kind::Insert)) {
    Terms mask;
    return checkOutside(found, expected, mask);
  }
  if ((expected->is(Kind::Reshape) || found->is(Kind::Reshape)) && !terms.haveEqualSizes(found, expected))
    return false;
  if (expected->is(Kind::Reshape)) {
    const Term *inner = expected->operand(0);
    return check(terms.reshape(found, terms.shapeOf(inner->shape)), inner);
  }
  if (found->is(Kind::Reshape)) {
    const Term *inner = found->operand(0);
    return check(inner, terms.reshape(expected, terms.shapeOf(inner->shape)));
  }
  return expected->is(Kind::Slice) && found->is(Kind::Slice) && expected->operand(1) == found->operand(1) &&
         check(found->operand(0), expected->operand(0));
}

bool Refinement::checkPhi(const Term *found, const Term *expected) {
  const Term *condition = (expected->is(Kind::Phi) ? expected : found)->operand(0);
  bool result = true;
  for (bool value : {true, false}) {
    assumed[condition] = value;
    result = result && check(found, expected);
  }
  assumed.erase(condition);
  return result;
}

bool Refinement::checkLoop(const Term *found, const Term *expected) {
  if (found->ints != expected->ints)
    return false;
  const Term *dest = expected->operand(0);
  bool isFree = dest->is(Kind::Undef);
  auto boxes = [](const Term *loop) { return llvm::seq<unsigned>(0, (loop->operands.size() - 1) / 2); };
  const Term *iteration = found->operand(0);
  for (unsigned i : boxes(found))
    iteration = terms.insert(iteration, found->operand(2 * i + 1), found->operand(2 * i + 2));
  Terms written;
  for (unsigned i : boxes(expected)) {
    written.push_back(expected->operand(2 * i + 1));
    if (!check(terms.slice(iteration, written.back()), expected->operand(2 * i + 2)))
      return false;
  }
  for (unsigned i : boxes(found))
    if (!isFree && !isMasked(found->operand(2 * i + 1), written))
      return false;
  return check(found->operand(0), dest);
}

bool Refinement::isMasked(const Term *box, ArrayRef<const Term *> mask) {
  return llvm::any_of(mask, [&](const Term *part) { return covers(terms, part, box); });
}

bool Refinement::checkOutside(const Term *found, const Term *expected, Terms &mask) {
  while (true) {
    if (!assumed.empty()) {
      found = choose(found);
      expected = choose(expected);
    }
    if (found == expected || expected->is(Kind::Undef))
      return true;
    if (found->is(Kind::Insert) && isMasked(found->operand(1), mask)) {
      found = found->operand(0);
    } else if (expected->is(Kind::Insert)) {
      const Term *box = expected->operand(1);
      if (!isMasked(box, mask) && !check(terms.slice(found, box), expected->operand(2)))
        return false;
      mask.push_back(box);
      expected = expected->operand(0);
    } else if (found->is(Kind::Insert)) {
      const Term *box = found->operand(1);
      if (!check(found->operand(2), terms.slice(expected, box)))
        return false;
      mask.push_back(box);
      found = found->operand(0);
    } else {
      return check(found, expected);
    }
  }
}

#include "Terms.h"

#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/MathExtras.h"
#include <map>

using namespace mlir;
using namespace mlir::colt5;

using Kind = Term::Kind;

void Term::profile(llvm::FoldingSetNodeID &id, Kind kind, Type type, Attribute attr, ArrayRef<int64_t> ints,
                   ArrayRef<const Term *> operands, ArrayRef<const Term *> shape) {
  id.AddInteger(static_cast<unsigned>(kind));
  id.AddPointer(type.getAsOpaquePointer());
  id.AddPointer(attr.getAsOpaquePointer());
  id.AddInteger(ints.size());
  for (int64_t value : ints)
    id.AddInteger(value);
  id.AddInteger(operands.size());
  for (const Term *operand : operands)
    id.AddPointer(operand);
  for (const Term *size : shape)
    id.AddPointer(size);
}

TermBuilder::TermBuilder(MLIRContext *context) : context(context), indexType(IndexType::get(context)) {}

const Term *TermBuilder::get(Kind kind, Type type, Attribute attr, ArrayRef<int64_t> ints,
                             ArrayRef<const Term *> operands, ArrayRef<const Term *> shape) {
  llvm::FoldingSetNodeID id;
  Term::profile(id, kind, type, attr, ints, operands, shape);
  void *position;
  if (Term *found = terms.FindNodeOrInsertPos(id, position))
    return found;
  auto *term = new (allocator.Allocate<Term>()) Term();
  term->kind = kind;
  term->type = type;
  term->attr = attr;
  term->ints = ints.copy(allocator);
  term->operands = operands.copy(allocator);
  term->shape = shape.copy(allocator);
  term->number = count++;
  terms.InsertNode(term, position);
  return term;
}

std::optional<int64_t> colt5::getInt(const Term *term) {
  return term->is(Kind::Int) ? std::optional<int64_t>(term->ints[0]) : std::nullopt;
}

//===----------------------------------------------------------------------===//
// Scalars
//===----------------------------------------------------------------------===//

const Term *TermBuilder::integer(int64_t value) { return get(Kind::Int, indexType, {}, {value}, {}, {}); }

const Term *TermBuilder::constant(TypedAttr attr) {
  if (auto value = dyn_cast<IntegerAttr>(attr); value && attr.getType().isIndex())
    return integer(value.getInt());
  return get(Kind::Constant, attr.getType(), attr, {}, {}, {});
}

const Term *TermBuilder::atom(AtomKind what, int64_t owner, int64_t number, Type type) {
  return get(Kind::Atom, type, {}, {what, owner, number}, {}, {});
}

/// Adds `factor * term` to a sum of atoms.
static void addTo(std::map<unsigned, std::pair<const Term *, int64_t>> &sum, int64_t &constant,
                  const Term *term, int64_t factor) {
  auto addAtom = [&](const Term *atom, int64_t coefficient) {
    auto &entry = sum.try_emplace(atom->number, atom, 0).first->second;
    entry.second += coefficient * factor;
  };
  if (term->is(Kind::Int)) {
    constant += factor * term->ints[0];
  } else if (term->is(Kind::Linear)) {
    constant += factor * term->ints[0];
    for (auto [atom, coefficient] : llvm::zip_equal(term->operands, term->ints.drop_front()))
      addAtom(atom, coefficient);
  } else {
    addAtom(term, 1);
  }
}

const Term *TermBuilder::combine(const Term *a, int64_t factor, const Term *b) {
  std::map<unsigned, std::pair<const Term *, int64_t>> sum;
  int64_t constant = 0;
  addTo(sum, constant, a, 1);
  addTo(sum, constant, b, factor);
  Terms atoms;
  SmallVector<int64_t> ints{constant};
  for (auto &[number, entry] : sum) {
    if (entry.second == 0)
      continue;
    atoms.push_back(entry.first);
    ints.push_back(entry.second);
  }
  if (atoms.empty())
    return integer(constant);
  if (atoms.size() == 1 && constant == 0 && ints[1] == 1)
    return atoms[0];
  return get(Kind::Linear, indexType, {}, ints, atoms, {});
}

const Term *TermBuilder::multiply(const Term *a, const Term *b) {
  if (std::optional<int64_t> factor = getInt(b))
    return combine(integer(0), *factor, a);
  if (std::optional<int64_t> factor = getInt(a))
    return combine(integer(0), *factor, b);
  if (a->number > b->number)
    std::swap(a, b);
  return apply(StringAttr::get(context, "mul"), {a, b}, indexType);
}

const Term *TermBuilder::minimum(ArrayRef<const Term *> operands) {
  std::map<unsigned, const Term *> parts;
  std::optional<int64_t> known;
  for (const Term *operand : operands) {
    for (const Term *part : operand->is(Kind::Min) ? operand->operands : ArrayRef<const Term *>(operand)) {
      if (std::optional<int64_t> value = getInt(part))
        known = known ? std::min(*known, *value) : *value;
      else
        parts[part->number] = part;
    }
  }
  Terms list;
  if (known)
    list.push_back(integer(*known));
  for (auto &[number, part] : parts)
    list.push_back(part);
  return list.size() == 1 ? list[0] : get(Kind::Min, indexType, {}, {}, list, {});
}

const Term *TermBuilder::apply(Attribute what, ArrayRef<const Term *> operands, Type type, int64_t result) {
  return get(Kind::Apply, type, what, {result}, operands, {});
}

const Term *TermBuilder::binary(StringRef name, const Term *a, const Term *b) {
  std::optional<int64_t> x = getInt(a), y = getInt(b);
  if (x && y && *y > 0) {
    if (name == "floordiv")
      return integer(llvm::divideFloorSigned(*x, *y));
    if (name == "ceildiv")
      return integer(llvm::divideCeilSigned(*x, *y));
    if (name == "mod")
      return integer(llvm::mod(*x, *y));
  }
  if (y == 1)
    return name == "mod" ? integer(0) : a;
  return apply(StringAttr::get(context, name), {a, b}, indexType);
}

const Term *TermBuilder::affine(AffineExpr expr, ArrayRef<const Term *> dims,
                                ArrayRef<const Term *> symbols) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return integer(constant.getValue());
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return dims[dim.getPosition()];
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return symbols[symbol.getPosition()];
  auto node = cast<AffineBinaryOpExpr>(expr);
  const Term *a = affine(node.getLHS(), dims, symbols), *b = affine(node.getRHS(), dims, symbols);
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    return add(a, b);
  case AffineExprKind::Mul:
    return multiply(a, b);
  case AffineExprKind::FloorDiv:
    return binary("floordiv", a, b);
  case AffineExprKind::CeilDiv:
    return binary("ceildiv", a, b);
  default:
    return binary("mod", a, b);
  }
}

const Term *TermBuilder::element(const Term *tensor, ArrayRef<const Term *> indices) {
  const Term *part = slice(tensor, unitBox(indices));
  if (part->is(Kind::Unit))
    return part->operand(0);
  if (auto dense = dyn_cast_if_present<SplatElementsAttr>(part->attr); dense && part->is(Kind::Constant))
    return constant(dense.getSplatValue<TypedAttr>());
  return get(Kind::Elem, tensor->type, {}, {}, {part}, {});
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

const Term *TermBuilder::box(ArrayRef<const Term *> offsets, ArrayRef<const Term *> sizes,
                             ArrayRef<const Term *> strides) {
  Terms all(offsets);
  llvm::append_range(all, sizes);
  // One element has no next one, however far that would be.
  for (auto [size, stride] : llvm::zip_equal(sizes, strides))
    all.push_back(getInt(size) == 1 ? integer(1) : stride);
  return get(Kind::Box, indexType, {}, {}, all, {});
}

const Term *TermBuilder::unitBox(ArrayRef<const Term *> offsets) {
  Terms ones(offsets.size(), integer(1));
  return box(offsets, ones, ones);
}

const Term *TermBuilder::wholeBox(ArrayRef<const Term *> shape) {
  return box(Terms(shape.size(), integer(0)), shape, Terms(shape.size(), integer(1)));
}

const Term *TermBuilder::shapeOf(ArrayRef<const Term *> sizes) {
  return get(Kind::Shape, indexType, {}, {}, sizes, {});
}

const Term *TermBuilder::undef(ArrayRef<const Term *> shape, Type type) {
  return get(Kind::Undef, type, {}, {}, {}, shape);
}

const Term *TermBuilder::unit(const Term *scalar, unsigned rank) {
  return get(Kind::Unit, scalar->type, {}, {}, {scalar}, Terms(rank, integer(1)));
}

const Term *TermBuilder::leaf(Kind kind, ArrayRef<int64_t> ints, ArrayRef<const Term *> shape, Type type) {
  return get(kind, type, {}, ints, {}, shape);
}

const Term *TermBuilder::constantTensor(Attribute elements, ArrayRef<const Term *> shape, Type type) {
  return get(Kind::Constant, type, elements, {}, {}, shape);
}

static bool isZero(const Term *term) { return getInt(term) == 0; }
static bool isOne(const Term *term) { return getInt(term) == 1; }

/// Whether the box is all of a tensor of this shape.
static bool isWhole(const Term *box, ArrayRef<const Term *> shape) {
  return getSizes(box) == shape && llvm::all_of(getOffsets(box), isZero) &&
         llvm::all_of(getStrides(box), isOne);
}

const Term *TermBuilder::compose(const Term *outer, const Term *inner) {
  Terms offsets, strides;
  for (auto [o1, s1, o2, s2] :
       llvm::zip_equal(getOffsets(outer), getStrides(outer), getOffsets(inner), getStrides(inner))) {
    offsets.push_back(add(o1, multiply(o2, s1)));
    strides.push_back(multiply(s1, s2));
  }
  return box(offsets, getSizes(inner), strides);
}

const Term *TermBuilder::relate(const Term *inner, const Term *outer) {
  Terms offsets;
  for (auto [a, b] : llvm::zip_equal(getOffsets(inner), getOffsets(outer)))
    offsets.push_back(subtract(a, b));
  return box(offsets, getSizes(inner), getStrides(inner));
}

/// The elements of a constant with other sizes, or null where that is more than a change of type.
static Attribute resize(const Term *constant, ArrayRef<const Term *> shape, bool sameCount) {
  auto dense = dyn_cast<DenseElementsAttr>(constant->attr);
  SmallVector<int64_t> sizes;
  for (const Term *size : shape) {
    std::optional<int64_t> value = getInt(size);
    if (!value)
      return {};
    sizes.push_back(*value);
  }
  if (!dense || (!sameCount && !dense.isSplat()))
    return {};
  auto type = RankedTensorType::get(sizes, dense.getElementType());
  return dense.isSplat() ? dense.resizeSplat(type) : dense.reshape(type);
}

const Term *TermBuilder::slice(const Term *tensor, const Term *box) {
  if (isWhole(box, tensor->shape))
    return tensor;
  switch (tensor->kind) {
  case Kind::Undef:
    return undef(getSizes(box), tensor->type);
  case Kind::Slice:
    return slice(tensor->operand(0), compose(tensor->operand(1), box));
  case Kind::Phi:
    return phi(tensor->operand(0), slice(tensor->operand(1), box), slice(tensor->operand(2), box));
  case Kind::Constant:
    if (Attribute part = resize(tensor, getSizes(box), /*sameCount=*/false))
      return constantTensor(part, getSizes(box), tensor->type);
    break;
  case Kind::Insert: {
    const Term *written = tensor->operand(1);
    if (areDisjoint(*this, written, box))
      return slice(tensor->operand(0), box);
    if (written == box)
      return tensor->operand(2);
    if (covers(*this, written, box) && llvm::all_of(getStrides(written), isOne))
      return slice(tensor->operand(2), relate(box, written));
    if (covers(*this, box, written) && llvm::all_of(getStrides(box), isOne))
      return insert(slice(tensor->operand(0), box), relate(written, box), tensor->operand(2));
    break;
  }
  default:
    break;
  }
  return get(Kind::Slice, tensor->type, {}, {}, {tensor, box}, getSizes(box));
}

const Term *TermBuilder::reshape(const Term *tensor, const Term *shape) {
  if (tensor->shape == shape->operands)
    return tensor;
  switch (tensor->kind) {
  case Kind::Undef:
    return undef(shape->operands, tensor->type);
  case Kind::Reshape:
    return reshape(tensor->operand(0), shape);
  case Kind::Phi:
    return phi(tensor->operand(0), reshape(tensor->operand(1), shape), reshape(tensor->operand(2), shape));
  case Kind::Unit:
    return unit(tensor->operand(0), shape->operands.size());
  case Kind::Constant:
    if (Attribute elements = resize(tensor, shape->operands, /*sameCount=*/true))
      return constantTensor(elements, shape->operands, tensor->type);
    break;
  default:
    break;
  }
  return get(Kind::Reshape, tensor->type, {}, {}, {tensor, shape}, shape->operands);
}

const Term *TermBuilder::insert(const Term *dest, const Term *box, const Term *source) {
  if (isWhole(box, dest->shape))
    return source;
  if (llvm::is_contained(getSizes(box), integer(0)))
    return dest;
  // A part of a part is one part.
  if (source->is(Kind::Insert) && source->operand(0) == slice(dest, box))
    return insert(dest, compose(box, source->operand(1)), source->operand(2));
  if (source == slice(dest, box))
    return dest;
  // What is overwritten is gone.
  SmallVector<const Term *> kept;
  const Term *base = dest;
  bool dropped = false;
  for (; base->is(Kind::Insert); base = base->operand(0)) {
    if (covers(*this, box, base->operand(1)))
      dropped = true;
    else
      kept.push_back(base);
  }
  if (dropped) {
    dest = base;
    for (const Term *part : llvm::reverse(kept))
      dest = get(Kind::Insert, dest->type, {}, {}, {dest, part->operand(1), part->operand(2)}, dest->shape);
  }
  return get(Kind::Insert, dest->type, {}, {}, {dest, box, source}, dest->shape);
}

const Term *TermBuilder::loopInsert(int64_t loop, const Term *dest,
                                    ArrayRef<std::pair<const Term *, const Term *>> parts) {
  if (parts.empty())
    return dest;
  Terms operands{dest};
  for (auto [box, source] : parts) {
    operands.push_back(box);
    operands.push_back(source);
  }
  return get(Kind::LoopInsert, dest->type, {}, {loop}, operands, dest->shape);
}

const Term *TermBuilder::phi(const Term *condition, const Term *a, const Term *b) {
  if (a == b)
    return a;
  if (condition->is(Kind::Constant))
    return cast<IntegerAttr>(condition->attr).getValue().isZero() ? b : a;
  // One place that only one side writes, or both.
  auto merge = [&](const Term *dest, const Term *box) {
    return insert(dest, box, phi(condition, slice(a, box), slice(b, box)));
  };
  if (a->is(Kind::Insert) && a->operand(0) == b)
    return merge(b, a->operand(1));
  if (b->is(Kind::Insert) && b->operand(0) == a)
    return merge(a, b->operand(1));
  if (a->is(Kind::Insert) && b->is(Kind::Insert) && a->operand(0) == b->operand(0) &&
      a->operand(1) == b->operand(1))
    return merge(a->operand(0), a->operand(1));
  Terms shape;
  for (auto [x, y] : llvm::zip_equal(a->shape, b->shape))
    shape.push_back(phi(condition, x, y));
  return get(Kind::Phi, a->type, {}, {}, {condition, a, b}, shape);
}

const Term *TermBuilder::view(const Term *tensor, const Term *path) {
  return path->is(Kind::Box) ? slice(tensor, path) : reshape(tensor, path);
}

const Term *TermBuilder::write(const Term *tensor, ArrayRef<const Term *> path, const Term *part) {
  if (path.empty())
    return part;
  const Term *first = path.front();
  const Term *inner = path.size() == 1 ? part : write(view(tensor, first), path.drop_front(), part);
  return first->is(Kind::Box) ? insert(tensor, first, inner) : reshape(inner, shapeOf(tensor->shape));
}

//===----------------------------------------------------------------------===//
// Boxes
//===----------------------------------------------------------------------===//

static bool isAtLeast(TermBuilder &terms, const Term *a, const Term *b) {
  std::optional<int64_t> difference = getInt(terms.subtract(a, b));
  return difference && *difference >= 0;
}

/// From the first of `size` places to behind the last one, `stride` apart; null where that is not known.
static const Term *getExtent(TermBuilder &terms, const Term *size, const Term *stride) {
  if (isOne(stride))
    return size;
  std::optional<int64_t> count = getInt(size), step = getInt(stride);
  return count && step && *count > 0 && *step > 0 ? terms.integer((*count - 1) * *step + 1) : nullptr;
}

bool colt5::areDisjoint(TermBuilder &terms, const Term *a, const Term *b) {
  for (auto [o1, n1, s1, o2, n2, s2] : llvm::zip_equal(getOffsets(a), getSizes(a), getStrides(a),
                                                       getOffsets(b), getSizes(b), getStrides(b))) {
    const Term *e1 = getExtent(terms, n1, s1), *e2 = getExtent(terms, n2, s2);
    if (e1 && e2 && (isAtLeast(terms, o2, terms.add(o1, e1)) || isAtLeast(terms, o1, terms.add(o2, e2))))
      return true;
  }
  return false;
}

bool colt5::covers(TermBuilder &terms, const Term *outer, const Term *inner) {
  if (outer == inner)
    return true;
  for (auto [o1, n1, s1, o2, n2, s2] :
       llvm::zip_equal(getOffsets(outer), getSizes(outer), getStrides(outer), getOffsets(inner),
                       getSizes(inner), getStrides(inner))) {
    if (o1 == o2 && n1 == n2 && s1 == s2)
      continue;
    const Term *extent = getExtent(terms, n2, s2);
    if (!isOne(s1) || !extent || !isAtLeast(terms, o2, o1) ||
        !isAtLeast(terms, terms.add(o1, n1), terms.add(o2, extent)))
      return false;
  }
  return true;
}

const Term *colt5::refineSizes(TermBuilder &terms, const Term *term, Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  if (!shaped || !shaped.hasRank() || shaped.getRank() != int64_t(term->shape.size()))
    return term;
  return terms.reshape(term, terms.castSizes(term->shape, shaped));
}

void TermBuilder::unifySizes(ArrayRef<const Term *> a, ArrayRef<const Term *> b) {
  if (a.size() != b.size())
    return;
  for (auto [x, y] : llvm::zip_equal(a, b))
    if (x != y && !(getInt(x) && getInt(y)))
      equalSizes.unionSets(x, y);
}

const Term *TermBuilder::castSizes(ArrayRef<const Term *> sizes, ShapedType type) {
  Terms result(sizes);
  for (auto [term, size] : llvm::zip_equal(result, type.getShape()))
    if (!ShapedType::isDynamic(size))
      term = integer(size);
  return shapeOf(result);
}

const Term *TermBuilder::fit(const Term *source, const Term *box) {
  unifySizes(source->shape, getSizes(box));
  return reshape(source, shapeOf(getSizes(box)));
}

bool TermBuilder::haveEqualSizes(const Term *a, const Term *b) const {
  return a->shape.size() == b->shape.size() && llvm::all_of(llvm::zip(a->shape, b->shape), [&](auto sizes) {
           auto [x, y] = sizes;
           return x == y || equalSizes.isEquivalent(x, y);
         });
}

const Term *TermBuilder::ignoreCasts(const Term *term) const {
  auto isFromBeginning = [](const Term *box) {
    return llvm::all_of(getOffsets(box), [](const Term *offset) { return getInt(offset) == 0; }) &&
           llvm::all_of(getStrides(box), isOne);
  };
  while ((term->is(Kind::Reshape) || (term->is(Kind::Slice) && isFromBeginning(term->operand(1)))) &&
         haveEqualSizes(term, term->operand(0)))
    term = term->operand(0);
  return term;
}

#ifndef COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_TERMS_H
#define COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_TERMS_H

#include "mlir/IR/Attributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Types.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/FoldingSet.h"
#include "llvm/Support/Allocator.h"

namespace mlir::colt5 {

/// What a value is, as an expression over the inputs of a function and over the ops that compute. Equal
/// expressions are one object, so two values that are equal for a reason that the terms know have equal
/// pointers.
struct Term : llvm::FoldingSetNode {
  enum class Kind {
    // Scalars.
    Int,    // an index: ints = {value}
    Linear, // an index: ints = {constant, coefficients...}, operands = atoms
    Min,    // an index: the smallest of its operands
    Apply,  // any other scalar op: attr = name and attributes, ints = {result}
    Atom,   // something that has only a name: ints = {what, owner, number}
    Elem,   // the element of a tensor that has only one
    // Regions of tensors.
    Box,   // of a slice: operands = offsets, sizes, strides
    Shape, // of a reshaped tensor: operands = sizes
    // Tensors.
    Arg,        // ints = {number of the argument}
    Constant,   // attr = the elements; also scalar constants that are no index
    Undef,      // anything
    Opaque,     // what op ints[0] computes as its result ints[1]
    Unit,       // a tensor with one element: operands = {scalar}
    Slice,      // operands = {tensor, box}
    Reshape,    // operands = {tensor, shape}
    Insert,     // operands = {destination, box, source}
    LoopInsert, // after all iterations of parallel loop ints[0]: operands = {destination, (box, source)...}
    Phi,        // operands = {condition, then, else}; also of scalars
    Carried,    // loop ints[0], value ints[1] at the begin of an iteration
    Result,     // loop ints[0], value ints[1] after the loop
    Havoc,      // unknown contents: what op ints[0] leaves in its buffer ints[1]
  };

  Kind kind;
  Type type;
  Attribute attr;
  ArrayRef<int64_t> ints;
  ArrayRef<const Term *> operands;
  /// Sizes of a tensor.
  ArrayRef<const Term *> shape;
  unsigned number;

  bool is(Kind other) const { return kind == other; }
  const Term *operand(unsigned index) const { return operands[index]; }
  void Profile(llvm::FoldingSetNodeID &id) const { profile(id, kind, type, attr, ints, operands, shape); }
  static void profile(llvm::FoldingSetNodeID &id, Kind kind, Type type, Attribute attr,
                      ArrayRef<int64_t> ints, ArrayRef<const Term *> operands, ArrayRef<const Term *> shape);
};

using Terms = SmallVector<const Term *>;

/// Parts of a box.
inline ArrayRef<const Term *> getOffsets(const Term *box) {
  return box->operands.take_front(box->operands.size() / 3);
}
inline ArrayRef<const Term *> getSizes(const Term *box) {
  return box->operands.slice(box->operands.size() / 3, box->operands.size() / 3);
}
inline ArrayRef<const Term *> getStrides(const Term *box) {
  return box->operands.take_back(box->operands.size() / 3);
}

/// Makes terms, in a normal form.
class TermBuilder {
public:
  enum AtomKind { ScalarArg, Dim, Induction, CarriedScalar, ResultScalar, BodyArg, Index };

  explicit TermBuilder(MLIRContext *context);

  // Scalars.
  const Term *integer(int64_t value);
  const Term *constant(TypedAttr attr);
  const Term *atom(AtomKind what, int64_t owner, int64_t number, Type type);
  const Term *add(const Term *a, const Term *b) { return combine(a, 1, b); }
  const Term *subtract(const Term *a, const Term *b) { return combine(a, -1, b); }
  const Term *multiply(const Term *a, const Term *b);
  const Term *minimum(ArrayRef<const Term *> operands);
  const Term *apply(Attribute what, ArrayRef<const Term *> operands, Type type, int64_t result = 0);
  /// A binary op on indices that is no sum, folded where both operands are known.
  const Term *binary(StringRef name, const Term *a, const Term *b);
  const Term *element(const Term *tensor, ArrayRef<const Term *> indices);
  const Term *affine(AffineExpr expr, ArrayRef<const Term *> dims, ArrayRef<const Term *> symbols);

  // Tensors.
  const Term *box(ArrayRef<const Term *> offsets, ArrayRef<const Term *> sizes,
                  ArrayRef<const Term *> strides);
  const Term *unitBox(ArrayRef<const Term *> offsets);
  const Term *wholeBox(ArrayRef<const Term *> shape);
  const Term *shapeOf(ArrayRef<const Term *> sizes);
  const Term *undef(ArrayRef<const Term *> shape, Type type);
  const Term *unit(const Term *scalar, unsigned rank);
  const Term *leaf(Term::Kind kind, ArrayRef<int64_t> ints, ArrayRef<const Term *> shape, Type type);
  const Term *constantTensor(Attribute elements, ArrayRef<const Term *> shape, Type type);
  const Term *slice(const Term *tensor, const Term *box);
  const Term *reshape(const Term *tensor, const Term *shape);
  const Term *insert(const Term *dest, const Term *box, const Term *source);
  const Term *loopInsert(int64_t loop, const Term *dest,
                         ArrayRef<std::pair<const Term *, const Term *>> parts);
  const Term *phi(const Term *condition, const Term *a, const Term *b);
  /// The part of a tensor that a box or a shape shows.
  const Term *view(const Term *tensor, const Term *path);
  /// `tensor` with the part that `path` shows replaced.
  const Term *write(const Term *tensor, ArrayRef<const Term *> path, const Term *part);

  /// Takes these sizes for equal from now on: an op on tensors is undefined where they differ. Nothing
  /// happens when there are more of the one than of the other.
  void unifySizes(ArrayRef<const Term *> a, ArrayRef<const Term *> b);
  /// The sizes `sizes` where a cast gives `type`, which has so many dimensions.
  const Term *castSizes(ArrayRef<const Term *> sizes, ShapedType type);
  /// `source` with the sizes of `box`, to which it is inserted.
  const Term *fit(const Term *source, const Term *box);
  /// Whether two tensors have the same sizes, in so far as the terms and the ops tell.
  bool haveEqualSizes(const Term *a, const Term *b) const;
  /// What `term` holds, without the reshapes and slices that only give equal sizes other
  /// terms.
  const Term *ignoreCasts(const Term *term) const;

private:
  const Term *get(Term::Kind kind, Type type, Attribute attr, ArrayRef<int64_t> ints,
                  ArrayRef<const Term *> operands, ArrayRef<const Term *> shape);
  const Term *combine(const Term *a, int64_t factor, const Term *b);
  const Term *compose(const Term *outer, const Term *inner);
  /// The box `inner` as a part of `outer`, which covers it and has unit strides.
  const Term *relate(const Term *inner, const Term *outer);

  MLIRContext *context;
  Type indexType;
  llvm::BumpPtrAllocator allocator;
  llvm::FoldingSet<Term> terms;
  llvm::EquivalenceClasses<const Term *> equalSizes;
  unsigned count = 0;
};

/// Whether two boxes of one tensor have no element in common, and whether `inner` lies in `outer`, in so far
/// as the terms tell.
bool areDisjoint(TermBuilder &terms, const Term *a, const Term *b);
bool covers(TermBuilder &terms, const Term *outer, const Term *inner);
/// The value of an index that is known.
std::optional<int64_t> getInt(const Term *term);

/// Whether contents `found` may stand where `expected` is asked for: equal in every element that `expected`
/// defines.
class Refinement {
public:
  explicit Refinement(TermBuilder &terms) : terms(terms) {}
  bool holds(const Term *found, const Term *expected);

private:
  bool check(const Term *found, const Term *expected);
  bool checkKinds(const Term *found, const Term *expected);
  bool checkPhi(const Term *found, const Term *expected);
  bool checkLoop(const Term *found, const Term *expected);
  /// The same outside of the boxes in `mask`.
  bool checkOutside(const Term *found, const Term *expected, Terms &mask);
  bool isMasked(const Term *box, ArrayRef<const Term *> mask);
  const Term *choose(const Term *term);

  TermBuilder &terms;
  llvm::DenseMap<std::pair<const Term *, const Term *>, bool> known;
  /// Conditions taken for true or false.
  llvm::DenseMap<const Term *, bool> assumed;
  /// The pairs that are being compared, and under how many of those conditions. Such a pair inside of itself
  /// is not shown.
  llvm::DenseSet<std::tuple<const Term *, const Term *, unsigned>> open;
};

/// `term` with the static sizes of `type`, which a cast claims.
const Term *refineSizes(TermBuilder &terms, const Term *term, Type type);

} // namespace mlir::colt5

#endif // COLT5_LIB_STAGES_BUFFERIZE_VERIFYBUFFERS_TERMS_H

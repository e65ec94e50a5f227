#ifndef COLT5_DIALECT_COLT5_IR_COLT5_H
#define COLT5_DIALECT_COLT5_IR_COLT5_H

#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "colt5/Dialect/Colt5/IR/ClauseSyntax.h"
#include "colt5/Dialect/Colt5/IR/VerifierUtils.h"
#include "colt5/Machine/Machine.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/SCF/IR/DeviceMappingInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/ParallelCombiningOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "colt5/Dialect/Colt5/IR/Colt5Enums.h.inc"

namespace mlir::colt5 {
/// A number of a schedule: what it is called and what it can be, unless it is 0, which leaves it open.
struct ScheduleNumber {
  StringRef name;
  int64_t min, max;
  /// It is a multiple of this, and a power of two if that is said.
  int64_t multiple = 1;
  bool isPowerOfTwo = false;
};
} // namespace mlir::colt5

#include "colt5/Dialect/Colt5/IR/Colt5AttrInterfaces.h.inc"
#include "colt5/Dialect/Colt5/IR/Colt5OpInterfaces.h.inc"
#define GET_ATTRDEF_CLASSES
#include "colt5/Dialect/Colt5/IR/Colt5Attrs.h.inc"

namespace mlir::colt5::detail {
/// Shared method bodies of the structured (destination style) ops and the composites.
void getStructuredEffects(Operation *op,
                          SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>> &effects);
Speculation::Speculatability getStructuredSpeculatability(Operation *op);
LogicalResult reifyStructuredShapes(Operation *op, OpBuilder &builder, ReifiedRankedShapedTypeDims &shapes);
LogicalResult reifyCompositeShapes(Operation *op, OpBuilder &builder, ReifiedRankedShapedTypeDims &shapes);
/// Patterns of the canonicalizer that give structured ops the static sizes of casts.
void populateCastPatterns(RewritePatternSet &patterns);
} // namespace mlir::colt5::detail

namespace mlir::colt5 {
template <typename ConcreteType> struct OptionsTrait : OpTrait::TraitBase<ConcreteType, OptionsTrait> {
  static LogicalResult verifyTrait(Operation *op) { return detail::verifyOptions(op); }
};

template <typename ConcreteType>
struct StructuredOpTrait : OpTrait::TraitBase<ConcreteType, StructuredOpTrait> {
  static LogicalResult verifyTrait(Operation *op) { return detail::verifyStructuredOp(op); }
};

template <typename ConcreteType>
struct ScoreRegionTrait : OpTrait::TraitBase<ConcreteType, ScoreRegionTrait> {
  static LogicalResult verifyRegionTrait(Operation *op) { return detail::verifyScoreRegion(op); }
};
} // namespace mlir::colt5

#define GET_OP_CLASSES
#include "colt5/Dialect/Colt5/IR/Colt5Ops.h.inc"

namespace mlir::colt5 {
/// The type of scores, weights and statistics that belongs to data of element type `type`: f64 for f64,
/// f32 for every other floating-point type.
FloatType getScoreType(Type type);

/// Whether some dimension of a shaped type is 0. The verifier of slices refuses every offset there; any
/// tensor of the right sizes is such a slice.
bool hasNoElements(Type type);

/// In place of a size's name: it has none.
inline constexpr llvm::StringLiteral kNoSizeName = "?";

/// The index that means "no token".
constexpr int64_t kNoToken = -1;

/// Number of T5 buckets when an op with a bias table has no `bias` attribute.
constexpr int64_t kDefaultNumBuckets = 32;

/// The first option of the descent of a soft top-k that differs from its default, or nothing.
StringRef findDescentOption(bool hasEpsInit, double epsDecay, int64_t iterations, DescentInit init,
                            Overflow overflow);

/// Whether the op reads its `outs` before it overwrites them (`scatter_combine`, `online_attention`).
bool readsInits(Operation *op);
} // namespace mlir::colt5

#endif // COLT5_DIALECT_COLT5_IR_COLT5_H

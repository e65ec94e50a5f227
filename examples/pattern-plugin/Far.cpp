// An attention pattern outside the compiler: a query sees the keys at a distance that is a multiple of a
// step.
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "llvm/Config/llvm-config.h"
#include <limits>

using namespace mlir;

namespace {
struct StepStorage : AttributeStorage {
  using KeyTy = int64_t;
  explicit StepStorage(int64_t step) : step(step) {}
  bool operator==(int64_t other) const { return step == other; }
  static StepStorage *construct(AttributeStorageAllocator &allocator, int64_t step) {
    return new (allocator.allocate<StepStorage>()) StepStorage(step);
  }
  int64_t step;
};

struct StepAttr : Attribute::AttrBase<StepAttr, Attribute, StepStorage, colt5::PatternAttrInterface::Trait> {
  using Base::Base;
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(StepAttr)
  static constexpr StringLiteral name = "far.step";

  bool isAllowed(int64_t qPos, int64_t kvPos) const { return (kvPos - qPos) % getImpl()->step == 0; }
  std::pair<int64_t, int64_t> getKeyRange(int64_t, int64_t) const {
    return {std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()};
  }
  Value buildAllowed(OpBuilder &b, Location loc, Value qPos, Value kvPos) const {
    auto constant = [&](int64_t value) -> Value {
      TypedAttr attr = b.getIntegerAttr(getElementTypeOrSelf(qPos.getType()), value);
      if (auto vector = dyn_cast<VectorType>(qPos.getType()))
        attr = DenseElementsAttr::get(vector, attr);
      return arith::ConstantOp::create(b, loc, attr);
    };
    Value distance = arith::SubIOp::create(b, loc, kvPos, qPos);
    Value rest = arith::RemSIOp::create(b, loc, distance, constant(getImpl()->step));
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, rest, constant(0));
  }
  std::pair<Value, Value> buildKeyRange(OpBuilder &, Location, Value, Value) const { return {}; }
};

struct FarDialect : Dialect {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(FarDialect)
  static StringRef getDialectNamespace() { return "far"; }
  explicit FarDialect(MLIRContext *context)
      : Dialect(getDialectNamespace(), context, TypeID::get<FarDialect>()) {
    addAttributes<StepAttr>();
  }
  Attribute parseAttribute(DialectAsmParser &parser, Type) const override {
    int64_t step = 0;
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseKeyword("step") || parser.parseLess() || parser.parseInteger(step) ||
        parser.parseGreater())
      return {};
    if (step < 1 || step > std::numeric_limits<int32_t>::max())
      return parser.emitError(loc, "expected a step of at least 1 that fits 32 bits, found ") << step,
             Attribute();
    return StepAttr::get(getContext(), step);
  }
  void printAttribute(Attribute attr, DialectAsmPrinter &os) const override {
    os << "step<" << cast<StepAttr>(attr).getImpl()->step << ">";
  }
};
} // namespace

extern "C" LLVM_ATTRIBUTE_WEAK DialectPluginLibraryInfo mlirGetDialectPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "far", LLVM_VERSION_STRING,
          [](DialectRegistry *registry) { registry->insert<FarDialect>(); }};
}

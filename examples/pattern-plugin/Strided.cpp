// An attention pattern from outside the compiler: `#strided.every<n>` shows a query its own position and
// every n-th one before it.
#include "colt5/Dialect/Colt5/IR/Colt5.h"
#include "colt5/Support/Version.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Tools/Plugins/DialectPlugin.h"
#include <limits>

using namespace mlir;

namespace {
struct EveryStorage : AttributeStorage {
  using KeyTy = int64_t;
  explicit EveryStorage(int64_t stride) : stride(stride) {}
  bool operator==(KeyTy key) const { return key == stride; }
  static EveryStorage *construct(AttributeStorageAllocator &allocator, KeyTy key) {
    return new (allocator.allocate<EveryStorage>()) EveryStorage(key);
  }
  int64_t stride;
};

class EveryAttr
    : public Attribute::AttrBase<EveryAttr, Attribute, EveryStorage, colt5::PatternAttrInterface::Trait> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(EveryAttr)

  using Base::Base;
  static constexpr StringLiteral name = "strided.every";

  int64_t getStride() const { return getImpl()->stride; }

  bool isAllowed(int64_t qPos, int64_t kvPos) const {
    return kvPos <= qPos && (qPos - kvPos) % getStride() == 0;
  }
  std::pair<int64_t, int64_t> getKeyRange(int64_t, int64_t qHi) const {
    return {std::numeric_limits<int64_t>::min(), qHi};
  }
  Value buildAllowed(OpBuilder &builder, Location loc, Value qPos, Value kvPos) const {
    auto constant = [&](int64_t value) -> Value {
      Type type = qPos.getType();
      TypedAttr attr = builder.getIntegerAttr(getElementTypeOrSelf(type), value);
      if (auto vector = dyn_cast<VectorType>(type))
        attr = DenseElementsAttr::get(vector, attr);
      return arith::ConstantOp::create(builder, loc, attr);
    };
    Value distance = arith::SubIOp::create(builder, loc, qPos, kvPos);
    Value rest = arith::RemSIOp::create(builder, loc, distance, constant(getStride()));
    Value isEarlier = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sge, distance, constant(0));
    Value isNth = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, rest, constant(0));
    return arith::AndIOp::create(builder, loc, isEarlier, isNth);
  }
  std::pair<Value, Value> buildKeyRange(OpBuilder &, Location, Value, Value qHi) const {
    return {Value(), qHi};
  }
};

struct StridedDialect : Dialect {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(StridedDialect)

  explicit StridedDialect(MLIRContext *context)
      : Dialect(getDialectNamespace(), context, TypeID::get<StridedDialect>()) {
    context->loadDialect<colt5::Colt5Dialect, arith::ArithDialect>();
    addAttributes<EveryAttr>();
  }
  static StringRef getDialectNamespace() { return "strided"; }

  Attribute parseAttribute(DialectAsmParser &parser, Type) const override {
    int64_t stride;
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseKeyword("every") || parser.parseLess() || parser.parseInteger(stride) ||
        parser.parseGreater())
      return {};
    if (stride < 1) {
      parser.emitError(loc) << "expected a stride >= 1, found " << stride;
      return {};
    }
    return EveryAttr::get(getContext(), stride);
  }
  void printAttribute(Attribute attr, DialectAsmPrinter &printer) const override {
    printer << "every<" << cast<EveryAttr>(attr).getStride() << ">";
  }
};
} // namespace

extern "C" LLVM_ATTRIBUTE_WEAK DialectPluginLibraryInfo mlirGetDialectPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "strided", COLT5_PLUGIN_VERSION,
          [](DialectRegistry *registry) { registry->insert<StridedDialect>(); }};
}

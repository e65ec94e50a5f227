// A family of kernels from outside the compiler: `narrow` computes products of a few rows in strips of
// columns, with the schedule `#narrow.strips<[0, 32, 0]>`, and leaves all others to the families of colt5.
#include "colt5/Stages/Plan/KernelFamily.h"
#include "colt5/Support/Version.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Tools/Plugins/DialectPlugin.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
struct StripsStorage : AttributeStorage {
  using KeyTy = ArrayRef<int64_t>;
  explicit StripsStorage(KeyTy tile) : tile(tile) {}
  bool operator==(KeyTy key) const { return key == tile; }
  static StripsStorage *construct(AttributeStorageAllocator &allocator, KeyTy key) {
    return new (allocator.allocate<StripsStorage>()) StripsStorage(allocator.copyInto(key));
  }
  KeyTy tile;
};

class StripsAttr
    : public Attribute::AttrBase<StripsAttr, Attribute, StripsStorage, ScheduleAttrInterface::Trait> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(StripsAttr)

  using Base::Base;
  static constexpr StringLiteral name = "narrow.strips";

  StringRef getFamily() const { return "narrow"; }
  ArrayRef<int64_t> getTile() const { return getImpl()->tile; }
  ScheduleAttrInterface withTile(ArrayRef<int64_t> tile) const { return get(getContext(), tile); }
};

struct NarrowDialect : Dialect {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(NarrowDialect)

  explicit NarrowDialect(MLIRContext *context)
      : Dialect(getDialectNamespace(), context, TypeID::get<NarrowDialect>()) {
    addAttributes<StripsAttr>();
  }
  static StringRef getDialectNamespace() { return "narrow"; }

  Attribute parseAttribute(DialectAsmParser &parser, Type) const override {
    SmallVector<int64_t> tile;
    auto parseSize = [&] { return parser.parseInteger(tile.emplace_back()); };
    if (parser.parseKeyword("strips") || parser.parseLess() ||
        parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseSize) || parser.parseGreater())
      return {};
    return StripsAttr::get(getContext(), ArrayRef<int64_t>(tile));
  }
  void printAttribute(Attribute attr, DialectAsmPrinter &printer) const override {
    printer << "strips<[" << cast<StripsAttr>(attr).getTile() << "]>";
  }
};

class NarrowFamily : public KernelFamily {
public:
  NarrowFamily() : KernelFamily("narrow") {}

  bool runsOn(const Machine &machine) const override { return machine.kind == MachineKind::CPU; }
  bool suits(Operation *anchor, const Machine &) const override { return isa<linalg::MatmulOp>(anchor); }

  /// The product starts from its fill, and nothing else joins it.
  bool mayFuse(const KernelDraft &draft, Fusion &fusion, const Machine &) const override {
    return isa<linalg::FillOp>(fusion.op) && colt5::mayFuse(draft, fusion, {});
  }

  ScheduleChoice choose(const KernelDraft &draft, ScheduleAttrInterface given,
                        const Machine &machine) const override {
    int64_t strip = machine.vectorBytes;
    SmallVector<int64_t> tile{0, strip, 0};
    if (given && !given.getTile().empty())
      tile = llvm::to_vector(given.getTile());
    return {StripsAttr::get(draft.root->getContext(), ArrayRef<int64_t>(tile)),
            "strips of " + std::to_string(tile[1]) + " columns"};
  }

  std::optional<std::string> check(const KernelDraft &draft, ScheduleAttrInterface schedule,
                                   const Machine &) const override {
    if (!isa<linalg::MatmulOp>(draft.root))
      return "expected a linalg.matmul at the end of the kernel";
    int64_t rows = cast<ShapedType>(draft.root->getResult(0).getType()).getDimSize(0);
    if (ShapedType::isDynamic(rows) || rows > 8)
      return "expected at most 8 rows, found " +
             (ShapedType::isDynamic(rows) ? std::string("any number") : std::to_string(rows));
    return std::nullopt;
  }
};
} // namespace

extern "C" LLVM_ATTRIBUTE_WEAK DialectPluginLibraryInfo mlirGetDialectPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "narrow", COLT5_PLUGIN_VERSION, [](DialectRegistry *registry) {
            registry->insert<NarrowDialect>();
            // Plans name schedules that no input does.
            registry->addExtension(
                +[](MLIRContext *context, Colt5Dialect *) { context->loadDialect<NarrowDialect>(); });
            registerKernelFamily<NarrowFamily>(*registry);
          }};
}

#include "colt5/Support/ElementKind.h"

#include "colt5-abi/call.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;
using namespace mlir::colt5;

template <typename T> static bool isType(Type type) { return isa<T>(type); }
template <unsigned bits> static bool isSignless(Type type) { return type.isSignlessInteger(bits); }
static bool isNoType(Type) { return false; }

static constexpr ElementTraits kTraits[] = {
    {ElementKind::I1, "i1", 1, "|b1", "uint8_t", COLT5_BOOL, "bool", isSignless<1>},
    {ElementKind::I8, "i8", 8, "|i1", "int8_t", COLT5_I8, "i8", isSignless<8>},
    {ElementKind::I16, "i16", 16, "<i2", "int16_t", COLT5_I16, "i16", isSignless<16>},
    {ElementKind::I32, "i32", 32, "<i4", "int32_t", COLT5_I32, "i32", isSignless<32>},
    {ElementKind::I64, "i64", 64, "<i8", "int64_t", COLT5_I64, "i64", isSignless<64>},
    {ElementKind::Index, "index", 64, "<i8", "int64_t", COLT5_I64, "i64", isType<IndexType>},
    {ElementKind::U16, "ui16", 16, "<u2", "uint16_t", -1, "", isNoType},
    {ElementKind::F16, "f16", 16, "<f2", "uint16_t", COLT5_F16, "f16", isType<Float16Type>},
    {ElementKind::BF16, "bf16", 16, "", "uint16_t", COLT5_BF16, "bf16", isType<BFloat16Type>},
    {ElementKind::F32, "f32", 32, "<f4", "float", COLT5_F32, "f32", isType<Float32Type>},
    {ElementKind::F64, "f64", 64, "<f8", "double", COLT5_F64, "f64", isType<Float64Type>},
};

static constexpr bool isSorted() {
  for (size_t i = 0; i < std::size(kTraits); ++i)
    if (kTraits[i].kind != static_cast<ElementKind>(i))
      return false;
  return true;
}
static_assert(isSorted() && std::size(kTraits) == static_cast<size_t>(ElementKind::F64) + 1,
              "expected one row per kind, in the order of ElementKind");

const ElementTraits &colt5::getTraits(ElementKind kind) { return kTraits[static_cast<size_t>(kind)]; }

std::optional<ElementKind> colt5::getElementKind(Type type) {
  for (const ElementTraits &traits : kTraits)
    if (traits.isKindOf(type))
      return traits.kind;
  return std::nullopt;
}

std::optional<ElementKind> colt5::getKindOfNpy(StringRef descr) {
  for (const ElementTraits &traits : kTraits)
    if (!traits.npyDescr.empty() && traits.npyDescr.drop_front() == descr.drop_front())
      return traits.kind;
  return std::nullopt;
}

StringRef colt5::getAbiName(int32_t abiType) {
  for (const ElementTraits &traits : kTraits)
    if (traits.abiType == abiType)
      return traits.abiName;
  llvm_unreachable("expected a colt5_type");
}

#include "SizeTies.h"
#include "colt5/Stages/Input/Passes.h"

#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/StringSet.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5INFERSIZES
#include "colt5/Stages/Input/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// Names the sizes of one function.
class Namer {
public:
  Namer(func::FuncOp func, const SizeTies &ties) : func(func), ties(ties), builder(func.getContext()) {}

  LogicalResult collectUserNames();
  void nameRest();
  void write();

private:
  LogicalResult take(Attribute name, unsigned classId, const Twine &place);
  void give(const Twine &wanted, unsigned classId);
  Attribute getEntry(int64_t staticSize, unsigned classId);
  std::string getName(bool isResult, unsigned index);

  func::FuncOp func;
  const SizeTies &ties;
  Builder builder;
  llvm::DenseMap<unsigned, std::string> names;
  /// Sizes that the user says are numbers.
  llvm::DenseMap<unsigned, int64_t> numbers;
  llvm::StringMap<unsigned> owners;
};
} // namespace

/// What the user wrote holds for its whole class.
LogicalResult Namer::take(Attribute entry, unsigned classId, const Twine &place) {
  if (auto number = dyn_cast_or_null<IntegerAttr>(entry)) {
    std::optional<int64_t> constant = ties.getConstant(classId);
    int64_t known = numbers.try_emplace(classId, constant.value_or(number.getInt())).first->second;
    if (!constant && known != number.getInt())
      return func.emitError() << place << ": two equal sizes have to be " << known << " and "
                              << number.getInt();
    if (known == number.getInt())
      return success();
    return func.emitError() << place << ": expected the size " << *constant
                            << ", which the function needs, found " << number.getInt();
  }
  auto name = dyn_cast_or_null<StringAttr>(entry);
  if (!name || name.getValue() == kNoSizeName)
    return success();
  auto [known, isNew] = names.try_emplace(classId, name.str());
  if (!isNew && known->second != name.getValue())
    return func.emitError() << place << ": size '" << name.getValue() << "' has to be equal to size '"
                            << known->second << "'; give them one name";
  if (std::optional<int64_t> constant = ties.getConstant(classId))
    return func.emitError() << place << ": size '" << name.getValue() << "' has to be " << *constant
                            << "; write the number in place of the name";
  // One name for two classes makes them equal: the caller promises more than the function needs.
  owners.try_emplace(name.getValue(), classId);
  return success();
}

LogicalResult Namer::collectUserNames() {
  auto collect = [&](Attribute sizes, Attribute size, ArrayRef<unsigned> classes, const Twine &place) {
    if (auto array = dyn_cast_or_null<ArrayAttr>(sizes))
      for (auto [entry, classId] : llvm::zip(array, classes))
        if (failed(take(entry, classId, place)))
          return failure();
    return size ? take(size, classes.front(), place) : success();
  };
  for (unsigned i = 0; i < func.getNumArguments(); ++i)
    if (failed(collect(func.getArgAttr(i, kSizesAttr), func.getArgAttr(i, kSizeAttr), ties.getArgument(i),
                       "argument #" + Twine(i))))
      return failure();
  for (unsigned i = 0; i < func.getNumResults(); ++i)
    if (failed(collect(func.getResultAttr(i, kSizesAttr), func.getResultAttr(i, kSizeAttr), ties.getResult(i),
                       "result #" + Twine(i))))
      return failure();
  return success();
}

void Namer::give(const Twine &wanted, unsigned classId) {
  if (names.contains(classId) || ties.getConstant(classId) || numbers.contains(classId))
    return;
  std::string name = wanted.str();
  for (unsigned i = 1; !owners.try_emplace(name, classId).second; ++i)
    name = (wanted + "_" + Twine(i)).str();
  names[classId] = name;
}

/// What the argument or result is called, as a C identifier.
std::string Namer::getName(bool isResult, unsigned index) {
  auto attr = isResult ? func.getResultAttrOfType<StringAttr>(index, kNameAttr)
                       : func.getArgAttrOfType<StringAttr>(index, kNameAttr);
  std::string name = attr ? attr.str() : (isResult ? "output" : "input") + std::to_string(index);
  for (char &c : name)
    c = llvm::isAlnum(c) ? c : '_';
  return name.empty() || llvm::isDigit(name.front()) ? "_" + name : name;
}

/// A size that a scalar says is called like the scalar, any other one after the first place that has it.
void Namer::nameRest() {
  for (unsigned i = 0; i < func.getNumArguments(); ++i)
    if (ties.isSize(i))
      give(getName(/*isResult=*/false, i), ties.getArgument(i).front());
  auto giveDims = [&](Type type, ArrayRef<unsigned> classes, const std::string &name) {
    if (auto tensor = dyn_cast<RankedTensorType>(type))
      for (auto [dim, classId] : llvm::enumerate(classes))
        if (tensor.isDynamicDim(dim))
          give(name + "_" + Twine(dim), classId);
  };
  for (auto [i, type] : llvm::enumerate(func.getArgumentTypes()))
    giveDims(type, ties.getArgument(i), getName(false, i));
  for (auto [i, type] : llvm::enumerate(func.getResultTypes()))
    giveDims(type, ties.getResult(i), getName(true, i));
}

Attribute Namer::getEntry(int64_t staticSize, unsigned classId) {
  if (!ShapedType::isDynamic(staticSize))
    return builder.getI64IntegerAttr(staticSize);
  if (std::optional<int64_t> constant = ties.getConstant(classId))
    return builder.getI64IntegerAttr(*constant);
  if (auto number = numbers.find(classId); number != numbers.end())
    return builder.getI64IntegerAttr(number->second);
  return builder.getStringAttr(names.lookup(classId));
}

void Namer::write() {
  auto describe = [&](Type type, ArrayRef<unsigned> classes) -> ArrayAttr {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || tensor.hasStaticShape())
      return {};
    SmallVector<Attribute> entries;
    for (auto [dim, classId] : llvm::enumerate(classes))
      entries.push_back(getEntry(tensor.getDimSize(dim), classId));
    return builder.getArrayAttr(entries);
  };
  for (auto [i, type] : llvm::enumerate(func.getArgumentTypes())) {
    if (ArrayAttr sizes = describe(type, ties.getArgument(i)))
      func.setArgAttr(i, kSizesAttr, sizes);
    bool fits = type.isIndex() || type.isSignlessInteger(64) || type.isSignlessInteger(32);
    if (ties.isSize(i) && fits)
      func.setArgAttr(i, kSizeAttr, getEntry(ShapedType::kDynamic, ties.getArgument(i).front()));
  }
  for (auto [i, type] : llvm::enumerate(func.getResultTypes()))
    if (ArrayAttr sizes = describe(type, ties.getResult(i)))
      func.setResultAttr(i, kSizesAttr, sizes);
}

/// More calls than this are recursion, which a later pass refuses.
static constexpr int kMaxCalls = 1000;

/// Replaces the calls in `copy` by what they call, which is found from `func`.
static void inlineCalls(func::FuncOp func, func::FuncOp copy) {
  SmallVector<func::CallOp> calls;
  copy.walk([&](func::CallOp call) { calls.push_back(call); });
  for (int count = 0; !calls.empty() && count < kMaxCalls; ++count) {
    func::CallOp call = calls.pop_back_val();
    auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(func, call.getCalleeAttr());
    if (!callee || callee == func || callee.isDeclaration() || !callee.getBody().hasOneBlock())
      continue;
    OpBuilder builder(call);
    IRMapping mapping;
    mapping.map(callee.getArguments(), call.getOperands());
    for (Operation &op : callee.front().without_terminator())
      builder.clone(op, mapping)->walk([&](func::CallOp inner) { calls.push_back(inner); });
    for (auto [result, value] : llvm::zip(call.getResults(), callee.front().getTerminator()->getOperands()))
      result.replaceAllUsesWith(mapping.lookupOrDefault(value));
    call.erase();
  }
}

/// Lets the body see the sizes that arguments must have, so that all operands of an op show them.
static void showSizes(func::FuncOp func) {
  OpBuilder builder = OpBuilder::atBlockBegin(&func.front());
  for (BlockArgument argument : func.getArguments()) {
    if (auto number = func.getArgAttrOfType<IntegerAttr>(argument.getArgNumber(), kSizeAttr))
      argument.replaceAllUsesWith(arith::ConstantOp::create(
          builder, func.getLoc(), builder.getIntegerAttr(argument.getType(), number.getInt())));
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    auto sizes = func.getArgAttrOfType<ArrayAttr>(argument.getArgNumber(), kSizesAttr);
    if (!type || !sizes || argument.use_empty())
      continue;
    SmallVector<int64_t> shape(type.getShape());
    for (auto [size, entry] : llvm::zip_equal(shape, sizes))
      if (auto number = dyn_cast<IntegerAttr>(entry))
        size = number.getInt();
    auto shown = type.clone(shape);
    bool isDone = llvm::all_of(argument.getUsers(), [&](Operation *user) {
      return isa<tensor::CastOp>(user) && user->getResult(0).getType() == shown;
    });
    if (shown == type || isDone)
      continue;
    // Canonicalization moves the second cast into the ops.
    auto cast = tensor::CastOp::create(builder, func.getLoc(), shown, argument);
    auto back = tensor::CastOp::create(builder, func.getLoc(), type, cast);
    argument.replaceAllUsesExcept(back, cast);
  }
}

namespace {
struct InferSizes final : colt5::impl::Colt5InferSizesBase<InferSizes> {
  using Colt5InferSizesBase::Colt5InferSizesBase;

  void runOnOperation() override {
    for (auto func : llvm::to_vector(getOperation().getOps<func::FuncOp>())) {
      if (!func.isPublic() || func.isDeclaration() || !func.getBody().hasOneBlock())
        continue;
      func::FuncOp copy = func.clone();
      inlineCalls(func, copy);
      FailureOr<SizeTies> ties = SizeTies::compute(copy);
      if (failed(ties)) {
        copy.erase();
        return signalPassFailure();
      }
      Namer namer(func, *ties);
      if (failed(namer.collectUserNames())) {
        copy.erase();
        return signalPassFailure();
      }
      namer.nameRest();
      namer.write();
      // The companion has the same arguments.
      for (unsigned i = 0; i < func.getNumArguments(); ++i)
        copy.setArgAttrs(i, func.getArgAttrDict(i));
      if (failed(emitSizeChecks(func, copy, *ties)))
        return signalPassFailure();
      showSizes(func);
    }
  }
};
} // namespace

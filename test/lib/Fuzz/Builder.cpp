#include "Builder.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir::colt5;
using namespace mlir::colt5::fuzz;

static const int64_t kSizes[] = {1, 2, 3, 3, 4, 4, 5, 6, 7, 8, 8, 16, 17, 17, 32, 36, 64, 65, 127, 128, 129};

Builder::Builder(uint64_t seed) : random(seed) {
  data = random.pick({ElementKind::F32, ElementKind::F32, ElementKind::F32, ElementKind::F32,
                      ElementKind::F64, ElementKind::F16, ElementKind::BF16});
  score = scoreOf(data);
  staticChance = random.pick<double>({1.0, 1.0, 0.0, 0.5, 0.8});
  blocks.push_back(&program.body);
  // Few sizes, so that values fit each other; an empty one now and then.
  for (unsigned i = 0; i < 3; ++i)
    newSize(random.pick(kSizes));
  newSize(random.range(1, 8));
  if (random.chance(0.03))
    newSize(0);
}

Size Builder::newSize(int64_t value) {
  program.sizes.push_back({SizeRule::Free, value});
  pool.push_back(program.sizes.size() - 1);
  return pool.back();
}

Size Builder::fixed(int64_t value) {
  for (auto [i, size] : llvm::enumerate(program.sizes))
    if (size.how == SizeRule::Fixed && size.value == value)
      return i;
  program.sizes.push_back({SizeRule::Fixed, value});
  return program.sizes.size() - 1;
}

Size Builder::derive(SizeRule::How how, Size a, Size b) {
  for (auto [i, size] : llvm::enumerate(program.sizes))
    if (size.how == how && size.a == a && size.b == b)
      return i;
  program.sizes.push_back({how, 0, a, b});
  program.updateSizes();
  return program.sizes.size() - 1;
}

Size Builder::size(int64_t limit) {
  llvm::SmallVector<Size> suited;
  for (Size size : pool)
    if (get(size) <= limit)
      suited.push_back(size);
  if (!suited.empty() && !random.chance(0.1))
    return random.pick(suited);
  int64_t value = limit + 1;
  while (value > limit)
    value = random.pick(kSizes);
  return newSize(value);
}

int64_t Builder::count(llvm::ArrayRef<Size> dims) const {
  int64_t result = 1;
  for (Size dim : dims)
    result *= get(dim);
  return result;
}

ValueType Builder::tensor(ElementKind element, llvm::ArrayRef<Size> dims) {
  ValueType type;
  type.element = element;
  type.dims.assign(dims.begin(), dims.end());
  for (size_t i = 0; i < dims.size(); ++i)
    type.dynamic.push_back(!random.chance(staticChance));
  return type;
}

ValueType Builder::scalar(ElementKind element) {
  ValueType type;
  type.element = element;
  type.isTensor = false;
  return type;
}

ValueType Builder::index() {
  ValueType type = scalar(ElementKind::I64);
  type.isIndex = true;
  return type;
}

std::optional<ValueId> Builder::find(llvm::function_ref<bool(const Value &)> accepts) {
  std::optional<ValueId> found;
  for (ValueId id : llvm::reverse(visible))
    if (accepts(program.values[id])) {
      found = id;
      if (random.chance(0.5))
        break;
    }
  return found;
}

std::optional<ValueId> Builder::find(ElementKind element, llvm::ArrayRef<Size> dims) {
  return find([&](const Value &value) { return value.type.is(element, dims); });
}

std::optional<ValueId> Builder::findExactly(const ValueType &type) {
  return find([&](const Value &value) {
    return value.type.is(type.element, type.dims) && value.type.dynamic == type.dynamic;
  });
}

ValueId Builder::addValue(const ValueType &type) {
  Value value;
  value.type = type;
  program.values.push_back(value);
  return program.values.size() - 1;
}

ValueId Builder::argument(const ValueType &type, Data data) {
  ValueId id = addValue(type);
  data.seed = random.next();
  Value &value = program.values[id];
  value.data = data;
  program.body.arguments.push_back(id);
  // Arguments are visible everywhere, so before what a region will forget.
  visible.insert(visible.begin(), id);
  if (data.kind == Data::Integers)
    describe(id, std::max(std::abs(data.low), std::abs(data.high)),
             std::max(std::abs(data.low), std::abs(data.high)));
  else if (data.kind == Data::Rows)
    value.rowsOf = data.range, value.unique = data.unique, value.sorted = data.sorted;
  else
    describe(id, 4 * data.scale, -1, data.kind == Data::Special);
  return id;
}

ValueId Builder::argument(ElementKind element, llvm::ArrayRef<Size> dims) {
  Data data;
  if (element == ElementKind::I1) {
    data.kind = Data::Mask;
    data.scale = random.pick<double>({0.5, 0.8, 0.9, 1.0, 0.0});
  } else if (!isFloatKind(element) || random.chance(0.35)) {
    data.kind = Data::Integers;
    data.high = random.pick<int64_t>({1, 3, 8});
    data.low = -data.high;
  } else {
    data.scale = random.pick<double>({0.25, 0.5, 1.0});
  }
  return argument(tensor(element, dims), data);
}

ValueId Builder::get(ElementKind element, llvm::ArrayRef<Size> dims) {
  if (random.chance(0.8))
    if (auto found = find(element, dims))
      return *found;
  return argument(element, dims);
}

ValueId Builder::getExact(ElementKind element, llvm::ArrayRef<Size> dims, int64_t limit) {
  if (random.chance(0.8))
    if (auto found = find([&](const Value &value) {
          return value.type.is(element, dims) && value.exact >= 0 && value.exact <= limit;
        }))
      return *found;
  Data data;
  data.kind = Data::Integers;
  data.high = random.range(1, std::min<int64_t>(limit, 9));
  data.low = -data.high;
  return argument(tensor(element, dims), data);
}

ValueId Builder::getFloats(unsigned low, unsigned high) {
  if (random.chance(0.85))
    if (auto found = find([&](const Value &value) {
          return value.type.isTensor && value.type.isFloat() && value.type.rank() >= low &&
                 value.type.rank() <= high;
        }))
      return *found;
  llvm::SmallVector<Size> dims;
  unsigned rank = random.range(std::max(low, high > 0 ? 1u : 0u), high);
  for (unsigned i = 0; i < rank; ++i)
    dims.push_back(rank > 2 && i + 2 < rank ? smallSize() : size());
  while (!fits(dims))
    dims[random.range(0, rank - 1)] = smallSize();
  return argument(random.chance(0.9) ? data : ElementKind::F32, dims);
}

ValueId Builder::mask(llvm::ArrayRef<Size> dims) { return get(ElementKind::I1, dims); }

ValueId Builder::prefixMask(llvm::ArrayRef<Size> dims) {
  Data data;
  data.kind = Data::Prefix;
  return argument(tensor(ElementKind::I1, dims), data);
}

ValueId Builder::rows(llvm::ArrayRef<Size> dims, Size range) {
  if (random.chance(0.6))
    if (auto found = find([&](const Value &value) {
          return value.type.is(ElementKind::I32, dims) && value.rowsOf == range;
        }))
      return *found;
  Data data;
  data.kind = Data::Rows;
  data.range = range;
  data.unique = random.chance(0.6);
  data.sorted = random.chance(0.5);
  data.withNone = random.chance(0.5);
  data.withBad = random.chance(0.05);
  return argument(tensor(ElementKind::I32, dims), data);
}

ValueId Builder::emit(std::string text, std::vector<ValueId> operands, llvm::ArrayRef<ValueType> results,
                      std::vector<Block> regions) {
  Op op;
  op.text = std::move(text);
  op.operands = std::move(operands);
  op.regions = std::move(regions);
  ValueId first = program.values.size();
  for (const ValueType &type : results) {
    ValueId id = addValue(type);
    op.results.push_back(id);
    visible.push_back(id);
  }
  blocks.back()->ops.push_back(std::move(op));
  return first;
}

void Builder::describe(ValueId id, double magnitude, int64_t exact, bool special) {
  Value &value = program.values[id];
  value.magnitude = magnitude;
  value.exact = exact >= 0 && exact <= exactLimit(value.type.element) ? exact : -1;
  value.special = special;
}

void Builder::describeEither(ValueId id, const Value &x, const Value &y) {
  bool exact = x.exact >= 0 && y.exact >= 0;
  describe(id, std::max(x.magnitude, y.magnitude), exact ? std::max(x.exact, y.exact) : -1,
           x.special || y.special);
}

int64_t Builder::exactLimit(ElementKind element) {
  switch (element) {
  case ElementKind::BF16:
    return 255;
  case ElementKind::F16:
    return 2047;
  case ElementKind::F32:
    return (1 << 24) - 1;
  case ElementKind::I8:
    return 127;
  case ElementKind::I16:
    return 32767;
  default:
    return (1ll << 31) - 1;
  }
}

double Builder::largest(ElementKind element) { return element == ElementKind::F16 ? 4e3 : 1e6; }

ValueId Builder::indexConstant(int64_t value) {
  return emit(llvm::formatv("arith.constant {0} : index", value), {}, {index()});
}

ValueId Builder::indexOf(Size size) {
  auto holder = find(
      [&](const Value &value) { return value.type.isTensor && llvm::is_contained(value.type.dims, size); });
  if (holder && random.chance(0.7)) {
    const Value &value = program.values[*holder];
    for (auto [d, dim] : llvm::enumerate(value.type.dims))
      if (dim == size)
        return emit(llvm::formatv("tensor.dim $0, $1 : #0", d), {*holder, indexConstant(d)}, {index()});
  }
  const SizeRule &rule = program.sizes[size];
  if (rule.how != SizeRule::Free && rule.how != SizeRule::Fixed && random.chance(0.7)) {
    const char *op = rule.how == SizeRule::Product      ? "arith.muli"
                     : rule.how == SizeRule::Sum        ? "arith.addi"
                     : rule.how == SizeRule::Difference ? "arith.subi"
                                                        : "arith.divui";
    ValueId a = indexOf(rule.a), b = indexOf(rule.b);
    return emit(std::string(op) + " $0, $1 : index", {a, b}, {index()});
  }
  if (random.chance(0.1)) {
    Data data;
    data.kind = Data::SizeOf;
    data.range = size;
    return argument(index(), data);
  }
  return emit(llvm::formatv("arith.constant ~{0}~ : index", size), {}, {index()});
}

ValueId Builder::empty(const ValueType &type) {
  std::vector<ValueId> operands;
  std::string names;
  for (auto [dim, dynamic] : llvm::zip_equal(type.dims, type.dynamic))
    if (dynamic) {
      names += (operands.empty() ? "$" : ", $") + std::to_string(operands.size());
      operands.push_back(indexOf(dim));
    }
  ValueId id = emit("tensor.empty(" + names + ") : @0", std::move(operands), {type});
  // Nobody but an op that writes it may see it.
  llvm::erase(visible, id);
  return id;
}

ValueId Builder::constant(ElementKind element, double value) {
  std::string text = isFloatKind(element)         ? llvm::formatv("{0:E6}", value).str()
                     : element == ElementKind::I1 ? (value != 0 ? "true" : "false")
                                                  : std::to_string(static_cast<int64_t>(value));
  ValueId id =
      emit("arith.constant " + text + (element == ElementKind::I1 ? "" : " : @0"), {}, {scalar(element)});
  bool whole = value == std::floor(value);
  describe(id, std::fabs(value), whole ? std::llabs(static_cast<int64_t>(value)) : -1);
  return id;
}

ValueId Builder::filled(const ValueType &type, double value) {
  ValueId start = random.chance(0.9) ? empty(type) : dest(type);
  ValueId number = constant(type.element, value);
  ValueId id =
      emit("linalg.fill ins($0 : #0) outs($1 : #1) -> @0", {number, start}, {program.values[start].type});
  describe(id, std::fabs(value), program.values[number].exact);
  return id;
}

ValueId Builder::castTo(ValueId id, const ValueType &type) {
  Value from = program.values[id];
  if (from.type.dynamic == type.dynamic)
    return id;
  bool isVisible = llvm::is_contained(visible, id);
  ValueId result = emit("tensor.cast $0 : #0 to @0", {id}, {type});
  if (!isVisible)
    llvm::erase(visible, result);
  from.type = type;
  from.data = {};
  program.values[result] = from;
  return result;
}

ValueId Builder::cast(ValueId id) {
  ValueType type = program.values[id].type;
  for (bool &dynamic : type.dynamic)
    if (random.chance(0.5))
      dynamic = !dynamic;
  return castTo(id, type);
}

ValueId Builder::dest(const ValueType &type) {
  double drawn = random.unit();
  if (drawn < 0.4) {
    if (auto found = find(type.element, type.dims)) {
      overwritten.push_back(*found);
      return random.chance(0.15) ? cast(*found) : *found;
    }
  }
  if (drawn > 0.9)
    return argument(type.element, type.dims);
  if (drawn > 0.85 && !type.dims.empty()) {
    ValueType shown = type;
    shown.dynamic.assign(type.rank(), false);
    const char *value = type.isFloat() ? "1.0" : type.element == ElementKind::I1 ? "true" : "1";
    ValueId id = emit(std::string("arith.constant dense<") + value + "> : @0", {}, {shown});
    describe(id, 1.0, 1);
    return random.chance(0.3) ? cast(id) : id;
  }
  return empty(type);
}

Block Builder::region(llvm::ArrayRef<ValueId> arguments, llvm::function_ref<std::vector<ValueId>()> build,
                      std::string terminator) {
  Block block;
  block.arguments.assign(arguments.begin(), arguments.end());
  block.terminator = std::move(terminator);
  blocks.push_back(&block);
  std::vector<ValueId> before = visible;
  size_t numArguments = program.body.arguments.size(), numOverwritten = overwritten.size();
  visible.insert(visible.end(), arguments.begin(), arguments.end());
  block.yields = build();
  blocks.pop_back();
  visible = std::move(before);
  overwritten.resize(numOverwritten);
  for (size_t i = numArguments; i < program.body.arguments.size(); ++i)
    visible.insert(visible.begin(), program.body.arguments[i]);
  return block;
}

void Builder::finish() {
  std::vector<ValueId> candidates;
  for (ValueId id : visible)
    if (!llvm::is_contained(program.body.arguments, id) && !program.values[id].type.isIndex)
      candidates.push_back(id);
  std::vector<ValueId> &results = program.body.yields;
  unsigned wanted = random.pick<unsigned>({1, 1, 2, 2, 3, 4});
  if (!candidates.empty())
    results.push_back(random.chance(0.7) ? candidates.back() : random.pick(candidates));
  llvm::erase_if(overwritten, [&](ValueId id) { return !llvm::is_contained(visible, id); });
  while (results.size() < wanted && !candidates.empty()) {
    bool again = !overwritten.empty() && random.chance(0.5);
    results.push_back(again ? random.pick(overwritten) : random.pick(candidates));
  }
  if (results.empty())
    results.push_back(argument(data, {size()}));
  // Order matters to what is written where.
  for (size_t i = results.size(); i-- > 1;)
    std::swap(results[i], results[random.range(0, i)]);
  program.removeDead();
  if (llvm::any_of(program.sizes, [](const SizeRule &size) { return size.value == 0; }))
    for (Value &value : program.values)
      value.data.withBad = false;
  program.dropUnseenErrors();
}

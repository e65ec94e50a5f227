// Runs kernels in nvvm form in the emulator, for tests of lib/Emulator.
#include "Mutate.h"
#include "colt5/Emulator/Emulator.h"
#include "colt5/InitAll.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include <random>

using namespace mlir;
using namespace mlir::colt5;
namespace cl = llvm::cl;

static cl::opt<std::string> input(cl::Positional, cl::desc("<module in nvvm form>"), cl::init("-"));
static cl::opt<std::string> kernelName("kernel", cl::desc("kernel to launch"));
static cl::list<unsigned> grid("grid", cl::CommaSeparated), block("block", cl::CommaSeparated);
static cl::list<unsigned> cluster("cluster", cl::CommaSeparated);
static cl::opt<unsigned> dynamicShared("dynamic-shared", cl::init(0));
static cl::list<std::string> args(
    "arg",
    cl::desc(
        "i32:V, i64:V, f32:V, or buffer:TYPE:COUNT:FILL with TYPE f32, bf16, f16, i32, i64 or i8 and FILL "
        "uninit, zero, iota, random, small (integers -2 .. 2) or ties (16 values); or "
        "map:ARGUMENT:BYTES:SWIZZLE:COLUMNS:ROWS:BOXCOLUMNS:BOXROWS, a tensor map of rank 2; or data:..., "
        "like "
        "buffer:..., for memory that is no parameter"));
static cl::list<unsigned> print("print", cl::CommaSeparated, cl::desc("arguments to print, by number"));
static cl::opt<unsigned> limit("limit", cl::init(64), cl::desc("elements to print"));
static cl::opt<std::string> expect(
    "expect",
    cl::desc("matmul:A,B,C,M,N,K (B row major), matmulnt:... (B column major), topk:X,OUT,N,K (rows of N, "
             "indices ascending), attention:Q,K,V,OUT,M,S,D,SCALE (arguments; powers of two of "
             "scaled scores; M rows of Q, S of K) or sum:X,OUT (OUT is one number)"));
static cl::opt<uint64_t> seed("seed", cl::init(0));
static cl::opt<unsigned> hostThreads("host-threads", cl::init(0));
static cl::opt<bool> mutate("mutate",
                            cl::desc("drop each synchronization, shift each index, and tell what is caught"));

namespace {
struct Argument {
  std::string bytes;
  std::string type;
  uint64_t count = 0;
  bool initialized = true, isParameter = true, isHost = false;
  std::vector<uint64_t> storage;
  char *data() { return reinterpret_cast<char *>(storage.data()); }
};

unsigned elementBytes(StringRef type) {
  return type == "i8" ? 1 : type.ends_with("16") ? 2 : type.ends_with("64") ? 8 : 4;
}

void set(Argument &a, uint64_t i, double value) {
  if (a.type == "f32") {
    reinterpret_cast<float *>(a.data())[i] = value;
  } else if (a.type == "bf16" || a.type == "f16") {
    bool lossy;
    llvm::APFloat number(value);
    number.convert(a.type == "f16" ? llvm::APFloat::IEEEhalf() : llvm::APFloat::BFloat(),
                   llvm::APFloat::rmNearestTiesToEven, &lossy);
    reinterpret_cast<uint16_t *>(a.data())[i] = number.bitcastToAPInt().getZExtValue();
  } else if (a.type == "i64") {
    reinterpret_cast<int64_t *>(a.data())[i] = value;
  } else if (a.type == "i32") {
    reinterpret_cast<int32_t *>(a.data())[i] = value;
  } else {
    a.data()[i] = value;
  }
}

double get(Argument &a, uint64_t i) {
  if (a.type == "f32")
    return reinterpret_cast<float *>(a.data())[i];
  if (a.type == "bf16" || a.type == "f16") {
    llvm::APFloat number(a.type == "f16" ? llvm::APFloat::IEEEhalf() : llvm::APFloat::BFloat(),
                         llvm::APInt(16, reinterpret_cast<uint16_t *>(a.data())[i]));
    bool lossy;
    number.convert(llvm::APFloat::IEEEdouble(), llvm::APFloat::rmNearestTiesToEven, &lossy);
    return number.convertToDouble();
  }
  if (a.type == "i64")
    return reinterpret_cast<int64_t *>(a.data())[i];
  return a.type == "i32" ? reinterpret_cast<int32_t *>(a.data())[i] : a.data()[i];
}

/// Damage to the tensor map that is argument `brokenMap`.
std::optional<unsigned> brokenMap;
void (*breakMap)(EmulatedTensorMap &) = nullptr;
struct {
  const char *name;
  void (*apply)(EmulatedTensorMap &);
} mapMutations[] = {
    // A wider one may be the same for a small box.
    {"other map swizzle", [](EmulatedTensorMap &map) { map.swizzleBytes = map.swizzleBytes ? 0 : 128; }},
    {"shift map", [](EmulatedTensorMap &map) { map.address += 16; }},
    {"widen map stride", [](EmulatedTensorMap &map) { map.strides[0] += 16; }},
    {"shorten map box", [](EmulatedTensorMap &map) { map.box[1] -= 1; }},
};

bool parseMap(ArrayRef<StringRef> parts, MutableArrayRef<Argument> arguments, Argument &a) {
  uint64_t v[7];
  if (parts.size() != 7)
    return false;
  for (auto [i, part] : llvm::enumerate(parts))
    if (part.getAsInteger(10, v[i]))
      return false;
  EmulatedTensorMap map;
  map.address = reinterpret_cast<uint64_t>(arguments[v[0]].data());
  map.rank = 2;
  map.elementBytes = v[1];
  map.swizzleBytes = v[2];
  map.sizes[0] = v[3];
  map.sizes[1] = v[4];
  map.strides[0] = v[3] * v[1];
  map.box[0] = v[5];
  map.box[1] = v[6];
  a.type = "map";
  a.bytes.assign(reinterpret_cast<char *>(&map), sizeof(map));
  return true;
}

bool parseArgument(StringRef text, MutableArrayRef<Argument> arguments, Argument &a) {
  SmallVector<StringRef> parts;
  text.split(parts, ':');
  if (parts[0] == "map")
    return parseMap(ArrayRef(parts).drop_front(), arguments, a);
  auto scalar = [&](auto value) { a.bytes.assign(reinterpret_cast<char *>(&value), sizeof(value)); };
  double number;
  if (parts.size() == 2 && !parts[1].getAsDouble(number)) {
    a.type = parts[0].str();
    if (parts[0] == "f32")
      scalar(float(number));
    else if (parts[0] == "i64")
      scalar(int64_t(number));
    else
      scalar(int32_t(number));
    return true;
  }
  a.isHost = parts[0] == "host";
  a.isParameter = parts[0] == "buffer" || a.isHost;
  if (parts.size() != 4 || (!a.isParameter && parts[0] != "data") || parts[2].getAsInteger(10, a.count))
    return false;
  a.type = parts[1].str();
  a.storage.assign(a.count * elementBytes(a.type) / 8 + 2, 0);
  std::mt19937_64 random(a.count);
  a.initialized = parts[3] != "uninit";
  for (uint64_t i = 0; i < a.count && a.initialized; ++i)
    set(a, i,
        parts[3] == "iota"     ? double(i)
        : parts[3] == "random" ? double(int64_t(random() % 2000001) - 1000000) / 1000000
        : parts[3] == "small"  ? double(int64_t(random() % 5) - 2)
        : parts[3] == "ties"   ? double(int64_t(random() % 16) - 8)
                               : 0.0);
  char *pointer = a.data();
  scalar(pointer);
  return true;
}

std::string checkMatmul(MutableArrayRef<Argument> a, ArrayRef<int64_t> p, bool transposed) {
  for (int64_t i = 0; i < p[3]; ++i)
    for (int64_t j = 0; j < p[4]; ++j) {
      double sum = 0;
      for (int64_t k = 0; k < p[5]; ++k)
        sum += get(a[p[0]], i * p[5] + k) * get(a[p[1]], transposed ? j * p[5] + k : k * p[4] + j);
      double found = get(a[p[2]], i * p[4] + j);
      if (!(std::abs(found - sum) <= 1e-5 * p[5] + 1e-3 * std::abs(sum)))
        return llvm::formatv("wrong result at ({0}, {1}): expected {2}, found {3}", i, j, sum, found);
    }
  return "";
}

std::string checkAttention(MutableArrayRef<Argument> a, ArrayRef<int64_t> p) {
  int64_t rows = p[4], keys = p[5], depth = p[6];
  float scale;
  std::memcpy(&scale, a[p[7]].bytes.data(), sizeof(scale));
  for (int64_t i = 0; i < rows; ++i) {
    std::vector<double> weight(keys);
    double total = 0;
    for (int64_t j = 0; j < keys; ++j) {
      double score = 0;
      for (int64_t d = 0; d < depth; ++d)
        score += get(a[p[0]], i * depth + d) * get(a[p[1]], j * depth + d);
      total += weight[j] = std::exp2(score * scale);
    }
    for (int64_t d = 0; d < depth; ++d) {
      double sum = 0;
      for (int64_t j = 0; j < keys; ++j)
        sum += weight[j] / total * get(a[p[2]], j * depth + d);
      double found = get(a[p[3]], i * depth + d);
      if (!(std::abs(found - sum) <= 0.005))
        return llvm::formatv("wrong result at ({0}, {1}): expected {2}, found {3}", i, d, sum, found);
    }
  }
  return "";
}

std::string checkSum(MutableArrayRef<Argument> a, ArrayRef<int64_t> p) {
  double sum = 0, found = get(a[p[1]], 0);
  for (uint64_t i = 0; i < a[p[0]].count; ++i)
    sum += get(a[p[0]], i);
  if (std::abs(sum - found) <= 1e-4)
    return "";
  return llvm::formatv("wrong sum: expected {0}, found {1}", sum, found);
}

std::string checkTopK(MutableArrayRef<Argument> a, ArrayRef<int64_t> p) {
  int64_t n = p[2], k = p[3];
  for (int64_t row = 0; row < int64_t(a[p[0]].count) / n; ++row) {
    std::vector<int64_t> order(n);
    for (int64_t i = 0; i < n; ++i)
      order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](int64_t x, int64_t y) {
      return get(a[p[0]], row * n + x) > get(a[p[0]], row * n + y);
    });
    std::sort(order.begin(), order.begin() + k);
    for (int64_t i = 0; i < k; ++i)
      if (get(a[p[1]], row * k + i) != double(order[i]))
        return llvm::formatv("wrong result in row {0}, place {1}: expected {2}, found {3}", row, i, order[i],
                             get(a[p[1]], row * k + i));
  }
  return "";
}

/// The buffers after the good kernel has run.
std::vector<std::vector<uint64_t>> expected;

std::string compareWithExpected(MutableArrayRef<Argument> arguments) {
  for (auto [i, a] : llvm::enumerate(arguments)) {
    const char *good = reinterpret_cast<const char *>(expected[i].data());
    for (uint64_t byte = 0; byte < a.count * elementBytes(a.type) && !a.storage.empty(); ++byte)
      if (a.data()[byte] != good[byte])
        return llvm::formatv("other result: element {0} of argument {1}", byte / elementBytes(a.type), i);
  }
  return "";
}

/// What is wrong with `module`'s kernel; empty if nothing.
std::string runOnce(ModuleOp module, bool quiet, uint64_t seed) {
  EmulatorOptions options;
  options.seed = seed;
  options.hostThreads = hostThreads;
  auto emulated = EmulatedModule::create(module, options);
  if (failed(emulated))
    return "error: does not compile";
  std::vector<Argument> arguments(args.size());
  EmulatorLaunch launch;
  launch.dynamicSharedBytes = dynamicShared;
  llvm::copy(grid, launch.grid.begin());
  llvm::copy(block, launch.block.begin());
  llvm::copy(cluster, launch.cluster.begin());
  for (auto [i, text] : llvm::enumerate(args)) {
    if (!parseArgument(text, arguments, arguments[i]))
      return "error: expected an argument as --help tells, found '" + text + "'";
    Argument &a = arguments[i];
    if (brokenMap == unsigned(i))
      breakMap(*reinterpret_cast<EmulatedTensorMap *>(a.bytes.data()));
    if (a.isHost)
      (*emulated)->addHostMemory("arg" + std::to_string(i), a.data(), a.count * elementBytes(a.type));
    else if (!a.storage.empty())
      (*emulated)->addBuffer("arg" + std::to_string(i), a.data(), a.count * elementBytes(a.type),
                             a.initialized, std::min(elementBytes(a.type), 4u));
    if (a.isParameter)
      launch.arguments.push_back(a.bytes);
  }
  EmulatorReport report;
  std::string error;
  if (failed((*emulated)->launch(kernelName, launch, report, error)))
    return report.findings.empty() ? "error: " + error : report.findings.front().str();
  for (auto [i, a] : llvm::enumerate(arguments))
    if (uint64_t bytes = a.storage.empty() ? 0 : (*emulated)->getUnwrittenBytes(a.data()))
      return llvm::formatv("unwritten: {0} bytes of argument {1}", bytes, i);
  if (!quiet)
    for (unsigned i : print) {
      llvm::outs() << "arg" << i << ":";
      for (uint64_t j = 0; j < std::min<uint64_t>(arguments[i].count, limit); ++j)
        llvm::outs() << llvm::format(" %g", get(arguments[i], j));
      llvm::outs() << "\n";
    }
  if (quiet)
    return compareWithExpected(arguments);
  for (Argument &a : arguments)
    expected.push_back(a.storage);
  StringRef what(expect);
  SmallVector<int64_t> parameters;
  SmallVector<StringRef> parts;
  what.split(':').second.split(parts, ',', -1, /*KeepEmpty=*/false);
  for (StringRef part : parts)
    part.getAsInteger(10, parameters.emplace_back(0));
  if (what.consume_front("matmul:"))
    return checkMatmul(arguments, parameters, false);
  if (what.consume_front("matmulnt:"))
    return checkMatmul(arguments, parameters, true);
  if (what.consume_front("attention:"))
    return checkAttention(arguments, parameters);
  if (what.consume_front("sum:"))
    return checkSum(arguments, parameters);
  if (what.consume_front("topk:"))
    return checkTopK(arguments, parameters);
  return "";
}
} // namespace

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv);
  if (grid.size() > 3 || block.size() > 3 || cluster.size() > 3) {
    llvm::errs() << "error: expected at most three sizes of grid, block and cluster\n";
    return 1;
  }
  DialectRegistry registry;
  mlir::colt5::registerAllDialects(registry);
  MLIRContext context(registry);
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(input, &context);
  if (!module)
    return 1;
  std::string problem = runOnce(*module, /*quiet=*/false, seed);
  if (!problem.empty()) {
    llvm::outs() << problem << "\n";
    return 1;
  }
  llvm::outs() << "clean\n";
  if (!mutate)
    return 0;
  std::vector<mlir::colt5::test::LaunchMutant> launches;
  for (auto [i, text] : llvm::enumerate(args))
    for (auto &mutation : mapMutations)
      if (StringRef(text).starts_with("map:"))
        launches.push_back(
            {std::string(mutation.name) + " " + std::to_string(i), [&mutation, i = i](bool on) {
               brokenMap = on ? std::optional<unsigned>(i) : std::nullopt;
               breakMap = mutation.apply;
             }});
  // What completes late hides some faults that completion at other moments shows.
  return mlir::colt5::test::runMutants(*module, kernelName, launches, [](ModuleOp mutant) {
    std::string problem;
    for (uint64_t number = seed; problem.empty() && number < seed + 4; ++number)
      problem = runOnce(mutant, /*quiet=*/true, number);
    return problem;
  });
}

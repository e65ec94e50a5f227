#include "Judge.h"

#include "colt5/Tools/Run/Compare.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::fuzz;
using llvm::formatv;

Backends Backends::all(uint64_t seed) {
  Backends backends;
  backends.source = true;
  for (StringRef chip : {"sm_80", "sm_90a"})
    for (uint64_t order : {uint64_t(0), seed | 1})
      backends.emulators.push_back({chip, order});
  return backends;
}

Backends Backends::rotate(uint64_t seed) {
  Backends backends;
  backends.optLevel = seed % 4 == 1 ? 3 : 0;
  switch (seed % 16) {
  case 0:
  case 8:
    backends.emulators.push_back({"sm_80", 0});
    break;
  case 3:
  case 11:
    backends.emulators.push_back({"sm_80", seed | 1});
    break;
  case 5:
  case 13:
    backends.emulators.push_back({"sm_90a", 0});
    break;
  case 6:
  case 14:
    backends.emulators.push_back({"sm_90a", seed | 1});
    break;
  case 7:
    backends.source = true;
    break;
  default:
    break;
  }
  return backends;
}

ArrayRef<StringRef> fuzz::getBackendNames() {
  static const StringRef names[] = {"cpu", "source", "sm_80", "sm_90a"};
  return names;
}

Backends Backends::none() {
  Backends backends;
  backends.cpu = false;
  return backends;
}

Backends Backends::named(ArrayRef<std::string> names, uint64_t seed) {
  Backends backends = rotate(seed);
  backends.cpu = backends.source = true;
  backends.emulators.clear();
  for (StringRef chip : {"sm_80", "sm_90a"})
    backends.emulators.push_back({chip, seed % 2 ? 0 : seed | 1});
  backends.keep(names);
  return backends;
}

void Backends::keepFailing(StringRef signature) {
  StringRef name = signature.take_front(signature.find(':'));
  name.consume_front("emulator ");
  if (llvm::is_contained(getBackendNames(), name))
    keep(name.str());
}

std::vector<std::string> Backends::describe() const {
  std::vector<std::string> lines;
  if (cpu)
    lines.push_back("cpu opt-level=" + std::to_string(optLevel));
  if (source)
    lines.push_back("source");
  for (const Emulator &emulator : emulators)
    lines.push_back(formatv("emulator {0} seed={1}", emulator.chip, emulator.seed));
  return lines;
}

llvm::Error Backends::add(StringRef line) {
  StringRef rest = line;
  if (rest == "source") {
    source = true;
    return llvm::Error::success();
  }
  if (rest.consume_front("cpu opt-level=") && !rest.getAsInteger(10, optLevel) && optLevel >= 0 &&
      optLevel <= 3) {
    cpu = true;
    return llvm::Error::success();
  }
  Emulator emulator;
  if (rest.consume_front("emulator "))
    for (StringRef chip : {"sm_80", "sm_90a"})
      if (rest.consume_front((chip + " seed=").str()) && !rest.getAsInteger(10, emulator.seed)) {
        emulator.chip = chip;
        emulators.push_back(emulator);
        return llvm::Error::success();
      }
  return llvm::createStringError("expected 'cpu opt-level=N', 'source', 'emulator sm_80 seed=N' or "
                                 "'emulator sm_90a seed=N', found '" +
                                 line + "'");
}

void Backends::keep(ArrayRef<std::string> names) {
  cpu &= llvm::is_contained(names, "cpu");
  source &= llvm::is_contained(names, "source");
  llvm::erase_if(emulators,
                 [&](const Emulator &emulator) { return !llvm::is_contained(names, emulator.chip); });
}

std::string fuzz::plantedHarm;

ArrayRef<StringRef> fuzz::getHarmNames() {
  // "lost": as "result", but not to what is read from a file.
  static const StringRef names[] = {"result", "size",  "workspace", "output", "input",
                                    "order",  "crash", "hang",      "lost",   "error"};
  return names;
}

std::string fuzz::normalise(StringRef diagnostic) {
  std::string result;
  for (size_t i = 0; i < diagnostic.size(); ++i) {
    char c = diagnostic[i];
    if (diagnostic.substr(i).starts_with("tensor<") || diagnostic.substr(i).starts_with("memref<")) {
      i = std::min(diagnostic.find('>', i), diagnostic.size());
      result += "T";
    } else if (llvm::isDigit(c)) {
      while (i + 1 < diagnostic.size() && llvm::isDigit(diagnostic[i + 1]))
        ++i;
      result += "N";
    } else {
      result += c == '\n' ? '|' : c;
    }
  }
  return result.substr(0, 160);
}

namespace {
/// The two runs of the reference.
struct Expected {
  Outcome wide, declared;
};
} // namespace

/// Relative to the largest value; what the reference loses by rounding at every op is allowed many times.
static double getBound(ElementKind kind) {
  switch (kind) {
  case ElementKind::F64:
    return 1e-11;
  case ElementKind::F32:
    return 2e-5;
  case ElementKind::F16:
    return 1e-2;
  default:
    return 4e-2;
  }
}
static constexpr double kRoundingFactor = 40;

/// Why a float result is not the expected one, or empty.
static std::string compareFloats(const HostTensor &actual, const HostTensor &wide,
                                 const HostTensor &declared) {
  double largest = 0, rounding = 0;
  for (int64_t i = 0, e = wide.getNumElements(); i < e; ++i) {
    double a = wide.getDouble(i), b = declared.getDouble(i);
    if (std::isfinite(a) && std::isfinite(b)) {
      largest = std::max(largest, std::fabs(a));
      rounding = std::max(rounding, std::fabs(a - b));
    }
  }
  double bound = getBound(actual.kind) * largest + kRoundingFactor * rounding;
  // Below the smallest normal numbers of the type there is no relative precision.
  bound += actual.kind == ElementKind::F16 ? 1e-6 : actual.kind == ElementKind::F64 ? 1e-300 : 1e-36;
  for (int64_t i = 0, e = wide.getNumElements(); i < e; ++i) {
    double found = actual.getDouble(i), a = wide.getDouble(i), b = declared.getDouble(i);
    // Where rounding alone makes an infinity of a number nothing is known.
    if (std::isfinite(a) != std::isfinite(b) || std::isnan(a) != std::isnan(b))
      continue;
    bool same = std::isnan(a)   ? std::isnan(found)
                : std::isinf(a) ? found == a
                                : std::fabs(found - a) <= bound;
    if (!same)
      return formatv("element {0}: expected {1}, found {2} (bound {3}, largest {4})", i, a, found, bound,
                     largest);
  }
  return "";
}

static std::string compareInts(const HostTensor &actual, const HostTensor &wide, const HostTensor &declared) {
  for (int64_t i = 0, e = wide.getNumElements(); i < e; ++i)
    if (wide.getInt(i) == declared.getInt(i) && actual.getInt(i) != wide.getInt(i))
      return formatv("element {0}: expected {1}, found {2}", i, wide.getInt(i), actual.getInt(i));
  return "";
}

/// Whether an index is wrong in code that something reads; the reference runs all code, compiled code need
/// not.
static bool hasErrorInLiveCode(ModuleOp module, const std::vector<HostTensor> &inputs) {
  OwningOpRef<ModuleOp> live(module.clone());
  PassManager manager(module.getContext());
  manager.addPass(createCanonicalizerPass());
  return failed(manager.run(*live)) || runReference(*live, inputs, /*wide=*/true).errorWord;
}

static std::string compare(const Outcome &outcome, const Expected &expected,
                           llvm::function_ref<bool()> hasErrorInLiveCode) {
  bool isMissed = expected.wide.errorWord && !outcome.errorWord;
  if (outcome.errorWord != expected.wide.errorWord && !(isMissed && !hasErrorInLiveCode()))
    return formatv("expected error word {0}, found {1}", expected.wide.errorWord, outcome.errorWord);
  if (outcome.results.size() != expected.wide.results.size())
    return "number of results";
  for (size_t i = 0; i < outcome.results.size(); ++i) {
    const HostTensor &actual = outcome.results[i], &wide = expected.wide.results[i],
                     &declared = expected.declared.results[i];
    if (actual.shape != wide.shape)
      return formatv("result {0}: expected shape {1}, found {2}", i,
                     driver::formatType(wide.shape, actual.kind),
                     driver::formatType(actual.shape, actual.kind));
    std::string why = isFloatKind(actual.kind) ? compareFloats(actual, wide, declared)
                                               : compareInts(actual, wide, declared);
    if (!why.empty())
      return formatv("result {0}, {1}", i, why);
  }
  return "";
}

Verdict fuzz::judge(StringRef text, const std::vector<HostTensor> &inputs, const Backends &backends,
                    MLIRContext &context, llvm::function_ref<void(StringRef)> phase) {
  Verdict verdict;
  auto fail = [&](const std::string &signature, const std::string &detail) {
    verdict.kind = Verdict::Failed;
    verdict.signature = signature;
    verdict.detail = detail;
    return verdict;
  };
  phase("parser");
  std::string diagnostics;
  OwningOpRef<ModuleOp> module;
  {
    ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
      diagnostics += diagnostic.str() + "\n";
      return success();
    });
    module = parseSourceString<ModuleOp>(text, &context);
  }
  if (!module) {
    StringRef known = findKnownRefusal("parser", diagnostics);
    if (known.empty())
      return fail("parser: " + normalise(diagnostics), diagnostics);
    verdict.kind = Verdict::Refused;
    verdict.refusals.push_back("parser: " + known.str());
    return verdict;
  }
  phase("reference");
  Expected expected{runReference(*module, inputs, true), runReference(*module, inputs, false)};
  for (const Outcome *outcome : {&expected.wide, &expected.declared})
    if (!outcome->refusal.empty()) {
      StringRef known = findKnownRefusal("reference", outcome->refusal);
      if (known.empty())
        return fail("reference: " + normalise(outcome->refusal), outcome->refusal);
      verdict.kind = Verdict::Refused;
      verdict.refusals.push_back("reference: " + known.str());
      return verdict;
    }
  auto check = [&](Outcome outcome) {
    if (verdict.kind == Verdict::Failed)
      return;
    if ((plantedHarm == "result" || plantedHarm == "lost") && !outcome.results.empty() &&
        !outcome.results.front().data.empty())
      outcome.results.front().data.back() ^= 0x55;
    if (plantedHarm == "size" && !outcome.results.empty())
      outcome.results.front().shape.push_back(1);
    if (plantedHarm == "error")
      outcome.errorWord = !outcome.errorWord;
    if (!outcome.refusal.empty()) {
      StringRef known = findKnownRefusal(outcome.backend, outcome.refusal);
      if (known.empty()) {
        fail(outcome.backend + ": refused: " + normalise(outcome.refusal), outcome.refusal);
        return;
      }
      verdict.kind = Verdict::Refused;
      verdict.refusals.push_back(outcome.backend + ": " + known.str());
      return;
    }
    if (!outcome.failure.empty()) {
      fail(outcome.backend + ": " + normalise(outcome.failure), outcome.failure);
      return;
    }
    std::string why = compare(outcome, expected, [&] { return hasErrorInLiveCode(*module, inputs); });
    if (!why.empty())
      fail(outcome.backend + ": other results", why);
  };
  if (backends.cpu) {
    phase("cpu");
    check(runCpu(*module, inputs, backends.optLevel));
  }
  for (const Backends::Emulator &emulator : backends.emulators) {
    phase("emulator " + emulator.chip.str());
    check(runEmulator(*module, inputs, emulator));
  }
  if (backends.source) {
    phase("source");
    check(runSource(*module, inputs));
  }
  return verdict;
}

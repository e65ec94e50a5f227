// Which functions an artefact has, and what they are called in C.
#include "colt5/Target/Embed/Embed.h"

#include "colt5-abi/embed.h"
#include "colt5/Target/CPU/CNames.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace mlir::colt5;

StringRef colt5::getEmbedVersion() { return COLT5_VERSION; }

static bool haveSameTypes(ArrayRef<CpuTensorType> a, ArrayRef<CpuTensorType> b) {
  return a.size() == b.size() && llvm::all_of(llvm::zip(a, b), [](auto pair) {
           return std::get<0>(pair).type == std::get<1>(pair).type;
         });
}

/// Fails unless every target has `entry` with the same types.
static llvm::Error checkTargets(const EmbedRequest &request, const CpuEntry &entry) {
  for (const EmbedTarget &target : request.targets) {
    SmallVector<CpuEntry> others = getCpuEntries(target.module);
    auto *found = llvm::find_if(others, [&](const CpuEntry &other) { return other.name == entry.name; });
    if (found == others.end() || !haveSameTypes(found->inputs, entry.inputs) ||
        !haveSameTypes(found->outputs, entry.outputs))
      return llvm::createStringError("@" + entry.name +
                                     ": expected the same signature on every target, target " + target.name +
                                     " has " + (found == others.end() ? "no such function" : "another one"));
  }
  return llvm::Error::success();
}

/// The number of the symbol `name`; without a name of a new one, called after the last argument and `dim`.
static int64_t addSymbol(EmbedEntry &entry, StringRef name, size_t dim) {
  std::string wanted = name.empty() ? entry.arguments.back() + "_" + std::to_string(dim) : name.str();
  auto *found = llvm::find(entry.symbols, wanted);
  if (name.empty())
    for (unsigned i = 1; found != entry.symbols.end(); ++i)
      found = llvm::find(entry.symbols, wanted = entry.arguments.back() + "_" + std::to_string(dim) + "_" +
                                                 std::to_string(i));
  if (found == entry.symbols.end()) {
    entry.symbols.push_back(wanted);
    return static_cast<int64_t>(entry.symbols.size()) - 1;
  }
  return found - entry.symbols.begin();
}

/// Everything of `result` behind its symbol.
static llvm::Error fill(EmbedEntry &result) {
  // A member of a C++ class may neither be called like it nor like a type that it has used.
  std::string structName = result.symbol + "_arguments";
  CNames names({"struct_size", "size_t", "colt5_tensor", structName});
  for (ArrayRef<CpuTensorType> group :
       {ArrayRef<CpuTensorType>(result.entry.inputs), ArrayRef<CpuTensorType>(result.entry.outputs)})
    for (const CpuTensorType &argument : group) {
      result.arguments.push_back(names.make(argument.name));
      SmallVector<int64_t> &sizes = result.sizes.emplace_back();
      bool isScalar = argument.isScalar;
      ArrayRef<std::string> sizeNames = argument.sizeNames;
      for (auto [dim, size] : llvm::enumerate(argument.type.getShape()))
        if (ShapedType::isDynamic(size))
          sizes.push_back(-1 - addSymbol(result, dim < sizeNames.size() ? sizeNames[dim] : "", dim));
        else
          sizes.push_back(size);
      if (isScalar && argument.scalarValue)
        sizes.push_back(*argument.scalarValue);
      else if (isScalar && !sizeNames.empty())
        sizes.push_back(-1 - addSymbol(result, sizeNames.front(), 0));
      if (sizes.size() > COLT5_MAX_RANK)
        return llvm::createStringError("@" + result.entry.name + ", argument '" + argument.name +
                                       "': expected at most " + Twine(COLT5_MAX_RANK) +
                                       " dimensions, found " + Twine(sizes.size()));
    }
  if (result.arguments.size() > COLT5_MAX_ARGUMENTS || result.symbols.size() > COLT5_MAX_SYMBOLS)
    return llvm::createStringError("@" + result.entry.name + ": expected at most " +
                                   Twine(COLT5_MAX_ARGUMENTS) + " arguments and " + Twine(COLT5_MAX_SYMBOLS) +
                                   " dynamic sizes, found " + Twine(result.arguments.size()) + " and " +
                                   Twine(result.symbols.size()));
  return llvm::Error::success();
}

llvm::Expected<std::vector<EmbedEntry>> colt5::getEmbedEntries(const EmbedRequest &request) {
  std::vector<EmbedEntry> result;
  SmallVector<CpuEntry> all = getCpuEntries(request.targets.front().module);
  std::string known;
  for (const CpuEntry &entry : all)
    known += (known.empty() ? "" : ", ") + entry.name;
  for (const std::string &name : request.entries)
    if (llvm::none_of(all, [&](const CpuEntry &entry) { return entry.name == name; }))
      return llvm::createStringError("--entry=" + name + ": expected one of: " + known);
  for (const CpuEntry &entry : all) {
    if (!request.entries.empty() && !llvm::is_contained(request.entries, entry.name))
      continue;
    if (llvm::Error error = checkTargets(request, entry))
      return std::move(error);
    result.emplace_back().entry = entry;
  }
  if (result.empty())
    return llvm::createStringError("nothing to embed; expected a public function with a body");
  for (EmbedEntry &entry : result) {
    entry.symbol = result.size() == 1 ? request.prefix : request.prefix + "_" + entry.entry.name;
    if (!isCIdentifier(entry.entry.name))
      return llvm::createStringError("@" + entry.entry.name + " is not a C identifier; rename the function");
    if (llvm::Error error = fill(entry))
      return std::move(error);
  }
  return result;
}

std::string colt5::describeEntries(const EmbedRequest &request, ArrayRef<EmbedEntry> entries) {
  llvm::json::Array functions, targets;
  for (const EmbedTarget &target : request.targets)
    targets.push_back(target.name);
  for (const EmbedEntry &entry : entries) {
    llvm::json::Array arguments;
    for (auto [i, name] : llvm::enumerate(entry.arguments)) {
      bool isInput = i < entry.entry.inputs.size();
      const CpuTensorType &type =
          isInput ? entry.entry.inputs[i] : entry.entry.outputs[i - entry.entry.inputs.size()];
      llvm::json::Array sizes;
      for (int64_t size : entry.sizes[i])
        if (size < 0)
          sizes.push_back(entry.symbols[-1 - size]);
        else
          sizes.push_back(size);
      llvm::json::Object argument{{"name", name}, {"type", type.getElement().abiName}, {"output", !isInput}};
      // The host reads it.
      if (type.isScalar)
        argument["scalar"] = true;
      // What a scalar is the value of.
      if (type.isScalar && !sizes.empty())
        argument["value"] = std::exchange(sizes, {}).front();
      argument["sizes"] = std::move(sizes);
      arguments.push_back(std::move(argument));
    }
    functions.push_back(llvm::json::Object{
        {"name", entry.entry.name}, {"symbol", entry.symbol}, {"arguments", std::move(arguments)}});
  }
  llvm::json::Object root{
      {"version", getEmbedVersion()}, {"targets", std::move(targets)}, {"functions", std::move(functions)}};
  std::string text;
  llvm::raw_string_ostream(text) << llvm::json::Value(std::move(root));
  return text;
}

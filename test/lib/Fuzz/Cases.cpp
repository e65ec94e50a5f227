// Programs in files, with inputs and backends in comments.
#include "Campaign.h"

#include "colt5/Support/Npy.h"
#include "colt5/Tools/Run/Inputs.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mlir::colt5;
using namespace mlir::colt5::fuzz;

/// The argument that a line "// INPUT: ..." of the file `path` describes; other files stand beside it.
static llvm::Expected<HostTensor> readInput(StringRef line, StringRef path, Type type, unsigned number) {
  auto spec = driver::parseInputSpec(line.trim());
  if (!spec)
    return spec.takeError();
  if (!spec->path.empty() && llvm::sys::path::is_relative(spec->path)) {
    SmallString<128> beside(llvm::sys::path::parent_path(path));
    llvm::sys::path::append(beside, spec->path);
    spec->path = beside.str().str();
  }
  return driver::makeInput(*spec, type, number, std::nullopt);
}

static llvm::Expected<Case> parseCase(StringRef text, StringRef path, const DialectRegistry &registry) {
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
  if (!module)
    return llvm::createStringError("the program cannot be parsed");
  auto entries = module->getOps<func::FuncOp>();
  if (entries.empty())
    return llvm::createStringError("expected a function, found none");
  ArrayRef<Type> types = (*entries.begin()).getArgumentTypes();
  Case result;
  result.text = text.str();
  result.backends = Backends::none();
  SmallVector<StringRef> lines;
  text.split(lines, '\n');
  unsigned numLines = 0;
  for (StringRef line : lines) {
    if (line.consume_front("// BACKEND: ")) {
      if (llvm::Error error = result.backends.add(line.trim()))
        return error;
    } else if (line.consume_front("// INPUT: ") && numLines++ < types.size()) {
      auto input = readInput(line, path, types[numLines - 1], numLines - 1);
      if (!input)
        return input.takeError();
      result.inputs.push_back(std::move(*input));
    }
  }
  if (numLines != types.size())
    return llvm::createStringError("expected " + Twine(types.size()) + " lines '// INPUT:', found " +
                                   Twine(numLines));
  if (result.backends.describe().empty())
    result.backends = Backends::all(1);
  return result;
}

llvm::Expected<Case> fuzz::readCase(StringRef path, const DialectRegistry &registry) {
  auto file = llvm::MemoryBuffer::getFile(path);
  if (!file)
    return llvm::createStringError("'" + path + "': cannot be read: " + file.getError().message());
  auto result = parseCase((*file)->getBuffer(), path, registry);
  if (!result)
    return llvm::createStringError("'" + path + "': " + llvm::toString(result.takeError()));
  return result;
}

/// Writes NAME.mlir and NAME.*.npy to `folder`; returns the path of the first.
static llvm::Expected<std::string> writeCase(const Program &program, const Backends &backends,
                                             const std::string &signature, StringRef folder, StringRef name) {
  SmallString<128> stem(folder);
  llvm::sys::path::append(stem, name);
  std::string path = (stem + ".mlir").str();
  std::error_code error;
  llvm::raw_fd_ostream os(path, error);
  if (error)
    return llvm::createStringError("'" + path + "': cannot be written: " + error.message());
  os << "// " << signature << "\n";
  for (const std::string &line : backends.describe())
    os << "// BACKEND: " << line << "\n";
  for (auto [number, input] : llvm::enumerate(program.makeInputs())) {
    std::string end = "." + std::to_string(number) + ".npy";
    bool isShort = input.kind == ElementKind::BF16;
    if (llvm::Error failed = driver::writeNpy((stem + end).str(), input, isShort))
      return failed;
    os << "// INPUT: " << (isShort ? "bf16:" : "") << name << end << "\n";
  }
  os << program.print();
  return path;
}

/// How a verdict is called in a message.
static std::string describeVerdict(const Verdict &verdict) {
  if (verdict.kind == Verdict::Failed)
    return "'" + verdict.signature + "'";
  return verdict.kind == Verdict::Passed ? "a program that passes" : "a program that is refused";
}

void fuzz::shrinkAndWrite(const Program &program, Backends backends, const std::string &signature,
                          StringRef folder, uint64_t seed, const DialectRegistry &registry, unsigned limit) {
  backends.keepFailing(signature);
  Program small = shrink(program, backends, signature, registry, limit);
  llvm::outs() << small.print();
  auto path = writeCase(small, backends, signature, folder, "seed" + std::to_string(seed));
  auto written = path ? readCase(*path, registry) : llvm::Expected<Case>(path.takeError());
  if (!written) {
    llvm::outs() << "NOT WRITTEN: " << llvm::toString(written.takeError()) << "\n";
    return;
  }
  std::string harm = plantedHarm;
  if (harm == "lost")
    plantedHarm.clear();
  Verdict verdict = judgeIsolated(written->text, written->inputs, written->backends, registry, limit);
  plantedHarm = harm;
  std::string command = "colt5-fuzz " + *path;
  if (limit != kDefaultLimit)
    command += " --limit=" + std::to_string(limit);
  if (!harm.empty() && harm != "lost")
    command += " --harm=" + harm;
  if (verdict.kind == Verdict::Failed && verdict.signature == signature)
    llvm::outs() << "fails in the same way: " << command << "\n";
  else
    llvm::outs() << "DOES NOT FAIL IN THE SAME WAY, expected '" << signature << "', found "
                 << describeVerdict(verdict) << ": " << command << "\n";
}

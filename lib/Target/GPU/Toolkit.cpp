#include "colt5/Target/GPU/Toolkit.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"

using namespace mlir;
using namespace mlir::colt5;
using llvm::Error;
using llvm::Expected;

Expected<std::string> colt5::findCudaTool(StringRef tool, StringRef toolkit) {
  SmallVector<std::string> places;
  auto tryFolder = [&](StringRef folder, StringRef subfolder) -> std::optional<std::string> {
    SmallString<128> path(folder);
    llvm::sys::path::append(path, subfolder, tool);
    places.push_back(std::string(path));
    if (llvm::sys::fs::can_execute(path))
      return std::string(path);
    return std::nullopt;
  };
  // A folder that was named is the only one: nobody gets another assembler than asked for.
  std::string named = toolkit.str();
  if (named.empty())
    named = llvm::sys::Process::GetEnv("COLT5_CUDA").value_or("");
  if (!named.empty()) {
    for (StringRef subfolder : {"bin", ""})
      if (auto found = tryFolder(named, subfolder))
        return *found;
  } else {
    for (const char *variable : {"CUDA_HOME", "CUDA_PATH", "CUDA_ROOT"})
      if (auto folder = llvm::sys::Process::GetEnv(variable); folder && !folder->empty())
        if (auto found = tryFolder(*folder, "bin"))
          return *found;
    if (llvm::ErrorOr<std::string> found = llvm::sys::findProgramByName(tool))
      return *found;
    places.push_back("PATH");
    if (auto found = tryFolder("/usr/local/cuda", "bin"))
      return *found;
  }
  return llvm::createStringError(
      "no '" + tool + "'; looked at " + llvm::join(places, ", ") +
      (named.empty() ? "; install the CUDA toolkit or name it in COLT5_CUDA" : ""));
}

namespace {
/// A folder that goes away with everything in it.
class ScratchFolder {
public:
  ScratchFolder() = default;
  ScratchFolder(const ScratchFolder &) = delete;
  ~ScratchFolder() {
    if (!path.empty())
      llvm::sys::fs::remove_directories(path);
  }
  Error create() {
    if (std::error_code code = llvm::sys::fs::createUniqueDirectory("colt5", path))
      return llvm::createStringError("cannot create a temporary folder: " + code.message());
    return Error::success();
  }
  std::string getFile(const llvm::Twine &name) const {
    SmallString<128> file(path);
    llvm::sys::path::append(file, name);
    return std::string(file);
  }
  /// Creates file `name`; returns its path.
  Expected<std::string> write(const llvm::Twine &name, StringRef bytes) const {
    std::string file = getFile(name);
    std::error_code code;
    llvm::raw_fd_ostream os(file, code);
    os << bytes;
    os.close();
    if (!code && os.has_error())
      code = os.error();
    os.clear_error();
    if (code)
      return llvm::createStringError("'" + file + "': cannot write: " + code.message());
    return file;
  }

private:
  SmallString<128> path;
};

/// How a tool ended.
struct ToolResult {
  bool succeeded;
  /// Of stdout and stderr.
  std::string log;
};
} // namespace

static Expected<std::string> readFile(StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return llvm::createStringError("'" + path + "': cannot read: " + buffer.getError().message());
  return (*buffer)->getBuffer().str();
}

static Expected<ToolResult> runTool(StringRef program, ArrayRef<StringRef> arguments,
                                    const ScratchFolder &folder) {
  std::string log = folder.getFile("log"), message;
  std::optional<StringRef> redirects[] = {StringRef(""), StringRef(log), StringRef(log)};
  bool failedToStart = false;
  int status =
      llvm::sys::ExecuteAndWait(program, arguments, std::nullopt, redirects, 0, 0, &message, &failedToStart);
  if (failedToStart || status < 0)
    return llvm::createStringError("'" + program + "': " + message);
  Expected<std::string> text = readFile(log);
  if (!text)
    return text.takeError();
  return ToolResult{status == 0, *text};
}

AssembledPtx colt5::parsePtxasLog(StringRef log) {
  AssembledPtx result;
  KernelUsage *kernel = nullptr;
  for (StringRef line : llvm::split(log, '\n')) {
    // (C75xx): the assembler gives up the asynchrony of tensor-core or register instructions.
    if (size_t at = line.find("(C75"); at != StringRef::npos)
      result.serializations.push_back(line.drop_front(at).trim().str());
    if (line.contains("Compiling entry function '")) {
      kernel = &result.kernels[line.split('\'').second.split('\'').first];
      continue;
    }
    if (!kernel)
      continue;
    SmallVector<StringRef> items;
    size_t used = line.find("Used ");
    line.drop_front(used == StringRef::npos ? 0 : used).split(items, ',');
    for (StringRef item : items) {
      item = item.trim();
      item.consume_front("Used ");
      int64_t count;
      if (item.consumeInteger(10, count))
        continue;
      item = item.trim();
      if (item.starts_with("registers"))
        kernel->registers = count;
      else if (item == "bytes smem")
        kernel->sharedBytes = count;
      else if (item == "bytes stack frame")
        kernel->stackBytes = count;
      else if (item == "bytes spill stores")
        kernel->spillStoreBytes = count;
      else if (item == "bytes spill loads")
        kernel->spillLoadBytes = count;
    }
  }
  return result;
}

Expected<AssembledPtx> colt5::assemblePtx(StringRef ptx, const Machine &chip, int ptxVersion,
                                          StringRef toolkit) {
  Expected<std::string> ptxas = findCudaTool("ptxas", toolkit);
  if (!ptxas)
    return ptxas.takeError();
  ScratchFolder folder;
  if (Error error = folder.create())
    return std::move(error);
  Expected<std::string> input = folder.write("kernels.ptx", ptx);
  if (!input)
    return input.takeError();
  std::string output = folder.getFile("kernels.cubin"), arch = ("-arch=" + chip.name).str();
  // Products and sums are fused where the program says so, nowhere else.
  Expected<ToolResult> run =
      runTool(*ptxas, {*ptxas, arch, "-O3", "--fmad=false", "-v", "-o", output, *input}, folder);
  if (!run)
    return run.takeError();
  if (!run->succeeded) {
    StringRef log = run->log;
    if (log.contains("Unsupported .version"))
      return llvm::createStringError("'" + *ptxas + "' does not take PTX " + formatPtxVersion(ptxVersion) +
                                     ", which " + chip.name +
                                     " is compiled to; use a newer CUDA toolkit. It says: " + log.trim());
    if (log.contains("is not defined for option 'gpu-name'"))
      return llvm::createStringError("'" + *ptxas + "' does not know " + chip.name +
                                     "; use another CUDA toolkit. It says: " + log.trim());
    return llvm::createStringError("'" + *ptxas + "' refused the PTX of " + chip.name + ": " + log.trim());
  }
  AssembledPtx result = parsePtxasLog(run->log);
  Expected<std::string> cubin = readFile(output);
  if (!cubin)
    return cubin.takeError();
  result.cubin = std::move(*cubin);
  return result;
}

Expected<std::string> colt5::packFatbin(ArrayRef<FatbinImage> images, StringRef toolkit) {
  Expected<std::string> fatbinary = findCudaTool("fatbinary", toolkit);
  if (!fatbinary)
    return fatbinary.takeError();
  ScratchFolder folder;
  if (Error error = folder.create())
    return std::move(error);
  std::string output = folder.getFile("kernels.fatbin");
  SmallVector<std::string> options{*fatbinary, "-64", "--create=" + output};
  for (const FatbinImage &image : images) {
    StringRef kind = image.isPtx ? "ptx" : "elf";
    Expected<std::string> file = folder.write(image.chip->name + "." + kind, image.bytes);
    if (!file)
      return file.takeError();
    options.push_back(
        ("--image3=kind=" + kind + ",sm=" + image.chip->name.drop_front(3) + ",file=" + *file).str());
  }
  SmallVector<StringRef> arguments(options.begin(), options.end());
  Expected<ToolResult> run = runTool(*fatbinary, arguments, folder);
  if (!run)
    return run.takeError();
  if (!run->succeeded)
    return llvm::createStringError("'" + *fatbinary + "' failed: " + StringRef(run->log).trim());
  return readFile(output);
}

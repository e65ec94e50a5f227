#ifndef COLT5_SUPPORT_OUTPUTFILE_H
#define COLT5_SUPPORT_OUTPUTFILE_H

#include "mlir/Support/LLVM.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace mlir::colt5::driver {

/// A file that appears under its name whole or not at all: it is written beside, and takes the name when it
/// is kept. A symbolic link stays one, what it leads to is replaced. A file that is there hands on its
/// permissions, a new one has those of the umask. "-" is stdout; that, devices and pipes are written as they
/// are.
class OutputFile {
public:
  /// Errors call the file `label` ("": the path in quotes).
  static llvm::Expected<std::unique_ptr<OutputFile>> open(StringRef path, StringRef label = {},
                                                          bool isExecutable = false);
  OutputFile(const OutputFile &) = delete;
  /// Without `keep` nothing has happened.
  ~OutputFile();

  raw_ostream &os() { return *stream; }
  /// The file to write, for programs that take a name.
  StringRef getWrittenPath() const { return temporary.empty() ? path : temporary; }
  /// Writes what is pending and closes the file.
  llvm::Error finish();
  /// `finish`, and the file is there.
  llvm::Error keep();

private:
  OutputFile(StringRef path, StringRef label);
  llvm::Error openBeside(bool isExecutable);
  llvm::Error makeError(std::error_code code) const;

  /// `path` after all links.
  std::string path, label, temporary;
  std::unique_ptr<llvm::raw_fd_ostream> owned;
  llvm::raw_fd_ostream *stream = nullptr;
};

/// Makes a limit of file sizes an error like a full disk, where it would be a signal. Call it when LLVM's
/// handlers of signals are there.
void reportFileSizeLimits();

/// Writes `bytes` to `path`, as above.
llvm::Error writeFile(StringRef path, StringRef bytes, bool isExecutable = false);

/// Keeps files that belong together when all of them are finished. The last one tells that the others are
/// there.
llvm::Error keepAll(ArrayRef<std::unique_ptr<OutputFile>> files);

} // namespace mlir::colt5::driver

#endif // COLT5_SUPPORT_OUTPUTFILE_H

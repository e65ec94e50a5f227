// What colt5-compile tells about its work.
#ifndef COLT5_LIB_TOOLS_COMPILE_REPORT_H
#define COLT5_LIB_TOOLS_COMPILE_REPORT_H

#include "colt5/Tools/Compile/Compile.h"

namespace mlir::colt5 {

/// Prints what `request.report` asks for and writes `request.jsonFile`. `files` were written.
llvm::Error writeReports(const CompileRequest &request, const CompileResult &result,
                         ArrayRef<std::string> files);

} // namespace mlir::colt5

#endif // COLT5_LIB_TOOLS_COMPILE_REPORT_H

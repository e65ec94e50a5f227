// `mlir-opt-22 --load-dialect-plugin=Colt5Plugin.so` knows the colt5 dialect,
// `--load-pass-plugin=Colt5Plugin.so` its passes and pipelines.
#include "colt5/InitAll.h"
#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"
#include "llvm/Config/llvm-config.h"

extern "C" LLVM_ATTRIBUTE_WEAK mlir::DialectPluginLibraryInfo mlirGetDialectPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "colt5", LLVM_VERSION_STRING,
          [](mlir::DialectRegistry *registry) { mlir::colt5::registerColt5Dialects(*registry); }};
}

extern "C" LLVM_ATTRIBUTE_WEAK mlir::PassPluginLibraryInfo mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "colt5", LLVM_VERSION_STRING, [] { mlir::colt5::registerColt5Passes(); }};
}

// What is compiled together with the kernels.
#include "../Device/FastPath.h"
#include "RuntimeCalls.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;

// The vector registers that the convention asks to save are those of the machine that this is compiled for.
static constexpr llvm::StringLiteral kSlowPaths = R"(
llvm.func @colt5_emu_checked_load(!llvm.ptr, !llvm.ptr, i64, i32, i32)
llvm.func @colt5_emu_checked_store(!llvm.ptr, !llvm.ptr, i64, i32, i32)
llvm.func CCONV @colt5_emu_slow_load(%thread: !llvm.ptr, %p: !llvm.ptr, %bytes: i64, %align: i32, %site: i32) {
  llvm.call @colt5_emu_checked_load(%thread, %p, %bytes, %align, %site)
    : (!llvm.ptr, !llvm.ptr, i64, i32, i32) -> ()
  llvm.return
}
llvm.func CCONV @colt5_emu_slow_store(%thread: !llvm.ptr, %p: !llvm.ptr, %bytes: i64, %align: i32, %site: i32) {
  llvm.call @colt5_emu_checked_store(%thread, %p, %bytes, %align, %site)
    : (!llvm.ptr, !llvm.ptr, i64, i32, i32) -> ()
  llvm.return
}
llvm.func @colt5_emu_local_failed(i64, i64, i64, i32)
llvm.func internal @colt5_emu_local(%offset: i64, %bytes: i64, %size: i64, %site: i32) attributes {always_inline} {
  %stray = llvm.icmp "ugt" %offset, %size : i64
  %room = llvm.sub %size, %offset : i64
  %long = llvm.icmp "ugt" %bytes, %room : i64
  %bad = llvm.or %stray, %long : i1
  llvm.cond_br %bad, ^failed, ^good
^failed:
  llvm.call @colt5_emu_local_failed(%offset, %bytes, %size, %site) : (i64, i64, i64, i32) -> ()
  llvm.unreachable
^good:
  llvm.return
}
)";

static constexpr llvm::StringLiteral kConversion = R"(
llvm.func @RUNTIME(FROM) -> i16
llvm.func @LIBRARY(%x: FROM) -> TO {
  %bits = llvm.call @RUNTIME(%x) : (FROM) -> i16
  %y = llvm.bitcast %bits : i16 to TO
  llvm.return %y : TO
}
)";

static std::string replaceAll(std::string text, StringRef what, StringRef with) {
  for (size_t at = 0; (at = text.find(what.data(), at, what.size())) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with.data(), with.size());
  return text;
}

void mlir::colt5::emulator::addRuntimeCode(ModuleOp module) {
  std::string text = replaceAll(kSlowPaths.str(), "CCONV", COLT5_EMULATOR_PRESERVES ? "preserve_allcc" : "");
  struct {
    StringRef symbol, runtime, from, to;
  } conversions[] = {{"__truncsfbf2", "colt5_emu_bf16", "f32", "bf16"},
                     {"__truncdfbf2", "colt5_emu_bf16_f64", "f64", "bf16"},
                     {"__truncsfhf2", "colt5_emu_f16", "f32", "f16"},
                     {"__truncdfhf2", "colt5_emu_f16_f64", "f64", "f16"}};
  for (auto &c : conversions) {
    std::string function = replaceAll(kConversion.str(), "RUNTIME", c.runtime);
    function = replaceAll(replaceAll(function, "LIBRARY", c.symbol), "FROM", c.from);
    text += replaceAll(function, "TO", c.to);
  }
  ParserConfig config(module.getContext());
  OwningOpRef<ModuleOp> parsed = parseSourceString<ModuleOp>(text, config);
  for (Operation &op : llvm::make_early_inc_range(*parsed->getBody())) {
    auto function = cast<LLVM::LLVMFuncOp>(op);
    if (Operation *known = module.lookupSymbol(function.getName()))
      known->erase();
    op.moveBefore(module.getBody(), module.getBody()->end());
  }
}

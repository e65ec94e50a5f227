#include "RuntimeCalls.h"

using namespace mlir;
using namespace mlir::colt5::emulator;

Value RuntimeCalls::constant(ImplicitLocOpBuilder &builder, int64_t value, unsigned bits) {
  Type type = builder.getIntegerType(bits);
  return LLVM::ConstantOp::create(builder, type,
                                  builder.getIntegerAttr(type, APInt(bits, value, true, true)));
}

Value RuntimeCalls::call(ImplicitLocOpBuilder &builder, StringRef name, Type result, ValueRange arguments) {
  Type resultType = result ? result : LLVM::LLVMVoidType::get(builder.getContext());
  auto function = module.lookupSymbol<LLVM::LLVMFuncOp>(name);
  if (!function) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(module.getBody());
    auto type = LLVM::LLVMFunctionType::get(resultType, llvm::to_vector(arguments.getTypes()));
    function = LLVM::LLVMFuncOp::create(builder, name, type);
  }
  auto call = LLVM::CallOp::create(builder, function, arguments);
  return result ? call.getResult() : Value();
}

/// FILE:LINE:COLUMN of the innermost file location, or the text of `loc`.
static std::string formatLocation(Location loc) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (auto file = loc->findInstanceOf<FileLineColLoc>())
    os << file.getFilename().getValue() << ":" << file.getLine() << ":" << file.getColumn();
  else
    os << loc;
  return text;
}

Value RuntimeCalls::site(ImplicitLocOpBuilder &builder, Operation *op) {
  sites.push_back("'" + op->getName().getStringRef().str() + "' at " + formatLocation(op->getLoc()));
  return constant(builder, sites.size() - 1);
}

Value RuntimeCalls::slots(Operation *op) {
  auto function = op->getParentOfType<LLVM::LLVMFuncOp>();
  Value &slots = slotsOfFunction[function];
  if (!slots) {
    ImplicitLocOpBuilder builder =
        ImplicitLocOpBuilder::atBlockBegin(function.getLoc(), &function.getBody().front());
    slots = LLVM::AllocaOp::create(builder, LLVM::LLVMPointerType::get(builder.getContext()),
                                   builder.getI64Type(), constant(builder, 16), /*alignment=*/16);
  }
  return slots;
}

#include "RuntimeCalls.h"
#include "../Device/FastPath.h"

using namespace mlir;
using namespace mlir::colt5::emulator;

Value RuntimeCalls::constant(ImplicitLocOpBuilder &builder, int64_t value, unsigned bits) {
  Type type = builder.getIntegerType(bits);
  return LLVM::ConstantOp::create(builder, type,
                                  builder.getIntegerAttr(type, APInt(bits, value, true, true)));
}

Value RuntimeCalls::call(ImplicitLocOpBuilder &builder, StringRef name, Type result, ValueRange arguments) {
  Type resultType = result ? result : LLVM::LLVMVoidType::get(builder.getContext());
  LLVM::LLVMFuncOp &function = functions[name];
  if (!function) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(module.getBody());
    auto type = LLVM::LLVMFunctionType::get(resultType, llvm::to_vector(arguments.getTypes()));
    function = LLVM::LLVMFuncOp::create(builder, name, type);
  }
  auto call = LLVM::CallOp::create(builder, function, arguments);
  return result ? call.getResult() : Value();
}

Value RuntimeCalls::callPure(ImplicitLocOpBuilder &builder, StringRef name, Type result,
                             ValueRange arguments) {
  Value value = call(builder, name, result, arguments);
  auto none = LLVM::ModRefInfo::NoModRef;
  LLVM::LLVMFuncOp function = functions[name];
  function.setMemoryEffectsAttr(
      LLVM::MemoryEffectsAttr::get(builder.getContext(), {none, none, none, none, none, none}));
  function.setWillReturn(true);
  function.setNoUnwind(true);
  return value;
}

void RuntimeCalls::callAccess(ImplicitLocOpBuilder &builder, StringRef name, Value pointer, Value bytes,
                              Value align, Value site) {
  Value self = builder.getInsertionBlock()->getParent()->front().getArgument(0);
  call(builder, name, Type(), {self, pointer, bytes, align, site});
  if (!COLT5_EMULATOR_PRESERVES)
    return;
  auto callOp = cast<LLVM::CallOp>(*std::prev(builder.getInsertionPoint()));
  callOp.setCConv(LLVM::CConv::PreserveAll);
  functions[name].setCConv(LLVM::CConv::PreserveAll);
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

Value RuntimeCalls::slots(Operation *op) { return slots(op, slotsOfFunction, 16); }
Value RuntimeCalls::wgmmaSlots(Operation *op) { return slots(op, wgmmaSlotsOfFunction, 66); }

Value RuntimeCalls::slots(Operation *op, DenseMap<Operation *, Value> &slotsOfFunction, int64_t words) {
  auto function = op->getParentOfType<LLVM::LLVMFuncOp>();
  Value &slots = slotsOfFunction[function];
  if (!slots) {
    ImplicitLocOpBuilder builder =
        ImplicitLocOpBuilder::atBlockBegin(function.getLoc(), &function.getBody().front());
    slots = LLVM::AllocaOp::create(builder, LLVM::LLVMPointerType::get(builder.getContext()),
                                   builder.getI64Type(), constant(builder, words), /*alignment=*/16);
  }
  return slots;
}

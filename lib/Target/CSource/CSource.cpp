// A module as C: constants, helpers, then functions.
#include "Emitter.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::colt5;

extern "C" const char colt5_csource_support_begin[], colt5_csource_support_end[];
__asm__(".pushsection .rodata\n"
        ".hidden colt5_csource_support_begin\n"
        ".globl colt5_csource_support_begin\n"
        "colt5_csource_support_begin:\n"
        ".incbin \"" COLT5_CSOURCE_SUPPORT "\"\n"
        ".hidden colt5_csource_support_end\n"
        ".globl colt5_csource_support_end\n"
        "colt5_csource_support_end:\n"
        ".popsection\n");

llvm::StringRef colt5::getCSourceSupport() {
  return {colt5_csource_support_begin,
          static_cast<size_t>(colt5_csource_support_end - colt5_csource_support_begin)};
}

std::string colt5::getCSourceName(const CSourceOptions &options, llvm::StringRef name) {
  std::string result = options.prefix;
  for (char c : name)
    result += llvm::isAlnum(c) ? c : '_';
  return result;
}

llvm::Error colt5::emitCSource(const llvm::Module &module, const CSourceOptions &options,
                               llvm::raw_ostream &os) {
  return ModuleEmitter(module, options).run(os);
}

void ModuleEmitter::fail(const llvm::Twine &what) {
  if (error.empty())
    error = what.str();
}

std::string ModuleEmitter::getName(const llvm::GlobalValue &value) { return names.lookup(&value); }

std::string ModuleEmitter::useHelper(const std::string &result, const std::string &name,
                                     const std::string &text) {
  std::string full = options.prefix + name;
  if (usedHelpers.insert(full).second)
    helpers += "static inline __attribute__((always_inline, unused)) " + result +
               (result.back() == '*' ? "" : " ") + full + text + "\n";
  return full;
}

std::string ModuleEmitter::getParameter(llvm::Type *type) {
  CType c = getCType(type);
  if (c.kind == CType::Pointer)
    return "void *";
  // The interfaces of compiled code have signed integers only.
  if (type->isIntegerTy() && !type->isIntegerTy(1))
    c.kind = CType::Signed;
  return types.get(c);
}

std::string ModuleEmitter::getPrototype(const llvm::Function &function) {
  std::string result = getParameter(function.getReturnType());
  std::string text = "static " + result + (result.back() == '*' ? "" : " ") + getName(function) + "(";
  for (const llvm::Argument &argument : function.args()) {
    std::string type = getParameter(argument.getType());
    text += (argument.getArgNo() ? ", " : "") + type + (type.back() == '*' ? "" : " ") + "p" +
            std::to_string(argument.getArgNo());
  }
  return text + (function.arg_empty() ? "void)" : ")");
}

/// Fails unless C has types for all parameters and the result.
static bool hasCTypes(const llvm::Function &function) {
  if (function.isVarArg())
    return false;
  bool returns =
      function.getReturnType()->isVoidTy() || getCType(function.getReturnType()).kind != CType::Void;
  return returns && llvm::all_of(function.args(), [](const llvm::Argument &argument) {
           return getCType(argument.getType()).kind != CType::Void;
         });
}

llvm::Error ModuleEmitter::run(llvm::raw_ostream &os) {
  // Functions whose names are C identifiers keep them.
  for (bool isExact : {true, false})
    for (const llvm::GlobalValue &value : module.global_values()) {
      std::string base = getCSourceName(options, value.getName());
      if ((llvm::isa<llvm::Function>(value) && base == options.prefix + value.getName().str()) != isExact)
        continue;
      std::string name = base;
      for (unsigned i = 1; !usedNames.insert(name).second; ++i)
        name = base + "_" + std::to_string(i);
      usedHelpers.insert(name);
      names[&value] = name;
    }
  if (!module.alias_empty() || !module.ifunc_empty())
    fail("an alias");
  std::string globals, prototypes, bodies;
  llvm::raw_string_ostream globalStream(globals), bodyStream(bodies);
  printGlobals(globalStream);
  for (const llvm::Function &function : module) {
    if (function.isDeclaration() || hasFailed())
      continue;
    if (!hasCTypes(function)) {
      fail("the parameters of function '" + function.getName() + "'");
      break;
    }
    prototypes += getPrototype(function) + ";\n";
    FunctionEmitter(*this, function, bodyStream).run();
  }
  if (hasFailed())
    return llvm::createStringError("cannot be written as C: " + error +
                                   "; take an object instead, with --emit=obj");
  types.print(os);
  os << "\n" << globals << helpers << "\n" << prototypes << bodies;
  return llvm::Error::success();
}

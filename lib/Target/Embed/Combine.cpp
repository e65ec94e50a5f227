// One object from the code of all targets, the bundle and the runtime.
#include "Bundle.h"
#include "HostCode.h"
#include "HostCpu.h"
#include "Interface.h"
#include "RuntimeCode.h"
#include "colt5/Target/Embed/Embed.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Target/TargetMachine.h"

using namespace mlir;
using namespace mlir::colt5;

namespace {
/// Builds the LLVM module of an artefact.
class Combiner {
public:
  /// Host code that needs the requested CPU is for `cpu`, everything else for `machine`.
  Combiner(const EmbedRequest &request, ArrayRef<EmbedEntry> entries, llvm::TargetMachine &machine,
           llvm::TargetMachine &cpu)
      : request(request), entries(entries), machine(machine), cpu(cpu), builder(context),
        module(std::make_unique<llvm::Module>("colt5", context)) {
    module->setTargetTriple(machine.getTargetTriple());
    module->setDataLayout(machine.createDataLayout());
  }

  llvm::Error run(StringRef bundle, StringRef describe);
  llvm::Expected<std::string> emit();

private:
  llvm::Error link(std::unique_ptr<llvm::Module> other, StringRef what);
  llvm::Error addTarget(size_t number);
  llvm::Error addRuntime();
  void addTables(StringRef bundle);
  void addFunctions(StringRef describe);
  void hideRest();

  std::string getHostName(size_t target, StringRef entry, StringRef function) {
    return ("colt5_target" + Twine(target) + "_" + entry + "_" + function).str();
  }
  llvm::GlobalVariable *addConstant(llvm::Constant *value, const Twine &name) {
    auto *global = new llvm::GlobalVariable(*module, value->getType(), /*isConstant=*/true,
                                            llvm::GlobalValue::PrivateLinkage, value, name);
    global->setAlignment(llvm::Align(COLT5_BUNDLE_ALIGNMENT));
    return global;
  }
  void addFunction(const PublicFunction &function);

  const EmbedRequest &request;
  ArrayRef<EmbedEntry> entries;
  llvm::TargetMachine &machine, &cpu;
  llvm::LLVMContext context;
  llvm::IRBuilder<> builder;
  std::unique_ptr<llvm::Module> module;
  llvm::GlobalVariable *artefact = nullptr;
  llvm::StringSet<> exported;
};
} // namespace

llvm::Error Combiner::link(std::unique_ptr<llvm::Module> other, StringRef what) {
  other->setTargetTriple(module->getTargetTriple());
  other->setDataLayout(module->getDataLayout());
  if (llvm::Linker::linkModules(*module, std::move(other)))
    return llvm::createStringError("cannot link " + what + " into the artefact");
  return llvm::Error::success();
}

/// The host code of one target; its entries get names of their own.
llvm::Error Combiner::addTarget(size_t number) {
  const EmbedTarget &target = request.targets[number];
  OwningOpRef<ModuleOp> host = cloneHostModule(target);
  bool isForCpu = needsRequestedCpu(target);
  llvm::TargetMachine &codeMachine = isForCpu ? cpu : machine;
  std::unique_ptr<llvm::Module> code = translateToOptimizedLLVMIR(*host, request.cpu, codeMachine, context);
  if (!code)
    return llvm::createStringError("target " + target.name + ": its host code does not translate");
  if (llvm::Error error = keepEntries(*code, target.name, entries))
    return error;
  // Otherwise the functions are for `machine`, which writes the object.
  if (isForCpu)
    for (llvm::Function &function : *code) {
      function.addFnAttr("target-cpu", cpu.getTargetCPU());
      function.addFnAttr("target-features", cpu.getTargetFeatureString());
    }
  for (const EmbedEntry &entry : entries)
    for (StringRef function : kHostFunctions)
      code->getFunction(getHostFunction(entry, function))
          ->setName(getHostName(number, entry.entry.name, function));
  return link(std::move(code), "target " + target.name);
}

llvm::Error Combiner::addRuntime() {
  auto bitcode = getRuntimeBitcode(llvm::Triple::getArchTypeName(machine.getTargetTriple().getArch()));
  if (!bitcode)
    return bitcode.takeError();
  auto runtime = llvm::parseBitcodeFile({*bitcode, "colt5 runtime"}, context);
  if (!runtime)
    return runtime.takeError();
  // Only says which compiler made it.
  if (auto *identification = (*runtime)->getNamedMetadata("llvm.ident"))
    (*runtime)->eraseNamedMetadata(identification);
  return link(std::move(*runtime), "the runtime");
}

/// The bundle, the addresses of the host code, and the colt5_artefact that holds both.
void Combiner::addTables(StringRef bundle) {
  auto *data = addConstant(llvm::ConstantDataArray::getString(context, bundle, /*AddNull=*/false), "bundle");
  data->setSection(COLT5_BUNDLE_SECTION);
  SmallVector<llvm::Constant *> functions;
  for (size_t target = 0; target < request.targets.size(); ++target)
    for (const EmbedEntry &entry : entries)
      for (StringRef function : kHostFunctions)
        functions.push_back(module->getFunction(getHostName(target, entry.entry.name, function)));
  auto *table = addConstant(
      llvm::ConstantArray::get(llvm::ArrayType::get(builder.getPtrTy(), functions.size()), functions),
      "functions");
  auto *version = addConstant(llvm::ConstantDataArray::getString(context, getEmbedVersion()), "version");
  artefact = addConstant(
      llvm::ConstantStruct::getAnon({version, data, builder.getInt64(bundle.size()), table}), "artefact");
}

void Combiner::addFunction(const PublicFunction &function) {
  auto getType = [&](PublicType type) -> llvm::Type * {
    return type == PublicType::I32   ? builder.getInt32Ty()
           : type == PublicType::I64 ? builder.getInt64Ty()
                                     : static_cast<llvm::Type *>(builder.getPtrTy());
  };
  SmallVector<llvm::Type *> parameters;
  for (const PublicParameter &parameter : function.parameters)
    parameters.push_back(getType(parameter.type));
  auto *type = llvm::FunctionType::get(getType(function.result), parameters, false);
  auto *created = llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, function.name, *module);
  created->addFnAttr(llvm::Attribute::NoUnwind);
  exported.insert(created->getName());
  builder.SetInsertPoint(llvm::BasicBlock::Create(context, "", created));
  SmallVector<llvm::Value *> arguments;
  for (llvm::Argument &argument : created->args())
    arguments.push_back(&argument);
  if (function.extra != PublicFunction::Nothing)
    arguments.insert(arguments.begin() + function.position, function.extra == PublicFunction::Artefact
                                                                ? static_cast<llvm::Value *>(artefact)
                                                                : builder.getInt32(function.entry));
  builder.CreateRet(builder.CreateCall(module->getFunction(function.callee), arguments));
}

void Combiner::addFunctions(StringRef describe) {
  for (const PublicFunction &function : getPublicFunctions(request, entries))
    addFunction(function);
  auto *text = addConstant(llvm::ConstantDataArray::getString(context, describe), "describe");
  auto *function =
      llvm::Function::Create(llvm::FunctionType::get(builder.getPtrTy(), false),
                             llvm::GlobalValue::ExternalLinkage, request.prefix + "_describe", *module);
  exported.insert(function->getName());
  builder.SetInsertPoint(llvm::BasicBlock::Create(context, "", function));
  builder.CreateRet(text);
}

/// Everything but the public functions becomes local, and what nothing uses goes.
void Combiner::hideRest() {
  for (llvm::GlobalValue &value : module->global_values()) {
    if (value.isDeclaration() || exported.contains(value.getName()) || value.hasLocalLinkage())
      continue;
    value.setVisibility(llvm::GlobalValue::DefaultVisibility);
    value.setLinkage(llvm::GlobalValue::InternalLinkage);
    value.setDSOLocal(true);
  }
  bool changed = true;
  while (changed) {
    changed = false;
    for (llvm::Function &function : llvm::make_early_inc_range(*module)) {
      function.removeDeadConstantUsers();
      if (!exported.contains(function.getName()) && function.use_empty()) {
        function.eraseFromParent();
        changed = true;
      }
    }
    for (llvm::GlobalVariable &global : llvm::make_early_inc_range(module->globals())) {
      global.removeDeadConstantUsers();
      if (global.use_empty() && !global.getName().starts_with("llvm.")) {
        global.eraseFromParent();
        changed = true;
      }
    }
  }
}

llvm::Error Combiner::run(StringRef bundle, StringRef describe) {
  for (size_t target = 0; target < request.targets.size(); ++target)
    if (llvm::Error error = addTarget(target))
      return error;
  if (llvm::Error error = addRuntime())
    return error;
  addTables(bundle);
  addFunctions(describe);
  hideRest();
  module->setSourceFileName(request.prefix);
  return llvm::Error::success();
}

llvm::Expected<std::string> Combiner::emit() {
  SmallVector<char, 0> buffer;
  llvm::raw_svector_ostream os(buffer);
  llvm::legacy::PassManager passes;
  if (machine.addPassesToEmitFile(passes, os, nullptr, llvm::CodeGenFileType::ObjectFile))
    return llvm::createStringError("LLVM cannot write objects for " + machine.getTargetTriple().str());
  passes.run(*module);
  return std::string(buffer.data(), buffer.size());
}

llvm::Expected<std::string> colt5::makeEmbedObject(const EmbedRequest &request, ArrayRef<EmbedEntry> entries,
                                                   StringRef describe) {
  ModuleOp module = request.targets.front().module;
  auto report = [&] { return module.emitError(); };
  auto cpu = createCpuTargetMachine(request.cpu, report);
  if (!cpu)
    return llvm::createStringError("no code generator for the requested CPU");
  CpuOptions baseline = request.cpu;
  if (cpu->getTargetTriple().isX86())
    baseline.cpu = "x86-64";
  auto machine = createCpuTargetMachine(baseline, report);
  if (!machine)
    return llvm::createStringError("no code generator for the host code");
  llvm::Expected<std::string> bundle = makeBundle(request, entries);
  if (!bundle)
    return bundle.takeError();
  Combiner combiner(request, entries, *machine, *cpu);
  if (llvm::Error error = combiner.run(*bundle, describe))
    return std::move(error);
  return combiner.emit();
}

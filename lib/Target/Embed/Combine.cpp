// One object from the code of all targets, the bundle and the runtime.
#include "Bundle.h"
#include "HostCode.h"
#include "RuntimeCode.h"
#include "colt5/Target/Embed/Embed.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
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
  /// PREFIX_name(parameters...) calls runtime function `callee` with `leading` before its parameters.
  void forward(const Twine &name, StringRef callee, ArrayRef<llvm::Value *> leading, size_t position,
               ArrayRef<llvm::Type *> parameters, llvm::Type *result);

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

static constexpr StringRef kFunctions[] = {"run", "result_sizes", "workspace_size"};

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
  OwningOpRef<ModuleOp> host(ModuleOp(target.module).clone());
  for (auto binary : llvm::make_early_inc_range(host->getOps<gpu::BinaryOp>()))
    binary.erase();
  (*host)->removeAttr(gpu::GPUDialect::getContainerModuleAttrName());
  bool isForCpu = needsRequestedCpu(target);
  llvm::TargetMachine &codeMachine = isForCpu ? cpu : machine;
  std::unique_ptr<llvm::Module> code = translateToOptimizedLLVMIR(*host, request.cpu, codeMachine, context);
  if (!code)
    return llvm::createStringError("target " + target.name + ": its host code does not translate");
  // Otherwise the functions are for `machine`, which writes the object.
  if (isForCpu)
    for (llvm::Function &function : *code) {
      function.addFnAttr("target-cpu", cpu.getTargetCPU());
      function.addFnAttr("target-features", cpu.getTargetFeatureString());
    }
  llvm::StringSet<> kept;
  for (const EmbedEntry &entry : entries)
    for (StringRef function : kFunctions) {
      llvm::Function *found = code->getFunction((entry.entry.name + "_" + function).str());
      if (!found)
        return llvm::createStringError("target " + target.name + ": expected a function " + entry.entry.name +
                                       "_" + function + ", found none");
      found->setName(getHostName(number, entry.entry.name, function));
      kept.insert(found->getName());
    }
  // Targets have the same names for what is theirs, and so have functions that are not kept.
  for (llvm::GlobalValue &value : code->global_values())
    if (!value.isDeclaration() && !kept.contains(value.getName()))
      value.setLinkage(llvm::GlobalValue::InternalLinkage);
  return link(std::move(code), "target " + target.name);
}

llvm::Error Combiner::addRuntime() {
  auto runtime = llvm::parseBitcodeFile({getRuntimeBitcode(), "colt5 runtime"}, context);
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
      for (StringRef function : kFunctions)
        functions.push_back(module->getFunction(getHostName(target, entry.entry.name, function)));
  auto *table = addConstant(
      llvm::ConstantArray::get(llvm::ArrayType::get(builder.getPtrTy(), functions.size()), functions),
      "functions");
  auto *version = addConstant(llvm::ConstantDataArray::getString(context, getEmbedVersion()), "version");
  artefact = addConstant(
      llvm::ConstantStruct::getAnon({version, data, builder.getInt64(bundle.size()), table}), "artefact");
}

void Combiner::forward(const Twine &name, StringRef callee, ArrayRef<llvm::Value *> leading, size_t position,
                       ArrayRef<llvm::Type *> parameters, llvm::Type *result) {
  auto *function = llvm::Function::Create(llvm::FunctionType::get(result, parameters, false),
                                          llvm::GlobalValue::ExternalLinkage, name, *module);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  exported.insert(function->getName());
  builder.SetInsertPoint(llvm::BasicBlock::Create(context, "", function));
  SmallVector<llvm::Value *> arguments;
  for (llvm::Argument &argument : function->args())
    arguments.push_back(&argument);
  arguments.insert(arguments.begin() + position, leading.begin(), leading.end());
  llvm::CallInst *call = builder.CreateCall(module->getFunction(callee), arguments);
  builder.CreateRet(call);
}

void Combiner::addFunctions(StringRef describe) {
  llvm::Type *i32 = builder.getInt32Ty(), *i64 = builder.getInt64Ty(), *pointer = builder.getPtrTy();
  const std::string &prefix = request.prefix;
  forward(prefix + "_context_create", "colt5_embed_create", {artefact}, 0, {pointer, pointer}, i32);
  forward(prefix + "_context_destroy", "colt5_embed_destroy", {}, 0, {pointer}, i32);
  forward(prefix + "_target", "colt5_embed_target", {}, 0, {pointer}, pointer);
  forward(prefix + "_load", "colt5_embed_load", {}, 0, {pointer}, i32);
  forward(prefix + "_last_error", "colt5_embed_last_error", {}, 0, {pointer, pointer}, i32);
  forward(prefix + "_message", "colt5_gpu_message", {}, 0, {}, pointer);
  forward(prefix + "_status_name", "colt5_gpu_status_name", {}, 0, {i32}, pointer);
  forward(prefix + "_allocate", "colt5_embed_allocate", {}, 0, {pointer, i64, pointer}, i32);
  forward(prefix + "_free", "colt5_embed_free", {}, 0, {pointer, pointer}, i32);
  forward(prefix + "_copy_in", "colt5_embed_copy_in", {}, 0, {pointer, pointer, pointer, i64}, i32);
  forward(prefix + "_copy_out", "colt5_embed_copy_out", {}, 0, {pointer, pointer, pointer, i64}, i32);
  forward(prefix + "_from_dlpack", "colt5_from_dlpack", {}, 0, {pointer, pointer}, i32);
  for (auto [i, entry] : llvm::enumerate(entries)) {
    llvm::Value *number = builder.getInt32(i);
    forward(entry.symbol + "_workspace_size", "colt5_embed_workspace_size", {number}, 1,
            {pointer, pointer, pointer}, i32);
    forward(entry.symbol + "_result_sizes", "colt5_embed_result_sizes", {number}, 1,
            {pointer, pointer, pointer}, i32);
    forward(entry.symbol + "_run", "colt5_embed_run", {number}, 1, {pointer, pointer, pointer, pointer, i64},
            i32);
  }
  auto *text = addConstant(llvm::ConstantDataArray::getString(context, describe), "describe");
  auto *function = llvm::Function::Create(llvm::FunctionType::get(pointer, false),
                                          llvm::GlobalValue::ExternalLinkage, prefix + "_describe", *module);
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

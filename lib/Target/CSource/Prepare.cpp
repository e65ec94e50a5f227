// The middle-end for code that another compiler's back-end will see.
#include "colt5/Target/CSource/CSource.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar/DCE.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"

using namespace mlir;
using namespace mlir::colt5;

/// Replaces a load of an aggregate by loads of the members that are used.
static void splitLoad(llvm::LoadInst &load, const llvm::DataLayout &layout) {
  if (load.isVolatile() || load.isAtomic() ||
      !llvm::all_of(load.users(), [](llvm::User *user) { return llvm::isa<llvm::ExtractValueInst>(user); }))
    return;
  llvm::IRBuilder<> builder(&load);
  for (llvm::User *user : llvm::make_early_inc_range(load.users())) {
    auto *extract = llvm::cast<llvm::ExtractValueInst>(user);
    llvm::SmallVector<llvm::Value *> indices{builder.getInt32(0)};
    for (unsigned index : extract->indices())
      indices.push_back(builder.getInt32(index));
    llvm::Value *address = builder.CreateInBoundsGEP(load.getType(), load.getPointerOperand(), indices);
    uint64_t offset = layout.getIndexedOffsetInType(load.getType(), indices);
    auto *member = builder.CreateAlignedLoad(extract->getType(), address,
                                             llvm::commonAlignment(load.getAlign(), offset));
    extract->replaceAllUsesWith(member);
    extract->eraseFromParent();
  }
  load.eraseFromParent();
}

llvm::Error colt5::optimizeForC(llvm::Module &module, llvm::TargetMachine &machine, int level,
                                unsigned vectorBits) {
  llvm::PipelineTuningOptions tuning;
  // The other compiler has vectorizers that know what it is good at. What is a vector here stays one.
  tuning.LoopVectorization = false;
  tuning.SLPVectorization = false;
  tuning.LoopUnrolling = false;
  llvm::PassBuilder builder(&machine, tuning);
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  static const llvm::OptimizationLevel kLevels[] = {llvm::OptimizationLevel::O0, llvm::OptimizationLevel::O1,
                                                    llvm::OptimizationLevel::O2, llvm::OptimizationLevel::O3};
  llvm::OptimizationLevel chosen = kLevels[level];
  llvm::ModulePassManager passes =
      level ? builder.buildPerModuleDefaultPipeline(chosen) : builder.buildO0DefaultPipeline(chosen);
  passes.run(module, modules);
  // gcc keeps vectors in memory that are wider than those of the machine.
  llvm::FunctionPassManager last;
  last.addPass(llvm::EarlyCSEPass());
  last.addPass(llvm::InstCombinePass());
  last.addPass(llvm::DCEPass());
  for (llvm::Function &function : module)
    if (!function.isDeclaration())
      splitVectors(function, vectorBits);
  modules.clear();
  functions.clear();
  llvm::createModuleToFunctionPassAdaptor(std::move(last)).run(module, modules);
  llvm::SmallVector<llvm::LoadInst *> aggregates;
  for (llvm::Function &function : module)
    for (llvm::BasicBlock &block : function)
      for (llvm::Instruction &inst : block)
        if (auto *load = llvm::dyn_cast<llvm::LoadInst>(&inst); load && load->getType()->isAggregateType())
          aggregates.push_back(load);
  for (llvm::LoadInst *load : aggregates)
    splitLoad(*load, module.getDataLayout());
  std::string text;
  llvm::raw_string_ostream stream(text);
  if (llvm::verifyModule(module, &stream))
    return llvm::createStringError("LLVM's optimizer left a broken module: " + text);
  return llvm::Error::success();
}

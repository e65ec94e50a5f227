#include "colt5/Codegen/Host/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Affine/Transforms/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/Vector/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void colt5::addFloatEmulationPasses(OpPassManager &pm) {
  // Arithmetic in 16 bit is slow or would call a library; it is done in f32 and rounded. Conversions of bf16
  // become integer code.
  pm.addPass(math::createMathExtendToSupportedTypes());
  arith::ArithEmulateUnsupportedFloatsOptions floats;
  floats.sourceTypeStrs = {"bf16", "f16"};
  floats.targetTypeStr = "f32";
  pm.addPass(arith::createArithEmulateUnsupportedFloats(floats));
  arith::ArithExpandOpsPassOptions expand;
  expand.includeBf16 = true;
  pm.addPass(arith::createArithExpandOpsPass(expand));
}

void colt5::buildLLVMStage(OpPassManager &pm) {
  pm.addPass(createColt5OutlineParallel());
  // Layers of one shape share their kernels; everything after this is paid once.
  pm.addPass(createColt5MergeKernels());
  // The allocas of a kernel belong into its function, so this comes after outlining.
  pm.addNestedPass<func::FuncOp>(createColt5HoistAllocas());
  pm.addPass(createColt5EmitCpuEntries());
  addHostToLLVMPasses(pm);
}

void colt5::addHostToLLVMPasses(OpPassManager &pm) {
  // Vectors of more than one dimension become loops or arrays of vectors while memrefs still have strides.
  pm.addNestedPass<func::FuncOp>(vector::createLowerVectorMaskPass());
  VectorTransferToSCFOptions transfer;
  pm.addPass(createConvertVectorToSCFPass(transfer.enableFullUnroll()));
  pm.addPass(affine::createAffineExpandIndexOpsPass());
  pm.addPass(createColt5ExpandReshapes());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addNestedPass<func::FuncOp>(createColt5SaturateSizes());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createLoopInvariantCodeMotionPass());
  pm.addPass(createSCFToControlFlowPass());

  addFloatEmulationPasses(pm);
  ConvertVectorToLLVMPassOptions vector;
  vector.vectorTransposeLowering = vector::VectorTransposeLowering::Shuffle1D;
  pm.addPass(createConvertVectorToLLVMPass(vector));
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertIndexToLLVMPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createUBToLLVMConversionPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createColt5FinalizeCpu());
}

void colt5::registerLLVMStage() {
  PassPipelineRegistration<>("colt5-llvm-stage", "Stage llvm of the CPU: LLVM dialect with the C entries",
                             [](OpPassManager &pm) { buildLLVMStage(pm); });
}

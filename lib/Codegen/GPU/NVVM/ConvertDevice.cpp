#include "colt5/Codegen/GPU/KernelArguments.h"
#include "colt5/Codegen/GPU/KernelWriter.h"
#include "colt5/Codegen/GPU/Passes.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/GPUCommon/GPUCommonPass.h"
#include "mlir/Conversion/GPUToNVVM/GPUToNVVMPass.h"
#include "mlir/Conversion/IndexToLLVM/IndexToLLVM.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/NVGPUToNVVM/NVGPUToNVVM.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Dialect/GPU/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/NVGPU/IR/NVGPUDialect.h"
#include "mlir/Dialect/Vector/Transforms/LoweringPatterns.h"
#include "mlir/Transforms/DialectConversion.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5CONVERTDEVICE
#include "colt5/Codegen/GPU/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;

namespace {
struct ConvertDevice : colt5::impl::Colt5ConvertDeviceBase<ConvertDevice> {
  using Base::Base;

  void runOnOperation() override {
    gpu::GPUModuleOp module = getOperation();
    MLIRContext *context = &getContext();
    SmallVector<UnrealizedConversionCastOp> buffers;
    module.walk([&](UnrealizedConversionCastOp cast) { buffers.push_back(cast); });
    llvm::for_each(buffers, colt5::expandBufferArgument);
    if (failed(checkMath(module)))
      return signalPassFailure();
    RewritePatternSet prepare(context);
    populateGpuRewritePatterns(prepare);
    if (failed(applyPatternsGreedily(module, std::move(prepare))))
      return signalPassFailure();

    LowerToLLVMOptions options(context);
    options.overrideIndexBitwidth(64);
    LLVMTypeConverter converter(context, options);
    configureGpuToNVVMTypeConverter(converter);
    converter.addConversion(
        [&](nvgpu::DeviceAsyncTokenType) -> Type { return IntegerType::get(context, 32); });
    RewritePatternSet patterns(context);
    populateGpuToNVVMConversionPatterns(converter, patterns);
    arith::populateArithToLLVMConversionPatterns(converter, patterns);
    cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
    index::populateIndexToLLVMConversionPatterns(converter, patterns);
    populateFinalizeMemRefToLLVMConversionPatterns(converter, patterns);
    // Before the patterns of upstream that call libdevice.
    populateMathToLLVMConversionPatterns(converter, patterns, /*approximateLog1p=*/false, /*benefit=*/2);
    populateVectorToLLVMConversionPatterns(converter, patterns);
    populateNVGPUToNVVMConversionPatterns(converter, patterns);
    ub::populateUBToLLVMConversionPatterns(converter, patterns);
    LLVMConversionTarget target(*context);
    target.addLegalDialect<NVVM::NVVMDialect>();
    target.addIllegalDialect<gpu::GPUDialect>();
    target.addLegalOp<gpu::GPUModuleOp>();
    if (failed(applyPartialConversion(module, target, std::move(patterns))))
      return signalPassFailure();
    module.walk([](LLVM::BrOp branch) { annotate(branch); });
    module.walk([](LLVM::CondBrOp branch) { annotate(branch); });
    if (failed(checkRest(module)))
      signalPassFailure();
  }

  /// Upstream's patterns would turn the rest into calls of libdevice.
  LogicalResult checkMath(gpu::GPUModuleOp module) {
    WalkResult result = module.walk([&](Operation *op) {
      if (!isa<math::MathDialect>(op->getDialect()) ||
          isa<math::AbsFOp, math::AbsIOp, math::CeilOp, math::CopySignOp, math::CountLeadingZerosOp,
              math::CountTrailingZerosOp, math::CtPopOp, math::FloorOp, math::FmaOp, math::RoundEvenOp,
              math::SqrtOp, math::TruncOp>(op))
        return WalkResult::advance();
      op->emitOpError("has no form on the device: expected colt5-expand-math to have expanded it");
      return WalkResult::interrupt();
    });
    return failure(result.wasInterrupted());
  }

  template <typename BranchOp> static void annotate(BranchOp branch) {
    if (Attribute annotation = branch->removeDiscardableAttr(colt5::kLoopAnnotationAttr))
      branch.setLoopAnnotationAttr(cast<LLVM::LoopAnnotationAttr>(annotation));
  }

  /// Casts between equal types go away later.
  LogicalResult checkRest(gpu::GPUModuleOp module) {
    WalkResult result = module.walk([&](Operation *op) {
      bool isFine = op == module || isa<UnrealizedConversionCastOp>(op) ||
                    isa<LLVM::LLVMDialect, NVVM::NVVMDialect>(op->getDialect());
      if (isFine)
        return WalkResult::advance();
      op->emitOpError("has no form on the device: no conversion to llvm or nvvm accepts it");
      return WalkResult::interrupt();
    });
    return failure(result.wasInterrupted());
  }
};
} // namespace

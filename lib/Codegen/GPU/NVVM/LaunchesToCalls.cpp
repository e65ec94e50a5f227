#include "colt5/Codegen/GPU/Passes.h"
#include "colt5/Dialect/Colt5/IR/AttributeNames.h"
#include "colt5/Stages/Bufferize/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Parser/Parser.h"

namespace mlir::colt5 {
#define GEN_PASS_DEF_COLT5LAUNCHESTOCALLS
#include "colt5/Codegen/GPU/Passes.h.inc"
} // namespace mlir::colt5

using namespace mlir;
using namespace mlir::colt5;

static constexpr llvm::StringLiteral kLaunchName = "colt5.launch_kernel";

/// `run` points to what `f_run` keeps while it runs: the launcher of colt5-abi/gpu.h and the first status
/// that was not 0.
static constexpr llvm::StringLiteral kSource = R"mlir(
func.func private @colt5.launch_kernel(%run: !llvm.ptr, %kernel: i32, %x: i64, %y: i64, %z: i64, %parameters: !llvm.ptr) {
  %c1 = arith.constant 1 : i64
  %ok = arith.constant 0 : i32
  %status_field = llvm.getelementptr %run[0, 1] : (!llvm.ptr) -> !llvm.ptr, !llvm.struct<(ptr, i32)>
  %status = llvm.load %status_field : !llvm.ptr -> i32
  %go = arith.cmpi eq, %status, %ok : i32
  %grid = llvm.alloca %c1 x !llvm.array<3 x i64> : (i64) -> !llvm.ptr
  scf.if %go {
    llvm.store %x, %grid : i64, !llvm.ptr
    %grid_y = llvm.getelementptr %grid[1] : (!llvm.ptr) -> !llvm.ptr, i64
    llvm.store %y, %grid_y : i64, !llvm.ptr
    %grid_z = llvm.getelementptr %grid[2] : (!llvm.ptr) -> !llvm.ptr, i64
    llvm.store %z, %grid_z : i64, !llvm.ptr
    %launcher = llvm.load %run : !llvm.ptr -> !llvm.ptr
    %state = llvm.load %launcher : !llvm.ptr -> !llvm.ptr
    %launch_field = llvm.getelementptr %launcher[0, 1] : (!llvm.ptr) -> !llvm.ptr, !llvm.struct<(ptr, ptr, ptr)>
    %launch = llvm.load %launch_field : !llvm.ptr -> !llvm.ptr
    %result = llvm.call %launch(%state, %kernel, %grid, %parameters) : !llvm.ptr, (!llvm.ptr, i32, !llvm.ptr, !llvm.ptr) -> i32
    llvm.store %result, %status_field : i32, !llvm.ptr
  }
  return
}
)mlir";

namespace {
struct LaunchesToCalls : colt5::impl::Colt5LaunchesToCallsBase<LaunchesToCalls> {
  using Base::Base;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    SmallVector<gpu::LaunchFuncOp> launches;
    module.walk([&](gpu::LaunchFuncOp launch) { launches.push_back(launch); });
    if (launches.empty())
      return;
    ParserConfig config(&getContext());
    OwningOpRef<ModuleOp> support = parseSourceString<ModuleOp>(kSource, config, "colt5 launch support");
    auto call = support ? support->lookupSymbol<func::FuncOp>(kLaunchName) : nullptr;
    if (!call) {
      module.emitError("the support function '") << kLaunchName << "' is missing from this compiler";
      return signalPassFailure();
    }
    call->remove();
    module.push_back(call);
    for (gpu::LaunchFuncOp launch : launches)
      if (failed(lower(launch, call)))
        return signalPassFailure();
  }

  LogicalResult lower(gpu::LaunchFuncOp launch, func::FuncOp call) {
    auto function = launch->getParentOfType<func::FuncOp>();
    BlockArgument run;
    for (BlockArgument argument : function.getArguments())
      if (function.getArgAttr(argument.getArgNumber(), kPoolAttr))
        run = argument;
    std::optional<int64_t> number = findNumber(launch);
    if (!run || !number)
      return launch.emitOpError("expected a kernel of this module and a function with a launcher; run "
                                "colt5-outline-gpu first");

    OpBuilder entry = OpBuilder::atBlockBegin(&function.front());
    ImplicitLocOpBuilder b(launch.getLoc(), launch);
    Type pointer = LLVM::LLVMPointerType::get(&getContext());
    ValueRange operands = launch.getKernelOperands();
    auto allocate = [&](Type type, int64_t count) -> Value {
      Value size = LLVM::ConstantOp::create(entry, launch.getLoc(), entry.getI64Type(),
                                            entry.getI64IntegerAttr(count));
      return LLVM::AllocaOp::create(entry, launch.getLoc(), pointer, type, size, /*alignment=*/8);
    };
    // Memory of an alloca lives until the function returns, so it must not stand in a loop.
    Value addresses = allocate(pointer, std::max<int64_t>(operands.size(), 1));
    for (auto [index, operand] : llvm::enumerate(operands)) {
      Value slot = allocate(operand.getType(), 1);
      LLVM::StoreOp::create(b, operand, slot);
      Value address = LLVM::GEPOp::create(b, pointer, pointer, addresses,
                                          ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(index)});
      LLVM::StoreOp::create(b, slot, address);
    }
    gpu::KernelDim3 grid = launch.getGridSizeOperandValues();
    auto toI64 = [&](Value size) -> Value { return arith::IndexCastOp::create(b, b.getI64Type(), size); };
    Value kernel = arith::ConstantIntOp::create(b, *number, 32);
    func::CallOp::create(b, call,
                         ValueRange{run, kernel, toI64(grid.x), toI64(grid.y), toI64(grid.z), addresses});
    launch.erase();
    return success();
  }

  std::optional<int64_t> findNumber(gpu::LaunchFuncOp launch) {
    auto module = getOperation().lookupSymbol<gpu::GPUModuleOp>(launch.getKernelModuleName());
    if (!module)
      return std::nullopt;
    int64_t number = 0;
    for (Operation &op : *module.getBody()) {
      auto kernel = dyn_cast<FunctionOpInterface>(op);
      if (!kernel)
        continue;
      if (kernel.getName() == launch.getKernelName())
        return number;
      ++number;
    }
    return std::nullopt;
  }
};
} // namespace

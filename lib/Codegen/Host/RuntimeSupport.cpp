#include "RuntimeSupport.h"

#include "mlir/IR/SymbolTable.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace mlir::colt5;

/// Field numbers and status codes are those of colt5-abi/cpu.h.
static constexpr llvm::StringLiteral kSource = R"mlir(
func.func private @colt5.parallel_for(%pool: !llvm.ptr, %count: i64, %body: !llvm.ptr, %arg: !llvm.ptr) {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %null = llvm.mlir.zero : !llvm.ptr
  %no_pool = llvm.icmp "eq" %pool, %null : !llvm.ptr
  %one_task = arith.cmpi sle, %count, %c1 : i64
  %serial = arith.ori %no_pool, %one_task : i1
  scf.if %serial {
    scf.for %i = %c0 to %count step %c1 : i64 {
      llvm.call %body(%arg, %i, %c0) : !llvm.ptr, (!llvm.ptr, i64, i64) -> ()
    }
  } else {
    %state = llvm.load %pool : !llvm.ptr -> !llvm.ptr
    %hook_field = llvm.getelementptr %pool[0, 2] : (!llvm.ptr) -> !llvm.ptr, !llvm.struct<(ptr, i64, ptr)>
    %hook = llvm.load %hook_field : !llvm.ptr -> !llvm.ptr
    llvm.call %hook(%state, %count, %body, %arg) : !llvm.ptr, (!llvm.ptr, i64, !llvm.ptr, !llvm.ptr) -> ()
  }
  return
}

func.func private @colt5.check_tensor(%tensor: !llvm.ptr, %expected: !llvm.ptr, %rank: i64, %alignment: i64) -> i32 {
  %c0 = arith.constant 0 : i64
  %c1 = arith.constant 1 : i64
  %ok = arith.constant 0 : i32
  %null_pointer = arith.constant 2 : i32
  %bad_size = arith.constant 3 : i32
  %bad_strides = arith.constant 4 : i32
  %bad_alignment = arith.constant 5 : i32
  %too_large = arith.constant 6 : i32
  %most = arith.constant 9223372036854775807 : i64
  %false = arith.constant false
  %null = llvm.mlir.zero : !llvm.ptr
  %data = llvm.load %tensor : !llvm.ptr -> !llvm.ptr
  %sizes_field = llvm.getelementptr %tensor[0, 1] : (!llvm.ptr) -> !llvm.ptr, !llvm.struct<(ptr, ptr, ptr)>
  %sizes = llvm.load %sizes_field : !llvm.ptr -> !llvm.ptr
  %strides_field = llvm.getelementptr %tensor[0, 2] : (!llvm.ptr) -> !llvm.ptr, !llvm.struct<(ptr, ptr, ptr)>
  %strides = llvm.load %strides_field : !llvm.ptr -> !llvm.ptr
  %no_sizes = llvm.icmp "eq" %sizes, %null : !llvm.ptr
  %no_strides = llvm.icmp "eq" %strides, %null : !llvm.ptr
  %ranked = arith.cmpi sgt, %rank, %c0 : i64
  %missing = arith.andi %no_sizes, %ranked : i1
  %status = scf.if %missing -> i32 {
    scf.yield %null_pointer : i32
  } else {
    %count, %size_wrong, %stride_wrong, %empty, %overflows = scf.for %i = %c0 to %rank step %c1
        iter_args(%stride = %c1, %size_bad = %false, %stride_bad = %false, %is_empty = %false, %is_large = %false)
        -> (i64, i1, i1, i1, i1) : i64 {
      %from_end = arith.subi %rank, %i : i64
      %d = arith.subi %from_end, %c1 : i64
      %size_at = llvm.getelementptr %sizes[%d] : (!llvm.ptr, i64) -> !llvm.ptr, i64
      %size = llvm.load %size_at : !llvm.ptr -> i64
      %want_at = llvm.getelementptr %expected[%d] : (!llvm.ptr, i64) -> !llvm.ptr, i64
      %want = llvm.load %want_at : !llvm.ptr -> i64
      %fixed = arith.cmpi sge, %want, %c0 : i64
      %differs = arith.cmpi ne, %want, %size : i64
      %mismatch = arith.andi %fixed, %differs : i1
      %negative = arith.cmpi slt, %size, %c0 : i64
      %wrong = arith.ori %mismatch, %negative : i1
      %size_next = arith.ori %size_bad, %wrong : i1
      %found = scf.if %no_strides -> i64 {
        scf.yield %stride : i64
      } else {
        %stride_at = llvm.getelementptr %strides[%d] : (!llvm.ptr, i64) -> !llvm.ptr, i64
        %s = llvm.load %stride_at : !llvm.ptr -> i64
        scf.yield %s : i64
      }
      %other = arith.cmpi ne, %found, %stride : i64
      %several = arith.cmpi sgt, %size, %c1 : i64
      %strided = arith.andi %other, %several : i1
      %stride_next = arith.ori %stride_bad, %strided : i1
      %next = arith.muli %stride, %size : i64
      %is_zero = arith.cmpi eq, %size, %c0 : i64
      %empty_next = arith.ori %is_empty, %is_zero : i1
      %divisor = arith.maxsi %size, %c1 : i64
      %bound = arith.divui %most, %divisor : i64
      %exceeds = arith.cmpi ugt, %stride, %bound : i64
      %large_next = arith.ori %is_large, %exceeds : i1
      scf.yield %next, %size_next, %stride_next, %empty_next, %large_next : i64, i1, i1, i1, i1
    }
    %true = arith.constant true
    %not_empty = arith.xori %empty, %true : i1
    %too_many = arith.andi %overflows, %not_empty : i1
    %address = llvm.ptrtoint %data : !llvm.ptr to i64
    %low_mask = arith.subi %alignment, %c1 : i64
    %low = arith.andi %address, %low_mask : i64
    %unaligned = arith.cmpi ne, %low, %c0 : i64
    %alignment_matters = arith.andi %unaligned, %not_empty : i1
    %no_data = llvm.icmp "eq" %data, %null : !llvm.ptr
    %null_data = arith.andi %no_data, %not_empty : i1
    %strides_matter = arith.andi %stride_wrong, %not_empty : i1
    %sa = arith.select %alignment_matters, %bad_alignment, %ok : i32
    %s0 = arith.select %null_data, %null_pointer, %sa : i32
    %s1 = arith.select %strides_matter, %bad_strides, %s0 : i32
    %s2 = arith.select %too_many, %too_large, %s1 : i32
    %s3 = arith.select %size_wrong, %bad_size, %s2 : i32
    scf.yield %s3 : i32
  }
  return %status : i32
}
)mlir";

FailureOr<func::FuncOp> colt5::getSupportFunction(ModuleOp module, StringRef name) {
  if (auto func = module.lookupSymbol<func::FuncOp>(name))
    return func;
  ParserConfig config(module.getContext());
  OwningOpRef<ModuleOp> support = parseSourceString<ModuleOp>(kSource, config, "colt5 runtime support");
  auto func = support ? support->lookupSymbol<func::FuncOp>(name) : nullptr;
  if (!func)
    return module.emitError("the support function '") << name << "' is missing from this compiler";
  func->remove();
  module.push_back(func);
  return func;
}

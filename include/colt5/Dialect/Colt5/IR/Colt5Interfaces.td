//===- Colt5Interfaces.td - Interfaces ---------------------*- tablegen -*-===//

#ifndef COLT5_DIALECT_COLT5_IR_COLT5INTERFACES_TD
#define COLT5_DIALECT_COLT5_IR_COLT5INTERFACES_TD

include "mlir/IR/OpBase.td"

def Colt5_PatternAttrInterface : AttrInterface<"PatternAttrInterface"> {
  let cppNamespace = "::mlir::colt5";
  let description = [{
    Which keys a query may attend to, as a function of their original positions. A plugin can add a
    pattern by implementing this interface; every lowering and the reference only use these methods.
  }];
  let methods = [
    InterfaceMethod<"True when the query at `qPos` may see the key at `kvPos` (the reference predicate).",
      "bool", "isAllowed", (ins "int64_t":$qPos, "int64_t":$kvPos)>,
    InterfaceMethod<[{
        Smallest half-open range of key positions that contains every key some query position in
        `[qLo, qHi)` may see. `INT64_MIN` / `INT64_MAX` mean unbounded.
      }], "::std::pair<int64_t, int64_t>", "getKeyRange", (ins "int64_t":$qLo, "int64_t":$qHi)>,
    InterfaceMethod<[{
        Emits the predicate. `qPos` and `kvPos` have one integer or index type, or vectors of it with the
        same shape; returns i1 or a vector of i1, or a null value when every pair is allowed.
      }], "::mlir::Value", "buildAllowed",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc, "::mlir::Value":$qPos,
           "::mlir::Value":$kvPos)>,
    InterfaceMethod<[{
        Emits `getKeyRange` for index values `qLo`, `qHi`. A null value in the result means unbounded.
      }], "::std::pair<::mlir::Value, ::mlir::Value>", "buildKeyRange",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc, "::mlir::Value":$qLo,
           "::mlir::Value":$qHi)>,
  ];
}

def Colt5_ScheduleAttrInterface : AttrInterface<"ScheduleAttrInterface"> {
  let cppNamespace = "::mlir::colt5";
  let description = [{
    How a kernel is computed: tile sizes, and the numbers of the family that writes the code. The verifier of a
    schedule knows what its numbers can be at all; whether a kernel can be computed so is asked of its family
    (`KernelFamily::check`). A plugin adds a family together with an attribute for its schedules.
  }];
  let methods = [
    InterfaceMethod<"Name of the family that computes kernels so; empty: any.", "::llvm::StringRef", "getFamily">,
    InterfaceMethod<"One size per loop of the kernel's root, 0 leaving it whole; nothing: not chosen yet.",
      "::llvm::ArrayRef<int64_t>", "getTile">,
    InterfaceMethod<"The same schedule with these tile sizes.", "::mlir::colt5::ScheduleAttrInterface",
      "withTile", (ins "::llvm::ArrayRef<int64_t>":$tile)>,
  ];
}

def Colt5_SizedOpInterface : OpInterface<"SizedOpInterface"> {
  let cppNamespace = "::mlir::colt5";
  let description = [{
    An op with operands that have sizes in common. One method serves the verifier and every pass that has to know
    which sizes are equal (`colt5-infer-sizes`).
  }];
  let methods = [
    InterfaceMethod<"Checks the operands, and tells the observer of `verifier` which sizes have to be equal.",
      "::llvm::LogicalResult", "verify", (ins "::mlir::colt5::detail::OperandVerifier &":$verifier)>,
  ];
}

#endif // COLT5_DIALECT_COLT5_IR_COLT5INTERFACES_TD

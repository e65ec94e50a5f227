//===- Colt5Base.td - The dialect and what its ops share ---*- tablegen -*-===//

#ifndef COLT5_DIALECT_COLT5_IR_COLT5BASE_TD
#define COLT5_DIALECT_COLT5_IR_COLT5BASE_TD

include "colt5/Dialect/Colt5/IR/Colt5Interfaces.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Colt5_Dialect : Dialect {
  let name = "colt5";
  let cppNamespace = "::mlir::colt5";
  let summary = "Conditional computation: routers, selection, gather, sparse attention, weighted scatter.";
  let description = [{
    The `colt5` dialect models computation that is spent on a few routed tokens only: a light branch
    runs on every token, a heavy branch on the tokens a router selects (CoLT5, Ainslie et al. 2023,
    arXiv 2303.09752). Primitives (`router_scores`, `soft_topk`, `topk`, `gather`, `attention`,
    `scatter_combine`, ...) mean something without CoLT5 and serve LongT5, Mixture-of-Depths, CoDA,
    expert-choice routing and top-k attention as well. Composites (`conditional`,
    `conditional_attention`, `conditional_ffn`, ...) are thin and decompose into primitives and
    `linalg`.

    **Letters.** B batch, N tokens, D model width, R routes, K selected slots, H query heads, G key and
    value heads, Q queries, S keys, P side keys, C head size, E hidden width. Every size may be
    dynamic. `T` is f32, f16, bf16 or f64. Scores, weights and statistics are f32 (f64 when T is f64).
    Indices and positions are i32, masks and validity i1 (1 = allowed).

    **Index contract.** -1 means "no token" everywhere: gather gives zeros, scatter skips, attention
    ignores. Any other index outside `[0, N)` is a verifier error when constant; at run time it counts
    as -1 and sets an error word that the caller can read. `trusted` removes the check.

    **Precision contract.** Every contraction accumulates in f32 (f64 for f64). All results are defined
    for every input: no NaN appears that was not in the data, with two exceptions. Finite products that overflow
    may give NaN, and so may a value row of `attention` that is not finite and is hidden by nothing but a pattern
    or a score region, in its columns. What masks, validity and -1 hide never influences a result.

    **Index facts.** `unique`: no index but -1 occurs twice in a row of `idx` (its last dimension; rows of different
    routes may share tokens). `sorted`: the indices of a row that are not -1 ascend. `trusted`: every index is -1 or
    in `[0, N)`.

    **Names of sizes.** Arguments and results of a public function may carry `colt5.name = "x"`, what the argument is
    called in C, and `colt5.sizes = ["batch", "n", 768]`, one entry per dimension: a name for a dynamic size (`"?"`:
    none), the size itself for a static one. A name stands for one value in a call; an integer scalar that is
    such a size says `colt5.size = "n"`. `colt5-infer-sizes` completes what the user wrote.

    **Constraint labels.** Each constraint of an op has a label `<op>_c<n>` that appears in this
    document, in the verifier's message and in the test that violates it. `<op>_c0` of every primitive says:
    the shaped operands are all tensors or all memrefs, and the results are the tensors of `outs`, one by one,
    with their types.

    - `options_c1`: an op has no option but its own. Any other attribute has a dot in its name, after the name
      of a dialect, or begins with two underscores.
  }];
  let useDefaultAttributePrinterParser = 1;
  let hasCanonicalizer = 1;
  let hasOperationAttrVerify = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
  // AttributeNames.h says where each is.
  let discardableAttrs = (ins
    "::mlir::StringAttr":$name,
    "::mlir::ArrayAttr":$sizes,
    "::mlir::StringAttr":$size,
    "::mlir::StringAttr":$part,
    "::mlir::Attribute":$plan,
    "::mlir::Attribute":$machine,
    "::mlir::StringAttr":$family,
    "::mlir::IntegerAttr":$bytes,
    "::mlir::IntegerAttr":$min_bytes,
    "::mlir::IntegerAttr":$flops,
    "::mlir::Attribute":$companion,
    "::mlir::Attribute":$size_checks,
    "::mlir::Attribute":$output,
    "::mlir::Attribute":$workspace,
    "::mlir::Attribute":$error_word,
    "::mlir::Attribute":$pool,
    "::mlir::IntegerAttr":$threads,
    "::mlir::IntegerAttr":$dynamic_shared_bytes,
    "::mlir::DictionaryAttr":$signature,
    "::mlir::UnitAttr":$export,
    "::mlir::IntegerAttr":$value_id,
    "::mlir::UnitAttr":$zero_init);
  let extraClassDeclaration = [{
    void registerAttributes();
    void registerBytecode();
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"
  ];
}

/// A ranked tensor, or the memref it became.
def Colt5_Shaped : AnyTypeOf<[AnyRankedTensor, AnyMemRef], "ranked tensor or memref", "::mlir::ShapedType">;
def Colt5_Tensor : AnyTypeOf<[AnyRankedTensor], "ranked tensor", "::mlir::RankedTensorType">;

/// Verifies `<op>_c0` of a structured op, before the interfaces complain without a label.
def Colt5_StructuredOpTrait : NativeOpTrait<"StructuredOpTrait"> { let cppNamespace = "::mlir::colt5"; }

/// Verifies the inside of a score region, before `IsolatedFromAbove` complains without a label.
def Colt5_ScoreRegionTrait : NativeOpTrait<"ScoreRegionTrait"> { let cppNamespace = "::mlir::colt5"; }

/// Verifies `options_c1`.
def Colt5_OptionsTrait : NativeOpTrait<"OptionsTrait"> { let cppNamespace = "::mlir::colt5"; }

class Colt5_Op<string mnemonic, list<Trait> traits = []>
    : Op<Colt5_Dialect, mnemonic, !listconcat([Colt5_OptionsTrait], traits)>;

/// A primitive in destination style: `ins(...)`, named optional clauses, `outs(...)`, one dictionary.
/// On tensors it yields one result per `outs` operand; on memrefs it writes them and yields nothing.
/// The syntax of every primitive is one table, see `ClauseSyntax.h`.
///
/// `hasOptionalClauses = 0` is for ops with `outs` as their only variadic operand.
class Colt5_StructuredOp<string mnemonic, list<Trait> traits = [], bit hasOptionalClauses = 1>
    : Colt5_Op<mnemonic, !listconcat(!if(hasOptionalClauses, [AttrSizedOperandSegments], []<Trait>), [
          Colt5_StructuredOpTrait, DestinationStyleOpInterface,
          DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
          DeclareOpInterfaceMethods<ConditionallySpeculatable>,
          DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface, ["reifyResultShapes"]>,
          DeclareOpInterfaceMethods<Colt5_SizedOpInterface>], traits)> {
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;

  code structuredDecls = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getOutsMutable(); }
    /// The clauses of the op's syntax, in the order of its operand groups.
    static ::llvm::ArrayRef<::mlir::colt5::Clause> getClauses();
  }];
  let extraClassDeclaration = structuredDecls;

  code setSegments = !if(hasOptionalClauses, [{
            ::llvm::copy(sizes, result.getOrAddProperties<Properties>().operandSegmentSizes.begin());
  }], "(void)sizes;");
  code getSegments = !if(hasOptionalClauses, [{
      ::llvm::ArrayRef<int32_t> sizes = getProperties().operandSegmentSizes;
  }], [{
      ::llvm::SmallVector<int32_t> sizes(getNumOperands() - getOuts().size(), 1);
      sizes.push_back(getOuts().size());
  }]);

  let extraClassDefinition = [{
    ::mlir::ParseResult $cppClass::parse(::mlir::OpAsmParser &parser, ::mlir::OperationState &result) {
      return ::mlir::colt5::parseClauses(parser, result, getClauses(),
          [&](::llvm::ArrayRef<int32_t> sizes) { }] # setSegments # [{ });
    }
    void $cppClass::print(::mlir::OpAsmPrinter &printer) {
      }] # getSegments # [{
      ::mlir::colt5::printClauses(printer, getOperation(), getClauses(), sizes,
                                  ::mlir::colt5::getDefaultOptions<$cppClass>(getOperation()));
    }
    void $cppClass::getEffects(::llvm::SmallVectorImpl<
        ::mlir::SideEffects::EffectInstance<::mlir::MemoryEffects::Effect>> &effects) {
      ::mlir::colt5::detail::getStructuredEffects(getOperation(), effects);
    }
    ::mlir::Speculation::Speculatability $cppClass::getSpeculatability() {
      return ::mlir::colt5::detail::getStructuredSpeculatability(getOperation());
    }
    ::llvm::LogicalResult $cppClass::reifyResultShapes(
        ::mlir::OpBuilder &builder, ::mlir::ReifiedRankedShapedTypeDims &shapes) {
      return ::mlir::colt5::detail::reifyStructuredShapes(getOperation(), builder, shapes);
    }
    ::llvm::LogicalResult $cppClass::verify() {
      ::mlir::colt5::detail::OperandVerifier verifier(getOperation());
      return verify(verifier);
    }
  }];
}

#endif // COLT5_DIALECT_COLT5_IR_COLT5BASE_TD

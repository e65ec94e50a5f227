//===- Colt5CompositeOps.td - Conditional branches ---------*- tablegen -*-===//

#ifndef COLT5_DIALECT_COLT5_IR_COLT5COMPOSITEOPS_TD
#define COLT5_DIALECT_COLT5_IR_COLT5COMPOSITEOPS_TD

include "colt5/Dialect/Colt5/IR/Colt5Attrs.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"

/// A composite in value style: operands in named clauses, one dictionary, then the types of all operands
/// in the order written.
class Colt5_CompositeOp<string mnemonic, list<Trait> traits = []>
    : Colt5_Op<mnemonic, !listconcat([
          AttrSizedOperandSegments, Pure,
          DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface, ["reifyResultShapes"]>,
          DeclareOpInterfaceMethods<Colt5_SizedOpInterface>], traits)> {
  let results = (outs Colt5_Tensor:$result);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;

  code compositeDecls = [{
    /// The clauses of the op's syntax, in the order of its operand groups.
    static ::llvm::ArrayRef<::mlir::colt5::Clause> getClauses();
  }];
  let extraClassDeclaration = compositeDecls;

  let extraClassDefinition = [{
    ::mlir::ParseResult $cppClass::parse(::mlir::OpAsmParser &parser, ::mlir::OperationState &result) {
      return ::mlir::colt5::parseComposite(parser, result, getClauses(),
          [&](::llvm::ArrayRef<int32_t> sizes) {
            ::llvm::copy(sizes, result.getOrAddProperties<Properties>().operandSegmentSizes.begin());
          });
    }
    void $cppClass::print(::mlir::OpAsmPrinter &printer) {
      ::mlir::colt5::printComposite(printer, getOperation(), getClauses(),
                                    getProperties().operandSegmentSizes,
                                    ::mlir::colt5::getDefaultOptions<$cppClass>(getOperation()));
    }
    ::llvm::LogicalResult $cppClass::reifyResultShapes(
        ::mlir::OpBuilder &builder, ::mlir::ReifiedRankedShapedTypeDims &shapes) {
      return ::mlir::colt5::detail::reifyCompositeShapes(getOperation(), builder, shapes);
    }
    ::llvm::LogicalResult $cppClass::verify() {
      ::mlir::colt5::detail::OperandVerifier verifier(getOperation());
      return verify(verifier);
    }
  }];
}

def Colt5_RmsNormOp : Colt5_StructuredOp<"rms_norm"> {
  let summary = "T5's RMSNorm: x * rms_scale(x) * g";
  let description = [{
    `outs = x * rms_scale(x) * g`, computed in f32 (f64 for f64) and rounded once; masked rows are 0 (Zhang and
    Sennrich 2019, arXiv 1910.07467). Decomposes into `colt5.rms_scale` and one `linalg.generic`.

    | operand | shape | type |
    |---|---|---|
    | `x` | [batch..., D] | T |
    | `g` | D | T or f32 |
    | `mask` | [batch...] | i1 |
    | `outs` | [batch..., D] | T |

    - `rms_norm_c0`: tensors and memrefs are not mixed; results are the tensors of `outs`, exactly one.
    - `rms_norm_c1`: `outs` has the shape and element type of `x`.
    - `rms_norm_c2`: `g` is rank 1 of size D, of type T or f32.
    - `rms_norm_c3`: `mask` is i1 with the shape of `x` without its last dimension.
    - `rms_norm_c4`: `eps >= 0`.

    Example:
    ```mlir
    %h = colt5.rms_norm ins(%x, %g : tensor<2x?x768xf32>, tensor<768xf32>) mask(%m : tensor<2x?xi1>)
        outs(%init : tensor<2x?x768xf32>) -> tensor<2x?x768xf32>
    ```
  }];
  let arguments = (ins Colt5_Shaped:$x, Colt5_Shaped:$g, Optional<Colt5_Shaped>:$mask,
                       Variadic<Colt5_Shaped>:$outs,
                       DefaultValuedAttr<F64Attr, "1.0e-6">:$eps);
}

def Colt5_FfnOp : Colt5_CompositeOp<"ffn"> {
  let summary = "feed-forward branch: (act(x a) [* (x b)]) c";
  let description = [{
    `(act(x in + in_bias) [* (x gate + gate_bias)]) out + out_bias` on rows of width D (Shazeer 2020, arXiv
    2002.05202; T5 1.1 uses `gelu_tanh` with a gate and no biases). Hidden values are f32 (f64 for f64) up to
    the product, which is rounded to T before the second contraction; the result is rounded to T once.

    | operand | shape | type |
    |---|---|---|
    | `x` | [batch..., D] | T |
    | `in`, `gate` | DxE | T |
    | `out` | ExD2 | T |
    | `in_bias`, `gate_bias` | E | T or f32 |
    | `out_bias` | D2 | T or f32 |
    | result | [batch..., D2] | T |

    - `ffn_c1`: `x` has rank >= 2; `in`, `gate`, `out` are rank 2; all have one floating-point type.
    - `ffn_c2`: D, E and D2 agree among weights, biases and result.
    - `ffn_c3`: biases are rank 1 of type T or f32.
    - `ffn_c4`: `gate_bias` needs `gate`.

    Example:
    ```mlir
    %y = colt5.ffn %x in(%a) gate(%b) out(%c) {activation = gelu_tanh}
        : tensor<2x?x768xf32>, tensor<768x1024xf32>, tensor<768x1024xf32>, tensor<1024x768xf32> -> tensor<2x?x768xf32>
    ```
  }];
  let arguments = (ins Colt5_Tensor:$x, Colt5_Tensor:$in, Optional<Colt5_Tensor>:$gate, Colt5_Tensor:$out,
                       Optional<Colt5_Tensor>:$in_bias, Optional<Colt5_Tensor>:$gate_bias,
                       Optional<Colt5_Tensor>:$out_bias,
                       DefaultValuedAttr<Colt5_ActivationAttr, "::mlir::colt5::Activation::GeluTanh">:$activation);
}

def Colt5_ConditionalFfnOp : Colt5_CompositeOp<"conditional_ffn"> {
  let summary = "CoLT5's conditional feed-forward sub-layer, without norm and residual";
  let description = [{
    `light_ffn(x) + scatter(w * heavy_ffn(gather(x)))`, where the router picks `tokens` rows of the normed
    input `x` and `w` follows `routing` (CoLT5 section 3.1). Without `light` the base is `base`, or zero.
    Masked rows are 0 in both branches. K stays as asked also when it exceeds the valid tokens; surplus slots
    weigh 0.

    | operand | shape | type |
    |---|---|---|
    | `x` | BxNxD | T |
    | `mask` | BxN | i1 |
    | `router` | RxD (R = 1) | T |
    | `base` | BxNxD | T |
    | `light(in, gate, out)` | DxE, DxE, ExD | T |
    | `heavy(in, gate, out)` | DxF, DxF, FxD | T |
    | `tokens` | scalar | index |
    | result | BxNxD | T |

    - `conditional_ffn_c1`: `x` is rank 3 floating point, the result has its type.
    - `conditional_ffn_c2`: `router` is 1xD of type T.
    - `conditional_ffn_c3`: `mask` is BxN i1.
    - `conditional_ffn_c4`: light and heavy weights are DxE, DxE, ExD of type T; `light` has `in` and `out` or neither.
    - `conditional_ffn_c5`: `tokens` is given once, as attribute (>= 1) or as operand.
    - `conditional_ffn_c6`: `base` has the type of `x` and excludes `light`.
    - `conditional_ffn_c7`: N is at most 2^31 - 1, which an i32 can name; checked when the function runs where it is dynamic.
    - `conditional_ffn_c8`: N has at least one full block and `tokens` is a multiple of their number, when `routing` has a
      block.

    Example:
    ```mlir
    %y = colt5.conditional_ffn %h mask(%m) router(%u) light(in = %a, gate = %b, out = %c) heavy(in = %d, gate = %e, out = %f)
        {tokens = 256, routing = #colt5.routing<soft_topk>}
        : tensor<1x4096x768xf32>, tensor<1x4096xi1>, tensor<1x768xf32>, tensor<768x1024xf32>, tensor<768x1024xf32>,
          tensor<1024x768xf32>, tensor<768x8192xf32>, tensor<768x8192xf32>, tensor<8192x768xf32> -> tensor<1x4096x768xf32>
    ```
  }];
  let arguments = (ins Colt5_Tensor:$x, Optional<Colt5_Tensor>:$mask, Colt5_Tensor:$router,
                       Optional<Colt5_Tensor>:$base,
                       Optional<Colt5_Tensor>:$light_in, Optional<Colt5_Tensor>:$light_gate,
                       Optional<Colt5_Tensor>:$light_out,
                       Colt5_Tensor:$heavy_in, Optional<Colt5_Tensor>:$heavy_gate, Colt5_Tensor:$heavy_out,
                       Optional<Index>:$dynamic_tokens,
                       OptionalAttr<I64Attr>:$tokens,
                       OptionalAttr<Colt5_Routing>:$routing,
                       DefaultValuedAttr<Colt5_ActivationAttr, "::mlir::colt5::Activation::GeluTanh">:$activation);
}

def Colt5_ConditionalAttentionOp : Colt5_CompositeOp<"conditional_attention"> {
  let summary = "CoLT5's conditional attention sub-layer, without norm and residual";
  let description = [{
    Light attention of all tokens under `light_pattern`, plus heavy attention from `queries` routed tokens to
    `keys` routed tokens with their original positions: `light(x) + scatter(w_q * heavy(gather_q(x),
    w_kv * gather_kv(x)))` (CoLT5 section 3.1). `kv_scale` and `q_scale` say what the weights multiply. Without
    `light` the base is `base`, or zero. Masked rows are 0 in both branches.

    | operand | shape | type |
    |---|---|---|
    | `x` | BxNxD | T |
    | `mask` | BxN | i1 |
    | `routers(q, kv)` | RxD (R = 1) | T |
    | `base` | BxNxD | T |
    | `light(wq, wk, wv, wo bias table)` | DxHxC, DxGxC, DxGxC, HxCxD, HxBuckets | T, table f32 |
    | `heavy(wq, wk, wv, wo bias table)` | same with its own H, G | T, table f32 |
    | `queries`, `keys` | scalar | index |
    | result | BxNxD | T |

    - `conditional_attention_c1`: `x` is rank 3 floating point, the result has its type.
    - `conditional_attention_c2`: both routers are 1xD of type T.
    - `conditional_attention_c3`: `mask` is BxN i1.
    - `conditional_attention_c4`: projections are DxHxC, DxGxC, DxGxC, HxCxD of type T with H a multiple of G.
    - `conditional_attention_c5`: `light` has all four projections or none.
    - `conditional_attention_c6`: tables are HxBuckets of the statistics type, Buckets as `bias` says.
    - `conditional_attention_c7`: `queries` and `keys` are each given once, as attribute (>= 1) or as operand.
    - `conditional_attention_c8`: `base` has the type of `x` and excludes `light`.
    - `conditional_attention_c9`: `scale` is finite.
    - `conditional_attention_c10`: N is at most 2^31 - 1, which an i32 can name; checked when the function runs where it is dynamic.
    - `conditional_attention_c11`: N has at least one full block and `queries` and `keys` are multiples of their number,
      when `routing` has a block.
    - `conditional_attention_c12`: `light_pattern` needs `light`.
    - `conditional_attention_c13`: `bias` needs a bias table.

    Example:
    ```mlir
    %a = colt5.conditional_attention %h mask(%m) routers(%uq, %ukv) light(%wq, %wk, %wv, %wo bias %tl)
        heavy(%hq, %hk, %hv, %ho bias %th) {queries = 256, keys = 512, light_pattern = #colt5.window<127, 127>}
        : tensor<1x4096x768xf32>, tensor<1x4096xi1>, tensor<1x768xf32>, tensor<1x768xf32>,
          tensor<768x4x64xf32>, tensor<768x4x64xf32>, tensor<768x4x64xf32>, tensor<4x64x768xf32>, tensor<4x32xf32>,
          tensor<768x8x64xf32>, tensor<768x8x64xf32>, tensor<768x8x64xf32>, tensor<8x64x768xf32>, tensor<8x32xf32>
          -> tensor<1x4096x768xf32>
    ```
  }];
  let arguments = (ins Colt5_Tensor:$x, Optional<Colt5_Tensor>:$mask,
                       Colt5_Tensor:$router_q, Colt5_Tensor:$router_kv, Optional<Colt5_Tensor>:$base,
                       Optional<Colt5_Tensor>:$light_q, Optional<Colt5_Tensor>:$light_k,
                       Optional<Colt5_Tensor>:$light_v, Optional<Colt5_Tensor>:$light_out,
                       Optional<Colt5_Tensor>:$light_bias,
                       Colt5_Tensor:$heavy_q, Colt5_Tensor:$heavy_k, Colt5_Tensor:$heavy_v,
                       Colt5_Tensor:$heavy_out, Optional<Colt5_Tensor>:$heavy_bias,
                       Optional<Index>:$dynamic_queries, Optional<Index>:$dynamic_keys,
                       OptionalAttr<I64Attr>:$queries, OptionalAttr<I64Attr>:$keys,
                       OptionalAttr<Colt5_PatternAttrInterface>:$light_pattern,
                       OptionalAttr<Colt5_Routing>:$routing,
                       DefaultValuedAttr<Colt5_KvScaleAttr, "::mlir::colt5::KvScale::Input">:$kv_scale,
                       DefaultValuedAttr<Colt5_QScaleAttr, "::mlir::colt5::QScale::Output">:$q_scale,
                       DefaultValuedAttr<F64Attr, "1.0">:$scale,
                       OptionalAttr<Colt5_T5Buckets>:$bias);
}

def Colt5_ConditionalOp : Colt5_Op<"conditional", [
    AttrSizedOperandSegments, RecursiveMemoryEffects, RecursivelySpeculatable,
    SingleBlockImplicitTerminator<"::mlir::colt5::YieldOp">,
    DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface, ["reifyResultShapes"]>,
    DeclareOpInterfaceMethods<Colt5_SizedOpInterface>]> {
  let summary = "base + scatter(weight * region(gather(x)))";
  let description = [{
    Heavy and light branch said once, for any heavy branch: the region sees the routed rows of `x`, BxKxD (or
    BxRxKxD with several routes), and yields rows that are multiplied by `weight` and added to `base` at `idx`.
    Without `base` the base is zero, of the width that the region yields. Mixture-of-Depths is `base(%x)`. Slots with idx = -1 or valid = 0
    contribute nothing. The region may use values from outside.

    `routed(%idx [, %weight] [, %valid])`: `weight` and `valid` are told apart by their element type.

    - `conditional_c1`: `x` is rank 3 floating point; the result is BxNxD2 floating point and `base` has its type.
    - `conditional_c2`: `idx` is BxK or BxRxK of i32; `weight` (score type) and `valid` (i1) have its shape.
    - `conditional_c3`: the region has one argument, the routed rows of width D, and yields rows of the same leading shape
      with width D2.
    - `conditional_c4`: constant indices are -1 or in [0, N).
    - `conditional_c5`: N is at most 2^31 - 1, which an i32 can name; checked when the function runs where it is dynamic.

    Example:
    ```mlir
    %y = colt5.conditional %x base(%light) routed(%idx, %weight, %valid) {unique, sorted}
        : tensor<2x?x768xf32>, tensor<2x?x768xf32>, tensor<2x?xi32>, tensor<2x?xf32>, tensor<2x?xi1> -> tensor<2x?x768xf32> {
    ^bb0(%tokens: tensor<2x?x768xf32>):
      colt5.yield %tokens : tensor<2x?x768xf32>
    }
    ```
  }];
  let arguments = (ins Colt5_Tensor:$x, Optional<Colt5_Tensor>:$base, Colt5_Tensor:$indices,
                       Optional<Colt5_Tensor>:$weight, Optional<Colt5_Tensor>:$valid,
                       UnitAttr:$unique, UnitAttr:$sorted, UnitAttr:$trusted);
  let results = (outs Colt5_Tensor:$result);
  let regions = (region SizedRegion<1>:$heavy);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}

def Colt5_YieldOp : Colt5_Op<"yield", [
    Pure, Terminator, ReturnLike,
    ParentOneOf<["ConditionalOp", "AttentionOp", "OnlineAttentionOp", "KernelOp"]>]> {
  let summary = "ends a region of a colt5 op";
  let description = [{
    Example:
    ```mlir
    colt5.yield %tokens : tensor<2x?x768xf32>
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
  let builders = [OpBuilder<(ins), [{ (void)$_builder; (void)$_state; }]>];
}

#endif // COLT5_DIALECT_COLT5_IR_COLT5COMPOSITEOPS_TD

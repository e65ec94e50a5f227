//===- Colt5Enums.td - Enumerated options ------------------*- tablegen -*-===//

#ifndef COLT5_DIALECT_COLT5_IR_COLT5ENUMS_TD
#define COLT5_DIALECT_COLT5_IR_COLT5ENUMS_TD

include "colt5/Dialect/Colt5/IR/Colt5Base.td"
include "mlir/IR/EnumAttr.td"

class Colt5_Enum<string name, string summary, list<I32EnumAttrCase> cases> : I32EnumAttr<name, summary, cases> {
  let genSpecializedAttr = 0;
  let cppNamespace = "::mlir::colt5";
}

class Colt5_EnumAttr<Colt5_Enum enumInfo, string mnemonic> : EnumAttr<Colt5_Dialect, enumInfo, mnemonic>;

def Colt5_Similarity : Colt5_Enum<"Similarity", "how a router compares a token with its vector", [
  I32EnumAttrCase<"Dot", 0, "dot">, I32EnumAttrCase<"Cosine", 1, "cosine">]>;
def Colt5_SimilarityAttr : Colt5_EnumAttr<Colt5_Similarity, "similarity">;

def Colt5_DescentInit : Colt5_Enum<"DescentInit", "start of the soft top-k descent", [
  I32EnumAttrCase<"Zero", 0, "zero">, I32EnumAttrCase<"Neg", 1, "neg">]>;
def Colt5_DescentInitAttr : Colt5_EnumAttr<Colt5_DescentInit, "descent_init">;

def Colt5_Overflow : Colt5_Enum<"Overflow", "soft top-k when k_norm reaches the number of valid tokens", [
  I32EnumAttrCase<"Ones", 0, "ones">, I32EnumAttrCase<"Iterate", 1, "iterate">]>;
def Colt5_OverflowAttr : Colt5_EnumAttr<Colt5_Overflow, "overflow">;

def Colt5_Solver : Colt5_Enum<"Solver", "how soft top-k finds its multiplier", [
  I32EnumAttrCase<"Iterate", 0, "iterate">, I32EnumAttrCase<"Exact", 1, "exact">]>;
def Colt5_SolverAttr : Colt5_EnumAttr<Colt5_Solver, "solver">;

def Colt5_TieBreak : Colt5_Enum<"TieBreak", "which of several equal scores is selected first", [
  I32EnumAttrCase<"LowestIndex", 0, "lowest_index">, I32EnumAttrCase<"HighestIndex", 1, "highest_index">]>;
def Colt5_TieBreakAttr : Colt5_EnumAttr<Colt5_TieBreak, "tie_break">;

def Colt5_SlotOrder : Colt5_Enum<"SlotOrder", "order of the selected slots", [
  I32EnumAttrCase<"Index", 0, "index">, I32EnumAttrCase<"Score", 1, "score">]>;
def Colt5_SlotOrderAttr : Colt5_EnumAttr<Colt5_SlotOrder, "slot_order">;

def Colt5_CombineKind : Colt5_Enum<"CombineKind", "how scattered rows meet the base", [
  I32EnumAttrCase<"Add", 0, "add">, I32EnumAttrCase<"Set", 1, "set">]>;
def Colt5_CombineKindAttr : Colt5_EnumAttr<Colt5_CombineKind, "combine_kind">;

def Colt5_RopeLayout : Colt5_Enum<"RopeLayout", "which components a rotary embedding pairs", [
  I32EnumAttrCase<"Half", 0, "half">, I32EnumAttrCase<"Interleaved", 1, "interleaved">]>;
def Colt5_RopeLayoutAttr : Colt5_EnumAttr<Colt5_RopeLayout, "rope_layout">;

def Colt5_BlockReduce : Colt5_Enum<"BlockReduce", "how a block is summarised", [
  I32EnumAttrCase<"Sum", 0, "sum">, I32EnumAttrCase<"Mean", 1, "mean">]>;
def Colt5_BlockReduceAttr : Colt5_EnumAttr<Colt5_BlockReduce, "block_reduce">;

def Colt5_Orphans : Colt5_Enum<"Orphans", "tokens after the last full block", [
  I32EnumAttrCase<"Adopt", 0, "adopt">, I32EnumAttrCase<"Drop", 1, "drop">]>;
def Colt5_OrphansAttr : Colt5_EnumAttr<Colt5_Orphans, "orphans">;

def Colt5_Activation : Colt5_Enum<"Activation", "activation of a feed-forward branch", [
  I32EnumAttrCase<"GeluTanh", 0, "gelu_tanh">, I32EnumAttrCase<"Gelu", 1, "gelu">,
  I32EnumAttrCase<"Relu", 2, "relu">, I32EnumAttrCase<"Silu", 3, "silu">,
  I32EnumAttrCase<"Sigmoid", 4, "sigmoid">, I32EnumAttrCase<"Identity", 5, "identity">]>;
def Colt5_ActivationAttr : Colt5_EnumAttr<Colt5_Activation, "activation">;

def Colt5_RoutingKind : Colt5_Enum<"RoutingKind", "how routed scores become weights", [
  I32EnumAttrCase<"SoftmaxTopK", 0, "softmax_topk">, I32EnumAttrCase<"SoftTopK", 1, "soft_topk">,
  I32EnumAttrCase<"SoftmaxAll", 2, "softmax_all">, I32EnumAttrCase<"Sigmoid", 3, "sigmoid">,
  I32EnumAttrCase<"Raw", 4, "raw">, I32EnumAttrCase<"Ones", 5, "ones">]>;

def Colt5_Bypass : Colt5_Enum<"Bypass", "weights when every token is selected (K >= N)", [
  I32EnumAttrCase<"None", 0, "none">, I32EnumAttrCase<"Ones", 1, "ones">]>;

def Colt5_KvScale : Colt5_Enum<"KvScale", "what the key-value weight multiplies", [
  I32EnumAttrCase<"Input", 0, "input">, I32EnumAttrCase<"Value", 1, "value">,
  I32EnumAttrCase<"KeyValue", 2, "key_value">, I32EnumAttrCase<"None", 3, "none">]>;
def Colt5_KvScaleAttr : Colt5_EnumAttr<Colt5_KvScale, "kv_scale">;

def Colt5_QScale : Colt5_Enum<"QScale", "what the query weight multiplies", [
  I32EnumAttrCase<"Output", 0, "output">, I32EnumAttrCase<"Query", 1, "query">,
  I32EnumAttrCase<"OutputAndQuery", 2, "output_and_query">, I32EnumAttrCase<"None", 3, "none">]>;
def Colt5_QScaleAttr : Colt5_EnumAttr<Colt5_QScale, "q_scale">;

def Colt5_Direction : Colt5_Enum<"Direction", "which relative positions T5 buckets tell apart", [
  I32EnumAttrCase<"Bidirectional", 0, "bidirectional">, I32EnumAttrCase<"Causal", 1, "causal">]>;

def Colt5_KernelRole : Colt5_Enum<"KernelRole", "place of an op in its kernel", [
  I32EnumAttrCase<"Root", 0, "root">, I32EnumAttrCase<"Fused", 1, "fused">]>;

#endif // COLT5_DIALECT_COLT5_IR_COLT5ENUMS_TD

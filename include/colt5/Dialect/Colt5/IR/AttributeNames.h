// The discardable attributes of the dialect, by which passes tell each other things. The names are those of
// `discardableAttrs` in Colt5Base.td.
#ifndef COLT5_DIALECT_COLT5_IR_ATTRIBUTENAMES_H
#define COLT5_DIALECT_COLT5_IR_ATTRIBUTENAMES_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/Operation.h"

#include "colt5/Dialect/Colt5/IR/Colt5Dialect.h.inc"

namespace mlir::colt5 {

/// On an argument or result of a public function: what it is called in C.
inline constexpr llvm::StringLiteral kNameAttr = Colt5Dialect::NameAttrHelper::getNameStr();
/// On an argument or result of a public function: the name of every dynamic size and the value of every
/// static one.
inline constexpr llvm::StringLiteral kSizesAttr = Colt5Dialect::SizesAttrHelper::getNameStr();
/// On an integer scalar of a public function: the name of the size whose value it is.
inline constexpr llvm::StringLiteral kSizeAttr = Colt5Dialect::SizeAttrHelper::getNameStr();
/// The part of a composite which an op computes, so that tools can compare part by part: "attn.select_q",
/// "attn.select_kv", "attn.weights_q", "attn.weights_kv", "attn.light", "attn.heavy", "ffn.select",
/// "ffn.weights", "ffn.light", "ffn.heavy". All results of the op belong to the part.
inline constexpr llvm::StringLiteral kPartAttr = Colt5Dialect::PartAttrHelper::getNameStr();
/// The `#colt5.plan` of a compute op, and later of its kernel's loop.
inline constexpr llvm::StringLiteral kPlanAttr = Colt5Dialect::PlanAttrHelper::getNameStr();
/// On a module: the `#colt5.machine` that it is for, from stage plan on.
inline constexpr llvm::StringLiteral kMachineAttr = Colt5Dialect::MachineAttrHelper::getNameStr();
/// On a kernel, first its loop and then its function: the plan's family. "mma_sync" and "wgmma" kernels must
/// not spill.
inline constexpr llvm::StringLiteral kFamilyAttr = Colt5Dialect::FamilyAttrHelper::getNameStr();
/// On a kernel: bytes that its tiles move from and to global memory (i64). An estimate: caches are not
/// counted.
inline constexpr llvm::StringLiteral kBytesAttr = Colt5Dialect::BytesAttrHelper::getNameStr();
/// On a kernel: bytes of every tensor that it reads and every result that it writes, each once (i64).
inline constexpr llvm::StringLiteral kMinBytesAttr = Colt5Dialect::MinBytesAttrHelper::getNameStr();
/// On a kernel: useful floating-point operations of its contractions and attentions (i64); absent where there
/// are none.
inline constexpr llvm::StringLiteral kFlopsAttr = Colt5Dialect::FlopsAttrHelper::getNameStr();
/// On a private function: which companion of an entry it is.
inline constexpr llvm::StringLiteral kCompanionAttr = Colt5Dialect::CompanionAttrHelper::getNameStr();
/// On an entry: the symbol of its companion that returns pairs of sizes which have to be equal.
inline constexpr llvm::StringLiteral kSizeChecksAttr = Colt5Dialect::SizeChecksAttrHelper::getNameStr();
/// On an argument of an entry after bufferization, which has the arguments (inputs..., outputs..., workspace,
/// error word, pool): an output.
inline constexpr llvm::StringLiteral kOutputAttr = Colt5Dialect::OutputAttrHelper::getNameStr();
/// The workspace among the arguments of an entry. Callers do not see this argument and the next two.
inline constexpr llvm::StringLiteral kWorkspaceAttr = Colt5Dialect::WorkspaceAttrHelper::getNameStr();
/// The error word among the arguments of an entry.
inline constexpr llvm::StringLiteral kErrorWordAttr = Colt5Dialect::ErrorWordAttrHelper::getNameStr();
/// The thread pool among the arguments of an entry.
inline constexpr llvm::StringLiteral kPoolAttr = Colt5Dialect::PoolAttrHelper::getNameStr();
/// On an `scf.forall` whose body is code of a thread block: its threads (i64).
inline constexpr llvm::StringLiteral kThreadsAttr = Colt5Dialect::ThreadsAttrHelper::getNameStr();
/// On a kernel: bytes of dynamic shared memory of a launch (i64).
inline constexpr llvm::StringLiteral kDynamicSharedAttr =
    Colt5Dialect::DynamicSharedBytesAttrHelper::getNameStr();
/// On the C entry `f_run`: a dictionary with `name` (string), `inputs` and `outputs` (arrays of tensor types)
/// and `input_names`, `output_names` (arrays of strings).
inline constexpr llvm::StringLiteral kSignatureAttr = Colt5Dialect::SignatureAttrHelper::getNameStr();
/// On functions that the object file exports.
inline constexpr llvm::StringLiteral kExportAttr = Colt5Dialect::ExportAttrHelper::getNameStr();
/// While stage bufferize is checked: which op of the function on tensors this is.
inline constexpr llvm::StringLiteral kValueIdAttr = Colt5Dialect::ValueIdAttrHelper::getNameStr();
/// While stage lower runs: on an op whose outputs start from zero.
inline constexpr llvm::StringLiteral kZeroInitAttr = Colt5Dialect::ZeroInitAttrHelper::getNameStr();

} // namespace mlir::colt5

#endif // COLT5_DIALECT_COLT5_IR_ATTRIBUTENAMES_H

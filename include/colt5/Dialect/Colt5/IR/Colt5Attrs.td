//===- Colt5Attrs.td - Attributes --------------------------*- tablegen -*-===//

#ifndef COLT5_DIALECT_COLT5_IR_COLT5ATTRS_TD
#define COLT5_DIALECT_COLT5_IR_COLT5ATTRS_TD

include "colt5/Dialect/Colt5/IR/Colt5Enums.td"
include "colt5/Dialect/Colt5/IR/Colt5Interfaces.td"
include "mlir/Dialect/SCF/IR/DeviceMappingInterface.td"
include "mlir/IR/AttrTypeBase.td"

class Colt5_Attr<string name, string attrMnemonic, list<Trait> traits = []>
    : AttrDef<Colt5_Dialect, name, traits> {
  let mnemonic = attrMnemonic;
}

class Colt5_Pattern<string name, string mnemonic>
    : Colt5_Attr<name, mnemonic, [DeclareAttrInterfaceMethods<Colt5_PatternAttrInterface>]>;

def Colt5_DensePattern : Colt5_Pattern<"DensePattern", "dense"> {
  let summary = "every query sees every key";
}

def Colt5_CausalPattern : Colt5_Pattern<"CausalPattern", "causal"> {
  let summary = "a query sees keys at its own or an earlier position";
}

def Colt5_WindowPattern : Colt5_Pattern<"WindowPattern", "window"> {
  let summary = "a query sees keys from `left` positions before it to `right` after it, exactly";
  let description = [{
    LongT5's local attention of radius r is `#colt5.window<r, r>` (Guo et al. 2022, arXiv 2112.07916).

    - `window_c1`: `left` and `right` are >= 0 and fit 32 bits.
  }];
  let parameters = (ins "int64_t":$left, "int64_t":$right);
  let assemblyFormat = "`<` $left `,` $right `>`";
  let genVerifyDecl = 1;
}

def Colt5_BlockLocalPattern : Colt5_Pattern<"BlockLocalPattern", "block_local"> {
  let summary = "a query sees its own block of `size` positions, `back` earlier and `forward` later blocks";
  let description = [{
    - `block_local_c1`: `size >= 1`, `back >= 0`, `forward >= 0`, all fit 32 bits.
  }];
  let parameters = (ins "int64_t":$size, "int64_t":$back, "int64_t":$forward);
  let assemblyFormat = "`<` $size `,` $back `,` $forward `>`";
  let genVerifyDecl = 1;
}

def Colt5_CausalWindowPattern : Colt5_Pattern<"CausalWindowPattern", "causal_window"> {
  let summary = "a query sees its own position and the `left` before it";
  let description = [{
    - `causal_window_c1`: `left` is >= 0 and fits 32 bits.
  }];
  let parameters = (ins "int64_t":$left);
  let assemblyFormat = "`<` $left `>`";
  let genVerifyDecl = 1;
}

def Colt5_EarlierWindowsPattern : Colt5_Pattern<"EarlierWindowsPattern", "earlier_windows"> {
  let summary = "a query sees keys in windows of `size` positions that end before its own window";
  let description = [{
    - `earlier_windows_c1`: `size` is >= 1 and fits 32 bits.
  }];
  let parameters = (ins "int64_t":$size);
  let assemblyFormat = "`<` $size `>`";
  let genVerifyDecl = 1;
}

def Colt5_AllPattern : Colt5_Pattern<"AllPattern", "all"> {
  let summary = "a key is seen when every member pattern allows it";
  let description = [{
    - `all_c1`: every member is an attention pattern.
  }];
  let parameters = (ins "::mlir::ArrayAttr":$patterns);
  let assemblyFormat = "`<` $patterns `>`";
  let genVerifyDecl = 1;
}

def Colt5_T5Buckets : Colt5_Attr<"T5Buckets", "t5_buckets"> {
  let summary = "T5's relative position buckets";
  let description = [{
    Maps `key position - query position` to a bucket: exact near zero, logarithmic up to
    `maxDistance` (Raffel et al. 2020, arXiv 1910.10683). Bidirectional buckets spend one half on
    each sign; causal ones see only keys at or before the query. The bucket is found by comparing
    with integer thresholds, never with a logarithm, so that all targets agree.

    - `t5_buckets_c1`: at least 4 buckets and an even number when bidirectional, at least 2 when causal; at most 65536.
    - `t5_buckets_c2`: `maxDistance` is above the number of exact buckets and fits 32 bits.

    Example: `#colt5.t5_buckets<32, 128, bidirectional>`
  }];
  let parameters = (ins "int64_t":$numBuckets, "int64_t":$maxDistance,
                        EnumParameter<Colt5_Direction>:$direction);
  let assemblyFormat = "`<` $numBuckets `,` $maxDistance `,` $direction `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Bucket of `kvPos - qPos`; the reference function.
    int64_t getBucket(int64_t relativePosition) const;
    /// `thresholds[i]` is the smallest distance in bucket i + 1 of one direction; increasing.
    ::llvm::SmallVector<int64_t> getThresholds() const;
  }];
}

def Colt5_Routing : Colt5_Attr<"Routing", "routing"> {
  let summary = "how a router normalises and selects";
  let description = [{
    Example: `#colt5.routing<soft_topk, eps = 1.0, iterations = 50, init = zero>`. Every attribute of
    `colt5.soft_topk` and `colt5.router_scores` may follow the kind; `k_ratio` multiplies the token
    count to give `k_norm` (the paper's 9/8 in training); `bypass = ones` gives weight 1 to every
    slot when K >= N.

    - `routing_c1`: `eps > 0` and `eps_init >= 0`, finite.
    - `routing_c2`: `0 < eps_decay <= 1`.
    - `routing_c3`: `iterations >= 1`.
    - `routing_c4`: `k_ratio > 0`, finite.
    - `routing_c5`: `block >= 0`.
    - `routing_c6`: `scale` is finite.
    - `routing_c7`: `eps`, `eps_init`, `eps_decay`, `iterations`, `init`, `overflow`, `solver` and `k_ratio` differ from
      their defaults for `soft_topk` only, the one kind that reads them.
    - `routing_c8`: with `solver = exact` no option of the descent differs from its default: `eps_init`, `eps_decay`,
      `iterations`, `init`, `overflow`.
  }];
  let parameters = (ins
    EnumParameter<Colt5_RoutingKind>:$kind,
    DefaultValuedParameter<"::llvm::APFloat", "::llvm::APFloat(1.0)">:$eps,
    DefaultValuedParameter<"int64_t", "50">:$iterations,
    DefaultValuedParameter<"DescentInit", "DescentInit::Zero">:$init,
    DefaultValuedParameter<"::llvm::APFloat", "::llvm::APFloat(0.0)", "0 means: the same as eps">:$eps_init,
    DefaultValuedParameter<"::llvm::APFloat", "::llvm::APFloat(1.0)">:$eps_decay,
    DefaultValuedParameter<"Overflow", "Overflow::Ones">:$overflow,
    DefaultValuedParameter<"Solver", "Solver::Iterate">:$solver,
    DefaultValuedParameter<"::llvm::APFloat", "::llvm::APFloat(1.0)">:$k_ratio,
    DefaultValuedParameter<"Similarity", "Similarity::Dot">:$similarity,
    DefaultValuedParameter<"::llvm::APFloat", "::llvm::APFloat(1.0)">:$scale,
    DefaultValuedParameter<"int64_t", "0", "0 means: no blocks">:$block,
    DefaultValuedParameter<"Bypass", "Bypass::None">:$bypass);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let builders = [AttrBuilder<(ins "::mlir::colt5::RoutingKind":$kind), [{
    return Base::get($_ctxt, kind, ::llvm::APFloat(1.0), 50, DescentInit::Zero, ::llvm::APFloat(0.0),
                     ::llvm::APFloat(1.0), Overflow::Ones, Solver::Iterate, ::llvm::APFloat(1.0),
                     Similarity::Dot, ::llvm::APFloat(1.0), 0, Bypass::None);
  }]>];
}

def Colt5_ScheduleNumber : DefaultValuedParameter<"int64_t", "0", "0 means: not chosen">;

class Colt5_Schedule<string name, string mnemonic, dag numbers>
    : Colt5_Attr<name # "Schedule", mnemonic, [Colt5_ScheduleAttrInterface]> {
  let parameters = !con((ins OptionalArrayRefParameter<"int64_t">:$tile), numbers);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    ::llvm::StringRef getFamily() const { return getMnemonic(); }
    ::mlir::colt5::ScheduleAttrInterface withTile(::llvm::ArrayRef<int64_t> tile) const;
    /// The numbers of the schedule in order, and what each can be.
    ::llvm::SmallVector<int64_t> getValues() const;
    static ::llvm::ArrayRef<::mlir::colt5::ScheduleNumber> getNumbers();
    static }] # name # [{ScheduleAttr fromValues(::mlir::MLIRContext *context, ::llvm::ArrayRef<int64_t> tile,
                                             ::llvm::ArrayRef<int64_t> values);
  }];
}

def Colt5_LoopsSchedule : Colt5_Schedule<"Loops", "loops", (ins
    Colt5_ScheduleNumber:$block_rows, Colt5_ScheduleNumber:$block_columns, Colt5_ScheduleNumber:$block_k,
    Colt5_ScheduleNumber:$query_block, Colt5_ScheduleNumber:$key_block, Colt5_ScheduleNumber:$head_chunk)> {
  let summary = "a kernel of loops and vectors on a CPU";
  let description = [{
    A task computes one tile. A contraction packs `block_rows` x `block_k` of its left and `block_k` x `block_columns`
    of its right operands at a time; `colt5.attention` packs `query_block` queries and `key_block` keys, and cuts heads
    that are dynamic or wider than 256 into `head_chunk` channels.

    Example: `#colt5.loops<tile = [256, 512, 0], block_rows = 264, block_columns = 64, block_k = 256>`

    - `schedule_c1`: tile sizes are >= 0; every number lies in its range.
  }];
}

def Colt5_SimtSchedule : Colt5_Schedule<"Simt", "simt", (ins
    Colt5_ScheduleNumber:$threads,
    Colt5_ScheduleNumber:$block_rows, Colt5_ScheduleNumber:$block_columns, Colt5_ScheduleNumber:$block_k,
    Colt5_ScheduleNumber:$query_block, Colt5_ScheduleNumber:$key_block, Colt5_ScheduleNumber:$head_chunk)> {
  let summary = "a kernel of scalar code for the threads of a block on a GPU";
  let description = [{
    A block of `threads` threads computes one tile. A contraction holds at most `block_rows` x `block_columns` sums
    in registers and copies about `block_k` values of k to shared memory at a time; attention handles `query_block`
    queries and `key_block` keys at a time, and cuts heads that are dynamic or wider than 512 bytes into `head_chunk`
    channels.

    Example: `#colt5.simt<tile = [64, 64, 0], threads = 256, block_rows = 128, block_columns = 128, block_k = 16>`

    - `schedule_c1`: tile sizes are >= 0; every number lies in its range.
  }];
}

def Colt5_SelectSchedule : Colt5_Schedule<"Select", "select", (ins Colt5_ScheduleNumber:$threads)> {
  let summary = "`colt5.topk` or `colt5.soft_topk`, one block of threads for each row on a GPU";
  let description = [{
    Top-k selects by radix; both keep the row in shared memory or registers.

    Example: `#colt5.select<tile = [1, 1], threads = 1024>`

    - `schedule_c1`: tile sizes are >= 0; every number lies in its range.
  }];
}

def Colt5_MmaSyncSchedule : Colt5_Schedule<"MmaSync", "mma_sync", (ins
    Colt5_ScheduleNumber:$block_rows, Colt5_ScheduleNumber:$block_columns, Colt5_ScheduleNumber:$block_k,
    Colt5_ScheduleNumber:$warp_rows, Colt5_ScheduleNumber:$warp_columns, Colt5_ScheduleNumber:$stages)> {
  let summary = "a contraction of 16-bit floats on the tensor cores of a GPU, with `mma.sync`";
  let description = [{
    A block computes `block_rows` x `block_columns` outputs of each product; every warp holds `warp_rows` x
    `warp_columns` of their sums in registers, so that a block has one warp per such part. Operands come in steps of
    `block_k` to shared memory, where `stages` steps are kept or on their way. There are no tile sizes: the kernel is
    not tiled.

    Example: `#colt5.mma_sync<block_rows = 128, block_columns = 128, block_k = 32, warp_rows = 64, warp_columns = 64,
    stages = 4>`

    - `schedule_c1`: every number lies in its range.
  }];
}

def Colt5_TilesSchedule : Colt5_Attr<"TilesSchedule", "tiles", [Colt5_ScheduleAttrInterface]> {
  let summary = "tile sizes alone: `colt5-plan` chooses the family and the rest";
  let description = [{
    For plans that the user writes and that hold for every machine.

    Example: `#colt5.tiles<[64, 256, 0]>`

    - `schedule_c1`: tile sizes are >= 0.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$tile);
  let assemblyFormat = "`<` custom<TileSizes>($tile) `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    ::llvm::StringRef getFamily() const { return {}; }
    ::mlir::colt5::ScheduleAttrInterface withTile(::llvm::ArrayRef<int64_t> tile) const;
  }];
}

def Colt5_Plan : Colt5_Attr<"Plan", "plan"> {
  let summary = "the decisions for one compute op: kernel, role, schedule";
  let description = [{
    Written by `colt5-plan` (or by the user: that choice wins) and applied literally by the later stages.
    `schedule`, on a root, says how the kernel is computed: `#colt5.loops` on a CPU, `#colt5.simt`, `#colt5.mma_sync` or
    `#colt5.select` on a GPU, each with numbers of its own. What it leaves out `colt5-plan` chooses, all of it where there is none;
    `#colt5.tiles` gives tile sizes alone. What cannot be honoured is an error in `colt5-plan` and `colt5-tile`.

    Example: `#colt5.plan<kernel = 3, role = root, schedule = #colt5.tiles<[64, 256, 0]>, reason = "...">`

    - `plan_c1`: `kernel` is in [0, 2^31).
    - `plan_c2`: an op fused into a kernel has no schedule; that of the root is for all.
  }];
  let parameters = (ins
    "int64_t":$kernel,
    EnumParameter<Colt5_KernelRole>:$role,
    OptionalParameter<"::mlir::colt5::ScheduleAttrInterface">:$schedule,
    OptionalParameter<"::mlir::StringAttr">:$reason);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Tile sizes of the schedule, if any.
    ::llvm::ArrayRef<int64_t> getTile() const {
      return getSchedule() ? getSchedule().getTile() : ::llvm::ArrayRef<int64_t>();
    }
    /// The family of the schedule; empty when it leaves the choice, or there is none.
    ::llvm::StringRef getFamily() const {
      return getSchedule() ? getSchedule().getFamily() : ::llvm::StringRef();
    }
  }];
}

def Colt5_TileMapping : Colt5_Attr<"TileMapping", "tile", [
    DeclareAttrInterfaceMethods<DeviceMappingAttrInterface>]> {
  let summary = "maps a dimension of a kernel's `scf.forall` to dimension `dim` of the kernel's grid";
  let description = [{
    A grid point is a task of the thread pool on the CPU and a block on a GPU.

    - `tile_c1`: `dim >= 0`.
  }];
  let parameters = (ins "int64_t":$dim);
  let assemblyFormat = "`<` $dim `>`";
  let genVerifyDecl = 1;
}

def Colt5_MachineAttr : Colt5_Attr<"Machine", "machine"> {
  let summary = "the machine that a module is planned and lowered for";
  let description = [{
    `#colt5.machine<"sm_80">` is the row of that name in the table of machines (lib/Machine); with
    `#colt5.machine<"sm_80", {threads = 128}>` some of its numbers are others. A module carries it as
    `colt5.machine` from the start of stage plan, where `colt5-set-machine` writes it.

    - `machine_c1`: the name is one of the table's.
    - `machine_c2`: the numbers are `l2_bytes`, `cores`, `contraction_rows`, `contraction_columns` and
      `attention_queries`, which stage plan reads and no later one; of a CPU also `vector_bytes` (16, 32 or 64), of a
      GPU `threads` (a power of two from 32 to 1024, for kernels with a schedule that leaves them out) and `shared_bytes` (up to 48 KiB). All are i64 and positive.
  }];
  let parameters = (ins StringRefParameter<"name of the machine">:$name,
                        OptionalParameter<"::mlir::DictionaryAttr">:$overrides);
  let assemblyFormat = "`<` $name (`,` $overrides^)? `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The row with its overrides.
    ::mlir::colt5::Machine getMachine() const;
  }];
}

#endif // COLT5_DIALECT_COLT5_IR_COLT5ATTRS_TD

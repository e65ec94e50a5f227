# Writes an attention kernel for the emulator: one warp loads, two groups of four warps have 64 queries each. Scores by
# wgmma from shared memory, softmax on its registers, and the sum of values by wgmma with the weights from registers.
DEPTH, KEYS, GROUPS, STAGES = 64, 32, 2, 2
SCORES, OUTPUTS = KEYS // 2, DEPTH // 2
ROW = 2 * DEPTH
Q_BYTES, K_BYTES = 64 * GROUPS * ROW, KEYS * ROW
K_AT = Q_BYTES
V_AT = K_AT + STAGES * K_BYTES
BARRIERS_AT = V_AT + STAGES * K_BYTES

lines, constants = [], {}


def emit(text):
    lines.append("    " + text)


def const(value, kind="i32"):
    return constants.setdefault((value, kind), f"%c{len(constants)}")


counter = 0


def let(text):
    global counter
    counter += 1
    emit(f"%v{counter} = {text}")
    return f"%v{counter}"


def binary(op, a, b, kind="i32"):
    return let(f"arith.{op} {a}, {b} : {kind}")


def struct(n):
    return "!llvm.struct<(" + ", ".join(["f32"] * n) + ")>"


def shared(offset):
    return let(f"llvm.inttoptr {binary('addi', '%base', offset)} : i32 to !llvm.ptr<3>")


def pack(values):
    kind, result = struct(len(values)), None
    result = let(f"llvm.mlir.undef : {kind}")
    for i, value in enumerate(values):
        result = let(f"llvm.insertvalue {value}, {result}[{i}] : {kind}")
    return result


def unpack(value, n):
    return [let(f"llvm.extractvalue {value}[{i}] : {struct(n)}") for i in range(n)]


def wait(barrier, parity):
    emit(f"nvvm.mbarrier.try_wait.parity {barrier}, {parity}, {const(10000000)} : !llvm.ptr<3>, i32, i32")


def load(offset, tensor, barrier, row):
    place = let(f"llvm.addrspacecast {shared(offset)} : !llvm.ptr<3> to !llvm.ptr<7>")
    emit(f"nvvm.cp.async.bulk.tensor.shared.cluster.global {place}, {tensor}, {barrier}, "
         f"box[{const(0)}, {row}] : !llvm.ptr<7>, !llvm.ptr")


def descriptor(address):
    low = let(f"arith.extui {binary('andi', binary('shrui', address, const(4)), const(0x3FFF))} : i32 to i64")
    return binary("ori", low, const(1 << 62 | 64 << 32 | 1 << 16, "i64"), "i64")


def shuffled(value, distance):
    return let(f"nvvm.shfl.sync bfly {const(-1)}, {value}, {const(distance)}, {const(31)} : f32 -> f32")


def exp2(value):
    return let(f'llvm.call_intrinsic "llvm.nvvm.ex2.approx.ftz.f"({value}) : (f32) -> f32')


def pair(low, high):
    return let(f"nvvm.convert.f32x2.to.bf16x2 {high}, {low} {{rnd = #nvvm.fp_rnd_mode<rn>}} : vector<2xbf16>")


def row_of(i):
    return i // 2 % 2


def setup():
    emit("%dyn = llvm.mlir.addressof @dyn : !llvm.ptr<3>")
    emit("%base = llvm.ptrtoint %dyn : !llvm.ptr<3> to i32")
    emit("%tid = nvvm.read.ptx.sreg.tid.x : i32")
    emit("%block = nvvm.read.ptx.sreg.ctaid.x : i32")
    emit(f"%group = arith.shrui %tid, {const(7)} : i32")
    q_full = shared(const(BARRIERS_AT))
    emit(f"%first = arith.cmpi eq, %tid, {const(0)} : i32")
    emit("scf.if %first {")
    emit(f"nvvm.mbarrier.init {q_full}, {const(1)} : !llvm.ptr<3>, i32")
    for stage in range(STAGES):
        for side, count in enumerate((1, 128 * GROUPS)):
            barrier = shared(const(BARRIERS_AT + 8 + 16 * stage + 8 * side))
            emit(f"nvvm.mbarrier.init {barrier}, {const(count)} : !llvm.ptr<3>, i32")
    emit("nvvm.fence.mbarrier.init")
    emit("}")
    emit("nvvm.barrier0")
    return q_full


def stage_of(i):
    stage = binary("andi", i, const(STAGES - 1))
    at = binary("muli", stage, const(16))
    full = shared(binary("addi", at, const(BARRIERS_AT + 8)))
    empty = shared(binary("addi", at, const(BARRIERS_AT + 16)))
    return binary("shrui", i, const(1)), full, empty, binary("muli", stage, const(K_BYTES))


def producer(q_full):
    emit(f"%lane0 = arith.cmpi eq, %tid, {const(128 * GROUPS)} : i32")
    emit("scf.if %lane0 {")
    emit(f"nvvm.mbarrier.arrive.expect_tx {q_full}, {const(Q_BYTES)} : !llvm.ptr<3>, i32")
    load(const(0), "%tq", q_full, binary("muli", "%block", const(64 * GROUPS)))
    emit(f"scf.for %i = {const(0)} to %steps step {const(1)} : i32 {{")
    turn, full, empty, at = stage_of("%i")
    wait(empty, binary("andi", binary("xori", turn, const(1)), const(1)))
    emit(f"nvvm.mbarrier.arrive.expect_tx {full}, {const(2 * K_BYTES)} : !llvm.ptr<3>, i32")
    row = binary("muli", "%i", const(KEYS))
    load(binary("addi", at, const(K_AT)), "%tk", full, row)
    load(binary("addi", at, const(V_AT)), "%tv", full, row)
    emit("}")
    emit("}")


def scores(key_address):
    emit("nvvm.wgmma.fence.aligned")
    query = descriptor(binary("addi", "%base", binary("muli", "%group", const(64 * ROW))))
    keys = descriptor(key_address)
    result = let(f"llvm.mlir.undef : {struct(SCORES)}")
    for k in range(DEPTH // 16):
        a = binary("addi", query, const(2 * k, "i64"), "i64")
        b = binary("addi", keys, const(2 * k, "i64"), "i64")
        result = let(f"nvvm.wgmma.mma_async {a}, {b}, {result}, <m = 64, n = {KEYS}, k = 16>, "
                     f"D[<f32>, <{'one' if k else 'zero'}>], A[<bf16>, <one>, <row>], B[<bf16>, <one>, <col>] : "
                     f"{struct(SCORES)} -> {struct(SCORES)}")
    emit("nvvm.wgmma.commit.group.sync.aligned")
    emit("nvvm.wgmma.wait.group.sync.aligned 0")
    return unpack(result, SCORES)


def softmax(score, best, total):
    best_before = list(best)
    for i, s in enumerate(score):
        best[row_of(i)] = binary("maxnumf", best[row_of(i)], s, "f32")
    for row in range(2):
        for distance in (1, 2):
            best[row] = binary("maxnumf", best[row], shuffled(best[row], distance), "f32")
    shrink = [exp2(binary("mulf", binary("subf", best_before[r], best[r], "f32"), "%scale", "f32")) for r in (0, 1)]
    weights = [exp2(binary("mulf", binary("subf", s, best[row_of(i)], "f32"), "%scale", "f32"))
               for i, s in enumerate(score)]
    for row in range(2):
        total[row] = binary("mulf", total[row], shrink[row], "f32")
    for i, w in enumerate(weights):
        total[row_of(i)] = binary("addf", total[row_of(i)], w, "f32")
    return weights, shrink


def add_values(output, packed, address):
    emit("nvvm.wgmma.fence.aligned")
    values = descriptor(address)
    for k in range(KEYS // 16):
        b = binary("addi", values, const(k * 16 * ROW >> 4, "i64"), "i64")
        out = "{" + ", ".join(f"${i}" for i in range(OUTPUTS)) + "}"
        a = "{" + ", ".join(f"${OUTPUTS + i}" for i in range(4)) + "}"
        text = f"wgmma.mma_async.sync.aligned.m64n{DEPTH}k16.f32.bf16.bf16 {out}, {a}, ${OUTPUTS + 4}, 1, 1, 1, 1;"
        constraints = ",".join(["=f"] * OUTPUTS + ["r"] * 4 + ["l"] + [str(i) for i in range(OUTPUTS)])
        result = let(f'llvm.inline_asm has_side_effects "{text}", "{constraints}" '
                     f"{', '.join(packed[4 * k:4 * k + 4])}, {b}, {', '.join(output)} : "
                     f"({', '.join(['i32'] * 4 + ['i64'] + ['f32'] * OUTPUTS)}) -> {struct(OUTPUTS)}")
        output = unpack(result, OUTPUTS)
    emit("nvvm.wgmma.commit.group.sync.aligned")
    emit("nvvm.wgmma.wait.group.sync.aligned 0")
    return output


def consumer(q_full):
    wait(q_full, const(0))
    zero, low = const("0.0", "f32"), const("0xFF800000", "f32")
    start = pack([zero] * OUTPUTS)
    kinds = f"{struct(OUTPUTS)}, f32, f32, f32, f32"
    emit(f"%r:5 = scf.for %i = {const(0)} to %steps step {const(1)} iter_args(%o = {start}, %m0 = {low}, %m1 = {low}, "
         f"%l0 = {zero}, %l1 = {zero}) -> ({kinds}) : i32 {{")
    turn, full, empty, at = stage_of("%i")
    wait(full, binary("andi", turn, const(1)))
    at = binary("addi", at, "%base")
    best, total = ["%m0", "%m1"], ["%l0", "%l1"]
    weights, shrink = softmax(scores(binary("addi", at, const(K_AT))), best, total)
    packed = [let(f"llvm.bitcast {pair(weights[i], weights[i + 1])} : vector<2xbf16> to i32")
              for i in range(0, SCORES, 2)]
    output = [binary("mulf", x, shrink[row_of(i)], "f32") for i, x in enumerate(unpack("%o", OUTPUTS))]
    output = add_values(output, packed, binary("addi", at, const(V_AT)))
    emit(f'nvvm.inline_ptx "mbarrier.arrive.shared::cta.b64 _, [$0];" ro({empty} : !llvm.ptr<3>)')
    emit(f"scf.yield {pack(output)}, {', '.join(best + total)} : {kinds}")
    emit("}")
    inverse = []
    for row in range(2):
        sum_ = f"%r#{3 + row}"
        for distance in (1, 2):
            sum_ = binary("addf", sum_, shuffled(sum_, distance), "f32")
        inverse.append(let(f"nvvm.rcp.approx.ftz.f {sum_} : f32"))
    lane = binary("andi", "%tid", const(31))
    row = binary("addi", binary("muli", binary("shrui", "%tid", const(5)), const(16)), binary("shrui", lane, const(2)))
    row = binary("addi", row, binary("muli", "%block", const(64 * GROUPS)))
    column = binary("muli", binary("andi", lane, const(3)), const(2))
    place = binary("addi", binary("muli", row, const(DEPTH)), column)
    output = unpack("%r#0", OUTPUTS)
    for i in range(0, OUTPUTS, 2):
        low, high = (binary("mulf", output[i + j], inverse[row_of(i)], "f32") for j in (0, 1))
        at = binary("addi", place, const(row_of(i) * 8 * DEPTH + i // 4 * 8))
        pointer = let(f"llvm.getelementptr %out[{at}] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, bf16")
        emit(f"llvm.store {pair(low, high)}, {pointer} {{alignment = 4 : i64}} : vector<2xbf16>, !llvm.ptr<1>")


barrier = setup()
emit(f"%loads = arith.cmpi eq, %group, {const(GROUPS)} : i32")
emit("scf.if %loads {")
producer(barrier)
emit("} else {")
consumer(barrier)
emit("}")
emit("llvm.return")
tensor = "!llvm.ptr {llvm.byval = !llvm.array<128 x i8>, nvvm.grid_constant}"
print("gpu.module @kernels {")
print("  llvm.mlir.global external @dyn() {addr_space = 3 : i32, alignment = 1024 : i64} : !llvm.array<0 x i8>")
print(f"  llvm.func @attention(%tq: {tensor}, %tk: {tensor}, %tv: {tensor},\n"
      "      %out: !llvm.ptr<1>, %steps: i32, %scale: f32) attributes {nvvm.kernel} {")
for (value, kind), name in constants.items():
    print(f"    {name} = arith.constant {value} : {kind}")
print("\n".join(lines))
print("  }\n}")

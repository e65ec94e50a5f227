"""wgmma with every type, swizzle and layout, from an image of shared memory that is written as the tables of the
instruction set's manual say."""
import random
import struct

from device import Buffer, Device, expect, float_of, halves_of, pack, product, random_matrix

WORDS = 16384


def offset(mn, k, size, span, major, leading, stride):
    """Of element (mn, k): units of 16 bytes, in atoms of 8 rows of `span` bytes."""
    t, row = 16 // size, span // 16
    if major == "k":
        if span == 16:
            at = mn % 8 * 16 + mn // 8 * stride + k % t * size + k // t * leading
        else:
            at = mn % 8 * span + mn // 8 * stride + k * size
    elif span == 16:
        at = mn % t * size + mn // t * stride + k % 8 * 16 + k // 8 * leading
    else:
        at = mn % (t * row) * size + mn // (t * row) * leading + k % 8 * span + k // 8 * stride
    bits = {16: 0, 32: 1, 64: 2, 128: 3}[span]
    for bit in range(bits):
        if at >> (7 + bit) & 1:
            at ^= 1 << (4 + bit)
    return at


def place(image, start, kind, matrix, depth, span, major):
    """Writes `matrix`, by (mn, k), and returns the descriptor without its address, and the end."""
    size = 4 if kind == "tf32" else 2
    atom, sizes = 8 * span, len(matrix)
    # Strides with room that nobody may read.
    if major == "k":
        leading = 128 * (sizes // 8) + 256 if span == 16 else 16
        stride = atom if span == 16 else 2 * atom
    elif span == 16:
        leading, stride = 128 * (sizes * size // 16) + 128, 128
    else:
        leading, stride = 3 * atom, atom
    end = start
    for mn in range(sizes):
        for k in range(depth):
            at = start + offset(mn, k, size, span, major, leading, stride)
            image[at:at + size] = pack(kind, matrix[mn][k])
            end = max(end, at + size)
    mode = {16: 0, 128: 1, 64: 2, 32: 3}[span]
    return mode << 62 | stride // 16 << 32 | leading // 16 << 16, (end + 1023) // 1024 * 1024


def kernel(name, kind, n, result, scale, negate, layouts):
    register, count = ("f32", n // 2) if result == "f32" else ("i32", n // 4)
    kinds = "!llvm.struct<(" + ", ".join([register] * count) + ")>"
    lines = []
    for i in range(count):
        lines += [f"%q{i} = llvm.getelementptr %mine[{i}] : (!llvm.ptr<1>) -> !llvm.ptr<1>, i32",
                  f"%c{i} = llvm.load %q{i} : !llvm.ptr<1> -> {register}",
                  f"%s{i} = llvm.insertvalue %c{i}, %s{i - 1 if i else ''}[{i}] : {kinds}"]
    read = "\n".join(lines)
    write = "\n".join(f"%e{i} = llvm.extractvalue %d[{i}] : {kinds}\n"
                      f"llvm.store %e{i}, %q{i} : {register}, !llvm.ptr<1>" for i in range(count))
    signs = [("neg" if x else "one") for x in negate]
    a, b = layouts
    depth = 8 if kind == "tf32" else 16
    return f"""
  llvm.func @{name}(%image: !llvm.ptr<1>, %acc: !llvm.ptr<1>, %da: i64, %db: i64) attributes {{nvvm.kernel}} {{
    %zero = llvm.mlir.constant(0 : i32) : i32
    %step = llvm.mlir.constant(128 : i32) : i32
    %count = llvm.mlir.constant({count} : i32) : i32
    %words = llvm.mlir.constant({WORDS} : i32) : i32
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %tile = llvm.mlir.addressof @tile : !llvm.ptr<3>
    llvm.br ^copy(%t : i32)
  ^copy(%i: i32):
    %from = llvm.getelementptr %image[%i] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, i32
    %to = llvm.getelementptr %tile[%i] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i32
    %w = llvm.load %from : !llvm.ptr<1> -> i32
    llvm.store %w, %to : i32, !llvm.ptr<3>
    %next = llvm.add %i, %step : i32
    %more = llvm.icmp "ult" %next, %words : i32
    llvm.cond_br %more, ^copy(%next : i32), ^ready
  ^ready:
    nvvm.fence.proxy {{kind = #nvvm.proxy_kind<async.shared>, space = #nvvm.shared_space<cta>}}
    nvvm.barrier0
    %base = llvm.mul %t, %count : i32
    %mine = llvm.getelementptr %acc[%base] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, i32
    %s = llvm.mlir.undef : {kinds}
    {read}
    %four = llvm.mlir.constant(4 : i64) : i64
    %mask = llvm.mlir.constant(16383 : i64) : i64
    %number = llvm.ptrtoint %tile : !llvm.ptr<3> to i64
    %unit = llvm.lshr %number, %four : i64
    %low = llvm.and %unit, %mask : i64
    %fa = llvm.add %da, %low : i64
    %fb = llvm.add %db, %low : i64
    nvvm.wgmma.fence.aligned
    %d = nvvm.wgmma.mma_async %fa, %fb, %s{count - 1}, <m = 64, n = {n}, k = {depth}>, D[<{result}>, <{scale}>],
      A[<{kind}>, <{signs[0]}>, <{'row' if a == 'k' else 'col'}>],
      B[<{kind}>, <{signs[1]}>, <{'col' if b == 'k' else 'row'}>] : {kinds} -> {kinds}
    nvvm.wgmma.commit.group.sync.aligned
    nvvm.wgmma.wait.group.sync.aligned 0
    {write}
    llvm.return
  }}"""


def place_of(thread, i):
    """Row and column of the i-th number of a thread."""
    return (thread // 32 * 16 + thread % 32 // 4 + i // 2 % 2 * 8, i // 4 * 8 + thread % 4 * 2 + i % 2)


CASES = []
for kind in ("bf16", "f16"):
    for span in (16, 32, 64, 128):
        for layouts in (("k", "k"), ("mn", "k"), ("k", "mn"), ("mn", "mn")):
            # A span of mn must be full.
            n = {16: 24, 32: 48, 64: 96, 128: 128}[span] if layouts[1] == "mn" else 8 * (3 + len(CASES) % 3)
            CASES.append((kind, n, "f32", "one", (len(CASES) % 3 == 0, len(CASES) % 4 == 1), layouts, span, span))
CASES += [("tf32", 40, "f32", "one", (False, False), ("k", "k"), span, span) for span in (16, 32, 64, 128)]
CASES += [("f16", 32, "f16", "one", (False, True), ("k", "mn"), 64, 128),
          ("f16", 24, "f16", "zero", (True, True), ("mn", "k"), 32, 16),
          ("bf16", 256, "f32", "zero", (False, False), ("k", "k"), 64, 32)]


def run(device, number, case, wrong=0):
    kind, n, result, scale, negate, layouts, span_a, span_b = case
    rng, depth = random.Random(number), 8 if kind == "tf32" else 16
    a, b, c = random_matrix(rng, 64, depth), random_matrix(rng, depth, n), random_matrix(rng, 64, n)
    image = bytearray(b"\xff" * (4 * WORDS))
    high_a, end = place(image, 0, kind, a, depth, span_a, layouts[0])
    high_b, _ = place(image, end, kind, [list(column) for column in zip(*b)], depth, span_b, layouts[1])
    assert len(image) == 4 * WORDS
    half, per_thread = result == "f16", n // 2
    content = b""
    for thread in range(128):
        for i in range(per_thread):
            row, column = place_of(thread, i)
            content += pack("f16" if half else "f32", c[row][column])
    accumulators = Buffer(content, "accumulators")
    error = device.launch(f"k{number}", [Buffer(image, "image"), accumulators, struct.pack("<Q", high_a),
                                         struct.pack("<Q", high_b + end // 16 + wrong)], threads=128)
    Buffer.alive.clear()
    name = f"{kind} n={n} {result} {scale} spans {span_a} {span_b} A {layouts[0]} B {layouts[1]}"
    if error:
        raise SystemExit(f"{name}: {error}")
    words = accumulators.words()
    values = [x for word in words for x in (halves_of(word) if half else [float_of(word)])]
    found = [[None] * n for _ in range(64)]
    for thread in range(128):
        for i in range(per_thread):
            row, column = place_of(thread, i)
            found[row][column] = values[thread * per_thread + i]
    start = c if scale == "one" else [[0.0] * n for _ in range(64)]
    wanted = product(a, b, start, -1 if negate[0] != negate[1] else 1)
    expect(name, found, wanted, 2 ** -10 if half else 0.0)


device = Device("gpu.module @kernels {\n  llvm.mlir.global internal @tile() {addr_space = 3 : i32, alignment = 1024 : i64}"
                f" : !llvm.array<{WORDS} x i32>" + "".join(kernel(f"k{i}", *case[:6]) for i, case in enumerate(CASES))
                + "\n}\n")
for number, case in enumerate(CASES):
    run(device, number, case)
try:
    run(device, 0, CASES[0], wrong=1 << 32)
except SystemExit as error:
    print("another stride:", error)
print(f"{len(CASES)} cases")

"""mma.sync, ldmatrix and stmatrix against loops over the places that the instruction set's manual names."""
import random
import struct

from device import Buffer, Device, expect, float_of, halves_of, pack, product, random_matrix

SHAPE = "shape = #nvvm.ld_st_matrix_shape<m = 8, n = 8>, eltType = #nvvm.ld_st_matrix_elt_type<b16>"


def mma_kernel(name, kind, half):
    pair = "vector<2xf16>"
    ab, c = pair if kind == "f16" else "i32", pair if half else "f32"
    results = 2 if half else 4
    lines = []
    for i in range(6 + results):
        t = ab if i < 6 else c
        lines += [f"%q{i} = llvm.getelementptr %mine[{i}] : (!llvm.ptr<1>) -> !llvm.ptr<1>, i32",
                  f"%v{i} = llvm.load %q{i} {{alignment = 4 : i64}} : !llvm.ptr<1> -> {t}"]
    body = "\n    ".join(lines)
    kinds = "!llvm.struct<(" + ", ".join([c] * results) + ")>"
    write = "\n    ".join(f"%e{i} = llvm.extractvalue %d[{i}] : {kinds}\n    "
                          f"llvm.store %e{i}, %q{i} {{alignment = 4 : i64}} : {c}, !llvm.ptr<1>" for i in range(results))
    types = "" if kind == "f16" else (f"multiplicandAPtxType = #nvvm.mma_type<{kind}>, "
                                      f"multiplicandBPtxType = #nvvm.mma_type<{kind}>, ")
    values = ", ".join(f"%v{6 + i}" for i in range(results))
    return f"""
  llvm.func @{name}(%data: !llvm.ptr<1>) attributes {{nvvm.kernel}} {{
    %ten = llvm.mlir.constant(10 : i32) : i32
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %base = llvm.mul %t, %ten : i32
    %mine = llvm.getelementptr %data[%base] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, i32
    {body}
    %d = nvvm.mma.sync A[%v0, %v1, %v2, %v3] B[%v4, %v5] C[{values}] {{layoutA = #nvvm.mma_layout<row>,
      layoutB = #nvvm.mma_layout<col>, {types}shape = #nvvm.shape<m = 16, n = 8, k = {8 if kind == "tf32" else 16}>}}
      : ({ab}, {ab}, {c}) -> {kinds}
    {write}
    llvm.return
  }}"""


def matrix_kernel(name, num, transposed, stores):
    """Copies 32 rows of 16 bytes to shared memory; lane l gives row (5 * l + 3) % 32 to the operation."""
    kinds = "i32" if num == 1 else "!llvm.struct<(" + ", ".join(["i32"] * num) + ")>"
    layout = f"layout = #nvvm.mma_layout<{'col' if transposed else 'row'}>"
    slots = "\n    ".join(f"%q{i} = llvm.getelementptr %mine[{i}] : (!llvm.ptr<1>) -> !llvm.ptr<1>, i32" for i in range(4))
    if stores:
        reads = "\n    ".join(f"%v{i} = llvm.load %q{i} : !llvm.ptr<1> -> i32" for i in range(num))
        work = f"""{reads}
    nvvm.stmatrix %p, {", ".join(f"%v{i}" for i in range(num))} {{{layout}, {SHAPE}}} : !llvm.ptr<3>, {", ".join(["i32"] * num)}
    nvvm.bar.warp.sync %all : i32
    %back = llvm.load %at {{alignment = 16 : i64}} : !llvm.ptr<3> -> vector<4xi32>
    llvm.store %back, %from {{alignment = 16 : i64}} : vector<4xi32>, !llvm.ptr<1>"""
    else:
        writes = "\n    ".join((f"%e{i} = llvm.extractvalue %d[{i}] : {kinds}\n    " if num > 1 else "")
                               + f"llvm.store %{f'e{i}' if num > 1 else 'd'}, %q{i} : i32, !llvm.ptr<1>" for i in range(num))
        work = f"""%d = nvvm.ldmatrix %p {{num = {num} : i32, {layout}, {SHAPE}}} : (!llvm.ptr<3>) -> {kinds}
    {writes}"""
    return f"""
  llvm.func @{name}(%image: !llvm.ptr<1>, %data: !llvm.ptr<1>) attributes {{nvvm.kernel}} {{
    %all = llvm.mlir.constant(-1 : i32) : i32
    %three = llvm.mlir.constant(3 : i32) : i32
    %four = llvm.mlir.constant(4 : i32) : i32
    %five = llvm.mlir.constant(5 : i32) : i32
    %last = llvm.mlir.constant(31 : i32) : i32
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %own = llvm.mul %t, %four : i32
    %tile = llvm.mlir.addressof @tile : !llvm.ptr<3>
    %from = llvm.getelementptr %image[%own] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, i32
    %at = llvm.getelementptr %tile[%own] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i32
    %mine = llvm.getelementptr %data[%own] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, i32
    {slots}
    %row = llvm.load %from {{alignment = 16 : i64}} : !llvm.ptr<1> -> vector<4xi32>
    llvm.store %row, %at {{alignment = 16 : i64}} : vector<4xi32>, !llvm.ptr<3>
    nvvm.bar.warp.sync %all : i32
    %m = llvm.mul %t, %five : i32
    %n = llvm.add %m, %three : i32
    %r = llvm.and %n, %last : i32
    %o = llvm.mul %r, %four : i32
    %p = llvm.getelementptr %tile[%o] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i32
    {work}
    llvm.return
  }}"""


def run_mma(device, name, kind, half, rng):
    wide = kind == "tf32"
    depth = 8 if wide else 16
    a, b, c = random_matrix(rng, 16, depth), random_matrix(rng, depth, 8), random_matrix(rng, 16, 8)
    content = b""
    for lane in range(32):
        g, t = lane // 4, lane % 4
        if wide:
            mine = [a[g][t], a[g + 8][t], a[g][t + 4], a[g + 8][t + 4], b[t][g], b[t + 4][g]]
        else:
            mine = [a[g + 8 * (i in (2, 3, 6, 7))][2 * t + i % 2 + 8 * (i >= 4)] for i in range(8)]
            mine += [b[2 * t + i % 2 + 8 * (i >= 2)][g] for i in range(4)]
        content += b"".join(pack(kind, x) for x in mine)
        content += b"".join(pack("f16" if half else "f32", c[g + i // 2 * 8][2 * t + i % 2]) for i in range(4))
        content = content.ljust(40 * (lane + 1), b"\0")
    data = Buffer(content)
    if error := device.launch(name, [data]):
        raise SystemExit(f"{name}: {error}")
    words, found = data.words(), [[None] * 8 for _ in range(16)]
    for lane in range(32):
        mine = words[10 * lane:10 * lane + 4]
        values = halves_of(mine[0]) + halves_of(mine[1]) if half else [float_of(w) for w in mine]
        for i, value in enumerate(values):
            found[lane // 4 + i // 2 * 8][lane % 4 * 2 + i % 2] = value
    expect(name, found, product(a, b, c), 2 ** -10 if half else 0.0)
    Buffer.alive.clear()


def run_matrix(device, name, num, transposed, stores, rng):
    rows = [[rng.randrange(65536) for _ in range(8)] for _ in range(32)]
    values = [[[rng.randrange(65536) for _ in range(2)] for _ in range(4)] for _ in range(32)]
    image = Buffer(struct.pack("<256H", *sum(rows, [])), "image")
    data = Buffer(struct.pack("<256H", *[x for lane in values for pair in lane for x in pair]), "data")
    if error := device.launch(name, [image, data]):
        raise SystemExit(f"{name}: {error}")
    for lane in range(32):
        for m in range(num):
            for i in range(2):
                # Lane 8 * m + r has row r of matrix m; this lane has row lane / 4 of it, or of its transpose.
                r, column = (lane // 4, lane % 4 * 2 + i) if not transposed else (lane % 4 * 2 + i, lane // 4)
                place = (5 * (8 * m + r) + 3) % 32
                if stores:
                    rows[place][column] = values[lane][m][i]
                else:
                    values[lane][m][i] = rows[place][column]
    flat = lambda words: [[w & 65535, w >> 16] for w in words]
    wanted = [[x, y] for row in rows for x, y in zip(row[::2], row[1::2])]
    expect(f"{name} image", flat(image.words()), wanted)
    expect(f"{name} values", flat(data.words()), [pair for lane in values for pair in lane])
    Buffer.alive.clear()


MMA = [("tf32", False), ("f16", False), ("f16", True), ("bf16", False)]
MATRIX = [(num, transposed, stores) for stores in (0, 1) for num in (1, 2, 4) for transposed in (0, 1)]
mma_name = lambda case: f"mma_{case[0]}_{'f16' if case[1] else 'f32'}"
matrix_name = lambda case: f"{'st' if case[2] else 'ld'}matrix_x{case[0]}{'_trans' if case[1] else ''}"
device = Device("gpu.module @kernels {\n  llvm.mlir.global internal @tile() {addr_space = 3 : i32, alignment = 128 : i64}"
                " : !llvm.array<128 x i32>" + "".join(mma_kernel(mma_name(c), *c) for c in MMA)
                + "".join(matrix_kernel(matrix_name(c), *c) for c in MATRIX) + "\n}\n")
rng = random.Random(3)
for case in MMA:
    run_mma(device, mma_name(case), *case, rng)
for case in MATRIX:
    run_matrix(device, matrix_name(case), *case, rng)
print(f"{len(MMA) + len(MATRIX)} cases")

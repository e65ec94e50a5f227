"""Bulk tensor loads and stores of ranks 1 to 5, with and without swizzle, with boxes that leave the tensor on both sides."""
import itertools
import random
import struct

from device import Buffer, Device

SHARED = 8192


def kernel(rank, store):
    coordinates = ", ".join(f"%x{d}" for d in range(rank))
    parameters = ", ".join(f"%x{d}: i32" for d in range(rank))
    tensor = "!llvm.ptr {llvm.byval = !llvm.array<128 x i8>, nvvm.grid_constant}"
    head = f"""
  llvm.func @{'store' if store else 'load'}{rank}(%map: {tensor}, %image: !llvm.ptr<1>, %bytes: i32,
      {parameters}) attributes {{nvvm.kernel}} {{
    %c0 = llvm.mlir.constant(0 : i32) : i32
    %c1 = llvm.mlir.constant(1 : i32) : i32
    %c4 = llvm.mlir.constant(4 : i32) : i32
    %step = llvm.mlir.constant(128 : i32) : i32
    %ticks = llvm.mlir.constant(1000 : i32) : i32
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %tile = llvm.mlir.addressof @tile : !llvm.ptr<3>
    %full = llvm.mlir.addressof @full : !llvm.ptr<3>
    %words = llvm.udiv %bytes, %c4 : i32
    %leader = llvm.icmp "eq" %t, %c0 : i32"""
    source, target = ("image", "tile") if store else ("tile", "image")
    space = {"image": 1, "tile": 3}
    loop = f"""
  ^copy(%i: i32):
    %more = llvm.icmp "ult" %i, %words : i32
    llvm.cond_br %more, ^one, ^done
  ^one:
    %from = llvm.getelementptr %{source}[%i] : (!llvm.ptr<{space[source]}>, i32) -> !llvm.ptr<{space[source]}>, i32
    %to = llvm.getelementptr %{target}[%i] : (!llvm.ptr<{space[target]}>, i32) -> !llvm.ptr<{space[target]}>, i32
    %w = llvm.load %from : !llvm.ptr<{space[source]}> -> i32
    llvm.store %w, %to : i32, !llvm.ptr<{space[target]}>
    %next = llvm.add %i, %step : i32
    llvm.br ^copy(%next : i32)"""
    if store:
        return head + f"""
    llvm.br ^copy(%t : i32){loop}
  ^done:
    nvvm.fence.proxy {{kind = #nvvm.proxy_kind<async.shared>, space = #nvvm.shared_space<cta>}}
    nvvm.barrier0
    llvm.cond_br %leader, ^go, ^end
  ^go:
    nvvm.cp.async.bulk.tensor.global.shared.cta %map, %tile, box [{coordinates}] : !llvm.ptr, !llvm.ptr<3>
    nvvm.cp.async.bulk.commit.group
    nvvm.cp.async.bulk.wait_group 0
    llvm.br ^end
  ^end:
    llvm.return
  }}"""
    return head + f"""
    llvm.cond_br %leader, ^go, ^wait
  ^go:
    nvvm.mbarrier.init %full, %c1 : !llvm.ptr<3>, i32
    nvvm.fence.mbarrier.init
    nvvm.mbarrier.arrive.expect_tx %full, %bytes : !llvm.ptr<3>, i32
    nvvm.cp.async.bulk.tensor.shared.cluster.global %tile, %map, %full, box [{coordinates}] {{isCTAOnly = true}}
      : !llvm.ptr<3>, !llvm.ptr
    llvm.br ^wait
  ^wait:
    nvvm.barrier0
    nvvm.mbarrier.try_wait.parity %full, %c0, %ticks : !llvm.ptr<3>, i32, i32
    llvm.br ^copy(%t : i32){loop}
  ^done:
    llvm.return
  }}"""


def swizzled(at, span):
    for bit in range({0: 0, 32: 1, 64: 2, 128: 3}[span]):
        if at >> (7 + bit) & 1:
            at ^= 1 << (4 + bit)
    return at


# Rank, bytes of an element, span, sizes, box, coordinates; from the innermost dimension outwards.
CASES = [(1, 4, 0, [37], [16], [30]), (1, 2, 0, [40], [24], [-5]), (1, 1, 0, [100], [64], [90]),
         (2, 4, 32, [20, 7], [8, 5], [15, -2]), (2, 2, 64, [40, 9], [32, 12], [-3, 1]),
         (2, 2, 128, [72, 11], [64, 9], [10, 5]), (2, 4, 128, [24, 30], [16, 17], [40, 3]),
         (3, 4, 0, [9, 5, 4], [4, 3, 3], [7, 3, -1]), (3, 2, 32, [17, 6, 3], [16, 5, 2], [4, -2, 2]),
         (4, 4, 64, [18, 3, 4, 3], [16, 2, 3, 2], [-1, 2, -1, 1]), (4, 1, 0, [50, 3, 3, 2], [16, 2, 2, 3], [40, 1, 2, -1]),
         (5, 4, 32, [9, 3, 2, 3, 2], [8, 2, 2, 2, 2], [-2, 1, 1, -1, 0]), (5, 2, 128, [70, 2, 3, 2, 3], [64, 1, 2, 2, 2], [3, 1, 2, 0, -1])]


def run(device, number, case, store):
    rank, size, span, sizes, box, start = case
    rng = random.Random(number)
    strides, rows = [size], (sizes[0] * size + 15) // 16 * 16
    for extent in sizes[1:]:
        strides.append(rows + 16)
        rows = strides[-1] * extent
    tensor = bytearray(rng.randbytes(rows))
    total = size
    for extent in box:
        total *= extent
    image = bytearray(rng.randbytes(total))
    memory, shared = Buffer(tensor, "tensor"), Buffer(image, "image")
    pad = lambda values, count: list(values) + [0] * (count - len(values))
    map_ = struct.pack("<2Q2HI9Q5I", 0x70616d726f736e74, memory.address(), rank, size, span, *pad(sizes, 5),
                       *pad(strides[1:], 4), *pad(box, 5)).ljust(128, b"\0")
    arguments = [map_, shared, struct.pack("<I", total)] + [struct.pack("<i", x) for x in start]
    name = f"{'store' if store else 'load'} rank {rank}, {size} bytes, swizzle {span}, {sizes} {box} {start}"
    if error := device.launch(f"{'store' if store else 'load'}{rank}", arguments, threads=128):
        raise SystemExit(f"{name}: {error}")
    outside = 0
    # The innermost dimension of the box changes fastest.
    for linear, reverse in enumerate(itertools.product(*[range(n) for n in reversed(box)])):
        place = [x + at for x, at in zip(start, reversed(reverse))]
        inside = all(0 <= x < n for x, n in zip(place, sizes))
        outside += not inside
        global_at = sum(x * stride for x, stride in zip(place, strides))
        local_at = swizzled(linear * size, span)
        if store and inside:
            tensor[global_at:global_at + size] = image[local_at:local_at + size]
        elif not store:
            image[local_at:local_at + size] = tensor[global_at:global_at + size] if inside else bytes(size)
    for what, found, wanted in (("tensor", memory.get(), tensor), ("image", shared.get(), image)):
        bad = [i for i in range(len(wanted)) if found[i] != wanted[i]]
        if bad:
            raise SystemExit(f"{name}: {what}: {len(bad)} wrong bytes, the first at {bad[0]}")
    print(f"{name}: as expected, {outside} outside")
    Buffer.alive.clear()


ranks = sorted({case[0] for case in CASES})
device = Device("gpu.module @kernels {\n  llvm.mlir.global internal @tile() {addr_space = 3 : i32, alignment = 1024 : i64}"
                f" : !llvm.array<{SHARED} x i8>\n  llvm.mlir.global internal @full() {{addr_space = 3 : i32, alignment = 8 : i64}}"
                " : !llvm.array<1 x i64>" + "".join(kernel(rank, store) for rank in ranks for store in (0, 1)) + "\n}\n")
for number, case in enumerate(CASES):
    for store in (0, 1):
        run(device, number, case, store)
print(f"{2 * len(CASES)} cases")

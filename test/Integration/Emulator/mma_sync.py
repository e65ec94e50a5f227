"""Contractions on mma.sync in the emulator against float64 on the same rounded inputs, element by element.

Every element may be off by the rounding of its type and by 4 K 2^-24 sum |a| |b|, the bound for a sum of K products
in f32 in any order: a broken edge cannot hide in a norm.

Usage: mma_sync.py CHIP SEED [layouts|epilogues|schedules|dynamic]...
"""
import itertools
import os
import subprocess
import sys
import tempfile

import numpy as np

SIZES = [1, 3, 17, 36, 65, 127, 128, 129]
ACCUMULATION = 2.0**-24
ROUNDING = {"f32": 2.0**-24, "bf16": 2.0**-8, "f16": 2.0**-10}


def to_bf16_bits(values):
    bits = values.astype(np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


def from_bf16_bits(bits):
    return (bits.astype(np.uint32) << 16).view(np.float32)


class Case:
    """A program with its inputs; `expect` gives values and the allowed errors of the one result."""

    def __init__(self, name, rng, element):
        self.name, self.rng, self.element = name, rng, element
        self.inputs, self.types, self.values = [], [], []
        self.body = ""

    def add(self, shape, dynamic=(), element=None):
        """A random argument; gives its name and its rounded values in float64."""
        element = element or self.element
        values = self.rng.standard_normal(shape)
        if element == "bf16":
            stored = to_bf16_bits(values)
            rounded = from_bf16_bits(stored).astype(np.float64)
        else:
            stored = values.astype(np.float16 if element == "f16" else np.float32)
            rounded = stored.astype(np.float64)
        return self.give(stored, rounded, tensor(shape, element, dynamic))

    def give(self, stored, rounded, type_):
        name = f"%a{len(self.inputs)}"
        self.inputs.append(stored)
        self.types.append(type_)
        self.values.append(rounded)
        return name, rounded

    def text(self, result):
        arguments = ", ".join(f"%a{i}: {t}" for i, t in enumerate(self.types))
        return f"func.func @f({arguments}) -> {result} {{\n{self.body}}}\n"


def tensor(shape, element, dynamic=()):
    dims = "".join("?x" if i in dynamic else f"{size}x" for i, size in enumerate(shape))
    return f"tensor<{dims}{element}>"


def maps(*operands):
    loops = sorted(set("".join(operands)))
    head = f"({', '.join(loops)})"
    return ", ".join(f"affine_map<{head} -> ({', '.join(op)})>" for op in operands), loops


def contraction(a, b, c, case, names, types, out, plan=""):
    """The text of one or two products with zero fills; `a`, `b`, `c` are letters of loops, as in einsum."""
    count = len(names) - 1
    text, k_of = "", set(a) & set(b) - set(c)
    out_type, empties = out
    for i in range(count):
        text += empties(i)
        text += (f"  %f{i} = linalg.fill ins(%zero : f32) outs(%e{i} : {out_type}) -> {out_type}\n")
    indexing, loops = maps(a, *[b] * count, *[c] * count)
    kinds = ", ".join('"reduction"' if loop in k_of else '"parallel"' for loop in loops)
    names_text = ", ".join(names)
    types_text = ", ".join(types)
    outs = ", ".join(f"%f{i}" for i in range(count))
    out_types = ", ".join([out_type] * count)
    arguments = ", ".join(f"%x{i}: {case.element}" for i in range(count + 1))
    sums = ", ".join(f"%o{i}: f32" for i in range(count))
    text += (f"  %c{':' + str(count) if count > 1 else ''} = linalg.generic {{indexing_maps = [{indexing}], "
             f"iterator_types = [{kinds}]}}\n      ins({names_text} : {types_text}) outs({outs} : {out_types}) "
             f"{plan} {{\n  ^bb0({arguments}, {sums}):\n")
    for i in range(count + 1):
        text += f"    %w{i} = arith.extf %x{i} : {case.element} to f32\n"
    for i in range(count):
        text += f"    %p{i} = arith.mulf %w0, %w{i + 1} : f32\n    %s{i} = arith.addf %o{i}, %p{i} : f32\n"
    result = f"({out_types})" if count > 1 else out_type
    yielded = ", ".join(f"%s{i}" for i in range(count))
    text += f"    linalg.yield {yielded} : {', '.join(['f32'] * count)}\n  }} -> {result}\n"
    return text


def product(rng, element, a, b, c, sizes, dynamic="", plan="", name=""):
    """c = a * b with sums as the result."""
    case = Case(f"{name} {a},{b}->{c} {element} {sizes} dynamic={dynamic}", rng, element)
    where = lambda letters: [i for i, x in enumerate(letters) if x in dynamic]
    shape = lambda letters: [sizes[x] for x in letters]
    left, x = case.add(shape(a), where(a))
    right, y = case.add(shape(b), where(b))
    out_type = tensor(shape(c), "f32", where(c))
    case.body = "  %zero = arith.constant 0.0 : f32\n"
    extents = []
    for letter in (x for x in c if x in dynamic):
        source, letters, type_ = (left, a, case.types[0]) if letter in a else (right, b, case.types[1])
        at = letters.index(letter)
        case.body += f"  %i{letter} = arith.constant {at} : index\n"
        case.body += f"  %d{letter} = tensor.dim {source}, %i{letter} : {type_}\n"
        extents.append(f"%d{letter}")
    empties = lambda i: f"  %e{i} = tensor.empty({', '.join(extents)}) : {out_type}\n"
    if plan:
        plan = f"attrs = {{colt5.plan = #colt5.plan<kernel = 0, role = root, schedule = #colt5.mma_sync<{plan}>>}}"
    case.body += contraction(a, b, c, case, [left, right], case.types, (out_type, empties), plan)
    case.body += f"  return %c : {out_type}\n"
    k = int(np.prod([sizes[letter] for letter in set(a) & set(b) - set(c)]))
    spec = f"{a},{b}->{c}"
    expected = np.einsum(spec, x, y)
    allowed = 4 * max(k, 1) * ACCUMULATION * np.einsum(spec, abs(x), abs(y)) + 1e-30
    return case, out_type, expected, allowed


def residual(rng, element, sizes):
    """attention output, heads flattened into k, + residual, rounded: bhnc,hcd->bnd."""
    case = Case(f"residual {element} {sizes}", rng, element)
    b, h, n, c, d = sizes
    left, x = case.add([b, h, n, c])
    right, y = case.add([h, c, d])
    base, r = case.add([b, n, d])
    gate, g = case.add([n], element="f32")
    sum_type, out_type = tensor([b, n, d], "f32"), tensor([b, n, d], element)
    case.body = "  %zero = arith.constant 0.0 : f32\n  %two = arith.constant 2.0 : f32\n"
    case.body += contraction("bhnc", "hcd", "bnd", case, [left, right], case.types[:2],
                             (sum_type, lambda i: f"  %e{i} = tensor.empty() : {sum_type}\n"))
    indexing, _ = maps("bnd", "bnd", "n", "bnd")
    case.body += f"""  %e = tensor.empty() : {out_type}
  %0 = linalg.generic {{indexing_maps = [{indexing}], iterator_types = ["parallel", "parallel", "parallel"]}}
      ins(%c, {base}, {gate} : {sum_type}, {out_type}, tensor<{n}xf32>) outs(%e : {out_type}) {{
  ^bb0(%p: f32, %q: {element}, %g: f32, %o: {element}):
    %q1 = arith.extf %q : {element} to f32
    %q2 = arith.mulf %q1, %two : f32
    %g1 = arith.mulf %p, %g : f32
    %s = arith.addf %q2, %g1 : f32
    %t = arith.truncf %s : f32 to {element}
    linalg.yield %t : {element}
  }} -> {out_type}
  return %0 : {out_type}
"""
    sums, bound = np.einsum("bhnc,hcd->bnd", x, y), np.einsum("bhnc,hcd->bnd", abs(x), abs(y))
    expected = 2 * r + sums * g[None, :, None]
    error = (4 * h * c * ACCUMULATION * bound + ACCUMULATION * abs(sums)) * abs(g[None, :, None])
    return case, out_type, expected, error + ROUNDING[element] * (abs(expected) + error)


def gated(rng, element, sizes):
    """Two products that share A, multiplied: md,dn and md,dn -> mn."""
    case = Case(f"gated {element} {sizes}", rng, element)
    m, d, n = sizes
    left, x = case.add([m, d])
    first, y = case.add([d, n])
    second, z = case.add([d, n])
    sum_type, out_type = tensor([m, n], "f32"), tensor([m, n], element)
    case.body = "  %zero = arith.constant 0.0 : f32\n"
    case.body += contraction("md", "dn", "mn", case, [left, first, second], case.types,
                             (sum_type, lambda i: f"  %e{i} = tensor.empty() : {sum_type}\n"))
    indexing, _ = maps("mn", "mn", "mn")
    case.body += f"""  %e = tensor.empty() : {out_type}
  %0 = linalg.generic {{indexing_maps = [{indexing}], iterator_types = ["parallel", "parallel"]}}
      ins(%c#0, %c#1 : {sum_type}, {sum_type}) outs(%e : {out_type}) {{
  ^bb0(%p: f32, %q: f32, %o: {element}):
    %s = arith.mulf %p, %q : f32
    %t = arith.truncf %s : f32 to {element}
    linalg.yield %t : {element}
  }} -> {out_type}
  return %0 : {out_type}
"""
    one, other = x @ y, x @ z
    e1, e2 = (4 * d * ACCUMULATION * (abs(x) @ abs(w)) for w in (y, z))
    expected = one * other
    error = abs(one) * e2 + abs(other) * e1 + e1 * e2 + ACCUMULATION * abs(expected)
    return case, out_type, expected, error + ROUNDING[element] * (abs(expected) + error) + 1e-30


def scattered(rng, element, sizes):
    """Rows of sums times weights added to the rows of a base that indices name."""
    case = Case(f"scattered {element} {sizes}", rng, element)
    slots, d, n, tokens = sizes
    left, x = case.add([1, slots, d])
    right, y = case.add([d, n])
    base, r = case.add([1, tokens, n])
    order = rng.permutation(tokens)[:slots].astype(np.int32)
    if slots > 2:
        order[1] = -1
    index, _ = case.give(order.reshape(1, slots), None, tensor([1, slots], "i32"))
    weight, w = case.add([1, slots], element="f32")
    sum_type, row_type, out_type = (tensor([1, slots, n], "f32"), tensor([1, slots, n], element),
                                    tensor([1, tokens, n], element))
    case.body = "  %zero = arith.constant 0.0 : f32\n"
    case.body += contraction("bsd", "dn", "bsn", case, [left, right], case.types[:2],
                             (sum_type, lambda i: f"  %e{i} = tensor.empty() : {sum_type}\n"))
    indexing, _ = maps("bsn", "bsn")
    case.body += f"""  %e = tensor.empty() : {row_type}
  %0 = linalg.generic {{indexing_maps = [{indexing}], iterator_types = ["parallel", "parallel", "parallel"]}}
      ins(%c : {sum_type}) outs(%e : {row_type}) {{
  ^bb0(%p: f32, %o: {element}):
    %t = arith.truncf %p : f32 to {element}
    linalg.yield %t : {element}
  }} -> {row_type}
  %1 = colt5.scatter_combine ins(%0, {index} : {row_type}, tensor<1x{slots}xi32>) weight({weight} : tensor<1x{slots}xf32>)
      outs({base} : {out_type}) {{trusted, unique}} -> {out_type}
  return %1 : {out_type}
"""
    sums, bound = x[0] @ y, abs(x[0]) @ abs(y)
    expected, error = r.copy(), np.zeros_like(r)
    for slot, token in enumerate(order):
        if token < 0:
            continue
        update = w[0, slot] * sums[slot]
        expected[0, token] += update
        inner = 4 * d * ACCUMULATION * bound[slot] + ROUNDING[element] * abs(sums[slot])
        error[0, token] = abs(w[0, slot]) * inner * 1.01
    return case, out_type, expected, error + ROUNDING[element] * (abs(expected) + error)


def check(case, out_type, expected, allowed, chip, seed, folder):
    path = os.path.join(folder, "program.mlir")
    with open(path, "w") as file:
        file.write(case.text(out_type))
    arguments = []
    for i, stored in enumerate(case.inputs):
        name = os.path.join(folder, f"in{i}.npy")
        np.save(name, stored)
        arguments.append(f"--input={'bf16:' if stored.dtype == np.uint16 else ''}{name}")
    run = subprocess.run(["colt5-run", path, "--backend=emulator", f"--chip={chip}", f"--emulator-seed={seed}",
                          f"--output-dir={folder}", "--quiet", *arguments], capture_output=True, text=True)
    if run.returncode:
        return f"colt5-run failed: {run.stderr.strip()[:2000]}"
    found = np.load(os.path.join(folder, "0.npy")).astype(np.float64)
    if found.shape != expected.shape:
        return f"expected shape {expected.shape}, found {found.shape}"
    excess = abs(found - expected) - allowed
    if not (excess <= 0).all():
        at = np.unravel_index(np.nanargmax(np.where(np.isnan(excess), np.inf, excess)), excess.shape)
        return (f"at {tuple(map(int, at))}: expected {expected[at]:.6g} up to {allowed[at]:.2g}, "
                f"found {found[at]:.6g}; {int((~(excess <= 0)).sum())} of {excess.size} are outside")
    return None


def draw(rng, count, choices=SIZES):
    return [int(size) for size in rng.choice(choices, count)]


def layouts(rng):
    """Every layout of the operands at sizes that meet no edge, all edges, and none of 8 in a row."""
    forms = [("mk", "kn", "mn"), ("mk", "nk", "mn"), ("km", "kn", "mn"), ("km", "nk", "mn"), ("bmk", "bkn", "bmn"),
             ("bnd", "dhc", "bhnc"), ("mk", "kn", "nm"), ("mgk", "ngk", "mn")]
    triples = [(128, 64, 128), (8, 8, 8), (136, 72, 40)] + [tuple(draw(rng, 3)) for _ in range(4)]
    for form, (m, k, n) in itertools.product(forms, triples):
        heads = {"h": 3, "c": 16, "b": 2, "g": 2}
        sizes = {"m": m, "k": k, "n": n, "d": k, **heads}
        yield product(rng, ["bf16", "f16"][rng.integers(2)], *form, {x: sizes[x] for x in set("".join(form))})


def epilogues(rng):
    for element in ["bf16", "f16"]:
        yield residual(rng, element, [1, 4, 65, 16, 72])
        yield residual(rng, element, [2, 3, *draw(rng, 3)])
        yield gated(rng, element, [65, 96, 136])
        yield gated(rng, element, draw(rng, 3))
        yield scattered(rng, element, [36, 64, 72, 100])
        yield scattered(rng, element, [17, *draw(rng, 2), 40])


def schedules(rng):
    plans = ["block_rows = 16, block_columns = 16, warp_rows = 16, warp_columns = 16, block_k = 16, stages = 2",
             "block_rows = 256, block_columns = 64, warp_rows = 64, warp_columns = 32, block_k = 32, stages = 3",
             "block_rows = 32, block_columns = 128, warp_rows = 32, warp_columns = 16, block_k = 64, stages = 5",
             "block_rows = 128, block_columns = 32, warp_rows = 128, warp_columns = 32, block_k = 16, stages = 8",
             "block_rows = 64, block_columns = 256, warp_rows = 32, warp_columns = 64, block_k = 32, stages = 2"]
    for plan, form in itertools.product(plans, [("mk", "kn", "mn"), ("km", "nk", "mn")]):
        sizes = dict(zip("mkn", [136, 200, 264] if rng.integers(2) else draw(rng, 3, SIZES[2:])))
        yield product(rng, "bf16", *form, sizes, plan=plan, name="schedule")


def dynamic(rng):
    forms = [("mk", "kn", "mn"), ("bmk", "bkn", "bmn"), ("bnd", "dhc", "bhnc")]
    for form, dims in itertools.product(forms, ["m", "k", "n", "mkn", "b", "nd"]):
        used = set("".join(form))
        m, k, n = draw(rng, 3, [8, 40, *SIZES])
        sizes = {"m": m, "k": k, "n": n, "d": k, "h": 3, "c": 16, "b": 2}
        if set(dims) & used:
            yield product(rng, "bf16", *form, {x: sizes[x] for x in used}, "".join(x for x in dims if x in used))


def main():
    chip, seed, groups = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    rng = np.random.default_rng(seed)
    count = errors = 0
    with tempfile.TemporaryDirectory() as folder:
        for group in groups:
            for case, out_type, expected, allowed in globals()[group](rng):
                count += 1
                message = check(case, out_type, expected, allowed, chip, seed, folder)
                if message:
                    errors += 1
                    print(f"{case.name}: {message}")
    print(f"{count} programs, {errors} errors")
    return errors > 0


if __name__ == "__main__":
    sys.exit(main())
